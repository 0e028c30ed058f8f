"""What is done to the basket: add, change, remove, references, limits, stock. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Container, Iterable
from typing import Any

from msgspec.structs import replace

from assistant.commerce.catalogue import Item, ItemOption
from assistant.commerce.options import Filled, fill_options, unit_price
from assistant.commerce.order import Line, LineOption, Order, Party, When
from assistant.commerce.stock import can_be_chosen, choice_of, counted, holding, short_of, substitutes
from assistant.dialogue import allergies, choices, flow
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import choice_name, item_name, so_many
from assistant.dialogue.rooms import room_ok, stayed
from assistant.dialogue.say import Code, Day, Joined, Lines, Named
from assistant.dialogue.state import Asked, Close
from assistant.steps import Said
from assistant.turns import Act, LineSaid, OptionSaid


def add(draft: Draft, act: Act) -> None:
    if not editable(draft, act):
        return
    placed = draft.order
    order = draft.begin()
    added: list[Line] = []
    for said in (one for each in act.lines for one in _again(draft, order, each)):
        line = _new_line(draft, order, said, act)
        if line is None:
            continue
        order, line = put(order, line)
        added = [one for one in added if one.id != line.id] + [line]
    if not added:
        return
    if not _total_ok(draft, order, act):
        return
    draft.edit(order)
    _put_in(draft, added)
    if placed is not None and placed.number and placed.stage in ("placed", "preparing") and not _same_again(draft):
        draft.say("new_order", number=Code(placed.number))
    if len(draft.session.recent.items) == 1:
        draft.remember(items=())  # "it" is now what was added
    draft.echo("basket", Said("added", {"lines": Lines(tuple(added))}))
    for said in act.lines:
        for line in added:
            if line.item == said.item:
                choices.tell_kept(draft, said.options, line)
    rooms = [one for one in order.lines if (item := draft.catalogue.item(one.item)) is not None and item.adults]
    new = [one for one in added if one in rooms]
    if new and len(rooms) > len(new):  # whoever only meant another one hears it
        draft.say("rooms_now", number=sum(one.quantity for one in rooms))
    _suggest(draft, added)


def _put_in(draft: Draft, lines: list[Line]) -> None:
    """Lines that came in this turn: "it" is the last of them, and what the next turn corrects is one of them."""
    if lines:
        items = (*draft.session.recent.added, *(one.item for one in lines))
        draft.remember(line=lines[-1].id, added=items)


def _same_again(draft: Draft) -> bool:
    """Whether an earlier order is made again, which was said by its number."""
    return any(one.key == "again" for one in draft.said)


def _again(draft: Draft, order: Order, said: LineSaid) -> tuple[LineSaid, ...]:
    """ "The same again", without a number: as many as the last addition brought, else as the line spoken of has."""
    if said.item is not None or said.quantity is not None or said.which is not None or said.options:
        return (said,)
    before = draft.session.past[-1].lines if draft.session.past else ()
    had = {one.id: one.quantity for one in before}
    grown = [(at, one.quantity - had.get(one.id, 0)) for at, one in enumerate(order.lines, 1)]
    grown = [(at, count) for at, count in grown if count > 0]
    if grown:
        return tuple(LineSaid(None, count, (), at) for at, count in grown)
    found = find(draft, order, said)
    return (replace(said, quantity=found[-1].quantity),) if found else (said,)


def put(order: Order, line: Line) -> tuple[Order, Line]:
    """The order with a line more; an equal line only grows."""
    for one in order.lines:
        if (one.item, one.options, one.when, one.party, one.unit_price) == (
            line.item,
            line.options,
            line.when,
            line.party,
            line.unit_price,
        ):
            grown = replace(one, quantity=one.quantity + line.quantity)
            return replace(order, lines=tuple(grown if other is one else other for other in order.lines)), grown
    line = replace(line, id=max((one.id for one in order.lines), default=0) + 1)
    return replace(order, lines=(*order.lines, line)), line


def new_line(draft: Draft, item: Item, quantity: int, filled: Filled) -> Line:
    """A priced line that isn't in the basket yet (id 0). Rooms take the dates and guests that were said."""
    names = {tag: one[0] for tag, one in item.names.items() if one}
    line = Line(
        id=0,
        item=item.id,
        quantity=quantity,
        names=names,
        options=filled.options,
        unit_price=unit_price(item, filled.options),
        version=draft.catalogue.version,
    )
    if "books_nights" in flow.trade_of(draft.scene).traits:
        recent = draft.session.recent
        when = When(*recent.dates) if recent.dates else None
        line = stayed(draft, item, line, when, Party(*recent.party) if recent.party else None)
    return line


