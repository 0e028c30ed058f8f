"""Answers about goods, prices, stock, rooms and the shop. They change nothing in the order. Pure."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from assistant.commerce.catalogue import Item
from assistant.commerce.options import allergens_of, fill_options, unit_price
from assistant.commerce.order import Party
from assistant.dialogue import about_shop, allergies, choices, equipment, explaining, flow, rooms
from assistant.dialogue.closest import suggested
from assistant.dialogue.contents import show
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import (
    allergen_names,
    item_name,
    so_many,
    tag_names,
)
from assistant.dialogue.offering import (
    BY_EAR,
    cheapest_of,
    known_of,
    label,
    price_of,
    rooms_free,
    rooms_with,
    shopping,
    spoken_of,
    tell_price,
    want_it,
)
from assistant.dialogue.rooms import guests
from assistant.dialogue.say import Count, Joined, Lines, Named
from assistant.dialogue.state import Asked
from assistant.steps import Said
from assistant.turns import Act, LineSaid, View
from assistant.understanding.asked.allergies import ALLERGIC, CONTAINS, NOT_ALLERGIC, WITHOUT
from assistant.understanding.asked.priced import LEAST, MOST
from assistant.understanding.asked.questions import ADDED, BY_PRICE, DEAR, EACH, MADE_OF, OPTION, TOTAL, WAY


def price(draft: Draft, act: Act) -> None:
    buying = shopping(draft)
    if act.value == TOTAL and (buying or (draft.order is not None and draft.order.stage != "open")):
        show(draft)
        return
    if act.value == ADDED:
        _of_added(draft, act.lines)
        return
    if act.value == EACH and buying and not act.items and not act.lines:
        _of_each(draft)
        return
    known = known_of(draft, act) if buying else (_listed(draft, act) or _meant(draft, act))
    if not buying and _of_all_that_was_ordered(draft, act, known):
        show(draft)
        return
    if equipment.option_alone(draft) and not act.lines and equipment.answer(draft, spoken_of(draft, Act("ask_price"))):
        return
    if not known and not act.items and not act.lines:
        if buying:
            show(draft)
        else:
            draft.empty()
        return
    for line in act.lines:
        item = draft.catalogue.item(line.item or "")
        if item is not None:
            filled = fill_options(item, line.options)
            draft.say("price_is", item=item_name(item), price=draft.money(unit_price(item, filled.options)))
    if len(known) > 1 and not act.lines and all(one.adults for one in known):
        rooms_free(draft, known)
        return
    for item in known if not act.lines else ():
        if item.adults:
            tell_price(draft, item)
        else:
            sizes = _sizes(draft, item)
            if sizes:
                draft.say("price_from", item=item_name(item), prices=sizes)
            else:
                draft.say("price_is", item=item_name(item), price=draft.money(item.price))
    want_it(draft, known)


def _of_added(draft: Draft, lines: Sequence[LineSaid]) -> None:
    """What something costs that may be put on goods."""
    for line in lines:
        item = draft.catalogue.item(line.item or "")
        for said in line.options if item is not None else ():
            option = item.option(said.option) if item is not None else None
            choice = option.choice(said.choice or "") if option is not None else None
            if item is not None and choice is not None:
                equipment.tell_cost(draft, choice, nightly=bool(item.adults))


def _of_each(draft: Draft) -> None:
    """What one of each line of the basket costs, as it is there."""
    assert draft.order is not None
    for line in draft.order.lines:
        draft.say("price_is", item=Lines((replace(line, quantity=1),)), price=draft.money(line.unit_price))


def _of_all_that_was_ordered(draft: Draft, act: Act, known: list[Item]) -> bool:
    """ "How much was it", of an order that was placed: all of it, where nothing else was spoken of since."""
    if draft.order is None or draft.order.stage in ("open", "cancelled") or act.items or act.lines or act.value:
        return False
    return {item.id for item in known} <= {line.item for line in draft.order.lines}


def _listed(draft: Draft, act: Act) -> list[Item]:
    """What was listed last, several things, where a question names none of them: it is of each."""
    listed = [item for one in draft.session.recent.items if (item := draft.catalogue.item(one))]
    return listed[:BY_EAR] if len(listed) > 1 and not act.items and not act.lines else []


def _sizes(draft: Draft, item: Item) -> Joined | None:
    """What each choice of the first priced option costs, as "regular …, large …"."""
    for option in item.options:
        if option.choose == "one" and any(one.price for one in option.choices):
            return Joined(
                tuple(
                    Said(
                        "price_of_choice",
                        {"choice": Named(one.names, one.id), "price": draft.money(item.price + one.price)},
                    )
                    for one in option.choices
                )
            )
    return None


def _meant(draft: Draft, act: Act) -> list[Item]:
    """The items asked about, else the one last spoken of."""
    line = draft.order.line(draft.session.recent.line or 0) if draft.order is not None else None
    mine = draft.catalogue.item(line.item) if line is not None else None
    if mine is not None and act.items and all(one == f"#{mine.category}" for one in act.items):
        return [mine]  # "how big is the room", of the one in the basket
    known = known_of(draft, act)
    if known or act.items:
        return known
    recent = [*draft.session.recent.items[:1], *([line.item] if line is not None else [])]
    return [item for one in recent if (item := draft.catalogue.item(one))][:1]


def look_for(draft: Draft) -> bool:
    """Suggests what comes closest to a wish that names no goods; False where nothing does."""
    near = suggested(draft)
    if near:
        want_it(draft, near)
    return bool(near)


def menu(draft: Draft, act: Act) -> None:
    if rooms_with(draft, act):
        return
    wanted, unwanted = _tags(act)
    cheapest = wanted & BY_PRICE
    wanted -= BY_PRICE  # it is no attribute: the cheapest of what is meant
    such = [one for one in draft.catalogue.rooms if wanted <= set(one.tags)]
    if wanted and not cheapest and such and not unwanted and all(one.startswith("#") for one in act.items):
        rooms_free(draft, such, named=True)
        return
    categories = [one[1:] for one in act.items if one.startswith("#")]
    if not act.items and len(draft.catalogue.categories) == 1:
        categories = list(draft.catalogue.categories)  # which kind there is, nobody needs to be told
    named = [item for one in act.items if (item := draft.catalogue.item(one))]
    free_of = [one for tag in sorted(wanted) if tag not in draft.catalogue.tags for one in FREE_OF.get(tag, ())]
    free_of += act.value.get(WITHOUT, ()) if isinstance(act.value, dict) else ()
    if free_of:  # nothing is marked so: what isn't listed with it is known at least
        if not any(isinstance(one.value, dict) and ALLERGIC in one.value for one in draft.meaning.acts):
            _without(draft, act, free_of)
        return
    sought = draft.meaning.sought
    if (
        sought is not None
        and not cheapest
        and (sought.extra or act.items)
        and not named
        and (near := suggested(draft, act))
    ):
        want_it(draft, near)
        return
    if cheapest and not act.items and not wanted and not unwanted:
        named = [item for one in draft.session.recent.items if (item := draft.catalogue.item(one))]
        named = named if len(named) > 1 else list(draft.catalogue.items.values())
    bounds = {one: act.value[one] for one in (LEAST, MOST) if one in act.value} if isinstance(act.value, dict) else {}
    if not categories and not wanted and not unwanted and not named and not bounds:
        for one in act.items:
            draft.say(draft.by_trade("not_sold"), item=one)
        if act.items and len(draft.catalogue.categories) < 2:
            return  # the one kind of things that there is says nothing about it
        _categories(draft)
        _list_view(draft, list(draft.catalogue.items.values()))
        return
    found = [
        one
        for one in draft.catalogue.items.values()
        if (not categories or one.category in categories)
        and (not named or one in named)
        and wanted <= set(one.tags)
        and not unwanted & set(one.tags)
        and one.stock != 0
    ]
    if not found and (strict := sorted(wanted & STRICT - set(draft.catalogue.tags))):
        draft.say("none_marked", tags=tag_names(strict))
        return
    if found and bounds:
        found = _within(draft, found, bounds)
    if not found:
        draft.say("nothing_like_that")
        if near := suggested(draft, act):
            want_it(draft, near)
        else:
            _categories(draft)
        return
    if cheapest:
        found = cheapest_of(draft, found, dearest=DEAR in cheapest)
    draft.remember(items=tuple(one.id for one in found[:20]))
    if all(one.adults for one in found):
        rooms_free(draft, found)
        return
    shown = found[:BY_EAR]
    draft.say(
        "we_have" if len(found) <= BY_EAR else "we_have_more",
        items=Joined(tuple(label(draft, one) for one in shown)),
        more=len(found) - len(shown),
    )
    _list_view(draft, found)
    want_it(draft, found[:10])


def _within(draft: Draft, found: Sequence[Item], bounds: Mapping[str, int]) -> list[Item]:
    """Those that cost no more than `most` and no less than `least`, in minor units; those nearest to that where none
    does."""
    least, most = bounds.get(LEAST, 0), bounds.get(MOST, sys.maxsize)
    far = {one.id: max(least - price_of(draft, one), price_of(draft, one) - most, 0) for one in found}
    nearest = min(far.values())
    if nearest:
        key = "nothing_between" if len(bounds) > 1 else "nothing_so_dear" if LEAST in bounds else "nothing_so_cheap"
        draft.say(key, **{name: draft.money(amount) for name, amount in bounds.items()})
    return [one for one in found if far[one.id] == nearest]


def _without(draft: Draft, act: Act, avoided: Sequence[str]) -> None:
    """The goods of the kinds that were asked for, or so, that aren't listed with something."""
    wanted, unwanted = _tags(act)
    wanted &= set(draft.catalogue.tags)
    kinds = [one[1:] for one in act.items if one.startswith("#")]
    goods = [
        one
        for one in draft.catalogue.items.values()
        if (not kinds or one.category in kinds)
        and wanted <= set(one.tags)
        and not unwanted & set(one.tags)
        and one.stock != 0
    ]
    found = allergies.without(draft, goods, avoided)
    if found:
        draft.remember(items=tuple(one.id for one in found[:20]))
        _list_view(draft, found)
        want_it(draft, found[:10])


