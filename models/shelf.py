"""Which models are installed, and where: a model is a folder on the shelf, named by its id, and whole or not there.

Beside its files such a folder has a manifest, which names each of them with its size and sha256. A folder that somebody
unpacked there by hand has none and counts, too, where its files tell an engine.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
import platformdirs
from msgspec import Struct

from assistant.errors import CALLED, FarEndError, SetupError
from models import catalogue

HOME = Path(__file__).parent
MANIFEST = "voicetill-model.json"


class Known(Struct, frozen=True):
    """What is known of a model."""

    id: str
    kind: str
    """`recognizer` or `voice`."""
    engine: str
    languages: tuple[str, ...]
    """Tags; empty where nothing tells."""


class Shelved(Known, frozen=True):
    """A model that is installed."""

    folder: Path


class Manifest(Known, frozen=True):
    """What was put into a model's folder."""

    source: str
    files: dict[str, tuple[int, str]]
    """Path -> bytes, sha256."""


# -- where -------------------------------------------------------------------------------------------------------


def checkout() -> Path | None:
    """The top of the checkout that this runs from, or None where it was installed as a package."""
    top = HOME.parent
    return top if (top / "pyproject.toml").is_file() and (top / "scripts" / "setup.sh").is_file() else None


def shelf() -> Path:
    """Where models lie: what VOICETILL_MODELS names, else models/installed of the checkout, else the user's data."""
    named = os.environ.get("VOICETILL_MODELS")
    if named:
        return Path(named).expanduser().absolute()
    here = HOME / "installed"
    if checkout() and os.access(here if here.exists() else HOME, os.W_OK):
        return here
    return Path(platformdirs.user_data_dir("voicetill", False)) / "models"


def how_to_get(kind: str, language: str, engine: str | None = None) -> str:
    """The one command that gets a model of this kind (and for this engine, where one is named) for the language."""
    tag, known = catalogue.primary(language), catalogue.models()
    fitting = [id for id in preferred(kind, tag) if id in known and engine in (None, known[id].engine)]
    if not fitting:
        return f"{CALLED} models list"
    if engine:  # what a language is given first may be another engine's
        return f"{CALLED} models get {fitting[0]}"
    return f"{CALLED} models get {tag}" + (" --voice" if kind == "voice" else "")


def again(model: Shelved) -> str:
    """What to do about a model that isn't whole."""
    if model.id in catalogue.models():
        return f"get it again: {CALLED} models remove {model.id} && {CALLED} models get {model.id}"
    return f"put its files into {model.folder} once more"


# -- what is there -----------------------------------------------------------------------------------------------


def installed(kind: str, language: str, engine: str | None = None) -> list[Shelved]:
    """The whole ones, best first for this language."""
    tag = catalogue.primary(language)
    order = preferred(kind, tag)
    found = [
        one
        for one, missing in lying()
        if not missing and one.kind == kind and tag in one.languages and engine in (None, one.engine)
    ]
    return sorted(found, key=lambda one: order.index(one.id) if one.id in order else len(order))


def preferred(kind: str, language: str) -> list[str]:
    """Ids of models for a language, best first: those that its file names under [speech], then as the catalogue has
    them, small ones first."""
    known = [one for one in catalogue.models().values() if one.kind == kind and one.speaks(language)]
    known.sort(key=lambda one: not one.small)
    return list(dict.fromkeys((*_named(kind, catalogue.primary(language)), *(one.id for one in known))))


def proposed(kind: str, language: str) -> list[str]:
    """What is got for a language when none is named: those under [speech], else the small ones."""
    known = catalogue.models()
    return [id for id in _named(kind, catalogue.primary(language)) if id in known] or [
        id for id in preferred(kind, language) if known[id].small
    ]


def _named(kind: str, language: str) -> list[str]:
    from models import languages

    folder = catalogue.extensions()
    extra = folder / "language" if folder else None
    if language not in languages.available(extra):
        return []
    speech = languages.load(language, extra).tables.get("speech", {})
    return [str(one) for one in speech.get(f"{kind}s", ())]


def lying() -> Iterator[tuple[Shelved, list[str]]]:
    """Every model on the shelf by id, with the files it lacks: a half one can't be used."""
    try:
        folders = sorted(one for one in shelf().iterdir() if one.is_dir() and not one.name.startswith("."))
    except OSError:
        return
    for folder in folders:
        try:
            yield _looked_at(folder)
        except SetupError:
            continue  # somebody's folder that is no model at all


