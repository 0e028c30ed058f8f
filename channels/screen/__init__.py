"""What channels at a terminal have in common: the turns they send, how a reply looks as text or as a line of JSON, and
whose seat it is."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import io
import os
import secrets
import sys
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec

from assistant.errors import SetupError
from assistant.turns import Channel, House, Hypothesis, Private, Reply, Source, Turn
from models import languages

LONGEST = 1 << 16
"""Bytes of one line that count: hundreds of times what anybody says in one breath. What a longer line has beyond is
thrown away, so that memory and time stay bounded."""


WAIT = 15.0
"""Seconds that start and end wait for what is under way."""
MOMENT = 0.5
"""Seconds of it after which that is said."""


def language_of(house: House, options: Mapping[str, Any]) -> str:
    """The language that a talk is to begin in; "" where none is named. SetupError where there is no such."""
    language = str(options.get("language") or "")
    if language and language not in house.languages():
        raise SetupError(f"there is no language '{language}'; there are: {', '.join(house.languages())}")
    return language


def session_of(options: Mapping[str, Any]) -> str:
    """The session that is named, or a new one."""
    named = options.get("session")
    session = new_session() if named is None else str(named)
    if not 0 < len(session) <= 200 or not session.isprintable():
        raise SetupError("a session id is up to 200 printable characters; take the one that an earlier talk named")
    return session


SWITCHED = {**dict.fromkeys(("true", "yes", "on", "1"), True), **dict.fromkeys(("false", "no", "off", "0", ""), False)}
"""How an option that is on or off may be written."""


def switched_on(options: Mapping[str, Any], key: str) -> bool:
    """An option that is on or off; off where nothing is said of it. SetupError where neither is said."""
    given = options.get(key)
    on = SWITCHED.get("" if given is None else str(given).strip().lower())
    if on is None:
        raise SetupError(f"{key} '{given}': true or false is wanted")
    return on


def told(language: str, name: str, ours: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """A channel's own few words in a language; a language file's `[say.<name>]` wins."""
    here = ours.get(language) or ours.get(language.split("-")[0]) or {}
    table = languages.load(language).tables.get("say", {}) if language in languages.available() else {}
    return {**next(iter(ours.values())), **here, **table.get(name, {})}


@cache
def _words(language: str) -> Mapping[str, str]:
    """`[say.screen]` of a language file; one that has none borrows another's."""
    for tag in (language, language.split("-")[0], *languages.available()):
        if tag in languages.available() and (found := languages.load(tag).tables.get("say", {}).get("screen")):
            return cast("Mapping[str, str]", found)
    return {}


def new_session() -> str:
    """An id that nobody can guess, short enough to be typed again."""
    return secrets.token_hex(10)


def colours() -> bool:
    """Whether a terminal's person wants colours (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def turn_of(
    house: House,
    channel: Channel,
    session: str,
    device: str,
    said: tuple[Hypothesis, ...],
    language: str | None,
    *,
    new: bool = False,
    source: Source = "typed",
) -> Turn:
    """What was said now, as the house takes it."""
    return Turn(
        id=str(uuid.uuid4()),
        channel=channel.name,
        shop=house.shop,
        session=session,
        at=house.now(),
        hypotheses=said,
        source=source,
        language=language,
        new=new,
        patience=channel.patience,
        can=channel.can,
        device=device,
    )


async def settle(house: House, waiting: Callable[[], None]) -> None:
    """Let what is under way come to its end; `waiting` says that one waits for it, when that takes a moment."""
    settled = asyncio.ensure_future(house.settled(WAIT))
    done, _ = await asyncio.wait({settled}, timeout=MOMENT)
    if not done:
        waiting()
    await settled


def as_line(raw: bytes | bytearray) -> str:
    return bytes(raw[:LONGEST]).removesuffix(b"\r").decode("utf-8", "replace").removeprefix("\ufeff")


def write(raw: bytes) -> None:
    """To standard output, at once. A patched one (news above the prompt) has no buffer of its own."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None or type(sys.stdout).__module__.startswith("prompt_toolkit"):
        sys.stdout.write(raw.decode(sys.stdout.encoding or "utf-8", "replace"))
    else:
        sys.stdout.flush()
        buffer.write(raw)
    sys.stdout.flush()


