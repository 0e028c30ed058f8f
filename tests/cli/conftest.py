"""Runs the real command in child processes, each test in a home of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.newcomer import newcomer, warm


class Done:
    """A finished command."""

    def __init__(self, ran: subprocess.CompletedProcess[bytes]) -> None:
        self.code = ran.returncode
        self.out = ran.stdout.decode("utf-8", "replace")
        self.err = ran.stderr.decode("utf-8", "replace")

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def refused(self) -> str:
        """The one sentence of a command that ended with 2."""
        assert (self.code, self.out) == (2, ""), self.err
        (line,) = self.err.splitlines()
        assert line.startswith("voicetill: ")
        return line.removeprefix("voicetill: ")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return newcomer(tmp_path, LC_ALL="C.UTF-8", TERM="xterm-256color")


Run = Callable[..., Done]


@pytest.fixture
def voicetill(tmp_path: Path, env: dict[str, str]) -> Run:
    """voicetill("chat", "--json", said=["two burgers"], VOICETILL_SANDBOX="decline")"""

    def run(*arguments: str, said: list[str] | bytes = b"", **variables: str) -> Done:
        typed = said if isinstance(said, bytes) else "".join(f"{line}\n" for line in said).encode()
        return Done(
            subprocess.run(
                [*warm(), *arguments],
                input=typed,
                capture_output=True,
                cwd=tmp_path,
                env={**env, **variables},
                timeout=60,
            )
        )

    return run


@pytest.fixture
def chat(voicetill: Run) -> Callable[..., list[dict[str, Any]]]:
    """The replies to a talk at burger-bar (or `shop`), typed through a pipe."""

    def talk(
        *said: str, shop: str = "burger-bar", session: str = "s1", lang: str = "en", **variables: str
    ) -> list[dict[str, Any]]:
        done = voicetill(
            "chat",
            "--json",
            "--shop",
            shop,
            "--lang",
            lang,
            "--session",
            session,
            "--data",
            "data",
            said=list(said),
            **variables,
        )
        assert done.code == 0, done.err
        return done.rows

    return talk


TO_THE_YES = (
    "two large cheeseburgers, one without onions, and a coke",
    "make the coke two",
    "checkout",
    "delivery to 12 High Street",
    "as soon as possible",
    "Ana, 555 0134",
    "card",
)
PAID = (*TO_THE_YES, "yes")
