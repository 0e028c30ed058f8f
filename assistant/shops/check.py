"""Looks a shop over for its merchant: every mistake, and what may be meant but will trouble a talk."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations, pairwise
from pathlib import Path

from rapidfuzz import fuzz, process

from assistant.commerce.catalogue import Catalogue, Item, ItemOption, Names
from assistant.commerce.shop import Shop
from assistant.discovery import find
from assistant.errors import SetupError
from assistant.shops import ShopError, load_shop
from assistant.shops.reading import Problem, meant
from assistant.understanding.misheard.sounds import likeness, speech_of
from models import languages

ALIKE = 88
"""Of 100: names at least this alike are told apart only by luck."""
SHORTEST = 3
"""Shorter names are alike too easily; only equal ones are told."""
SLIP = 0.85
"""Tags that are at least so alike are meant to be the same."""
SAME_SOUND = 0.9
"""Names of the same rough spelling that are at least this alike are told apart by their letters alone."""


def check(folder: str | Path, now: dt.datetime | None = None, *, extra: Path | None = None) -> list[Problem]:
    """All mistakes; where there are none, what is worth a look (severity "warning"). `now`: with it, what is over is
    told, too."""
    try:
        shop, catalogue = load_shop(folder, extra=extra)
    except ShopError as error:
        return error.problems
    goods = "catalogue.json" if (Path(shop.folder) / "catalogue.json").exists() else "catalogue.csv"
    return [
        *(Problem("shop.toml", place, text, "warning") for place, text in _rules(shop, catalogue, now)),
        *(Problem(goods, place, text, "warning") for place, text in _goods(shop, catalogue)),
    ]


def _rules(shop: Shop, catalogue: Catalogue, now: dt.datetime | None) -> Iterator[tuple[str, str]]:
    yield from _missing_names("names", shop.names, shop, needed=bool(shop.names))
    today = now.astimezone(shop.zone).date().isoformat() if now is not None else ""
    if shop.hours and not any(shop.hours.values()):
        yield "hours", "the shop never opens; write its windows, or leave out [hours] for open at all times"
    used = {item.category for item in catalogue.items.values()}
    for category, names in catalogue.categories.items():
        if category not in used:
            yield f"categories.{category}", "no item has this category; take it out or use it"
        else:
            yield from _missing_names(f"categories.{category}", names, shop)
    named = {way for words in find("step", "fulfilment").WORDS.values() for way in words["way"]}
    for one in shop.fulfilments.values():
        needed = bool(one.names) or one.id not in named
        yield from _missing_names(f"fulfilment.{one.id}.names", one.names, shop, needed=needed)
        if one.free_from is not None and one.fee == 0 and one.free_from > 0:
            yield f"fulfilment.{one.id}.free_from", "there is no fee that it could drop; write a fee or take it out"
    for method in shop.methods.values():
        yield from _missing_names(f"payment.method.{method.id}.names", method.names, shop, needed=bool(method.names))
    yield from _shared_names("fulfilment", {one.id: one.names for one in shop.fulfilments.values()})
    yield from _shared_names("payment.method", {one.id: one.names for one in shop.methods.values()})
    yield from _shared_names("categories", catalogue.categories)
    for provider in shop.providers:
        if provider not in {one.provider for one in shop.methods.values()}:
            yield f"providers.{provider}", "no payment method uses it; name it in [payment.method.…] or take it out"
    for term in shop.terms.values():
        for tag in shop.languages:
            if tag not in term.text:
                yield f"terms.{term.id}.text", f"has no words in '{tag}'; add them, or it is told in another language"
    for promotion in shop.promotions.values():
        place = f"promotions.{promotion.id}"
        yield from _missing_names(f"{place}.names", promotion.names, shop)
        if (promotion.end or today) < today:
            yield f"{place}.end", f"{promotion.end} is over, so it takes nothing off; write a later day or take it out"
        if promotion.most == 0:
            yield f"{place}.most", "is 0, so it takes nothing off; write how much at most, or leave it out"
        if promotion.kind == "bundle":
            apart = sum(catalogue.items[item].price for item in promotion.items)
            if promotion.price >= apart:
                yield f"{place}.price", f"{promotion.price} saves nothing: apart the items cost {apart}; lower it"


def _goods(shop: Shop, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    nights = "books_nights" in find("trade", shop.trade).traits
    known, tags = _worded(shop, "say", "allergen"), _worded(shop, "tag")
    for item in catalogue.items.values():
        if item.price == 0 and not any(rate.price for rate in item.rates):
            yield f"{item.id}.price", "is 0, so it is given away; write its price in minor units"
        if item.stock == 0:
            yield f"{item.id}.stock", "is 0: sold out until it is raised; write null for unlimited"
        if nights and not item.adults:
            yield f"{item.id}.sleeps", 'is missing, so anybody may book it; write {"adults": 2, "children": 1}'
        if not nights and item.rates:
            yield f"{item.id}.rates", f"a '{shop.trade}' books no nights, so rates are never used; take them out"
        yield from _missing_names(f"{item.id}.names", item.names, shop)
        yield from _allergens(item, known)
        yield from _tags(item, tags)
        yield from _texts(item, shop)
        for option in item.all_options():
            yield from _option(item, option, shop)
    strange = sorted({tag for item in catalogue.items.values() for tag in item.names} - set(shop.languages))
    if strange:
        yield "", f"has names in {', '.join(strange)}, which the shop doesn't speak; add it to languages in shop.toml"
    yield from _alike(shop, catalogue)


def _shared_names(place: str, named: Mapping[str, Names]) -> Iterator[tuple[str, str]]:
    """Names that several of a kind have: whoever says one has said nothing."""
    owner: dict[tuple[str, str], str] = {}
    for one, names in named.items():
        for tag, said in names.items():
            for name in said:
                other = owner.setdefault((tag, name.casefold()), one)
                if other != one:
                    yield place, f"'{name}' ({tag}) names {other} and {one}, so they can't be told apart; rename"


def _missing_names(place: str, names: Names, shop: Shop, needed: bool = True) -> Iterator[tuple[str, str]]:
    missing = [tag for tag in shop.languages if needed and not names.get(tag)]
    if missing:
        yield place, f"has no name in {', '.join(missing)}; add it, or another language's is said there"


def _texts(item: Item, shop: Shop) -> Iterator[tuple[str, str]]:
    for what, texts in (("descriptions", item.descriptions), ("amenities", item.amenities)):
        missing = [tag for tag in shop.languages if texts and tag not in texts]
        if missing:
            yield f"{item.id}.{what}", f"has nothing in {', '.join(missing)}; add it"


def _worded(shop: Shop, *path: str) -> set[str]:
    """What a language of the shop has words for, of what stands in this table of its file."""
    found: set[str] = set()
    for tag in set(shop.languages) & set(languages.available()):
        table = languages.load(tag).tables
        for key in path:
            table = table.get(key, {})
        found |= table.keys()
    return found


def _allergens(item: Item, known: Collection[str]) -> Iterator[tuple[str, str]]:
    listed = [
        *item.allergens,
        *(one for option in item.all_options() for each in option.choices for one in each.allergens),
    ]
    for one in dict.fromkeys(listed):
        if known and one not in known:
            yield (
                f"{item.id}.allergens",
                f"'{one}' isn't known, so nobody finds it by what they say; {meant(one, sorted(known))}",
            )


def _tags(item: Item, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """A tag may be any word; one that is nearly a known one is a slip, and its goods would not be found."""
    for one in item.tags:
        if one not in known and (near := difflib.get_close_matches(one, sorted(known), 1, SLIP)):
            yield f"{item.id}.tags", f"'{one}' isn't known; did you mean '{near[0]}'?"


def _option(item: Item, option: ItemOption, shop: Shop) -> Iterator[tuple[str, str]]:
    place = f"{item.id}.options.{option.id}"
    yield from _missing_names(place, option.names, shop, needed=bool(option.names))
    for tag in shop.languages:
        bare = [one.id for one in option.choices if not one.names.get(tag)]
        if bare:
            yield place, f"these choices have no name in {tag}: {', '.join(bare)}; add them"
    yield from _shared_names(place, {one.id: one.names for one in option.choices})
    if all(one.stock == 0 for one in option.choices):
        yield place, "all its choices are sold out, so none can be chosen; raise a stock or take the option out"
    elif option.default is not None and any(one.id == option.default and one.stock == 0 for one in option.choices):
        yield place, f"its default '{option.default}' is sold out; name another default"
    if option.choose == "one" and option.required and len(option.choices) == 1:
        yield place, "there is only one choice, so there is nothing to choose; add one or take the option out"
    normal = option.amount_prices.get("normal", 1)
    for word in ("extra", "double"):
        if option.amount_prices.get(word, normal) < normal:
            yield place, f"{word} costs less than normal; check amount_prices"


def _alike(shop: Shop, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Names of different items that are the same or nearly so, by language; each pair of items once."""
    told: set[tuple[str, str]] = set()
    for tag in shop.languages:
        names = [(name.casefold(), item.id) for item in catalogue.items.values() for name in item.names.get(tag, ())]
        for name, one, other, what in (*_equal(names), *_near(names), *_spoken(names, tag)):
            pair = (min(one, other), max(one, other))
            if pair not in told:
                told.add(pair)
                yield f"{one}.names.{tag}", f"'{name}' {what} of '{other}'; rename one, or it is asked about each time"


