"""Drafts of lines become acts: add, remove, change; what may be meant in several ways is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from itertools import pairwise

from msgspec.structs import replace

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.ordering.drafts import (
    MOST_CANDIDATES,
    NEGATIVE,
    Draft,
    Option,
    akin,
    called_after,
    candidates,
    has_off,
    is_so,
    lines_of,
    meant,
    units,
)
from assistant.understanding.ordering.packs import in_packs, in_pieces
from assistant.understanding.words.lexicon import Lexicon
from assistant.understanding.words.text import words_of


def of_what_is_there(drafts: Sequence[Draft], owned: Sequence[str]) -> None:
    """Goods by their kind, of which something is to be changed, are those that are there: 汉堡加培根, "burger with
    bacon", where there is one burger."""
    for draft in drafts:
        if draft.head and len(draft.items) > 1 and _mode(draft, owned) == "change":
            draft.definite = True


def acts_of(
    drafts: Sequence[Draft],
    lexicon: Lexicon,
    basket: Sequence[LineSaid],
    tag: str,
    listed: Sequence[str] = (),
    last: str | None = None,
) -> tuple[list[Act], list[Doubt]]:
    """Drafts as acts, in order; what may be several goods is asked. `listed`: goods that "the second one" may mean;
    `last`: the item of the line last spoken of."""
    for draft in drafts:
        if draft.reference and not draft.items and isinstance(draft.which, int) and _from_list(draft, basket, listed):
            draft.items, draft.which, draft.definite = (listed[draft.which - (draft.which > 0)],), None, False
            draft.head, draft.mode = True, "add"
        done = bool(draft.options) or draft.old or draft.mode == "remove"
        if isinstance(draft.which, int) and draft.quantity is None and done:
            _one_unit(draft, draft.which, basket)
    made = _Made(lexicon, basket, tag, last)
    _listed_with_new(drafts, made.owned)
    index = 0
    while index < len(drafts):
        draft = drafts[index]
        if draft.old and index + 1 < len(drafts) and not drafts[index + 1].old:
            behind = _goes_with(drafts, index)
            made.swap(draft, drafts[behind])
            for one in drafts[index + 1 : behind]:
                made.make(one)
            index = behind + 1
            _comes_too(drafts[index : index + 1], made.owned)
        elif _in_place_of_next(drafts, index):
            made.swap(drafts[index + 1], draft)
            index += 2
        else:
            made.make(draft)
            index += 1
    return _merged(made.acts), made.doubts


def _listed_with_new(drafts: Sequence[Draft], owned: Sequence[str]) -> None:
    """ "Fries and large coke": beside goods that are ordered, one of a size is ordered, too, though there is one."""
    for draft in drafts:
        others = [one for one in drafts if one is not draft]
        told_first = 0 < len(draft.options) == draft.left and draft.head and draft.mode in (None, "add")
        if not told_first or draft.verb or draft.definite or draft.quantity is not None or draft.old:
            continue
        if others and all(one.head and not one.old and _mode(one, owned) == "add" for one in others):
            draft.mode, draft.verb = "add", True


def _one_unit(draft: Draft, place: int, basket: Sequence[LineSaid]) -> None:
    """ "The second one" of goods that are one line is one of them: "no onions on the second", of two burgers."""
    lines = [at for at, one in enumerate(basket) if not draft.items or one.item in draft.items]
    able = [at for at in lines if all(basket[at].item in option.places for option in draft.options)]
    index = place - 1 if place > 0 else place
    there = lines[index] if -len(lines) <= index < len(lines) else None
    if len(able) != 1 or (there in able and len(lines) > 1 and not draft.options):
        return
    units = basket[able[0]].quantity or 1
    if units > 1 and abs(place) <= units:
        draft.which, draft.quantity, draft.some = able[0] + 1 if len(basket) > 1 else None, 1, True


