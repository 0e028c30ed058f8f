"""The merchant's commands: `voicetill orders` and `voicetill menu`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from assistant.errors import CALLED, FarEndError, SetupError
from assistant.opening import Commands, F, failed, house_over, lexicon_for, opened, options, real_clock, settings_from

if TYPE_CHECKING:
    from assistant.aliases import Listed
    from assistant.app import Assistant
    from assistant.commerce.order import Order
    from assistant.settings import Settings
    from assistant.storage.sqlite import SqliteStore
    from assistant.understanding import Lexicon

EVERY = 2**31
"""As many orders as there may be."""


class MinorUnits(click.IntRange):
    """An amount of money, such as 899 for 8.99."""

    name = "whole number of minor units, such as 899 for 8.99"


@click.group(cls=Commands, no_args_is_help=False)
def orders() -> None:
    """Look after orders."""


@orders.command("list")
@options("shop", "data", "config", "json")
def orders_list(shop: str | None, data: str | None, config: str | None, as_json: bool) -> int:
    """Every order, newest first."""

    settings = settings_from(config, shop=shop, data=data)

    async def work() -> int:
        code, some = 0, False
        async with opened(settings) as store:
            for name, folder in _shops(settings, shop).items():
                try:
                    async with house_over(store, settings, folder) as house:
                        for order in await house.office.orders(limit=EVERY):
                            _print_order(order, as_json)
                            some = True
                except SetupError as error:  # one shop's mistakes keep nobody from the others' orders
                    if shop:
                        raise
                    code = failed(f"the orders of shop '{name}' are left out: {_why(error, folder)}", 2)
        if not some and not code and not as_json:
            click.echo(f"there are no orders yet in {settings.data}", err=True)
        return code

    return asyncio.run(work())


def _why(error: SetupError, folder: str) -> str:
    """A shop that can't be opened, in one line, whatever number of mistakes it has."""
    first, *more = str(error).splitlines()
    return f"{first} (and {len(more)} more: `{CALLED} menu check {folder}` lists them)" if more else first


@orders.command("show")
@click.argument("order", metavar="ID")
@options("shop", "data", "config", "json")
def orders_show(order: str, shop: str | None, data: str | None, config: str | None, as_json: bool) -> None:
    """One order, by its number or id."""
    _with_order(order, settings_from(config, shop=shop, data=data), shop, as_json, _show)


@orders.command("advance")
@click.argument("order", metavar="ID")
@options("shop", "data", "config", "json")
def orders_advance(order: str, shop: str | None, data: str | None, config: str | None, as_json: bool) -> None:
    """Move an order to its next stage."""
    _with_order(order, settings_from(config, shop=shop, data=data), shop, as_json, _advance)


@orders.command("cancel")
@click.argument("order", metavar="ID")
@options("shop", "data", "config", "json")
def orders_cancel(order: str, shop: str | None, data: str | None, config: str | None, as_json: bool) -> None:
    """Cancel an order that isn't done; all that was paid goes back."""
    _with_order(order, settings_from(config, shop=shop, data=data), shop, as_json, _cancel, pays=True)


@orders.command("refund")
@click.argument("order", metavar="ID")
@click.option("--lines", metavar="N[xQUANTITY],…", help="Only these lines, counted from 1: 1,3x2.")
@click.option("--amount", type=MinorUnits(min=1), metavar="N", help="Only this much, in minor units.")
@options("shop", "data", "config", "json")
def orders_refund(
    order: str,
    lines: str | None,
    amount: int | None,
    shop: str | None,
    data: str | None,
    config: str | None,
    as_json: bool,
) -> None:
    """Pay back an order: all that is left of it, some lines, or an amount."""
    if lines is not None and amount is not None:
        raise click.UsageError("--lines and --amount exclude each other; give one of them")
    wanted = _line_numbers(lines) if lines is not None else ()

    async def refund(house: Assistant, found: Order) -> dict[str, Any]:
        return await house.office.refund(found.id, lines=_line_ids(found, wanted), amount=amount)

    _with_order(order, settings_from(config, shop=shop, data=data), shop, as_json, refund, pays=True)


async def _show(house: Assistant, order: Order) -> dict[str, Any]:
    return await house.office.show(order.id)


