"""Reads and runs the talks in `conversations/`: what is said, what is answered, and what then stands in the store.

A talk is a text file that a merchant can read and write:

    # A declined card, then cash                      the title
    shop: burger-bar   language: en   sandbox: decline, approve   now: 2026-11-23T18:00
    > two large cheeseburgers                         said
    < *two large cheeseburgers* | anything else       the answer has each of these parts (* stands for anything)
    << two large cheeseburgers                        the same of the spoken form
    ! sorry                                           none of these parts is in the answer
    = stage open   charges 0   total 94               rows in the store; money in whole units
    = lines: 2 cheeseburger size=large
    @ restart                                         done by somebody else than the buyer (see COMMANDS)

`{code}` in what is said is the code that was given last, in whichever session of the talk.

An answer after `@` is what was pushed to the buyer. Other head entries: `patience` (seconds that the channel waits),
`needs` (abilities: through a channel that lacks one the talk ends where it is needed, with the offer to go on elsewhere
and the same basket). What is written (`<`) is looked at where the channel shows it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import os
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from assistant.app import Assistant
from assistant.commerce import ledger
from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Line, Order
from assistant.commerce.payment import LIVE, Payment
from assistant.commerce.shop import Shop
from assistant.payments import sandbox
from assistant.shops import load_shop
from assistant.storage.sqlite import FILE, SqliteStore
from models import languages

from .drivers import Answer, Driver, known_as

SHOPS = Path(__file__).parent / "conversations" / "shops"
"""Shops for what the demo shops can't show."""
HEAD = frozenset({"shop", "language", "sandbox", "now", "patience", "needs"})
MARKS = ("<<", ">", "<", "!", "=", "@")
FOR_THE_EYE = re.compile(r"[^\w\s.,;:!?'’\-、。，？！；：]|[\d_]|\w\.\w")
"""What nobody should hear: digits, signs, brackets, addresses of the web."""
EVERYTHING = ("screen", "links", "push", "private", "audio")
ELSEWHERE = re.compile(r"phone|elsewhere|show a code|手机|别处|没法显示|휴대폰|다른 곳|보여 드릴 수 없")
"""How it is offered to go on with a device that can more."""
SPOKEN_DIGITS = (
    "oh one two three four five six seven eight nine".split(),
    *map(list, ("零幺二三四五六七八九", "공일이삼사오육칠팔구")),
)
CODE = re.compile(r"(?<![\d.])\d{6}(?!\d)")
MANY = 6
"""Sentences of a reply that may be cut short."""
FEW = 60
"""Characters of a question that is asked again."""
PATIENCE = 30.0
"""Seconds until something that must happen has not happened."""


# -- reading -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """One line of a talk."""

    number: int
    mark: str
    text: str


@dataclass(frozen=True)
class Talk:
    path: Path
    title: str
    head: Mapping[str, str]
    moves: tuple[Move, ...]

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.head["now"])


def read_talk(path: Path) -> Talk:
    """A talk from its file. ValueError names the line that can't be read."""
    title = ""
    head: dict[str, str] = {}
    moves: list[Move] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or (line.startswith("#") and title):
            continue
        mark = next((one for one in MARKS if line.startswith(one)), "")
        if line.startswith("#"):
            title = line.lstrip("# ")
        elif mark:
            moves.append(Move(number, mark, line[len(mark) :].strip()))
        elif not moves and (found := dict(re.findall(r"(\w+):\s*(.*?)(?:\s{2,}|$)", line))) and HEAD.issuperset(found):
            head |= found
        else:
            raise ValueError(f"{path.name}:{number}: can't be read: {line!r}")
    if missing := {"shop", "language", "now"} - head.keys():
        raise ValueError(f"{path.name}: the head names no {', '.join(sorted(missing))}")
    if not title or not any(one.mark == "=" for one in moves) or not any(one.mark in ("<", "<<") for one in moves):
        raise ValueError(f"{path.name}: a talk has a title, answers and rows")
    return Talk(path, title, head, tuple(moves))


