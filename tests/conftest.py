"""What the whole run shares: a folder in which what can be heard in a shop is kept (see tests/newcomer.py)."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

from tests.newcomer import KEPT

_made = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """One for xdist's workers and for a pytest within a test, too."""
    if KEPT not in os.environ:
        os.environ[KEPT] = config.stash[_made] = tempfile.mkdtemp(prefix="voicetill-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if made := config.stash.get(_made, None):
        shutil.rmtree(made, ignore_errors=True)
        del os.environ[KEPT]
