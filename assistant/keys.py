"""The key of a data folder: what is secret is kept as a keyed hash, what must be read again is sealed with it.

The file is made when it is first needed, for its owner alone. Who has the store without it has neither codes nor
addresses; who loses it signs in again.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SetupError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

FILE = "secret.key"
BYTES = 32


class Keys:
    """Of one data folder. Nothing is read or written before it is used."""

    def __init__(self, data: Path) -> None:
        self._file = data / FILE

    def hash(self, purpose: str, text: str) -> str:
        """Always the same for the same text; nothing can be told from it without the key, nor found by trying."""
        return self._hmac(purpose, text).hex()

    def digits(self, purpose: str, text: str, length: int) -> str:
        """So many digits that follow from a text, the first of them no zero."""
        low, high = 10 ** (length - 1), 10**length
        return str(low + int.from_bytes(self._hmac(purpose, text)) % (high - low))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """ "" where it was sealed with another key."""
        from cryptography.fernet import InvalidToken

        with contextlib.suppress(InvalidToken):
            return self._fernet.decrypt(sealed.encode()).decode()
        return ""

    def _hmac(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self._key, f"{purpose}\0{text}".encode(), hashlib.sha256)

    @cached_property
    def _fernet(self) -> Fernet:
        from cryptography.fernet import Fernet

        return Fernet(urlsafe_b64encode(self._hmac("seal", "")))

    @cached_property
    def _key(self) -> bytes:
        try:
            if not self._file.exists():
                self._make()
            key = self._file.read_bytes()
        except OSError as error:
            raise SetupError(
                f"{self._file}: can't be read or made ({error.strerror}); make its folder writable"
            ) from error
        if len(key) != BYTES:
            raise SetupError(
                f"{self._file}: is no key of ours; put the right one back, or delete it (all sign in again)"
            )
        return key

    def _make(self) -> None:
        """Whole at once: another process must not read half of it. Of several that make one, the first wins."""
        fresh = self._file.with_name(f".{FILE}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(secrets.token_bytes(BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            with contextlib.suppress(FileExistsError):
                os.link(fresh, self._file)
        finally:
            fresh.unlink()
