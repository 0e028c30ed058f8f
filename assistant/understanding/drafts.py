"""Lines in the making, and how they become acts: add, remove, change, or a question which goods are meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from itertools import pairwise

from assistant.commerce.catalogue import Item
from assistant.turns import Act, Doubt, LineSaid, OptionSaid
from assistant.understanding.lexicon import Lexicon, Places
from assistant.understanding.spans import Span
from assistant.understanding.text import words_of

MOST_CANDIDATES = 6
NEGATIVE = "no"


def valid(option: Places, items: Sequence[str]) -> bool:
    return any(item in option for item in items)


class Option:
    """One option as it was heard: where it may belong is decided when its goods are known."""

    __slots__ = (
        "after",
        "amount",
        "any",
        "count",
        "end",
        "goods",
        "more",
        "part",
        "places",
        "scope",
        "start",
        "tells",
        "text",
    )

    def __init__(self, places: Places, span: Span, amount: str | None = None, count: int | None = None) -> None:
        self.places = places
        self.text = span.text
        self.start, self.end = span.start, span.end
        self.goods = "item" in span.has
        """It is the name of goods too: a meal's drink."""
        self.any = places is span.has.get("kinds")
        """Only its kind was named: "syrup"."""
        self.amount = amount
        self.after = False
        """Its amount was said behind it."""
        self.count = count
        self.more = False
        """Its count comes on top of what the line has."""
        self.tells = False
        """It says which line is meant: "the large one"."""
        self.part: str | None = None
        self.scope: Mapping[str, tuple[str, ...]] = {}
        """Item -> the option it was said of ("the drink large"), by path."""


class Draft:
    """One line in the making."""

    __slots__ = (
        "alike",
        "also",
        "article",
        "definite",
        "denied",
        "halved",
        "head",
        "heard",
        "items",
        "left",
        "mode",
        "more",
        "old",
        "options",
        "quantity",
        "reference",
        "score",
        "some",
        "subs",
        "told",
        "uneven",
        "verb",
        "which",
    )  # fmt: skip

    def __init__(self, items: tuple[str, ...] = (), heard: str = "", score: float = 1.0) -> None:
        self.items = items
        self.heard = heard
        self.score = score
        self.head = bool(items)
        self.reference = False
        """It stands for something said before: "it", "the second one"."""
        self.which: int | str | None = None
        self.quantity: int | None = None
        self.article = False
        self.options: list[Option] = []
        self.left = 0
        """So many of the options came before the head."""
        self.definite = False
        self.mode: str | None = None
        self.verb = False
        """The mode was said, not carried over."""
        self.more = False
        self.some = False
        """The count says how many of a line's units are meant: "one of them"."""
        self.alike = False
        """It is to be like the line before: "one more like that"."""
        self.uneven = False
        """Its count isn't whole: "one and a half"."""
        self.halved = False
        """Half of it was said."""
        self.denied = False
        """Taken back by a mere "not": what follows takes its place."""
        self.old = False
        """Goods that others take the place of."""
        self.subs: list[Draft] = []
        self.told = False
        """It was said to be one of them."""
        self.also = False
        """A sub that comes on top of the line rather than out of it."""


def compose(lexicon: Lexicon, amount: str, span: Span, items: Sequence[str]) -> Places | None:
    """The choice that an amount and the rest of its name make together: light + ice, no + sugar."""
    places = lexicon.composed.get((amount, words_of(span.text)))
    if places is None or (items and not valid(places, items)):
        return None
    chosen: Places | None = span.has.get("choice")
    if chosen is None or not items or not valid(chosen, items) or amount not in ("extra", "light"):
        return places
    same = any(places[item][0][0] == chosen[item][0][0] for item in items if item in places and item in chosen)
    return places if same else None


def amend(lexicon: Lexicon, option: Option, amount: str, target: Draft | None) -> None:
    """An amount said behind the option that it is about."""
    if amount == "with":
        return
    items = target.items if target is not None else ()
    option.after = True
    places = lexicon.composed.get((amount, words_of(option.text)))
    if places is not None and (not items or valid(places, items)):
        option.places, option.amount = places, None
    else:
        option.amount = amount