def _new_line(draft: Draft, order: Order, said: LineSaid, act: Act) -> Line | None:
    item = draft.catalogue.item(said.item or "")
    if item is None:
        reference = find(draft, order, said)
        if not reference:
            draft.say("which_item")
            return None
        line = reference[-1]
        item = draft.catalogue.item(line.item)
        if item is None:
            draft.say("not_sold", item=line.item)
            return None
        filled = fill_options(item, said.options, existing=line.options)
    else:
        filled = fill_options(item, said.options)
    quantity = 1 if said.quantity is None else said.quantity
    if not _options_ok(draft, item, filled):
        draft.remember(items=(item.id,))  # "with chocolate sauce then" is said of these goods
        gone = {(one.option, one.choice) for one in filled.problems if one.kind in ("option_not_for_item", "sold_out")}
        so_much = {(one.option, one.choice) for one in filled.problems if one.kind == "amount_not_allowed"}
        whole = len(gone | so_much) == len(filled.problems)
        if whole and not (gone and _offer_other(draft, said, item, gone, act, filled.options)):
            _offer_without(draft, said, item, gone, act, so_much)
        return None
    if not _quantity_ok(draft, order, item, quantity, filled, act, said):
        return None
    if not room_ok(draft, order, item, quantity, act, said):
        return None
    line = new_line(draft, item, quantity, filled)
    return line if _stock_ok(draft, order, item, line, act, said) else None


def _offer_without(
    draft: Draft,
    said: LineSaid,
    item: Item,
    gone: Container[tuple[str, str | None]],
    act: Act,
    so_much: Container[tuple[str, str | None]] = (),
) -> None:
    """Goods that can't be had with some choices, or with `so_much` of some, are offered without: they were ordered all
    the same."""
    left = [one for one in said.options if (one.option, one.choice) not in gone]
    rest = tuple(replace(one, amount=None) if (one.option, one.choice) in so_much else one for one in left)
    if act.act != "add" or said.item is None or item.adults or rest == said.options:
        return
    draft.ask("want_without", "suggest", (replace(act, lines=(replace(said, options=rest),)),))


def _offer_other(
    draft: Draft,
    said: LineSaid,
    item: Item,
    gone: Collection[tuple[str, str | None]],
    act: Act,
    chosen: Iterable[LineOption],
) -> bool:
    """Offers the other choices of an option that there must be, where the one that was wanted is sold out: more of the
    goods are wanted, and none that are there are to change. False where there is nothing to offer."""
    option = item.option(next(iter(gone))[0]) if len(gone) == 1 else None
    if act.act != "add" or option is None or option.choose != "one" or not option.required:
        return False
    order, stock = draft.begin(), draft.scene.stock
    rest = tuple(OptionSaid(one.option, one.choice, one.amount, one.part) for one in chosen if one.option != option.id)
    others = [
        one
        for one in option.choices
        if (option.id, one.id) not in gone and can_be_chosen(item, option.id, one.id, order, stock)
    ]
    if not others:
        return False
    lines = [replace(said, item=item.id, which=None, options=(*rest, OptionSaid(option.id, one.id))) for one in others]
    labels = tuple(Named(one.names, one.id) for one in others)
    draft.ask("choice_other", "suggest", *((replace(act, lines=(one,)),) for one in lines), labels=labels)
    return True