class _Made:
    """The acts and doubts that are made of drafts, over one basket."""

    def __init__(self, lexicon: Lexicon, basket: Sequence[LineSaid], tag: str, last: str | None) -> None:
        self.lexicon, self.basket, self.tag, self.last = lexicon, basket, tag, last
        self.owned = [line.item for line in basket if line.item is not None]
        self.acts: list[Act] = []
        self.doubts: list[Doubt] = []

    def swap(self, old: Draft, new: Draft) -> None:
        """Goods in the place of others."""
        gone = LineSaid(_single(old, self.lexicon, self.owned), old.quantity, (), old.which)
        if new.quantity == 1 and not new.article and old.quantity is None and gone.item is not None:
            there = units(self.basket, (gone.item,))  # "the Cokes for one Sprite": all of them go
            gone = replace(gone, quantity=there if there > 1 else None)
        quantity = new.quantity if new.quantity is not None else old.quantity
        goods = candidates(new, self.lexicon, self.owned)
        if len(goods) > 1 and (whose := gone.item or (self.last if old.which is None else None)):
            known = self.lexicon.catalogue.items
            goods = tuple(one for one in goods if called_after(known[one], known[whose])) or goods
        made = []
        for item in goods[:MOST_CANDIDATES]:
            lines = lines_of(new, item, self.lexicon)
            if quantity is not None and len(lines) == 1:
                lines = [LineSaid(item, quantity, lines[0].options)]
            made.append(Act("change", lines=tuple(lines), instead_of=(gone,)))
        pointed = old.reference and old.which is None
        if len(goods) == 1 and pointed:
            made = _in_whose_place(made[0], self.basket, self.last, self.lexicon)
        same = pointed and goods == (self.last,) and new.article
        if len(made) > 1 or (same and not new.options):  # "make it a coke" of a coke may be a count misheard
            self.doubts.append(Doubt(new.heard, tuple(made)))
        else:
            self.acts += made

    def make(self, draft: Draft) -> None:
        """What is added, taken off or changed."""
        _rooms(draft, self.lexicon, self.owned)
        mode = _mode(draft, self.owned)
        if mode == "change" and draft.quantity is None and not draft.options and not draft.subs:
            there = [item for item in draft.items if item in self.owned]
            if draft.head and draft.mode == "add" and draft.verb and len(there) == 1:
                self.acts.append(Act("change", lines=(LineSaid(there[0], None),)))  # "I'll take the coke"
            return
        if mode in ("remove", "change") and draft.head:
            _told_by(draft, self.basket, self.lexicon)
        elif mode in ("remove", "change") and _tells(draft):
            self.doubts += _told_apart(draft, self.basket, self.lexicon, self.acts)
            return
        if mode == "change" and (several := _some_of(draft, self.basket, self.last, self.lexicon)):
            self.doubts.append(several)
            return
        if mode == "change" and (short := self._short_for_goods(draft)):
            self.doubts.append(short)
            return
        if mode == "add" and (two := self._or_two_goods(draft)):
            self.doubts.append(two)
            return
        items = candidates(draft, self.lexicon, self.owned)
        if mode == "change" and len(items) > 1 and draft.options and not set(items) & set(self.owned):
            items = ()  # "no onions on the burger", of a meal
        if draft.halved and mode in ("remove", "change") and draft.quantity is None:
            self._halve(draft, items)
        if len(items) == 1 and len(draft.options) > 1:
            _settle(draft, items[0], self.lexicon)
        if len(items) == 1 and mode == "add" and self.lexicon.catalogue.items[items[0]].adults:
            self._ask_after_room(draft, items[0])
        if len(items) == 1 and (doubt := self._doubted(draft, items[0], mode)):
            self.doubts.append(doubt)
            return
        if not items and mode == "change":
            doubt = self._so_many_packs(draft) or self._kinds_of_it(draft)
            if doubt is not None:
                self.doubts.append(doubt)
                return
        if not items:
            self.acts.append(self._without_goods(draft, mode))
            return
        made = [self._act(draft, item, mode) for item in items[:MOST_CANDIDATES]]
        every = mode == "remove" or (mode == "change" and draft.options and draft.quantity is None)
        if len(items) > 1 and draft.which == "all" and every and set(items) <= set(self.owned):
            self.acts.append(Act(mode, lines=tuple(line for act in made for line in act.lines)))
        elif len(items) > 1 or draft.score < 0.85:
            uneven = draft.uneven and len(items) == 1
            self.doubts.append(Doubt(draft.heard, tuple(_whole(draft, made) if uneven else made)))
        else:
            self.acts.extend(made)

    def _so_many_packs(self, draft: Draft) -> Doubt | None:
        """电池 … 要八节: pieces of what was spoken of, where a pack has several of them, are no eight packs."""
        at = meant(draft, None, self.basket, self.last, self.lexicon)
        item = self.basket[at].item if at is not None else None
        if item is None or draft.options or draft.subs or not draft.measured or (draft.quantity or 0) < 2:
            return None
        return _in_packs(draft, item, self.lexicon, self.tag, "change")

    def _ask_after_room(self, draft: Draft, item: str) -> None:
        """ "A twin with breakfast", where there are several: the room is taken, and then that is asked."""
        left = copy(draft)
        left.head, left.quantity = False, None
        left.options = [one for one in draft.options if one.any][:1]
        doubt = _kinds(left, item, self.lexicon, "change", LineSaid(item)) if not draft.subs else None
        if doubt is not None:
            draft.options = [one for one in draft.options if not one.any]
            self.doubts.append(doubt)

    def _kinds_of_it(self, draft: Draft) -> Doubt | None:
        """ "Add syrup", 加个蛋, where there are several: which one goes on what was spoken of last."""
        at = meant(draft, None, self.basket, self.last, self.lexicon)
        there = self.basket[at] if at is not None else None
        if there is None or there.item is None:
            return None
        return _kinds(draft, there.item, self.lexicon, "change", there)

    def _short_for_goods(self, draft: Draft) -> Doubt | None:
        """ "Two pepperoni", of a pizza that is there: so much more on it, or so many pizzas that are called so."""
        option = draft.options[0] if len(draft.options) == 1 and not draft.head else None
        if option is None or len(option.short) != 1 or option.amount is not None or draft.mode not in (None, "add"):
            return None
        count = max(option.count or 1, draft.quantity or 1)
        at = meant(draft, None, self.basket, self.last, self.lexicon)
        if at is None or count < 2 or count <= (self.basket[at].quantity or 1):
            return None
        goods = Act("add", lines=(LineSaid(option.short[0], count),))
        return Doubt(option.text, (goods, self._without_goods(draft, "change")))

    def _or_two_goods(self, draft: Draft) -> Doubt | None:
        """ "Margherita and pepperoni": two pizzas, or one with pepperoni."""
        option = next((one for one in draft.options if one.beside and len(one.short) == 1), None)
        goods = self.lexicon.catalogue.items
        if option is None or len(draft.items) != 1 or draft.subs:
            return None
        item, other = draft.items[0], option.short[0]
        if other == item or goods[other].category != goods[item].category:
            return None
        bare = copy(draft)
        bare.options = [one for one in draft.options if one is not option]
        sizes = draft.options[: draft.left]
        twin = copy(draft)
        twin.items, twin.options = (other,), sizes
        twin.quantity = draft.quantity if draft.article else None
        two = Act("add", lines=(*lines_of(bare, item, self.lexicon), *lines_of(twin, other, self.lexicon)))
        return Doubt(option.text, (two, Act("add", lines=tuple(lines_of(draft, item, self.lexicon)))))

    def _halve(self, draft: Draft, items: Sequence[str]) -> None:
        """ "Half of the burgers", of as many as can be halved."""
        at = meant(draft, None, self.basket, self.last, self.lexicon) if not items else None
        units = sum(line.quantity or 1 for i, line in enumerate(self.basket) if line.item in items or i == at)
        if units and units % 2 == 0:
            draft.quantity, draft.score, draft.some = units // 2, 1.0, True

    def _doubted(self, draft: Draft, item: str, mode: str) -> Doubt | None:
        """What is to be asked although it is known which goods are meant."""
        many = draft.few or (draft.quantity or 0) > 1
        return (
            (_in_packs(draft, item, self.lexicon, self.tag, mode) if many else None)
            or (_in_pieces(draft, item, self.lexicon, self.tag, mode) if many else None)
            or _either(draft, item, self.lexicon, mode)
            or _kinds(draft, item, self.lexicon, mode)
            or _apart(draft, item, self.lexicon)
        )

    def _act(self, draft: Draft, item: str, mode: str) -> Act:
        at = meant(draft, item, self.basket, self.last, self.lexicon) if mode == "change" or draft.alike else None
        there = self.basket[at] if at is not None else None
        lines = lines_of(draft, item, self.lexicon, there if mode == "change" else None)
        if draft.alike and there is not None and mode == "add":
            lines = [LineSaid(one.item, one.quantity, (*there.options, *one.options)) for one in lines]
        return Act(mode, lines=tuple(_which(line, draft, self.basket, self.lexicon) for line in lines))

    def _without_goods(self, draft: Draft, mode: str) -> Act:
        """What is said of a line that isn't named: the one spoken of last, unless its words are of another."""
        at = meant(draft, None, self.basket, self.last, self.lexicon)
        there = self.basket[at] if at is not None else None
        off = [option for option in draft.options if option.amount == NEGATIVE]
        if draft.which is None and (gone := self._that_are(draft.options)):
            return Act("remove", lines=tuple(LineSaid(None, draft.quantity, (), one + 1) for one in gone))
        named = any(option.goods for option in draft.options) or (there is not None and has_off(there, off))
        if at is not None and there is not None and draft.which is None and there.item != self.last and named:
            draft.which = at + 1
        return Act(mode, lines=tuple(lines_of(draft, None, self.lexicon, there)))

    def _that_are(self, options: Sequence[Option]) -> list[int]:
        """大份的不要了: the places of the lines that are so, where others aren't. Of what can only be one way there is
        nothing to leave out."""
        if len(options) != 1 or options[0].amount != NEGATIVE:
            return []
        having = [at for at, line in enumerate(self.basket) if line.item in options[0].places]
        if not all(self._must_be(self.basket[at].item or "", options[0]) for at in having):
            return []
        so = [at for at in having if not is_so(self.basket[at], options, self.lexicon)]
        return so[::-1] if len(so) < len(having) else []  # the last first: each place is one of what is left then

    def _must_be(self, item: str, said: Option) -> bool:
        """Whether goods are always one of several ways, and none of them is to be without: a size."""
        (path, _), *_ = said.places[item]
        option = self.lexicon.catalogue.items[item].option(path)
        if option is None or option.choose != "one" or not option.required:
            return False
        none = [places.get(item, ()) for (amount, _), places in self.lexicon.composed.items() if amount == NEGATIVE]
        return not any(one == path for pairs in none for one, _ in pairs)


