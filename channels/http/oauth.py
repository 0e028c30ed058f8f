"""Account linking: a speaker's platform gets tokens for a person who agrees to it (OAuth 2, authorisation code).

The protocol is authlib's; here is what it runs over: clients from `[oauth.NAME]`, the signed-in person's consent, and
grants that the core keeps as keyed hashes. authlib asks for them synchronously, so what a request may need is looked up
before, and what it made is written after.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request, TokenMixin
from authlib.oauth2.rfc6749.errors import InvalidGrantError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge

from assistant.turns import House, Known
from channels.http.guard import CSP, FROM, Refusal, fields, near
from channels.http.identity import Identity, html

CODE_FOR = dt.timedelta(minutes=5)
ACCESS_FOR = dt.timedelta(hours=1)
REFRESH_FOR = dt.timedelta(days=180)
SCOPE = "account"
BY = ["client_secret_basic", "client_secret_post"]
BYTES = 32

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Link your account",
        "ask": "Shall {name} order here in your name? It then knows your orders, and orders what you say yes to.",
        "allow": "Link",
        "deny": "Don't link",
        "wrong": "This request to link an account isn't right. Please begin again in the app that sent you here.",
    },
    "zh": {
        "title": "关联账户",
        "ask": "允许{name}用您的账户在这里点单吗？它会知道您以前点过什么，并下您确认过的订单。",
        "allow": "关联",
        "deny": "不关联",
        "wrong": "这个关联请求不对，请回到刚才的应用重新开始。",
    },
    "ko": {
        "title": "계정 연결",
        "ask": "{name}에서 회원님 계정으로 주문하도록 할까요? 전에 주문하신 것을 알게 되고, 네라고 하신 주문을 넣어요.",
        "allow": "연결",
        "deny": "연결하지 않기",
        "wrong": "계정 연결 요청이 올바르지 않아요. 보내 준 앱에서 다시 시작해 주세요.",
    },
}


class Client(ClientMixin):
    def __init__(self, name: str, settings: Mapping[str, Any]) -> None:
        self.name, self.client_id = name, str(settings["client_id"])
        self._secret, self._uris = str(settings["secret"]), tuple(settings["redirect_uris"])

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        return self._uris[0] if len(self._uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str:
        """There is but one thing to allow, whatever a platform calls it."""
        return SCOPE

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self._uris

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(client_secret.encode(), self._secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in BY

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")


class Granted(AuthorizationCodeMixin, TokenMixin):
    """A code or token that was found."""

    def __init__(self, kind: str, secret: str, kept: Mapping[str, Any]) -> None:
        self.kind, self.secret, self.kept = kind, secret, kept
        self.code_challenge = kept.get("challenge")
        self.code_challenge_method = kept.get("method")

    def get_redirect_uri(self) -> str:
        return str(self.kept.get("redirect", ""))

    def get_scope(self) -> str:
        return SCOPE

    def check_client(self, client: Client) -> bool:
        return bool(self.kept["client"] == client.client_id)


class Challenge(CodeChallenge):
    """PKCE, by hash alone."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)