def _options_ok(draft: Draft, item: Item, filled: Filled) -> bool:
    """Says what an item can't have together with what it can have."""
    for problem in filled.problems:
        name = choice_name(draft.catalogue, item, problem.option, problem.choice)
        if problem.kind == "option_not_for_item":
            can = [one for option in item.options if option.amounts for one in option.choices][:3]
            if can:
                draft.say(
                    "option_impossible",
                    choice=name,
                    item=item_name(item),
                    can=Joined(tuple(Named(one.names, one.id) for one in can), "or"),
                )
            else:
                draft.say("option_none", choice=name, item=item_name(item))
        elif problem.kind == "sold_out":
            draft.say("choice_sold_out", item=item_name(item), choice=name)
        elif problem.kind in ("too_many", "too_many_each"):
            once = "_once" if problem.kind == "too_many_each" and (problem.most or 1) == 1 else ""
            draft.say(f"{problem.kind}{once}", item=item_name(item), most=problem.most or 1, choice=name)
        else:
            draft.say("amount_impossible", item=item_name(item), choice=name)
    return not filled.problems


def _quantity_ok(
    draft: Draft, order: Order, item: Item, quantity: int, filled: Filled, act: Act, said: LineSaid
) -> bool:
    have = sum(one.quantity for one in order.lines if one.item == item.id)
    most = min(item.most, draft.shop.limits.most)
    if quantity < 1:
        _ask_number(draft, "quantity_none", act, said, item=item_name(item))
        return False
    if quantity + have > most:
        _ask_number(draft, "quantity_most", act, said, item=item_name(item), most=most)
        return False
    unusual = min(item.unusual, draft.shop.limits.unusual)
    if (quantity > unusual or have <= unusual < quantity + have) and not act.sure:
        _, line = put(order, new_line(draft, item, quantity, filled))
        draft.ask(
            "quantity_unusual",
            "unusual",
            (replace(act, lines=(said,), sure=True),),
            lines=Lines((line,)),
            total=draft.money(line.total),
        )
        return False
    return True


def _ask_number(draft: Draft, key: str, act: Act, said: LineSaid, **values: Any) -> None:
    """Asks how many; the number that comes next is for this line."""
    draft.ask(key, "quantity", (Act(act.act, (said,)),), **values)


def _total_ok(draft: Draft, order: Order, act: Act) -> bool:
    limits = draft.shop.limits
    total = sum(one.total for one in order.lines)
    if limits.most_total is not None and total > limits.most_total:
        draft.say("total_most", most=draft.money(limits.most_total))
        return False
    before = sum(one.total for one in draft.order.lines) if draft.order else 0
    if limits.unusual_total is not None and before <= limits.unusual_total < total and not act.sure:
        draft.ask("total_unusual", "unusual", (replace(act, sure=True),), total=draft.money(total))
        return False
    return True


def _stock_ok(draft: Draft, order: Order, item: Item, line: Line, act: Act, said: LineSaid) -> bool:
    """Sold-out things are answered with the nearest that can be had."""
    wanted, _ = put(order, line)
    mine = counted(item, line.options)
    short = [one for one in short_of(wanted, draft.catalogue, draft.scene.stock) if one[0] in mine]
    if not short:
        return True
    left = {sku: max(0, free - sum(one.quantity for one in holding(order, sku))) for sku, _, free in short}
    fewest, number = min(left.items(), key=lambda one: one[1])
    choice = choice_of(fewest)
    if choice is not None and not number:
        draft.say("choice_sold_out", item=item_name(item), choice=choice_name(draft.catalogue, item, *choice))
        if not _offer_other(draft, said, item, {choice}, act, line.options):
            _offer_without(draft, said, item, {choice}, act)
        return False
    if number and (line.when is None or choice is not None):
        fewer = so_many(item, number) if choice is None else Lines((replace(line, quantity=number),))
        again = replace(act, lines=(replace(said, quantity=number),), sure=True)
        draft.ask("stock_low", "fewer", (again,), lines=fewer)
        return False
    if line.when is not None:
        days = Joined(tuple(Day(dt.date.fromisoformat(bucket)) for sku, bucket, _ in short if sku == fewest))
        draft.say("room_full", item=item_name(item), days=days)
    return _instead(draft, item, line, said)