def _in_packs(draft: Draft, item: str, lexicon: Lexicon, tag: str, mode: str) -> Doubt | None:
    """How many are wanted, where only "a few" are; or how many packs, where pieces were counted that make no whole
    ones. Those that do are counted so."""
    if draft.few and draft.quantity is None and mode == "add":
        lines = tuple(lines_of(draft, item, lexicon))
        return Doubt(draft.heard, (Act(mode, lines=lines, value={"pack": "", "size": 0}),), "pack")
    pack = in_packs(draft, lexicon.catalogue.items[item], lexicon, tag) if mode != "remove" else None
    count = draft.quantity or 0
    if pack is None or draft.uneven:
        return None
    if pack.size and count % pack.size == 0 and pack.named:
        draft.quantity = count // pack.size
        return None
    one = copy(draft)
    one.quantity = None
    value = {"pack": pack.name, "size": pack.size}
    return Doubt(draft.heard, (Act(mode, lines=tuple(lines_of(one, item, lexicon)), value=value),), "pack")


def _in_pieces(draft: Draft, item: str, lexicon: Lexicon, tag: str, mode: str) -> Doubt | None:
    """ "Twenty nuggets", where they come by six, nine or twenty: one portion of twenty, or twenty portions."""
    found = in_pieces(draft, lexicon.catalogue.items[item], lexicon, tag) if mode == "add" else None
    if found is None:
        return None
    one, (portion, many) = copy(draft), found
    one.quantity, one.options = many, [*draft.options, portion]
    return Doubt(draft.heard, tuple(Act(mode, lines=tuple(lines_of(it, item, lexicon))) for it in (one, draft)))


