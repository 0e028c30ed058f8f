"""What is asked next: doubts, misses, the first open step, and the read-back. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec.structs import replace

from assistant.commerce.options import fill_options
from assistant.commerce.order import Order
from assistant.commerce.pricing import reprice
from assistant.commerce.stock import choice_of, holding, short_of
from assistant.dialogue import aftercare, basket, booking, contents, flow, learning, questions, rooms
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import choice_name, item_name, method_name
from assistant.dialogue.offering import any_rooms, has_it, rooms_free
from assistant.dialogue.say import Both, Clock, Count, Day, Joined, Lines, Named
from assistant.dialogue.state import Asked
from assistant.steps import Phase, Said, Step
from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.words.text import CARD

GOES_ON = frozenset(
    "add remove change checkout buy_now choose_method choose_fulfilment give_address give_time give_contact give_coupon"
    " give_dates give_guests".split()
)
"""Acts by which an order goes on."""


DETAILS = frozenset("choose_method choose_fulfilment give_address give_time give_contact".split())
"""Acts that say where, when, for whom and how it is paid, and nothing of what."""


def ask_about_doubts(draft: Draft) -> None:
    """Asks about what is not certain: one thing at a time, last what was not caught at all. What waits behind another
    question is asked once that is settled."""
    if _still_open(draft):
        draft.question = None
        ask_again(draft)
        return
    doubted = _in_doubt(draft) if draft.meaning.ask else []
    waiting = [*draft.later, *doubted]
    before = draft.known.asked
    if before is not None and (draft.session.asked is None or _said(draft) & _ON_GOODS):
        waiting += before.later
    if before is not None and _is_detail(before) and _only_on_goods(draft):
        waiting = [*waiting, before]  # "tomorrow at noon", or today? And then goods
    draft.later = waiting
    while draft.question is None and draft.later:
        _ask_about(draft, draft.later.pop(0))
    if draft.asked is not None and draft.question is not None and draft.later:
        draft.asked = replace(draft.asked, later=tuple(draft.later))
    uncaught = [doubt.heard for doubt in draft.meaning.ask if not doubt.candidates]
    if uncaught and draft.question is None:
        draft.question, draft.asked = Said("not_caught", {"words": quoted(uncaught[0])}), Asked(step="basket")
        draft.quoted = uncaught[0]


def _still_open(draft: Draft) -> bool:
    """Whether it was asked if this time, these nights or this name is meant, and only something else of an order's
    details was told, or which room, and only who comes and when: what was asked still stands, or it would be lost."""
    asked, acts = draft.known.asked, draft.meaning.acts
    if asked is None or asked.kind != "heard" or draft.meaning.ask or not acts:
        return False
    doubted = asked.candidates[0][0]
    if which_room_is_open(draft):
        return True
    return _is_detail(asked) and all(one.act in DETAILS | {"give_guests"} and not _tells(one, doubted) for one in acts)


def which_room_is_open(draft: Draft) -> bool:
    """Whether it was asked which room is meant, and only who comes and when was told."""
    asked, acts = draft.known.asked, draft.meaning.acts
    if asked is None or asked.kind != "heard" or draft.meaning.ask or not acts:
        return False
    told = all(one.act in ("give_dates", "give_guests") for one in acts)
    return told and bool(rooms.in_doubt(draft, [one[0] for one in asked.candidates]))


def _only_on_goods(draft: Draft) -> bool:
    """Whether nothing was said but what is wanted, for sure or in doubt."""
    doubted = {act.act for doubt in draft.meaning.ask for act in doubt.candidates}
    return bool(_said(draft) | doubted) and (_said(draft) | doubted) <= _ON_GOODS


def _is_detail(asked: Asked) -> bool:
    """Whether it was asked which time, which nights or which name is meant."""
    details = {"give_dates", "give_time", "give_contact"}
    return asked.kind == "heard" and bool(asked.candidates) and asked.candidates[0][0].act in details


def _tells(act: Act, doubted: Act) -> bool:
    """Whether an act tells what is in doubt: another time, another name, but no phone's number for a name."""
    if act.act != doubted.act:
        return False
    told, meant = act.value, doubted.value
    return not (isinstance(told, dict) and isinstance(meant, dict)) or not told.keys().isdisjoint(meant)


