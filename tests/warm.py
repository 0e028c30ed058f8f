"""A program from a process that has loaded it and forks for each call: what a start costs is paid once.

A call is a process of its own all the same, with the caller's arguments, variables, folder and standard streams, and an
exit code. What Python or the program reads only while it starts must be as it was for the process that forks; a call
that has it otherwise gets a start of its own. Tests of the start itself, of signals that are sent and of terminals use
`newcomer.COMMAND`.

As a script, `warm.py ADDRESS ARGUMENT…` is the caller's side.
"""

from __future__ import annotations

import json
import os
import socket
import sys

TYPE_CHECKING = False  # `typing` would be most of the caller's start
if TYPE_CHECKING:
    from typing import TextIO

READ_AT_START = ("PYTHON", "LC_", "LANG", "VOICETILL_CALLED")
SIZE = 4
"""Bytes of a number: the length of a call, and the code it ended with."""


def call(address: str, arguments: list[str]) -> int:
    """Have the program done with the streams of this process; the exit code."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        asked = json.dumps([arguments, dict(os.environ), os.getcwd()]).encode()
        socket.send_fds(line, [len(asked).to_bytes(SIZE, "big")], [0, 1, 2])
        line.sendall(asked)
        code = int.from_bytes(line.recv(SIZE), "big", signed=True)
    return 128 - code if code < 0 else code


def serve(address: str, program: str) -> None:
    """Answer calls until standard input ends; returns in the process of a call, where `main` of the program, a module,
    is to be called."""
    import gc
    import select
    import signal

    _load(program)
    gc.collect()
    gc.freeze()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while listening in select.select([listening, sys.stdin], [], [])[0]:
        line, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return _answer(line, program)
        line.close()
    os._exit(0)


def _load(program: str) -> None:
    """What the commands of a talk and of a merchant import, at their start or while they open a shop."""
    import importlib
    import pkgutil

    import assistant
    from models import languages

    for found in pkgutil.walk_packages(assistant.__path__, "assistant."):
        importlib.import_module(found.name)
    for name in ("channels.terminal", "channels.speakers", "sqlite_utils"):
        importlib.import_module(name)
    getattr(importlib.import_module(program), "prepare", lambda: None)()
    for tag in languages.available():
        languages.load(tag)


def _answer(line: socket.socket, program: str) -> None:
    head, streams, _, _ = socket.recv_fds(line, SIZE, 3)
    size = int.from_bytes(head, "big")
    asked = b""
    while len(asked) < size:
        asked += line.recv(size - len(asked))
    if child := os.fork():
        for one in streams:
            os.close(one)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        line.sendall(code.to_bytes(SIZE, "big", signed=True))
        os._exit(0)
    line.close()
    for number, one in enumerate(streams):
        os.dup2(one, number)
        os.close(one)
    arguments, variables, folder = json.loads(asked)
    os.chdir(folder)
    if _at_start(variables) != _at_start(os.environ):
        start = f"from {program} import main; main()"
        os.execve(sys.executable, [sys.executable, "-c", start, *arguments], variables)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv[1:] = arguments
    sys.stdin, sys.stdout, sys.stderr = _opened(sys.stdin, "r"), _opened(sys.stdout, "w"), _opened(sys.stderr, "w", 1)


def _opened(old: TextIO, mode: str, buffering: int = -1) -> TextIO:
    """A standard stream as Python opens it. The one at hand knows what the file was before."""
    return open(old.fileno(), mode, buffering, encoding=old.encoding, errors=old.errors, closefd=False)


def _at_start(variables: object) -> dict[str, str]:
    return {key: one for key, one in dict(variables).items() if key.startswith(READ_AT_START)}  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(call(sys.argv[1], sys.argv[2:]))