def general(places: Places, target: Draft) -> bool:
    """Whether a word only names the kind of the option right before it: cheddar *cheese*."""
    if not target.options:
        return False
    last = target.options[-1]
    for item in target.items:
        mine, other = last.places.get(item, ()), places.get(item, ())
        if mine and len(other) > 1 and set(mine) <= set(other):
            return True
    return False


def chooses_one(lexicon: Lexicon, places: Places, items: Sequence[str]) -> bool:
    """Whether the goods take but one of this option: a size is no countable thing."""
    for item in items:
        for path, _ in places.get(item, ()):
            option = lexicon.catalogue.items[item].option(path)
            return option is not None and option.choose == "one"
    return False


def included(lexicon: Lexicon, places: Places, item: str) -> bool:
    """Whether a choice is on the goods as they come."""
    for path, name in places.get(item, ()):
        option = lexicon.catalogue.items[item].option(path)
        found = option.choice(name) if option is not None else None
        if found is not None and found.included:
            return True
    return False


def counted_choice(lexicon: Lexicon, places: Places, items: Sequence[str]) -> bool:
    """Whether a choice is one of which several can be had on the goods: shots, packets."""
    for item in items:
        for path, _ in places.get(item, ()):
            option = lexicon.catalogue.items[item].option(path)
            return option is not None and option.most_each > 1
    return False


def _said_at(option: Option, item: str, lexicon: Lexicon, where: tuple[str, str], line: LineSaid | None) -> OptionSaid:
    """An option on one item, by the shop's ids, in one of its places there."""
    path, choice = where
    about = lexicon.catalogue.items[item].option(path)
    amount: str | int | None = option.amount
    if about is not None and about.choose == "one":
        if amount == NEGATIVE:
            return OptionSaid(path, choice, NEGATIVE)
        return OptionSaid(path, choice, None, option.part if about.halves else None)
    if option.count is not None:
        allowed = about.most_each > 1 if about is not None else True
        before = [one.amount for one in line.options if (one.option, one.choice) == where] if line is not None else []
        had = next((1 if one in (None, "normal") else one for one in before), 0) if option.more else 0
        amount = (
            option.count + (had if isinstance(had, int) else 0)
            if allowed
            else "double"
            if about and "double" in about.amounts and option.count == 2
            else "extra"
        )
    return OptionSaid(path, choice, amount or "normal", option.part if about is None or about.halves else None)


def _where(
    option: Option, options: Sequence[Option], item: str, lexicon: Lexicon, line: LineSaid | None
) -> Sequence[tuple[str, str]]:
    """Where an option belongs on an item: "large" beside a meal's Sprite is the size of the drink, "large" said of
    the meal is that of all that comes in sizes. `line`: the line that it changes."""
    where = option.places[item]
    if len(where) < 2:
        return where
    if not any("/" in path for path, _ in where):
        return _of_several(where, option, options, lexicon.catalogue.items[item], line)
    scope = option.scope.get(item, ())
    inside = [pair for pair in where if any(pair[0] == one or pair[0].startswith(f"{one}/") for one in scope)]
    if inside:
        return inside[:1]
    about = lexicon.catalogue.items[item]
    chosen = {one.id: one.default for one in about.options}
    chosen |= {one.option: one.choice for one in line.options} if line is not None else {}
    for other in options:
        chosen |= {path: choice for path, choice in other.places.get(item, ())[:1] if other.amount != NEGATIVE}
    fitting = [pair for pair in where if _open(about, pair, chosen)]
    for beside in _beside(option, options):
        parents = [path for path, _ in beside.places.get(item, ())]
        inside = [pair for pair in fitting if any(pair[0].startswith(f"{parent}/") for parent in parents)]
        if inside:
            return inside[:1]
    return where[:1] if "/" not in where[0][0] or not fitting else fitting


