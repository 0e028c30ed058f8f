"""How a turn is taken: read, understood, decided, written; then what it owes is started and its reply handed out.

Nothing is said or sent before its commit. Locks are taken in this order: the talk's, the order's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter_ns

from msgspec import Struct
from msgspec.structs import replace

from assistant import showing
from assistant.changes import NOTHING, body_of, changed_orders, owed_by, turn_change
from assistant.commerce.order import ORDER_PAST, Order
from assistant.dialogue.core import handle, needs
from assistant.dialogue.say import voice_for
from assistant.dialogue.state import OrderState, Outcome, Person, Scene, Session
from assistant.effects import Effects
from assistant.errors import OutdatedError, ReusedTurnError, StoreError
from assistant.interpreter import Interpreter
from assistant.linking import CameTo, Given, Linking, Made, came_to, given, hidden, surely
from assistant.listeners import Listeners
from assistant.locks import Places
from assistant.people import People
from assistant.premises import Premises
from assistant.redaction import fragment, redacted, whole_card
from assistant.results import TRIES, TurnKey
from assistant.steps import Said
from assistant.storage import Conflict, State, TurnRow
from assistant.telling import Telling
from assistant.turns import Doubt, Happened, Meaning, Reply, Turn

log = logging.getLogger(__name__)

AT_ONCE = 48
"""Turns that are being decided or written. Further ones wait for their place, first come, first served, so that what
is under way (a payment's result, too) never stands behind a whole crowd."""
MOST_FAILED = 1000
"""Talks whose last turn could not be taken that are remembered."""
NEWEST = 20
"""Events of a talk among which its last turn is."""


class Asked(Struct, frozen=True):
    """A turn that is to be taken."""

    own: Turn
    """As its device gave it, without card numbers, with whose account it is."""
    turn: Turn
    """In the talk that its device is at."""
    body: str
    """What makes it the same turn when it comes again."""
    proposed: Doubt | None = None
    """What a language model takes its words for; see `Interpreter.proposal`."""
    came: CameTo | None = None
    """What a code in it, or leaving its talk, led to."""

    @property
    def key(self) -> TurnKey:
        return self.turn.channel, self.turn.session, self.turn.id


class Taken(Struct, frozen=True):
    """A turn that is written."""

    row: TurnRow
    owing: tuple[str, ...] = ()
    """Orders that owe something to a far end by it."""
    before: bool = False
    """It was taken before: it came again."""


class Taking:
    """Of one shop, in one process. `at_desk`: whether somebody of the shop is there to be asked into a talk."""

    def __init__(
        self,
        premises: Premises,
        interpreter: Interpreter,
        linking: Linking,
        people: People,
        listeners: Listeners,
        telling: Telling,
        effects: Effects,
        at_desk: Callable[[], bool],
    ) -> None:
        self._shop, self._catalogue, self._store = premises.shop, premises.catalogue, premises.store
        self._locks, self._stock, self._providers = premises.locks, premises.stock, premises.providers
        self._real_clock = premises.real_clock
        self._interpreter, self._linking, self._people = interpreter, linking, people
        self._listeners, self._telling, self._effects, self._at_desk = listeners, telling, effects, at_desk
        self._places = Places(AT_ONCE)
        self._failed: dict[str, TurnKey] = {}
        """The last turn of a talk, where it could not be taken."""
        self.under_way = 0
        """Turns that are not answered yet."""

    async def take(self, turn: Turn) -> Reply:
        """What is answered, also where it could not be taken. Raises ReusedTurnError and OutdatedError alone."""
        self.under_way += 1
        try:
            turn = own = redacted(turn)
            if own.account_token is not None:
                person = await self._people.of_account(own.account_token)
                if person is None:
                    return replace(self._sorry("link_account", own), link_account=True, listening=False)
                own = replace(own, person=person)
            turn = await self._linking.placed(own)
            asked = Asked(own, turn, body_of(own), await self._proposal(turn))
            answer = await self._answer(asked)
            if isinstance(answer, Given):
                # It may lead to another talk, so it is looked at with no lock held, and then the turn is taken there.
                came = await self._linking.answer(answer, own)
                answer = await self._answer(replace(asked, turn=came_to(own, came, answer), came=came))
            assert isinstance(answer, Reply), "what came of a code leads nowhere else"
            return answer
        except (ReusedTurnError, OutdatedError):
            raise
        except StoreError as error:
            log.error("turn %s was not taken: %s", turn.id, error)
            return self._not_taken("store_failed", turn)
        except Exception:
            log.exception("turn %s was not taken", turn.id)
            return self._not_taken("failed", turn)
        finally:
            self.under_way -= 1

    async def _proposal(self, turn: Turn) -> Doubt | None:
        """What a language model takes words for that aren't understood, where there is one. No lock is held."""
        if not self._interpreter.proposes or turn.acts or turn.doubts or not turn.hypotheses:
            return None
        found = await self._store.begin(turn.channel, self._shop.id, turn.session, turn.id)
        if isinstance(found, TurnRow):
            return None
        session, order, _payment = found
        turn = await self._without_rest(turn)
        language = self._interpreter.language(turn, session)
        known = session or Session(id=turn.session, shop=self._shop.id)
        return await self._interpreter.proposal(turn, known, order, language)

    async def _answer(self, asked: Asked) -> Reply | Given:
        """Given: a code in it, or that it leaves its talk, is to be looked at first."""
        taken = await self._taken(asked)
        if isinstance(taken, Reply | Given):
            return taken
        turn = asked.turn
        if taken.row.body != asked.body:
            raise ReusedTurnError(f"turn '{turn.id}' came before with other words; give each turn an id of its own")
        for order in taken.owing:
            self._effects.start(order, turn.can)
        reply = await self._final(asked, taken)
        if not taken.before:
            self._tell_others(turn, reply)
        return await self._telling.whole(reply, turn.can, turn.session)

    # -- under the talk's lock ---------------------------------------------------------------------------------

    async def _taken(self, asked: Asked) -> Taken | Reply | Given:
        """Decide and write it, or find it as it was written before. A Reply: nothing is stored of it."""
        turn = asked.turn
        async with self._locks.hold(f"session {turn.session}") as waited:
            async with self._places:
                queued = waited or self._failed.get(turn.session, asked.key) != asked.key
                found = await self._store.begin(turn.channel, self._shop.id, turn.session, turn.id)
                if isinstance(found, TurnRow):
                    return Taken(found, before=True)
                if asked.own.answers and asked.came is None:
                    await self._still_answers(asked.own, turn.session)
                try:
                    taken = await self._decide(asked, found, queued)
                except StoreError:
                    # A turn that was taken before has its answer, though nothing can be written now.
                    if (stored := await self._store.turn(*asked.key)) is None:
                        raise
                    return Taken(stored, before=True)
            if isinstance(taken, Taken) and not taken.before:
                self._failed.pop(turn.session, None)
            return taken

    async def _still_answers(self, own: Turn, talk: str) -> None:
        """OutdatedError unless the reply that a turn is tied to is still the talk's last."""
        for one in reversed(await self._store.events(session=talk, limit=NEWEST)):
            row = await self._store.turn(one.channel, talk, one.turn or "") if showing.is_turn(one) else None
            if row is not None and row.shop == self._shop.id:
                if self._linking.own(own.session, row.id) == own.answers:
                    return
                break
        raise OutdatedError(f"turn '{own.answers}' isn't the last that was answered; look at what is")

    async def _decide(self, asked: Asked, state: State, queued: bool) -> Taken | Reply | Given:
        """Decide and write; from what stands now when somebody else wrote in between."""
        turn, why = asked.turn, ""
        for number in range(TRIES):
            if number:
                state = await self._store.state(self._shop.id, turn.session)
            order = state[1]
            if order is None:
                done = await self._once(asked, state, queued)
            else:
                async with self._locks.hold(f"order {order.id}") as waited:
                    if waited:
                        state = await self._store.state(self._shop.id, turn.session)
                        if state[1] is None or state[1].id != order.id:
                            continue
                    done = await self._once(asked, state, queued)
            if not isinstance(done, Conflict):
                return done
            # Whatever it was refused for: what was taken before has its answer, and says so to other words.
            if (stored := await self._store.turn(*asked.key)) is not None:
                return Taken(stored, before=True)
            why, queued = f"{done.why} {done.detail}", True
            if done.why == "consent":
                break
        log.warning("turn %s was not taken: conflict of %s", turn.id, why)
        return self._not_taken("busy", turn)

    async def _once(self, asked: Asked, state: State, queued: bool) -> Taken | Conflict | Given:
        """Understand, decide and write from this state. Conflict: it stands no more."""
        started = perf_counter_ns()
        turn, (known, order, _payment) = await self._without_rest(asked.turn), state
        language = self._interpreter.language(turn, known)
        session = known or Session(id=turn.session, shop=self._shop.id)
        if session.language != language or (turn.person and session.person is None):
            session = replace(session, language=language, person=session.person or turn.person)
        meaning = self._interpreter.meaning(turn, session, order, language, asked.proposed)
        if asked.came is None and (code := given(meaning)) is not None:
            return code if await self._store.turn(*asked.key) is None else Conflict("turn")
        understood = perf_counter_ns()
        scene, made = await self._scene(replace(asked, turn=turn), session, state, meaning, queued)
        read = perf_counter_ns()
        outcome = self._decided(scene, session, order, meaning, made)
        owed, orders = NOTHING, {}
        if outcome.effects:
            orders = ({order.id: order} if order else {}) | changed_orders(outcome)
            owed = owed_by(
                outcome.effects, orders, scene, outcome.session.language, self._providers.of, self._real_clock()
            )
        timings = {
            "understand": (understood - started) // 1000,
            "read": (read - understood) // 1000,
            "handle": (perf_counter_ns() - read) // 1000,
        }
        change = turn_change(turn, asked.body, session, order, meaning, scene, outcome, owed, timings)
        if made is not None or asked.came is not None:
            records = (*(made.records if made else ()), *(asked.came.records if asked.came else ()))
            change = replace(change, records=records)
        done = await self._store.commit(change)
        if isinstance(done, Conflict):
            return done
        self._linking.took(change.records)
        assert change.turn is not None
        return Taken(change.turn, tuple(dict.fromkeys(name for name, _effect in outcome.effects)))

    async def _scene(
        self, asked: Asked, session: Session, state: State, meaning: Meaning, queued: bool
    ) -> tuple[Scene, Made | None]:
        """All that the decision may look at, and a code for another device where one is wanted."""
        turn, (_session, order, payment) = asked.turn, state
        wanted = needs(session, order, meaning, self._shop, self._catalogue)
        stock = await self._stock.free(wanted.stock, order) if wanted.stock else {}
        past = await self._past(turn, session) if wanted.orders else ()
        places, made = await self._linking.offered(asked.own.session, turn, meaning) if wanted.code else ((), None)
        scene = Scene(
            turn=turn,
            shop=self._shop,
            catalogue=self._catalogue,
            stock=stock,
            payment=payment,
            orders=past,
            person=Person(id=session.person) if session.person else None,
            queued=queued,
            desk=wanted.desk and self._at_desk(),
            offers=lambda method, amount: self._offers(method, amount, turn.can),
            code=made.code.code if made else "",
            places=tuple(self._listeners.called(one, "place") for one in places),
        )
        return scene, made

    def _decided(
        self, scene: Scene, session: Session, order: Order | None, meaning: Meaning, made: Made | None
    ) -> Outcome:
        """What is done and said, as it may be kept."""
        outcome = handle(scene, session, order, meaning)
        if made is not None:
            outcome = hidden(outcome, made.code, voice_for(outcome.session.language, self._shop, self._catalogue))
        if session.news and not outcome.session.news:
            # The core says the news; what they show goes with them.
            shown = tuple(view for one in session.news for view in one.views)
            outcome = replace(outcome, reply=replace(outcome.reply, views=(*shown, *outcome.reply.views)))
        return outcome

    def _offers(self, method: str, amount: int, can: frozenset[str]) -> bool:
        return self._providers.of_method(method).offers(amount, self._shop.currency, can)

    async def _past(self, turn: Turn, session: Session) -> tuple[OrderState, ...]:
        """A person's orders over all devices, for themselves alone; whoever else is at the talk knows the talk's."""
        person = session.person if session.person == turn.person and surely(turn) else None
        return tuple(
            await self._store.orders(
                self._shop.id, person=person, session=None if person else session.id, stages=ORDER_PAST
            )
        )

    async def _without_rest(self, turn: Turn) -> Turn:
        """A turn of digits that end a card number, which somebody says a few digits at a time, without them."""
        if not fragment(turn.text):
            return turn
        events = await self._store.events(session=turn.session, limit=NEWEST)
        said = [one.data["hypotheses"] for one in events if one.kind == "turn"]
        return whole_card([one[0][0] for one in said if one], turn)

    # -- after the commit --------------------------------------------------------------------------------------

    async def _final(self, asked: Asked, taken: Taken) -> Reply:
        """The last word on it, or what can be said when the turn's patience ends."""
        row, told = taken.row, not taken.before
        if not row.final and taken.before and not await self._telling.owed_by(row):
            row = await self._store.turn(*asked.key) or row
            # Still the first reply: another turn ended its payment, and told so.
            row = row if row.final else replace(row, final=True, reply=replace(row.reply, pending=False))
        if not row.final:
            row, told = await self._telling.final(asked.key, row, asked.turn.patience, taken.owing)
        if row.final and not told:
            await self._telling.forget_news(asked.turn.session, row.reply)
        return row.reply

    def _tell_others(self, turn: Turn, reply: Reply) -> None:
        """Whoever follows the talk at another device. What staff did in it is told in words of their own."""
        if turn.source == "merchant" or not any(map(self._listeners.followed, self._linking.at(turn.session))):
            return
        happened = Happened(
            session=turn.session, turn=turn.id, channel=turn.channel, device=turn.device, text=turn.text, reply=reply
        )
        for one in self._linking.seen(happened):
            self._listeners.tell(one)

    # -- what could not be taken -------------------------------------------------------------------------------

    def _not_taken(self, key: str, turn: Turn) -> Reply:
        self._failed.pop(turn.session, None)
        if len(self._failed) >= MOST_FAILED:
            del self._failed[next(iter(self._failed))]
        self._failed[turn.session] = (turn.channel, turn.session, turn.id)
        return self._sorry(key, turn)

    def _sorry(self, key: str, turn: Turn) -> Reply:
        """A reply of which nothing is stored: the turn did nothing and may come again."""
        language = turn.language if turn.language in self._interpreter.languages else self._shop.languages[0]
        speech, text = voice_for(language or "", self._shop, self._catalogue).say(Said(key))
        return Reply(speech=speech, text=text, reprompt=speech, language=language or "")
