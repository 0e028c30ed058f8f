"""Smart speakers whose platforms call a webhook of ours: one file each, with the constant `SPEAKER`.

A speaker turns its platform's request into what was said (`Asked`) and a reply into the platform's JSON; it never
decides. What all of them share (the order of the checks, the talk that a request belongs to, the time limit, an
apology for what went wrong) is in `_host.py`, which `routes` gives to whoever serves HTTP.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from assistant.turns import Act, Doubt, House, Reply, Source, Spoken

if TYPE_CHECKING:
    from aiohttp import web

MOST_BYTES = 256 * 1024
"""Of a request's body, inflated."""


class Received(Struct, frozen=True, kw_only=True):
    """A request as it came over the wire, of which nothing is proven yet."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    raw: bytes

    def header(self, name: str) -> str:
        """The one value of a header; "" where it is missing or comes more than once."""
        found = self.all(name)
        return found[0] if len(found) == 1 else ""

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Refused(Exception):
    """The sender is not proven, or what it sent can't be read: (status, JSON body), and nothing happens."""

    def __init__(self, status: int, body: Mapping[str, Any], why: str = "") -> None:
        super().__init__(why)
        self.status, self.body = status, body


class Asked(Struct, frozen=True, kw_only=True):
    """What a proven request asks: a turn, or (with `answer`) nothing that the core must know."""

    answer: Mapping[str, Any] | None = None
    """The platform's JSON, where no turn is taken."""
    id: str = ""
    """The request's id; the same again gets the stored reply."""
    user: str = ""
    """The platform's name for a household: no person."""
    device: str = ""
    talk: str = ""
    """The platform's session, for one who names neither user nor device."""
    text: str = ""
    acts: tuple[Act, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    new: bool = False
    """It was opened without a word: it is greeted, and a basket that was kept is offered."""
    go_on: bool = False
    """Nothing but "go on": the result that took too long is wanted."""
    source: Source = "platform"
    locale: str = ""
    account_token: str | None = None
    person_confidence: float | None = None
    screen: bool = False
    """The device has a screen that `shown` may fill."""
    extra: Mapping[str, Any] = {}
    """What `shown` and `meanwhile` need of the request."""

    @property
    def named(self) -> bool:
        """Whether it says which request it is, and whose talk it belongs to: a turn is nothing without."""
        return bool(self.id and (self.user or self.device or self.talk))


class Model(Struct, frozen=True, kw_only=True):
    """What a merchant imports at the platform's console."""

    files: Mapping[str, str]
    """Name -> contents; one alone goes to standard output."""
    problems: tuple[str, ...] = ()
    """What was left out, a sentence each."""


class Speaker(Protocol):
    """A smart speaker's platform: how its requests are proven and read, and what a reply looks like to it."""

    name: str
    can: frozenset[str]
    """As a channel's. A household hears: never `links` or `private`."""
    patience: float
    """Seconds from the request to the answer: the platform's limit less one."""
    keys: frozenset[str]
    """What `[speakers.NAME]` may have, and VOICETILL_<NAME>_<KEY>."""
    languages: frozenset[str]
    """What its platform hears and speaks; without any, a shop's own."""
    loopback: frozenset[str]
    """Keys that are for trials on this machine: refused where others can reach the server."""
    WORDS: Mapping[str, Mapping[str, str]]

    def configured(self, settings: Mapping[str, Any]) -> str:
        """ "" when requests can be proven with these settings, else what is missing, a sentence."""
        ...

    async def proven(self, received: Received, settings: Mapping[str, Any], now: dt.datetime) -> Mapping[str, Any]:
        """The request's JSON, once its sender is proven. Refused otherwise. `now` is the real time."""
        ...

    def read(self, body: Mapping[str, Any], settings: Mapping[str, Any]) -> Asked:
        """What is asked. Unknown fields are passed over; Refused (400) for what has the wrong type."""
        ...

    def shown(self, reply: Reply, asked: Asked, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """A reply as the platform wants it: what is said, whether it listens on, what a screen shows."""
        ...

    async def meanwhile(self, asked: Asked, words: str, settings: Mapping[str, Any]) -> None:
        """The reply takes a while: say `words` now, where the platform can. Whatever goes wrong is no matter."""
        ...

    def files(self, settings: Mapping[str, Any]) -> Mapping[str, str]:
        """Files at `/NAME/` by which the platform knows that this host is its merchant's: name -> contents."""
        ...

    def model(self, spoken: Spoken, language: str) -> Model:
        """What the platform must know to hear this shop's goods. Pure."""
        ...


def routes(house: House, *, loopback: bool = False) -> Sequence[web.AbstractRouteDef]:
    """What is to be mounted: a webhook for each speaker, and the files by which a platform knows that this host is
    its merchant's. `loopback`: nobody outside this machine can reach the server."""
    from channels.speakers._host import Host

    return Host(house, loopback=loopback).routes()