def _categories(draft: Draft) -> None:
    kinds = draft.catalogue.categories
    labels = tuple(Named(names, one) for one, names in kinds.items())
    draft.say("categories", categories=Joined(labels))
    if draft.order is None or not flow.in_checkout(draft.order):
        shows = tuple((Act("ask_menu", items=(f"#{one}",)),) for one in kinds)
        draft.question = draft.question or Said("which_category", {}, tuple(zip(labels, shows, strict=True)))
        draft.asked = draft.asked or Asked(step="basket", candidates=shows)


def _tags(act: Act) -> tuple[set[str], set[str]]:
    value = act.value if isinstance(act.value, dict) else {}
    return set(value.get("tags", ())), set(value.get("not", ()))


def _list_view(draft: Draft, items: Sequence[Item]) -> None:
    voice = draft.voice
    draft.views.append(
        View(
            "items",
            {
                "items": [
                    {
                        "item": one.id,
                        "name": voice.value(item_name(one), False),
                        "price": one.price,
                        "category": one.category,
                        "description": one.descriptions.get(voice.tag, ""),
                    }
                    for one in items[:60]
                ],
                "currency": draft.shop.currency,
            },
        )
    )


def stock(draft: Draft, act: Act) -> None:
    if act.act == "ask_stock" and draft.meaning.text and rooms_with(draft, act):
        return
    known = known_of(draft, act)
    wanted, unwanted = _tags(act)
    rooms = [
        one
        for one in (known or draft.catalogue.rooms)
        if one.adults and wanted <= set(one.tags) and not unwanted & set(one.tags)
    ]
    if rooms:
        rooms_free(draft, rooms, named=any(not one.startswith("#") for one in act.items))
        return
    for item in known[:BY_EAR]:
        free = draft.scene.stock.get((item.id, ""))
        if free is None:
            draft.say("in_stock", item=item_name(item), price=draft.money(item.price))
        elif free > 0:
            draft.say("in_stock_number", lines=so_many(item, free), price=draft.money(item.price))
        else:
            draft.say("sold_out", item=item_name(item))
    left = [item for item in known if draft.scene.stock.get((item.id, "")) != 0]
    if left:  # nobody is offered what is sold out
        want_it(draft, left)
    elif known:
        draft.remember(items=())
    elif not act.items:
        menu(draft, act)