def _any_room(draft: Draft, doubt: Doubt) -> bool:
    """Whether no more than "a room" was said, or how many: what is free and takes the guests is told then, once."""
    count = any_rooms(draft, doubt)
    if not count and draft.session.recent.dates is not None and draft.question is None and not _has_rooms(draft):
        return _some_room(draft, doubt)
    if not count or (count > 1 and draft.session.recent.dates is None):
        return False
    if draft.question is not None and draft.order is not None and draft.order.lines:
        return False  # "a room with parking tomorrow": which room is asked once it is known until when
    options = tuple(dict.fromkeys(one for act in doubt.candidates for line in act.lines for one in line.options))
    if draft.question is None and (options or count > 1):
        rooms_free(draft, draft.catalogue.rooms, count=count, options=options)
    elif draft.question is None:
        questions.stock(draft, Act("ask_stock"))
    return True


def _has_rooms(draft: Draft) -> bool:
    return draft.order is not None and bool(rooms.in_order(draft, draft.order))


def _some_room(draft: Draft, doubt: Doubt) -> bool:
    """Whether one of a few rooms is meant over nights that are known, "a twin from Friday to Sunday": those are told
    with their price, as they are free, and no others."""
    meant = rooms.in_doubt(draft, doubt.candidates)
    if not meant:
        return False
    line = doubt.candidates[0].lines[0]
    rooms_free(draft, meant, named=True, count=line.quantity or 1, options=line.options)
    return True


def _in_doubt(draft: Draft) -> list[Asked]:
    """What this turn leaves in doubt."""
    nights = [doubt for doubt in draft.meaning.ask if doubt.candidates and doubt.candidates[0].act == "give_dates"]
    others = [doubt for doubt in draft.meaning.ask if doubt not in nights]
    if nights:  # which rooms are free is told once it is known for when
        doubts = [*nights, *(doubt for doubt in others if not any_rooms(draft, doubt))]
    else:
        doubts = [doubt for doubt in others if not _any_room(draft, doubt)]
    return [one for doubt in doubts if (one := _asked_of(draft, doubt)) is not None]


def _asked_of(draft: Draft, doubt: Doubt) -> Asked | None:
    if not doubt.candidates:
        return None
    if doubt.why == "pack":
        return Asked(candidates=((doubt.candidates[0],),), kind="quantity", heard=doubt.heard)
    about = learning.in_doubt(draft.meaning, doubt)
    return Asked(candidates=tuple((one,) for one in doubt.candidates), kind="heard", about=about, heard=doubt.heard)


def _ask_about(draft: Draft, waiting: Asked) -> None:
    """Asks one thing that is in doubt, in its own words where it has some."""
    if not waiting.words[0]:
        waiting = _as_it_stands(draft, waiting)
    # What has no name can't be offered: "two of it" where nothing was spoken of yet; nor the same thing twice.
    shown = [(acts, label) for acts in waiting.candidates if (label := _label(draft, acts[0])) is not None]
    named = list({draft.voice.value(label, False): (acts, label) for acts, label in reversed(shown)}.values())[::-1]
    if waiting.words[0]:
        choices = tuple((label, acts) for acts, label in shown) if len(shown) == len(waiting.candidates) > 1 else ()
        draft.question, draft.asked = Said("news", {"reply": Both(*waiting.words)}, choices), waiting
        draft.answered = True
        return
    if not named:
        heard = waiting.heard or draft.meaning.text
        draft.question, draft.asked = Said("not_caught", {"words": quoted(heard)}), Asked(step="basket")
        draft.quoted = heard
        return
    swaps = [acts[0].instead_of for acts in waiting.candidates if acts[0].instead_of]
    if len(set(swaps)) > 1 and len(swaps) == len(waiting.candidates):
        _ask_which_gives_way(draft, waiting)
        return
    if len(candidates := waiting.candidates) == 2 and candidates[0][0].instead_of and candidates[1][0].act == "add":
        _ask_whether_instead(draft, waiting)
        return
    if waiting.kind == "quantity":
        _ask_how_many_packs(draft, waiting)
        return
    labels = _by_choice(draft, [acts for acts, _label in named]) or _brief([label for _acts, label in named], draft)
    candidates = tuple(acts for acts, _label in named)
    if len(candidates) == 1:
        off = candidates[0][0].act == "remove"
        own = {"give_dates": "did_you_mean_nights", "give_contact": "did_you_mean_name"}
        key = "did_you_mean_off" if off else own.get(candidates[0][0].act, "did_you_mean")
        draft.ask(key, "heard", *candidates, what=labels[0])
    else:
        draft.ask("did_you_mean_which", "heard", *candidates, labels=labels, what=Joined(labels, "or"))
    assert draft.asked is not None
    draft.asked = replace(draft.asked, about=waiting.about, heard=waiting.heard)


