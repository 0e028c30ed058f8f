from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.storage import Store, at_once
from tests.storage.made import Engine


@pytest.fixture(params=["sqlite", "sqlite, step by step", "memory"])
async def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Engine]:
    if request.param == "sqlite, step by step":  # as where one statement could not write all of it
        monkeypatch.setattr(at_once, "can_be", lambda change: False)
    engine = Engine(request.param.split(",")[0], tmp_path / "data")
    yield engine
    for store in engine.opened:
        await store.close()


@pytest.fixture
def store(engine: Engine) -> Store:
    return engine.open()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Engine]:
    """What only a disk can show."""
    engine = Engine("sqlite", tmp_path / "data")
    yield engine
    for store in engine.opened:
        await store.close()
