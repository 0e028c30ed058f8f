"""XiaoAI (Xiaomi): a skill's webhook, proven by a secret that both sides know.

What is signed is the request's head. The body is covered only by its Content-MD5, which is compared where it comes.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from msgspec.structs import replace

from assistant.turns import Act, Reply, Spoken
from channels.screen import told
from channels.speakers import Asked, Model, Received, Refused
from channels.speakers._intents import Slot
from channels.speakers._json import flag, lacking, listed, name, parsed, rows, same, table, text, wrong
from channels.speakers._models import named_model
from channels.speakers._skill import asked_by, cut, written

SCHEME = "MIAI-HmacSHA256-V1"
FRESH = dt.timedelta(seconds=300)
MOST_SPEECH = 1500
MOST_SHOWN = 3000
START, TALK, END = 0, 1, 2


class Xiaoai:
    """Xiaomi's."""

    name = "xiaoai"
    can = frozenset[str]()
    patience = 2.0
    keys = frozenset({"key_id", "secret", "app_ids", "public_host", "public_prefix", "require_content_md5", "language"})
    loopback = frozenset[str]()
    languages = frozenset({"zh"})
    WORDS: Mapping[str, Mapping[str, str]] = {
        "zh": {"link": "请在小爱音箱 App 里关联账号。"},
        "en": {"link": "Please link your account in the Xiaomi Home app."},
        "ko": {"link": "샤오미 앱에서 계정을 연결해 주세요."},
    }

    def configured(self, settings: Mapping[str, Any]) -> str:
        if missing := lacking(settings, "key_id", "secret", "app_ids"):
            return f"{missing}: what the skill's console shows"
        return "" if _secret(settings) else "secret is not what the console shows: it is base64"

    async def proven(self, received: Received, settings: Mapping[str, Any], now: dt.datetime) -> Mapping[str, Any]:
        if not _signed(received, settings):
            raise _stranger("the signature is wrong")
        if not _fresh(received.header("X-Xiaomi-Date"), now):
            raise _stranger("its time is not now")
        if not _whole(received, settings):
            raise _stranger("the body is another one")
        body = parsed(received.raw)
        if name(body, "session", "application", "app_id") not in listed(settings, "app_ids"):
            raise _stranger("it is for another skill")
        return body

    def read(self, body: Mapping[str, Any], settings: Mapping[str, Any]) -> Asked:
        request = table(body, "request")
        kind, info = request.get("type"), table(body, "request", "slot_info")
        if not isinstance(kind, int) or isinstance(kind, bool):
            raise wrong("request.type is no number")
        asked = Asked(
            id=text(request, "request_id"),
            user=name(body, "session", "user", "user_id"),
            device=text(body, "context", "device_id"),
            talk=text(body, "session", "session_id"),
            locale=str(settings.get("language") or text(request, "locale") or "zh"),
            account_token=text(body, "session", "user", "access_token") or None,
            source="speech",
            extra={"end": kind == END},
        )
        if not asked.named:
            raise wrong("it names neither itself nor who asks")
        intent, said = text(info, "intent_name"), text(body, "query")
        if kind == END or intent == "Mi_Exit":
            return replace(asked, text=said, acts=(Act("stop"),), source="platform")
        if kind == START and intent in ("", "Mi_Welcome"):
            return replace(asked, new=True)
        if flag(request, "no_response"):
            return asked  # nothing was said
        if said:
            return replace(asked, text=said)
        slots = {}
        for one in rows(info, "slots"):
            key = text(one, "name")
            slots[key] = Slot(key, text(one, "raw_value") or text(one, "value"))
        words, acts, doubts = asked_by(intent, slots, asked.locale.split("-")[0])
        return replace(asked, text=words, acts=acts, doubts=doubts, source="platform")

    def shown(self, reply: Reply, asked: Asked, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        listening = reply.listening and not reply.link_account and not asked.extra.get("end")
        said = reply.speech
        if reply.link_account:
            said = f"{said} {told(reply.language, self.name, self.WORDS)['link']}"
        card = {"template_name": "default_card", "params": {"box0_subheading": cut(written(reply), MOST_SHOWN)}}
        response = {
            "to_speak": {"type": 0, "text": cut(said, MOST_SPEECH)},
            "to_display": {
                "type": 0,
                "text": cut(written(reply), MOST_SHOWN),
                "ui_type": "phone",
                "phone_template": card,
            },
            "open_mic": listening,
            "not_understand": False,
        }
        return {"version": "1.0", "session_attributes": {}, "is_session_end": not listening, "response": response}

    async def meanwhile(self, asked: Asked, words: str, settings: Mapping[str, Any]) -> None:
        """The platform has no way to say something before the answer."""

    def files(self, settings: Mapping[str, Any]) -> Mapping[str, str]:
        return {}

    def model(self, spoken: Spoken, language: str) -> Model:
        return named_model(spoken, language, ids=False)


SPEAKER = Xiaoai()


def signature(secret: bytes, method: str, path: str, query: str, headers: Mapping[str, str]) -> str:
    """Of a request's head, as the platform makes it; a header that is missing counts as empty."""
    signed = ("X-Xiaomi-Date", "Host", "Content-Type", "Content-MD5")
    lines = (method, path, query, *(headers.get(one, "") for one in signed))
    made = "".join(f"{one}\n" for one in lines)
    return hmac.new(secret, made.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def _stranger(why: str) -> Refused:
    return Refused(401, {"error": "unauthorized", "message": "The request is not signed as it must be."}, why)


def _secret(settings: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(str(settings.get("secret") or ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _signed(received: Received, settings: Mapping[str, Any]) -> bool:
    """Over the host and path that the platform sees: behind a proxy they are named in the settings."""
    scheme, _, given = received.header("Authorization").partition(" ")
    key_id, _, rest = given.strip().partition(":")
    _scope, _, digest = rest.rpartition(":")
    headers = {one: received.header(one) for one in ("X-Xiaomi-Date", "Host", "Content-Type", "Content-MD5")}
    headers["Host"] = str(settings.get("public_host") or headers["Host"])
    path = str(settings.get("public_prefix") or "").rstrip("/") + received.path
    wanted = signature(_secret(settings), received.method, path, received.query, headers)
    return scheme == SCHEME and same(key_id, str(settings["key_id"])) and same(digest, wanted)


def _fresh(date: str, now: dt.datetime) -> bool:
    try:
        at = parsedate_to_datetime(date)
    except ValueError:
        return False
    return at.tzinfo is not None and abs(now - at) <= FRESH


def _whole(received: Received, settings: Mapping[str, Any]) -> bool:
    """Whether the body is the one that was signed; some write its MD5 in hex."""
    given = received.header("Content-MD5")
    if not given:
        wanted = str(settings.get("require_content_md5") or "").lower()
        return wanted not in ("1", "true", "yes") and not received.all("Content-MD5")
    made = hashlib.md5(received.raw, usedforsecurity=False)
    return given in (base64.b64encode(made.digest()).decode(), made.hexdigest())