class ByCode(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = BY

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        data = request.payload.data
        self.server.code = (
            code,
            {
                "client": request.client.client_id,
                "redirect": data.get("redirect_uri", ""),
                "challenge": data.get("code_challenge"),
                "method": data.get("code_challenge_method"),
                "family": secrets.token_hex(16),
            },
        )

    def query_authorization_code(self, code: str, client: Client) -> Granted | None:
        self.request.client = client  # proven by now, whatever the code is
        found: Granted | None = self.server.found
        return found if found is not None and found.kind == "code" and found.check_client(client) else None

    def delete_authorization_code(self, authorization_code: Granted) -> None:
        """It is spent before the token is handed out."""

    def authenticate_user(self, authorization_code: Granted) -> str:
        return str(authorization_code.kept["person"])


class ByRefresh(RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = BY
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Granted | None:
        found: Granted | None = self.server.found
        return found if found is not None and found.kind == "refresh" else None

    def authenticate_user(self, refresh_token: Granted) -> str:
        return str(refresh_token.kept["person"])

    def revoke_old_credential(self, refresh_token: Granted) -> None:
        """It is spent before the new one is handed out."""


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = BY

    def query_token(self, token_string: str, token_type_hint: str | None) -> Granted | None:
        found: Granted | None = self.server.found
        return found

    def revoke_token(self, token: Granted, request: OAuth2Request) -> None:
        self.server.revoked = token


class Server(AuthorizationServer):
    """authlib's, for one request: `found` is what the request names, if that is kept."""

    def __init__(self, clients: Mapping[str, Client], found: Granted | None = None) -> None:
        super().__init__()
        self.clients, self.found = clients, found
        self.code: tuple[str, dict[str, Any]] | None = None
        self.token: dict[str, Any] | None = None
        self.revoked: Granted | None = None

        def made(**_: object) -> str:
            return secrets.token_urlsafe(BYTES)

        lasts = int(ACCESS_FOR.total_seconds())
        self.register_token_generator("default", BearerTokenGenerator(made, made, lambda *_: lasts))
        self.register_grant(ByCode, [Challenge(required=True)])
        self.register_grant(ByRefresh)
        self.register_endpoint(Revocation)

    def query_client(self, client_id: str) -> Client | None:
        return self.clients.get(client_id)

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        self.token = token

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, Any]:
        return status, body, headers


class Form(OAuth2Request):
    """A request as authlib reads it."""

    def __init__(self, method: str, uri: str, data: dict[str, str], headers: Mapping[str, str]) -> None:
        super().__init__(method, uri, headers=dict(headers))
        self.payload = BasicOAuth2Payload(data)
        self._form = data

    @property
    def form(self) -> dict[str, str]:
        return self._form


class OAuth:
    """Handlers of /oauth."""

    def __init__(self, house: House, identity: Identity, front: Any) -> None:
        self.house, self.identity, self.front = house, identity, front
        known = [Client(name, one) for name, one in house.settings("oauth").items()]
        self.clients = {one.client_id: one for one in known}
        self._key = secrets.token_bytes(BYTES)
        """Seals the consent form of one person and request. A page from before a restart is asked for again."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/oauth/authorize", self.ask),
            web.post("/oauth/authorize", self.decide),
            web.post("/oauth/token", self.token),
            web.post("/oauth/revoke", self.revoke),
        ]

    # -- the person agrees -------------------------------------------------------------------------------------

    async def ask(self, request: web.Request) -> web.Response:
        asked, client = self._asked(request)
        if client is None:
            return self._wrong(request)
        known = await self.identity.known(request)
        if known is None:
            return web.Response(status=303, headers={"Location": f"/sign-in?next={quote(request.path_qs, safe='')}"})
        try:
            Server(self.clients).get_consent_grant(asked, known)
        except OAuth2Error as error:
            return self._answer(*error()) if error.redirect_uri else self._wrong(request)
        tag = self.identity.language(request)
        words = WORDS.get(tag, WORDS["en"])
        name = escape(client.name.replace("_", " ").title())
        seal = f'<input type="hidden" name="seal" value="{self._seal(request, known)}">'
        buttons = "".join(
            f'<button class="wide{look}" name="decide" value="{one}">{escape(words[one])}</button>'
            for one, look in (("allow", " main"), ("deny", ""))
        )
        inner = f'<p>{words["ask"].format(name=name)}</p><form method="post" class="pair">{seal}{buttons}</form>'
        response = html(tag, words["title"], inner)
        target = urlsplit(asked.payload.redirect_uri or client.get_default_redirect_uri() or "")
        origin = f"{target.scheme}://{target.netloc}" if target.netloc else f"{target.scheme}:"
        # The answer to the form leads there, which browsers count as a part of the form's action.
        response.headers["Content-Security-Policy"] = CSP.replace("form-action 'self'", f"form-action 'self' {origin}")
        return response

    async def decide(self, request: web.Request) -> web.Response:
        asked, client = self._asked(request)
        given = fields(request, await self.front.body(request))
        known = await self.identity.known(request)
        if client is None or known is None:
            return self._wrong(request)
        if not hmac.compare_digest(str(given.get("seal", "")).encode(), self._seal(request, known).encode()):
            raise Refusal(403, "other_form", "this form isn't the one that was shown; open the page again")
        server = Server(self.clients)
        try:
            grant = server.get_consent_grant(asked, known)
        except OAuth2Error as error:
            return self._answer(*error()) if error.redirect_uri else self._wrong(request)
        allowed = known if given.get("decide") == "allow" else None
        status, body, headers = server.create_authorization_response(asked, grant_user=allowed, grant=grant)
        if server.code is not None:
            code, kept = server.code
            await self.house.people.grant("code", code, known.id, kept, _now() + CODE_FOR)
        return self._answer(status, body, headers)

    def _asked(self, request: web.Request) -> tuple[Form, Client | None]:
        """The request, and its client where it is known and may be answered at that address."""
        data = {key: str(value) for key, value in request.query.items()}
        asked = Form("GET", self._uri(request), data, {})
        client = self.clients.get(data.get("client_id", ""))
        twice = any(len(request.query.getall(key)) > 1 for key in request.query)
        uri = data.get("redirect_uri")
        right = client is not None and not twice and (client.check_redirect_uri(uri) if uri else True)
        return asked, client if right else None

    def _seal(self, request: web.Request, known: Known) -> str:
        text = f"{known.id}\0{self.identity.token(request)}\0{request.query_string}"
        return hmac.digest(self._key, text.encode(), "sha256").hex()

    def _wrong(self, request: web.Request) -> web.Response:
        tag = self.identity.language(request)
        words = WORDS.get(tag, WORDS["en"])
        return html(tag, words["title"], f'<p role="alert">{escape(words["wrong"])}</p>', 400)

    # -- the platform fetches its tokens -----------------------------------------------------------------------

    async def token(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        kind, secret = (
            ("code", form.payload.data.get("code", ""))
            if form.payload.grant_type == "authorization_code"
            else ("refresh", form.payload.data.get("refresh_token", ""))
        )
        people = self.house.people
        kept = await people.granted(kind, secret) if secret else None
        found = Granted(kind, secret, kept) if kept is not None else None
        server = Server(self.clients, found)
        status, body, headers = server.create_token_response(form)
        if server.token is None or found is None:
            if secret and found is None and form.client is not None:
                await self._reused(secret, form.client)
            return self._answer(status, body, headers)
        person, family, client = str(found.kept["person"]), str(found.kept["family"]), form.client.client_id
        if not await people.revoke(kind, secret):  # somebody was quicker: two never get tokens for one
            return self._answer(*InvalidGrantError()())
        about, now = {"client": client, "family": family}, _now()
        await people.grant("spent", secret, person, about, now + REFRESH_FOR)
        await people.grant("access", server.token["access_token"], person, about, now + ACCESS_FOR)
        await people.grant("refresh", server.token["refresh_token"], person, about, now + REFRESH_FOR)
        return self._answer(status, body, headers)

    async def _reused(self, secret: str, client: Client) -> None:
        """Whoever gives a code or token a second time may have stolen it: all that came of it ends."""
        spent = await self.house.people.granted("spent", secret)
        if spent is not None and spent["client"] == client.client_id:
            await self.house.people.revoke_family(str(spent["person"]), str(spent["family"]))

    async def revoke(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        secret, people = form.payload.data.get("token", ""), self.house.people
        found = None
        for kind in ("access", "refresh"):
            if secret and found is None and (kept := await people.granted(kind, secret)) is not None:
                found = Granted(kind, secret, kept)
        server = Server(self.clients, found)
        status, body, headers = server.create_endpoint_response(Revocation.ENDPOINT_NAME, form)
        if server.revoked is not None:
            await people.revoke_family(str(server.revoked.kept["person"]), str(server.revoked.kept["family"]))
        return self._answer(status, body, headers)

    async def _form(self, request: web.Request) -> Form:
        data = fields(request, await self.front.body(request))
        headers = {key: request.headers[key] for key in ("Authorization",) if key in request.headers}
        return Form("POST", self._uri(request), data, headers)

    def _uri(self, request: web.Request) -> str:
        """Tokens go over TLS; on this machine alone there is nobody to read along."""
        if not request[FROM].secure and not near(request[FROM].address, self.front.rules):
            raise Refusal(403, "not_secure", "accounts are linked over https only")
        return f"https://here{request.path}"

    def _answer(self, status: int, body: Any, headers: Any) -> web.Response:
        told = dict(headers)
        told.pop("Content-Type", None)
        told["Cache-Control"] = "no-store"
        if status == 302:
            return web.Response(status=303, headers=told)
        return web.json_response(dict(body), status=status, headers=told)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
