"""What goes over the wire, the same for the API and the WebSocket: what a client says, and a reply as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from assistant.errors import OutdatedError, ReusedTurnError, UnfitTurnError
from assistant.turns import (
    ACTS,
    CONTROL,
    MOST_LETTERS,
    Act,
    House,
    Hypothesis,
    LineSaid,
    Message,
    OptionSaid,
    Reply,
    Turn,
)
from channels._depth import too_deep
from channels.http.guard import Refusal
from channels.screen import as_json

T = TypeVar("T")

Id = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        description="Unique in the talk; the same again, same reply.",
        extra_json_schema={"not": {"pattern": CONTROL}},
    ),
]
"""Without control characters, which the core refuses."""
Tag = Annotated[str, Meta(min_length=2, max_length=35, description="A language: en, zh, ko …")]
Number = Annotated[int, Meta(ge=-1, le=999, extra_json_schema={"not": {"const": 0}})]
Word = Annotated[str, Meta(max_length=200)]
Count = Annotated[int, Meta(ge=1, le=100_000)]
MOST_ACTS = 20
MOST_HISTORY = 1 << 19
"""Bytes of what was said, in one answer: half of what may wait for a reader of the WebSocket."""
Words = Annotated[str, Meta(extra_json_schema={"maxLength": MOST_LETTERS})]
OPEN_ACTS = frozenset(
    "add remove change ask_price ask_menu ask_stock ask_item recommend show_basket checkout buy_now choose_method"
    " choose_fulfilment give_coupon confirm deny cancel undo redo back repeat help person stop start_over"
    " order_status reorder change_language continue_elsewhere".split()
)
"""What a screen may ask for by a tap. All the rest is said or typed."""
WORDED = frozenset("choose_method choose_fulfilment give_coupon change_language".split())
"""Acts that are nothing without their word."""
assert OPEN_ACTS <= ACTS


class TappedOption(Struct, frozen=True, omit_defaults=True):
    """One option of a line. Choice null takes a chosen one off again."""

    option: Word
    choice: Word | None
    amount: Literal["no", "light", "normal", "extra", "double", "side"] | Count | None = None
    part: Literal["whole", "left", "right"] | None = None


class TappedLine(Struct, frozen=True, omit_defaults=True):
    """Goods, or a line of the basket: `which` is its place, counted from 1, or "all"."""

    item: Word | None = None
    quantity: Count | None = None
    options: Annotated[tuple[TappedOption, ...], Meta(max_length=50)] = ()
    which: Count | Literal["all"] | None = None
    of: Count | None = None

    def said(self) -> LineSaid:
        options = tuple(OptionSaid(one.option, one.choice, one.amount, one.part) for one in self.options)
        return LineSaid(self.item, self.quantity, options, self.which, self.of)


class Tapped(Struct, frozen=True, omit_defaults=True):
    """Something done by touching rather than by words."""

    act: Annotated[str, Meta(max_length=40, extra_json_schema={"enum": sorted(OPEN_ACTS)})]
    lines: Annotated[tuple[TappedLine, ...], Meta(max_length=50)] = ()
    items: Annotated[tuple[Word, ...], Meta(max_length=50)] = ()
    value: Word | UnsetType = UNSET
    """A method's, fulfilment's or language's id; a coupon's code; an order's number."""


Acts = Annotated[tuple[Tapped, ...], Meta(min_length=1, max_length=MOST_ACTS)]


class Said(Struct, frozen=True, omit_defaults=True):
    """One thing that a person says: words, one of the choices on offer, or acts."""

    id: Id
    text: Words | UnsetType = UNSET
    choice: Number | UnsetType = UNSET
    """The number of one of the reply's choices, counted from 1."""
    acts: Acts | UnsetType = UNSET
    label: Word | UnsetType = UNSET
    """With `choice` or `acts`: what stood on what was touched. It is kept as what the person said."""
    language: Tag | UnsetType = UNSET
    """Where the talk begins; afterwards it follows the person."""
    answers: Id | UnsetType = UNSET
    """The turn whose reply this answers. It is refused (409, outdated) once that isn't the talk's last reply."""


