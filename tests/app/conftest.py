from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.storage.memory import MemoryStore
from tests.app.talk import Clock, Kiosk

Opened = Callable[..., Awaitable[Kiosk]]


@pytest.fixture(params=["memory", "sqlite"])
async def open_kiosk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Opened]:
    """Opens the kiosk over each engine; what is opened is closed at the end."""
    opened: list[Kiosk] = []

    async def open_one(*script: str, **fields: Any) -> Kiosk:
        clock = fields.setdefault("clock", Clock())
        if "store" not in fields and request.param == "memory":
            fields["store"] = MemoryStore(real_clock=clock.real)
        opened.append(await Kiosk.open(tmp_path / "data", *script, **fields))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()


@pytest.fixture(autouse=True)
def plain_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the tests say what the sandbox does."""
    for name in ("VOICETILL_SANDBOX", "VOICETILL_SANDBOX_DELAY", "VOICETILL_EXTENSIONS"):
        monkeypatch.delenv(name, raising=False)