def _in_whose_place(act: Act, basket: Sequence[LineSaid], last: str | None, lexicon: Lexicon) -> list[Act]:
    """ "Make that a fish burger", where the line spoken of last is a drink and there are burgers: it may be any."""
    goods = lexicon.catalogue.items
    item, last = act.lines[0].item or "", last or ""
    if item not in goods or last not in goods or goods[last].category == goods[item].category:
        return [act]
    owned = dict.fromkeys(line.item or "" for line in basket if line.item in goods)
    alike = [one for one in owned if one != item and akin(goods[one], goods[item])]
    return [replace(act, instead_of=(LineSaid(one),)) for one in [*alike, last][:MOST_CANDIDATES]] if alike else [act]


def _in_place_of_next(drafts: Sequence[Draft], index: int) -> bool:
    """ "A sprite instead of the coke": the goods that give way come second, and nothing else takes their place."""
    if index + 1 >= len(drafts) or drafts[index].old or not drafts[index + 1].old or drafts[index + 1].mode == "remove":
        return False
    after = drafts[index + 2] if index + 2 < len(drafts) else None
    return after is None or after.old or after.mode != "change" or drafts[index].mode == "change"


def _goes_with(drafts: Sequence[Draft], index: int) -> int:
    """Where the goods are that come in the place of those at a place, over others that go with them: "swap the milk and
    the bread for butter"."""
    after = index + 1
    while after + 1 < len(drafts) and drafts[index].mode == "swap" and drafts[after].mode == "remove":
        after += 1
    return after


