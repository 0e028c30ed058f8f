"""Xiaodu (DuerOS, DBP 2.0): a skill's webhook. Its requests look like Alexa's, and bring the words as they were said.

It signs with SHA-1, which nothing else here does, and allows requests that are up to three minutes old.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from assistant.turns import Act, Reply, Spoken
from channels.screen import told
from channels.speakers import Asked, Model, Received, Refused
from channels.speakers._chain import Chains, Signer, Unproven
from channels.speakers._json import listed, name, parsed, rows, table, text, wrong
from channels.speakers._models import named_model
from channels.speakers._skill import asked_by, cut, slots_of, snake, written

FRESH = 180.0
"""Seconds; a request that old is refused."""
MOST_SPEECH = 1500
MOST_CARD = 3000
"""Characters, so that a reply stays under 24 KB."""
SIGNER = Signer(
    url_header="signaturecerturl",
    signature_header="signature",
    host="duer.bdstatic.com",
    any_case=False,
    path="/saiya/flow/",
    subject="dueros-api.baidu.com",
    sha1=True,
)
COMMON = "ai.dueros.common."
OWN: Mapping[str, Act] = {
    "confirm": Act("confirm"),
    "cancel": Act("deny"),  # it is what "no" is taken for, too
    "stop": Act("stop"),
    "previous": Act("back"),
    "default": Act("none", value="unclear"),
}
"""The platform's own intents, where no words come with them."""
ILLEGAL: Mapping[str, Any] = {"status": 1, "msg": "非法请求"}
EMPTY: Mapping[str, Any] = {"version": "2.0", "context": {}, "session": {"attributes": {}}, "response": {}}


class Dueros:
    """Baidu's Xiaodu."""

    name = "dueros"
    can = frozenset[str]()
    patience = 3.0
    keys = frozenset({"application_ids", "language", "trust_roots", "cert_base"})
    loopback = frozenset({"trust_roots", "cert_base"})
    languages = frozenset({"zh"})
    WORDS: Mapping[str, Mapping[str, str]] = {
        "zh": {"link": "请在小度 App 里关联账号。"},
        "en": {"link": "Please link your account in the Xiaodu app."},
        "ko": {"link": "샤오두 앱에서 계정을 연결해 주세요."},
    }

    def __init__(self) -> None:
        self._chains = Chains()

    def configured(self, settings: Mapping[str, Any]) -> str:
        return "" if listed(settings, "application_ids") else "application_ids is missing: the skill's id"

    async def proven(self, received: Received, settings: Mapping[str, Any], now: dt.datetime) -> Mapping[str, Any]:
        try:
            await self._chains.prove(received, SIGNER, settings, now)
            body = parsed(received.raw)
            at = text(body, "request", "timestamp")
            if not re.fullmatch(r"\d{9,11}", at) or abs(now.timestamp() - int(at)) >= FRESH:
                raise wrong("its time is not now")
            application = text(body, "context", "System", "application", "applicationId")
        except Unproven as why:
            raise Refused(400, ILLEGAL, str(why)) from None
        except Refused as refused:
            raise Refused(refused.status, ILLEGAL, str(refused)) from None
        if application not in listed(settings, "application_ids"):
            raise Refused(400, ILLEGAL, "it is for another skill")
        return body

    def read(self, body: Mapping[str, Any], settings: Mapping[str, Any]) -> Asked:
        try:
            return self._read(body, settings)
        except Refused as refused:
            raise Refused(refused.status, ILLEGAL, str(refused)) from None

    def _read(self, body: Mapping[str, Any], settings: Mapping[str, Any]) -> Asked:
        request, system = table(body, "request"), table(body, "context", "System")
        language = str(settings.get("language") or "zh")
        asked = Asked(
            id=text(request, "requestId"),
            user=name(system, "user", "userId"),
            device=text(system, "device", "deviceId"),
            talk=text(body, "session", "sessionId"),
            locale=language,
            account_token=text(system, "user", "accessToken") or None,
            screen="Display" in table(system, "device", "supportedInterfaces"),
        )
        kind = text(request, "type")
        if kind not in ("LaunchRequest", "IntentRequest"):
            return replace(asked, answer=EMPTY)
        if not asked.named:
            raise wrong("it names neither itself nor who asks")
        if kind == "LaunchRequest":
            return replace(asked, new=True)
        intent = next(iter(rows(request, "intents")), {})
        intent_name, slots = text(intent, "name"), slots_of(intent)
        said = text(request, "query", "original")
        own = snake(intent_name.removeprefix(COMMON).removesuffix("_intent")) if COMMON in intent_name else ""
        if said:
            return replace(asked, text=said, go_on=own == "continue", source="speech")
        if own == "continue":
            return replace(asked, go_on=True)
        if own:
            return replace(asked, acts=(OWN.get(own) or Act("none", value="unclear"),))
        words, acts, doubts = asked_by(intent_name, slots, language)
        return replace(asked, text=words, acts=acts, doubts=doubts)

    def shown(self, reply: Reply, asked: Asked, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        if reply.link_account:
            link = told(reply.language, self.name, self.WORDS)["link"]
            said, card, listening = f"{reply.speech} {link}", {"type": "LinkAccount"}, False
        else:
            said, listening = reply.speech, reply.listening
            card = {"type": "txt", "content": cut(written(reply), MOST_CARD)}
            if reply.choices:
                card["cueWords"] = [one.text for one in reply.choices][:10]  # type: ignore[assignment]
        response: dict[str, Any] = {"outputSpeech": _plain(said), "card": card, "directives": []}
        if listening:
            response["reprompt"] = {"outputSpeech": _plain(reply.reprompt or reply.speech)}
        response |= {"expectSpeech": listening, "shouldEndSession": not listening}
        return {"version": "2.0", "context": {}, "session": {"attributes": {}}, "response": response}

    async def meanwhile(self, asked: Asked, words: str, settings: Mapping[str, Any]) -> None:
        """The platform has no way to say something before the answer."""

    def files(self, settings: Mapping[str, Any]) -> Mapping[str, str]:
        return {}

    def model(self, spoken: Spoken, language: str) -> Model:
        return named_model(spoken, language, ids=False)


SPEAKER = Dueros()


def _plain(words: str) -> dict[str, str]:
    return {"type": "PlainText", "text": cut(words, MOST_SPEECH)}
