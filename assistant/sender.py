"""Sends a sign-in code to a person: by e-mail, or into a file while nothing is to be sent."""

from __future__ import annotations

import asyncio
import json
import os
import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.shop import Shop
from assistant.dialogue.say import Named, voice_for
from assistant.errors import FarEndError, SetupError
from assistant.steps import Said

KEYS = frozenset({"sender", "from", "password"})
"""Of `[people]`, and `VOICETILL_PEOPLE_PASSWORD`."""
SECONDS = 20.0
"""How long a mail server may take for each step."""

Words = Callable[[str, str, str], tuple[str, str]]
"""(language, code, link) -> subject, text."""


class Sender(Protocol):
    """A way to reach a person with a sign-in code."""

    phones: bool

    def reaches(self, contact: str) -> bool: ...

    async def send(self, contact: str, language: str, code: str, link: str) -> None:
        """FarEndError where it couldn't be sent."""
        ...


class Outbox:
    """A JSON line a message, in a file that its owner alone can read: for development."""

    phones = True

    def __init__(self, file: Path) -> None:
        self.file = file

    def reaches(self, contact: str) -> bool:
        return True

    async def send(self, contact: str, language: str, code: str, link: str) -> None:
        line = json.dumps({"to": contact, "language": language, "code": code, "link": link}, ensure_ascii=False)
        try:
            with os.fdopen(os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
                file.write(line + "\n")
        except OSError as error:
            raise FarEndError(f"{self.file} can't be written ({error.strerror})", can_retry=True) from error


class Mail:
    """By SMTP, in a thread of its own."""

    phones = False

    def __init__(self, url: str, sender: str, password: str, words: Words) -> None:
        parts = urlsplit(url)
        self.secure = parts.scheme == "smtps"
        self.host, self.port = parts.hostname or "", parts.port or (465 if self.secure else 587)
        self.user, self.password = unquote(parts.username or ""), password or unquote(parts.password or "")
        self.sender, self.words = sender, words

    def reaches(self, contact: str) -> bool:
        return "@" in contact

    async def send(self, contact: str, language: str, code: str, link: str) -> None:
        subject, text = self.words(language, code, link)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, contact, subject
        message.set_content(text)
        try:
            await asyncio.to_thread(self._send, message)
        except (OSError, smtplib.SMTPException) as error:
            raise FarEndError(f"{self.host} didn't take the message ({error})", can_retry=True) from error

    def _send(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        near = self.host in ("localhost", "127.0.0.1", "::1")
        if self.secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        with server:
            if not self.secure and not near:
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)


def mail_of(shop: Shop, catalogue: Catalogue) -> Words:
    """The shop's own message with a sign-in code."""

    def words(language: str, code: str, link: str) -> tuple[str, str]:
        voice = voice_for(language, shop, catalogue)
        values = {"code": code, "link": link, "shop": Named(shop.names, shop.name)}
        keys = ("mail.subject", "mail.text", "mail.link" if link else "mail.no_link")
        subject, text, more = (voice.say(Said(key, values))[1] for key in keys)
        return subject, f"{text}\n\n{more}\n"

    return words


def sender_of(settings: Mapping[str, Any], data: Path, words: Words) -> Sender | None:
    """As `[people]` has it; None where nothing is set. SetupError tells what is wrong with it."""
    url = str(settings.get("sender", ""))
    if not url:
        return None
    scheme, _, rest = url.partition(":")
    if scheme == "file" and rest:
        return Outbox(data / rest.removeprefix("//"))
    if scheme in ("smtp", "smtps") and urlsplit(url).hostname:
        if "@" not in str(settings.get("from", "")):
            raise SetupError("[people] from: write the address that messages come from, such as shop@example.com")
        return Mail(url, str(settings["from"]), str(settings.get("password", "")), words)
    raise SetupError(f"[people] sender: '{url}' is neither smtp://HOST, smtps://HOST nor file:NAME")
