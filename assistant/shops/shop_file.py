"""Reads `shop.toml`: the rules of a shop as its merchant wrote them."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.core import get_global

from assistant.commerce.catalogue import Names
from assistant.commerce.promotions import plain_code
from assistant.commerce.shop import DAYS, Cancellation, Fulfilment, Learning, Limits, Method, Promotion, Shop, Term
from assistant.discovery import discover, find
from assistant.errors import SetupError
from assistant.payments import ReadsSettings
from assistant.shops.reading import MOST_MONEY, File, Table, meant, not_utf8
from models import languages

NEEDS = ("address", "name", "phone", "time")
KINDS = ("percent", "amount", "buy_get", "bundle")


def parse(path: Path, file: File) -> dict[str, Any] | None:
    """The raw tables, or None where the file can't be read at all."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        file.problem("", f"there is no such file in {path.parent}; every shop needs one")
    except OSError as error:
        file.problem("", f"can't be read ({error.strerror}); check the file's permissions")
    except UnicodeDecodeError as error:
        file.problem(*not_utf8(error))
    except tomllib.TOMLDecodeError as error:
        file.problem("", f"is not valid TOML: {error}; mend that line")
    except RecursionError:
        file.problem("", "is nested too deeply; write plain tables")
    return None


def read(raw: dict[str, Any], folder: Path, file: File, installed: list[str]) -> tuple[Shop, dict[str, Names]]:
    """The shop and its category names. Call `check_references` when the catalogue is read, too."""
    top = Table(raw, file)
    languages = top.texts("languages", installed)
    if not top.has("languages") or top.get("languages") == []:
        top.problem("languages", f"is missing; list at least one of: {', '.join(installed)}")
    file.languages = languages
    names = top.names("names")
    if not top.has("name") and not names:
        top.problem("name", "is missing; write the shop's name")
    tax, service, stay, tips = top.table("tax"), top.table("service"), top.table("stay"), top.table("tips")
    shop = Shop(
        id=folder.name,
        folder=str(folder),
        name=top.text("name") or next((one[0] for one in names.values()), folder.name),
        names=names,
        trade=_trade(top),
        currency=_currency(top),
        time_zone=_time_zone(top),
        languages=languages,
        hours=_hours(top),
        tax_rate=tax.rate("rate"),
        tax_included=tax.flag("included", True),
        tax_on_fulfilment=tax.flag("on_fulfilment"),
        service_fee=service.money("fee"),
        service_percent=service.rate("percent", most=100, example="5"),
        tips=_tips(tips),
        fulfilments={name: _fulfilment(name, table) for name, table in top.named("fulfilment")},
        methods=_methods(top.table("payment")),
        promotions={name: _promotion(name, table) for name, table in top.named("promotions")},
        terms={name: _term(name, table) for name, table in top.named("terms")},
        cancellation=_cancellation(top.table("cancellation")),
        limits=_limits(top.table("limits")),
        learning=_learning(top.table("learning")),
        providers={name: _provider(name, table) for name, table in top.named("providers")},
        check_in=stay.clock("check_in", "15:00"),
        check_out=stay.clock("check_out", "12:00"),
        address=top.said("address"),
        phone=top.text("phone"),
        person=top.said("person"),
    )
    categories: dict[str, Names] = {name: top.table("categories").names(name) for name, _ in top.named("categories")}
    for table in (tax, service, stay, tips, top):
        table.done()
    _check_codes(shop, file)
    return shop, categories


def check_references(shop: Shop, items: set[str], categories: set[str], file: File) -> None:
    """Promotions and terms name only what the catalogue has."""
    for kind, rules in (("promotions", shop.promotions), ("terms", shop.terms)):
        for rule in rules.values():
            for item in rule.items:
                if item not in items:
                    place = f"{kind}.{rule.id}.items"
                    file.problem(place, f"there is no item '{item}' in the catalogue; {meant(item, items)}")
            for category in rule.categories if isinstance(rule, Promotion) else ():
                if category not in categories:
                    file.problem(
                        f"{kind}.{rule.id}.categories",
                        f"no item has the category '{category}'; {meant(category, categories)}",
                    )


def _trade(top: Table) -> str:
    trade = top.text("trade", required=True)
    return trade if trade and _found("trade", trade, top, "trade") is not None else ""


