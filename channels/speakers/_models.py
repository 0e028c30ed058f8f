"""Interaction models: what a platform's console is given so that it hears this shop. Pure.

Intents and what people say for them come from `_intents.py`, the names of goods from the shop. A sample may stand in
one intent only (slots compared by what they hold); one that would stand in two is left out of the later one.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any

from assistant.turns import Called, Spoken
from channels.speakers import Model
from channels.speakers._intents import INTENTS, Intent
from channels.speakers._skill import camel
from channels.speakers._words import samples

ALEXA_KINDS: Mapping[str, str] = {
    "goods": "CatalogItem",
    "extra": "CatalogExtra",
    "method": "PaymentMethod",
    "fulfilment": "FulfilmentWay",
    "number": "AMAZON.NUMBER",
    "words": "AMAZON.SearchQuery",
    "date": "AMAZON.DATE",
    "time": "AMAZON.TIME",
    "phone": "AMAZON.PhoneNumber",
    "first_name": "AMAZON.FirstName",
}
ALEXA_BUILT_IN = ("Help", "Stop", "Cancel", "Fallback", "Yes", "No", "Repeat", "StartOver", "NavigateHome")
MOST_NAMES = 50_000
MOST_LETTERS = 140
IN_LETTERS = str.maketrans("0123456789", "abcdefghij")


def samples_of(name: str, spoken: Spoken, language: str) -> Iterator[str]:
    """What people say for an intent in this shop: `{options}` once for each thing that is chosen one of."""
    intent = INTENTS[name]
    known = {kind for kind in ("extra", "method", "fulfilment") if _named(spoken, kind)} | {"goods"}
    for sample in samples(language).get(name, ()):
        kinds = {intent.slots[slot] for slot in _slots(sample) if slot in intent.slots}
        if not kinds & {"extra", "method", "fulfilment"} <= known:
            continue
        if "{options}" in sample:
            yield from (sample.replace("{options}", f"{{{slot}}}") for slot, _ in options_of(spoken))
        else:
            yield sample


def options_of(spoken: Spoken) -> Iterator[tuple[str, tuple[Called, ...]]]:
    """Each option of which anything can be heard: its slot, and its choices by option and choice. A slot's name
    is of letters and _ alone, and nothing else's, whatever the merchant calls the option."""
    taken = {slot for intent in INTENTS.values() for slot in intent.slots} | ALEXA_KINDS.keys()
    for option, choices in spoken.options.items():
        if not choices:
            continue
        plain = re.sub(r"[^a-z_]", "_", option.lower()).strip("_") or "option"
        more = (f"{plain}_{str(number).translate(IN_LETTERS)}" for number in count())
        slot = next(one for one in (plain, *islice(more, len(taken))) if one not in taken)
        taken.add(slot)
        yield slot, tuple(Called(f"{option}/{one.id}", one.said) for one in choices)


