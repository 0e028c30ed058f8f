"""Lines in the making, and how they become acts: add, remove, change, or a question which goods are meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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

    __slots__ = ("amount", "count", "part", "places", "text")

    def __init__(self, places: Places, text: str, amount: str | None = None, count: int | None = None) -> None:
        self.places = places
        self.text = text
        self.amount = amount
        self.count = count
        self.part: str | None = None


class Draft:
    """One line in the making."""

    __slots__ = (
        "also", "article", "definite", "head", "heard", "items", "left", "mode", "more", "of", "old", "options",
        "quantity", "reference", "score", "subs", "verb", "which",
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
        self.of: int | None = None
        self.old = False
        """Goods that others take the place of."""
        self.subs: list[Draft] = []
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


def chooses_one(lexicon: Lexicon, places: Places, target: Draft) -> bool:
    """Whether the goods take but one of this option: a size is no countable thing."""
    for item in target.items:
        for path, _ in places.get(item, ()):
            option = lexicon.catalogue.items[item].option(path)
            return option is not None and option.choose == "one"
    return False


def option_said(option: Option, item: str | None, lexicon: Lexicon) -> OptionSaid | None:
    """An option on one item, by the shop's ids."""
    places = option.places
    where = places.get(item) if item is not None else None
    if where is None:
        where = next(iter(places.values()))
    path, choice = where[0]
    found = lexicon.catalogue.items.get(item) if item is not None else None
    if found is None:
        found = lexicon.catalogue.items[next(iter(places))]
    about = found.option(path)
    amount: str | int | None = option.amount
    if about is not None and about.choose == "one":
        if amount == NEGATIVE:
            return OptionSaid(path, choice, NEGATIVE)
        return OptionSaid(path, choice, None, option.part)
    if option.count is not None:
        allowed = about.most_each > 1 if about is not None else True
        amount = (
            option.count
            if allowed
            else "double"
            if about and "double" in about.amounts and option.count == 2
            else "extra"
        )
    return OptionSaid(path, choice, amount or "normal", option.part)


def _options(options: Iterable[Option], item: str | None, lexicon: Lexicon) -> tuple[OptionSaid, ...]:
    """What stands at the end: a later word on the same choice, or on the same choose-one option, wins."""
    made: dict[tuple[str, str | None], OptionSaid] = {}
    for option in options:
        said = option_said(option, item, lexicon)
        if said is None:
            continue
        key: tuple[str, str | None] = (said.option, said.choice)
        found = lexicon.catalogue.items.get(item) if item else None
        about = found.option(said.option) if found else None
        if about is not None and about.halves and about.choose == "one":
            parts = [one for one in made.values() if one.option == said.option and one.choice != said.choice]
            if len(parts) == 1 and said.part is None:
                made = {k: v for k, v in made.items() if v is not parts[0]}
                made[parts[0].option, parts[0].choice] = OptionSaid(parts[0].option, parts[0].choice, None, "left")
                said = OptionSaid(said.option, said.choice, None, "right")
        elif said.amount is None or (about is not None and about.choose == "one"):
            key = (said.option, None)
        made.pop(key, None)
        made[key] = said
    return tuple(made.values())


def lines_of(draft: Draft, item: str | None, lexicon: Lexicon) -> list[LineSaid]:
    """A draft as lines: its subs come out of its count, or on top of it."""
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
            LineSaid(item, sub.quantity, _options([*(base if not sub.also else shared), *sub.options], item, lexicon))
            for sub in subs
        ]
    if not subs or rest is None or rest != 0:
        lines.insert(0, LineSaid(item, rest, _options(base, item, lexicon), draft.which, draft.of))
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


def acts_of(
    drafts: Sequence[Draft], lexicon: Lexicon, basket: Sequence[LineSaid], listed: Sequence[str] = ()
) -> tuple[list[Act], list[Doubt]]:
    """Drafts as acts, in order; what may be several goods is asked. `listed`: goods that "the second one" may mean."""
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
        mode = _mode(draft, owned)
        if mode == "change" and draft.quantity is None and not draft.options and not draft.subs:
            continue
        items = candidates(draft, lexicon, owned)
        made = [
            Act(mode, lines=tuple(_which(line, draft, basket, lexicon) for line in lines_of(draft, item, lexicon)))
            for item in items[:MOST_CANDIDATES]
        ]
        if not items:
            acts.append(Act(mode, lines=tuple(lines_of(draft, None, lexicon))))
        elif len(items) > 1 or draft.score < 0.85:
            doubts.append(Doubt(draft.heard, tuple(made)))
        else:
            acts.extend(made)
    return _merged(acts), doubts


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
        if mode == "add" and not draft.options:
            return "add"
        return "change"
    if mode == "change":
        return mode
    known = any(item in owned for item in draft.items)
    if not known or draft.more or not (draft.options or draft.definite):
        return "add"
    uncounted = draft.quantity is None or (draft.article and draft.definite)
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
