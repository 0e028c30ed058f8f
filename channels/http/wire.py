"""What goes over the wire, the same for the API and the WebSocket: what a client says, and a reply as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from assistant.turns import ACTS, Act, House, Hypothesis, LineSaid, Message, Reply, Turn
from channels.http.guard import Refusal, too_deep
from channels.screen import as_json

T = TypeVar("T")

Id = Annotated[str, Meta(min_length=1, max_length=100, description="Unique in the talk; the same again, same reply.")]
Tag = Annotated[str, Meta(min_length=2, max_length=35, description="A language: en, zh, ko …")]
Number = Annotated[int, Meta(ge=-1, le=999)]
Word = Annotated[str, Meta(max_length=200)]
MOST_ACTS = 20
OPEN_ACTS = frozenset(
    "add remove change ask_price ask_menu ask_stock ask_item recommend show_basket checkout buy_now choose_method"
    " choose_fulfilment give_coupon confirm deny cancel undo redo back repeat help person stop start_over"
    " order_status reorder change_language continue_elsewhere".split()
)
"""What a screen may ask for by a tap. All the rest is said or typed."""
WORDED = frozenset("choose_method choose_fulfilment give_coupon change_language".split())
"""Acts that are nothing without their word."""
assert OPEN_ACTS <= ACTS


class Tapped(Struct, frozen=True, omit_defaults=True):
    """Something done by touching rather than by words."""

    act: Annotated[str, Meta(max_length=40, extra_json_schema={"enum": sorted(OPEN_ACTS)})]
    lines: Annotated[tuple[LineSaid, ...], Meta(max_length=50)] = ()
    items: Annotated[tuple[Word, ...], Meta(max_length=50)] = ()
    value: Word | None = None
    """A method's, fulfilment's or language's id; a coupon's code; an order's number."""


class Said(Struct, frozen=True, omit_defaults=True):
    """One thing that a person says: words, one of the choices on offer, or acts."""

    id: Id
    text: str | None = None
    choice: Number | None = None
    """The number of one of the reply's choices, counted from 1."""
    acts: Annotated[tuple[Tapped, ...], Meta(min_length=1, max_length=MOST_ACTS)] | None = None
    label: Word | None = None
    """With `choice` or `acts`: what stood on what was touched. It is kept as what the person said."""
    language: Tag | None = None
    """Where the talk begins; afterwards it follows the person."""


def decoded(decoder: msgspec.json.Decoder[T], raw: bytes) -> T:
    """A body in its form, or the Refusal that says what is wrong with it."""
    if too_deep(raw):
        raise Refusal(400, "too_deep", "the JSON is nested too deeply")
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise Refusal(400, "wrong_form", str(error)) from None
    except (msgspec.DecodeError, RecursionError):
        raise Refusal(400, "no_json", "the body is no valid JSON") from None


def checked(said: Said) -> Said:
    """Refused where it says nothing, or several things at once."""
    if (said.text is not None) + (said.choice is not None) + (said.acts is not None) != 1:
        raise Refusal(400, "wrong_form", "one of text, choice and acts is wanted")
    if said.choice == 0:
        raise Refusal(400, "wrong_form", "choices are counted from 1 - at `$.choice`")
    for one in said.acts or ():
        if one.act not in OPEN_ACTS:
            raise Refusal(400, "wrong_form", f"there is no act {one.act[:40]!r} - at `$.acts`")
        if one.act in WORDED and not one.value:
            raise Refusal(400, "wrong_form", f"{one.act} needs a value - at `$.acts`")
    return said


def turn_of(said: Said, house: House, session: str, name: str, can: frozenset[str], patience: float) -> Turn:
    acts: tuple[Act, ...] = ()
    if said.choice is not None:
        acts = (Act("choose", number=said.choice),)
    elif said.acts is not None:
        acts = tuple(Act(one.act, lines=one.lines, items=one.items, value=one.value) for one in said.acts)
    words = said.label or None if acts else said.text
    return Turn(
        id=said.id,
        channel=name,
        shop=house.shop,
        session=session,
        at=house.now(),
        hypotheses=(Hypothesis(words),) if words is not None else (),
        acts=acts,
        source="tapped" if acts else "typed",
        language=said.language if said.language in house.languages() else None,
        device=f"{name} {session}",
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


def history(messages: Sequence[Message]) -> list[Told]:
    return [
        Told(
            one.at,
            one.turn,
            one.channel,
            one.who,
            one.name,
            one.text,
            reply_json(one.turn, one.reply, None) if one.reply is not None else None,
        )
        for one in messages
    ]


encode = msgspec.json.Encoder().encode
