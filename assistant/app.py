"""The house: one shop's conversations, orders and payments over one store, as channels and commands see them.

It puts the parts together, keeps them going, and passes on what is asked: `taking` takes turns, `effects` does what is
owed to far ends, `people`, `desk` and `office` are for whom they are named after.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from assistant import showing
from assistant.backoffice import BackOffice
from assistant.commerce.catalogue import Catalogue
from assistant.commerce.money import Money
from assistant.commerce.moves import check_tables
from assistant.commerce.shop import Shop
from assistant.desk import Desk
from assistant.dialogue.say import voice_for
from assistant.dialogue.state import Session
from assistant.discovery import discover, find
from assistant.effects import Effects
from assistant.errors import SetupError, StoreError, UnfitTurnError, VoicetillError
from assistant.interpreter import Build, Interpreter, lexicon_of
from assistant.keys import Keys
from assistant.linking import Linking
from assistant.listeners import Listeners
from assistant.locks import Locks
from assistant.payments import HasPages
from assistant.people import People
from assistant.premises import Clock, Premises, Providers, Stock
from assistant.proposer import Proposer
from assistant.results import Results
from assistant.sender import mail_of, sender_of
from assistant.storage import Change, Store
from assistant.taking import Taking
from assistant.telling import Telling
from assistant.turns import (
    CONTROL,
    Channel,
    Code,
    Ending,
    Follower,
    Message,
    PartKind,
    Reply,
    Turn,
    Vocabulary,
)

log = logging.getLogger(__name__)

ROOM = 1 << 20
"""Bytes of a disk that are as good as none: a turn may need as many."""

MINUTE = 60.0
SECOND = 1.0
"""Seconds between two looks at what other processes did."""
CLOSE_PATIENCE = 2.0
"""Seconds that calls and turns under way may go on when the house is closed; each."""


class Assistant:
    """The House that channels talk to. Made with `open`."""

    def __init__(
        self, premises: Premises, interpreter: Interpreter, settings: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        """Its parts, each with those that it works with. Nothing is read or started here."""
        self._at, self._interpreter, self._settings = premises, interpreter, settings or {}
        keys = Keys(premises.data)
        self._listeners = Listeners()
        self._linking = Linking(premises.shop.id, premises.store, keys, premises.real_clock)
        self._telling = Telling(premises, self._linking, self._listeners, lambda: self._results.finishing)
        self._results = Results(premises, self._telling.heard)
        self._effects = Effects(premises, self._results, self._telling.tell)
        self._jobs: list[asyncio.Task[None]] = []
        """What goes on by itself as long as the house is open."""
        self.office = BackOffice(premises, self._effects)
        """For the merchant's commands."""
        self.people = People(premises.shop.id, premises.store, keys, self._linking, premises.real_clock, self.office)
        self._taking = Taking(
            premises,
            interpreter,
            self._linking,
            self.people,
            self._listeners,
            self._telling,
            self._effects,
            lambda: self.desk.present,
        )
        self.desk = Desk(premises, self._telling, self.take, self._history, self._order)
        """Of the shop's staff."""

    @classmethod
    async def open(
        cls,
        shop: Shop,
        catalogue: Catalogue,
        *,
        store: Store,
        data: Path,
        languages: Sequence[str],
        clock: Clock,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        recover: bool = True,
        real_clock: Clock = lambda: dt.datetime.now(dt.UTC),
        proposer: Proposer | None = None,
        lexicon: Build | None = None,
    ) -> Assistant:
        """Ready to take turns. `clock` is the shop's; leases and time-outs follow `real_clock`.

        `recover`: go on with what is owed, now and each minute (not for a mere look).
        `lexicon`: makes what can be heard, as `build_lexicon` does."""
        check_tables()
        premises = Premises(
            shop=shop,
            catalogue=catalogue,
            store=store,
            locks=Locks(),
            stock=Stock(shop.id, catalogue, store),
            providers=Providers(shop, data),
            data=data,
            clock=clock,
            real_clock=real_clock,
        )
        heard = lexicon_of(shop, catalogue, languages, lexicon)
        house = cls(premises, Interpreter(shop, catalogue, languages, heard, proposer), settings)
        premises.providers.open_all()
        await house._hear_aliases()
        await house._linking.open()
        house.people.sender = sender_of(house.settings("people"), data, mail_of(shop, catalogue))
        if recover:
            await house._effects.recover(opening=True)
            house._jobs = [asyncio.create_task(house._each_minute()), asyncio.create_task(house._each_second())]
        return house

    async def close(self) -> None:
        """End the turns under way, put down what is owed, give back the providers' files. The store stays open."""
        for job in self._jobs:
            job.cancel()
        await self._effects.close(CLOSE_PATIENCE)
        deadline = asyncio.get_running_loop().time() + CLOSE_PATIENCE
        while self._taking.under_way and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
        await self._at.providers.close()

    # -- turns and talks ---------------------------------------------------------------------------------------

    async def take(self, turn: Turn) -> Reply:
        if turn.shop != self.shop:
            raise SetupError(f"a turn for shop '{turn.shop}' came to shop '{self.shop}'; send it to its own")
        if re.search(CONTROL, turn.id) is not None:
            raise UnfitTurnError("the id of a turn has a control character in it; send letters, digits and signs only")
        return await self._taking.take(turn)

    async def settled(self, patience: float) -> None:
        deadline = asyncio.get_running_loop().time() + patience
        while (self._effects.busy or self._taking.under_way) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)

    def listen(self, session: str, channel: Channel) -> Callable[[], None]:
        return self._listeners.listen(session, channel)

    def follow(self, session: str, follower: Follower) -> Callable[[], None]:
        return self._listeners.follow(session, follower)

    async def code(self, session: str, channel: str = "") -> Code:
        return await self._linking.new_code(session, channel)

    async def join(self, session: str, code: str, channel: str = "") -> str:
        return await self._linking.join(session, code, channel)

    async def said(self, session: str, limit: int = 200) -> list[Message]:
        return self._linking.told(session, await self._history(self._linking.talk(session), limit))

    async def _history(self, talk: str, limit: int) -> list[Message]:
        events = await self._at.store.events(session=talk, limit=2 * limit)
        keys = {(one.channel, one.turn) for one in events if one.kind == "turn" and one.turn}
        turns = {key: await self._at.store.turn(key[0], talk, key[1]) for key in keys}
        kept = {key: row for key, row in turns.items() if row is not None and row.shop == self.shop}
        return list(showing.messages(events, kept))[-limit:]

    async def order(self, session: str, *, reread: bool = True) -> dict[str, Any] | None:
        return await self._order(self._linking.talk(session), reread)

    async def _order(self, talk: str, reread: bool = True) -> dict[str, Any] | None:
        read = self._at.store.state if reread else self._at.store.at_hand
        state, order, payment = await read(self.shop, talk)
        if order is None:
            return None
        return await self.office.as_json(order, payment, state.language if state else "")

    # -- hearing -----------------------------------------------------------------------------------------------

    def languages(self) -> Sequence[str]:
        return self._interpreter.languages

    async def vocabulary(self, session: str, language: str) -> Vocabulary:
        talk = self._linking.talk(session)
        known, order, _ = await self._at.store.state(self.shop, talk)
        known = known or Session(id=talk, shop=self.shop)
        return self._interpreter.vocabulary(known, order, language, self.now())

    def ending(self, text: str, language: str, expects: str | None, choices: Sequence[str] = ()) -> Ending:
        return self._interpreter.ending(text, language, expects, choices)

    def warm(self, language: str) -> None:
        self._interpreter.warm(language, self.now())
        voice_for(language, self._at.shop, self._at.catalogue).money(Money(0, self._at.shop.currency))

    # -- the shop ----------------------------------------------------------------------------------------------

    @property
    def shop(self) -> str:
        return self._at.shop.id

    def now(self) -> dt.datetime:
        return self._at.clock()

    def about(self, language: str) -> dict[str, Any]:
        shop, providers = self._at.shop, self._at.providers
        sandbox = any(providers.of_method(method).sandbox for method in shop.methods)
        return showing.about(shop, self._at.catalogue, language, self.now(), sandbox=sandbox)

    async def goods(self, language: str, *, category: str | None = None, limit: int = 500) -> list[dict[str, Any]]:
        shop, catalogue = self._at.shop, self._at.catalogue
        known = catalogue.items.values() if category is None else catalogue.in_category(category)
        items = list(islice(known, limit))
        counted = [(one.id, "") for one in items if one.stock is not None and not one.rates]
        free = await self._at.stock.free(counted)
        here = {item: number for (item, _), number in free.items()}
        return showing.goods(items, here, shop, catalogue, language)

    def picture(self, item: str) -> Path | None:
        known = self._at.catalogue.item(item)
        return Path(self._at.shop.folder) / known.picture if known is not None and known.picture else None

    def settings(self, section: str) -> Mapping[str, Any]:
        return self._settings.get(section, {})

    def part(self, kind: PartKind, name: str) -> Any:
        return find(kind, name)

    def parts(self, kind: PartKind) -> Sequence[str]:
        return tuple(discover(kind))

    # -- payment services --------------------------------------------------------------------------------------

    def reached_at(self, url: str) -> None:
        self._at.providers.url = url

    async def webhook(self, provider: str, headers: Mapping[str, str], raw: bytes) -> tuple[int, dict[str, str], bytes]:
        part = self._at.providers.opened(provider)
        if part is None:
            return 404, {}, b""
        try:
            for facts in part.read_webhook(headers, raw, self._at.real_clock()):
                await self._effects.take(facts, provider=provider)
        except ValueError as error:
            log.warning("a notification of %s was refused: %s", provider, error)
            return part.ack(False)
        except VoicetillError:
            log.exception("a notification of %s was not taken; it will come again", provider)
            return part.ack(False)
        return part.ack(True)

    async def buyer_page(self, provider: str, ref: str, decide: str | None = None) -> dict[str, Any] | None:
        part = self._at.providers.opened(provider)
        page = await part.page(ref, decide) if isinstance(part, HasPages) else None
        if page is None:
            return None
        if decide:
            await self._effects.take(page.facts, provider=provider)
        return {"order": page.order, "amount": page.amount, "currency": page.currency, "state": page.state}

    # -- going on ----------------------------------------------------------------------------------------------

    async def health(self) -> dict[str, str]:
        try:
            await self._at.store.session(self.shop, "")
            await self._at.store.commit(Change())  # writes nothing, but takes the whole way to the file and back
            full = shutil.disk_usage(self._at.data).free < ROOM
            store = f"there is no room left for {self._at.data}; free some space on its disk" if full else ""
        except (StoreError, OSError) as error:
            store = str(error)
        stopped = any(job.done() for job in self._jobs)
        return {"store": store, "recovery": "it has stopped; start the program again" if stopped else ""}

    async def recover(self) -> None:
        """Go on with every effect that nobody alive holds; lapse holds whose time is over."""
        await self._effects.recover()

    async def _each_minute(self) -> None:
        while True:
            await asyncio.sleep(MINUTE)
            try:
                await self.recover()
                await self._hear_aliases()
                await self._linking.open()
                await self.desk.missed()
            except StoreError as error:
                log.error("recovery waits for the store: %s", error)

    async def _each_second(self) -> None:
        """Who joined or left a talk in another process."""
        while True:
            await asyncio.sleep(SECOND)
            with contextlib.suppress(StoreError):  # each minute's look tells of it
                await self._linking.catch_up()

    async def _hear_aliases(self) -> None:
        """Names that the merchant accepted, also by another process meanwhile, are understood from now on."""
        learned = await self._at.store.aliases(self.shop)
        self._interpreter.hear({one.alias for one in learned if one.state == "accepted"})
