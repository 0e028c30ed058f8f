"""What holds for the pure core in any talk over any shop: it is a function, it looks at nothing that it did not ask
for, what is undone can be done again, and anything at all may be said to it."""

from __future__ import annotations

import datetime as dt
from random import Random

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Order
from assistant.commerce.payment import Attempt, Payment
from assistant.commerce.pricing import totals
from assistant.commerce.shop import Limits, Shop
from assistant.commerce.stock import keys_of, on_hand
from assistant.dialogue.core import handle, needs, settle
from assistant.dialogue.state import Charge, OrderState, Outcome, PayBack, Scene, Session, StockKey
from assistant.turns import Act, Doubt, LineSaid, Meaning, OptionSaid, Turn
from tests.properties import truths
from tests.properties.fast import NOON
from tests.properties.shops import open_shop
from tests.properties.wordings import MADE, TAGS, wanted_now
from tests.properties.world import World

CHANCE = st.randoms(use_true_random=False)
CALM = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
TURNS = 14
NIGHTS = 14
PACKS = ({"pack": "", "size": 0}, {"pack": "box of six", "size": 0}, {"pack": "box of six", "size": 6})


class Talk:
    """One conversation with the core alone; payments succeed at once."""

    def __init__(self, chance: Random, shop: Shop, catalogue: Catalogue) -> None:
        self.shop, self.catalogue = shop, catalogue
        self.session = Session(id="s", shop=shop.id, language=chance.choice(TAGS))
        self.orders: dict[str, OrderState] = {}
        self.stock: dict[StockKey, int | None] = {}
        self.count = 0
        nights = [(NOON + dt.timedelta(days=n)).date().isoformat() for n in range(NIGHTS)]
        for item in catalogue.items.values():
            keys = [(item.id, night) for night in nights] if item.adults else keys_of(item)
            for key, there in on_hand(catalogue, keys).items():
                self.stock[key] = chance.choice((there, max(0, there - 1), 0))

    @property
    def order(self) -> Order | None:
        state = self.orders.get(self.session.order or "")
        return state.order if state else None

    def scene(self, whole: bool, meaning: Meaning) -> Scene:
        """What was asked for only, or all that there is."""
        wanted = needs(self.session, self.order, meaning, self.shop, self.catalogue)
        keys = self.stock if whole else wanted.stock
        past = tuple(one for one in reversed(self.orders.values()) if one.order.stage != "open")
        state = self.orders.get(self.session.order or "")
        return Scene(
            turn=Turn(id=f"t{self.count}", channel="c", shop=self.shop.id, session="s", at=NOON),
            shop=self.shop,
            catalogue=self.catalogue,
            stock={key: self.stock.get(key) for key in keys},
            payment=state.payment if state else Payment(),
            orders=past if whole or wanted.orders else (),
        )

    def decide(self, *acts: Act, ask: tuple[Doubt, ...] = (), whole: bool = False) -> Outcome:
        meaning = Meaning(acts=acts, ask=ask, language=self.session.language)
        return handle(self.scene(whole, meaning), self.session, self.order, meaning)

    def say(self, *acts: Act, ask: tuple[Doubt, ...] = ()) -> Outcome:
        outcome = self.decide(*acts, ask=ask)
        self.count += 1
        self.keep(outcome)
        for name, effect in outcome.effects:
            if isinstance(effect, Charge):
                self.pay(name, effect.method)
            elif isinstance(effect, PayBack):
                assert effect.amount <= self.orders[name].payment.refundable
        return outcome

    def keep(self, outcome: Outcome) -> None:
        self.session = outcome.session
        for order in (outcome.order, *outcome.others):
            if order is not None:
                known = self.orders.get(order.id)
                self.orders[order.id] = OrderState(order, known.payment if known else Payment())

    def pay(self, name: str, method: str) -> None:
        order = self.orders[name].order
        assert order.consent is not None
        attempt = Attempt(
            id=f"{name}-{self.count}",
            order=name,
            shop=self.shop.id,
            method=method,
            provider="sandbox",
            amount=order.consent.total,
            currency=order.currency,
            fingerprint=order.consent.fingerprint,
            consent_turn=f"s/{order.consent.turn}",
            request=b"",
            state="paid",
            created_at=NOON,
            expires_at=NOON,
        )
        payment = Payment((*self.orders[name].payment.attempts, attempt))
        self.orders[name] = OrderState(order, payment)
        scene = replace(self.scene(True, Meaning()), payment=payment, number=f"A{self.count}")
        self.keep(settle(scene, self.session, order, attempt))
        assert self.orders[name].order.stage == "placed"

    def numbers(self) -> tuple[str, ...]:
        return tuple(one.order.number for one in self.orders.values() if one.order.number)

    def anything(self, chance: Random) -> tuple[Act, ...]:
        """Whatever comes to mind, or what leads on."""
        if chance.random() < 0.5:
            return (MADE[chance.choice(sorted(MADE))](chance, self.shop, self.catalogue, self.numbers()),)
        asked, order = self.session.asked, self.order
        some = order is not None and order.stage == "open" and bool(order.lines)
        return wanted_now(chance, (asked.step or "choose") if asked else None, self.shop, self.catalogue, some)