async def _advance(house: Assistant, order: Order) -> dict[str, Any]:
    return await house.office.advance(order.id)


async def _cancel(house: Assistant, order: Order) -> dict[str, Any]:
    return await house.office.cancel(order.id)


def _line_numbers(text: str) -> tuple[tuple[int, int | None], ...]:
    """`1,3x2` as ((1, None), (3, 2)): lines counted from 1, None for a line's whole quantity."""
    found = []
    for part in text.split(","):
        line, _, quantity = part.strip().lower().partition("x")
        if not line.isdecimal() or (quantity and not quantity.isdecimal()):
            raise click.UsageError(f"--lines: '{part}' is no line; count lines from 1, as in 1,3x2")
        found.append((int(line), int(quantity) if quantity else None))
    return tuple(found)


def _line_ids(order: Order, wanted: Sequence[tuple[int, int | None]]) -> dict[int, int] | None:
    """Lines as people count them, by their ids; None when no line was named."""
    found: dict[int, int] = {}
    for number, quantity in wanted:
        if not 0 < number <= len(order.lines):
            raise click.UsageError(f"--lines: there is no line {number}; the order has {len(order.lines)}")
        line = order.lines[number - 1]
        found[line.id] = found.get(line.id, 0) + (line.quantity if quantity is None else quantity)
    return found or None


def _shops(settings: Settings, shop: str | None) -> dict[str, str]:
    """Shop id -> folder: the shop that is named, else each that has used this data folder."""
    from assistant.settings import known_shops
    from assistant.shops import load_shop

    return {load_shop(shop)[0].id: shop} if shop else known_shops(settings.data)


def _with_order(
    name: str,
    settings: Settings,
    shop: str | None,
    as_json: bool,
    do: Callable[[Assistant, Order], Awaitable[dict[str, Any]]],
    *,
    pays: bool = False,
) -> None:
    """Find the order by its number or id, do it, print the order as it is then. `pays`: money may go back."""

    async def work() -> None:
        async with opened(settings) as store:
            shops = _shops(settings, shop)
            found = [one for one in [await _order(store, home, name) for home in shops] if one]
            if not found:
                where = f"in {settings.data}" + (f" for {shop}" if shop else "")
                raise SetupError(f"there is no order '{name}' {where}; `{CALLED} orders list` shows those there are")
            if len(found) > 1:
                homes = ", ".join(one.shop for one in found)
                raise SetupError(f"several shops have an order '{name}': {homes}; name one with --shop")
            order = found[0]
            async with house_over(store, settings, shops[order.shop]) as house:
                _print_order(await do(house, order), as_json)
            if pays:
                await _said_back(store, order, name)

    asyncio.run(work())


async def _order(store: SqliteStore, shop: str, name: str) -> Order | None:
    if (state := await store.order_by_number(shop, name.strip().upper())) is not None:
        return state.order
    order = await store.order(name.strip())
    return order if order is not None and order.shop == shop else None


async def _said_back(store: SqliteStore, order: Order, name: str) -> None:
    """What a far end refused or has not answered is the merchant's to know."""
    refunds = (await store.payment(order.id)).refunds
    if refunds and refunds[-1].state == "failed":
        raise FarEndError(f"the payment service refused to pay back order '{name}'; ask it why", can_retry=False)
    if await store.owed((order.id,)):
        later = f"`{CALLED} serve` or `chat` asks it again, then `{CALLED} orders show {name}` tells what became of it"
        raise FarEndError(f"order '{name}': the payment service has not answered yet; {later}", can_retry=True)


def _print_order(order: Mapping[str, Any], as_json: bool) -> None:
    import json

    from assistant.commerce.money import Money

    if as_json:
        click.echo(json.dumps(order, ensure_ascii=False, separators=(",", ":")))
        return
    total = Money(order["totals"]["total"], order["currency"])
    lines = ", ".join(f"{line['quantity']} × {line['name']}" for line in order["lines"])
    number = order["facts"].get("number") or order["id"]
    click.echo(f"{number}  {order['stage']}  {order['payment']['status']}  {total.major} {total.currency}  {lines}")


@click.group(cls=Commands, no_args_is_help=False)
def menu() -> None:
    """Look after a shop's files."""


