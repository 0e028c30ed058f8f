from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import assistant.premises
from assistant.commerce.shop import Method
from assistant.storage.memory import MemoryStore
from tests.app import talk
from tests.app.far_end import ByTransfer, FarEnd
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


@pytest.fixture
async def by_transfer(open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch) -> ByTransfer:
    """The kiosk with one more method, whose far end the test plays."""
    far_end = FarEnd()
    find, make = assistant.premises.find, talk.kiosk
    monkeypatch.setattr(
        assistant.premises, "find", lambda kind, name: far_end if name == "transfer" else find(kind, name)
    )

    def with_transfer(*given: object) -> object:
        shop, catalogue = make(*given)  # type: ignore[arg-type]
        methods = {**shop.methods, "transfer": Method(id="transfer", names={"en": ("transfer",)}, provider="transfer")}
        return replace(shop, methods=methods), catalogue

    monkeypatch.setattr(talk, "kiosk", with_transfer)

    async def open_both() -> tuple[Kiosk, FarEnd]:
        kiosk = await open_kiosk()
        await kiosk.to_read_back(method="transfer")
        return kiosk, far_end

    return open_both


@pytest.fixture(autouse=True)
def plain_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the tests say what the sandbox does."""
    for name in ("VOICETILL_SANDBOX", "VOICETILL_SANDBOX_DELAY", "VOICETILL_EXTENSIONS"):
        monkeypatch.delenv(name, raising=False)
