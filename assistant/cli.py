"""The commands. Everything heavy is imported inside a command, so that `voicetill --help` answers at once.

Errors become exit codes here and nowhere else: 0 done, 1 the check found something, 2 wrong arguments or configuration
(one line that says what and how to mend it), 3 a far end failed.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assistant.errors import FarEndError, SetupError

if TYPE_CHECKING:
    from assistant.aliases import Listed
    from assistant.app import Assistant
    from assistant.commerce.catalogue import Catalogue
    from assistant.commerce.order import Order
    from assistant.commerce.shop import Shop
    from assistant.proposer import Proposer
    from assistant.settings import Settings
    from assistant.storage.sqlite import SqliteStore
    from assistant.understanding import Lexicon

F = TypeVar("F", bound=Callable[..., Any])

LOG = "voicetill.log"
YOUNG = 10_000
"""New objects after which the garbage collector looks at them: a few turns' worth, most of which are gone by then."""
EVERY = 2**31
"""As many orders as there may be."""


def main() -> None:
    """The `voicetill` command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do one command (`chat` where none is named); the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        with commands.make_context("voicetill", list(arguments) or ["chat"]) as ctx:
            done = commands.invoke(ctx)
        sys.stdout.flush()
        return done if isinstance(done, int) else 0
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.UsageError as error:
        why = " ".join(error.format_message().split()).rstrip(".")
        where = f"see '{error.ctx.command_path} --help'" if error.ctx else ""
        return failed(f"{why} ({where})" if where else why, 2)
    except SetupError as error:
        return failed(str(error), 2)
    except FarEndError as error:
        return failed(str(error), 3)
    except BrokenPipeError:
        # Whoever read us has read enough. Nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, click.Abort):
        return 130


def failed(message: str, code: int) -> int:
    """Say why on stderr, a line for each thing that is wrong."""
    with contextlib.suppress(OSError):
        for line in message.splitlines():
            print(f"voicetill: {line}", file=sys.stderr)
    return code


# -- options -----------------------------------------------------------------------------------------------------


def options(*names: str) -> Callable[[F], F]:
    """The options that several commands share, in the order they are named."""
    known: Mapping[str, Callable[[F], F]] = {
        "shop": click.option("--shop", metavar="NAME|FOLDER", help="A demo shop or a folder with shop.toml."),
        "lang": click.option("--lang", metavar="TAG", help="The language to begin in: en, zh, ko …"),
        "data": click.option("--data", metavar="FOLDER", help="Where orders and talks are kept."),
        "config": click.option("--config", metavar="FILE", help="Settings to read instead of the user's own."),
        "session": click.option("--session", metavar="ID", help="Go on with an earlier talk."),
        "json": click.option("--json", "as_json", is_flag=True, help="One JSON object a line."),
    }

    def decorate(command: F) -> F:
        for name in reversed(names):
            command = known[name](command)
        return command

    return decorate


def settings_from(config: str | None, **given: str | None) -> Settings:
    from assistant.settings import read_settings

    return read_settings(config, given)


def version() -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("voicetill")
    except PackageNotFoundError:
        return "(not installed as a package)"


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"voicetill {version()}")
        ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Say the version."
)
def commands() -> None:
    """Order, check out and pay by talking."""


# -- talking -----------------------------------------------------------------------------------------------------


@commands.command()
@options("shop", "lang", "data", "session", "config", "json")
def chat(
    shop: str | None, lang: str | None, data: str | None, session: str | None, config: str | None, as_json: bool
) -> int:
    """Talk by typing, at a terminal or through a pipe."""
    settings = settings_from(config, shop=shop, lang=lang, data=data)
    given = {"session": session, "language": settings.lang or None, "json": as_json or None}
    return asyncio.run(_talk("terminal", settings, given, history="terminal-history"))


@commands.command(hidden=True)
@click.argument("name")
@click.option("--option", "given", multiple=True, metavar="KEY=VALUE", help="An option of the channel.")
@options("shop", "data", "config")
def channel(name: str, given: tuple[str, ...], shop: str | None, data: str | None, config: str | None) -> int:
    """Start any channel by its name."""
    pairs = [one.partition("=") for one in given]
    for key, equals, _ in pairs:
        if not key or not equals:
            raise click.UsageError(f"--option {key}: write it as KEY=VALUE")
    settings = settings_from(config, shop=shop, data=data)
    return asyncio.run(_talk(name, settings, {key: value for key, _, value in pairs}))


async def _talk(name: str, settings: Settings, given: Mapping[str, Any], *, history: str | None = None) -> int:
    from assistant.discovery import find
    from assistant.settings import check_options

    found = find("channel", name)
    _known_channels(settings)
    section = settings.section(name)
    check_options(f"{settings.file or 'environment'}, [channels.{name}]", section, found.keys)
    check_options("--option", given, found.keys)
    kept = {"history": str(settings.data / history)} if history else {}
    async with opened(settings) as store, house_over(store, settings, settings.shop, channel=name) as house:
        told = {key: one for key, one in given.items() if one is not None}
        code: int = await found.run(house, {**kept, **section, **told})
        return code


def _known_channels(settings: Settings) -> None:
    """A table of a channel that there isn't is a slip. Our own are known by their files, without loading them."""
    from importlib.util import find_spec

    from assistant.discovery import find

    for name in settings.channels:
        try:
            if not name.isidentifier() or find_spec(f"channels.{name}") is None:
                find("channel", name)
        except SetupError as error:
            raise SetupError(f"{settings.file}, [channels.{name}]: {error}") from None


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[SqliteStore]:
    """The store in the data folder. What goes wrong inside is noted in a log beside it, not on anybody's screen."""
    import datetime as dt
    import logging

    from assistant.settings import data_folder
    from assistant.storage.sqlite import SqliteStore

    data = data_folder(settings.data)
    logging.raiseExceptions = False  # a full disk must not fill the screen as well
    logging.basicConfig(
        handlers=[logging.FileHandler(data / LOG, delay=True, encoding="utf-8")],
        level=logging.WARNING,
        format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s",
    )
    store = SqliteStore.open(data, real_clock=lambda: dt.datetime.now(dt.UTC))
    try:
        yield store
    finally:
        await store.close()


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """For what is loaded once and stays: the garbage collector looks at it neither meanwhile nor ever after. (Else it
    would, again and again in the middle of somebody's turn.)"""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def _proposer(settings: Settings) -> Proposer | None:
    """The language model that may be asked, where the settings name one."""
    if not settings.proposer:
        return None
    from assistant.proposer import Proposer

    return Proposer(**settings.proposer)