def some_line(chance: Random, catalogue: Catalogue) -> LineSaid:
    item = chance.choice(list(catalogue.items.values()))
    options = item.all_options()
    option = chance.choice(options) if options and chance.random() < 0.4 else None
    chosen = (OptionSaid(option.id, chance.choice(option.choices).id),) if option else ()
    return LineSaid(item.id, chance.choice((None, 1, 2, 3)), chosen, chance.choice((None, None, 1, -1, "all")))


def in_doubt(chance: Random, catalogue: Catalogue) -> Doubt:
    """What one may have meant: which goods, in the place of which, as well or instead, how many packs."""

    def line() -> LineSaid:
        return some_line(chance, catalogue)

    one, some = line(), range(chance.randint(1, 3))
    return chance.choice(
        (
            Doubt("x", (Act("change", (one,), instead_of=(line(),)), Act("add", (one,)))),
            Doubt("x", tuple(Act("change", (one,), instead_of=(line(),)) for _ in some)),
            Doubt("x", (Act("add", (one,), value=chance.choice(PACKS)),), "pack"),
            Doubt("x", tuple(Act(chance.choice(("add", "remove", "change")), (line(),)) for _ in some)),
            Doubt("x", ()),
        )
    )


@settings(CALM, max_examples=70)
@given(CHANCE)
def test_what_was_in_doubt_is_asked_about_whatever_became_of_the_basket_and_the_goods(chance: Random) -> None:
    talk = Talk(chance, *open_shop(chance))
    everything = talk.catalogue
    for turn in range(TURNS):
        if chance.random() < 0.1:
            gone = chance.choice(sorted(everything.items))
            kept = {name: one for name, one in everything.items.items() if name != gone}
            talk.catalogue = replace(everything, items=kept, version=str(turn))
        doubts = tuple(in_doubt(chance, talk.catalogue) for _ in range(chance.choice((0, 0, 1, 2))))
        outcome = talk.say(*(talk.anything(chance) if chance.random() < 0.8 else ()), ask=doubts)
        assert list(truths.broken_by_a_reply(outcome.reply)) == []


@CALM
@given(CHANCE)
def test_the_same_again_is_the_same_and_nothing_is_looked_at_that_was_not_asked_for(chance: Random) -> None:
    talk = Talk(chance, *open_shop(chance))
    for _ in range(TURNS):
        acts = talk.anything(chance)
        first = talk.decide(*acts)
        assert talk.decide(*acts) == first
        assert talk.decide(*acts, whole=True) == first
        talk.say(*acts)


@CALM
@given(CHANCE)
def test_what_is_undone_can_be_done_again(chance: Random) -> None:
    talk = Talk(chance, *open_shop(chance))
    met: list[object] = []
    for _ in range(TURNS):
        before, past = talk.order, talk.session.past
        talk.say(*talk.anything(chance))
        order = talk.order
        if order is None or order.stage != "open" or (before is not None and before.id != order.id):
            met = []
        elif before is not None and talk.session.past[:-1] == past and not talk.session.future:
            met.append(content(before))
        elif talk.session.past != past or before is None or content(before) != content(order):
            met = []
    order = talk.order
    if order is None or order.stage != "open" or talk.session.future:
        return
    there, back = content(order), met[-len(talk.session.past) :] if talk.session.past else []
    for known in reversed(back):
        talk.say(Act("undo"))
        assert talk.order is not None and content(talk.order) == known
    for known in [*back[1:], there] if back else []:
        talk.say(Act("redo"))
        assert talk.order is not None and content(talk.order) == known


def content(order: Order) -> object:
    """The goods of an order and its coupons."""
    return [(one.id, one.item, one.quantity, one.options, one.when, one.party) for one in order.lines], order.discounts


@CALM
@given(CHANCE)
def test_the_order_in_which_things_are_asked_for_changes_no_price(chance: Random) -> None:
    shop, catalogue = open_shop(chance)
    shop = replace(shop, limits=Limits())
    roomy = {name: replace(one, stock=None, unusual=99, most=99) for name, one in catalogue.items.items()}
    catalogue = replace(catalogue, items=roomy)
    lines = [LineSaid(name, chance.randint(1, 3)) for name in sorted(roomy) if not roomy[name].adults]
    paid = set()
    for _ in range(3):
        chance.shuffle(lines)
        talk = Talk(chance, shop, catalogue)
        for one in lines:
            talk.say(Act("add", (one,)))
        order = talk.order
        assert not lines or order is not None
        if order is not None:
            bill = totals(order, shop, catalogue, at=NOON)
            paid.add((bill.total, bill.discount, bill.tax))
    assert len(paid) == min(1, len(lines))


@settings(CALM, max_examples=10)
@given(CHANCE, st.lists(st.text(st.characters(exclude_categories=())), min_size=5, max_size=12))
def test_anything_may_be_said(chance: Random, texts: list[str]) -> None:
    world = World(*open_shop(chance), on_disk=chance.random() < 0.5)
    try:
        for text in (*texts, "".join(texts) * 20_000, "\ud83d", "\x00\x1b[2J", "9" * 20_000):
            turn = world.turn("a", text=text[:1_000_000], source=chance.choice(("typed", "speech")))
            reply = world.loop.run(world.take(turn))
            assert list(truths.broken_by_a_reply(reply)) == []
            assert len(msgspec.json.encode(reply)) < 100_000
        assert world.loop.run(truths.broken(world)) == []
    finally:
        world.close()
