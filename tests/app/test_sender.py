"""Sign-in codes on their way: by SMTP to a server of our own, and what is said when it can't be."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from assistant.errors import FarEndError, SetupError
from assistant.sender import Mail, Outbox, mail_of, sender_of
from tests.app.conftest import Opened
from tests.app.talk import kiosk as kiosk_shop


class Post:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.refuses = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 post\r\n")
        while line := await reader.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                self.taken.append(await reader.readuntil(b"\r\n.\r\n"))
            if word == b"QUIT":
                break
            writer.write(b"550 no\r\n" if self.refuses and word == b"RCPT" else b"250 well\r\n")
        writer.close()


@pytest.fixture
async def post() -> AsyncIterator[tuple[Post, int]]:
    post = Post()
    server = await asyncio.start_server(post.serve, "127.0.0.1", 0)
    yield post, server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.parametrize(("language", "words"), [("en", "sign-in code"), ("zh", "登录码"), ("ko", "로그인 코드")])
async def test_a_code_comes_by_mail(open_kiosk: Opened, post: tuple[Post, int], language: str, words: str) -> None:
    server, port = post
    kiosk = await open_kiosk()
    settings = {"sender": f"smtp://127.0.0.1:{port}", "from": "Kiosk <kiosk@example.com>"}
    kiosk.house.people.sender = sender_of(settings, kiosk.data, mail_of(*kiosk_shop(kiosk.data)))
    await kiosk.house.people.send_code("ana@example.com", language, lambda secret: f"https://x.example/?link={secret}")
    message = message_from_bytes(server.taken[0], policy=policy.default)
    assert (message["To"], message["From"]) == ("ana@example.com", "Kiosk <kiosk@example.com>")
    text = message.get_content()
    assert words in text
    assert "https://x.example/?link=" in text and str(message["Subject"]).split()[0] in text


async def test_what_cant_be_sent_is_no_sign_in(open_kiosk: Opened, post: tuple[Post, int], tmp_path: Path) -> None:
    server, port = post
    kiosk = await open_kiosk()
    server.refuses = True
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        nobody = gone.getsockname()[1]
        for where in (port, nobody):
            settings = {"sender": f"smtp://127.0.0.1:{where}", "from": "kiosk@example.com"}
            kiosk.house.people.sender = sender_of(settings, kiosk.data, mail_of(*kiosk_shop(kiosk.data)))
            with pytest.raises(FarEndError):
                await kiosk.house.people.send_code("ana@example.com", "en")
            with pytest.raises(SetupError):  # mail reaches no phone
                await kiosk.house.people.send_code("+86 138 0013 8000", "en")
    kiosk.house.people.sender = Outbox(tmp_path / "no such folder" / "outbox")
    with pytest.raises(FarEndError):
        await kiosk.house.people.send_code("ana@example.com", "en")


def test_a_sender_is_what_the_settings_name(tmp_path: Path) -> None:
    def words(language: str, code: str, link: str) -> tuple[str, str]:
        return "", ""

    assert sender_of({}, tmp_path, words) is None
    assert isinstance(sender_of({"sender": "file:out"}, tmp_path, words), Outbox)
    mail = sender_of({"sender": "smtps://a%40b:p@mail.example", "from": "a@b.c", "password": "q"}, tmp_path, words)
    assert isinstance(mail, Mail) and (mail.user, mail.password, mail.port, mail.secure) == ("a@b", "q", 465, True)
    for wrong in ({"sender": "smtp://mail.example"}, {"sender": "pigeon"}, {"sender": "smtp://"}, {"sender": "file:"}):
        with pytest.raises(SetupError):
            sender_of(wrong, tmp_path, words)