@contextlib.asynccontextmanager
async def house_over(
    store: SqliteStore, settings: Settings, shop: str, *, channel: str | None = None
) -> AsyncIterator[Assistant]:
    """The core over one shop, with `channel` talking to it. Without one, only what a command does reaches a far end."""
    from assistant.app import Assistant
    from assistant.settings import remember_shop
    from assistant.shops import load_shop

    proposer = _proposer(settings) if channel is not None else None
    with loading():
        rules, catalogue = load_shop(shop)
        remember_shop(settings.data, rules.id, rules.folder)
        names = {*settings.channels, *([channel] if channel else [])}
        house = await Assistant.open(
            rules,
            catalogue,
            store=store,
            data=settings.data,
            languages=spoken(rules.languages, settings),
            clock=settings.clock(rules.zone),
            settings={name: settings.section(name) for name in names},
            recover=channel is not None,
            proposer=proposer,
        )
    try:
        yield house
    finally:
        await house.close()


@commands.command()
@options("shop", "lang", "config")
@click.option("--expects", metavar="STEP", help="The step that was asked: basket, address, confirm …")
@click.option("--data", metavar="FOLDER", help="Know the aliases that were accepted in this data folder, too.")
@click.option("--explain", is_flag=True, help="Why each sentence is read so, as a table. Plain lines are taken, too.")
@click.option("--json", "as_json", is_flag=True, help="With --explain: as JSON.")
def understand(
    shop: str | None,
    lang: str | None,
    expects: str | None,
    data: str | None,
    explain: bool,
    as_json: bool,
    config: str | None,
) -> int:
    """Read JSON lines of sentences, write what each one asks for. Nothing is stored."""
    from assistant.discovery import find
    from assistant.shops import load_shop
    from assistant.understanding.aliases import with_aliases
    from assistant.understanding.lines import as_row, as_table, in_detail, plainly, run_lines

    settings = settings_from(config, shop=shop, lang=lang, data=data)
    rules, catalogue = load_shop(settings.shop)
    lexicon = _lexicon(settings, rules, catalogue)
    if data is not None:
        accepted = [one.alias for one in asyncio.run(_aliases(settings)) if one.state == "accepted"]
        lexicon = with_aliases(lexicon, accepted)
    rows = (row.decode("utf-8", "replace") for row in sys.stdin.buffer)
    wrong = run_lines(
        map(as_row, rows) if explain else rows,
        _write_row,
        lexicon,
        now=settings.clock(rules.zone)(),
        language=settings.lang or None,
        expects=expects,
        booking="books_nights" in find("trade", rules.trade).traits,
        answer=(in_detail if as_json else as_table) if explain else plainly,
    )
    return 1 if wrong else 0


