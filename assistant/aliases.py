"""What the merchant sees of learned names, and what may be done with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct

from assistant.commerce.catalogue import Names, name_in
from assistant.errors import CALLED, SetupError
from assistant.storage import Learned, Store
from assistant.turns import Alias
from assistant.understanding import Lexicon
from assistant.understanding.words.aliases import places, plain, taken

State = Literal["suggested", "accepted", "counted", "rejected", "dead"]
ORDER: Sequence[State] = ("suggested", "accepted", "counted", "rejected", "dead")


class Listed(Struct, frozen=True):
    """One alias as it stands today."""

    alias: Alias
    state: State
    """counted: not yet often enough; dead: it can't mean anything (any more)."""
    name: str
    """What it means, as the shop calls it."""
    times: int
    voices: int
    why: str = ""
    """Why it is dead."""

    def as_json(self) -> dict[str, Any]:
        one = self.alias
        made = {"heard": one.said, "language": one.language, "kind": one.kind, "meant": one.meant, "name": self.name}
        told = {"why": self.why} if self.why else {}
        return {**made, "state": self.state, "times": self.times, "voices": self.voices, **told}

    def as_row(self) -> tuple[str, ...]:
        one, counted = self.alias, f"{self.times} times, {self.voices} voices"
        why = f"({self.why})" if self.why else ""
        return (self.state, one.language, one.kind, one.said, f"→ {one.meant}", self.name, counted, why)


def listed(rows: Iterable[Learned], lexicon: Lexicon) -> list[Listed]:
    """Every alias, first those that wait for the merchant's word. Suggested and dead are derived, never stored."""
    found = [_listed(row, lexicon) for row in rows]
    return sorted(found, key=lambda one: (ORDER.index(one.state), -one.times, one.alias.said, one.alias.meant))


def _listed(row: Learned, lexicon: Lexicon) -> Listed:
    alias, rule = row.alias, lexicon.shop.learning
    often = row.times >= rule.times and row.voices >= rule.voices
    state: State = "suggested" if often else "counted"
    why = ""
    if row.state == "rejected":
        state = "rejected"
    elif places(lexicon, alias) is None:
        state, why = "dead", f"there is no {alias.kind} '{alias.meant}' any more"
    elif taken(lexicon, alias):
        state, why = "dead", "these words have a meaning already"
    elif row.state == "accepted":
        state = "accepted"
    return Listed(alias, state, _name(alias, lexicon), row.times, row.voices, why)


def _name(alias: Alias, lexicon: Lexicon) -> str:
    shop, items = lexicon.shop, lexicon.catalogue.items
    names: Names = {}
    if alias.kind == "item" and alias.meant in items:
        names = items[alias.meant].names
    elif alias.kind == "method" and alias.meant in shop.methods:
        names = shop.methods[alias.meant].names
    elif alias.kind == "choice":
        path, _, choice = alias.meant.rpartition("/")
        options = (item.option(path) for item in items.values())
        names = next((one.names for option in options if option and (one := option.choice(choice))), {})
    return name_in(names, alias.language, shop.languages, alias.meant)


def chosen(found: Sequence[Listed], lexicon: Lexicon, words: str, meant: str | None, language: str | None) -> Listed:
    """The alias that the merchant names by its words. Raises SetupError where there is none, or several."""
    said = {one.tag: plain(words, one) for one in lexicon.languages}
    fitting = [
        one
        for one in found
        if one.alias.said == said.get(one.alias.language)
        and meant in (None, one.alias.meant)
        and language in (None, one.alias.language)
    ]
    if not fitting:
        raise SetupError(f"nothing of the kind was learned of '{words}'; `{CALLED} menu aliases list` shows what was")
    if len(fitting) > 1:
        which = ", ".join(f"{one.alias.meant} ({one.alias.language})" for one in fitting)
        raise SetupError(f"'{words}' was said for several: {which}; name one with --meant or --lang")
    return fitting[0]


async def accept(store: Store, shop: str, found: Sequence[Listed], one: Listed) -> str:
    """From now on its words are a name. Raises SetupError where they can't be."""
    said, rule = one.alias.said, "[learning] in shop.toml"
    if one.state == "dead":
        raise SetupError(f"'{said}' can't be accepted: {one.why}")
    if one.state == "counted":
        few = f"{one.times} times by {one.voices} voices are too few for {rule}"
        raise SetupError(f"'{said}' is not suggested yet: {few}; write it into the catalogue if you are sure")
    other = next((two for two in found if two.state == "accepted" and two.alias.said == said and two != one), None)
    if other is not None:
        raise SetupError(f"'{said}' means {other.alias.meant} already; reject that first, with --meant")
    await store.judge(shop, one.alias, "accepted")
    return f"“{said}” now means {one.alias.meant} ({one.name})"


async def reject(store: Store, shop: str, found: Sequence[Listed], one: Listed) -> str:
    """It isn't suggested again by itself, however often it is said; one that was accepted is a name no more."""
    await store.judge(shop, one.alias, "rejected")
    return f"“{one.alias.said}” doesn't mean {one.alias.meant} ({one.name})"


async def erase(store: Store, shop: str, found: Sequence[Listed], one: Listed) -> str:
    await store.erase(shop, [one.alias])
    return f"“{one.alias.said}” for {one.alias.meant} ({one.name}) is forgotten"


ACTIONS = {"accept": accept, "reject": reject, "erase": erase}


def fragment(found: Iterable[Listed]) -> dict[str, Any]:
    """The accepted aliases as they would stand in the shop's files: names to add to items, choices and methods."""
    made: dict[str, dict[str, dict[str, list[str]]]] = {"item": {}, "choice": {}, "method": {}}
    for one in found:
        if one.state == "accepted":
            names = made[one.alias.kind].setdefault(one.alias.meant, {})
            names.setdefault(one.alias.language, []).append(one.alias.said)
    return {
        "items": [{"id": name, "names": names} for name, names in made["item"].items()],
        "choices": [
            {"option": meant.rpartition("/")[0], "id": meant.rpartition("/")[2], "names": names}
            for meant, names in made["choice"].items()
        ],
        "methods": [{"id": name, "names": names} for name, names in made["method"].items()],
    }


def pasted(found: Iterable[Listed]) -> Iterator[str]:
    """The same for a person: where each name goes, one a line."""
    files = {"item": "catalogue, item", "choice": "catalogue, choice", "method": "shop.toml, payment.method"}
    for one in found:
        if one.state == "accepted":
            yield f'{files[one.alias.kind]} {one.alias.meant}, names.{one.alias.language}: "{one.alias.said}"'
