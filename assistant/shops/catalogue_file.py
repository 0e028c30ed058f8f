"""Reads `catalogue.json` or `catalogue.csv`: what a shop sells, as its merchant wrote it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.commerce.catalogue import Item, ItemOption, OptionChoice, Rate
from assistant.commerce.shop import DAYS, Limits
from assistant.shops.reading import MOST_MONEY, File, Table, meant, not_utf8

AMOUNTS = ("no", "light", "normal", "extra", "double", "side")
DEEPEST = 4
"""Options of choices of options …: a talk can't go deeper."""
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
SEPARATORS = {";": "semicolons", "\t": "tabs"}
"""What programs for tables write between cells in place of commas."""
LISTS = ("allergens", "tags", "goes_with")
YEARLY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
RELATIVE = re.compile(r"\+\d{1,4}")


def parse(path: Path, file: File) -> list[tuple[str, Any]] | None:
    """(place, raw item) of every item, or None where the file can't be read at all."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        file.problem("", f"can't be read ({error.strerror}); check the file's permissions")
        return None
    except UnicodeDecodeError as error:
        file.problem(*not_utf8(error))
        return None
    return _parse_csv(text, file) if path.suffix == ".csv" else _parse_json(text, file)


def _parse_json(text: str, file: File) -> list[tuple[str, Any]] | None:
    try:
        raw = _json(text, file, "")
    except json.JSONDecodeError as error:
        file.problem(f"line {error.lineno}", f"is not valid JSON: {error.msg} (column {error.colno}); mend that line")
        return None
    except ValueError as error:
        file.problem("", f"is not valid JSON: {error}; write plain numbers")
        return None
    except RecursionError:
        file.problem("", "is nested too deeply; write plain items")
        return None
    place = ""
    if isinstance(raw, dict):
        top = Table(raw, file)
        top.get("items")
        top.done()
        raw, place = raw.get("items"), "items"
    if not isinstance(raw, list):
        file.problem(place, 'must be a list of items, or {"items": […]}')
        return None
    return [(f"{place}[{n}]", one) for n, one in enumerate(raw)]


def _json(text: str, file: File, place: str) -> Any:
    """JSON as it was meant: a key that stands twice in one object is told, with the object's id where it has one, and
    what isn't a number isn't taken for one. ValueError or RecursionError where it is no JSON."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in found]
        ids = [f"'{one}'" for key, one in found if key == "id" and isinstance(one, str)]
        where = ", ".join(["one object", *ids[:1]])
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            file.problem(place, f"the key '{key}' stands twice in {where}, so one value would be lost; take one out")
        return dict(found)

    def no_number(word: str) -> Any:
        raise ValueError(f"{word} is not a number")

    return json.loads(text, object_pairs_hook=pairs, parse_constant=no_number)


def _parse_csv(text: str, file: File) -> list[tuple[str, Any]] | None:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[str, Any]] = []
    try:
        head = [one.strip() for one in next(rows, [])]
        if "id" not in head:
            remedy = "must name the columns, one of them 'id'; such as id,category,price,stock,names.en"
            for sign, what in SEPARATORS.items():
                if "id" in ",".join(head).split(sign):
                    remedy = f"has {what} between its cells; save it with commas between them"
            file.problem("line 1", remedy)
            return None
        for column in dict.fromkeys(one for one in head if one and head.count(one) > 1):
            file.problem("line 1", f"has the column '{column}' twice, so one value would be lost; take one out")
        for column, above in ((one, one.partition(".")[0]) for one in head):
            if above != column and above in head:
                file.problem("line 1", f"'{column}' can't stand beside a column '{above}'; take '{above}' out")
        for row in rows:
            place = f"line {rows.line_num}"
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(head):
                file.problem(place, f"has {len(row)} cells for {len(head)} columns; put a text with commas in quotes")
                continue
            found.append((place, _from_row(dict(zip(head, row, strict=False)), place, file)))
    except csv.Error as error:
        file.problem(f"line {rows.line_num}", f"is not valid CSV: {error}; check the quotes")
        return None
    return found


def _from_row(row: dict[str, str], place: str, file: File) -> dict[str, Any]:
    """A row in the form of a JSON item: `names.en` is a key of `names`, several names or tags stand between `|`."""
    item: dict[str, Any] = {}
    above = {one.partition(".")[0] for one in row if "." in one}
    for column, cell in row.items():
        text = cell.strip()
        if not text:
            continue
        key, _, below = column.partition(".")
        value: Any = text
        if key == "names" or column in LISTS or key == "amenities":
            value = [one.strip() for one in text.split("|") if one.strip()]
        elif column == "options" or column == "rates":
            try:
                value = _json(text, file, f"{place}.{column}")
            except (ValueError, RecursionError) as error:
                why = getattr(error, "msg", error)
                file.problem(f"{place}.{column}", f"is not valid JSON: {why}; write it as in catalogue.json")
                continue
        elif re.fullmatch(r"-?\d+", text) and column not in ("id", "category", "tax_rate"):
            value = int(text)
        elif text in ("true", "false"):
            value = text == "true"
        if below:
            item.setdefault(key, {})[below] = value
        elif column not in above:  # else it can't stand there, which was told
            item[key] = value
    return item


