"""What the whole run shares: what can be heard in a shop, which takes longer to make than most of the tests do.

It counts only for the same goods, words, languages and program (`assistant/kept_lexicon.py`): no test hears another's.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import pytest

from assistant.opening import YOUNG
from tests.newcomer import KEPT

_made = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """A folder for the commands that tests start, with xdist's workers and a pytest within a test among them."""
    gc.disable()  # until all tests are found: none of what that makes is garbage
    if KEPT not in os.environ:
        os.environ[KEPT] = config.stash[_made] = tempfile.mkdtemp(prefix="voicetill-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if made := config.stash.get(_made, None):
        shutil.rmtree(made, ignore_errors=True)
        del os.environ[KEPT]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that take minutes each begin at once, else one process is still busy with them when the others are done."""
    items.sort(key=lambda one: "properties" not in one.path.parts)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of tests and their modules stay to the end: the garbage collector need not look at them each time."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def heard_alike() -> Iterator[None]:
    """A house that is opened in this process hears with what an earlier one made of the same, and the words of a part
    are cut once: there are more of them than one house, which is opened once, need remember."""
    from assistant import interpreter, kept_lexicon
    from assistant.understanding.words import language_words

    build, cut = interpreter.build_lexicon, cache(language_words.words_of.__wrapped__)
    given: list[Any] = []

    @lru_cache(maxsize=24)
    def made(_digest: bytes) -> Any:
        return build(*given)

    def once(*now: Any) -> Any:
        given[:] = now
        return made(kept_lexicon._digest(*now))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interpreter, "build_lexicon", once)
        patch.setattr(language_words, "words_of", cut)
        yield


@pytest.fixture(scope="session", autouse=True)
def parts_of_the_house() -> None:
    """The steps, trades and providers there are, looked for before any test: a test that names an extension folder for
    a while would leave its parts to all tests behind it in this process, where it is the first to look."""
    from assistant.dialogue import flow

    for found in (flow.steps, flow.details, flow.where_to, flow._trades, flow._pretending, flow._agreeing):
        found()
