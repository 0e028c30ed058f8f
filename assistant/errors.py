"""Every exception we raise, grouped by who can mend it.

Expected outcomes (a decline, a sold-out item, a version conflict) are values, never exceptions.
"""

from __future__ import annotations

import os
import shlex

CALLED = shlex.quote(os.environ.get("VOICETILL_CALLED") or "voicetill")
"""How the command was called: what a message tells to type must work where it is read. In a checkout that is
scripts/run."""


class VoicetillError(Exception):
    """Anything we raise on purpose."""


class SetupError(VoicetillError):
    """The merchant or installer can mend it: a file, a key, a folder, an argument.

    The text says what is wrong, where, and what to do, a line for each fault. The command line ends with 2.
    """


class UnknownError(SetupError):
    """What is named isn't there."""


class FarEndError(VoicetillError):
    """Something outside failed: a gateway, a disk, a device. The command line ends with 3."""

    def __init__(self, message: str, *, can_retry: bool) -> None:
        super().__init__(message)
        self.can_retry = can_retry


class StoreError(FarEndError):
    """The store could not commit (full disk, lock held too long). Nothing of the turn was written."""


class ReusedTurnError(VoicetillError):
    """A turn id came again with another body: the caller must send a new id. Nothing was done."""


class UnfitTurnError(VoicetillError):
    """A turn id that can't be kept as it came: the caller must send another. Nothing was done."""


class OutdatedError(VoicetillError):
    """An answer to a reply that is no longer the last one of its talk: what it would mean now nobody has seen. Nothing
    was done."""


class CodeError(VoicetillError):
    """A code leads nowhere. `why`: wrong, old, used, many (too many wrong ones: wait a while), or often (too
    many were sent)."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the code can't be taken: {why}")
        self.why = why


class NotAllowedError(VoicetillError):
    """Somebody asks for what isn't theirs to ask for. Nothing was done."""


class Bug(VoicetillError):
    """We can mend it: a state that our own rules say cannot be."""


class Faults:
    """What is wrong with settings, collected: `with faults:` around each part that may be wrong by itself, then `tell`,
    so that all of it can be mended at once."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def __enter__(self) -> None:
        """Nothing to begin."""

    def __exit__(self, kind: object, error: object, _trace: object) -> bool:
        if not isinstance(error, SetupError):
            return False
        self.told.append(str(error))
        return True

    def tell(self) -> None:
        """Raises what was collected, a line each."""
        if self.told:
            raise SetupError("\n".join(self.told))
