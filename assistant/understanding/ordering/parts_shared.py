"""What a part of several goods is to be, counted out behind its name: three meals, 饮料两杯可乐一杯雪碧. The drinks are
those of the meals, and none come besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.utterance import Utterance

_BETWEEN = frozenset("measure particle pause and filler hesitation".split())
_STRANGE = frozenset({"unknown", "partial", "item", "choice", "category"})


class Shares(Struct):
    """So many of each, of one part of some goods."""

    places: Mapping[str, Sequence[str]]
    """The part by what it is called: item -> paths."""
    counted: list[tuple[int, Places]]
    """How many are to be so, in the order in which they were said."""
    named: frozenset[str] = frozenset()
    """The goods that were named before it."""
    said: str = ""

    def ways(self, item: str) -> list[tuple[int, OptionSaid]] | None:
        """How many of some goods are to have what; None where that can't be."""
        made = []
        for count, choices in self.counted:
            paths = set(self.places.get(item, ()))
            one = next((pair for pair in choices.get(item, ()) if pair[0] in paths), None)
            if one is None:
                return None
            made.append((count, OptionSaid(*one)))
        return made


def read(u: Utterance) -> None:
    """Takes the shares out of what is said. Of goods of the basket they are settled at once; else they are kept, for
    `within` to put them into what is ordered in the same breath."""
    for at, span in enumerate(u.spans):
        if "option" not in span.has or "num" in span.has:
            continue
        found = _shares(u, at)
        if found is None:
            continue
        shares, end, whole = found
        ordered = _ordered(u, at, shares)
        there = [] if ordered else _there(u, shares)
        if not ordered and (not there or any("num" in one.has for one in u.spans[:at])):
            continue
        if not ordered:
            changes = _settle(u, there, shares) if whole else None
            if changes is None:
                u.leftover.append(u.said(at, end))
            elif changes:
                u.add(at, Act("change", tuple(changes)))
            else:
                u.add(at, Act("show_basket"))
            u.silence(range(0 if shares.named else at, end))
            return
        if not whole:
            u.leftover.append(u.said(at, end))
        u.silence(range(at, end))
        u.shares = shares if whole else None
        return


def _ordered(u: Utterance, at: int, shares: Shares) -> bool:
    """Whether goods that have the part are counted before it, by their kind or a part of their name too."""
    before, kinds = [span.has for span in u.spans[:at]], u.lexicon.categories
    named: set[str] = set()
    for has in before:
        named.update(has.get("item", ()), has.get("partial", ()), kinds.get(has.get("category", ""), ()))
    return any("num" in has for has in before) and not named.isdisjoint(shares.places)


def _shares(u: Utterance, at: int) -> tuple[Shares, int, bool] | None:
    """What is counted out behind the name of a part at a place, where it ends, and whether all of it is known."""
    counted: list[tuple[int, Places]] = []
    end, count, whole = at + 1, 0, True
    for i in range(at + 1, len(u.spans)):
        has = u.spans[i].has
        if "num" in has and "choice" not in has:
            if count:
                return None
            count = has["num"][0]
        elif count and ("choice" in has or has.keys() & _STRANGE):
            whole = whole and "choice" in has
            counted.append((count, has.get("choice", {})))
            end, count = i + 1, 0
        elif counted and not count and "unknown" in has and u.spans[i - 1].end == u.spans[i].start:
            whole, end = False, i + 1  # 苹果汁, which isn't had
        elif not (has.keys() & _BETWEEN or _is_to_be(has)):
            break
    if count or len(counted) < 2:
        return None
    named = {item for span in u.spans[:at] for item in span.has.get("item", ())}
    return Shares(u.spans[at].has["option"], counted, frozenset(named), u.said(at, end)), end, whole


def _is_to_be(has: dict[str, object]) -> bool:
    verb = has.get("verb")
    return "is_it" in has or (isinstance(verb, tuple) and verb[0] == "add")


def _there(u: Utterance, shares: Shares) -> list[int]:
    """The lines of the basket that have the part: those that were named, where any were."""
    lines = [at for at, line in enumerate(u.context.basket) if line.item in shares.places]
    return [at for at in lines if not shares.named or u.context.basket[at].item in shares.named]


def _settle(u: Utterance, there: Sequence[int], shares: Shares) -> list[LineSaid] | None:
    """What becomes of the lines, the last first; None where the shares aren't as many as there are of them."""
    basket: Sequence[LineSaid] = u.context.basket
    made: list[LineSaid] = []
    dealt = _dealt([basket[at] for at in there], shares)
    if dealt is None:
        return None
    for at, parts in reversed(list(zip(there, dealt, strict=True))):
        line = basket[at]
        fresh = [(count, one) for count, one in parts if not _has(line, one)]
        for count, one in fresh:
            part = count if count < (line.quantity or 1) else None
            made.append(LineSaid(line.item, None, (one,), at + 1 if len(there) > 1 else None, part))
    return made


def _has(line: LineSaid, option: OptionSaid) -> bool:
    return any((one.option, one.choice) == (option.option, option.choice) for one in line.options)


def _dealt(lines: Sequence[LineSaid], shares: Shares) -> list[list[tuple[int, OptionSaid]]] | None:
    """For each line how many of it are to have what, in the order in which both were said."""
    if sum(line.quantity or 1 for line in lines) != sum(count for count, _ in shares.counted):
        return None
    left = [count for count, _ in shares.counted]
    dealt: list[list[tuple[int, OptionSaid]]] = []
    for line in lines:
        ways = shares.ways(line.item or "")
        if ways is None:
            return None
        need, mine = line.quantity or 1, []
        for i, (_, option) in enumerate(ways):
            taken = min(need, left[i])
            if taken:
                mine.append((taken, option))
            need, left[i] = need - taken, left[i] - taken
        dealt.append(mine)
    return dealt


def within(u: Utterance, made: list[Act]) -> list[Act]:
    """The goods that were ordered, each with its share; where they don't come to as many, what was said of the part is
    said back."""
    shares = u.shares
    if shares is None:
        return made
    act = next((one for one in made if one.act == "add"), None)
    lines = [line for line in act.lines if line.item in shares.places] if act is not None else []
    dealt = _dealt(lines, shares)
    if act is None or not lines or dealt is None:
        u.leftover.append(shares.said)
        return made
    parts = {id(line): some for line, some in zip(lines, dealt, strict=True)}
    return [replace(one, lines=tuple(_parted(one.lines, parts))) if one is act else one for one in made]


def _parted(lines: Sequence[LineSaid], parts: dict[int, list[tuple[int, OptionSaid]]]) -> Iterator[LineSaid]:
    for line in lines:
        if id(line) not in parts:
            yield line
        for count, option in parts.get(id(line), ()):
            yield replace(line, quantity=count, options=(*line.options, option))
