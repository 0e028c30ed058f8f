"""Lines in the making: options as they were heard, and where they belong on their goods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from assistant.commerce.catalogue import Item
from assistant.turns import LineSaid, OptionSaid
from assistant.understanding.words.lexicon import Lexicon, Places
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import words_of

MOST_CANDIDATES = 6
NEGATIVE = "no"
ADDED = "added"
"""An amount that puts on what isn't on the goods, and more of what is: 베이컨 추가."""


def valid(option: Places, items: Sequence[str]) -> bool:
    return any(item in option for item in items)


def units(lines: Iterable[LineSaid], items: Sequence[str]) -> int:
    """How many of these goods there are."""
    return sum([line.quantity or 1 for line in lines if line.item in items])


class Option:
    """One option as it was heard: where it may belong is decided when its goods are known."""

    __slots__ = (
        "after",
        "amount",
        "any",
        "beside",
        "count",
        "doubled",
        "end",
        "goods",
        "more",
        "part",
        "places",
        "scope",
        "short",
        "start",
        "tells",
        "text",
    )

    def __init__(self, places: Places, span: Span, amount: str | None = None, count: int | None = None) -> None:
        self.places = places
        self.text = span.text
        self.start, self.end = span.start, span.end
        self.short: tuple[str, ...] = span.has.get("goods", ())
        """It is short for goods, too: pepperoni pizzas."""
        self.goods = "item" in span.has
        """It is the name of goods too: a meal's drink."""
        self.any = places is span.has.get("kinds")
        """Only its kind was named: "syrup"."""
        self.beside = False
        """It stands right behind "and" and the name of goods: "margherita and pepperoni"."""
        self.amount = amount
        self.doubled = False
        """Its amount was said as twice as much."""
        self.after = False
        """Its amount was said behind it, or is of nothing that follows."""
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
        "anew",
        "article",
        "at",
        "definite",
        "denied",
        "few",
        "halved",
        "head",
        "heard",
        "items",
        "left",
        "measured",
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
        self.at = -1
        """The token where its goods are named."""
        self.reference = False
        """It stands for something said before: "it", "the second one"."""
        self.which: int | str | None = None
        self.quantity: int | None = None
        self.article = False
        self.options: list[Option] = []
        self.left = 0
        """So many of the options came before the head."""
        self.definite = False
        self.measured = ""
        """The word that measures its goods, where more than one was counted: "boxes of"."""
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
        self.few = False
        """Several are wanted, and it wasn't said how many."""
        self.halved = False
        """Half of it was said."""
        self.anew = False
        """A "no" stands before it: it is said in the place of something."""
        self.denied = False
        """Taken back by a mere "not": what follows takes its place."""
        self.old = False
        """Goods that others take the place of."""
        self.subs: list[Draft] = []
        self.told = False
        """It was said to be one of them."""
        self.also = False
        """A sub that comes on top of the line rather than out of it."""


def compose(lexicon: Lexicon, amount: str, span: Span, items: Sequence[str], folds: int = 0) -> Places | None:
    """The choice that an amount and the rest of its name make together: light + ice, no + sugar. `folds`: how many
    times the amount is, where it tells."""
    places = lexicon.composed.get((amount, words_of(span.text)))
    if places is None or (items and not valid(places, items)):
        return None
    chosen: Places | None = span.has.get("choice")
    if folds and chosen is not None and _same_choice(places, chosen, items):
        return None  # "double beef", where beef is called "extra beef", too
    if chosen is None or not items or not valid(chosen, items) or amount not in ("extra", "light"):
        return places
    same = any(places[item][0][0] == chosen[item][0][0] for item in items if item in places and item in chosen)
    return places if same else None


def of_kind(lexicon: Lexicon, amount: str, span: Span, items: Sequence[str]) -> Places | None:
    """ "No sauce", "extra sauce": the one choice of an option that comes with the goods. None where several do: it
    isn't said which, and "no extras" may mean none besides them."""
    named: Mapping[str, Sequence[str]] = span.has.get("option", {})
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for item in items:
        for path in named.get(item, ()) if "choice" not in span.has else ():
            about = lexicon.catalogue.items[item].option(path)
            if about is None:
                continue
            if about.choose == "one":
                coming = [about.default] if about.required and about.default and amount == NEGATIVE else []
            else:
                coming = [one.id for one in about.choices if one.included] if amount in about.amounts else []
            if len(coming) == 1:
                found.setdefault(item, ((path, coming[0]),))
    return found or None


def _same_choice(places: Places, other: Places, items: Sequence[str]) -> bool:
    """Whether both are the same choice of these goods."""
    return any(item in other and places[item] == other[item] for item in items if item in places)


def amend(lexicon: Lexicon, option: Option, amount: str, target: Draft | None, folds: int = 0) -> None:
    """An amount said behind the option that it is about. `folds`: how many times it is, where it tells."""
    if amount == "with":
        return
    items = target.items if target is not None else ()
    option.after = True
    places = lexicon.composed.get((amount, words_of(option.text)))
    told = folds and places is not None and _same_choice(places, option.places, items)
    if places is not None and (not items or valid(places, items)) and not told:
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


