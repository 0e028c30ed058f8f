"""What a shop sells. Immutable; made from the merchant's files by `assistant.shops`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from msgspec import Struct

Names = Mapping[str, tuple[str, ...]]
"""Language tag -> names, the one to say first."""


def name_in(names: Names, language: str, fallback: tuple[str, ...], default: str) -> str:
    """The name to say in a language, else in the first fallback language that has one, else `default`."""
    for tag in (language, *fallback):
        if names.get(tag):
            return names[tag][0]
    return next((one[0] for one in names.values() if one), default)


class OptionChoice(Struct, frozen=True, kw_only=True):
    """One thing that can be chosen of an option: large, oat milk, extra cheese."""

    id: str
    names: Names
    price: int = 0
    """Minor units added to the unit price at amount normal."""
    included: bool = False
    """On the item unless left off; free as no, light, side, normal or one."""
    options: tuple[ItemOption, ...] = ()
    """Options of the choice itself (a meal's drink and its size): ids are paths, `drink/size`."""
    stock: int | None = None
    tags: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    """What choosing it adds to the item's own."""


class ItemOption(Struct, frozen=True, kw_only=True):
    """What can be chosen of an item: its size, its toppings, the drink of a meal."""

    id: str
    """A path for an option of a choice."""
    names: Names
    choose: Literal["one", "many"] = "one"
    required: bool = False
    """Something must be chosen."""
    default: str | None = None
    """The choice that stands where nothing is said."""
    most: int | None = None
    """`many`: how many choices may be added; what is included anyway doesn't count."""
    most_each: int = 1
    """`many`: how often one choice may be added."""
    amounts: tuple[str, ...] = ()
    """Of no, light, normal, extra, double, side. Empty for choose one."""
    amount_prices: Mapping[str, float] = {}
    """Amount -> what a choice's price is multiplied by; one that isn't named costs the price."""
    halves: bool = False
    """Each half of the item may have its own choices (a pizza)."""
    choices: tuple[OptionChoice, ...] = ()

    def choice(self, choice: str | None) -> OptionChoice | None:
        for one in self.choices:
            if one.id == choice:
                return one
        return None


class Rate(Struct, frozen=True, kw_only=True):
    """A nightly price for the nights it covers; the first that fits wins."""

    price: int
    start: str | None = None
    """ISO date, `MM-DD` (every year) or `+N` (days from today); None: no bound."""
    end: str | None = None
    days: tuple[str, ...] = ()
    """monday … sunday; empty: all."""


class Item(Struct, frozen=True, kw_only=True, dict=True):
    """Something that is sold: a dish, goods from a shelf, a room by the night, a table by the slot."""

    id: str
    names: Names
    category: str
    price: int
    """Minor units, without options."""
    stock: int | None = None
    """Per bucket (a night for rooms); None is unlimited."""
    options: tuple[ItemOption, ...] = ()
    descriptions: Mapping[str, str] = {}
    allergens: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Attributes that people ask for, ids named in languages: vegetarian, vegan, spicy, cold, hot, caffeine_free, …"""
    unusual: int = 20
    """More of it is asked about once."""
    most: int = 99
    """More of it is refused."""
    goes_with: tuple[str, ...] = ()
    """Items that are suggested with it."""
    measures: Mapping[str, str] = {}
    """Measure word by language (杯, 잔); none: the language's default."""
    tax_rate: str | None = None
    """Decimal text; None: the shop's rate."""
    rates: tuple[Rate, ...] = ()
    adults: int = 0
    children: int = 0
    """How many a room sleeps."""
    amenities: Mapping[str, tuple[str, ...]] = {}
    must_ack: bool = False
    picture: str = ""
    """A file in the shop's folder, by its path from there."""

    @cached_property
    def must_choose(self) -> bool:
        """Whether it has a required option without a default, at any depth: only then can something be missing."""
        return any(one.required and one.default is None for one in self.all_options())

    def option(self, path: str) -> ItemOption | None:
        return self._by_path.get(path)

    def all_options(self) -> tuple[ItemOption, ...]:
        """Every option, those of choices included (their ids are paths)."""
        return self._all_options

    @cached_property
    def choice_stock(self) -> dict[tuple[str, str], int]:
        """(option, choice) -> stock, of the choices that are counted."""
        found: dict[tuple[str, str], int | None] = {}
        for option in self._all_options:
            for choice in option.choices:
                found.setdefault((option.id, choice.id), choice.stock)
        return {key: stock for key, stock in found.items() if stock is not None}

    @cached_property
    def _all_options(self) -> tuple[ItemOption, ...]:
        todo = list(self.options)
        for one in todo:
            for choice in one.choices:
                todo.extend(choice.options)
        return tuple(todo)

    @cached_property
    def _by_path(self) -> dict[str, ItemOption]:
        """The first one of each id."""
        return {one.id: one for one in reversed(self._all_options)}


class Catalogue(Struct, frozen=True, kw_only=True, dict=True):
    items: Mapping[str, Item]
    categories: Mapping[str, Names]
    """Category id -> names; every category that an item names is here."""
    version: str
    """Changes when the content does."""

    def item(self, item: str) -> Item | None:
        return self.items.get(item)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The items of which there are only so many, or of a choice of theirs."""
        return frozenset(one.id for one in self.items.values() if one.stock is not None or one.choice_stock)

    @cached_property
    def rooms(self) -> tuple[Item, ...]:
        """What is booked by the night."""
        return tuple(one for one in self.items.values() if one.adults)

    @cached_property
    def tags(self) -> frozenset[str]:
        """The attributes that anything here is marked with."""
        return frozenset(tag for one in self.items.values() for tag in one.tags)

    def in_category(self, category: str) -> list[Item]:
        return [item for item in self.items.values() if item.category == category]
