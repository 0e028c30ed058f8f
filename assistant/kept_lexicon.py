"""What can be heard in a shop, kept from one start to the next: making it is most of a start, reading it a tenth.

A kept one counts only for the very same goods, words, languages and program; whatever is odd about a file, the lexicon
is made anew. The files are in the user's cache folder and may be deleted at any time. They are read by pickle, so one
that somebody else could have written is left alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.shop import Shop
from assistant.understanding import Lexicon, build_lexicon
from models.languages import Language

Parts = Mapping[str, Mapping[str, Mapping[str, Any]]]

HERE = Path(__file__).parent
PROGRAM = ("understanding/**/*.py", "commerce/catalogue.py", "commerce/shop.py", "turns.py")
"""The code that a lexicon is made by or consists of."""
LIBRARIES = ("msgspec", "zhconv")
DIGEST = 32


def home() -> Path:
    return Path(platformdirs.user_cache_dir("voicetill", False)) / "lexicons"


def lexicon(
    shop: Shop, catalogue: Catalogue, languages: Sequence[Language], parts: Parts, folder: Path | None = None
) -> Lexicon:
    """As `build_lexicon` makes it, from the kept file where that is of the same."""
    known: dict[str, Any] = {"shop": shop, "catalogue": catalogue}
    known |= {f"language {one.tag}": one for one in languages}
    known |= {f"item {one.id}": one for one in catalogue.items.values()}
    tags = " ".join(one.tag for one in languages)
    name = hashlib.sha256(f"{shop.folder}\n{tags}".encode()).hexdigest()[:24]
    path, digest = (folder or home()) / name, _digest(shop, catalogue, languages, parts)
    try:
        return _read(path, digest, known)
    except Exception:  # whatever it is: it was a mere copy
        made = build_lexicon(shop, catalogue, languages, parts)
    with contextlib.suppress(OSError):
        _write(path, digest, known, made)
    return made


def _digest(shop: Shop, catalogue: Catalogue, languages: Sequence[Language], parts: Parts) -> bytes:
    made = hashlib.sha256(_program())
    encode = msgspec.json.Encoder(order="deterministic", enc_hook=str).encode
    for one in (shop, catalogue, [language.tables for language in languages], parts):
        made.update(encode(one))
    return made.digest()


@cache
def _program() -> bytes:
    made = hashlib.sha256(sys.version.encode())
    for name in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            made.update(f"{name} {version(name)}".encode())
    for pattern in PROGRAM:
        for path in sorted(HERE.glob(pattern)):
            made.update(path.read_bytes())
    return made.digest()


class _Writer(pickle.Pickler):
    """Leaves out what is there anyway at the next start: the shop, its goods, the languages."""

    def __init__(self, file: io.BufferedIOBase, known: Mapping[str, Any]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._names = {id(one): name for name, one in known.items()}

    def persistent_id(self, obj: Any) -> str | None:
        return self._names.get(id(obj))


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BufferedIOBase, known: Mapping[str, Any]) -> None:
        super().__init__(file)
        self._known = known

    def persistent_load(self, pid: Any) -> Any:
        return self._known[pid]


def _read(path: Path, digest: bytes, known: Mapping[str, Any]) -> Lexicon:
    with path.open("rb") as file:
        about = os.fstat(file.fileno())
        if about.st_uid != os.geteuid() or about.st_mode & 0o022:
            raise ValueError("somebody else may have written it")
        if file.read(DIGEST) != digest:
            raise ValueError("it is of something else")
        found = _Reader(file, known).load()
    if not isinstance(found, Lexicon):
        raise ValueError("it is no lexicon")
    return found


def _write(path: Path, digest: bytes, known: Mapping[str, Any], made: Lexicon) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(digest)
            _Writer(file, known).dump(made)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