def _comes_too(following: Sequence[Draft], owned: Collection[str]) -> None:
    """ "Swap the milk for butter and cheese": what is named behind what comes in the place of other goods comes too."""
    for draft in following:
        bare = draft.head and not (draft.old or draft.definite or draft.reference)
        if bare and draft.mode in ("swap", "change") and set(draft.items).isdisjoint(owned):
            draft.mode, draft.verb = "add", True


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


def _some_of(draft: Draft, basket: Sequence[LineSaid], last: str | None, lexicon: Lexicon) -> Doubt | None:
    """ "Make one of them large", where the line spoken of last has no more than that: the one that has is meant, or it
    is asked which."""
    if draft.head or not draft.some or draft.which is not None or not draft.options or draft.quantity is None:
        return None
    fits = [at for at, line in enumerate(basket) if all(line.item in one.places for one in draft.options)]
    at = meant(draft, None, basket, last, lexicon)
    if at is None or len(fits) < 2 or (basket[at].quantity or 1) > draft.quantity:
        return None
    many = [one for one in fits if (basket[one].quantity or 1) > (draft.quantity or 1)]
    if len(many) == 1:
        draft.which = many[0] + 1
        return None
    made = []
    for one in (many or fits)[:MOST_CANDIDATES]:
        told = copy(draft)
        told.which = one + 1
        made.append(Act("change", lines=tuple(lines_of(told, None, lexicon, basket[one]))))
    return Doubt(draft.options[0].text, tuple(made))


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


def _settle(draft: Draft, item: str, lexicon: Lexicon) -> None:
    """ "Large medium spicy": a word for choices of several options is of the one that isn't chosen beside it."""
    if max([len(one.places.get(item, ())) for one in draft.options]) < 2:
        return
    about = lexicon.catalogue.items[item]
    taken = {pairs[0][0] for one in draft.options if len(pairs := one.places.get(item, ())) == 1}
    for option in draft.options:
        where = option.places.get(item, ())
        free = [pair for pair in where if pair[0] not in taken]
        kinds = [about.option(path) for path, _ in where]
        if len(free) == 1 < len(where) and all(kind is not None and kind.choose == "one" for kind in kinds):
            option.places = {**option.places, item: tuple(free)}


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


def _kinds(draft: Draft, item: str, lexicon: Lexicon, mode: str, there: LineSaid | None = None) -> Doubt | None:
    """Which choice is meant, where only its kind was named: "a latte with syrup". `there`: the line that it is put on,
    where that isn't named."""
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
            lines = lines_of(whole, item if there is None else None, lexicon, there)
            made.append(Act(mode, lines=tuple(lines)))
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
    known = any(item in owned for item in draft.items)
    if mode == "change" and not known and not owned and draft.mode == "change":
        told = draft.quantity is not None and not (draft.definite or draft.old or draft.which or draft.some)
        return "add" if told else mode  # "could you make one ramen without pork"
    if mode == "change":
        return mode
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
