"""What things of a shop are called when they are said."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from assistant.commerce.catalogue import Catalogue, Item
from assistant.commerce.order import Line
from assistant.commerce.shop import Shop
from assistant.dialogue.say import Digits, Joined, Lines, Named, Word
from assistant.steps import Said


def method_name(shop: Shop, method: str) -> Named | Word:
    """A payment method: the merchant's name for it, else the language's for this id, else its provider's own."""
    found = shop.methods.get(method)
    if found is not None and found.names:
        return Named(found.names, method)
    return Word(f"method.names.{method}", method, other=f"{method}.name")


def method_names(shop: Shop, methods: Iterable[str] | None = None) -> Joined:
    """Some methods, or all there are, as a list to choose from."""
    return Joined(tuple(method_name(shop, one) for one in (shop.methods if methods is None else methods)), "or")


def way_name(shop: Shop, way: str) -> Named | Word:
    """A way of fulfilment: the merchant's name for it, else the language's for this id."""
    found = shop.fulfilments.get(way)
    return Named(found.names, way) if found is not None and found.names else Word(f"fulfilment.way.{way}", way)


def way_names(shop: Shop, ways: Iterable[str] = ()) -> Joined:
    """These ways, or all that the shop has."""
    return Joined(tuple(way_name(shop, one) for one in ways or shop.fulfilments), "or")


def item_name(item: Item) -> Named:
    return Named(item.names, item.id)


def so_many(item: Item, number: int) -> Lines:
    """So many of some goods, by their name alone: "two croissants"."""
    names = {tag: one[0] for tag, one in item.names.items() if one}
    return Lines((Line(id=0, item=item.id, quantity=number, names=names, unit_price=item.price),), short=True)


def choice_name(catalogue: Catalogue, item: Item | None, option: str | None, choice: str | None) -> Named | str:
    """What can be chosen of an option, as `item` calls it, else as the first goods that have it do."""
    for goods in chain((item,) if item is not None else (), catalogue.items.values()):
        for one in goods.all_options():
            if one.id == option and (found := one.choice(choice)) is not None:
                return Named(found.names, found.id)
    return choice or option or ""


def category_name(catalogue: Catalogue, category: str) -> Named:
    """`category` as acts have it: `#drinks`."""
    one = category.removeprefix("#")
    return Named(catalogue.categories.get(one, {}), one)


def allergen_names(allergens: Iterable[str]) -> Joined:
    return Joined(tuple(Word(f"allergen.{one}", one) for one in allergens))


def tag_names(tags: Iterable[str]) -> Joined:
    """Attributes of goods; a merchant's own is called by its id."""
    return Joined(tuple(Word(f"tag.{one}", one.replace("_", " ")) for one in tags))


def promotion_name(shop: Shop, promotion: str) -> Named:
    found = shop.promotions.get(promotion)
    return Named(found.names if found is not None else {}, promotion)


def reach(shop: Shop, language: str) -> str | Said:
    """How to reach a person of the shop, as a clause: as the shop says it, else by its phone; "" where nothing is
    known."""
    return shop.reach(language) or (Said("by_phone", {"phone": Digits(shop.phone)}) if shop.phone else "")
