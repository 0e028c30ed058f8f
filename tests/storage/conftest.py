from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.storage import Store
from tests.storage.made import Engine


@pytest.fixture(params=["sqlite", "memory"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engine]:
    engine = Engine(request.param, tmp_path / "data")
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
