"""Shops as merchants write them: a folder with shop.toml and a catalogue. Three demo shops lie here, too."""

from __future__ import annotations

import hashlib
from pathlib import Path

from babel.localedata import locale_identifiers

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.shop import Shop
from assistant.discovery import extensions
from assistant.errors import SetupError
from assistant.shops import catalogue_file, shop_file
from assistant.shops.reading import File, Problem, meant
from models import languages

HOME = Path(__file__).parent
CATALOGUES = ("catalogue.json", "catalogue.csv")


class ShopError(SetupError):
    """A shop that can't be opened. `problems` has every mistake; the text lists them, one a line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(one) for one in problems))


def demo_shops() -> list[str]:
    return sorted(path.parent.name for path in HOME.glob("*/shop.toml"))


def load_shop(name_or_folder: str | Path, *, extra: Path | None = None) -> tuple[Shop, Catalogue]:
    """A demo shop by its name, or any folder. Raises ShopError with every mistake; nothing is half loaded.

    `extra` is a folder of extensions (by default what VOICETILL_EXTENSIONS names): its languages are known, too.
    """
    folder = find_folder(name_or_folder)
    more = extra or extensions()
    installed = languages.available(more / "language" if more else None)
    tags = frozenset(installed) | {one.replace("_", "-") for one in locale_identifiers()}
    rules = File("shop.toml", tags)
    raw_shop = shop_file.parse(folder / "shop.toml", rules)
    shop, categories = shop_file.read(raw_shop or {}, folder, rules, installed)
    if raw_shop is None:
        rules.problems = rules.problems[:1]

    present = [name for name in CATALOGUES if (folder / name).exists()]
    goods = File(present[0] if present else CATALOGUES[0], tags)
    goods.languages = shop.languages
    items = {}
    if len(present) != 1:
        goods.problem(
            "",
            f"there is no such file in {folder}; write it, or catalogue.csv"
            if not present
            else "catalogue.csv lies beside it; keep one of the two",
        )
    else:
        raw_items = catalogue_file.parse(folder / present[0], goods)
        if raw_items is not None:
            items = catalogue_file.read(raw_items, goods, shop.limits)
            for missing in (one for one in items.values() if one.picture and not (folder / one.picture).is_file()):
                goods.problem(
                    missing.id, f"there is no picture {folder / missing.picture}; put it there or take it out"
                )
            shop_file.check_references(shop, set(items), {one.category for one in items.values()}, rules)
    if rules.problems or goods.problems:
        raise ShopError([*rules.problems, *goods.problems])

    first = shop.languages[0]
    for item in items.values():
        categories.setdefault(item.category, {first: (item.category.replace("_", " "),)})
    version = hashlib.sha256((folder / goods.name).read_bytes()).hexdigest()[:16]
    return shop, Catalogue(items=items, categories=categories, version=version)


def find_folder(name_or_folder: str | Path) -> Path:
    """Where a shop lies. Raises ShopError when it is nowhere."""
    folder = HOME / name_or_folder
    if isinstance(name_or_folder, str) and name_or_folder in demo_shops():
        return folder
    folder = Path(name_or_folder)
    if folder.is_dir():
        return folder.resolve()
    remedy = meant(str(name_or_folder), demo_shops()).rstrip("?")
    raise ShopError([Problem("", "", f"there is no shop '{name_or_folder}'; {remedy}, or name a folder")])
