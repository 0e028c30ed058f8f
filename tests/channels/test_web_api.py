"""The API is what its description says: schemathesis asks it all sorts of things, over a real socket."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.channels.serving import serving
from tests.channels.test_identity import invited

LONGEST = 900.0
CHECKS = "all"


async def asked(folder: Path, examples: int) -> str:
    """What schemathesis says after so many requests of each kind; it ended with 0."""
    async with serving(folder, rate_address=0, rate_session=0) as served:
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{served.url}/api/v1/openapi.json"),
            *("--header", f"Authorization: Bearer {await served.token()}"),
            *("--header", f"Voicetill-Person: {await invited(served, 'owner')}"),
            *("--max-examples", str(examples), "--checks", CHECKS, "--generation-deterministic", "--no-color"),
        ]
        child = await asyncio.create_subprocess_exec(
            *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        out, _ = await asyncio.wait_for(child.communicate(), LONGEST)
        assert child.returncode == 0, out.decode()
        assert not (folder / "voicetill.log").exists()
        return out.decode()


async def test_it_is_as_it_is_described(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    said = await asked(tmp_path, 10)
    assert "25 selected / 25 total" in said, said  # all but the description itself
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


@pytest.mark.long
async def test_it_is_as_it_is_described_whatever_comes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await asked(tmp_path, 400)
    assert not [one for one in caplog.records if one.levelname == "ERROR"]
