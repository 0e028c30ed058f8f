"""What an act means where something was asked: the answer to it, in whatever words. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from assistant.dialogue.draft import Draft
from assistant.dialogue.known import wanted_in_all
from assistant.dialogue.state import Asked
from assistant.turns import Act, LineSaid
from assistant.understanding.ordering.drafts import MOST_CANDIDATES


def of_options(asked: Asked, act: Act) -> bool:
    """Whether a change may answer for one of several things whose options are asked for."""
    return asked.step == "options" and bool(asked.candidates) and act.act == "change"


def pointed(draft: Draft, asked: Asked, act: Act) -> Act:
    """An act with the one of several things that it can only mean where something is asked."""
    if number := _told_by_option(asked, act):
        return Act("choose", number=number)
    if _says_it_again(asked, act):
        return Act("choose", act.lines, number=1)
    if of_options(asked, act) and (position := _line_asked_about(draft, asked, act)):
        return replace(act, lines=(replace(act.lines[0], item=None, which=position),))
    return act


def _says_it_again(asked: Asked, act: Act) -> bool:
    """Whether the goods that were asked about are named once more, with nothing else: "yes, a coke", 네 콜라요."""
    if asked.kind != "heard" or len(asked.candidates) != 1 or act.act != "add" or len(act.lines) != 1:
        return False
    meant, said = asked.candidates[0], act.lines[0]
    if len(meant) != 1 or meant[0].act != "add" or len(meant[0].lines) != 1 or act != Act("add", (said,)):
        return False
    return said.item == meant[0].lines[0].item and said == LineSaid(said.item, said.quantity)


def _told_by_option(asked: Asked, act: Act) -> int:
    """The one of several things in doubt that has the option which alone is said, whatever it is called; 0 for none."""
    said = act.lines[0] if act.act == "change" and len(act.lines) == 1 and not act.instead_of else None
    if asked.kind != "heard" or len(asked.candidates) < 2 or said is None or said.item is not None or not said.options:
        return 0
    if said.quantity is not None or said.which is not None:
        return 0
    fitting = [
        number
        for number, acts in enumerate(asked.candidates, 1)
        if len(acts) == 1 and len(acts[0].lines) == 1 and set(said.options) <= set(acts[0].lines[0].options)
    ]
    return fitting[0] if len(fitting) == 1 else 0


def _line_asked_about(draft: Draft, asked: Asked, act: Act) -> int:
    """The position of the line that lacks the option which was asked about and is said now, whichever line was spoken
    of last; 0 where something else is said."""
    said = act.lines[0] if act.act == "change" and len(act.lines) == 1 and not act.instead_of else None
    if said is None or said.which is not None or said.quantity is not None or draft.order is None:
        return 0
    offered = [acts[0].lines[0] for acts in asked.candidates]
    position, lines = offered[0].which, draft.order.lines
    if not isinstance(position, int) or not 0 < position <= len(lines):
        return 0
    item, path = lines[position - 1].item, offered[0].options[0].option
    if said.item not in (None, item) or not {one for line in offered for one in line.options} & set(said.options):
        return 0
    rest = {(one.option, one.choice) for one in said.options if one.option != path}
    has = {
        at: {one.option: one.choice for one in line.options} for at, line in enumerate(lines, 1) if line.item == item
    }
    lacking = [at for at in has if path not in has[at]]
    told = [at for at in lacking if rest and rest <= has[at].items()]  # "wheat for the large one"
    return next((at for at in (*told, position, *lacking) if at in lacking), 0)


def countable(asked: Asked) -> bool:
    """Whether a bare number says how many of what was asked about: "how many?", "sixty, is that right?"."""
    if asked.kind not in ("quantity", "unusual", "suggest", "fewer", "refund") or len(asked.candidates) != 1:
        return False
    acts = asked.candidates[0]
    return len(acts) == 1 and acts[0].act in ("add", "change", "refund") and len(acts[0].lines) == 1


def told_apart(draft: Draft, asked: Asked, act: Act) -> int | None:
    """How many are still to be told of goods of which it was asked which are meant, where several of them are named,
    each with its count: "a cheeseburger and a chicken burger", of two burgers. They may be any goods of the kind, where
    that was asked about. None where it isn't answered so."""
    if asked.kind != "heard" or act.act != "add" or len(asked.candidates) < 2:
        return None
    if not all(len(acts) == 1 and acts[0].act == "add" and len(acts[0].lines) == 1 for acts in asked.candidates):
        return None
    offered = {acts[0].lines[0].item for acts in asked.candidates}
    of_kind = _whole_kind(draft, offered)
    meant = [line.quantity or 1 for line in act.lines if line.item in offered or line.item in of_kind]
    return max(wanted_in_all(asked) - sum(meant), 0) if len(meant) > 1 else None


