"""The log beside the data: it is there when something went wrong, and never fills the disk."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from assistant import logbook


def test_it_is_made_when_there_is_something_to_note_and_has_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "MOST", 10_000)
    path = tmp_path / "voicetill.log"
    books = [logbook.Logbook(path, delay=True, encoding="utf-8") for _ in range(2)]  # as of two processes
    assert not path.exists()
    for number in range(1000):
        for book in books:
            book.handle(logging.LogRecord("shop", logging.WARNING, "", 0, f"{number} 坏了 {'x' * 80}", None, None))
    for book in books:
        book.close()
    assert "999 坏了" in path.read_text(encoding="utf-8")
    kept = sorted(tmp_path.iterdir())
    assert [one.name for one in kept] == ["voicetill.log", "voicetill.log.1"]
    assert sum(one.stat().st_size for one in kept) < 50_000


def test_a_full_disk_is_nobodys_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    book = logbook.Logbook("/dev/full", delay=True, encoding="utf-8")
    for _ in range(3):
        book.handle(logging.LogRecord("shop", logging.WARNING, "", 0, "x" * 10_000, None, None))