def decoded(decoder: msgspec.json.Decoder[T], raw: bytes) -> T:
    """A body in its form, or the Refusal that says what is wrong with it."""
    if too_deep(raw):
        raise Refusal(400, "too_deep", "the JSON is nested too deeply")
    try:
        try:
            return decoder.decode(raw)
        except msgspec.ValidationError:
            return msgspec.convert(_whole(msgspec.json.decode(raw)), decoder.type)
    except msgspec.ValidationError as error:
        raise Refusal(400, "wrong_form", str(error)) from None
    except (msgspec.DecodeError, RecursionError):
        raise Refusal(400, "no_json", "the body is no valid JSON") from None


def _whole(value: Any) -> Any:
    """2.0 is a whole number as well, in JSON."""
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def checked(said: Said) -> Said:
    """Refused where it says nothing, or several things at once."""
    if (said.text is not UNSET) + (said.choice is not UNSET) + (said.acts is not UNSET) != 1:
        raise Refusal(400, "wrong_form", "one of text, choice and acts is wanted")
    if said.text is not UNSET and len(said.text) > MOST_LETTERS:
        raise Refusal(
            413,
            "too_long",
            f"the text has {len(said.text)} letters and {MOST_LETTERS} are the most at once; send it in parts",
        )
    if said.choice == 0:
        raise Refusal(400, "wrong_form", "choices are counted from 1 - at `$.choice`")
    for one in said.acts if said.acts is not UNSET else ():
        if one.act not in OPEN_ACTS:
            raise Refusal(400, "wrong_form", f"there is no act {one.act[:40]!r} - at `$.acts`")
        if one.act in WORDED and not one.value:
            raise Refusal(400, "wrong_form", f"{one.act} needs a value - at `$.acts`")
    return said


@contextmanager
def once() -> Iterator[None]:
    """Around a turn: one that can't be taken as it comes is a Refusal."""
    try:
        yield
    except ReusedTurnError as error:
        raise Refusal(409, "reused_id", str(error)) from None
    except UnfitTurnError as error:
        raise Refusal(400, "wrong_id", str(error)) from None
    except OutdatedError as error:
        raise Refusal(409, "outdated", str(error)) from None


def turn_of(said: Said, house: House, session: str, name: str, can: frozenset[str], patience: float) -> Turn:
    acts: tuple[Act, ...] = ()
    if said.choice is not UNSET:
        acts = (Act("choose", number=said.choice),)
    elif said.acts is not UNSET:
        acts = tuple(
            Act(one.act, lines=tuple(line.said() for line in one.lines), items=one.items, value=one.value or None)
            for one in said.acts
        )
    words = (said.label or None) if acts else said.text
    return Turn(
        id=said.id,
        channel=name,
        shop=house.shop,
        session=session,
        at=house.now(),
        hypotheses=(Hypothesis(words),) if isinstance(words, str) else (),
        acts=acts,
        source="tapped" if acts else "typed",
        language=said.language if said.language is not UNSET and said.language in house.languages() else None,
        device=f"{name} {session}",
        answers=said.answers or None,
        patience=patience,
        can=can,
    )


def reply_json(turn: str | None, reply: Reply, order: Mapping[str, Any] | None) -> Raw:
    """The line of `chat --json`, with what only a channel that can keep a secret may have."""
    return Raw(
        as_json(
            turn,
            reply,
            order,
            language=reply.language,
            pending=reply.pending,
            private=[{"kind": one.kind, "value": one.value, "label": one.label} for one in reply.private],
        )[:-1]
    )


class Told(Struct, frozen=True):
    """One thing that was said in a talk."""

    at: dt.datetime
    turn: str
    channel: str
    who: str
    """person, assistant or staff."""
    name: str
    text: str
    reply: Raw | None


def history(messages: Sequence[Message]) -> list[Raw]:
    """The last of them, as many as fit."""
    fitting: list[Raw] = []
    left = MOST_HISTORY
    for one in reversed(messages):
        reply = reply_json(one.turn, one.reply, None) if one.reply is not None else None
        raw = encode(Told(one.at, one.turn, one.channel, one.who, one.name, one.text, reply))
        left -= len(raw)
        if left < 0 and fitting:
            break
        fitting.append(Raw(raw))
    return fitting[::-1]


encode = msgspec.json.Encoder().encode