def _as_it_stands(draft: Draft, waiting: Asked) -> Asked:
    """What was heard some turns ago, of the goods and the basket of now: nothing takes the place of what is no longer
    there, and what isn't sold any more is no offer."""
    order = draft.order if draft.order is not None and draft.order.stage == "open" else None

    def now(act: Act) -> Act:
        if all(order is not None and basket.find(draft, order, one) for one in act.instead_of):
            return act
        return replace(act, act="add", instead_of=())

    sold = [
        acts
        for acts in waiting.candidates
        if all(line.item is None or draft.catalogue.item(line.item) is not None for act in acts for line in act.lines)
    ]
    return replace(waiting, candidates=tuple(tuple(map(now, acts)) for acts in sold))


def _ask_which_gives_way(draft: Draft, waiting: Asked) -> None:
    """Which line of the basket goods are to take the place of, where it may be one of several."""
    assert draft.order is not None
    old = [basket.find(draft, draft.order, acts[0].instead_of[0])[-1:] for acts in waiting.candidates]
    labels = tuple(Lines(tuple(lines)) for lines in old)
    draft.ask("swap_which", "line", *waiting.candidates, labels=labels, new=_label(draft, waiting.candidates[0][0]))


def _ask_how_many_packs(draft: Draft, waiting: Asked) -> None:
    """How many of what is sold several at a time, by the name that tells what one is."""
    act = waiting.candidates[0][0]
    item = draft.catalogue.item(act.lines[0].item or "")
    assert item is not None
    plain = replace(act, value=None)
    if size := act.value["size"]:
        draft.ask("how_many_packs_of", "quantity", (plain,), item=item_name(item), size=size)
        return
    if not act.value["pack"]:  # "a few egg tarts"
        draft.ask("quantity_none", "quantity", (plain,), item=item_name(item))
        return
    line = basket.new_line(draft, item, 1, fill_options(item, ()))
    language, name = draft.session.language, act.value["pack"]
    own = name in item.names.get(language, ())  # only another language says so: the goods as they are measured here
    line = replace(line, names={language: name} if own else line.names, options=())
    draft.ask("how_many_packs", "quantity", (plain,), one=Lines((line,)))


def _ask_whether_instead(draft: Draft, waiting: Asked) -> None:
    """Whether goods take the place of a line of the basket, or come on top of it."""
    assert draft.order is not None
    old = Lines(tuple(basket.find(draft, draft.order, waiting.candidates[0][0].instead_of[0])[-1:]), short=True)
    new, labels = _label(draft, waiting.candidates[1][0]), (Said("instead"), Said("as_well"))
    draft.ask("instead_or_more", "line", *waiting.candidates, labels=labels, new=new, old=old)


FEW = 2
"""Of so many things each is named with its options; of more only by its name, where that tells them apart."""


def _brief(labels: list[Any], draft: Draft) -> tuple[Any, ...]:
    """Names for things of which one is to be chosen: short where they are many."""
    short = [replace(one, short=True) if isinstance(one, Lines) else one for one in labels]
    apart = len({draft.voice.value(one, False) for one in short}) == len(labels)
    return tuple(short if len(labels) > FEW and apart else labels)