def apart_by_choice(lexicon: Lexicon, orphan: Draft, draft: Draft) -> bool:
    """ "A large and a small latte", "a large ham and a large tuna pizza": two lines, for both name a choice of which
    there is but one. What is said twice with nothing else is one: "a large, a large latte"."""
    more = len(orphan.options) > 1
    for item in draft.items:
        ones = [{pairs[0] for one in each.options if (pairs := one.places.get(item, ()))} for each in (orphan, draft)]
        about = lexicon.catalogue.items[item]
        for path, choice in ones[0]:
            kind, others = about.option(path), {other for place, other in ones[1] if place == path}
            if kind is not None and kind.choose == "one" and (others if more else others - {choice}):
                return True
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
    if option.doubled and about is not None and "double" in about.amounts:
        amount = "double"
    if amount == ADDED:
        amount = "extra" if _is_on(lexicon, item, where, line) else None
    if about is not None and about.choose == "one":
        if amount == NEGATIVE:
            return OptionSaid(path, choice, NEGATIVE)
        return OptionSaid(path, choice, None, option.part if about.halves else None)
    if option.count is not None and amount != NEGATIVE:
        if about is None or about.most_each > 1:
            had = next((1 if one in (None, "normal") else one for one in _had(line, where)), 0) if option.more else 0
            amount = option.count + (had if isinstance(had, int) else 0)
        elif option.count == 2 and "double" in about.amounts:
            amount = "double"
        else:
            amount = None if option.count == 1 and not _is_on(lexicon, item, where, line) else "extra"
    return OptionSaid(path, choice, amount or "normal", option.part if about is None or about.halves else None)


def _is_on(lexicon: Lexicon, item: str, where: tuple[str, str], line: LineSaid | None) -> bool:
    """Whether a choice is on goods as they come, or as the line has them."""
    had = _had(line, where)
    return had[0] != NEGATIVE if had else included(lexicon, {item: (where,)}, item)


def _had(line: LineSaid | None, where: tuple[str, str]) -> list[str | int | None]:
    """How much of a choice a line has; nothing where it isn't said of it."""
    return [one.amount for one in line.options if (one.option, one.choice) == where] if line is not None else []


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
        owner = _owner(option, item, lexicon)
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


def _owner(option: Option, item: str | None, lexicon: Lexicon) -> str:
    """The goods whose option it is: those at hand, unless it can't be theirs: "extra cheese" is no kind of a half."""
    others = [one for one in option.places if one != item]
    if item is None or item not in option.places:
        return others[0]
    about = [lexicon.catalogue.items[item].option(path) for path, _ in option.places[item]]
    kinds = option.amount == "extra" and all(one is not None and one.halves and one.choose == "one" for one in about)
    return others[0] if kinds and others else item


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
            if sum([one.quantity or 1 for one in lines], rest or 0) <= (line.quantity or 1):
                lines = [replace(one, quantity=None, of=one.quantity) for one in lines]  # one so, and one otherwise
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
            able = tuple(item for item in mine if all(item in option.places for option in draft.options))
            return able or mine
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
    off = [one for one in draft.options if one.amount == NEGATIVE] if item is None else []

    def fits(at: int) -> tuple[bool, bool, bool, int]:
        return _has(basket[at], draft.options), has_off(basket[at], off), basket[at].item == last, at

    return max(lines, key=fits, default=None)


def has_off(line: LineSaid, options: Sequence[Option]) -> bool:
    """Whether a line has all of what is to be taken off again: "remove the caramel"."""
    on = {(one.option, one.choice) for one in line.options if one.amount not in (None, NEGATIVE)}
    return bool(options) and all(on & set(one.places.get(line.item or "", ())) for one in options)


def kin(lexicon: Lexicon, items: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Those of `others` whose names end as theirs do, oat milk and milk; else those of a kind with them."""
    goods = lexicon.catalogue.items
    mine = [goods[item] for item in items]
    ends = {end for item in mine for end in _ends(item)}
    alike = tuple(item for item in others if item in goods and not ends.isdisjoint(_ends(goods[item])))
    kinds = {item.category for item in mine}
    return alike or tuple(item for item in others if item in goods and goods[item].category in kinds)


def akin(one: Item, other: Item) -> bool:
    """Whether two things are of a kind and their names end alike: a fish burger, a chicken burger."""
    return one.category == other.category and bool(_ends(one) & _ends(other))


def other_kind(lexicon: Lexicon, span: Span, items: Sequence[str]) -> tuple[str, ...] | None:
    """The one thing of the same kind as these goods whose name has a word that theirs haven't: sugar-free, of cola."""
    key, goods = words_of(span.text), lexicon.catalogue.items
    if len(items) != 1 or items[0] not in goods or named_with(goods[items[0]], key):
        return None
    found = [one.id for one in goods.values() if akin(goods[items[0]], one) and named_with(one, key)]
    return (found[0],) if len(found) == 1 else None


def named_with(item: Item, key: tuple[str, ...]) -> bool:
    """Whether a name of a thing has these words, one after the other."""
    names = (words_of(name) for names in item.names.values() for name in names)
    return any(name[at : at + len(key)] == key for name in names for at in range(len(name)))


def called_after(item: Item, other: Item) -> bool:
    """Whether a name of a thing is that of another with more behind it: a cheeseburger meal."""
    for tag, names in other.names.items():
        for key in map(words_of, names):
            if any(words_of(name)[: len(key)] == key != words_of(name) for name in item.names.get(tag, ())):
                return True
    return False


def _ends(item: Item) -> set[tuple[str, ...]]:
    """The last words of a thing's names; of a name in another script, its last two letters."""
    keys = [words_of(name) for names in item.names.values() for name in names]
    return {key[-1:] if key[-1].isascii() else key[-2:] for key in keys if key}


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


def is_so(line: LineSaid, options: Sequence[Option], lexicon: Lexicon) -> bool:
    """Whether a line of the basket is as it is described."""
    item = line.item or ""
    chosen = {(one.option, one.choice) for one in line.options if one.amount != NEGATIVE}
    about = lexicon.catalogue.items[item]
    said = {one.option for one in line.options}
    chosen |= {(one.id, one.default) for one in about.options if one.default and one.id not in said}
    return all(any(pair in chosen for pair in one.places.get(item, ())) == (one.amount != NEGATIVE) for one in options)