def as_json(turn: str | None, reply: Reply, order: Mapping[str, Any] | None, **more: Any) -> bytes:
    """One reply as one line, with what a channel knows `more`. What is private is not in it: a payment's link stands
    in the order."""
    return (
        msgspec.json.encode(
            {
                "turn": turn,
                "speech": reply.speech,
                "text": reply.text,
                "choices": [choice.text for choice in reply.choices],
                "expects": reply.expects,
                "listening": reply.listening,
                "views": reply.views,
                "order": order,
                **more,
            }
        )
        + b"\n"
    )


def as_text(reply: Reply, language: str, *, coloured: bool = False) -> str:
    """A reply as it is printed: its text, the choices by number, and the links with their codes."""
    parts = [printable(reply.text)]
    for number, choice in enumerate(reply.choices, 1):
        mark = f"\x1b[36m{number}.\x1b[0m" if coloured else f"{number}."
        parts.append(f"  {mark} {printable(choice.text)}")
    for private in reply.private:
        parts += _private(private, language)
    return "\n".join(parts)


def _private(private: Private, language: str) -> list[str]:
    label = printable(private.label) or _words(language)[private.kind]
    value = printable(private.value)
    return [label, value, qr(value)] if private.kind == "link" else [f"{label} {value}"]


def qr(link: str) -> str:
    """The link as a QR code drawn in half blocks, with the quiet margin that readers need."""
    import segno

    drawn = io.StringIO()
    segno.make(link, error="l", micro=False).terminal(out=drawn, compact=True, border=2)
    return drawn.getvalue().rstrip("\n")


STEERING = frozenset({"Cc", "Cf", "Cs"})
JOINERS = "\u200c\u200d"


def printable(text: str) -> str:
    """Without characters that steer a terminal or turn the writing round: words of a person or a far end are data."""
    return "".join(one for one in text if one in "\n" + JOINERS or unicodedata.category(one) not in STEERING)


def basket_line(order: Mapping[str, Any] | None, language: str, columns: int = 0) -> str:
    """The basket on one line, as it stands at the foot of the screen. Where a screen has too few `columns` for it, the
    goods that came first give way: the total is always seen."""
    if not order or not order["lines"] or order.get("stage") == "cancelled":
        return _words(language)["empty"]
    goods = [f"{line['quantity']} × {line['name']}" for line in order["lines"]]
    total = _words(language)["total"].format(total=money(order["totals"]["total"], order["currency"], language))
    line = printable(f"{' · '.join(goods)} | {total}")
    if not columns:
        return line
    from prompt_toolkit.utils import get_cwidth  # loaded already where there is a line to be fitted in

    while goods and get_cwidth(line) > columns:
        del goods[0]
        line = printable(f"{' · '.join(['…', *goods])} | {total}")
    return line


def money(amount: int, currency: str, language: str) -> str:
    from babel import UnknownLocaleError
    from babel.numbers import format_currency, get_currency_precision

    major = Decimal(amount).scaleb(-get_currency_precision(currency))
    try:
        return format_currency(major, currency, locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return f"{major} {currency}"


class Seat:
    """Which of the devices at one session this is: what was read back on one isn't agreed to on another.

    The first to sit down holds a locked file; the lock is free again when its process has ended, however it ended, so
    that a talk which was cut off goes on as the same."""

    def __init__(self, folder: Path | None, session: str, kind: str) -> None:
        self._file: io.TextIOWrapper | None = None
        self.kind = self.device = kind
        if folder is None:
            return
        name = hashlib.sha256(session.encode()).hexdigest()[:24]
        try:
            self._file = open(folder / f"{kind}-{name}.lock", "w")  # noqa: SIM115 - held until the talk ends
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.device = f"{kind} {uuid.uuid4()}"

    def leave(self) -> None:
        if self._file is not None:
            if self.device == self.kind:
                Path(self._file.name).unlink(missing_ok=True)
            self._file.close()