def _by_choice(draft: Draft, candidates: list[tuple[Act, ...]]) -> tuple[Named, ...]:
    """The names of choices, where more than a few things are told apart by nothing but one choice of theirs."""
    lines = [acts[0].lines[0] for acts in candidates if len(acts) == 1 and len(acts[0].lines) == 1]
    if not FEW < len(lines) == len(candidates) or len({(one.item, one.quantity, one.which) for one in lines}) > 1:
        return ()
    told = set(lines[0].options).intersection(*(one.options for one in lines[1:]))
    item = draft.catalogue.item(lines[0].item or "")
    found = []
    for line in lines if item is not None else ():
        apart = [one for one in line.options if one not in told]
        option = item.option(apart[0].option) if item is not None and len(apart) == 1 else None
        choice = option.choice(apart[0].choice) if option is not None and apart[0].amount in (None, "normal") else None
        if choice is not None:
            found.append(Named(choice.names, choice.id))
    return tuple(found) if len(found) == len(lines) else ()


_ON_GOODS = frozenset({"add", "remove", "change"})


def _said(draft: Draft) -> set[str]:
    return {act.act for act in draft.meaning.acts}


def tell_left_out(draft: Draft, asked: Asked | None) -> None:
    """Goods that were asked about, where the person goes on with the order without saying whether they are wanted: that
    they aren't in it is said. `asked`: what stood open when the turn began."""
    if asked is None or draft.session.asked is not asked:
        return
    others = any(doubt.candidates and doubt.candidates[0].act == "add" for doubt in draft.meaning.ask)
    if not (others or _said(draft) & GOES_ON):
        return
    # What waited behind the question is asked about next, unless nothing is said of goods any more.
    waiting = () if _said(draft) & _ON_GOODS else asked.later
    left = [what for one in (asked, *waiting) if (what := _left_out(draft, one)) is not None]
    if left and asked.kind == "fewer":
        draft.say("fewer_left_out", what=left[0])
    elif left:
        draft.say("doubt_left_out", what=left[0] if len(left) == 1 else Joined(tuple(left)))
    elif asked.kind == "line" and asked.step is None and not _said(draft) & _ON_GOODS:
        draft.say("change_left_out")  # "no coke", of two lines of it, and then "check out"


def _left_out(draft: Draft, asked: Asked) -> Any:
    """What names the goods, or the time, of an unanswered question, None where they were said after all."""
    if asked.kind not in ("heard", "unusual", "quantity", "fewer") and not asked.heard:
        return None
    times = [act for one in asked.candidates for act in one if act.act == "give_time"]
    if times:
        return quoted(asked.heard) if asked.heard and "give_time" not in _said(draft) else None
    said = [act for act in draft.meaning.acts if act.act in GOES_ON]
    doubted = [act for one in asked.candidates for act in one if act.act == "add"]
    said += [act for doubt in draft.meaning.ask for act in doubt.candidates]
    named = {line.item for act in said for line in (*act.lines, *act.instead_of)}
    if not doubted or named & {line.item for act in doubted for line in act.lines}:
        return None
    labels = [label for act in doubted if (label := _label(draft, act)) is not None]
    if len(labels) < 2:
        return labels[0] if labels else None
    heard = tuple(dict.fromkeys(quoted(one.said) for one in asked.about))
    heard = heard or (quoted(asked.heard),) * bool(asked.heard)
    return Joined(heard) if heard else Joined(_brief(labels, draft), "or")