def read(raw: Iterable[tuple[str, Any]], file: File, limits: Limits) -> dict[str, Item]:
    items: dict[str, Item] = {}
    places: dict[str, str] = {}
    goes_with: list[tuple[Table, tuple[str, ...]]] = []
    for place, one in raw:
        about = one.get("id") if isinstance(one, dict) else None
        table = Table(one, file, place, about if isinstance(about, str) else "")
        if not isinstance(one, dict):  # told once: it has no keys that could be missing
            continue
        item = _item(table, limits)
        if item.id and item.id in places:
            table.problem("id", f"'{item.id}' is the id of {places[item.id]}, too; give each item its own")
        elif item.id:
            items[item.id], places[item.id] = item, place
        goes_with.append((table, item.goes_with))
    for table, others in goes_with:
        for other in others:
            if other not in items:
                table.problem("goes_with", f"there is no item '{other}'; {meant(other, items)}")
    if not items and not file.problems:
        file.problem("", "has no items; a shop needs at least one")
    return items


def _item(table: Table, limits: Limits) -> Item:
    own, sleeps = table.table("limits"), table.table("sleeps")
    amenities = table.names("amenities")
    most = own.number("most", limits.most, 1)
    found = Item(
        id=table.id(),
        names=table.names("names"),
        category=table.text("category", "other"),
        price=table.required_money("price"),
        stock=table.maybe_number("stock"),
        options=_options(table, "", 1),
        descriptions=table.said("descriptions"),
        allergens=table.texts("allergens"),
        tags=table.texts("tags"),
        unusual=own.number("unusual", min(limits.unusual, most), 1),
        most=most,
        goes_with=table.texts("goes_with"),
        measures=table.said("measures"),
        tax_rate=table.rate("tax_rate", "") or None,
        rates=tuple(_rate(one) for one in table.tables("rates")),
        adults=sleeps.number("adults", 0, 0, 1000),
        children=sleeps.number("children", 0, 0, 1000),
        amenities=amenities,
        must_ack=table.flag("must_ack"),
        picture=_picture(table),
    )
    if not found.names and table.get("names") in (None, {}):
        table.problem("names", 'is missing; write at least one name, such as {"en": ["tea"]}')
    if found.unusual > found.most and own.has("unusual"):
        table.problem("limits.unusual", f"{found.unusual} is above most = {found.most}; make it smaller")
    lowest = found.price + _lowest(found.options)
    if lowest < 0:
        table.problem("options", f"with its cheapest options the item would cost {lowest}; no price may fall below 0")
    for one in (own, sleeps, table):
        one.done()
    return found


def _picture(table: Table) -> str:
    """A path into the shop's folder. (That the file is there is looked at where the folder is known.)"""
    named = table.text("picture")
    path = PurePosixPath(named)
    if not named:
        return ""
    if path.is_absolute() or ".." in path.parts or "\\" in named:
        table.problem(
            "picture", f"'{named}' leads out of the shop's folder; name a file in it, such as pictures/tea.jpg"
        )
        return ""
    if path.suffix.lower() not in PICTURES:
        table.problem("picture", f"'{named}' is no picture that browsers show; use {', '.join(sorted(PICTURES))}")
        return ""
    return named


def _lowest(options: Sequence[ItemOption]) -> int:
    """The most that options can take off a price (0 or less)."""
    sums = [[choice.price + _lowest(choice.options) for choice in option.choices] for option in options]
    return sum(
        min([0, *prices]) if option.choose == "one" else sum(one for one in prices if one < 0)
        for option, prices in zip(options, sums, strict=True)
    )


def _options(owner: Table, above: str, depth: int) -> tuple[ItemOption, ...]:
    tables = owner.tables("options")
    if tables and depth > DEEPEST:
        owner.problem("options", f"options lie {depth} deep; {DEEPEST} is the most")
        return ()
    found = [_option(table, above, depth) for table in tables]
    ids = [one.id for one in found]
    for one in sorted({one for one in ids if one and ids.count(one) > 1}):
        owner.problem("options", f"two options have the id '{one}'; give each its own")
    return tuple(found)


