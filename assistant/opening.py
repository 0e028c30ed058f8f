"""What a command needs first: its options, the settings, the store in the data folder, the core over a shop.

Everything heavy is imported inside, so that `voicetill --help` answers at once.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import datetime as dt

    from assistant.app import Assistant
    from assistant.commerce.catalogue import Catalogue
    from assistant.commerce.shop import Shop
    from assistant.proposer import Proposer
    from assistant.settings import Settings
    from assistant.storage.sqlite import SqliteStore
    from assistant.understanding import Lexicon

F = TypeVar("F", bound=Callable[..., Any])

LOG = "voicetill.log"
YOUNG = 10_000
"""New objects after which the garbage collector looks at them: a few turns' worth, most of which are gone by then."""


class Commands(click.Group):
    """A command with others below it. Its help tells in a whole sentence what each of them does."""

    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shown = [(name, one) for name, one in sorted(self.commands.items()) if not one.hidden]
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(limit=1000)) for name, one in shown])


def failed(message: str, code: int) -> int:
    """Say why on stderr, a line for each thing that is wrong."""
    with contextlib.suppress(OSError):
        for line in message.splitlines():
            print(f"voicetill: {line}", file=sys.stderr)
    return code


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


def real_clock() -> dt.datetime:
    """The time that it is, whatever a shop's own clock says."""
    import datetime as dt

    return dt.datetime.now(dt.UTC)


def settings_from(config: str | None, **given: str | None) -> Settings:
    from assistant.settings import read_settings

    return read_settings(config, given)


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[SqliteStore]:
    """The store in the data folder. What goes wrong inside is noted in a log beside it, not on anybody's screen."""
    import logging

    from assistant.logbook import Logbook
    from assistant.settings import data_folder
    from assistant.storage.sqlite import SqliteStore

    data = data_folder(settings.data)
    logging.raiseExceptions = False  # a full disk must not fill the screen as well
    logging.basicConfig(
        handlers=[Logbook(data / LOG, delay=True, encoding="utf-8")],
        level=logging.WARNING,
        format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s",
    )
    store = SqliteStore.open(data, real_clock=real_clock)
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
    from assistant.discovery import named
    from assistant.kept_lexicon import lexicon
    from assistant.settings import remember_shop
    from assistant.shops import load_shop

    proposer = _proposer(settings) if channel is not None else None
    with loading():
        rules, catalogue = load_shop(shop)
        remember_shop(settings.data, rules.id, rules.folder)
        names = {*settings.channels, *settings.speakers, *named("speaker"), *([channel] if channel else [])}
        house = await Assistant.open(
            rules,
            catalogue,
            store=store,
            data=settings.data,
            languages=spoken(rules.languages, settings),
            clock=settings.clock(rules.zone),
            settings={
                **{name: settings.section(name) for name in names},
                "people": settings.people,
                "oauth": settings.oauth,
            },
            recover=channel is not None,
            proposer=proposer,
            lexicon=lexicon,
        )
    try:
        yield house
    finally:
        await house.close()


def spoken(languages: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The shop's languages, and the one that was asked for."""
    return tuple(dict.fromkeys((*languages, settings.lang) if settings.lang else languages))


def lexicon_for(settings: Settings, rules: Shop, catalogue: Catalogue) -> Lexicon:
    """All that can be heard in a shop, in its languages."""
    from assistant.interpreter import lexicon_of
    from assistant.kept_lexicon import lexicon

    return lexicon_of(rules, catalogue, spoken(rules.languages, settings), lexicon)
