"""Tmall Genie (AliGenie): a skill's webhook, with no signature of the platform's.

It is proven by a header that the merchant sets at the console. A body may also be encrypted with our public key, which
proves nothing (the key is public) and is wanted where a key is set.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from assistant.turns import Act, Reply, Spoken
from channels.screen import told
from channels.speakers import Asked, Model, Received, Refused
from channels.speakers._intents import Slot
from channels.speakers._json import lacking, listed, name, parsed, rows, same, table, text, wrong
from channels.speakers._models import named_model
from channels.speakers._skill import asked_by, cut, lines_of, snake, written

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LAUNCH = ("welcome", "default_welcome", "launch")
"""Intents that open a skill, where the settings name none."""
MOST_SPEECH = 1500
MOST_SHOWN = 3000


class Aligenie:
    """Alibaba's Tmall Genie. Proven by a header that the merchant chose."""

    name = "aligenie"
    can = frozenset[str]()
    patience = 2.0
    keys = frozenset(
        {"header", "secret", "skill_ids", "rsa_key", "ownership", "reply_version", "launch_intents", "language"}
    )
    loopback = frozenset[str]()
    languages = frozenset({"zh"})
    WORDS: Mapping[str, Mapping[str, str]] = {
        "zh": {"title": "您的订单", "link": "请在天猫精灵 App 里关联账号。"},
        "en": {"title": "Your order", "link": "Please link your account in the Tmall Genie app."},
        "ko": {"title": "주문 내용", "link": "티몰 지니 앱에서 계정을 연결해 주세요."},
    }

    def configured(self, settings: Mapping[str, Any]) -> str:
        if missing := lacking(settings, "header", "secret", "skill_ids"):
            return f"{missing}: the header and its value that were set at the skill's console"
        key = settings.get("rsa_key")
        return f"rsa_key: there is no file {key}" if key and not Path(str(key)).is_file() else ""

    async def proven(self, received: Received, settings: Mapping[str, Any], now: dt.datetime) -> Mapping[str, Any]:
        given = received.header(str(settings["header"]))
        if not same(given, str(settings["secret"])):
            raise _refused(401, "the header is missing or wrong")
        try:
            body = parsed(received.raw)
            if "securityQuery" in body or settings.get("rsa_key"):
                body = parsed(_decrypted(body, settings))
            skill = name(body, "skillId")
        except Refused as refused:
            raise _refused(refused.status, str(refused)) from None
        if skill not in map(str, listed(settings, "skill_ids")):
            raise _refused(400, "it is for another skill")
        return body

    def read(self, body: Mapping[str, Any], settings: Mapping[str, Any]) -> Asked:
        try:
            return self._read(body, settings)
        except Refused as refused:
            raise _refused(refused.status, str(refused)) from None

    def _read(self, body: Mapping[str, Any], settings: Mapping[str, Any]) -> Asked:
        asked = Asked(
            id=text(body, "requestId"),
            user=text(body, "requestData", "userOpenId"),
            device=text(body, "requestData", "deviceOpenId"),
            talk=text(body, "skillSession", "skillSessionId") or text(body, "sessionId"),
            locale=str(settings.get("language") or "zh"),
            account_token=text(body, "token") or None,
            screen=text(body, "requestData", "screenStatus") == "online",
            source="speech",
            extra={"intent": body.get("intentId")},
        )
        if not asked.named:
            raise wrong("it names neither itself nor who asks")
        intent, said = text(body, "intentName"), text(body, "utterance")
        launching = table(body, "skillSession").get("newSession") is True
        if launching and snake(intent) in (listed(settings, "launch_intents") or LAUNCH):
            return replace(asked, new=True)
        chosen = body.get("selectIndexList")
        if isinstance(chosen, list) and len(chosen) == 1 and type(chosen[0]) is int and chosen[0] > 0:
            return replace(asked, text=said, acts=(Act("choose", number=chosen[0]),), source="platform")
        if said:
            return replace(asked, text=said)
        match text(body, "confirmStatus"):
            case "CONFIRMED":
                return replace(asked, acts=(Act("confirm"),), source="platform")
            case "DENIED":
                return replace(asked, acts=(Act("deny"),), source="platform")
        slots = {}
        for one in rows(body, "slotEntities"):
            if one.get("liveTime") in (None, 0):  # older ones were said in an earlier turn
                key, ids = text(one, "intentParameterName"), text(one, "standardValue")
                raw = ids if ids.isdecimal() else text(one, "originalValue")
                slots[key] = Slot(key, raw, (ids,) if re.fullmatch(r"[\w/-]+", ids) else ())
        words, acts, doubts = asked_by(snake(intent), slots, asked.locale)
        return replace(asked, text=words, acts=acts, doubts=doubts, source="platform")

    def shown(self, reply: Reply, asked: Asked, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        words = told(reply.language, self.name, self.WORDS)
        listening = reply.listening and not reply.link_account
        said = cut(f"{reply.speech} {words['link']}" if reply.link_account else reply.speech, MOST_SPEECH)
        value: dict[str, Any] = {"resultType": "ASK_INF" if listening else "RESULT", "executeCode": "SUCCESS"}
        if listening:
            value["askedInfos"] = [{"parameterName": "any", "intentId": asked.extra.get("intent")}]
        if str(settings.get("reply_version") or "3") == "1":
            value |= {"reply": said, "properties": {}, "msgInfo": ""}
        else:
            speak: dict[str, Any] = {"type": "text", "text": said, "expectSpeech": listening}
            if listening:
                speak |= {"needLight": True, "needVoice": True, "wakeupType": "continuity"}
            value["gwCommands"] = [_command("AliGenie.Speaker", "Speak", speak)]
            if asked.screen:
                source = {"text": cut(written(reply), MOST_SHOWN), "rows": lines_of(reply)}
                page = {"pageTitle": words["title"], "dataSource": source}
                shown = {"pageType": "TPL.RenderDocument", "data": page}
                value["gwCommands"].append(_command("AliGenie.Screen", "Render", shown))
            if not listening:
                value["gwCommands"].append({"commandDomain": "AliGenie.System.Control", "commandName": "Exit"})
        return {"returnCode": "0", "returnErrorSolution": "", "returnMessage": "", "returnValue": value}

    async def meanwhile(self, asked: Asked, words: str, settings: Mapping[str, Any]) -> None:
        """The platform has no way to say something before the answer."""

    def files(self, settings: Mapping[str, Any]) -> Mapping[str, str]:
        """`ownership` names the file's code (32 letters of hex) and its content."""
        held = settings.get("ownership") or {}
        if isinstance(held, str):
            code, _, content = held.partition(":")
            held = {code: content}
        return {f"{code}.txt": str(content) for code, content in held.items()}

    def model(self, spoken: Spoken, language: str) -> Model:
        return named_model(spoken, language, ids=True)


SPEAKER = Aligenie()


def _command(domain: str, called: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"commandDomain": domain, "commandName": called, "payload": payload}


def _refused(status: int, why: str) -> Refused:
    body = {"returnCode": "-1", "returnErrorSolution": "", "returnMessage": "refused", "returnValue": {}}
    return Refused(status, body, why)


@lru_cache(maxsize=2)
def _key(file: str, changed: float) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(Path(file).read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("rsa_key is no RSA key")
    return key


def _decrypted(body: Mapping[str, Any], settings: Mapping[str, Any]) -> bytes:
    """The plain request out of blocks as long as the key, each encrypted by itself."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    file = str(settings.get("rsa_key") or "")
    if not file or "securityQuery" not in body:
        raise wrong("it is encrypted and no key is set, or the other way round")
    if text(body, "queryMetaInfo", "securityMode") != "RSA":
        raise wrong("it is encrypted in a way that isn't known")
    try:
        key = _key(file, Path(file).stat().st_mtime)
        raw = base64.b64decode(text(body, "securityQuery"), validate=True)
        block = key.key_size // 8
        if not raw or len(raw) % block:
            raise ValueError("no whole blocks")
        return b"".join(key.decrypt(raw[at : at + block], PKCS1v15()) for at in range(0, len(raw), block))
    except (binascii.Error, ValueError, OSError) as error:
        raise wrong(f"it can't be decrypted: {type(error).__name__}") from None