def _instead(draft: Draft, item: Item, line: Line, said: LineSaid) -> bool:
    """Offers what comes nearest to goods that are sold out; False."""
    others = substitutes(item, draft.catalogue, draft.scene.stock, when=line.when, party=line.party, most=1)
    draft.note("sold_out", item=item.id, wanted=line.quantity)
    if not others:
        if line.when is None:
            draft.say("sold_out", item=item_name(item))
        return False
    other = others[0]
    key = "instead_of_full" if line.when is not None else "sold_out_other"
    draft.ask(
        key,
        "suggest",
        (Act("add", (LineSaid(other.id, said.quantity),)),),
        item=item_name(item),
        other=item_name(other),
        price=draft.money(other.price),
    )
    return False


def _suggest(draft: Draft, added: list[Line]) -> None:
    """At most one unasked suggestion an order: a statement that waits for no answer. None where what was said leaves
    something to ask, or asks for a part of the menu."""
    if draft.session.suggested or draft.order is None or flow.in_checkout(draft.order):
        return
    asked = draft.session.asked
    in_doubt = draft.meaning.ask or (asked is not None and asked.kind == "heard")
    if in_doubt or any(act.act == "ask_menu" for act in draft.meaning.acts):
        return
    have = {one.item for one in draft.order.lines}
    categories = {found.category for one in have if (found := draft.catalogue.item(one))}
    for line in added:
        item = draft.catalogue.item(line.item)
        for other in item.goes_with if item else ():
            found = draft.catalogue.item(other)
            free = found is not None and found.id not in have and found.category not in categories
            if found is not None and free and not allergies.unwanted(draft, found):
                draft.session = replace(draft.session, suggested=True)
                values = {"other": item_name(found), "price": draft.money(found.price)}
                draft.aside.append(Said("goes_with", values))
                return


def remove(draft: Draft, act: Act) -> None:
    order = draft.order
    if order is None or order.stage != "open" or not order.lines:
        if any(doubt.candidates for doubt in draft.meaning.ask):  # "a burger without the coke": which one is asked
            for said in act.lines:
                _not_there(draft, said)
        else:
            draft.empty()
        return
    if not editable(draft, act):
        return
    gone: list[Line] = []
    for said in act.lines:
        found = find(draft, order, said, by_options=True)
        if not found:
            _not_there(draft, said)
            continue
        there = sum(one.quantity for one in found)
        named = said.which is None and said.item is not None and _differ(found)
        if named and (_points(draft, found) is None if said.quantity is None else said.quantity < there):
            _which(draft, found, said, "remove", order)
            continue
        left = there if said.quantity is None else said.quantity
        for line in reversed(found):
            taken = min(left, line.quantity)
            left -= taken
            if taken:
                gone.append(replace(line, quantity=taken))
                kept = (
                    replace(one, quantity=one.quantity - taken) if one.id == line.id else one for one in order.lines
                )
                order = replace(order, lines=tuple(one for one in kept if one.quantity > 0))
    if gone:
        draft.edit(order)
        draft.echo("basket", Said("removed", {"lines": Lines(tuple(gone), short=True)}))
        if order.lines:
            draft.point_at(order.lines[-1])


