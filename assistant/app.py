"""The one place where things happen: takes turns, writes what was decided, starts what is owed.

`Assistant` is the House that channels talk to. A turn is read, understood and decided by pure functions, then written
as one transaction; only after that commit is anything said or sent.
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
from time import perf_counter_ns
from typing import Any

from msgspec.structs import replace

from assistant import showing
from assistant.backoffice import BackOffice
from assistant.changes import (
    NOTHING,
    body_of,
    changed_orders,
    owed_by,
    turn_change,
)
from assistant.commerce.catalogue import Catalogue
from assistant.commerce.money import Money
from assistant.commerce.moves import check_tables
from assistant.commerce.order import ORDER_PAST, Order
from assistant.commerce.payment import Payment
from assistant.commerce.shop import Shop
from assistant.commerce.stock import on_hand
from assistant.desk import Desk, allowed
from assistant.dialogue.core import answer_asked, answer_to, handle, needs, understand_context
from assistant.dialogue.say import Named, voice_for
from assistant.dialogue.state import OrderState, Person, Scene, Session, StockKey
from assistant.discovery import discover, extensions, find
from assistant.effects import Effects
from assistant.errors import OutdatedError, ReusedTurnError, SetupError, StoreError, UnfitTurnError, VoicetillError
from assistant.keys import Keys
from assistant.linking import CameTo, Given, Linking, came_to, given, hidden, surely
from assistant.listeners import Listeners
from assistant.locks import Locks, Places
from assistant.payments import HasPages, Provider, ProviderSetup
from assistant.people import People
from assistant.proposer import Proposer, unsure, with_proposal
from assistant.redaction import fragment, redacted, whole_card
from assistant.results import TRIES, Clock, Results, TurnKey
from assistant.sender import sender_of
from assistant.steps import Said
from assistant.storage import Change, Conflict, State, Store, TurnRow
from assistant.telling import Telling
from assistant.turns import (
    CONTROL,
    MOST_LETTERS,
    Alias,
    Channel,
    Code,
    Doubt,
    Ending,
    Follower,
    Happened,
    Meaning,
    Message,
    PartKind,
    Reply,
    Turn,
    Vocabulary,
)
from assistant.understanding import Lexicon, build_lexicon, detect_language, understand
from assistant.understanding.aliases import with_aliases
from assistant.understanding.ending import ending
from assistant.understanding.rehearsal import rehearse
from assistant.understanding.text import only_in
from assistant.understanding.vocabulary import vocabulary
from models import languages as language_files

log = logging.getLogger(__name__)

ROOM = 1 << 20
"""Bytes of a disk that are as good as none: a turn may need as many."""

MINUTE = 60.0
SECOND = 1.0
AT_ONCE = 48
"""Turns that are being decided or written. Further ones wait for their place, first come, first served, so that what
is under way (a payment's result, too) never stands behind a whole crowd."""
MOST_FAILED = 1000
"""Talks whose last turn could not be taken that are remembered."""
NEWEST = 20
"""Events of a talk among which its last turn is."""
CLOSE_PATIENCE = 2.0


class Assistant:
    """One shop's conversations, orders and payments over one store. Made with `open`."""

    def __init__(
        self,
        shop: Shop,
        catalogue: Catalogue,
        store: Store,
        data: Path,
        tags: Sequence[str],
        lexicon: Lexicon,
        clock: Clock,
        real_clock: Clock,
        settings: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._shop, self._catalogue, self._store, self._data = shop, catalogue, store, data
        self._tags, self._lexicon, self._settings = tuple(tags), lexicon, settings
        self._clock, self._real = clock, real_clock
        self._scripts = {tag: language_files.load(tag, _language_folder()).tables.get("script") for tag in tags}
        scripts = list(self._scripts.values())
        self._sole = {one for one in scripts if scripts.count(one) == 1}
        """Scripts of one language alone."""
        self._locks = Locks()
        self._places = Places(AT_ONCE)
        self._providers: dict[str, Provider] = {}
        self._listeners = Listeners()
        keys = Keys(data)
        self._linking = Linking(shop.id, store, keys, real_clock)
        self._url = ""
        self._seeded: set[StockKey] = set()
        self._turns = 0
        self._accepted: set[Alias] = set()
        self._proposer: Proposer | None = None
        self._proposals: dict[TurnKey, Doubt] = {}
        self._failed: dict[str, TurnKey] = {}
        """The last turn of a talk, where it could not be taken."""
        self._telling = Telling(
            shop,
            catalogue,
            store,
            self._locks,
            self._linking,
            self._listeners,
            clock,
            lambda: self._results.finishing,
            lambda: self._url,
        )
        self._results = Results(
            shop, catalogue, store, self._locks, clock, real_clock, self._provider, self._telling.heard
        )
        self._effects = Effects(shop.id, store, self._results, self._provider, clock, real_clock, self._telling.tell)
        self._minutes: asyncio.Task[None] | None = None
        self._seconds: asyncio.Task[None] | None = None
        self.office = BackOffice(shop, catalogue, store, self._locks, self._effects, self._provider, clock, real_clock)
        """For the merchant's commands."""
        self.people = People(shop.id, store, keys, self._linking, real_clock, self.office)
        self.desk = Desk(shop, catalogue, store, data, clock, self._telling, self.take, self._history, self._order)
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
        extra: Path | None = None,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        recover: bool = True,
        real_clock: Clock = lambda: dt.datetime.now(dt.UTC),
        proposer: Proposer | None = None,
        lexicon: Callable[..., Lexicon] | None = None,
    ) -> Assistant:
        """Ready to take turns. `clock` is the shop's; leases and time-outs follow `real_clock`.

        `recover`: go on with what is owed, now and each minute (not for a mere look).
        `lexicon`: makes what can be heard, as `build_lexicon` does."""
        check_tables()
        folder = extra or _language_folder()
        files = [language_files.load(tag, folder) for tag in languages]
        parts = {name: part.WORDS for kind in ("step", "trade", "provider") for name, part in discover(kind).items()}
        house = cls(
            shop,
            catalogue,
            store,
            data,
            languages,
            (lexicon or build_lexicon)(shop, catalogue, files, parts),
            clock,
            real_clock,
            settings or {},
        )
        for method in shop.methods.values():
            house._provider(method.provider)
        house._proposer = proposer
        await house._hear_aliases()
        await house._linking.open()
        house.people.sender = sender_of((settings or {}).get("people", {}), data, house._mail)
        if recover:
            await house._effects.recover(opening=True)
            house._minutes = asyncio.create_task(house._each_minute(), name="each minute")
            house._seconds = asyncio.create_task(house._each_second(), name="each second")
        return house

    # -- what a channel may ask --------------------------------------------------------------------------------

    @property
    def shop(self) -> str:
        return self._shop.id

    def now(self) -> dt.datetime:
        return self._clock()

    def languages(self) -> Sequence[str]:
        return self._tags

    def settings(self, section: str) -> Mapping[str, Any]:
        return self._settings.get(section, {})

    def listen(self, session: str, channel: Channel) -> Callable[[], None]:
        return self._listeners.listen(session, channel)

    def follow(self, session: str, follower: Follower) -> Callable[[], None]:
        return self._listeners.follow(session, follower)

    def part(self, kind: PartKind, name: str) -> Any:
        return find(kind, name)

    def parts(self, kind: PartKind) -> Sequence[str]:
        return tuple(discover(kind))

    def reached_at(self, url: str) -> None:
        self._url = url

    async def health(self) -> dict[str, str]:
        try:
            await self._store.session(self._shop.id, "")
            await self._store.commit(Change())  # writes nothing, but takes the whole way to the file and back
            full = shutil.disk_usage(self._data).free < ROOM
            store = f"there is no room left for {self._data}; free some space on its disk" if full else ""
        except (StoreError, OSError) as error:
            store = str(error)
        stopped = self._minutes is not None and self._minutes.done()
        return {"store": store, "recovery": "it has stopped; start the program again" if stopped else ""}

    def about(self, language: str) -> dict[str, Any]:
        sandbox = any(self._provider(one.provider).sandbox for one in self._shop.methods.values())
        return showing.about(self._shop, self._catalogue, language, self._clock(), sandbox=sandbox)

    async def goods(self, language: str, *, category: str | None = None, limit: int = 500) -> list[dict[str, Any]]:
        known = self._catalogue.items.values() if category is None else self._catalogue.in_category(category)
        items = list(islice(known, limit))
        counted = [(one.id, "") for one in items if one.stock is not None and not one.rates]
        free = await self._free(counted, None) if counted else {}
        here = {item: number for (item, _), number in free.items()}
        return showing.goods(items, here, self._shop, self._catalogue, language)

    def picture(self, item: str) -> Path | None:
        known = self._catalogue.item(item)
        return Path(self._shop.folder) / known.picture if known is not None and known.picture else None

    async def code(self, session: str, channel: str = "") -> Code:
        return await self._linking.new_code(session, channel)

    async def join(self, session: str, code: str, channel: str = "") -> str:
        return await self._linking.join(session, code, channel)

    async def said(self, session: str, limit: int = 200) -> list[Message]:
        return self._linking.told(session, await self._history(self._linking.talk(session), limit))

    async def _history(self, talk: str, limit: int) -> list[Message]:
        events = await self._store.events(session=talk, limit=2 * limit)
        keys = {(one.channel, one.turn) for one in events if one.kind == "turn" and one.turn}
        turns = {key: await self._store.turn(key[0], talk, key[1]) for key in keys}
        kept = {key: row for key, row in turns.items() if row is not None and row.shop == self._shop.id}
        return list(showing.messages(events, kept))[-limit:]

    async def buyer_page(self, provider: str, ref: str, decide: str | None = None) -> dict[str, Any] | None:
        part = self._providers.get(provider)
        if not isinstance(part, HasPages):
            return None
        page = await part.page(ref, decide)
        if page is not None and decide:
            await self._effects.take(page.facts, provider=provider)
        return (
            None
            if page is None
            else {"order": page.order, "amount": page.amount, "currency": page.currency, "state": page.state}
        )

    async def vocabulary(self, session: str, language: str) -> Vocabulary:
        session = self._linking.talk(session)
        known, order, _ = await self._store.state(self._shop.id, session)
        talk = known or Session(id=session, shop=self._shop.id)
        context = understand_context(self._shop, self._catalogue, talk, order, self._shop.local(self._clock()))
        return vocabulary(self._lexicon, context, language, answer_asked(talk))

    def ending(self, text: str, language: str, expects: str | None, choices: Sequence[str] = ()) -> Ending:
        return ending(self._lexicon, text, language, answer_to(expects, len(choices)), choices)

    def warm(self, language: str) -> None:
        rehearse(self._lexicon, language, self._shop.local(self._clock()))
        voice_for(language, self._shop, self._catalogue).money(Money(0, self._shop.currency))

    async def order(self, session: str, *, reread: bool = True) -> dict[str, Any] | None:
        return await self._order(self._linking.talk(session), reread)

    async def _order(self, talk: str, reread: bool = True) -> dict[str, Any] | None:
        read = self._store.state if reread else self._store.at_hand
        state, order, payment = await read(self._shop.id, talk)
        if order is None:
            return None
        return await self.office.as_json(order, payment, state.language if state else "")

    async def settled(self, patience: float) -> None:
        deadline = asyncio.get_running_loop().time() + patience
        while (self._effects.busy or self._turns) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)

    async def take(self, turn: Turn) -> Reply:
        if turn.shop != self._shop.id:
            raise SetupError(f"a turn for shop '{turn.shop}' came to shop '{self._shop.id}'; send it to its own")
        if re.search(CONTROL, turn.id) is not None:
            raise UnfitTurnError("the id of a turn has a control character in it; send letters, digits and signs only")
        self._turns += 1
        try:
            own = turn = redacted(turn)
            if own.account_token is not None:
                person = await self.people.of_account(own.account_token)
                if person is None:
                    return replace(self._sorry("link_account", turn), link_account=True, listening=False)
                own = replace(own, person=person)
            turn = await self._linking.placed(own)
            if self._proposer is not None:
                await self._propose(self._proposer, turn)
            taken = await self._take(turn, body_of(own), own)
            if isinstance(taken, Given):
                came = await self._linking.answer(taken, own)
                taken = await self._take(came_to(own, came, taken), body_of(own), own, came)
            assert isinstance(taken, Reply)
            return taken
        except (ReusedTurnError, OutdatedError):
            raise
        except StoreError as error:
            log.error("turn %s was not taken: %s", turn.id, error)
            return self._not_taken("store_failed", turn)
        except Exception:
            log.exception("turn %s was not taken", turn.id)
            return self._not_taken("failed", turn)
        finally:
            self._turns -= 1
            self._proposals.pop((turn.channel, turn.session, turn.id), None)

    async def webhook(self, provider: str, headers: Mapping[str, str], raw: bytes) -> tuple[int, dict[str, str], bytes]:
        """A payment service's notification: (status, headers, body) to answer it with, after the commit."""
        part = self._providers.get(provider)
        if part is None:
            return 404, {}, b""
        try:
            for facts in part.read_webhook(headers, raw, self._real()):
                await self._effects.take(facts, provider=provider)
        except ValueError as error:
            log.warning("a notification of %s was refused: %s", provider, error)
            return part.ack(False)
        except VoicetillError:
            log.exception("a notification of %s was not taken; it will come again", provider)
            return part.ack(False)
        return part.ack(True)

    async def close(self) -> None:
        """End the turns under way, put down what is owed, give back the providers' files. The store stays open."""
        for task in (self._minutes, self._seconds):
            if task is not None:
                task.cancel()
        await self._effects.close(CLOSE_PATIENCE)
        deadline = asyncio.get_running_loop().time() + CLOSE_PATIENCE
        while self._turns and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
        for provider in self._providers.values():
            await provider.close()

    # -- a turn ------------------------------------------------------------------------------------------------

    async def _take(self, turn: Turn, body: str, own: Turn, came: CameTo | None = None) -> Reply | Given:
        """`own`: as its device gave it; `came`: what a code in it, or leaving its talk, led to. Given: that is to be
        found out first, with no lock held, for it may lead to another talk."""
        key = (turn.channel, turn.session, turn.id)
        async with self._locks.hold(f"session {turn.session}") as waited:
            async with self._places:
                queued = waited or self._failed.get(turn.session, key) != key
                found = await self._store.begin(turn.channel, self._shop.id, turn.session, turn.id)
                if own.answers and came is None and not isinstance(found, TurnRow):
                    await self._still_answers(own, turn.session)
                try:
                    decided = (
                        found
                        if isinstance(found, TurnRow)
                        else await self._decide(turn, body, found, own, came, queued)
                    )
                except StoreError:
                    # A turn that was taken before has its answer, though nothing can be written now.
                    if (stored := await self._store.turn(*key)) is None:
                        raise
                    decided = stored
            if isinstance(decided, Reply | Given):
                return decided
            fresh = new = not isinstance(decided, TurnRow)
            if fresh:
                self._failed.pop(turn.session, None)
            row, owing = (decided, ()) if isinstance(decided, TurnRow) else decided
        if row.body != body:
            raise ReusedTurnError(f"turn '{turn.id}' came before with other words; give each turn an id of its own")
        for order in owing:
            self._effects.start(order, turn.can)
        if not row.final and not fresh and not await self._telling.owed_by(row):
            row = await self._store.turn(*key) or row
            # Still the first reply: another turn ended its payment, and told so.
            row = row if row.final else replace(row, final=True, reply=replace(row.reply, pending=False))
        if not row.final:
            row, fresh = await self._telling.final(key, row, turn.patience, owing)
        if row.final and not fresh:
            await self._telling.forget_news(turn.session, row.reply)
        if new and turn.source != "merchant" and any(map(self._listeners.followed, self._linking.at(turn.session))):
            for one in self._linking.seen(_happened(turn, row.reply)):
                self._listeners.tell(one)
        return await self._telling.whole(row.reply, turn.can, turn.session)

    async def _still_answers(self, own: Turn, talk: str) -> None:
        """OutdatedError unless the reply that a turn is tied to is still the talk's last."""
        for one in reversed(await self._store.events(session=talk, limit=NEWEST)):
            row = await self._store.turn(one.channel, talk, one.turn or "") if showing.is_turn(one) else None
            if row is not None and row.shop == self._shop.id:
                if self._linking.own(own.session, row.id) == own.answers:
                    return
                break
        raise OutdatedError(f"turn '{own.answers}' isn't the last that was answered; look at what is")

    async def _decide(
        self, turn: Turn, body: str, state: State, own: Turn, came: CameTo | None, queued: bool
    ) -> tuple[TurnRow, tuple[str, ...]] | TurnRow | Reply | Given:
        """Decide and write; from what stands now when somebody else wrote in between. (The turn as it stands, orders
        that owe); the turn alone where it was taken before; a reply of which nothing is stored."""
        why = ""
        for number in range(TRIES):
            if number:
                state = await self._store.state(self._shop.id, turn.session)
            session, order, payment = state
            if order is None:
                done = await self._once(turn, body, session, None, payment, own, came, queued)
            else:
                async with self._locks.hold(f"order {order.id}") as waited:
                    if waited:
                        held = order.id
                        session, order, payment = await self._store.state(self._shop.id, turn.session)
                        if order is None or order.id != held:
                            continue
                    done = await self._once(turn, body, session, order, payment, own, came, queued)
            if not isinstance(done, Conflict):
                return done
            if done.why == "turn" and (stored := await self._store.turn(turn.channel, turn.session, turn.id)):
                return stored
            why = f"{done.why} {done.detail}"
            queued = True
            if done.why == "consent":
                break
        log.warning("turn %s was not taken: conflict of %s", turn.id, why)
        return self._not_taken("busy", turn)

    async def _once(
        self,
        turn: Turn,
        body: str,
        known: Session | None,
        order: Order | None,
        payment: Payment,
        own: Turn,
        came: CameTo | None,
        queued: bool,
    ) -> tuple[TurnRow, tuple[str, ...]] | Conflict | Given:
        started = perf_counter_ns()
        turn = await self._without_rest(turn)
        language = self._language(turn, known)
        session = known or Session(id=turn.session, shop=self._shop.id)
        if session.language != language or (turn.person and session.person is None):
            session = replace(session, language=language, person=session.person or turn.person)
        meaning = self._understood(turn, session, order, language)
        if came is None and (asked := given(meaning)) is not None:
            taken = await self._store.turn(turn.channel, turn.session, turn.id)
            return asked if taken is None else Conflict("turn")
        understood = perf_counter_ns()
        wanted = needs(session, order, meaning, self._shop, self._catalogue)
        stock = await self._free(wanted.stock, order) if wanted.stock else {}
        past = await self._past(turn, session) if wanted.orders else ()
        places, made = await self._linking.offered(own.session, turn, meaning) if wanted.code else ((), None)
        scene = Scene(
            turn=turn,
            shop=self._shop,
            catalogue=self._catalogue,
            stock=stock,
            payment=payment,
            orders=past,
            person=Person(id=session.person) if session.person else None,
            queued=queued,
            desk=wanted.desk and self.desk.present,
            offers=lambda method, amount: self._offers(method, amount, turn.can),
            code=made.code.code if made else "",
            places=tuple(self._listeners.called(one, "place") for one in places),
        )
        read = perf_counter_ns()
        outcome = handle(scene, session, order, meaning)
        if made is not None:
            outcome = hidden(outcome, made.code, voice_for(outcome.session.language, self._shop, self._catalogue))
        shown = tuple(view for one in session.news for view in one.views) if session.news else ()
        if shown:
            # The core says the news; what they show goes with them.
            outcome = replace(outcome, reply=replace(outcome.reply, views=(*shown, *outcome.reply.views)))
        owed, orders = NOTHING, {}
        if outcome.effects:
            orders = ({order.id: order} if order else {}) | changed_orders(outcome)
            owed = owed_by(outcome.effects, orders, scene, outcome.session.language, self._provider, self._real())
        timings = {
            "understand": (understood - started) // 1000,
            "read": (read - understood) // 1000,
            "handle": (perf_counter_ns() - read) // 1000,
        }
        change = turn_change(turn, body, session, order, meaning, scene, outcome, owed, timings)
        if made is not None or came is not None:
            change = replace(change, records=(*(made.records if made else ()), *(came.records if came else ())))
        done = await self._store.commit(change)
        if isinstance(done, Conflict):
            return done
        self._linking.took(change.records)
        assert change.turn is not None
        return change.turn, tuple(dict.fromkeys(name for name, _effect in outcome.effects))

    async def _without_rest(self, turn: Turn) -> Turn:
        """A turn of digits that end a card number, which somebody says a few digits at a time, without them."""
        if not fragment(turn.text):
            return turn
        events = await self._store.events(session=turn.session, limit=NEWEST)
        said = [one.data["hypotheses"] for one in events if one.kind == "turn"]
        return whole_card([one[0][0] for one in said if one], turn)

    def _understood(self, turn: Turn, session: Session, order: Order | None, language: str) -> Meaning:
        if (turn.acts or turn.doubts) and not (turn.text and self._strange(turn)):
            return Meaning(acts=turn.acts, ask=turn.doubts, language=language, text=turn.text)
        if not turn.hypotheses:
            return Meaning(language=language)
        context = understand_context(self._shop, self._catalogue, session, order, self._shop.local(turn.at))
        meaning = understand(turn.hypotheses, self._lexicon, context, language)
        if turn.source == "merchant":
            return allowed(meaning)
        proposed = self._proposals.get((turn.channel, turn.session, turn.id)) if self._proposals else None
        return with_proposal(meaning, proposed) if proposed and unsure(meaning, context.expects) else meaning

    def _strange(self, turn: Turn) -> bool:
        """Whether a platform speaks of goods or choices that the shop hasn't (any more): then the words count."""
        acts = (*turn.acts, *(one for doubt in turn.doubts for one in doubt.candidates))
        lines = [line for act in acts for line in (*act.lines, *act.instead_of)]
        named = {*(one.item for one in lines if one.item), *(one for act in acts for one in act.items)}
        if any(self._catalogue.item(one) is None for one in named if not one.startswith("#")):
            return True
        return any(
            (option := item.option(said.option)) is None or option.choice(said.choice) is None
            for line in lines
            if line.item and (item := self._catalogue.item(line.item)) is not None
            for said in line.options
        )

    async def _propose(self, proposer: Proposer, turn: Turn) -> None:
        """Asks what words that aren't understood may mean. Holds no lock: a far end may take its time."""
        found = await self._store.begin(turn.channel, self._shop.id, turn.session, turn.id)
        if isinstance(found, TurnRow) or turn.acts or turn.doubts or not turn.hypotheses:
            return
        known, order, _ = found
        turn = await self._without_rest(turn)
        session, language = known or Session(id=turn.session, shop=self._shop.id), self._language(turn, known)
        meaning = self._understood(turn, session, order, language)
        context = understand_context(self._shop, self._catalogue, session, order, self._shop.local(turn.at))
        if unsure(meaning, context.expects):
            doubt = await proposer.ask(meaning, self._lexicon, context.basket)
            if doubt is not None:
                self._proposals[turn.channel, turn.session, turn.id] = doubt

    def _language(self, turn: Turn, session: Session | None) -> str:
        """What the talk is in. A sentence in another script is another language; a name or code in it is not."""
        language = (session.language if session else "") or turn.language or ""
        text = turn.text
        script = self._scripts.get(language)
        plain = text.isascii() if script == "spaced" else script in self._sole and only_in(script, text)
        if text and not plain:
            heard = detect_language(text, self._lexicon)
            if heard in self._scripts and heard != language:
                other = self._scripts[heard] != self._scripts.get(language)
                sentence = self._words_of(heard, text) >= 2 or self._scripts[heard] != "spaced"
                if not language or (other and sentence and self._words_of(language, text) < 2):
                    language = heard
        return language or self._shop.languages[0]

    def _words_of(self, language: str, text: str) -> int:
        markers = self._lexicon.markers.get(language, ())
        return sum(word.strip(".,!?") in markers for word in text[:MOST_LETTERS].lower().split())

    async def _free(self, keys: Sequence[StockKey], order: Order | None) -> dict[StockKey, int | None]:
        new = [key for key in keys if key not in self._seeded]
        if new:
            await self._store.seed_stock(self._shop.id, on_hand(self._catalogue, new))
            self._seeded.update(new)
        return await self._store.free(self._shop.id, keys, order.id if order else None)

    async def _past(self, turn: Turn, session: Session) -> tuple[OrderState, ...]:
        """A person's orders over all devices, for themselves alone; whoever else is at the talk knows the talk's."""
        person = session.person if session.person == turn.person and surely(turn) else None
        return tuple(
            await self._store.orders(
                self._shop.id, person=person, session=None if person else session.id, stages=ORDER_PAST
            )
        )

    # -- in words ---------------------------------------------------------------------------------------------

    def _mail(self, language: str, code: str, link: str) -> tuple[str, str]:
        """A message with a sign-in code: its subject and its text."""
        voice = voice_for(language, self._shop, self._catalogue)
        subject, text, more = (
            voice.say(
                Said(f"mail.{key}", {"code": code, "link": link, "shop": Named(self._shop.names, self._shop.name)})
            )[1]
            for key in ("subject", "text", "link" if link else "no_link")
        )
        return subject, f"{text}\n\n{more}\n"

    def _not_taken(self, key: str, turn: Turn) -> Reply:
        self._failed.pop(turn.session, None)
        if len(self._failed) >= MOST_FAILED:
            del self._failed[next(iter(self._failed))]
        self._failed[turn.session] = (turn.channel, turn.session, turn.id)
        return self._sorry(key, turn)

    def _sorry(self, key: str, turn: Turn) -> Reply:
        """A reply of which nothing is stored: the turn did nothing and may come again."""
        language = turn.language if turn.language in self._scripts else self._shop.languages[0]
        speech, text = voice_for(language or "", self._shop, self._catalogue).say(Said(key))
        return Reply(speech=speech, text=text, reprompt=speech, language=language or "")

    # -- what is owed ------------------------------------------------------------------------------------------

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
        accepted = {one.alias for one in await self._store.aliases(self._shop.id) if one.state == "accepted"}
        if accepted != self._accepted:
            self._accepted, self._lexicon = accepted, with_aliases(self._lexicon, accepted)

    def _offers(self, method: str, amount: int, can: frozenset[str]) -> bool:
        return self._provider(self._shop.methods[method].provider).offers(amount, self._shop.currency, can)

    def _provider(self, name: str) -> Provider:
        known = self._providers.get(name)
        if known is None:
            part: Provider = find("provider", name)
            known = self._providers[name] = part.open(
                ProviderSetup(
                    shop=self._shop.id,
                    data=self._data,
                    settings=self._shop.providers.get(name, {}),
                    reached_at=lambda: self._url,
                )
            )
        return known


def _happened(turn: Turn, reply: Reply) -> Happened:
    return Happened(
        session=turn.session, turn=turn.id, channel=turn.channel, device=turn.device, text=turn.text, reply=reply
    )


def _language_folder() -> Path | None:
    folder = extensions()
    return folder / "language" if folder else None