def _of_several(
    where: Sequence[tuple[str, str]], option: Option, options: Sequence[Option], item: Item, line: LineSaid | None
) -> Sequence[tuple[str, str]]:
    """A word for several choices ("cheese"): one that isn't chosen beside it by a name of its own. Without it, all of
    them that are there."""
    if option.amount == NEGATIVE:
        there = (
            {(one.option, one.choice) for one in line.options if one.amount != NEGATIVE} if line is not None else set()
        )
        for path, name in where:
            about = item.option(path)
            found = about.choice(name) if about is not None else None
            if found is not None and found.included:
                there.add((path, name))
        return [pair for pair in where if pair in there] or (() if option.any else where[:1])
    named = {pairs[0] for one in options if one is not option and len(pairs := one.places.get(item.id, ())) == 1}
    return [pair for pair in where if pair not in named][:1] or where[:1]


def _open(item: Item, place: tuple[str, str], chosen: Mapping[str, str | None]) -> bool:
    """Whether a choice inside another can be made: there is a size of the drink that was chosen."""
    path, name = place
    owner = item.option(path.rpartition("/")[0])
    found = owner.choice(chosen.get(owner.id)) if owner is not None else None
    return found is not None and any(inner.id == path and inner.choice(name) for inner in found.options)


def _beside(option: Option, options: Sequence[Option]) -> list[Option]:
    """What an option may be said of: the one right behind it, else those before it, the nearest first."""
    after = [one for one in options if one.start == option.end]
    return [*after, *(one for one in reversed(options) if one.end <= option.start)]


def _options(
    options: Sequence[Option], item: str | None, lexicon: Lexicon, line: LineSaid | None
) -> tuple[OptionSaid, ...]:
    """What stands at the end: a later word on the same choice, or on the same choose-one option, wins."""
    made: dict[tuple[str, str | None], OptionSaid] = {}
    for option in options:
        owner = item if item in option.places else next(iter(option.places))
        assert owner is not None
        about = lexicon.catalogue.items[owner]
        for where in _where(option, options, owner, lexicon, line):
            said = _said_at(option, owner, lexicon, where, line)
            key: tuple[str, str | None] = (said.option, said.choice)
            kind = about.option(said.option)
            single = kind is not None and kind.choose == "one"
            if single and kind is not None and kind.halves:
                parts = [one for one in made.values() if one.option == said.option and one.choice != said.choice]
                if len(parts) == 1 and said.part is None:
                    made = {k: v for k, v in made.items() if v is not parts[0]}
                    made[parts[0].option, parts[0].choice] = OptionSaid(parts[0].option, parts[0].choice, None, "left")
                    said = OptionSaid(said.option, said.choice, None, "right")
            elif said.amount is None or single:
                key = (said.option, None)
                if said.amount == NEGATIVE and key in made and made[key].choice != said.choice:
                    continue  # "onion rings instead of fries": the fries go anyway
            made.pop(key, None)
            made[key] = said
    return tuple(made.values())


def lines_of(draft: Draft, item: str | None, lexicon: Lexicon, line: LineSaid | None = None) -> list[LineSaid]:
    """A draft as lines: its subs come out of its count, or on top of it. `line`: the one in the basket that it
    changes, whose options say where words like "large" belong."""
    about = item if item is not None or line is None else line.item

    def options(said: Sequence[Option]) -> tuple[OptionSaid, ...]:
        return _options(said, about, lexicon, line)

    whole = draft.quantity
    base = draft.options
    shared = base[: draft.left]
    lines = []
    rest = whole
    subs = draft.subs
    if subs:
        inside = [sub for sub in subs if not sub.also]
        taken = sum(sub.quantity or 1 for sub in inside)
        rest = max((whole if whole is not None else 1) - taken, 0) if inside else whole
        if whole is None and inside:
            rest = 0
        lines = [
            LineSaid(item, sub.quantity, options([*(base if not sub.also else shared), *sub.options])) for sub in subs
        ]
    if not subs or rest is None or rest != 0:
        of = None
        if draft.some and draft.mode != "remove" and base and line is not None and (rest or 0) <= (line.quantity or 1):
            of, rest = rest, None
        lines.insert(0, LineSaid(item, rest, options(base), draft.which, of))
    return lines