def about(draft: Draft, act: Act) -> None:
    """Details of an item, or of the shop: `act.value` is the topic."""
    topic = act.value if isinstance(act.value, str) else None
    if isinstance(act.value, dict) and ALLERGIC in act.value:
        allergies.tell(draft, act.value[ALLERGIC])
        allergies.remember(draft, act.value[ALLERGIC])
        return
    if isinstance(act.value, dict) and NOT_ALLERGIC in act.value:
        allergies.take_back(draft, act.value[NOT_ALLERGIC])
        return
    if isinstance(act.value, dict) and CONTAINS in act.value:
        _allergens(draft, act, act.value[CONTAINS])
        return
    if isinstance(act.value, dict) and MADE_OF in act.value:
        choices.made_of(draft, known_of(draft, act), str(act.value[MADE_OF]))
        return
    if isinstance(act.value, dict) and OPTION in act.value:
        choices.tell(draft, known_of(draft, act), act.value[OPTION])
        return
    if isinstance(act.value, dict) and WAY in act.value:
        about_shop.ways(draft, act.value[WAY])
        return
    answer = _TOPICS.get(topic or "")
    if answer is not None:
        answer(draft, act)
        return
    known = _meant(draft, act)
    if not known:
        menu(draft, replace(act, items=()))
        return
    asked = [item for item in known[:BY_EAR] if _say_whether(draft, item, act)]
    if asked:
        refused = any(one.key in ("none_marked", "is_not_so") for one in draft.said)
        want_it(draft, () if refused else asked[:1])
        return
    for item in known[:2]:
        description = item.descriptions.get(draft.voice.tag) or next(iter(item.descriptions.values()), "")
        draft.say(
            "about_item", item=item_name(item), description=description, price=draft.money(item.price)
        ) if description else _without_words(draft, item)
        _say_amenities(draft, item)
    want_it(draft, known[:2])