@menu.command("check")
@click.argument("folder", metavar="FOLDER")
@options("json")
def menu_check(folder: str, as_json: bool) -> int:
    """Every mistake in a shop's files, with its place and remedy; and what its recognisers can't hear."""
    import json

    from assistant.shops import find_folder, load_shop
    from assistant.shops.check import check
    from assistant.shops.unheard import notes

    problems = check(find_folder(folder), real_clock())
    if not any(one.severity == "error" for one in problems):
        problems = [*problems, *notes(*load_shop(folder))]
    for one in problems:
        if as_json:
            shown = {"file": one.file, "place": one.place, "text": one.text, "severity": one.severity}
            click.echo(json.dumps(shown, ensure_ascii=False))
        else:
            click.echo(f"{one.severity}: {one}")
    wrong, doubtful = (sum(one.severity == kind for one in problems) for kind in ("error", "warning"))
    if not as_json:
        click.echo(f"{folder}: {_counted(wrong, 'mistake')}, {_counted(doubtful, 'warning')}")
    return 1 if wrong else 0


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@menu.group("aliases", no_args_is_help=False)
def menu_aliases() -> None:
    """Names that people use and the catalogue doesn't have."""


@menu_aliases.command("list")
@options("shop", "data", "config", "json")
def aliases_list(shop: str | None, data: str | None, config: str | None, as_json: bool) -> None:
    """What doubtful names were said to mean, the suggested ones first."""
    import json

    from assistant.columns import aligned

    found = asyncio.run(learned(settings_from(config, shop=shop, data=data)))
    lines = (json.dumps(one.as_json(), ensure_ascii=False) for one in found)
    for line in lines if as_json else aligned([one.as_row() for one in found]):
        click.echo(line)
    if not found and not as_json:
        click.echo("nothing was learned yet", err=True)


def one_alias(command: F) -> F:
    """The options that name one alias."""
    meant = click.option("--meant", metavar="ID", help="Which of the things that they were said for.")
    return click.argument("words", metavar="WORDS")(meant(options("lang", "shop", "data", "config")(command)))


@menu_aliases.command("accept")
@one_alias
def aliases_accept(words: str, meant: str | None, **given: str | None) -> None:
    """Make suggested words a name: they are understood at once from then on."""
    _judge("accept", words, meant, **given)


@menu_aliases.command("reject")
@one_alias
def aliases_reject(words: str, meant: str | None, **given: str | None) -> None:
    """Never suggest these words again; accepted ones are a name no more."""
    _judge("reject", words, meant, **given)


@menu_aliases.command("erase")
@one_alias
def aliases_erase(words: str, meant: str | None, **given: str | None) -> None:
    """Forget these words and who said them, as if they had never been heard."""
    _judge("erase", words, meant, **given)


@menu_aliases.command("export")
@options("shop", "data", "config", "json")
def aliases_export(shop: str | None, data: str | None, config: str | None, as_json: bool) -> None:
    """The accepted words as names to write into the shop's files."""
    import json

    from assistant.aliases import fragment, pasted

    found = asyncio.run(learned(settings_from(config, shop=shop, data=data)))
    for line in [json.dumps(fragment(found), ensure_ascii=False)] if as_json else pasted(found):
        click.echo(line)


def _judge(
    verb: str,
    words: str,
    meant: str | None,
    lang: str | None,
    shop: str | None,
    data: str | None,
    config: str | None,
) -> None:
    from assistant.aliases import ACTIONS, chosen

    async def work(store: SqliteStore, found: Sequence[Listed], lexicon: Lexicon) -> None:
        one = chosen(found, lexicon, words, meant, lang)
        click.echo(await ACTIONS[verb](store, lexicon.shop.id, found, one))

    asyncio.run(learned(settings_from(config, shop=shop, data=data), work))


async def learned(
    settings: Settings, work: Callable[[SqliteStore, Sequence[Listed], Lexicon], Awaitable[None]] | None = None
) -> list[Listed]:
    """What the shop learned in the data folder, after `work` was done with it."""
    from assistant.aliases import listed
    from assistant.shops import load_shop

    rules, catalogue = load_shop(settings.shop)
    lexicon = lexicon_for(settings, rules, catalogue)
    async with opened(settings) as store:
        found = listed(await store.aliases(rules.id), lexicon)
        if work is not None:
            await work(store, found, lexicon)
    return found