def _slots(sample: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", sample)


def _named(spoken: Spoken, kind: str) -> Sequence[Called]:
    return {
        "goods": spoken.goods,
        "extra": spoken.extras,
        "method": spoken.methods,
        "fulfilment": spoken.fulfilments,
    }.get(kind, ())


def _kind(intent: Intent, slot: str) -> str:
    """What a slot holds; an option's choices have a kind of their own."""
    return intent.slots.get(slot) or f"option:{slot}"


def intents(spoken: Spoken, language: str) -> tuple[dict[str, list[str]], list[str]]:
    """Each intent's samples, and what was left out because it stands in another one."""
    taken: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    problems = []
    for name, intent in INTENTS.items():
        for sample in samples_of(name, spoken, language):
            shape = re.sub(r"\{(\w+)\}", lambda slot: f"{{{_kind(intent, slot[1])}}}", sample)  # noqa: B023
            if taken.setdefault(shape, name) != name:
                problems.append(f"“{sample}” of {name} is said for {taken[shape]}, too; left out")
                continue
            found.setdefault(name, []).append(sample)
    return found, problems


def skill_model(spoken: Spoken, language: str) -> Model:
    """What Alexa's console takes as an interaction model."""
    problems = list(spoken.dropped)
    kept, also = intents(spoken, language)
    problems += also
    listed: list[dict[str, Any]] = [{"name": f"AMAZON.{one}Intent", "samples": []} for one in ALEXA_BUILT_IN]
    for name, said in kept.items():
        used = list(dict.fromkeys(slot for sample in said for slot in _slots(sample)))
        slots = [{"name": slot, "type": _skill_type(_kind(INTENTS[name], slot))} for slot in used]
        listed.append({"name": camel(name), **({"slots": slots} if slots else {}), "samples": said})
    types: list[dict[str, Any]] = [
        {"name": name, "values": [_skill_value(one) for one in values]}
        for name, values in _skill_types(spoken)
        if values
    ]
    names = sum(1 + len(one["name"].get("synonyms", ())) for kind in types for one in kind["values"])
    if names > MOST_NAMES:
        problems.append(f"{names} names are more than Alexa takes ({MOST_NAMES}); sell less, or give fewer names")
    model = {
        "interactionModel": {
            "languageModel": {
                "invocationName": _invocation(spoken.title),
                "modelConfiguration": {"fallbackIntentSensitivity": {"level": "HIGH"}},
                "intents": listed,
                "types": types,
            }
        }
    }
    return Model(files={"model.json": _json(model)}, problems=tuple(problems))


def _skill_types(spoken: Spoken) -> Iterator[tuple[str, Sequence[Called]]]:
    for kind in ("goods", "extra", "method", "fulfilment"):
        yield ALEXA_KINDS[kind], _named(spoken, kind)
    for slot, choices in options_of(spoken):
        yield _skill_type(f"option:{slot}"), choices


def _skill_type(kind: str) -> str:
    option = kind.removeprefix("option:")
    return ALEXA_KINDS.get(kind) or f"Catalog{''.join(one.capitalize() for one in option.split('_'))}"


def _skill_value(called: Called) -> dict[str, Any]:
    first, *more = dict.fromkeys(_short(one) for one in called.said)
    return {"id": called.id, "name": {"value": first, **({"synonyms": more} if more else {})}}


def _short(name: str) -> str:
    """What nobody says to its end is heard by its beginning."""
    return name if len(name) <= MOST_LETTERS else name[:MOST_LETTERS].rpartition(" ")[0] or name[:MOST_LETTERS]


def _invocation(title: str) -> str:
    """What the skill is opened by: two words at least, in small letters."""
    plain = re.sub(r"[^\w\s'.]", " ", title.lower())
    words = plain.split()
    return " ".join(words if len(words) > 1 else [*words, "shop"])


def named_model(spoken: Spoken, language: str, *, ids: bool) -> Model:
    """For consoles that take a dictionary a kind and sentences an intent: `intents.json`, and a table of names each
    (the name, or with `ids` the id, then what else it is called)."""
    kept, problems = intents(spoken, language)
    kinds = {kind: _named(spoken, kind) for kind in ("goods", "extra", "method", "fulfilment")}
    kinds |= dict(options_of(spoken))
    rows = [
        {
            "name": name,
            "slots": {
                slot: _kind(INTENTS[name], slot).removeprefix("option:")
                for slot in dict.fromkeys(slot for sample in said for slot in _slots(sample))
            },
            "samples": said,
        }
        for name, said in kept.items()
    ]
    files = {"intents.json": _json(rows)}
    for kind, values in kinds.items():
        if values:
            files[f"{kind}.csv"] = _table([[one.id, *one.said] if ids else list(one.said) for one in values])
    return Model(files=files, problems=(*spoken.dropped, *problems))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _table(rows: Sequence[Sequence[str]]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows(rows)
    return made.getvalue()
