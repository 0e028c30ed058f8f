"""Every sentence of a language by key, from its file and from the WORDS of the parts; cached."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.discovery import discover, extensions
from models import languages


def language_folder() -> Path | None:
    folder = extensions()
    return folder / "language" if folder else None


def tables_of(tag: str) -> Mapping[str, Any]:
    return languages.load(tag, language_folder()).tables


def wordings(tag: str) -> dict[str, tuple[str, str]]:
    """Every sentence of a language by key: parts' WORDS under the part's name, then the language file's, which win."""
    return _wordings(tag, language_folder())


@lru_cache(maxsize=32)
def _wordings(tag: str, folder: Path | None) -> dict[str, tuple[str, str]]:
    made: dict[str, tuple[str, str]] = {}
    for kind in ("step", "trade", "provider"):
        for name, part in discover(kind).items():
            own = part.WORDS.get(tag, {})
            _collect(made, name, {**own, **own.get("say", {})})
    _collect(made, "", languages.load(tag, folder).tables.get("say", {}))
    return made


def _collect(made: dict[str, tuple[str, str]], prefix: str, table: Mapping[str, Any]) -> None:
    for key, wording in table.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(wording, str):
            made[path] = (wording, wording)
        elif isinstance(wording, Mapping) and set(wording) == {"ear", "eye"}:
            made[path] = (wording["ear"], wording["eye"])
        elif isinstance(wording, Mapping) and key not in ("hear", "say"):
            _collect(made, path, wording)