def _option(table: Table, above: str, depth: int) -> ItemOption:
    name = table.id()
    path = f"{above}/{name}" if above else name
    choose: Any = table.word("choose", ("one", "many"), "one")
    default = table.text("default") or None
    amounts, most_each = _amounts(table)
    choices = tuple(_choice(one, path, depth) for one in table.tables("choices"))
    found = ItemOption(
        id=path,
        names=table.names("names"),
        choose=choose,
        required=table.flag("required"),
        default=default,
        most=table.maybe_number("most", 1),
        most_each=most_each,
        amounts=amounts,
        amount_prices=_amount_prices(table),
        halves=table.flag("halves"),
        choices=choices,
    )
    table.done()
    _check_option(found, table)
    return found


def _amounts(table: Table) -> tuple[tuple[str, ...], int]:
    """The words, and the highest count."""
    value = table.get("amounts")
    most_each = table.number("most_each", 1, 1, 1000)
    if value is None:
        return (), most_each
    if not isinstance(value, list):
        table.problem("amounts", f"must be a list of: {', '.join(AMOUNTS)}")
        return (), most_each
    for one in value:
        if one not in AMOUNTS and (type(one) is not int or one < 1):
            table.problem("amounts", f"'{one}' is no amount; {meant(str(one), AMOUNTS)}")
    counts = [one for one in value if type(one) is int]
    return tuple(dict.fromkeys(one for one in value if one in AMOUNTS)), max([most_each, *counts])


def _amount_prices(table: Table) -> dict[str, float]:
    prices = table.table("amount_prices")
    found = {}
    for key, value in prices.raw.items():
        if key not in AMOUNTS and not key.isdigit():
            prices.problem(key, f"'{key}' is no amount; {meant(key, AMOUNTS)}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1000:
            prices.problem(key, f"is {value}; write a number that multiplies the price, such as 1.5")
        else:
            found[key] = value
    return found


def _check_option(option: ItemOption, table: Table) -> None:
    ids = [one.id for one in option.choices]
    if not option.choices:
        table.problem("choices", "has no choices, so nothing can be chosen; add some or take the option out")
    for one in sorted({one for one in ids if one and ids.count(one) > 1}):
        table.problem("choices", f"two choices have the id '{one}'; give each its own")
    if option.default is not None and option.default not in ids:
        remedy = meant(option.default, list(dict.fromkeys(ids)))
        table.problem("default", f"'{option.default}' is none of its choices; {remedy}")
    nested = [below.id for one in option.choices for below in one.options]
    if option.choose == "many":
        if option.default is not None:
            table.problem("default", 'goes with choose "one" only; mark choices with "included": true instead')
        if len(nested) != len(set(nested)):
            table.problem("choices", "two of its choices have an option of the same id, and both may be on; rename one")
    else:
        if option.amounts or option.most_each > 1 or option.amount_prices:
            table.problem("amounts", 'amounts go with "choose": "many" only; take them out or change choose')
        if option.most is not None:
            table.problem("most", 'goes with "choose": "many" only; take it out')
        for n, choice in enumerate(option.choices):
            if choice.included:
                remedy = f'write "default": "{choice.id}" instead'
                table.problem(f"choices[{n}].included", f'goes with "choose": "many" only; {remedy}')
    if option.halves and nested:
        table.problem("halves", "a choice that may be had for a half can't have options of its own; take them out")


def _choice(table: Table, path: str, depth: int) -> OptionChoice:
    found = OptionChoice(
        id=table.id(),
        names=table.names("names"),
        price=table.number("price", 0, -MOST_MONEY, money=True),
        included=table.flag("included"),
        options=_options(table, path, depth + 1),
        stock=table.maybe_number("stock"),
        tags=table.texts("tags"),
        allergens=table.texts("allergens"),
    )
    table.done()
    return found


def _rate(table: Table) -> Rate:
    start, end = _bound(table, "from"), _bound(table, "to")
    if start and end:
        if (start[0] == "+", len(start) if start[0] != "+" else 0) != (end[0] == "+", len(end) if end[0] != "+" else 0):
            table.problem("to", f"'{end}' is of another kind than from '{start}'; write both alike")
        elif (len(start) == 10 and end < start) or (start[0] == "+" and int(end) < int(start)):
            table.problem("to", f"{end} is before {start}; swap them")
    found = Rate(price=table.required_money("price"), start=start, end=end, days=table.texts("days", DAYS))
    table.done()
    return found


def _bound(table: Table, key: str) -> str | None:
    value = table.text(key).removeprefix("every year").strip()
    if not value:
        return None
    if YEARLY.fullmatch(value) or RELATIVE.fullmatch(value):
        return value
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        table.problem(key, f"'{value}' is no date; write 2026-12-24, 12-24 (every year) or +7 (days from today)")
        return None
