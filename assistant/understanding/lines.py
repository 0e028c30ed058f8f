"""`voicetill understand`: JSON lines in, JSON lines out. No state, no storage."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from assistant.columns import aligned
from assistant.turns import Act, Doubt, Hypothesis, LineSaid, Meaning, OptionSaid
from assistant.understanding import explain, understand
from assistant.understanding.changing.explicit import explicit
from assistant.understanding.context import Context
from assistant.understanding.words.lexicon import Lexicon


def line_to_json(line: LineSaid) -> dict[str, Any]:
    """A line with item, quantity and options always there, the rest where it says something."""
    made: dict[str, Any] = {
        "item": line.item,
        "quantity": line.quantity,
        "options": [
            {"option": o.option, "choice": o.choice, "amount": o.amount, **({"part": o.part} if o.part else {})}
            for o in line.options
        ],
    }
    if line.which is not None:
        made["which"] = line.which
    if line.of is not None:
        made["of"] = line.of
    return made


def act_to_json(act: Act) -> dict[str, Any]:
    """An act without its empty fields."""
    made: dict[str, Any] = {"act": act.act}
    if act.lines:
        made["lines"] = [line_to_json(line) for line in act.lines]
    if act.instead_of:
        made["instead_of"] = [line_to_json(line) for line in act.instead_of]
    if act.items:
        made["items"] = list(act.items)
    for key in ("value", "step", "number"):
        value = getattr(act, key)
        if value is not None:
            made[key] = value
    return made


def doubt_to_json(doubt: Doubt) -> dict[str, Any]:
    return {"heard": doubt.heard, "candidates": [act_to_json(act) for act in doubt.candidates]}


def meaning_to_json(meaning: Meaning) -> dict[str, Any]:
    return {
        "text": meaning.text,
        "lang": meaning.language,
        "acts": [act_to_json(act) for act in meaning.acts],
        "ask": [doubt_to_json(doubt) for doubt in meaning.ask],
        "leftover": list(meaning.leftover),
        "confidence": round(meaning.confidence, 3),
    }


def context_from_json(
    raw: Mapping[str, Any] | None, now: dt.datetime, expects: str | None, booking: bool, spoken: bool
) -> Context:
    """The `context` of a row: a basket of lines, and the item last spoken of."""
    raw = raw or {}
    basket = tuple(
        LineSaid(
            line.get("item"),
            line.get("quantity"),
            tuple(
                OptionSaid(o["option"], o.get("choice"), o.get("amount"), o.get("part"))
                for o in line.get("options") or ()
            ),
        )
        for line in raw.get("basket") or ()
    )
    return Context(
        now=now,
        spoken=spoken,
        expects=expects,
        basket=basket,
        last=raw.get("last"),
        choices=tuple(tuple(one) if isinstance(one, list) else (str(one),) for one in raw.get("choices") or ()),
        listed=tuple(raw.get("listed") or ()),
        timed=bool(raw.get("timed")),
        booking=booking,
        nights=int(raw.get("nights") or 0),
        missing=tuple(raw.get("missing") or ()),
    )


FORM = (
    "a field isn't of its form: `confidence` is a number, `alternatives` are objects with `text` and `confidence`,"
    " `context` is an object with `basket` and `last`"
)


def _error(row: object, what: str) -> str:
    return json.dumps({"id": row, "error": what}, ensure_ascii=False) + "\n"


Answer = Callable[[Any, tuple[Hypothesis, ...], Lexicon, Context, str | None], str]
"""A row's id, what was heard, the lexicon, the context, the language -> what is written."""


def _json(made: Mapping[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False) + "\n"


def plainly(row: Any, heard: tuple[Hypothesis, ...], lexicon: Lexicon, context: Context, language: str | None) -> str:
    """What was understood, with what it points at in the basket by its name."""
    meaning = understand(heard, lexicon, context, language)
    if context.basket:
        meaning = replace(meaning, acts=explicit(meaning.acts, context.basket, context.last, lexicon))
    return _json({"id": row, **meaning_to_json(meaning)})


def in_detail(row: Any, heard: tuple[Hypothesis, ...], lexicon: Lexicon, context: Context, language: str | None) -> str:
    """The same with the way to it."""
    explained = explain.explain(heard, lexicon, context, language)
    return _json({"id": row, **meaning_to_json(explained.meaning), **explain.as_json(explained)})


def as_table(row: Any, heard: tuple[Hypothesis, ...], lexicon: Lexicon, context: Context, language: str | None) -> str:
    """The way to it, for people."""
    explained = explain.explain(heard, lexicon, context, language)
    head = f"“{explained.meaning.text}” ({explained.meaning.language})"
    return "\n".join([head, *aligned(list(explain.as_rows(explained)), "  "), "", ""])


def as_row(line: str) -> str:
    """A plain sentence as the row that it stands for."""
    plain = line.strip()
    return line if not plain or plain.startswith("{") else json.dumps({"text": plain})


def run_lines(
    rows: Iterable[str],
    write: Callable[[str], Any],
    lexicon: Lexicon,
    *,
    now: dt.datetime,
    language: str | None = None,
    expects: str | None = None,
    booking: bool = False,
    answer: Answer = plainly,
) -> int:
    """Answers every row in order; the number of rows that were no JSON objects with a text."""
    wrong = 0
    for row in rows:
        if not row.strip():
            continue
        try:
            asked = json.loads(row)
        except ValueError:
            asked = None
        if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
            wrong += 1
            write(_error(None, "this line is no JSON object with a `text`; send one a line"))
            continue
        try:
            heard = [Hypothesis(asked["text"], float(asked.get("confidence") or 1.0))]
            heard += [
                Hypothesis(str(o.get("text", "")), float(o.get("confidence") or 0.0))
                for o in asked.get("alternatives") or ()
            ]
            # Only a recogniser has other hypotheses, be they none.
            spoken = "alternatives" in asked
            context = context_from_json(asked.get("context"), now, asked.get("expects") or expects, booking, spoken)
        except (ValueError, KeyError, TypeError, AttributeError):
            wrong += 1
            write(_error(asked.get("id"), FORM))
            continue
        write(answer(asked.get("id"), tuple(heard), lexicon, context, asked.get("lang") or language))
    return wrong