def _found(kind: str, name: str, table: Table, key: str) -> Any:
    try:
        return find(kind, name)
    except SetupError as error:
        table.problem(key, str(error))
        return None


def _currency(top: Table) -> str:
    currency = top.text("currency", required=True)
    known = get_global("all_currencies")
    if currency and currency not in known:
        near = currency.upper()
        remedy = f"did you mean '{near}'?" if near in known else "use an ISO 4217 code such as CNY, USD or KRW"
        top.problem("currency", f"'{currency}' is no currency; {remedy}")
    return currency


def _time_zone(top: Table) -> str:
    name = top.text("time_zone", required=True)
    if name:
        try:
            ZoneInfo(name)
            return name
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = meant(name, sorted(available_timezones()))
            remedy = near if near.startswith("did") else "use a name such as Asia/Shanghai or Europe/Berlin"
            top.problem("time_zone", f"'{name}' is no time zone; {remedy}")
    return "UTC"


def _hours(top: Table) -> dict[str, tuple[str, ...]]:
    hours = top.table("hours")
    found = {day: hours.windows(day) for day in DAYS if hours.has(day)}
    hours.done()
    return found


def _tips(tips: Table) -> tuple[int, ...]:
    offer = tips.get("offer")
    if offer is None:
        return ()
    if not isinstance(offer, list) or not all(type(one) is int and 0 <= one <= 100 for one in offer):
        tips.problem("offer", "must be a list of whole percentages, such as [5, 10]")
        return ()
    return tuple(offer)


def _fulfilment(name: str, table: Table) -> Fulfilment:
    found = Fulfilment(
        id=name,
        names=table.names("names"),
        fee=table.money("fee"),
        free_from=table.maybe_money("free_from"),
        minimum=table.maybe_money("minimum"),
        needs=table.texts("needs", NEEDS),
        minutes=table.number("minutes", 30, high=525600),
    )
    table.done()
    return found


def _methods(payment: Table) -> dict[str, Method]:
    offered = payment.texts("methods")
    if not offered:
        payment.problem("methods", 'is missing or empty; list what is offered, such as ["card", "cash"]')
    tables = dict(payment.named("method"))
    payment.done()
    found = {}
    for name, table in tables.items():
        provider = table.text("provider", "sandbox")
        known = _found("provider", provider, table, "provider") is not None
        found[name] = Method(id=name, names=table.names("names"), provider=provider if known else "")
        table.done()
        if offered and name not in offered:
            payment.problem(f"method.{name}", f"is not offered; add '{name}' to payment.methods or take the table out")
    for name in offered:
        if name not in tables and name not in (named := _methods_named()):
            payment.problem(
                "methods",
                f"'{name}' is no way to pay that has a name; {meant(name, named)}, or name it yourself in"
                f" [payment.method.{name}.names]",
            )
    return {name: found.get(name, Method(id=name)) for name in offered}


def _methods_named() -> list[str]:
    """The ways to pay that have a name without the merchant's giving them one."""
    named = set(discover("provider"))
    for tag in languages.available():
        named |= languages.load(tag).tables.get("method", {}).keys()
    for words in find("step", "method").WORDS.values():
        named |= words.get("names", {}).keys()
    return sorted(named)


def _promotion(name: str, table: Table) -> Promotion:
    kind: Any = table.word("kind", KINDS, required=True)
    values: dict[str, Any] = {}
    if kind == "percent":
        percent = table.rate("percent", "", most=100, example="10")  # "" is missing, or wrong and told so
        if not table.has("percent") or (percent and Decimal(percent) == 0):
            table.problem("percent", 'is missing or 0; write what is taken off, such as percent = "10"')
        values["percent"] = percent or "0"
    elif kind == "amount":
        values["amount"] = _how_much(table, "amount", money=True)
    elif kind == "buy_get":
        values |= {key: _how_much(table, key, high=1000) for key in ("buy", "get")}
    elif kind == "bundle":
        values["price"] = table.required_money("price")
    items = _item_list(table, "items", repeats=kind == "bundle")
    if kind == "bundle" and len(items) < 2:
        table.problem("items", "a bundle needs at least two items; list their ids")
    if kind and kind != "bundle":
        values["categories"] = table.texts("categories")
    start, end = _date(table, "start"), _date(table, "end")
    if start and end and end < start:
        table.problem("end", f"{end} is before the start {start}; swap them")
    found = Promotion(
        id=name,
        kind=kind or "amount",
        names=table.names("names"),
        items=items,
        minimum=table.money("minimum"),
        code=table.text("code") or None,
        first_order=table.flag("first_order"),
        start=start,
        end=end,
        hours=table.windows("hours"),
        days=table.texts("days", DAYS),
        most=table.maybe_money("most"),
        stacks=table.flag("stacks", True),
        **values,
    )
    if kind:
        table.done()
    return found


