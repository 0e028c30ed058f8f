"""The demo shops as understanding sees them, and a short form of what was understood, for tests to read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.shops import load_shop
from assistant.steps import note, tip
from assistant.turns import Act, Hypothesis, LineSaid, Meaning
from assistant.understanding import Context, Lexicon, build_lexicon, understand
from models import languages

NOW = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
"""A Monday afternoon in the shop."""

PARTS = {
    "tip": tip.STEP.WORDS,
    "note": note.STEP.WORDS,
    "gift": {"en": {"hear": {"gift note {value}": "answer", "no gift note": "answer"}}},
}


@cache
def lexicon_of(name: str) -> Lexicon:
    shop, catalogue = load_shop(name)
    return build_lexicon(shop, catalogue, [languages.load(tag) for tag in shop.languages], PARTS)


def meaning_of(text: str, shop: str = "burger-bar", language: str | None = None, **context: Any) -> Meaning:
    context["basket"] = tuple(LineSaid(one, 1) if isinstance(one, str) else one for one in context.get("basket", ()))
    context.setdefault("now", NOW)
    context.setdefault("booking", shop == "lake-hotel")
    return understand((Hypothesis(text),), lexicon_of(shop), Context(**context), language)


def heard(*texts: str, shop: str = "burger-bar", language: str | None = None, **context: Any) -> Meaning:
    """What a recogniser's hypotheses come to, best first."""
    context["basket"] = tuple(LineSaid(one, 1) if isinstance(one, str) else one for one in context.get("basket", ()))
    context.setdefault("now", NOW)
    hypotheses = tuple(Hypothesis(text, 0.9 - 0.1 * rank) for rank, text in enumerate(texts))
    return understand(hypotheses, lexicon_of(shop), Context(**context), language)


def line_text(line: LineSaid) -> str:
    """`2 cheeseburger onion:no @2`: count, item, options that were said, place in the basket."""
    parts = [str(line.quantity) if line.quantity is not None else "", line.item or "it"]
    for option in line.options:
        amount = f":{option.amount}" if option.amount not in (None, "normal") else ""
        part = f"/{option.part}" if option.part else ""
        parts.append(f"{'-' if option.choice is None else option.choice}{amount}{part}")
    if line.which is not None:
        parts.append(f"@{line.which}")
    return " ".join(part for part in parts if part)


def act_text(act: Act) -> str:
    """`add: 2 cheeseburger, 1 coke`; `change: 1 sprite <- coke`; `give_time: 18:30`."""
    said = ", ".join(map(line_text, act.lines))
    if act.instead_of:
        said += " <- " + ", ".join(map(line_text, act.instead_of))
    more = [said, *act.items]
    if act.value is not None:
        more.append(str(act.value))
    if act.number is not None:
        more.append(str(act.number))
    if act.step is not None:
        more.insert(0, act.step)
    detail = " ".join(part for part in more if part)
    return f"{act.act}: {detail}" if detail else act.act


def understood(text: str, shop: str = "burger-bar", language: str | None = None, **context: Any) -> str:
    """What a sentence does, acts parted by ` + `; `-` for nothing (chatter, or goods that aren't had)."""
    return acts_text(meaning_of(text, shop, language, **context).acts)


def acts_text(acts: Sequence[Act]) -> str:
    """Acts parted by ` + `."""
    return " + ".join(act_text(act) for act in acts if act.act != "none" or act.value in ("greeting", "thanks")) or "-"


def table(text: str) -> Sequence[tuple[str, str]]:
    """Rows `sentence => what was understood` (several acts parted by ` + `, nothing as `-`)."""
    rows = []
    for row in text.strip().splitlines():
        if row.strip() and not row.lstrip().startswith("#"):
            left, _, right = row.partition("=>")
            rows.append((left.strip(), right.strip()))
    return rows


def write_shop(folder: Path, goods: Sequence[Mapping[str, Any]], languages: Sequence[str] = ("en",)) -> str:
    """A shop of its own for a test: the folder to give as `shop`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.toml").write_text(
        f'name = "Kiosk"\ntrade = "takeaway"\ncurrency = "EUR"\ntime_zone = "UTC"\nlanguages = '
        f"{json.dumps(languages)}\n"
        '[fulfilment.pickup]\nneeds = ["name"]\n[payment]\nmethods = ["cash"]\n'
        '[payment.method.cash]\nprovider = "pay_on_delivery"\n'
    )
    (folder / "catalogue.json").write_text(json.dumps(goods))
    return str(folder)


def good(name: str, *options: Mapping[str, Any], tag: str = "en", category: str = "food") -> dict[str, Any]:
    """An item by its names, `a|b`; its id is the first."""
    return {**_named(name, tag), "category": category, "price": 300, "options": list(options)}


def pick(name: str, choices: str, *, many: bool = False, tag: str = "en", **more: Any) -> dict[str, Any]:
    """An option by its name, with choices by their names: `small, medium|regular`."""
    kind = {"choose": "many", "amounts": ["no", "light", "normal", "extra"]} if many else {"choose": "one"}
    made = [{**_named(one.strip(), tag), "price": 0} for one in choices.split(",")]
    return {**_named(name, tag), **kind, "choices": made, **more}


def _named(names: str, tag: str) -> dict[str, Any]:
    said = names.split("|")
    return {"id": said[0].replace(" ", "_"), "names": {tag: said}}
