"""What the tests of parts bring along: a part is one file plus its test, and the test says how the part is tried."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from assistant.discovery import extensions


def brought(kind: str, constant: str) -> dict[str, Any]:
    """The constant of each test of a part, by the part's name: of those that lie in tests/<kind>s or beside an
    extension's part."""
    folders = [Path(__file__).parent / f"{kind}s"]
    if (extended := extensions()) is not None:
        folders.append(extended / kind)
    found = {}
    for path in sorted(one for folder in folders for one in folder.glob("test_*.py")):
        spec = spec_from_file_location(f"{constant.lower()}_of_{kind}_{path.stem}", path)
        assert spec is not None and spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        if (value := getattr(module, constant, None)) is not None:
            found[path.stem.removeprefix("test_")] = value
    return found
