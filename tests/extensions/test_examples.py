"""The filled examples keep every promise of their kind, as the parts of the house do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

EXTENSIONS = Path(__file__).parent
TOP = EXTENSIONS.parents[1]


def test_the_examples_keep_what_their_kind_promises() -> None:
    """In a process of their own: whoever names an extension folder has its parts everywhere."""
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider"),
            *("tests/contracts", "tests/payments/test_provider_contract.py"),
            *("-k", "tcp or intercom or (pt and not needs_apt) or invoice or parking or gift_note or morse"),
        ],
        cwd=TOP,
        env={**os.environ, "VOICETILL_EXTENSIONS": str(EXTENSIONS)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout
    for suite in ("channels", "speakers", "languages", "providers", "trades", "steps", "recognizers", "voices"):
        assert f"tests/contracts/test_{suite}.py" in ran.stdout, f"no promise of {suite} was looked at"