def candidates(draft: Draft, lexicon: Lexicon, basket: Sequence[str]) -> tuple[str, ...]:
    """The items a draft may mean, the likelier ones only."""
    items = draft.items
    if len(items) <= 1:
        return items
    if draft.mode in ("remove", "change", "swap") or draft.definite or draft.old:
        mine = tuple(dict.fromkeys(item for item in basket if item in items))
        if mine:
            return mine
    fitting = tuple(item for item in items if all(item in option.places for option in draft.options))
    return fitting or items


def meant(draft: Draft, item: str | None, basket: Sequence[LineSaid], last: str | None, lexicon: Lexicon) -> int | None:
    """The line of the basket that a draft changes, as far as its words tell: its place in the basket."""
    lines = [at for at, one in enumerate(basket) if one.item is not None and (item is None or one.item == item)]
    if isinstance(draft.which, int) and draft.which:
        at = draft.which - 1 if draft.which > 0 else draft.which
        return lines[at] if -len(lines) <= at < len(lines) else None
    if item is None:
        lines = [at for at in lines if all(basket[at].item in option.places for option in draft.options)]
    asked = unsettled(lexicon, basket) if item is None else None
    if asked is not None and any(asked[2] in dict(one.places.get(asked[1], ())) for one in draft.options):
        return asked[0]
    lines.sort(key=lambda at: (_has(basket[at], draft.options), basket[at].item == last, at))
    return lines[-1] if lines else None


def unsettled(lexicon: Lexicon, lines: Sequence[LineSaid]) -> tuple[int, str, str] | None:
    """The first line of the basket that must have an option and hasn't: it is being asked about. Its place, its item
    and the option."""
    for at, line in enumerate(lines):
        item = lexicon.catalogue.items.get(line.item or "")
        if item is None or not item.must_choose:
            continue
        chosen = {one.option for one in line.options}
        for option in item.options:
            if option.required and option.default is None and option.id not in chosen:
                return at, item.id, option.id
    return None


def _has(line: LineSaid, options: Iterable[Option]) -> bool:
    """Whether a line has goods that were named as a part of it: "the Sprite" of a meal."""
    chosen = {(one.option, one.choice) for one in line.options}
    return any(one.goods and chosen & set(one.places.get(line.item or "", ())) for one in options)