def _label(draft: Draft, act: Act) -> Lines | Joined | Said | str | object | None:
    """A candidate act as people would name it; None where there is nothing to name."""
    lines = []
    for said in act.lines:
        item = draft.catalogue.item(said.item or "")
        if item is not None:
            line = basket.new_line(draft, item, said.quantity or 1, fill_options(item, said.options))
            if item.adults:  # a room to be told from others: its nights are the same, its usual choices say nothing
                line = replace(line, when=None, options=line.options if said.options else ())
            lines.append(line)
        elif draft.order is not None and (found := basket.find(draft, draft.order, said)):
            kind = draft.catalogue.item(found[-1].item)
            if kind is not None and act.act == "change" and said.quantity is None and len(said.options) == 1:
                (one,) = said.options  # "add an egg": fried or boiled?
                return choice_name(draft.catalogue, kind, one.option, one.choice)
            lines.append(replace(found[-1], quantity=said.quantity or found[-1].quantity))
    if len(lines) > 1 and len({one.item for one in lines}) == 1:  # "three burgers, one without onion", of which kind?
        return Lines((replace(lines[0], quantity=sum(one.quantity for one in lines), options=()),), short=True)
    if lines:
        return Lines(tuple(lines))
    if act.items:
        return Joined(tuple(draft.item_name(one) for one in act.items), "or")
    if act.act == "choose_method" and isinstance(act.value, str):
        return method_name(draft.shop, act.value)
    if act.act == "give_contact" and isinstance(act.value, dict):
        return str(act.value.get("name", ""))
    if act.act == "give_dates" and isinstance(act.value, dict) and "from" in act.value:
        first = dt.date.fromisoformat(act.value["from"])
        last = dt.date.fromisoformat(act.value["to"]) if act.value.get("to") else first
        nights = Count((last - first).days, "night")
        return Said("nights_from", {"day": Day(first), "nights": nights}) if last > first else Day(first)
    if act.act == "give_time" and ":" in str(act.value):
        at = draft.shop.local(draft.turn.at)
        time = str(act.value) if "T" in str(act.value) else f"{at.date()}T{act.value}"
        return Clock(dt.datetime.fromisoformat(time).replace(tzinfo=at.tzinfo), at.date())
    if act.act == "give_time" and str(act.value)[4:5] == "-":
        return Day(dt.date.fromisoformat(str(act.value)[:10]))
    if isinstance(act.value, str):
        return act.value
    key = f"act.{act.act}"
    return Said(key) if draft.voice.has(key) else None


MOST_QUOTED = 60
"""Letters of somebody's own words that are said back; more would be no answer but an echo."""


def brief(words: str) -> str:
    return words if len(words) <= MOST_QUOTED else f"{words[:MOST_QUOTED].rstrip()}…"


def quoted(words: str) -> str:
    return f"“{brief(words)}”"


def tell_leftover(draft: Draft) -> None:
    """Says back what was not understood beside what was: nothing of it is lost silently."""
    strange = [one for one in draft.meaning.leftover if one != draft.quoted]
    if strange:
        draft.say("not_understood_part", words=Joined(tuple(map(quoted, strange[:3]))))


def missed(draft: Draft) -> None:
    """Not understood: say what can be said here, then offer another way; the basket is kept."""
    turn, session = draft.turn, draft.session
    order = draft.order
    if turn.new and not draft.meaning.text:
        _greet(draft)
        return
    if order is not None and order.stage == "open" and draft.payment.live is not None:
        aftercare.tell_payment(draft)
        return
    shopping = order is not None and order.stage == "open" and bool(order.lines)
    step = flow.step_now(draft.scene, order) if order is not None and shopping else None
    if CARD not in draft.meaning.text and (has_it(draft) or questions.look_for(draft)):
        return
    if draft.scene.turn.source == "merchant" and not draft.meaning.leftover:
        draft.say("staff_cant")  # understood or not, what is left of it is the buyer's alone; so are their misses
        ask_again(draft)
        return
    misses = session.misses + 1
    draft.session = replace(session, misses=misses)
    idle = next((act for act in draft.meaning.acts if act.act == "none" and act.value != "unclear"), None)
    unclear = idle is None and bool(draft.meaning.acts)
    leftover = draft.meaning.leftover
    if CARD in draft.meaning.text:
        draft.say("no_cards")
    elif idle is not None and idle.value == "goods" and leftover:
        draft.say(draft.by_trade("not_sold"), item=Joined(tuple(map(brief, leftover[:3])), "or"))
    elif leftover:
        draft.say("not_understood_part", words=Joined(tuple(map(quoted, leftover[:3]))))
    elif idle is not None and misses < 3:
        if step is not None and order is not None and step.phase == Phase.CONFIRM:
            total = flow.bill(draft.scene, order).total
            draft.question = Said("wait_for_yes_total", {"total": draft.money(total)}, whole=True)
            draft.asked = Asked(step=step.name)
            return
        draft.say("here_when_ready")
    elif not draft.meaning.text.strip() and not unclear:
        draft.say("nothing_said")
    else:
        draft.say("not_understood")
    if not shopping and misses == 1:
        draft.question, draft.asked = Said("basket.what"), Asked(step="basket")
    if misses == 2:
        key = f"help.{step.name}" if step is not None and draft.voice.has(f"help.{step.name}") else "help.start"
        draft.say(key)
    elif misses >= 3:
        draft.say("another_way" if draft.scene.turn.spoken else "another_way_typed")
    ask_again(draft)


