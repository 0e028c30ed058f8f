"""Amazon Alexa: a custom skill's endpoint.

Alexa sends no transcript but the intent that it understood, with ids of the goods (`_intents.py` makes acts of them);
free text comes in a slot. Whether it listens on is told with each reply.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import logging
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from assistant.turns import Act, Reply, Spoken
from channels.screen import told
from channels.speakers import Asked, Model, Received
from channels.speakers._chain import Chains, Signer, Unproven
from channels.speakers._intents import INTENTS, understood
from channels.speakers._json import listed, parsed, table, text, wrong
from channels.speakers._models import skill_model
from channels.speakers._skill import asked_by, built_in, cut, lines_of, slots_of, snake, written

log = logging.getLogger(__name__)

FRESH = dt.timedelta(seconds=150)
FRESH_EVENT = dt.timedelta(seconds=3600)
MOST_SPEECH = 7500
"""Characters of speech with its marks; 8000 are the limit."""
MOST_CARD = 6000
MOST_REPLY = 24_000
"""Bytes of a reply that is aimed at."""
API_HOSTS = frozenset({"api.amazonalexa.com", "api.eu.amazonalexa.com", "api.fe.amazonalexa.com"})
"""Whom a reply that takes a while may be told to; never a host that the request names."""
APL = "Alexa.Presentation.APL"
SIGNER = Signer(
    url_header="SignatureCertChainUrl",
    signature_header="Signature-256",
    host="s3.amazonaws.com",
    any_case=True,
    path="/echo.api/",
    subject="echo-api.amazon.com",
)
SHOWN = ("basket", "order", "payment", "receipt", "items")
EMPTY: Mapping[str, Any] = {"version": "1.0", "response": {}}


class Alexa:
    """Amazon's. Sends what it understood, never the words."""

    name = "alexa"
    can = frozenset[str]()
    patience = 7.0
    keys = frozenset({"application_ids", "trust_roots", "cert_base", "api_base"})
    loopback = frozenset({"trust_roots", "cert_base", "api_base"})
    languages = frozenset("ar de en es fr hi it ja nl pt".split())
    WORDS: Mapping[str, Mapping[str, str]] = {
        "en": {"title": "Your order", "link": "Please link your account in the Alexa app; a card there shows how."},
        "zh": {"title": "您的订单", "link": "请在 Alexa 应用里关联账号，那里有一张卡片说明怎么做。"},
        "ko": {"title": "주문 내용", "link": "Alexa 앱에서 계정을 연결해 주세요. 앱의 카드에 방법이 나와 있어요."},
    }

    def __init__(self) -> None:
        self._chains = Chains()

    def configured(self, settings: Mapping[str, Any]) -> str:
        return "" if listed(settings, "application_ids") else "application_ids is missing: the skill's id"

    async def proven(self, received: Received, settings: Mapping[str, Any], now: dt.datetime) -> Mapping[str, Any]:
        try:
            await self._chains.prove(received, SIGNER, settings, now)
        except Unproven as why:
            raise wrong(str(why)) from None
        body = parsed(received.raw)
        kind = text(body, "request", "type")
        fresh = FRESH_EVENT if kind.startswith("AlexaSkillEvent.") else FRESH
        if not _fresh(text(body, "request", "timestamp"), now, fresh):
            raise wrong("its time is not now")
        named = {text(body, "context", "System", "application", "applicationId")}
        named |= {text(body, "session", "application", "applicationId")}
        named.discard("")
        if not named or not named <= set(listed(settings, "application_ids")):
            raise wrong("it is for another skill")
        return body

    def read(self, body: Mapping[str, Any], settings: Mapping[str, Any]) -> Asked:
        request, system = table(body, "request"), table(body, "context", "System")
        kind, locale = text(request, "type"), text(request, "locale")
        level = table(system, "person", "authenticationConfidenceLevel").get("level")
        asked = Asked(
            id=text(request, "requestId"),
            user=text(system, "user", "userId") or text(body, "session", "user", "userId"),
            device=text(system, "device", "deviceId"),
            talk=text(body, "session", "sessionId"),
            locale=locale,
            account_token=text(system, "user", "accessToken") or text(body, "session", "user", "accessToken") or None,
            # 300 is a known voice, 400 one that gave its code.
            person_confidence=min(1.0, level / 400) if isinstance(level, int | float) else None,
            screen=APL in table(system, "device", "supportedInterfaces"),
            extra={
                "endpoint": text(system, "apiEndpoint"),
                "token": text(system, "apiAccessToken"),
                "request": text(request, "requestId"),
                "locale": locale,
            },
        )
        if kind == "CanFulfillIntentRequest":
            return replace(asked, answer=_can_fulfill(table(request, "intent")))
        if not asked.named:
            if kind in TAKEN:
                raise wrong("it names neither itself nor who asks")
            return replace(asked, answer=EMPTY)
        match kind:
            case "LaunchRequest" | "SessionResumedRequest":
                return replace(asked, new=True)
            case "IntentRequest":
                return _of_intent(asked, table(request, "intent"), locale)
            case "Alexa.Presentation.APL.UserEvent":
                return _of_touch(asked, request)
            case "Connections.Response":
                # Payments through Amazon ended in 2023. Whatever it says was paid: only our own books count.
                return replace(asked, acts=(Act("order_status"),))
        return replace(asked, answer=EMPTY)

    def shown(self, reply: Reply, asked: Asked, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        words = told(reply.language, self.name, self.WORDS)
        if reply.link_account:
            said = f"{reply.speech} {words['link']}" if reply.speech else words["link"]
            return _reply({"outputSpeech": _ssml(said), "card": {"type": "LinkAccount"}, "shouldEndSession": True})
        response: dict[str, Any] = {"outputSpeech": _ssml(reply.speech)}
        if reply.listening:
            response["reprompt"] = {"outputSpeech": _ssml(reply.reprompt or reply.speech)}
        directives = []
        if asked.screen:
            directives.append(_document(reply, words["title"]))
        elif reply.choices or any(view.kind in SHOWN for view in reply.views):
            content = cut(written(reply), MOST_CARD)
            response["card"] = {"type": "Simple", "title": words["title"], "content": content}
        if directives:
            response["directives"] = directives
        response["shouldEndSession"] = not reply.listening
        return _fitting(_reply(response))

    async def meanwhile(self, asked: Asked, words: str, settings: Mapping[str, Any]) -> None:
        import aiohttp

        host = str(asked.extra.get("endpoint", "")).removeprefix("https://").rstrip("/")
        if host not in API_HOSTS or not asked.extra.get("token"):
            return
        base = str(settings.get("api_base") or f"https://{host}").rstrip("/")
        body = {
            "header": {"requestId": asked.extra["request"]},
            "directive": {"type": "VoicePlayer.Speak", "speech": f"<speak>{html.escape(words)}</speak>"},
        }
        limit = aiohttp.ClientTimeout(total=3.0)
        headers = {"Authorization": f"Bearer {asked.extra['token']}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as client,
                client.post(f"{base}/v1/directives", json=body, headers=headers, allow_redirects=False) as at,
            ):
                if at.status >= 300:
                    log.info("alexa took no progressive response: %s", at.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("alexa took no progressive response: %s", type(error).__name__)

    def files(self, settings: Mapping[str, Any]) -> Mapping[str, str]:
        return {}

    def model(self, spoken: Spoken, language: str) -> Model:
        model = skill_model(spoken, language)
        if language.split("-")[0] in self.languages:
            return model
        return replace(model, problems=(*model.problems, f"Alexa has no {language}: its console won't build this"))


SPEAKER = Alexa()

TAKEN = frozenset({"LaunchRequest", "SessionResumedRequest", "IntentRequest", "Alexa.Presentation.APL.UserEvent"})
"""Requests that a person is behind."""


def _fresh(timestamp: str, now: dt.datetime, within: dt.timedelta) -> bool:
    try:
        at = dt.datetime.fromisoformat(timestamp)
    except ValueError:
        return False
    return at.tzinfo is not None and abs(now - at) <= within


def _of_intent(asked: Asked, intent: Mapping[str, Any], locale: str) -> Asked:
    """`confirmationStatus` is not looked at: we let Alexa ask no question of its own, and a yes to one that wasn't
    ours is no consent. What was confirmed is then read back like anything else."""
    name = text(intent, "name")
    if text(intent, "confirmationStatus") == "DENIED":
        return replace(asked, acts=(Act("deny"),))
    if name.startswith("AMAZON."):
        act = built_in(snake(name.removeprefix("AMAZON.")))
        return replace(asked, acts=(act or Act("none", value="unclear"),))
    words, acts, doubts = asked_by(snake(name), slots_of(intent), locale.split("-")[0])
    if snake(name) == "go_on":
        return replace(asked, text=words, go_on=True, source="speech")
    source = "platform" if acts or doubts else "speech"
    return replace(asked, text=words, acts=acts, doubts=doubts, source=source)


def _of_touch(asked: Asked, request: Mapping[str, Any]) -> Asked:
    """A row of the screen was touched: ["choose", number]. What is on it is ours; anything else is nothing."""
    said = request.get("arguments")
    if not isinstance(said, list):
        raise wrong("request.arguments is no list")
    match said:
        case ["choose", int(number)] if 0 < number < 1000:
            return replace(asked, acts=(Act("choose", number=number),), source="tapped")
        case ["select", str(item)]:
            return replace(asked, acts=(Act("ask_item", items=(item,)),), text=item, source="tapped")
    return replace(asked, answer=EMPTY)


def _can_fulfill(intent: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether this skill can do it: of intents that it has, with goods that it was given."""
    name, slots = snake(text(intent, "name")), slots_of(intent)
    known = name in INTENTS
    each = {
        key: {"canUnderstand": "YES" if known else "NO", "canFulfill": "YES" if slot.ids else "MAYBE"}
        for key, slot in slots.items()
    }
    sure = known and (understood(name, slots) is not None)
    answer = {"canFulfill": "YES" if sure else "MAYBE" if known else "NO", "slots": each}
    return {"version": "1.0", "response": {"canFulfillIntent": answer}}


# -- the answer --------------------------------------------------------------------------------------------------


def _reply(response: Mapping[str, Any]) -> dict[str, Any]:
    return {"version": "1.0", "sessionAttributes": {}, "response": dict(response)}


def _ssml(words: str) -> dict[str, str]:
    """Marked up and escaped; an escape may take six characters, so the words are cut before."""
    plain = "".join(one for one in words if one >= " " or one in "\n\t")
    escaped = html.escape(plain)
    while len(escaped) > MOST_SPEECH:
        plain = cut(plain, len(plain) - max(1, (len(escaped) - MOST_SPEECH) // 6 + 1))
        escaped = html.escape(plain)
    return {"type": "SSML", "ssml": f"<speak>{escaped}</speak>"}


def _document(reply: Reply, title: str) -> dict[str, Any]:
    """What stands on the screen: the words, and a row for each choice, which can be touched."""
    rows_ = [{"number": number, "text": row} for number, row in enumerate(lines_of(reply), 1)]
    touch = bool(reply.choices)
    row: dict[str, Any] = {"type": "Text", "text": "${data.text}", "fontSize": "32dp", "padding": "8dp"}
    if touch:
        press = [{"type": "SendEvent", "arguments": ["choose", "${data.number}"]}]
        row = {"type": "TouchWrapper", "item": row, "onPress": press}
    items = [
        {"type": "Text", "text": "${payload.shop.title}", "fontSize": "24dp", "opacity": 0.7},
        {"type": "Text", "text": "${payload.shop.text}", "fontSize": "36dp", "paddingTop": "12dp"},
        {"type": "Sequence", "data": "${payload.shop.rows}", "items": [row], "grow": 1},
    ]
    frame = {"type": "Container", "width": "100%", "height": "100%", "padding": "32dp", "items": items}
    document = {"type": "APL", "version": "1.6", "mainTemplate": {"parameters": ["payload"], "items": [frame]}}
    source = {"type": "object", "title": title, "text": cut(reply.text, MOST_CARD), "rows": rows_}
    return {
        "type": f"{APL}.RenderDocument",
        "token": "voicetill",
        "document": document,
        "datasources": {"shop": source},
    }


def _fitting(body: dict[str, Any]) -> dict[str, Any]:
    """At most as many bytes as are aimed at: the screen's rows go first, then the card, never what is said."""
    response = body["response"]
    for key in ("directives", "card"):
        if len(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")) <= MOST_REPLY:
            break
        response.pop(key, None)
    return body