def acts_of(
    drafts: Sequence[Draft],
    lexicon: Lexicon,
    basket: Sequence[LineSaid],
    listed: Sequence[str] = (),
    last: str | None = None,
) -> tuple[list[Act], list[Doubt]]:
    """Drafts as acts, in order; what may be several goods is asked. `listed`: goods that "the second one" may mean;
    `last`: the item of the line last spoken of."""
    for draft in drafts:
        if draft.reference and not draft.items and isinstance(draft.which, int) and _from_list(draft, basket, listed):
            draft.items, draft.which, draft.definite = (listed[draft.which - (draft.which > 0)],), None, False
            draft.head, draft.mode = True, "add"
    acts: list[Act] = []
    doubts: list[Doubt] = []
    owned = [line.item for line in basket if line.item is not None]
    index = 0
    while index < len(drafts):
        draft = drafts[index]
        partner = None
        if draft.old and index + 1 < len(drafts) and not drafts[index + 1].old:
            partner = drafts[index + 1]
        elif index + 1 < len(drafts) and drafts[index + 1].old and drafts[index + 1].mode != "remove" and not draft.old:
            draft, partner = drafts[index + 1], draft
        if partner is not None:
            index += 2
            old = _single(draft, lexicon, owned)
            gone = LineSaid(old, draft.quantity if not draft.article else None, (), draft.which)
            quantity = partner.quantity if partner.quantity is not None else draft.quantity
            for item in candidates(partner, lexicon, owned)[:1]:
                shown = lines_of(partner, item, lexicon)
                if quantity is not None and len(shown) == 1:
                    shown = [LineSaid(item, quantity, shown[0].options)]
                acts.append(Act("change", lines=tuple(shown), instead_of=(gone,)))
            continue
        index += 1
        _rooms(draft, lexicon, owned)
        mode = _mode(draft, owned)
        if mode == "change" and draft.quantity is None and not draft.options and not draft.subs:
            continue
        if mode in ("remove", "change") and draft.head:
            _told_by(draft, basket, lexicon)
        elif mode in ("remove", "change") and _tells(draft):
            doubts += _told_apart(draft, basket, lexicon, acts)
            continue
        items = candidates(draft, lexicon, owned)
        if mode == "change" and len(items) > 1 and draft.options and not set(items) & set(owned):
            items = ()  # "no onions on the burger", of a meal
        if draft.halved and mode in ("remove", "change") and draft.quantity is None:
            at = meant(draft, None, basket, last, lexicon) if not items else None
            units = sum(line.quantity or 1 for i, line in enumerate(basket) if line.item in items or i == at)
            if units and units % 2 == 0:
                draft.quantity, draft.score, draft.some = units // 2, 1.0, True
        if len(items) == 1 and (either := _either(draft, items[0], lexicon, mode)):
            doubts.append(either)
            continue
        if len(items) == 1 and (kinds := _kinds(draft, items[0], lexicon, mode)):
            doubts.append(kinds)
            continue
        if len(items) == 1 and (twice := _apart(draft, items[0], lexicon)):
            doubts.append(twice)
            continue
        made = []
        for item in items[:MOST_CANDIDATES]:
            at = meant(draft, item, basket, last, lexicon) if mode == "change" or draft.alike else None
            lines = lines_of(draft, item, lexicon, basket[at] if at is not None and mode == "change" else None)
            if draft.alike and at is not None and mode == "add":
                lines = [LineSaid(one.item, one.quantity, (*basket[at].options, *one.options)) for one in lines]
            made.append(Act(mode, lines=tuple(_which(line, draft, basket, lexicon) for line in lines)))
        if not items:
            at = meant(draft, None, basket, last, lexicon)
            named = any(option.goods for option in draft.options)
            if at is not None and draft.which is None and basket[at].item != last and named:
                draft.which = at + 1
            acts.append(Act(mode, lines=tuple(lines_of(draft, None, lexicon, basket[at] if at is not None else None))))
        elif len(items) > 1 and draft.which == "all" and mode == "remove" and set(items) <= set(owned):
            acts.append(Act(mode, lines=tuple(line for act in made for line in act.lines)))
        elif len(items) > 1 or draft.score < 0.85:
            doubts.append(Doubt(draft.heard, tuple(_whole(draft, made) if draft.uneven and len(items) == 1 else made)))
        else:
            acts.extend(made)
    return _merged(acts), doubts


def _told_by(draft: Draft, basket: Sequence[LineSaid], lexicon: Lexicon) -> None:
    """Which line is meant by what it has: "make the small latte a large one"; "the iced latte", where the lattes aren't
    iced but a chai latte is: goods known by a part of their name, too."""
    telling = draft.options[: draft.left] if draft.mode == "change" else draft.options
    if not telling or draft.which is not None or (draft.mode == "change" and draft.left == len(draft.options)):
        return
    words = words_of(draft.heard)
    fitting = [at for at, line in enumerate(basket) if line.item and is_so(line, telling, lexicon)]
    found = [at for at in fitting if basket[at].item in draft.items]
    found = found or [at for at in fitting if _called(basket[at].item or "", words, lexicon)]
    items = {basket[at].item or "" for at in found}
    if len(items) != 1:
        return
    draft.items = tuple(items)
    if draft.mode == "change" and len(found) == 1:
        mine = [at for at, line in enumerate(basket) if line.item in items]
        draft.which = mine.index(found[0]) + 1 if len(mine) > 1 else None
        draft.options, draft.left = draft.options[draft.left :], 0


def _tells(draft: Draft) -> bool:
    """Whether a line is told apart, and something is to be done to it."""
    told = [option for option in draft.options if option.tells]
    return bool(told) and (draft.mode == "remove" or len(told) < len(draft.options) or draft.quantity is not None)