def of(id: str) -> tuple[Shelved, list[str]] | None:
    """A model on the shelf, and what it lacks."""
    return next((pair for pair in lying() if pair[0].id == id), None)


def by_path(folder: Path) -> Shelved:
    """The model in any folder. SetupError where it isn't one, or isn't whole."""
    if not folder.is_dir():
        raise SetupError(f"there is no folder {folder}; name the folder of a model")
    model, missing = _looked_at(folder)
    if missing:
        known = model.id in catalogue.models()
        how = f"get it again: {CALLED} models get {model.id}" if known else "put its files there once more"
        raise SetupError(f"{folder}: half a model for {model.engine}: {_some(missing)} missing or cut short; {how}")
    return model


def manifest(folder: Path) -> Manifest | None:
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def _looked_at(folder: Path) -> tuple[Shelved, list[str]]:
    kept = manifest(folder)
    if kept is not None:
        lacking = [name for name, (size, _) in kept.files.items() if _size(folder / name) != size]
        return Shelved(kept.id, kept.kind, kept.engine, kept.languages, folder), lacking
    engine, lacking = _shape(folder)
    kind = catalogue.engines()[engine].kind
    entry = _catalogued(folder.name)
    if entry is not None and entry.engine == engine:
        return Shelved(entry.id, kind, engine, entry.languages, folder), lacking
    return Shelved(folder.name, kind, engine, _languages(folder), folder), lacking


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None


def _shape(folder: Path) -> tuple[str, list[str]]:
    """The engine that the folder comes closest to being a model for, and what is missing for that."""
    best: tuple[int, str, list[str]] | None = None
    engines = catalogue.engines().values()
    for engine in engines:
        for wanted in engine.holds:
            lacking = [one for one in wanted if not any(_size(path) for path in folder.glob(one))]
            if len(lacking) < len(wanted) and (best is None or len(lacking) < best[0]):
                best = len(lacking), engine.name, lacking
    if best is None:
        told = "; ".join(f"{one.name}: {', '.join(one.holds[0])}" for one in engines)
        raise SetupError(f"{folder}: is no model; a folder must hold what an engine needs ({told})")
    return best[1], best[2]


def _catalogued(name: str) -> catalogue.Model | None:
    """The model that a folder of this name is: by its id, or as the official archive calls it."""
    for model in catalogue.models().values():
        archives = (Path(source.archive).name for source in model.source if source.archive)
        if name == model.id or any(archive.removesuffix(".zip") == name for archive in archives):
            return model
    return None


def _languages(folder: Path) -> tuple[str, ...]:
    """What a model says of itself in its settings; most say nothing."""
    for path in sorted(folder.glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            code = (told.get("language") or {}).get("code") or told["espeak"]["voice"]
            return (catalogue.primary(code),)
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            continue
    return ()


# -- checking and removing ---------------------------------------------------------------------------------------


def faults(model: Shelved, progress: Callable[[int], None] = lambda _: None) -> list[str]:
    """What is wrong with the files of a model on the shelf, read whole. `progress` is told of each stretch of bytes."""
    kept = manifest(model.folder)
    entry = catalogue.models().get(model.id)
    wanted: Mapping[str, str] = entry.files if entry else {}
    if kept is not None:  # written when they were unpacked out of what had the right checksum
        wanted = {name: digest for name, (_, digest) in kept.files.items()}
    if not wanted:
        return _shape(model.folder)[1]
    found = []
    for name, digest in wanted.items():
        if not (model.folder / name).is_file():
            found.append(f"{name} is missing")
        elif checksum(model.folder / name, progress) != digest:
            found.append(f"{name} is damaged")
    return found


def checksum(path: Path, progress: Callable[[int], None] = lambda _: None) -> str:
    """The sha256 of a file."""
    seen = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            seen.update(part)
            progress(len(part))
    return seen.hexdigest()


def remove(model: Shelved) -> None:
    """Take a model from the shelf. It is gone at once, and then deleted."""
    gone = model.folder.with_name(f".removed-{model.folder.name}-{os.getpid()}")
    try:
        model.folder.rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        raise FarEndError(f"{model.folder}: can't be removed ({error.strerror})", can_retry=True) from None


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more are" if len(names) > 3 else " is")