def _equal(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    for (name, one), (same, other) in pairwise(sorted(names)):
        if name == same and one != other:
            yield name, one, other, "is a name"


def _near(names: list[tuple[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    long = [(name, item) for name, item in names if len(name) >= SHORTEST]
    texts = [name for name, _ in long]
    for n, (name, item) in enumerate(long):
        for other, _, at in process.extract(name, texts[n + 1 :], scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None):
            owner = long[n + 1 + at][1]
            if owner != item and other != name:
                yield name, item, owner, f"sounds like '{other}'"


def _spoken(names: Iterable[tuple[str, str]], tag: str) -> Iterator[tuple[str, str, str, str]]:
    """Names that are written otherwise and spoken alike, in languages that are told apart by sound: 芝士 and 知识."""
    try:
        language = languages.load(tag)
    except SetupError:  # a language of somebody's own: its file is not here
        return
    speech = speech_of(language)
    if language.tables.get("sound", "letters") == "letters":
        return
    heard: dict[str, list[tuple[str, str, str]]] = {}
    for name, item in names:
        letters = name.replace(" ", "")
        if len(letters) > 1 and all(map(speech.fits, letters)):
            heard.setdefault(speech.rough(letters), []).append((speech.sound(letters), name, item))
    for group in heard.values():
        for (sound, name, one), (other, like, item) in combinations(group, 2):
            if one != item and name != like and likeness(sound, other) >= SAME_SOUND:
                yield name, one, item, f"sounds like '{like}'"
