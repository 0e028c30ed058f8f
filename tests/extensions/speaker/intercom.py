"""Intercom: a house's door station that posts what was said at it, with a key that both sides know.

`{"id": "7", "flat": "3b", "said": "two roses", "language": "en"}` → `{"say": "…", "listen": true}`
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from assistant.turns import Reply, Spoken
from channels.speakers import Asked, Model, Received, Refused

LONGEST = 1000
"""Letters that a door station speaks."""


class Intercom:
    name = "intercom"
    can = frozenset[str]()
    patience = 4.0
    languages = frozenset({"en", "zh", "ko"})
    keys = frozenset({"key"})
    loopback = frozenset[str]()
    WORDS: Mapping[str, Mapping[str, str]] = {"en": {}}

    def configured(self, settings: Mapping[str, Any]) -> str:
        return "" if settings.get("key") else "key is missing: what the door station sends as X-Key"

    async def proven(self, received: Received, settings: Mapping[str, Any], now: dt.datetime) -> Mapping[str, Any]:
        if not compare_digest(received.header("X-Key").encode(), str(settings.get("key")).encode()):
            raise Refused(401, {"error": "unknown key"})
        try:
            body = json.loads(received.raw)
        except (ValueError, RecursionError):
            body = None
        wanted = ("id", "flat", "said")
        if not isinstance(body, dict) or not all(isinstance(body.get(one), str) for one in wanted):
            raise Refused(400, {"error": "send id, flat and said as texts"})
        return body

    def read(self, body: Mapping[str, Any], settings: Mapping[str, Any]) -> Asked:
        language = body.get("language")
        return Asked(
            id=body["id"],
            user=body["flat"],
            device="door",
            text=body["said"],
            new=not body["said"],
            source="speech",
            locale=language if isinstance(language, str) else "",
        )

    def shown(self, reply: Reply, asked: Asked, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"say": reply.speech[:LONGEST], "listen": reply.listening}

    async def meanwhile(self, asked: Asked, words: str, settings: Mapping[str, Any]) -> None:
        """A door station waits in silence."""

    def files(self, settings: Mapping[str, Any]) -> Mapping[str, str]:
        return {}

    def model(self, spoken: Spoken, language: str) -> Model:
        """It hears by itself; names help it."""
        return Model(files={"names.txt": "".join(f"{said}\n" for one in spoken.goods for said in one.said)})


SPEAKER = Intercom()