def change(draft: Draft, act: Act) -> None:
    order = draft.order
    if order is not None and order.stage not in ("open", "cancelled"):
        draft.say("change_changes_price", number=Code(order.number or ""))
        return
    if order is None or order.stage != "open" or not order.lines:
        if act.lines and all(one.item for one in act.lines):
            # There is nothing that they could take the place of: "not a coke, a sprite".
            add(draft, replace(act, act="add", instead_of=()))
        else:
            draft.empty()
        return
    if not editable(draft, act):
        return
    if act.instead_of:
        if _answers_how_many(draft, act):
            add(draft, replace(act, act="add", instead_of=()))
        else:
            _swap(draft, act)
        return
    there = find(draft, order, act.lines[0]) if act.lines and act.lines[0].of is not None else []
    parted = there[0] if len(there) == 1 else order.line(draft.session.recent.line or 0)
    for at, said in enumerate(act.lines):
        if at and said.of is not None and parted is not None and draft.order and draft.order.line(parted.id):
            draft.point_at(parted)  # "one without onion and one with bacon" is said of two of them
        _change_line(draft, said, act)
    for key in ("changed", "already_so"):
        draft.tell_at_once(key)


def _answers_how_many(draft: Draft, act: Act) -> bool:
    """ "Make it five bananas", where it was asked how many bananas are wanted, takes the place of nothing else."""
    asked = draft.known.asked
    if asked is None or asked.kind != "quantity" or any(one.item is not None for one in act.instead_of):
        return False
    wanted = {line.item for one in asked.candidates for that in one for line in that.lines}
    return bool(act.lines) and all(line.item in wanted for line in act.lines)


def _swap(draft: Draft, act: Act) -> None:
    order = draft.order
    assert order is not None
    gone: list[Line] = []
    for said in act.instead_of:
        found = find(draft, order, said, by_options=True)
        if not found:
            _not_there(draft, said)
            if act.lines and all(one.item for one in act.lines):  # what was to come may be wanted all the same
                draft.later.append(Asked(candidates=((Act("add", act.lines),),), kind="heard"))
            return
        line = found[-1]
        taken = min(said.quantity or line.quantity, line.quantity)
        gone.append(replace(line, quantity=taken))
        kept = (replace(one, quantity=one.quantity - taken) if one.id == line.id else one for one in order.lines)
        order = replace(order, lines=tuple(one for one in kept if one.quantity > 0))
    came: list[Line] = []
    number = sum(one.quantity for one in gone)
    told = any(one.quantity is not None for one in act.instead_of)
    for said in act.lines:
        # "The Cokes for a Sprite" is as many, "two Cokes for one Sprite" is one.
        quantity = number if said.quantity is None or (said.quantity == 1 and not told) else said.quantity
        item = draft.catalogue.item(said.item or "")
        options = said.options
        if item is not None:
            had = {one.option for one in options}
            options = (
                *options,
                *(
                    OptionSaid(one.option, one.choice, one.amount, one.part)
                    for one in gone[0].options
                    if one.option not in had
                    and one.amount is None
                    and (option := item.option(one.option))
                    and option.choice(one.choice)
                    and not _usual_for_nothing(draft.catalogue.item(gone[0].item), option, one.choice)
                ),
            )
        made = _new_line(draft, order, replace(said, quantity=quantity, options=options), act)
        if made is None:
            return
        if item is not None and gone[0].when is not None:  # another room for the same stay
            made = stayed(draft, item, made, gone[0].when, gone[0].party)
        order, made = put(order, made)
        came.append(made)
    draft.edit(order)
    _put_in(draft, came)
    draft.echo("basket", Said("swapped", {"old": Lines(tuple(gone), short=True), "new": Lines(tuple(came))}))


def _usual_for_nothing(old: Item | None, option: ItemOption, choice: str) -> bool:
    """Whether goods had a choice only as it comes with them, and what comes with others costs no more: no breakfast of
    a garden room isn't carried over to one that has it included."""
    before = old.option(option.id) if old is not None else None
    usual = option.choice(option.default) if option.default else None
    had = option.choice(choice)
    return before is not None and before.default == choice and bool(usual and had and usual.price <= had.price)