def _without_words(draft: Draft, item: Item) -> None:
    """Of goods that nobody described: what they cost, and what comes on them unless it is left off."""
    included = [choice for option in item.options for choice in option.choices if choice.included]
    if included:
        draft.say(
            "made_with", item=item_name(item), choices=Joined(tuple(Named(one.names, one.id) for one in included))
        )
    draft.say("price_is", item=item_name(item), price=draft.money(item.price))


AGAINST = {
    "vegan": frozenset("milk egg eggs fish shellfish crustaceans molluscs".split()),
    "vegetarian": frozenset("fish shellfish crustaceans molluscs".split()),
    "gluten_free": frozenset({"gluten", "wheat"}),
    "dairy_free": frozenset({"milk"}),
}
"""The allergens by which goods can't be so."""
STRICT = frozenset({"halal", "vegan", "vegetarian"})
"""Attributes of which nothing comes close: who asks for them takes nothing else."""
FREE_OF = {"gluten_free": ("gluten",), "dairy_free": ("milk",)}
"""What goods that are so are free of."""


def _say_whether(draft: Draft, item: Item, act: Act) -> bool:
    """Whether an item has the attributes that were asked about, as the merchant marked them, and why not. False where
    none was asked about, or nothing in the shop is marked so: then there is nothing to say."""
    wanted, unwanted = _tags(act)
    for tag in sorted(wanted | unwanted):
        reasons = [one for one in item.allergens if one in AGAINST.get(tag, ())]
        if tag in item.tags:
            draft.say("is_so", item=item_name(item), tags=tag_names((tag,)))
        elif reasons:
            draft.say("is_not_so", item=item_name(item), allergens=allergen_names(reasons))
        elif tag in draft.catalogue.tags:
            draft.say("not_marked", item=item_name(item), tags=tag_names((tag,)))
        elif tag in STRICT:
            draft.say("none_marked", tags=tag_names((tag,)))
        else:
            return False
    return bool(wanted or unwanted)


