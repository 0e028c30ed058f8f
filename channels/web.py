"""Talking on the web: a chat page, a JSON API and a WebSocket, and where smart speakers and payment services call.

Everything that knows HTTP is in `channels/http/`; it is imported when the server starts, not before.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.turns import House, Reply
from channels.screen import language_of, told

if TYPE_CHECKING:
    from channels.http.guard import Rules
    from channels.http.server import Front

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "place": "the chat page",
        "ready": "Voicetill is at {url} (stop with Ctrl-C).",
        "open": "Anyone in this network can reach it, unencrypted. Give it a certificate or put a proxy before it.",
        "stopping": "Stopping: finishing what is under way. Ctrl-C again stops at once; nothing is lost.",
    },
    "zh": {
        "place": "聊天页面",
        "ready": "Voicetill 已在 {url} 启动（按 Ctrl-C 停止）。",
        "open": "同一网络里的任何人都能访问，而且没有加密。请配置证书，或在前面加一个代理。",
        "stopping": "正在停止，先把手头的事办完。再按一次 Ctrl-C 立即停止，不会丢失任何内容。",
    },
    "ko": {
        "place": "채팅 페이지",
        "ready": "Voicetill이 {url} 에서 실행 중입니다(Ctrl-C로 멈춤).",
        "open": "같은 네트워크의 누구나 암호화 없이 접속할 수 있습니다. 인증서를 넣거나 앞에 프록시를 두세요.",
        "stopping": "멈추는 중입니다. 진행 중인 일을 마칩니다. Ctrl-C를 다시 누르면 바로 멈추며, 잃는 것은 없습니다.",
    },
}


class Web:
    """The channel. One server in one process."""

    name = "web"
    can = frozenset({"screen", "links", "push", "private"})
    patience = 20.0
    keys = frozenset(
        "host port public_url trusted_proxies tls_cert tls_key most_body most_connections rate_address rate_session"
        " metrics_from kiosk idle folder language".split()
    )
    WORDS = WORDS

    def __init__(self) -> None:
        self.front: Front | None = None

    def read(self, options: Mapping[str, Any]) -> Rules:
        """Its settings, or the SetupError that says what is wrong with them."""
        from channels.http.guard import rules_of

        return rules_of(options)

    async def run(self, house: House, options: Mapping[str, Any]) -> int:
        """Serve until SIGTERM or SIGINT; turns under way come to their replies first."""
        from channels.http.server import Front

        language = language_of(house, options) or house.languages()[0]
        self.front = front = Front(house, self, self.read(options))
        url = await front.open()
        try:
            words = told(language, self.name, WORDS)
            print(words["ready"].format(url=url), file=sys.stderr, flush=True)
            if front.exposed:
                print(words["open"], file=sys.stderr, flush=True)
            await front.until_stopped(lambda: print(words["stopping"], file=sys.stderr, flush=True))
        finally:
            self.front = None
        return 0

    async def deliver(self, session: str, reply: Reply) -> bool:
        """Push a later result to every connection at this talk. False where there is none."""
        return self.front is not None and await self.front.sockets.deliver(session, reply)


CHANNEL = Web()