def _told_apart(draft: Draft, basket: Sequence[LineSaid], lexicon: Lexicon, acts: list[Act]) -> list[Doubt]:
    """ "Make the large one a decaf": the line that is so; asked where several are, or none."""
    telling = [option for option in draft.options if option.tells]
    found = [at for at, line in enumerate(basket) if line.item and is_so(line, telling, lexicon)]
    draft.options = [option for option in draft.options if not option.tells]
    draft.left = 0
    made = []
    for at in found or range(len(basket)):
        one = copy(draft)
        one.which = at + 1
        mode = "change" if one.options or one.quantity is not None else "remove"
        made.append(Act(mode, lines=tuple(lines_of(one, None, lexicon, basket[at]))))
    if len(made) == 1:
        acts += made
        return []
    return [Doubt(telling[0].text, tuple(made[:MOST_CANDIDATES]))]


def _called(item: str, words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether `words` are a part of a name of an item."""
    keys = (words_of(name) for names in lexicon.catalogue.items[item].names.values() for name in names)
    return any(key[at : at + len(words)] == tuple(words) for key in keys for at in range(len(key)))


def is_so(line: LineSaid, options: Sequence[Option], lexicon: Lexicon) -> bool:
    """Whether a line of the basket is as it is described."""
    item = line.item or ""
    chosen = {(one.option, one.choice) for one in line.options if one.amount != NEGATIVE}
    about = lexicon.catalogue.items[item]
    said = {one.option for one in line.options}
    chosen |= {(one.id, one.default) for one in about.options if one.default and one.id not in said}
    return all(any(pair in chosen for pair in one.places.get(item, ())) == (one.amount != NEGATIVE) for one in options)


def _either(draft: Draft, item: str, lexicon: Lexicon, mode: str) -> Doubt | None:
    """Which of two is meant, where only one can be had and both were said in one breath: "a small large latte"."""
    about = lexicon.catalogue.items[item]
    for at, (one, other) in enumerate(pairwise(draft.options)):
        mine, others = one.places.get(item, ())[:1], other.places.get(item, ())[:1]
        if one.end != other.start or not mine or not others or mine[0][0] != others[0][0] or mine == others:
            continue
        kind = about.option(mine[0][0])
        if kind is None or kind.choose != "one" or kind.halves or {one.amount, other.amount} != {None}:
            continue
        made = []
        for left_out in (at + 1, at):
            whole = copy(draft)
            whole.options = [option for i, option in enumerate(draft.options) if i != left_out]
            made.append(Act(mode, lines=tuple(lines_of(whole, item, lexicon))))
        return Doubt(f"{one.text} {other.text}", tuple(made))
    return None


def _apart(draft: Draft, item: str, lexicon: Lexicon) -> Doubt | None:
    """Whether some come on top or out of those before, where both can be: "two lattes with foam, one without"."""
    inside = [sub for sub in draft.subs if not sub.also and not sub.told]
    if len(inside) != 1 or len(draft.subs) > 1 or not _against(draft.options, inside[0].options, item, lexicon):
        return None
    top = copy(draft)
    top.subs = [copy(inside[0])]
    top.subs[0].also = True
    made = tuple(Act("add", lines=tuple(lines_of(one, item, lexicon))) for one in (top, draft))
    return Doubt(draft.heard, made) if draft.mode in (None, "add") else None


def _against(options: Sequence[Option], others: Sequence[Option], item: str, lexicon: Lexicon) -> bool:
    """Whether what is said of one part denies what is said of the whole."""
    about = lexicon.catalogue.items[item]
    for other in others:
        for one in options:
            mine, its = one.places.get(item, ())[:1], other.places.get(item, ())[:1]
            kind = about.option(mine[0][0]) if mine else None
            if kind is None or not its or mine[0][0] != its[0][0]:
                continue
            if kind.choose == "one" and mine != its:
                return True
            if mine == its and (one.amount == NEGATIVE) != (other.amount == NEGATIVE):
                return True
    return False


def _kinds(draft: Draft, item: str, lexicon: Lexicon, mode: str) -> Doubt | None:
    """Which choice is meant, where only its kind was named: "a latte with syrup"."""
    for at, option in enumerate(draft.options):
        where = option.places.get(item, ())
        if not option.any or option.amount == NEGATIVE or len(where) < 2:
            continue
        made = []
        for pair in where[:MOST_CANDIDATES]:
            one = copy(option)
            one.places, one.any = {item: (pair,)}, False
            whole = copy(draft)
            whole.options = [*draft.options[:at], one, *(o for o in draft.options[at + 1 :] if not o.any)]
            made.append(Act(mode, lines=tuple(lines_of(whole, item, lexicon))))
        return Doubt(option.text, tuple(made))
    return None


def _rooms(draft: Draft, lexicon: Lexicon, owned: Sequence[str]) -> None:
    """ "Five rooms", where one kind of them is booked already: so many of those."""
    mine = tuple(dict.fromkeys(item for item in owned if item in draft.items))
    rooms = all(lexicon.catalogue.items[item].adults for item in draft.items)
    if len(draft.items) > 1 and len(mine) == 1 and rooms and draft.quantity is not None and not draft.article:
        draft.items = mine
        if not draft.more and draft.mode in (None, "add"):
            draft.mode, draft.verb = "change", True


def _whole(draft: Draft, made: Sequence[Act]) -> list[Act]:
    """The whole counts on either side of one that isn't whole: one or two for one and a half."""
    count = draft.quantity or 0
    return [
        Act(act.act, lines=tuple(LineSaid(one.item, number, one.options, one.which) for one in act.lines))
        for act in made
        for number in (count, count + 1)
        if number > 0
    ]


def _from_list(draft: Draft, basket: Sequence[LineSaid], listed: Sequence[str]) -> bool:
    """Whether an ordinal points into what was listed last rather than into the basket."""
    assert isinstance(draft.which, int)
    if not listed or abs(draft.which) > len(listed) or draft.mode in ("remove", "change", "swap"):
        return False
    return draft.mode == "add" or not basket or not draft.options


def _single(draft: Draft, lexicon: Lexicon, owned: Sequence[str]) -> str | None:
    items = candidates(draft, lexicon, owned)
    return items[0] if items else None


def _mode(draft: Draft, owned: Sequence[str]) -> str:
    mode = draft.mode
    if mode == "swap":
        mode = "change"
    if mode == "remove":
        return "change" if draft.options and not draft.head else "remove"
    if not draft.head:
        return "add" if mode == "add" and (draft.more or not draft.options) else "change"
    if mode == "change":
        return mode
    known = any(item in owned for item in draft.items)
    if not known or draft.more or not (draft.options or draft.definite):
        return "add"
    uncounted = draft.quantity is None or draft.some or (draft.article and draft.definite)
    return "change" if uncounted and (draft.definite or not draft.verb) else "add"


def _which(line: LineSaid, draft: Draft, basket: Sequence[LineSaid], lexicon: Lexicon) -> LineSaid:
    """ "the second burger": the position in the basket among the lines of that item."""
    if draft.which == "all" and line.item is not None:
        many = sum(1 for one in basket if one.item == line.item) > 1
        return LineSaid(line.item, line.quantity, line.options, "all" if many else None)
    if not isinstance(draft.which, int) or line.item is None:
        return line
    places = [index + 1 for index, one in enumerate(basket) if one.item == line.item]
    if not places:
        return line
    number = draft.which
    if 1 <= number <= len(places) or number == -1:
        return LineSaid(line.item, line.quantity, line.options, places[number - 1 if number > 0 else -1])
    return LineSaid(line.item, line.quantity, line.options, places[-1], 1)


def _merged(acts: Iterable[Act]) -> list[Act]:
    """Neighbours of the same kind become one act."""
    made: list[Act] = []
    for act in acts:
        if (
            made
            and made[-1].act == act.act
            and act.act in ("add", "remove", "change")
            and not act.instead_of
            and not made[-1].instead_of
        ):
            made[-1] = Act(act.act, lines=(*made[-1].lines, *act.lines))
        else:
            made.append(act)
    return made
