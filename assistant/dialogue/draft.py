"""A decision being made: what is changed, said and asked in one turn. Lives only inside `handle` and `settle`."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any

from msgspec.structs import replace

from assistant.commerce.money import Money
from assistant.commerce.order import Line, Order
from assistant.dialogue import flow
from assistant.dialogue.say import Clock, Joined, Lines, Named, Voice, voice_for
from assistant.dialogue.state import (
    Asked,
    Effect,
    Event,
    Outcome,
    ReadBack,
    Scene,
    Session,
    Snapshot,
    StockMove,
)
from assistant.dialogue.view import basket_view
from assistant.errors import Bug
from assistant.steps import Said
from assistant.turns import Act, Alias, Choice, Meaning, Reply, View

UNDO_DEPTH = 10
MONEY_ASKED = frozenset({"cancel", "refund", "unusual"})
"""Why something is asked whose amount must be heard before a yes."""
ORDERED = frozenset({"want_without", "choice_other"})
"""Questions about goods that were ordered, and can't be had just so: whoever passes over one is told that they aren't
in the basket."""
ONE_BY_ONE = frozenset({"heard", "unusual", "quantity", "line", "suggest", "fewer"})
"""Why something is asked about goods that were said: several of these in one turn are asked one after the other."""


class Draft:
    """Collects one turn's decision. Everything it is given and everything it hands out is immutable."""

    def __init__(self, scene: Scene, session: Session, order: Order | None, meaning: Meaning) -> None:
        self.scene, self.turn, self.shop, self.catalogue = scene, scene.turn, scene.shop, scene.catalogue
        self.before = order
        self.order = order
        self.session = self.known = session
        """As it stands now, and as the turn found it."""
        self.meaning = meaning
        self.payment = scene.payment
        self.said: list[Said] = []
        self.aside: list[Said] = []
        """A suggestion that nobody asked for: said last, right before the question."""
        self.question: Said | None = None
        self.asked: Asked | None = None
        self.views: list[View] = []
        self.effects: list[tuple[str, Effect]] = []
        self.stock: list[tuple[str, StockMove]] = []
        self.others: list[Order] = []
        self.events: list[Event] = []
        self.learned: list[Alias] = []
        self.listening = True
        self.snapped = False
        self.answered = False
        """Something was done or said in answer to the person; False at the end is a miss."""
        self.refused = False
        """A detail was said that can't be had, or that nothing here asks for: the order isn't what was just said."""
        self.quiet = False
        """True: no question follows what is said."""
        self.again: Reply | None = None
        """The reply that is said once more: what it offers is offered again."""
        self.whole = False
        """What is said must be heard to its end."""
        self.echoes: list[Said] = []
        self.echoed: set[str] = set()
        """Steps whose change was said in this turn: a short read-back doesn't say it again."""
        self.agreed = False
        """A charge was set off in this turn."""
        self.quoted = ""
        """Words that the question says back: nothing else needs to."""
        self.later: list[Asked] = []
        """What waits for the answer to the question of this turn."""

    def by_trade(self, key: str, usual: str = "") -> str:
        """A wording's key: the trade's own where it has one (a stay isn't "expected at about"), else the usual."""
        own = f"{flow.trade_of(self.scene).name}.{key}"
        return own if self.voice.has(own) else usual or key

    # -- saying and asking -------------------------------------------------------------------------------------

    @property
    def voice(self) -> Voice:
        return voice_for(self.session.language, self.shop, self.catalogue)

    def say(self, key: str, **values: Any) -> None:
        self.said.append(Said(key, values))
        self.answered = True

    def echo(self, step: str, *said: Said) -> None:
        """What was changed, said as it lands; a full read-back in the same reply says it instead."""
        self.said.extend(said)
        self.echoes.extend(said)
        self.echoed.add(step)
        self.answered = True

    def tell_at_once(self, key: str) -> None:
        """What is said of several lines one after the other, in the same words, becomes one sentence."""
        told = [one for one in self.said if one.key == key]
        if len(told) < 2:
            return
        lines = tuple(line for one in told for line in one.values["lines"].lines)
        whole = Said(key, {"lines": Lines(lines)})
        for all_said in (self.said, self.echoes):
            at = next((i for i, one in enumerate(all_said) if one in told), None)
            all_said[:] = [one for one in all_said if one not in told]
            if at is not None:
                all_said.insert(at, whole)

    def ask(
        self, key: str, kind: str, *candidates: tuple[Act, ...], labels: tuple[Any, ...] = (), **values: Any
    ) -> None:
        """Asks about things that could be done: a yes does the only one, a number or its words one of several. Behind
        another question about goods it waits for the answer to that."""
        if labels:
            values["choices"] = Joined(labels, "or")
        question = Said(key, values, tuple(zip(labels, candidates, strict=True)) if labels else ())
        amount = values.get("amount")
        asked = Asked(candidates=candidates, kind=kind, amount=amount.amount if amount is not None else None)
        if key in ORDERED:
            asked = replace(asked, heard=self.meaning.text)
        self.answered = True
        if self.question is not None and self.asked is not None and {kind, self.asked.kind} <= ONE_BY_ONE:
            self.later.append(replace(asked, words=self.voice.say(question), short=self.voice.short(question)))
            return
        self.question, self.asked = question, asked
        self.whole = self.whole or kind in MONEY_ASKED

    def empty(self) -> None:
        """There is nothing in the basket: says so, and asks what it shall be."""
        self.say("basket_empty")
        self.question, self.asked = Said("basket.what"), Asked(step="basket")

    def money(self, amount: int) -> Money:
        return Money(amount, self.shop.currency)

    def clock(self, at: dt.datetime) -> Clock:
        """A time as it is said today in the shop's zone."""
        return Clock(self.shop.local(at), self.shop.local(self.turn.at).date())

    def item_name(self, item: str) -> Named | str:
        found = self.catalogue.item(item)
        return Named(found.names, item) if found else item

    def note(self, kind: str, **data: Any) -> None:
        self.events.append(Event(kind, data))

    # -- changing ----------------------------------------------------------------------------------------------

    def begin(self) -> Order:
        """The open order, made now where there is none yet (or the last one is settled)."""
        if self.order is None or self.order.stage != "open":
            if self.order is not None and self.order is not self.before:
                self.others.append(self.order)
            seed = f"{self.shop.id}\0{self.turn.channel}\0{self.session.id}\0{self.turn.id}"
            self.order = Order(
                id=hashlib.sha256(seed.encode()).hexdigest()[:20],
                shop=self.shop.id,
                trade=self.shop.trade,
                currency=self.shop.currency,
                session=self.session.id,
                person=self.session.person,
                language=self.session.language,
                channel=self.turn.channel,
                created_at=self.turn.at,
            )
            self.session = replace(
                self.session, order=self.order.id, past=(), future=(), suggested=False, read_back=None
            )
            self.payment = type(self.payment)()
            self.snapped = False
        return self.order

    def edit(self, order: Order) -> None:
        """Takes a changed order; remembers the one before the turn for undo. Any edit lapses the consent."""
        if self.order is None or self.order.stage != "open":
            raise Bug("only an open order can be edited: what was agreed to and paid stays as it is")
        if not self.snapped:
            past = (*self.session.past, snapshot(self.order))[-UNDO_DEPTH:]
            self.session = replace(self.session, past=past, future=())
            self.snapped = True
        self.order = replace(order, consent=None)
        self.answered = True

    def put(self, order: Order) -> None:
        """Takes a changed order that is placed: the talk's own, or another of the same buyer."""
        if self.order is not None and order.id == self.order.id:
            self.order = order
        else:
            self.others.append(order)

    def remember(self, **changes: Any) -> None:
        self.session = replace(self.session, recent=replace(self.session.recent, **changes))

    def point_at(self, line: Line | None) -> None:
        if line is not None:
            self.remember(line=line.id)

    # -- handing out -------------------------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        """The decision as it is to be written."""
        voice = self.voice
        parts = self._said_parts(voice)
        choices: tuple[Choice, ...] = ()
        reprompt = ""
        expects = None
        asked, again = self.asked, self.again
        if self.question is not None:
            ear, eye = voice.say(self.question)
            parts.append((ear, eye))
            reprompt = voice.short(self.question) or (asked.short if asked is not None else "") or ear
            choices = tuple(Choice(voice.value(label, False), acts) for label, acts in self.question.choices)
            if asked is not None and asked.step is None:
                asked = replace(asked, words=(ear, eye), short=reprompt)
        elif again is not None:
            reprompt, choices = again.reprompt, again.choices
        elif asked is not None and asked is self.known.asked and self.known.last is not None:
            reprompt = self.known.last.reprompt
        if asked is not None:
            expects = asked.step or "choose"
            asked = replace(asked, device=self.turn.device) if asked.device != self.turn.device else asked
        if not parts:
            parts = [voice.say(Said("ready"))]
        if self.listening and not reprompt:
            reprompt = self._open_question(voice, parts)
        order = self.order
        if order is not None and order is not self.before and order.lines and order.stage == "open":
            self.views.append(
                basket_view(order, flow.bill(self.scene, order), self.session.language, self.shop, self.catalogue)
            )
        text = voice.join([eye for _ear, eye in parts])
        reply = Reply(
            speech=voice.join([ear for ear, _eye in parts]),
            text=text,
            reprompt=reprompt,
            views=tuple(self.views),
            choices=choices,
            expects=expects,
            listening=self.listening,
            language=self.session.language,
            whole=self._heard_whole(),
            pace=self.session.speed,
            volume=self.session.volume,
        )
        session = replace(self.session, asked=asked, last=reply)
        changed = order if order is not self.before else None
        return Outcome(
            session=session,
            order=changed,
            others=tuple(self.others),
            stock=tuple(self.stock),
            reply=reply,
            effects=tuple(self.effects),
            events=tuple(self.events),
            learned=tuple(self.learned),
        )

    def _said_parts(self, voice: Voice) -> list[tuple[str, str]]:
        """What is said, for the ear and for the eye. Changes that land one after the other are one sentence for the
        ear: "two large Cokes, delivery, six yuan, to twelve High Street"."""
        parts: list[tuple[str, str]] = []
        landed = False
        for said in self.said:
            ear, eye = voice.say(said)
            echo = any([one is said for one in self.echoes])
            if echo and landed:
                before, shown = parts.pop()
                ear, eye = voice.run_on(before, said), voice.join([shown, eye])
            parts.append((ear, eye))
            landed = echo
        return parts + [voice.say(one) for one in self.aside]

    def _heard_whole(self) -> bool:
        if self.whole or any([one.whole for one in self.said]):
            return True
        if self.again is not None:
            return self.again.whole
        return self.question is not None and self.question.whole

    def _open_question(self, voice: Voice, parts: list[tuple[str, str]]) -> str:
        """What is said into the silence after a reply without a question of its own."""
        live = self.payment.live
        if live is not None and not live.pays_later:
            return voice.say(Said("pay.wait"))[0]
        last = parts[-1][0]
        if last.endswith(("?", "？")):
            short = voice.short(self.said[-1]) if self.said else ""
            return short or re.split(r"(?<=[.!。！])\s*", last)[-1]
        return voice.say(Said("anything_else"))[0]

    def read_back(self, fingerprint: str, total: int, parts: dict[str, str]) -> None:
        self.whole = True
        self.session = replace(
            self.session,
            read_back=ReadBack(
                fingerprint, self.turn.id, self.turn.at, total, self.turn.device, parts, len(self.payment.attempts)
            ),
        )


def snapshot(order: Order) -> Snapshot:
    return Snapshot(order.lines, order.facts, order.discounts)