def _lexicon(settings: Settings, rules: Shop, catalogue: Catalogue) -> Lexicon:
    """All that can be heard in a shop, in its languages."""
    from assistant.discovery import discover, extensions
    from assistant.understanding import build_lexicon
    from models import languages

    extra = folder / "language" if (folder := extensions()) else None
    files = [languages.load(tag, extra) for tag in spoken(rules.languages, settings)]
    parts = {name: part.WORDS for kind in ("step", "trade", "provider") for name, part in discover(kind).items()}
    return build_lexicon(rules, catalogue, files, parts)


def _write_row(row: str) -> None:
    sys.stdout.buffer.write(row.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def spoken(languages: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The shop's languages, and the one that was asked for."""
    return tuple(dict.fromkeys((*languages, settings.lang) if settings.lang else languages))


# -- the merchant's side -----------------------------------------------------------------------------------------


@commands.group(no_args_is_help=False)
def orders() -> None:
    """Look after orders."""


@orders.command("list")
@options("shop", "data", "config", "json")
def orders_list(shop: str | None, data: str | None, config: str | None, as_json: bool) -> int:
    """Every order, newest first."""

    settings = settings_from(config, shop=shop, data=data)

    async def work() -> int:
        code = 0
        async with opened(settings) as store:
            for name, folder in _shops(settings, shop).items():
                try:
                    async with house_over(store, settings, folder) as house:
                        for order in await house.list_orders(limit=EVERY):
                            _print_order(order, as_json)
                except SetupError as error:  # one shop's mistakes keep nobody from the others' orders
                    if shop:
                        raise
                    code = failed(f"the orders of shop '{name}' are left out: {_why(error, folder)}", 2)
        return code

    return asyncio.run(work())


def _why(error: SetupError, folder: str) -> str:
    """A shop that can't be opened, in one line, whatever number of mistakes it has."""
    first, *more = str(error).splitlines()
    return f"{first} (and {len(more)} more: 'voicetill menu check {folder}' lists them)" if more else first


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
    """Cancel an order and pay back what its rules say."""
    _with_order(order, settings_from(config, shop=shop, data=data), shop, as_json, _cancel, pays=True)


@orders.command("refund")
@click.argument("order", metavar="ID")
@click.option("--lines", metavar="N[xQUANTITY],…", help="Only these lines, counted from 1: 1,3x2.")
@click.option("--amount", type=click.IntRange(min=1), metavar="N", help="Only this much, in minor units.")
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
        return await house.refund(found.id, lines=_line_ids(found, wanted), amount=amount)

    _with_order(order, settings_from(config, shop=shop, data=data), shop, as_json, refund, pays=True)


async def _show(house: Assistant, order: Order) -> dict[str, Any]:
    return await house.show(order.id)


async def _advance(house: Assistant, order: Order) -> dict[str, Any]:
    return await house.advance(order.id)


async def _cancel(house: Assistant, order: Order) -> dict[str, Any]:
    return await house.cancel(order.id)


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
                raise SetupError(f"there is no order '{name}' {where}; 'voicetill orders list' shows those there are")
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
        later = f"'voicetill orders show {name}' tells what became of it"
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


@commands.group(no_args_is_help=False)
def menu() -> None:
    """Look after a shop's files."""


@menu.command("check")
@click.argument("folder", metavar="FOLDER")
@options("json")
def menu_check(folder: str, as_json: bool) -> int:
    """Every mistake in a shop's files, with its place and remedy."""
    import json

    from assistant.shops import find_folder
    from assistant.shops.check import check

    problems = check(find_folder(folder))
    for one in problems:
        if as_json:
            shown = {"file": one.file, "place": one.place, "text": one.text, "severity": one.severity}
            click.echo(json.dumps(shown, ensure_ascii=False))
        else:
            click.echo(f"{one.severity}: {one}")
    wrong = sum(one.severity == "error" for one in problems)
    if not as_json:
        click.echo(f"{folder}: {wrong} mistakes, {len(problems) - wrong} warnings")
    return 1 if wrong else 0


@menu.group("aliases", no_args_is_help=False)
def menu_aliases() -> None:
    """Names that people use and the catalogue doesn't have."""


@menu_aliases.command("list")
@options("shop", "data", "config", "json")
def aliases_list(shop: str | None, data: str | None, config: str | None, as_json: bool) -> None:
    """What doubtful names were said to mean, the suggested ones first."""
    import json

    from assistant.columns import aligned

    found = asyncio.run(_aliases(settings_from(config, shop=shop, data=data)))
    lines = (json.dumps(one.as_json(), ensure_ascii=False) for one in found)
    for line in lines if as_json else aligned([one.as_row() for one in found]):
        click.echo(line)


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

    found = asyncio.run(_aliases(settings_from(config, shop=shop, data=data)))
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

    asyncio.run(_aliases(settings_from(config, shop=shop, data=data), work))


async def _aliases(
    settings: Settings, work: Callable[[SqliteStore, Sequence[Listed], Lexicon], Awaitable[None]] | None = None
) -> list[Listed]:
    """What the shop learned in the data folder, after `work` was done with it."""
    from assistant.aliases import listed
    from assistant.shops import load_shop

    rules, catalogue = load_shop(settings.shop)
    lexicon = _lexicon(settings, rules, catalogue)
    async with opened(settings) as store:
        found = listed(await store.aliases(rules.id), lexicon)
        if work is not None:
            await work(store, found, lexicon)
    return found


@commands.command()
@options("shop", "data", "config", "json")
def doctor(shop: str | None, data: str | None, config: str | None, as_json: bool) -> int:
    """Look at everything a shop needs, and say what to mend."""
    import json

    from assistant.doctor import examine

    findings = examine(settings_from(config, shop=shop, data=data))
    width = max(len(one.part) for one in findings)
    for one in findings:
        if as_json:
            click.echo(json.dumps({"part": one.part, "state": one.state, "text": one.text}, ensure_ascii=False))
        else:
            click.echo(f"{one.state:<5}  {one.part:<{width}}  {one.text}")
    return 1 if any(one.state == "wrong" for one in findings) else 0


@commands.group(no_args_is_help=False)
def sandbox() -> None:
    """Play the buyer of a payment that moves no money."""


@sandbox.command("approve")
@click.argument("attempt", metavar="ATTEMPT")
@options("data", "config")
def sandbox_approve(attempt: str, data: str | None, config: str | None) -> None:
    """Pay a payment that waits for its buyer."""
    _decide(attempt, settings_from(config, data=data), "approve")


@sandbox.command("decline")
@click.argument("attempt", metavar="ATTEMPT")
@options("data", "config")
def sandbox_decline(attempt: str, data: str | None, config: str | None) -> None:
    """Turn down a payment that waits for its buyer."""
    _decide(attempt, settings_from(config, data=data), "decline")


def _decide(attempt: str, settings: Settings, how: str) -> None:
    from assistant.commerce.money import Money
    from assistant.payments import sandbox as provider
    from assistant.settings import data_folder

    # A payment's link ends with its id; people paste the whole of it.
    name = attempt.rstrip("/").rpartition("/")[2]
    charge = (provider.approve if how == "approve" else provider.decline)(data_folder(settings.data), name)
    amount = Money(charge.amount, charge.currency)
    click.echo(f"{charge.attempt}  {charge.state}  {amount.major} {amount.currency}")


@commands.group("config", no_args_is_help=False)
def config_group() -> None:
    """Look at the settings."""


@config_group.command("show")
@options("shop", "lang", "data", "config", "json")
def config_show(shop: str | None, lang: str | None, data: str | None, config: str | None, as_json: bool) -> None:
    """Every setting, and where it comes from."""
    import json

    from assistant.settings import KEYS

    settings = settings_from(config, shop=shop, lang=lang, data=data)
    for key in KEYS:
        value, origin = str(getattr(settings, key)), settings.origin[key]
        if as_json:
            click.echo(json.dumps({"key": key, "value": value, "from": origin}, ensure_ascii=False))
        else:
            click.echo(f"{key:<5}  {value or '-'}  ({origin})")
    for key in settings.proposer:
        value = "(set)" if key == "key" else settings.proposer[key]
        shown, origin = f"proposer.{key}", "VOICETILL_PROPOSER_KEY" if key == "key" else str(settings.file)
        line = json.dumps({"key": shown, "value": value, "from": origin}, ensure_ascii=False)
        click.echo(line if as_json else f"{shown}  {value}  ({origin})")
    for name, table in settings.channels.items():
        for key in table:
            # Values may be secrets: only that they are set is shown.
            shown, origin = f"channels.{name}.{key}", str(settings.file)
            line = json.dumps({"key": shown, "value": "(set)", "from": origin}, ensure_ascii=False)
            click.echo(line if as_json else f"{shown}  (set)  ({origin})")
