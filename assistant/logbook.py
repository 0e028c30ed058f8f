"""The log beside a shop's data: what went wrong inside, and never more of it than has room."""

from __future__ import annotations

import contextlib
import logging
import os

MOST = 4 << 20
"""Bytes; beyond that it becomes the old one, and a new one begins."""


class Logbook(logging.FileHandler):
    """Strangers can bring about what is noted, so the disk must not fill with it. Made when there is something to note;
    several processes may write it."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):  # the disk is full, or another process did it
            if self.stream is not None and self.stream.tell() > MOST:
                self.close()
                os.replace(self.baseFilename, f"{self.baseFilename}.1")
        super().emit(record)