def _whole_kind(draft: Draft, offered: set[str | None]) -> set[str]:
    """All goods of a kind, where as many of it were offered as are ever named at once."""
    goods = draft.scene.catalogue.items
    kinds = {goods[item].category for item in offered if item is not None and item in goods}
    of_kind = {item for item, one in goods.items() if one.category in kinds} if len(kinds) == 1 else set()
    return of_kind if len(offered) >= min(len(of_kind), MOST_CANDIDATES) else set()


def named_instead(draft: Draft, asked: Asked, act: Act) -> Act | None:
    """Goods that are named where others were offered in the place of some in the basket: they take that place, too. Of
    those of which one was meant they are that one, as many as are said now: "two cheeseburgers", where it was asked
    which burger."""
    it = act.act == "change" and act.instead_of == (LineSaid(),)  # "make it a kids meal", of the meal asked about
    if not (act.act == "add" or it) or not asked.candidates:
        return None
    if asked.kind in ("items", "heard"):
        if (several := _all_alike(asked, act)) is not None:
            return several
        offers = [
            acts[0].lines[0]
            for acts in asked.candidates
            if len(acts) == 1 and acts[0].act == "add" and len(acts[0].lines) == 1
        ]
        offered = {line.item: line for line in offers}
        for item in _whole_kind(draft, set(offered)) if len(offers) > 1 else ():
            offered.setdefault(item, LineSaid(item, offers[0].quantity))
        meant = [line for line in act.lines if line.item is not None and line.item in offered]
        if len(meant) == 1:
            lines = tuple(_as_offered(line, offered.get(line.item)) for line in act.lines)
            return replace(act, act="add", lines=lines, instead_of=())
        if len(meant) > 1 and asked.kind == "heard":  # "one cheeseburger and one hamburger"
            return replace(act, act="add", instead_of=())
    if it or len(act.lines) != 1 or act.lines[0].item is None:
        return None
    if not all(len(acts) == 1 and acts[0].instead_of for acts in asked.candidates):
        return None
    return replace(act, act="change", instead_of=asked.candidates[0][0].instead_of)


def _all_alike(asked: Asked, act: Act) -> Act | None:
    """All of what was meant, where only its kind is said: "cheeseburgers", of three burgers, one without onions."""
    if len(act.lines) != 1 or act.lines[0].quantity is not None or act.lines[0].options:
        return None
    several = (acts[0] for acts in asked.candidates if len(acts) == 1 and len(acts[0].lines) > 1)
    return next((one for one in several if {line.item for line in one.lines} == {act.lines[0].item}), None)


def _as_offered(said: LineSaid, offered: LineSaid | None) -> LineSaid:
    """Goods as they were said, with the number and the options of the offer that they take where they have none."""
    if offered is None:
        return said
    return replace(said, quantity=said.quantity or offered.quantity, options=said.options or offered.options)


def counted_anew(asked: Asked, number: int) -> Asked:
    """The question which goods are meant with another count of them: 两个汉堡 … 还是一个."""
    acts = [one[0] for one in asked.candidates]
    anew = (replace(act, lines=tuple(replace(line, quantity=number) for line in act.lines)) for act in acts)
    return replace(asked, candidates=tuple((act,) for act in anew), words=("", ""))


def number_said(act: Act) -> int | None:
    """The bare number that answers "how many?"."""
    if act.act == "choose":
        return act.number
    said = act.lines[0] if act.act == "change" and len(act.lines) == 1 and not act.instead_of else None
    return said.quantity if said is not None and said.item is None and not said.options else None


def so_many(offered: Act, act: Act) -> Act | None:
    """So many of the goods that were offered as are said with their name; None where it says no other number."""
    number = act.lines[0].quantity if act.act == "choose" and act.lines else None
    if number is None or offered.act != "add" or len(offered.lines) != 1 or offered.lines[0].quantity == number:
        return None
    return replace(offered, lines=(replace(offered.lines[0], quantity=number),))