def _say_amenities(draft: Draft, item: Item) -> None:
    said = item.amenities.get(draft.voice.tag)
    if said:
        draft.say("amenities", item=item_name(item), amenities=Joined(said))


def _allergens(draft: Draft, act: Act, wanted: Sequence[str] = ()) -> None:
    """What goods contain, or whether they contain what is `wanted`."""
    lines = draft.order.lines if draft.order is not None and not act.items else ()
    asked = [(item, line.options) for line in lines if (item := draft.catalogue.item(line.item))]
    asked = asked or [(item, ()) for item in _meant(draft, act)]
    if not asked and equipment.answer(draft, ()):
        return
    if not asked:
        draft.say("which_item")
    elif wanted:
        allergies.in_these(draft, asked, wanted)
        if act.items and len(asked) == 1 and not any(one.key == "contains" for one in draft.said[:1]):
            want_it(draft, [asked[0][0]])  # "a brownie, does it have nuts": a yes, or "make it two", is of that
        return
    for item, options in asked[:BY_EAR]:
        contained = allergens_of(item, options)
        if item.adults and not contained and equipment.answer(draft, [item]):
            continue
        if item.adults and not contained:
            about(draft, replace(act, value=None, items=(item.id,)))
            continue
        draft.whole = True
        if contained:
            draft.say("contains", item=item_name(item), allergens=allergen_names(contained))
        else:
            draft.say("contains_none", item=item_name(item))


def _for_me(draft: Draft, act: Act) -> None:
    """Whether goods are something for somebody who told an allergy, "is the bread ok for me": what they are listed
    with."""
    _allergens(draft, act, draft.session.avoids)


def _any_for_me(draft: Draft, act: Act) -> None:
    """What there is for somebody who told an allergy: what isn't listed with it."""
    if draft.session.avoids:
        _without(draft, act, draft.session.avoids)
    else:
        menu(draft, replace(act, value=None))


def _amenities(draft: Draft, act: Act) -> None:
    """What rooms have: what was asked about, else all that the room spoken of has."""
    if _has_that(draft, act):
        return
    known = spoken_of(draft, act)
    told = [one for one in known if one.amenities]
    for item in told[:1] if draft.meaning.sought is None else ():
        _say_amenities(draft, item)
    if not told or draft.meaning.sought is not None:
        _unlisted(draft, act)


def _facility(draft: Draft, act: Act) -> None:
    """Whether there is something that is named, parking or a pool: what the merchant doesn't list isn't known."""
    if not _has_that(draft, act):
        _unlisted(draft, act)


def _has_that(draft: Draft, act: Act) -> bool:
    """Tells whether what was spoken of has what is asked about, where that is known."""
    known = spoken_of(draft, act)
    if not equipment.answer(draft, known):
        return False
    want_it(draft, known[:1] if len(known) == 1 and not shopping(draft) else ())
    return True


def _unlisted(draft: Draft, act: Act) -> None:
    draft.say(draft.by_trade("dont_know"))


def _options(draft: Draft, act: Act) -> None:
    items = known_of(draft, act)
    if not items and draft.order is not None and draft.order.lines:
        line = draft.order.line(draft.session.recent.line or 0) or draft.order.lines[-1]
        items = [found for found in (draft.catalogue.item(line.item),) if found]
    for item in items[:1]:
        if not item.options:
            draft.say("no_options", item=item_name(item))
        for option in item.options:
            choices.say(draft, option)
    if not items:
        draft.say("which_item")


def _size(draft: Draft, act: Act) -> None:
    """How big goods are: the sizes they can be had in, else what is written of them."""
    items = _meant(draft, act)
    sizes = [option for item in items[:1] for option in item.options if option.id == "size"]
    for option in sizes:
        choices.say(draft, option)
    if not sizes:
        about(draft, replace(act, value=None, items=tuple(item.id for item in items) or act.items))