def _change_line(draft: Draft, said: LineSaid, act: Act) -> None:
    order = draft.order
    assert order is not None
    found = find(draft, order, said)
    if not found:
        item = draft.catalogue.item(said.item or "")
        off = bool(said.options) and all(one.amount == "no" for one in said.options)
        if item is not None and not off:
            add(draft, Act("add", (said,), sure=act.sure))
        else:
            _not_there(draft, said)
        return
    if len(found) > 1 and said.which != "all":
        pointed = _points(draft, found)
        if pointed is None and _differ(found) and said.item is not None:
            _which(draft, found, said, "change", order)
            return
        found = [pointed or found[-1]]
    made = _all_changed(draft, order, found, said, act)
    if made is not None and made[0] == order and isinstance(said.which, int):
        # "the second one too", of one that is so already: its like is meant
        others = [one for one in order.lines if one.item == found[0].item and one is not found[0]]
        alike = _all_changed(draft, order, others, said, act) if others else None
        if alike is not None and all(one.options == found[0].options for one in alike[1]):
            made = alike
    if made is None or not _total_ok(draft, made[0], act):
        return
    if made[0] == order and choices.tell_kept(draft, said.options, made[1][-1]):
        return  # 不要辣, of what is always made hot
    if made[0] == order and (others := _having(draft, order, found[0], said, act)):
        if len(others) > 1:
            _which(draft, others, said, "change", order)
            return
        made = _all_changed(draft, order, others, said, act) or made
    if made[0] == order:
        draft.say("already_so", lines=Lines(made[1]))
        return
    draft.edit(made[0])
    draft.remember(line=made[1][-1].id if len(made[1]) == 1 else None)  # of several, "it" is none
    draft.echo("basket", Said("changed", {"lines": Lines(made[1])}))


def _having(draft: Draft, order: Order, line: Line, said: LineSaid, act: Act) -> list[Line]:
    """The other lines that have what is to be left off, where the line spoken of last never had it: "no pineapple",
    behind a Hawaiian and a pepperoni pizza."""
    if said.item is not None or said.which is not None or said.quantity is not None or not said.options:
        return []
    told = {(one.option, one.choice) for one in line.options}
    if any(one.amount != "no" or (one.option, one.choice) in told for one in said.options):
        return []
    others = [one for one in order.lines if one.id != line.id and _can_have(draft, one, said.options)]
    made = [(one, _all_changed(draft, order, [one], said, act)) for one in others]
    return [one for one, changed in made if changed is not None and changed[0] != order]


def _all_changed(
    draft: Draft, order: Order, found: list[Line], said: LineSaid, act: Act
) -> tuple[Order, tuple[Line, ...]] | None:
    """The order with these lines changed as said, and the changed lines; None when it can't be, which was said."""
    changed: list[Line] = []
    for one in found:
        line = order.line(one.id)
        if line is None:
            continue  # it became like one that was changed before it, and is one with it
        item = draft.catalogue.item(line.item)
        if item is None:
            draft.say("not_sold", item=line.item)
            return None
        quantity = line.quantity if said.quantity is None else said.quantity
        if quantity == 0:
            remove(draft, Act("remove", (LineSaid(None, None, (), 1 + order.lines.index(line)),)))
            return None
        filled = fill_options(item, said.options, existing=line.options)
        rest = replace(order, lines=tuple(one for one in order.lines if one.id != line.id))
        named = replace(said, item=line.item)
        if not _options_ok(draft, item, filled):
            return None
        if said.quantity is not None and not _quantity_ok(draft, rest, item, quantity, filled, act, named):
            return None
        part = said.of if said.of is not None and said.of < line.quantity else None
        new = replace(new_line(draft, item, part or quantity, filled), id=line.id)
        if line.when is not None:
            new = stayed(draft, item, new, line.when, line.party)
        if not _stock_ok(draft, rest, item, new, act, named):
            return None
        if part is None:
            order = _with_line(order, new)
        else:
            order, new = put(_with_line(order, replace(line, quantity=line.quantity - part)), replace(new, id=0))
        order, new = _merged(order, new)
        changed = [*(one for one in changed if one.id != new.id), new]
    return order, tuple(changed)