# -- the world of a talk -----------------------------------------------------------------------------------------


class Times:
    """The shop's clock, which goes five seconds a turn, and the real one; both can be put forward."""

    def __init__(self, start: dt.datetime, zone: dt.tzinfo) -> None:
        self.at = start.replace(tzinfo=zone) if start.tzinfo is None else start
        self.ahead = dt.timedelta()

    def shop(self) -> dt.datetime:
        return self.at

    def real(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead

    def on(self, step: dt.timedelta) -> None:
        self.at += step
        self.ahead += step


@dataclass
class World:
    """A shop open over a data folder, and the channel that a talk goes through."""

    talk: Talk
    data: Path
    driver: Driver
    shop: Shop = field(init=False)
    catalogue: Catalogue = field(init=False)
    times: Times = field(init=False)
    house: Assistant = field(init=False)
    store: SqliteStore = field(init=False)
    session: str = "first"
    answer: Answer | None = None
    lines: list[str] = field(default_factory=list)
    """What was in the basket before the last thing was said."""
    code: str = ""
    acted: bool = False
    """The last move was somebody else's: an answer that is looked at now is one that was pushed."""
    sums: dict[str, dict[str, int]] = field(default_factory=dict)

    async def __aenter__(self) -> World:
        head = self.talk.head
        ours = SHOPS / head["shop"]
        shop, self.catalogue = load_shop(ours if ours.is_dir() else head["shop"])
        if script := [one.strip() for one in head.get("sandbox", "").split(",") if one.strip()]:
            shop = replace(shop, providers={**shop.providers, "sandbox": {"script": script}})
        self.shop, self.times = shop, Times(self.talk.now, shop.zone)
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
        os.environ.pop("VOICETILL_SANDBOX", None)

    async def open(self) -> None:
        self.store = SqliteStore.open(self.data, real_clock=self.times.real)
        self.house = await Assistant.open(
            self.shop,
            self.catalogue,
            store=self.store,
            data=self.data,
            languages=self.shop.languages,
            clock=self.times.shop,
            real_clock=self.times.real,
        )
        patience = float(self.talk.head.get("patience", 20))
        await self.driver.open(self.house, self.talk.head["language"], patience)

    async def close(self) -> None:
        await self.driver.close()
        await self.house.close()
        await self.store.close()

    @property
    def talk_id(self) -> str:
        """The session as the core knows it."""
        return known_as(self.driver, self.session)

    async def order(self, name: str = "") -> tuple[Order, Payment]:
        """The session's order, or the one with this number."""
        if name:
            state = await self.store.order_by_number(self.shop.id, name)
            assert state is not None, f"there is no order {name}"
            return state.order, state.payment
        _session, order, payment = await self.store.state(self.shop.id, self.talk_id)
        assert order is not None, "there is no order yet"
        return order, payment


# -- running -----------------------------------------------------------------------------------------------------


async def run_talk(talk: Talk, driver: Driver, data: Path) -> None:
    """Hold the talk through this channel. AssertionError tells the line that didn't come true."""
    lacks = set(talk.head.get("needs", "").split()) - getattr(driver, "can", frozenset(EVERYTHING))
    async with World(talk, data, driver) as world:
        for move in talk.moves:
            try:
                with _no_errors():
                    if lacks and move.mark == ">":
                        world.lines = await _basket(world)
                    await _do(world, move)
            except AssertionError as error:
                if lacks and move.mark in ("<", "<<") and await _goes_elsewhere(world):
                    lacks.clear()
                    break
                raise _failed(world, move, error) from error
            except (TimeoutError, ValueError, LookupError) as error:
                raise _failed(world, move, error) from error
        unseen = world.answer is not None and not world.answer.text and await _goes_elsewhere(world)
        assert not lacks or unseen, f"{talk.path.name}: it came to its end without {', '.join(sorted(lacks))}"
        await _always(world)
    _no_card_numbers(talk, data)


def _failed(world: World, move: Move, error: Exception) -> AssertionError:
    said = (world.answer.text or world.answer.speech) if world.answer else "(nothing yet)"
    return AssertionError(
        f"{world.talk.path.name}:{move.number}: {move.mark} {move.text}\n"
        f"{type(error).__name__}: {error}\nthe last answer: {said}"
    )


async def _basket(world: World) -> list[str]:
    _session, order, _payment = await world.store.state(world.shop.id, world.talk_id)
    return [" ".join(_words(one)) for one in order.lines] if order is not None else []


async def _goes_elsewhere(world: World) -> bool:
    """Whether the last answer offers to go on elsewhere, and the basket is as it was."""
    said = world.answer.speech if world.answer else ""
    return bool(ELSEWHERE.search(said)) and await _basket(world) == world.lines


def _code(answer: Answer) -> str:
    """The six digits that an answer shows, or else says."""
    if answer.text:
        return next(iter(CODE.findall(answer.text)[-1:]), "")
    said = re.sub(r"[\s,，]", "", answer.speech.casefold())
    for digits in SPOKEN_DIGITS:
        if found := re.findall(f"(?:{'|'.join(digits)}){{6}}", said):
            return "".join(str(digits.index(one)) for one in re.findall("|".join(digits), found[-1]))
    return ""


@contextlib.contextmanager
def _no_errors() -> Iterator[None]:
    """Nothing that the assistant notes as an error may happen in a talk, however kindly the buyer is told."""
    noted = Noted()
    logging.getLogger("assistant").addHandler(noted)
    try:
        yield
    finally:
        logging.getLogger("assistant").removeHandler(noted)
    assert not noted.records, "; ".join(noted.records)


class Noted(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        why = record.exc_info[1] if record.exc_info else None
        self.records.append(record.getMessage() + (f" ({type(why).__name__}: {why})" if why else ""))


async def _do(world: World, move: Move) -> None:
    match move.mark:
        case ">":
            world.times.on(dt.timedelta(seconds=5))
            said = move.text.replace("{code}", world.code)
            world.answer, world.acted = await world.driver.say(world.session, said), False
            _decent(world.answer)
            world.code = _code(world.answer) or world.code
        case "@":
            name, _, rest = move.text.partition(" ")
            await COMMANDS[name](world, rest.strip())
        case "=":
            await _rows(world, move.text)
        case _:
            if world.acted:
                world.answer, world.acted = await asyncio.wait_for(world.driver.news(world.session), PATIENCE), False
                _decent(world.answer)
            assert world.answer is not None, "nothing was said yet"
            said = world.answer.speech if move.mark == "<<" else world.answer.text
            if not said and move.mark != "<<":
                return  # the channel shows nothing: what is heard and the rows count
            for part in filter(None, (one.strip() for one in move.text.split("|"))):
                found = matches(part, said)
                assert found != (move.mark == "!"), f"{'this was' if found else 'nothing like this was'} said: {part!r}"


def matches(part: str, said: str) -> bool:
    """Whether the part occurs: capitals and spaces don't matter, `*` stands for anything."""
    pattern = ".*".join(re.escape(" ".join(one.split())) for one in part.split("*"))
    return re.search(pattern, " ".join(said.split()), re.IGNORECASE) is not None


def _decent(answer: Answer) -> None:
    """What holds for every answer."""
    assert answer.speech.strip(), "an answer was empty"
    for said in (answer.speech, answer.text):
        assert not re.search(r"\{\w*\}|\bNone\b|Traceback|<bound|\w+\.\w+\(", said), f"not for people: {said!r}"
    assert len(re.findall(r"[?？]", answer.speech)) <= 1, f"several questions at a time: {answer.speech!r}"
    assert not re.search(r"[?？](?!$)", answer.speech), f"the question is not last: {answer.speech!r}"
    assert not FOR_THE_EYE.search(answer.speech), f"a voice would read this wrongly: {answer.speech!r}"
    if not answer.whole:
        assert len(re.findall(r"[.!?。！？](?= |$|[^\x00-\x7f])", answer.speech)) <= MANY, (
            f"too long: {answer.speech!r}"
        )
    if answer.listening:
        assert FEW >= len(answer.reprompt) > 0, f"what is asked into a silence is short: {answer.reprompt!r}"
        assert not FOR_THE_EYE.search(answer.reprompt), f"a voice would read this wrongly: {answer.reprompt!r}"
    # A label may have its price in brackets, which the sentence says elsewhere.
    shown = [one for one in answer.choices if re.split(r" ?[(（]", one)[0].casefold() in answer.text.casefold()]
    assert shown or not answer.choices, f"no choice is named: {answer.choices}"


# -- what others than the buyer do -------------------------------------------------------------------------------


async def _restart(world: World, _: str) -> None:
    await world.close()
    await world.open()


async def _sandbox(world: World, behaviour: str) -> None:
    os.environ["VOICETILL_SANDBOX"] = behaviour


async def _decide(world: World, how: Callable[[Path, str], object]) -> None:
    waiting = [one for one in sandbox.charges(world.data) if one.state == "waiting"]
    assert waiting, "no payment waits for its buyer"
    how(world.data, waiting[-1].attempt)
    await _settle(world, "")


async def _approve(world: World, _: str) -> None:
    await _decide(world, sandbox.approve)


async def _decline(world: World, _: str) -> None:
    await _decide(world, sandbox.decline)


async def _settle(world: World, _: str) -> None:
    """Until no payment or refund is under way."""

    async def settled() -> bool:
        states = await world.store.orders(world.shop.id, limit=100)
        return not any(
            (one.payment.live and not one.payment.live.pays_later) or one.payment.refunding for one in states
        )

    await _until(settled)
    world.acted = True


async def _until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await true():
            await asyncio.sleep(0.02)


async def _advance(world: World, name: str) -> None:
    order, _payment = await world.order(name)
    await world.house.office.advance(order.id)


async def _merchant(world: World, what: str) -> None:
    """`cancels [NUMBER]`, or `refunds 12.50 [NUMBER]`"""
    verb, *rest = what.split()
    name = next((one for one in rest if re.fullmatch(r"[A-Z]\d+", one)), "")
    order, _payment = await world.order(name)
    if verb == "cancels":
        await world.house.office.cancel(order.id)
    elif verb == "refunds":
        await world.house.office.refund(order.id, amount=_minor(rest[0]))
    else:
        raise ValueError(f"a merchant can't do that here: {what!r}")


async def _session(world: World, name: str) -> None:
    world.session, world.answer = name, None


async def _clock(world: World, step: str) -> None:
    number, unit = re.fullmatch(r"\+(\d+)([smhd])", step).groups()  # type: ignore[union-attr]
    names = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    world.times.on(dt.timedelta(**{names[unit]: int(number)}))
    await world.house.recover()


async def _price(world: World, what: str) -> None:
    """`ITEM PRICE`: the merchant writes a new price into the catalogue and opens again."""
    item, price = what.split()
    items = {**world.catalogue.items, item: replace(world.catalogue.items[item], price=_minor(price))}
    world.catalogue = replace(world.catalogue, items=items, version=f"{world.catalogue.version}+")
    await _restart(world, "")


async def _again(world: World, _: str) -> None:
    """The last thing said comes once more under the same turn id, where the channel can do that."""
    world.answer = await world.driver.again(world.session) or world.answer


async def _types(world: World, what: str) -> None:
    """`1000000 x`: so many of it; `bytes 00 ff`: these bytes."""
    first, *rest = what.split()
    raw = bytes.fromhex("".join(rest)) if first == "bytes" else rest[0].encode() * int(first)
    world.answer, world.acted = await world.driver.say(world.session, raw), False
    _decent(world.answer)


COMMANDS: Mapping[str, Callable[[World, str], Awaitable[None]]] = {
    "restart": _restart,
    "sandbox": _sandbox,
    "approve": _approve,
    "decline": _decline,
    "settle": _settle,
    "advance": _advance,
    "merchant": _merchant,
    "session": _session,
    "clock": _clock,
    "price": _price,
    "again": _again,
    "types": _types,
}


# -- rows --------------------------------------------------------------------------------------------------------

MONEY = frozenset({"net", "total", "subtotal", "discount", "delivery", "fee", "tax"})


async def _rows(world: World, text: str) -> None:
    name, colon, rest = text.partition(": ")
    if colon and re.fullmatch(r"[A-Z]\d+", name):
        await _rows_of(world, rest, name)
    else:
        await _rows_of(world, text, "")


async def _rows_of(world: World, text: str, name: str) -> None:
    if text.startswith("lines"):
        order, _payment = await world.order(name)
        _same_lines(order, text.removeprefix("lines").lstrip(": "), world.catalogue)
        return
    for clause in re.split(r"\s{2,}", text):
        key, _, wanted = clause.partition(" ")
        if key == "stock":
            sku, left = wanted.split()
            item, _, bucket = sku.partition("@")
            free = (await world.store.free(world.shop.id, [(item, bucket)], None))[item, bucket]
            # What nobody has asked for yet has no row: it is all there.
            there = world.catalogue.items[item].stock if free is None else free
            assert str(there) == left, f"stock {sku}: {there} left"
        elif key == "event":
            kind, count = wanted.split()
            found = [one.kind for one in await world.store.events(session=world.talk_id)]
            assert found.count(kind) == int(count), (
                f"event {kind} came {found.count(kind)} times, of {sorted(set(found))}"
            )
        elif key == "orders":
            states = await world.store.orders(world.shop.id, stages=("placed",), limit=100)
            assert len(states) == int(wanted), f"{len(states)} orders are placed"
        elif key == "language":
            session = await world.store.session(world.shop.id, world.talk_id)
            assert session is not None and session.language == wanted, f"language {session and session.language}"
        else:
            order, payment = await world.order(name)
            _same_fact(await _fact(world, order, payment, key), key, wanted)


async def _fact(world: World, order: Order, payment: Payment, key: str) -> Any:
    facts = order.facts
    if key in MONEY - {"net"}:
        shown = (await world.house.office.show(order.id))["totals"]
        return shown["fulfilment" if key == "delivery" else key]
    match key:
        case "stage" | "number":
            return getattr(order, key)
        case "payment":
            return payment.status
        case "charges" | "net":
            return getattr(payment, key)
        case "attempts":
            return len(payment.attempts)
        case "refunds":
            return sum(one.state == "done" for one in payment.refunds)
        case "consent":
            return "yes" if order.consent else "no"
        case "coupons":
            return ", ".join(order.discounts) or "none"
        case "discounts":
            shown = await world.house.office.show(order.id)
            return ", ".join(shown["facts"].get("discounts", {})) or "none"
        case "address":
            return facts.get("address", {}).get("text")
        case "name" | "phone":
            return facts.get("contact", {}).get(key)
        case "time":
            told = facts.get("time") or {}
            return "asap" if told.get("asap") else (told.get("at") or "none")[:16]
        case "expected":
            return world.shop.local(order.expected_at).strftime("%Y-%m-%dT%H:%M") if order.expected_at else "none"
        case "method" | "fulfilment" | "note":
            return facts.get(key)
    raise ValueError(f"there is no row {key!r}")


def _same_fact(found: Any, key: str, wanted: str) -> None:
    if key in MONEY:
        assert found == _minor(wanted), f"{key} is {Decimal(found).scaleb(-2)}"
    elif key == "phone":
        assert _digits(str(found)) == _digits(wanted), f"{key} is {found}"
    elif isinstance(found, str) or found is None:
        assert (found or "none").casefold() == wanted.casefold(), f"{key} is {found}"
    else:
        assert str(found) == wanted, f"{key} is {found}"


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())


def _minor(text: str) -> int:
    try:
        return int(Decimal(text).scaleb(2))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount of money") from None


def _same_lines(order: Order, text: str, catalogue: Catalogue) -> None:
    """`2 coke size=large; 1 cheeseburger onion:no +bacon mushroom@left; 1 lake_king 2026-11-24..2026-11-26 2+1`

    An option at its default need not be named."""
    wanted = [] if text == "none" else [one.split() for one in text.split(";")]
    found = [(_words(one), _defaults(one, catalogue)) for one in order.lines]
    shown = "; ".join(" ".join(words) for words, _ in found) or "none"
    assert len(found) == len(wanted), f"lines are {shown}"
    for (words, defaults), want in zip(found, wanted, strict=True):
        assert words[:2] == want[:2], f"lines are {shown}"
        named = set(want[2:])
        assert set(words[2:]) - defaults <= named <= set(words[2:]), f"lines are {shown}"


ADDED = frozenset({"extras", "sauces", "toppings", "dips", "topping", "child_bed"})
"""Options of the demo shops that are added to an item rather than chosen for it."""


def _words(line: Line) -> list[str]:
    words = [str(line.quantity), line.item]
    for one in line.options:
        name = f"{one.choice}@{one.part}" if one.part in ("left", "right") else one.choice
        if one.amount not in (None, "normal"):
            words.append(f"{name}:{one.amount}")
        elif one.amount or one.option in ADDED:
            words.append(f"+{name}")
        else:
            words.append(f"{one.option}={name}")
    if line.when:
        words.append(f"{line.when.start}..{line.when.end}")
    if line.party:
        words.append(f"{line.party.adults}+{line.party.children}")
    return words


def _defaults(line: Line, catalogue: Catalogue) -> set[str]:
    """Words for options that are as they come."""

    item = catalogue.items.get(line.item)
    return {f"{one.id}={one.default}" for one in item.all_options()} if item else set()


# -- what always holds -------------------------------------------------------------------------------------------


async def _always(world: World) -> None:
    """Ledger balanced, one charge a consent at most, and the far end's books say what ours say."""
    entries = await world.store.entries()
    assert ledger.unbalanced(entries) == [], "the ledger is not balanced"
    charged = sandbox.charges(world.data)
    for state in await world.store.orders(world.shop.id, limit=1000):
        payment = state.payment
        assert ledger.mismatches(payment, await world.store.entries(state.order.id)) == []
        consents = [one.consent_turn for one in payment.attempts]
        assert len(consents) == len(set(consents)), f"a consent was charged twice: {consents}"
        assert sum(one.state in LIVE for one in payment.attempts) <= 1, "two payments are under way for one order"
        assert payment.net >= 0, "more was paid back than was paid"
        if payment.live is None or payment.live.pays_later:
            net = sum(one.net for one in charged if one.order == state.order.id)
            assert net == payment.net - payment.refunding, f"the sandbox took {net}, the ledger says {payment.net}"


CARD = re.compile(r"(?<![\w.-])[3-6](?:[ -]?\d){12,18}(?![\w.-])")


def _no_card_numbers(talk: Talk, data: Path) -> None:
    """Nothing like a card number lies in the store, in any table or in the bytes of its files."""
    with contextlib.closing(sqlite3.connect(data / FILE)) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{table}"'):
                for cell in row:
                    text = cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
                    assert not CARD.search(text), f"{table} holds what looks like a card number"
    said = {_digits(one) for move in talk.moves if move.mark == ">" for one in CARD.findall(move.text)}
    for path in (one for one in data.rglob("*") if one.is_file()):
        raw = path.read_bytes()
        for digits in said:
            assert digits.encode() not in raw, f"{path.name} holds the card number that was typed"


def available(talk: Talk) -> bool:
    """Whether the talk's language is installed."""
    return talk.head["language"] in languages.available()
