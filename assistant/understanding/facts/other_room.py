"""Another room in place of the one that is booked: "go back to the king", 还是大床房吧; how many beds are wanted."""

from __future__ import annotations

from msgspec.structs import replace

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.facts.days import number_of
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_MORE = frozenset({"more", "too", "another", "also"})
"""Beside these a room comes to the one that is there."""


def read(u: Utterance) -> None:
    """A room that was said to take the place of the one that is booked comes not beside it."""
    rooms = [line for line in u.context.basket if _is_room(u, line.item)] if u.context.booking else []
    if not rooms or not u.kinds.isdisjoint(_MORE) or not _instead(u):
        return
    adds = [act for _, act in u.acts if act.act == "add"] + [one for doubt in u.doubts for one in doubt.candidates]
    if not adds or not all(_one_room(u, act) for act in adds):
        return
    made: list[tuple[int, Act]] = []
    for at, act in u.acts:
        if act.act == "add":
            changes = _changes(act, rooms)
            if len(changes) > 1:
                u.doubts.append(Doubt(u.shown, changes))
            made += [(at, changes[0])] if len(changes) == 1 else []
        elif act.act not in ("back", "deny"):
            made.append((at, act))
    u.acts = made
    u.doubts = [
        replace(one, candidates=tuple(_changes(act, rooms)[0] for act in one.candidates))
        if len(rooms) == 1 and all(act.act == "add" for act in one.candidates)
        else one
        for one in u.doubts
    ]


def _instead(u: Utterance) -> bool:
    """Whether it is said that a room is to be had instead: by a word for it, by taking back what there is, or as what
    something else becomes."""
    spans = [span for span in u.spans if not span.has.keys() & {"pause", "hesitation"} or "correct" in span.has]
    if "room_instead" in u.kinds or (spans and "correct" in spans[0].has and "num" not in u.kinds):
        return True
    return any("as" in after.has and "item" in span.has for span, after in zip(u.spans, u.spans[1:], strict=False))


def _one_room(u: Utterance, act: Act) -> bool:
    if act.act != "add" or len(act.lines) != 1 or act.lines[0].quantity not in (None, 1):
        return False
    return _is_room(u, act.lines[0].item)


def _is_room(u: Utterance, item: str | None) -> bool:
    goods = u.lexicon.catalogue.items.get(item or "")  # what is booked may have left the catalogue since
    return goods is not None and bool(goods.adults)


def _changes(act: Act, rooms: list[LineSaid]) -> tuple[Act, ...]:
    """The swap of each room that it may take the place of; what there is already is only told."""
    line = replace(act.lines[0], quantity=None)
    if any(one.item == line.item for one in rooms):
        return (Act("show_basket"),)
    return tuple(Act("change", lines=(line,), instead_of=(LineSaid(one.item),)) for one in rooms)


def beds(u: Utterance) -> None:
    """ "Can I get two beds instead", 可以给我们两张床吗: a count of beds is none of rooms; which rooms there are is
    told."""
    if not u.context.booking or u.kinds & {"item"}:
        return
    at = next(i for i, span in enumerate(u.spans) if "bed" in span.has)
    beside = [i for i in range(max(0, at - 2), min(at + 3, len(u.spans))) if i != at]
    counted = [
        i for i in beside if number_of(u.spans[i]) is not None and not u.spans[i].has.keys() & {"adult", "night"}
    ]
    if not counted:
        return
    rooms = {f"#{item.category}": None for item in u.lexicon.catalogue.items.values() if item.adults}
    aside = {
        i for i, span in enumerate(u.spans) if span.has.keys() & {"category", "article", "verb", "amount", "instead"}
    }
    u.add(at, Act("ask_stock", items=tuple(rooms)), {at, *counted, *range(min(*counted, at), at), *aside})


