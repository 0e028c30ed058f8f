"""What every step of the checkout promises: pure, total, asked only for what isn't known, and over once answered."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue, Item
from assistant.commerce.options import fill_options
from assistant.commerce.order import Line, Order, Party, When
from assistant.commerce.pricing import fingerprint
from assistant.commerce.shop import Shop, Term
from assistant.dialogue import flow
from assistant.dialogue.core import handle
from assistant.dialogue.say import voice_for
from assistant.dialogue.state import Asked, Scene, Session
from assistant.shops import demo_shops, load_shop
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import ACTS, Act, Meaning, Turn

from .parts import SHIPPED, called, check_words, fail, file_of, load, names

STEPS = names("step")
CASES = 250
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
KNOWN = {"address": "12 Harrow Lane", "name": "Ana Lovelace", "phone": "555 0134"}
"""Facts in words that no question may repeat."""


@cache
def shops() -> list[tuple[Shop, Catalogue]]:
    """The demo shops, and one with all that a shop may ask for."""
    found = [load_shop(name) for name in demo_shops()]
    shop, catalogue = found[0]
    term = Term(id="age", text=dict.fromkeys(SHIPPED, "You must be of age."), must_ack=True)
    return [*found, (replace(shop, terms={"age": term}, tips=(5, 10)), catalogue)]


def line(dice: random.Random, number: int, item: Item) -> Line:
    quantity = dice.choice((1, 1, 2, 7))
    tags = {tag: said[0] for tag, said in item.names.items() if said}
    room = Line(id=number, item=item.id, quantity=quantity, names=tags, unit_price=item.price)
    if item.adults:
        stay = When("2026-11-27", "2026-11-29")
        nights = (("2026-11-27", item.price), ("2026-11-28", item.price))
        booked = replace(room, when=stay, party=Party(2, 0), nights=nights, unit_price=2 * item.price)
        return dice.choice((room, booked))
    filled = fill_options(item, ())
    return replace(room, options=tuple(filled) if isinstance(filled, list | tuple) else ())


def cases(seed: str) -> Iterator[tuple[Scene, Order]]:
    """Shops, baskets and facts as a talk may have brought them about, at all hours."""
    dice = random.Random(seed)
    for _ in range(CASES):
        shop, catalogue = dice.choice(shops())
        items = dice.sample(sorted(catalogue.items), dice.choice((0, 1, 1, 2, 3)))
        facts: dict[str, Any] = {
            "basket": "done",
            "fulfilment": dice.choice([*shop.fulfilments, ""]),
            "address": {"text": KNOWN["address"]},
            "time": dice.choice(({"asap": True}, {"at": "2026-11-23T20:30+08:00"})),
            "contact": {key: KNOWN[key] for key in dice.choice((("name",), ("phone",), ("name", "phone")))},
            "method": dice.choice([*shop.methods, ""]),
        }
        kept = {key: one for key, one in facts.items() if one and dice.random() < 0.6}
        at = NOON + dt.timedelta(minutes=dice.randrange(10080))
        turn = Turn(id="t", channel="test", shop=shop.id, session="s", at=at)
        order = Order(
            id="o",
            shop=shop.id,
            trade=shop.trade,
            currency=shop.currency,
            lines=tuple(line(dice, n, catalogue.items[one]) for n, one in enumerate(items, 1)),
            facts=kept,
            session="s",
            created_at=at,
        )
        yield Scene(turn=turn, shop=shop, catalogue=catalogue), order


def acts(name: str, scene: Scene) -> list[Act]:
    """Good answers to any step, and what nobody can make sense of."""
    ways = [Act("choose_fulfilment", value=one) for one in scene.shop.fulfilments]
    methods = [Act("choose_method", value=one) for one in scene.shop.methods]
    contact = [{"name": "Bo"}, {"phone": "555 777 12"}, {"name": "Bo", "phone": "555 777 12"}]
    return [
        *(Act("answer", step=name, value=one) for one in ("hello", "10", "", None, 3, {"x": 1}, "x" * 5000)),
        *ways,
        *methods,
        *(Act("give_contact", value=one) for one in (contact[2], *contact, None, "Bo", {})),
        *(Act("give_address", value=one) for one in ("8 Low Road", "", None, {"text": 1})),
        *(Act("give_time", value=one) for one in ("asap", "18:30", "2026-11-24T18:30", "25:99", "", None, 7)),
        *(Act("give_dates", value=one) for one in ({"from": "2026-11-27", "nights": 2}, {"from": "x"}, None)),
        *(Act("give_guests", value=one) for one in ({"adults": 2}, {"adults": -1}, None)),
        *(Act(one) for one in sorted(ACTS)),
        Act("choose_method", value="shells"),
        Act("choose_fulfilment", value="by balloon"),
        Act("answer", step="some other step", value="hello"),
    ]


@pytest.mark.parametrize("name", STEPS)
def test_it_has_its_words(name: str) -> None:
    check_words(file_of("step", name), load("step", name).WORDS, ())


@pytest.mark.parametrize("name", STEPS)
def test_its_questions_can_be_asked_at_any_time(name: str) -> None:
    """`applies` and `done` are yes or no for every order, `ask` and `tell` are sentences it has words for."""
    step, file = load("step", name), file_of("step", name)
    if not isinstance(step, Step) or step.phase not in Phase:
        fail(file, "STEP is no Step with a phase of Phase")
    scene, order = next(cases(name))
    empty = [
        f"{what} {wanted}; it returns nothing"
        for what, wanted in (
            ("applies", "must say True or False"),
            ("done", "must say True or False"),
            ("ask", "must return what is asked, a Said"),
        )
        if silent(getattr(step, what), scene, order)
    ]
    if empty:
        fail(file, *empty)
    for scene, order in cases(name):
        for what in ("applies", "done"):
            answer = called(file, what, getattr(step, what), scene, order)
            if not isinstance(answer, bool):
                fail(file, f"{what} must say True or False; it returns {_shown(answer)}")
        if not step.applies(scene, order):
            continue
        if not step.done(scene, order):
            question = called(file, "ask", step.ask, scene, order)
            if not isinstance(question, Said):
                fail(file, f"ask returns {_shown(question)}; it must return what is asked, a Said")
            texts = [one for tag in SHIPPED for one in say(file, scene, question, tag)]
            known = {key: one for key, one in KNOWN.items() if one in str(order.facts)}
            again = [key for key, one in known.items() if any(one in text for text in texts)]
            if again and step.phase == Phase.DETAILS:
                fail(file, f"ask names what is known already: {', '.join(again)}")
        said = called(file, "tell", step.tell, scene, order)
        if said is not None and not isinstance(said, Said):
            fail(file, f"tell returns {_shown(said)}; it must return its part of the read-back, a Said, or None")
        if said is not None:
            for tag in SHIPPED:
                say(file, scene, said, tag)


@pytest.mark.parametrize("name", STEPS)
def test_it_reads_whatever_is_said(name: str) -> None:
    step, file, dice = load("step", name), file_of("step", name), random.Random(name)
    for scene, order in cases(name):
        for act in dice.sample(acts(name, scene), 25):
            read = called(file, f"read of {act.act} {act.value!r:.40}", step.read, scene, order, act)
            if read is None:
                continue
            if not isinstance(read, Read):
                fail(file, f"read of {act.act} returns {_shown(read)}; it must return a Read, or None")
            if step.read(scene, order, act) != read:
                fail(file, f"read of {act.act} is not pure: the same act makes another order the second time")
            for said in (*read.said, *([read.ask] if read.ask else [])):
                for tag in SHIPPED:
                    say(file, scene, said, tag)
            if read.order.consent is not None or read.order.stage != order.stage:
                fail(file, "read touches the consent or the stage of the order, which only the core may")
            if read.order.facts.get(name) != order.facts.get(name) and covered(scene, order) == covered(
                scene, read.order
            ):
                fail(file, f"what read writes under facts['{name}'] is not in what the buyer says yes to")


@pytest.mark.parametrize("name", STEPS)
def test_a_good_answer_settles_it(name: str) -> None:
    """One answer or two that the step reads, or that the core keeps for it (dates said before there is an order)."""
    step, file = load("step", name), file_of("step", name)
    if step.phase >= Phase.CONFIRM:
        return  # settled by the buyer's consent and by the payment alone
    for scene, order in cases(name):
        if not order.lines or not step.applies(scene, order) or step.done(scene, order):
            continue
        question = step.ask(scene, order)
        good = [*(one for _label, does in question.choices for one in does), *acts(name, scene)]
        read = [one.order for act in good if (one := step.read(scene, order, act)) and not one.refused]
        if any(step.done(scene, one) for one in read):
            continue
        firsts = [one for act in good if (one := told(scene, order, act, name)) != order]
        if not any(
            step.done(scene, told(scene, one, act, name)) for one in firsts[:40] for act in (Act("none"), *good)
        ):
            said = say(file, scene, question, "en")[1]
            fail(file, f"nothing that can be said is an answer to “{said}”: done stays False after every read")


def told(scene: Scene, order: Order, act: Act, asked: str) -> Order:
    """The order after the core was told this."""
    session = Session(id="s", shop=scene.shop.id, language="en", order=order.id, asked=Asked(step=asked))
    return handle(scene, session, order, Meaning(acts=(act,), language="en")).order or order


def covered(scene: Scene, order: Order) -> str:
    return fingerprint(order, flow.bill(scene, order))


def say(file: Path, scene: Scene, said: Said, tag: str) -> tuple[str, str]:
    """The sentence for the ear and for the eye, with nothing left to be filled in."""
    spoken: tuple[str, str] = called(
        file, f"“{said.key}” in {tag}", voice_for(tag, scene.shop, scene.catalogue).say, said
    )
    for text in spoken:
        if re.search(r"\{\w+\}", text):
            fail(file, f"“{said.key}” in {tag} is said with a gap: {text}")
    return spoken


def silent(function: Callable[..., object], scene: Scene, order: Order) -> bool:
    """Whether it returns nothing at all; one that raises for this order is looked at with the others."""
    try:
        return function(scene, order) is None
    except Exception:
        return False


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)[:60]