def _greet(draft: Draft) -> None:
    """Somebody came without a word: a welcome; who left a basket hears what is in it, and goes on where it stands."""
    shop, order = Named(draft.shop.names, draft.shop.name), draft.order
    if order is None or order.stage != "open" or not order.lines:
        draft.say("greeting", shop=shop)
        return
    draft.say("greeting_back", shop=shop)
    if draft.payment.live is not None:
        aftercare.tell_payment(draft)
        return
    # What was read back when they left is told anew, whole; what was offered then is no offer any more.
    draft.session = replace(draft.session, read_back=None, asked=None)
    step = flow.step_now(draft.scene, order)
    if step is None or step.phase < Phase.CONFIRM:
        contents.show(draft)


def ask_again(draft: Draft) -> None:
    """The offer that stood open, once more in its own words."""
    asked, last = draft.session.asked, draft.session.last
    if asked is None or not asked.candidates or asked.step is not None or last is None:
        return  # a step asks for itself
    ear, eye = asked.words if asked.words[0] else (last.reprompt, last.reprompt)
    if ear:
        named = len(last.choices) == len(asked.candidates) and all(one.text in eye for one in last.choices)
        choices = tuple((one.text, one.acts) for one in last.choices) if named else ()
        draft.question = Said("news", {"reply": Both(ear, eye)}, choices)
        draft.asked = replace(asked, again=True)


def ask_next(draft: Draft) -> None:
    """Asks the first step that applies and isn't done; reads the order back when it is the confirmation. While it is
    being paid nothing is asked, whatever time has passed meanwhile."""
    order = draft.order
    if order is None or order.stage != "open" or draft.payment.live is not None:
        return
    step = flow.step_now(draft.scene, order)
    settled = _settle_facts(draft, order, step)
    if settled is not order:
        order, step = settled, flow.step_now(draft.scene, settled)
    if step is None:
        return
    if step.phase == Phase.CONFIRM:
        _read_back(draft, step)
        return
    if step.phase == Phase.PAY:
        return
    details = bool(draft.meaning.acts) and all(one.act in DETAILS for one in draft.meaning.acts)
    if step.phase == Phase.BASKET and not order.lines and draft.said and not details:
        return
    question = booking.half_known(draft, step) or step.ask(draft.scene, order)
    draft.question = question
    draft.asked = Asked(step=step.name, candidates=tuple(acts for _label, acts in question.choices))


def _settle_facts(draft: Draft, order: Order, step: Step | None) -> Order:
    """Facts that leave no choice are set without asking: the only fulfilment, the only method. `step`: the one that
    stands open."""
    skips_basket = bool(order.lines) and step is not None and step.phase > Phase.BASKET
    if not flow.in_checkout(order) and not skips_basket:
        return order
    facts = dict(order.facts)
    facts.setdefault("basket", "done")
    if "fulfilment" not in facts and len(draft.shop.fulfilments) == 1:
        facts["fulfilment"] = next(iter(draft.shop.fulfilments))
    if "method" not in facts and len(draft.shop.methods) == 1:
        facts["method"] = next(iter(draft.shop.methods))
    if facts != dict(order.facts):
        order = draft.order = replace(order, facts=facts, consent=None)
    return order


