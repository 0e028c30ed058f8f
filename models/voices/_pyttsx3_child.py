"""The process in which the engine of `pyttsx3.py` works: a line of JSON in for each thing to say, one out when it is
a file.

It is started by its path, and without its folder on Python's path, where a file has the library's name. It ends when
its input does, so it never outlives whoever started it.

    {"number": 3, "text": "…", "rate": 170, "file": "…/3.wav"}  ->  {"number": 3} or {"number": 3, "wrong": "…"}
    {"forget": 3}                                                   what is numbered up to 3 need not be said any more
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import sys
import threading
from typing import Any

COMMAND = "\x01"
"""Begins a command to eSpeak NG in what it speaks."""
LONGEST = 60.0
"""Seconds until a sentence that is never finished is given up here; whoever asked is less patient."""


def main(voice: str, folder: str) -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # The library prints what it does, and the C library behind it complains about sound devices.
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)

    def answer(number: int, wrong: str = "") -> None:
        answers.write(json.dumps({"number": number} | ({"wrong": wrong} if wrong else {})) + "\n")
        answers.flush()

    asked: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    forgotten = -1

    def read() -> None:
        nonlocal forgotten
        for line in sys.stdin:
            one = json.loads(line)
            if "forget" in one:
                forgotten = one["forget"]
            else:
                asked.put(one)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    wrong: list[str] = []
    finished = threading.Event()
    try:
        import pyttsx3

        engine = pyttsx3.init("espeak")
    except Exception as error:
        answer(0, f"{type(error).__name__}: {error}")
        threading.Event().wait()
    engine.connect("error", lambda name, exception: wrong.append(str(exception)))
    engine.connect("finished-utterance", lambda name, completed: finished.set())

    def render(text: str, rate: int, file: str) -> str:
        wrong.clear()
        finished.clear()
        # eSpeak NG passes over a rate that is set once something was said, now and then or for good. As a command in
        # the text itself (Ctrl-A, words a minute, S) it counts always.
        engine.save_to_file(f"{COMMAND}{rate}S{text.replace(COMMAND, ' ')}", file)
        engine.runAndWait()  # the first of a process comes back at once, so the event is waited for
        return "" if finished.wait(LONGEST) and not wrong else (wrong or ["it isn't finished"])[0]

    engine.setProperty("voice", voice)
    answer(0, render("a", 170, os.path.join(folder, "0.wav")))
    while True:
        one = asked.get()
        if one["number"] > forgotten:
            answer(one["number"], render(one["text"], one["rate"], one["file"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