def _how_much(table: Table, key: str, high: int = MOST_MONEY, money: bool = False) -> int:
    """A whole number from 1; what is wrong with it is told once."""
    value = table.maybe_number(key, high=high, money=money)
    if value == 0 or not table.has(key):
        table.problem(key, "is missing or 0; write how much")
    return value or 0


def _item_list(table: Table, key: str, repeats: bool) -> tuple[str, ...]:
    """Item ids; a bundle may name one twice."""
    value = table.get(key)
    if repeats and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    return table.texts(key)


def _date(table: Table, key: str) -> str | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    try:
        return dt.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        table.problem(key, f"'{value}' is no date; write it as \"2026-12-31\"")
        return None


def _term(name: str, table: Table) -> Term:
    found = Term(id=name, text=table.said("text"), items=table.texts("items"), must_ack=table.flag("must_ack"))
    if not table.has("text"):
        table.problem("text", 'is missing; write what must be heard, such as text = {en = "…"}')
    table.done()
    return found


def _cancellation(table: Table) -> Cancellation:
    usual = Cancellation()
    found = Cancellation(
        free_hours=table.number("free_hours", usual.free_hours, high=24 * 366),
        time=table.clock("time", usual.time),
        percent_after=table.number("percent_after", 0, high=100),
    )
    table.done()
    return found


def _limits(table: Table) -> Limits:
    usual = Limits()
    minutes = table.table("quote_minutes")
    most = table.number("most", usual.most, 1)
    found = Limits(
        unusual=table.number("unusual", min(usual.unusual, most), 1),
        most=most,
        unusual_total=table.maybe_money("unusual_total"),
        most_total=table.maybe_number("most_total", 1, money=True),
        quote_minutes_typed=minutes.number("typed", usual.quote_minutes_typed, 1, 1440),
        quote_minutes_spoken=minutes.number("spoken", usual.quote_minutes_spoken, 1, 1440),
        hold_minutes=table.number("hold_minutes", usual.hold_minutes, 1, 1440),
    )
    minutes.done()
    table.done()
    if found.unusual > found.most:
        table.problem("unusual", f"{found.unusual} is above most = {found.most}; make it smaller")
    if found.unusual_total and found.most_total and found.unusual_total > found.most_total:
        above = f"{found.unusual_total} is above most_total = {found.most_total}"
        table.problem("unusual_total", f"{above}; make it smaller")
    return found


def _learning(table: Table) -> Learning:
    usual = Learning()
    voices = table.number("voices", usual.voices, 2, 1000)
    found = Learning(times=table.number("times", max(usual.times, voices), 2, 1000), voices=voices)
    table.done()
    if found.times < found.voices:
        table.problem("times", f"{found.times} is below voices = {found.voices}; make it that or more")
    return found


def _provider(name: str, table: Table) -> dict[str, Any]:
    provider = _found("provider", name, table, "")
    if provider is not None:
        for key in table.raw:
            if key not in provider.keys:
                table.problem(key, f"unknown key '{key}'; {meant(key, sorted(provider.keys))}")
        if isinstance(provider, ReadsSettings):
            for key, wrong in provider.mistakes(table.raw):
                table.problem(key, wrong)
    return dict(table.raw)


def _check_codes(shop: Shop, file: File) -> None:
    seen: dict[str, str] = {}
    for one in shop.promotions.values():
        if one.code is not None and not plain_code(one.code):
            file.problem(f"promotions.{one.id}.code", f"'{one.code}' can't be said; write letters or digits")
        elif one.code is not None:
            other = seen.setdefault(plain_code(one.code), one.id)
            if other != one.id:
                place = f"promotions.{one.id}.code"
                file.problem(place, f"'{one.code}' is the code of '{other}', too; give each its own")