def whose(u: Utterance, dates: set[int]) -> tuple[str, set[int]] | None:
    """The one booked room whose nights are said, "the king for one more night", and its words; None where all of them
    are meant or a room is ordered. `dates`: the spans of those nights."""
    mine = {line.item for line in u.context.basket}
    named = [i for i, span in enumerate(u.spans) if span.has.keys() & {"item", "partial"}]
    if not u.context.dated or len(named) != 1 or u.kinds & {"room_instead", "instead", "alike"}:
        return None
    at = named[0]
    has = u.spans[at].has
    found = [item for item in has.get("item", has.get("partial", ())) if item in mine]
    if len(found) != 1 or any(span.has.get("verb", ("add",))[0] != "add" for span in u.spans):
        return None
    before, after = at - 1, at + 1
    while after < len(u.spans) and u.spans[after].has.keys() & {"particle", "measure"} and after not in dates:
        after += 1
    counted = [i for i in (before, after) if 0 <= i < len(u.spans) and i not in dates]
    if any(u.spans[i].has.keys() & {"num", "article", "another", "ordinal", "and", "more", "some"} for i in counted):
        return None
    beside = {i for i, span in enumerate(u.spans) if span.has.keys() & {"the", "only", "particle"} and abs(i - at) < 3}
    return found[0], {at} | beside


def some_of(u: Utterance, dates: set[int]) -> tuple[tuple[LineSaid, ...], set[int]] | None:
    """The one of several booked rooms whose nights are said, "the second one a day longer", 其中一间住两晚, 하나는 2박,
    and its words; None where no such is said. No lines: it isn't told which of several kinds of room."""
    if not u.context.dated or not u.kinds & {"ordinal", "of_them", "topical"}:
        return None
    rooms = [
        (place, line)
        for place, line in enumerate(u.context.basket, 1)
        if _is_room(u, line.item)
        for _ in range(line.quantity or 1)
    ]
    if (found := _counted(u, dates)) is None or len(rooms) < 2:
        return None
    number, ordinal, words = found
    if ordinal:
        if not 0 < ordinal <= len(rooms):
            return None
        place, line = rooms[ordinal - 1]
        return (LineSaid(None, None, (), place, 1 if (line.quantity or 1) > 1 else None),), words
    if not 0 < number < len(rooms):
        return None
    places = {place for place, _ in rooms}
    return ((LineSaid(None, None, (), places.pop(), number),) if len(places) == 1 else ()), words


def _counted(u: Utterance, dates: set[int]) -> tuple[int, int, set[int]] | None:
    """How many of the rooms are said, or which by its number, and the words for that."""
    for at, span in enumerate(u.spans):
        if at in dates:
            continue
        end = at + 1
        while end < len(u.spans) and end not in dates and u.spans[end].has.keys() & _BEHIND_ROOM:
            end += 1
        words = set(range(at, end))
        if end + 1 in dates and end not in dates and "choice" in u.spans[end].has:
            words.add(end)  # "the second room only one night" chooses no room only
        if "ordinal" in span.has and len(words) > 1:
            return 0, int(span.has["ordinal"]), words
        kinds = {kind for i in words | {at - 1} if i >= 0 for kind in u.spans[i].has}
        if "num" in span.has and ("of_them" in kinds or (u.grammar.verbs_last and "topical" in kinds)):
            return int(span.has["num"][0]), 0, words | {i for i in (at - 1,) if i >= 0 and _of(u.spans[i])}
    return None


_BEHIND_ROOM = frozenset({"one", "measure", "of_them", "category", "topical", "only", "particle", "piece"})


def _of(span: Span) -> bool:
    return bool(span.has.keys() & {"of_them", "category"})


def each_its_own(u: Utterance, dates: list[tuple[int, int]]) -> bool:
    """Whether several rooms are named, each with nights of its own: "a king from the 8th to the 10th and a twin from
    the 9th". `dates`: where days and nights are said."""
    rooms = [i for i, span in enumerate(u.spans) if span.has.keys() & {"item", "partial"}]
    if len(rooms) < 2:
        return False
    of = {sum(room < start for room in rooms) for start, _ in dates}
    return len(of - {0}) > 1 or (0 in of and len(of) > 1 and min(dates)[0] < rooms[0] and len(dates) > 2)