def _read_back(draft: Draft, step: Step) -> None:
    """All that the fingerprint covers; after an edit only what changed and the total."""
    assert draft.order is not None
    known = draft.order
    order, changes = reprice(known, draft.catalogue, draft.shop.local(draft.turn.at))
    if changes:
        draft.edit(order)
        for change in changes:
            line = order.line(change.line) or known.line(change.line)
            assert line is not None
            if change.new is None:
                draft.say("not_any_more", lines=Lines((line,), short=True))
            else:
                draft.say(
                    "price_changed",
                    lines=Lines((line,), short=True),
                    old=draft.money(change.old),
                    new=draft.money(change.new),
                )
        if not order.lines:
            ask_next(draft)
            return
    assert draft.order is not None
    if sold_out_meanwhile(draft, draft.order):
        return
    bill, voice = flow.bill(draft.scene, draft.order), draft.voice
    told = {
        one.name: said
        for one in flow.steps()
        if one.applies(draft.scene, draft.order) and (said := one.tell(draft.scene, draft.order)) is not None
    }
    parts = {name: voice.value(said, False) for name, said in told.items()}
    before = draft.session.read_back
    if before is not None and before.parts and before.device == draft.turn.device:
        told = {
            name: said
            for name, said in told.items()
            if before.parts.get(name) != parts[name] and name not in draft.echoed
        }
    else:  # all of it is told: what landed in this turn needs no words of its own
        draft.said = [one for one in draft.said if not any(one is echo for echo in draft.echoes)]
        draft.aside = []
    if bill.total <= 0 and not draft.order.lines:
        return
    heard = before.parts if before is not None and before.device == draft.turn.device else {}
    news = (_unheard(draft, said, heard.get(name, "")) for name, said in told.items())
    draft.said.extend(said for said in news if said is not None)
    question = step.ask(draft.scene, draft.order)
    draft.question = question
    draft.asked = Asked(step=step.name)
    draft.read_back(flow.fingerprint_of(draft.scene, draft.order), bill.total, parts)


def _unheard(draft: Draft, said: Said, heard: str) -> Said | None:
    """A step's part of the read-back without those of its sentences that were heard before, as the terms were; None
    where all of them were, and one is true no more."""
    parts = said.values.get("parts")
    if not heard or not isinstance(parts, Joined):
        return said
    new = tuple(one for one in parts.values if draft.voice.value(one, False) not in heard)
    return Said(said.key, {**said.values, "parts": replace(parts, values=new)}) if new else None


def sold_out_meanwhile(draft: Draft, order: Order) -> bool:
    """Whether something was sold since it was put in the basket, which is told; fewer of it are offered where that is
    the number of one line."""
    short: dict[str, int] = {}
    for sku, _, free in short_of(order, draft.catalogue, draft.scene.stock):
        short[sku] = min(free, short.get(sku, free))
    for sku, free in short.items():
        lines = holding(order, sku)
        choice = choice_of(sku)
        left = Lines((replace(lines[0], quantity=free),), short=choice is None)
        if free <= 0 and choice is not None:
            item = draft.catalogue.item(lines[0].item)
            name = choice_name(draft.catalogue, item, *choice)
            draft.say("choice_sold_out", item=draft.item_name(lines[0].item), choice=name)
        elif free <= 0:
            draft.say("sold_out_meanwhile", item=draft.item_name(sku))
        elif draft.question is None and len(lines) == 1:
            less = LineSaid(lines[0].item, free, which=order.lines.index(lines[0]) + 1)
            draft.ask("stock_low", "suggest", (Act("change", (less,)),), lines=left)
        else:
            draft.say("stock_low_meanwhile", lines=left)
    if short and draft.question is None:
        draft.question, draft.asked = Said("change_what"), Asked(step="basket")
    return bool(short)