def _included(draft: Draft, act: Act) -> None:
    """Whether goods come with others, "does it come with fries": what is written of those that were spoken of."""
    about(draft, replace(act, value=None, items=()))


def _sleeps(draft: Draft, act: Act) -> None:
    """How many guests a room takes."""
    for item in _meant(draft, act)[:BY_EAR]:
        if item.adults:
            draft.say("room_sleeps", item=item_name(item), guests=guests(Party(item.adults, item.children)))
    if not draft.said:
        about(draft, replace(act, value=None))


_TOPICS = {
    "price": price,
    "wait": about_shop.wait,
    "hours": about_shop.hours,
    "delivery": about_shop.delivery,
    "allergens": _allergens,
    "for_me": _for_me,
    "any_for_me": _any_for_me,
    "amenities": _amenities,
    "facility": _facility,
    "unlisted": _unlisted,
    "cancellation": about_shop.cancellation,
    "options": _options,
    "size": _size,
    "included": _included,
    "sleeps": _sleeps,
    "payment": about_shop.payment,
    "address": about_shop.address,
    "phone": about_shop.phone,
    "stay": about_shop.stay,
    "later": about_shop.later_check_out,
    "each_room": about_shop.each_room,
    "promotions": about_shop.discounts,
    "bill": explaining.bill,
    "tax": explaining.tax,
    "receipt": explaining.receipt,
    "why": explaining.why,
    "declined": explaining.declined,
    "contact": explaining.contact,
    "minimum": explaining.minimum,
    "last_orders": explaining.last_orders,
}


def recommend(draft: Draft, act: Act) -> None:
    """From what goes with the basket and from this person's past orders, with the reason."""
    have = {one.item for one in draft.order.lines} if draft.order and draft.order.stage == "open" else set()
    categories = [one[1:] for one in act.items if one.startswith("#")]
    wanted, unwanted = _tags(act)

    sought, party = draft.meaning.sought, draft.session.recent.party
    if sought is not None and sought.extra and (near := suggested(draft, act)):
        want_it(draft, near)
        return

    def fits(item: Item | None) -> bool:
        return (
            item is not None
            and item.id not in have
            and (not categories or item.category in categories)
            and wanted <= set(item.tags)
            and not unwanted & set(item.tags)
            and draft.scene.stock.get((item.id, "")) != 0
            and item.stock != 0
            and not allergies.unwanted(draft, item)
            and (not item.adults or party is None or rooms.fits(party, [(item, 1)]))
        )

    def tell_what_goes_with(base: Item) -> bool:
        likes = [*base.goes_with, *(one.id for one in draft.catalogue.items.values() if base.id in one.goes_with)]
        item = next((one for other in likes if (one := draft.catalogue.item(other)) is not None and fits(one)), None)
        if item is not None:
            draft.say("recommend_with", item=item_name(item), other=item_name(base), price=draft.money(item.price))
            want_it(draft, [item])
        return item is not None

    if any(tell_what_goes_with(one) for one in known_of(draft, act)):
        return
    bought = Counter(
        line.item
        for past in draft.scene.orders
        if past.order.stage not in ("open", "cancelled")
        for line in past.order.lines
    )
    for item_id, times in bought.most_common():
        item = draft.catalogue.item(item_id)
        if item is not None and fits(item):
            draft.say(
                "recommend_before", item=item_name(item), price=draft.money(item.price), times=Count(times, "time")
            )
            want_it(draft, [item])
            return
    if any(tell_what_goes_with(one) for had in have if (one := draft.catalogue.item(had)) is not None):
        return
    praised = Counter(other for item in draft.catalogue.items.values() for other in item.goes_with)
    pool = [item for one, _times in praised.most_common() if (item := draft.catalogue.item(one)) and fits(item)]
    pool = pool or [item for item in draft.catalogue.items.values() if fits(item)]
    if not pool:
        draft.say("nothing_like_that")
        want_it(draft, suggested(draft, act))
        return
    item = pool[0]
    draft.say("recommend_popular", item=item_name(item), price=draft.money(item.price))
    want_it(draft, [item])
