"""A far end for models on this machine, the archives and wheels that it serves, and a home with a shelf."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.server
import io
import json
import os
import stat
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .conftest import Done, Run

BIG = 3 << 20
"""Bytes of the largest file: some blocks of a download."""
FILES = {"weights.bin": bytes(range(256)) * (BIG // 256), "conf/sounds.txt": b"a e i o u\n"}
ENGINE = '''
"""An engine for tests: a model is whatever has weights."""

from assistant.errors import SetupError
from models.recognizers import Abilities


class Model:
    def __init__(self, language):
        self.language = language

    def knows(self, word):
        return None

    def begin(self, bias=None):
        return None

    def close(self):
        pass


class Echo:
    name = "echo"
    can = Abilities(streaming=False, grammar=False, alternatives=False)
    extra = ""

    def missing(self):
        return ""

    def open(self, folder, language):
        if not (folder / "weights.bin").is_file():
            raise SetupError(f"{folder}: has no weights")
        return Model(language)


RECOGNIZER = Echo()
'''


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def zipped(files: Mapping[str, bytes], top: str = "model-1.0/") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{top}{name}", content)
    return packed.getvalue()


def rolled(files: Mapping[str, bytes], top: str = "model-1.0/") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(f"{top}{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def wheel(name: str, files: Mapping[str, bytes]) -> bytes:
    info = f"{name}-1.0.dist-info"
    plain = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{name}/__init__.py": b"",
    } | {f"{name}/data/{path}": content for path, content in files.items()}
    record = ""
    for path, content in plain.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(content)}\n"
    return zipped(plain | {f"{info}/RECORD": record.encode()}, top="")


@dataclass
class FarEnd:
    """Serves what `files` holds by path. `cut`: after how many bytes the next answers break off."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cut: list[int] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and range of each request."""

    def put(self, path: str, content: bytes) -> str:
        self.files[path] = content
        return self.url + path


@contextlib.contextmanager
def serving() -> Iterator[FarEnd]:
    """A far end on this machine."""
    end = FarEnd()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            end.asked.append((self.path, asked))
            content = end.files.get(self.path)
            if content is None:
                self.send_error(404)
                return
            begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
            if begin >= len(content) > 0:
                self.send_error(416)
                return
            self.send_response(206 if asked else 200)
            if asked:
                self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(content) - begin))
            self.end_headers()
            if end.cut:
                self.wfile.write(content[begin : begin + end.cut.pop(0)])
                self.close_connection = True
            else:
                self.wfile.write(content[begin:])

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    end.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield end
    server.shutdown()
    server.server_close()
    thread.join()


def toml(value: Any) -> str:
    """A value as TOML has it: its strings, numbers and inline tables are nearly JSON's."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


@dataclass
class Shelf:
    """A home with a shelf, a catalogue of its own and the command."""

    home: Path
    voicetill: Run
    catalogue: list[dict[str, Any]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.home / "shelf"

    def offer(self, id: str, *sources: dict[str, Any], **more: Any) -> None:
        """Put a model into the catalogue."""
        model = {
            "id": id,
            "about": id,
            "kind": "recognizer",
            "engine": "echo",
            "languages": ["tlh"],
            "licence": "MIT",
            "size": BIG,
            "memory": 1,
        }
        self.catalogue.append(model | {"source": list(sources)} | more)
        path = self.home / "extensions" / "model" / "mine.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"model = {toml(self.catalogue)}\n")

    def run(self, *arguments: str, **variables: str) -> Done:
        told = {"VOICETILL_MODELS": str(self.folder), "VOICETILL_EXTENSIONS": str(self.home / "extensions")}
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.home / "wheels"), "PIP_CONFIG_FILE": os.devnull}
        return self.voicetill("models", *arguments, **told, **pip, **variables)

    def whole(self, id: str, files: Mapping[str, bytes] = FILES) -> bool:
        return all((self.folder / id / name).read_bytes() == content for name, content in files.items())

    @property
    def lying(self) -> list[str]:
        """What is on the shelf for all to see."""
        return sorted(path.name for path in self.folder.glob("*") if not path.name.startswith("."))

    @property
    def left(self) -> list[Path]:
        """What an unpacking left behind."""
        return [*self.folder.glob(".new-*"), *self.folder.glob(".removed-*")]


def evil_link() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("model/weights.bin")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return packed.getvalue()


def evil_tar(kind: bytes, name: str, target: str = "/etc/passwd") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        archive.addfile(info, io.BytesIO(b""))
    return packed.getvalue()


def package(shelf: Shelf, name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    content = wheel(name, files)
    file = f"{name}-1.0-py3-none-any.whl"
    (shelf.home / "wheels" / file).write_bytes(content)
    return {"name": name, "version": "1.0", "file": file, "sha256": sha256(content), "size": len(content)}