def _with_line(order: Order, line: Line) -> Order:
    """The order with the line of this id put in its place."""
    return replace(order, lines=tuple(line if one.id == line.id else one for one in order.lines))


def _merged(order: Order, line: Line) -> tuple[Order, Line]:
    """Lines that became equal are one line."""
    twin = next(
        (
            one
            for one in order.lines
            if one.id != line.id
            and (one.item, one.options, one.when, one.party) == (line.item, line.options, line.when, line.party)
        ),
        None,
    )
    if twin is None:
        return order, line
    grown = replace(twin, quantity=twin.quantity + line.quantity)
    return replace(order, lines=tuple(grown if one is twin else one for one in order.lines if one.id != line.id)), grown


def find(draft: Draft, order: Order, said: LineSaid, by_options: bool = False) -> list[Line]:
    """The lines that are meant: by position, by item, else the one last spoken of."""
    if said.which == "all":
        found = [one for one in order.lines if said.item in (None, one.item)]
        return [one for one in found if _can_have(draft, one, said.options)] or found
    if isinstance(said.which, int):
        index = said.which - 1 if said.which > 0 else said.which
        found = list(order.lines[index:][:1]) if -len(order.lines) <= index < len(order.lines) else []
        return [one for one in found if said.item in (None, one.item)]
    if said.item is None:
        pointed = order.line(draft.session.recent.line or 0)
        found = [pointed] if pointed is not None else list(order.lines[-1:])
        if said.options and found:
            having = [one for one in (found[0], *reversed(order.lines)) if _can_have(draft, one, said.options)]
            found = having[:1] or found
        return found
    found = [one for one in order.lines if one.item == said.item]
    if by_options and said.options:
        wanted = {(one.option, one.choice) for one in said.options}
        found = [one for one in found if wanted <= {(has.option, has.choice) for has in one.options}] or found
    return found


def _can_have(draft: Draft, line: Line, options: Iterable[OptionSaid]) -> bool:
    item = draft.catalogue.item(line.item)
    return item is not None and all(
        (option := item.option(one.option)) is not None
        and (one.choice is None or option.choice(one.choice) is not None)
        for one in options
    )


def _points(draft: Draft, found: list[Line]) -> Line | None:
    return next((one for one in found if one.id == draft.session.recent.line), None)


def _differ(found: list[Line]) -> bool:
    return len({(one.options, one.when) for one in found}) > 1


def _which(draft: Draft, found: list[Line], said: LineSaid, act: str, order: Order) -> None:
    made = [(Act(act, (replace(said, item=None, which=order.lines.index(one) + 1),)),) for one in found]
    draft.ask("which_line", "line", *made, labels=tuple(Lines((one,)) for one in found))


def _not_there(draft: Draft, said: LineSaid) -> None:
    order = draft.order
    for line in order.lines if order is not None and said.item else ():
        parts = tuple(OptionSaid(one.option, one.choice, "no") for one in line.options if one.choice == said.item)
        if parts and choices.tell_kept(draft, parts, line):
            return  # 不要可乐, of a meal that comes with a drink
    if said.item:
        draft.say("not_in_basket", item=draft.item_name(said.item))
    else:
        draft.say("which_item")


def editable(draft: Draft, act: Act) -> bool:
    """A basket with a payment under way is closed for changes: the payment is closed first, and the provider asked."""
    order = draft.order
    live = draft.payment.live if order is not None and order.stage == "open" else None
    if live is None or order is None:
        return True
    earlier = draft.asked.candidates[0] if draft.asked is not None and draft.asked.kind == "change" else ()
    if not earlier:
        draft.effects.append((order.id, Close(live.id)))
        draft.say("closing_payment")
    draft.asked = Asked(candidates=((*earlier, act),), kind="change")
    draft.quiet = True
    return False
