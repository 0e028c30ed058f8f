"""How deeply a stranger's JSON is nested, seen before it is parsed."""

from __future__ import annotations

import re

MOST_DEPTH = 64
"""Brackets within brackets of a body."""
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
BRACKETS = bytes(one for one in range(256) if one not in b"[]{}")


def too_deep(raw: bytes, most: int = MOST_DEPTH) -> bool:
    """Whether brackets lie deeper within each other than any honest body's. Linear, and nothing is parsed."""
    if raw.count(b"[") + raw.count(b"{") <= most:
        return False
    depth = 0
    for one in STRINGS.sub(b"", raw).translate(None, BRACKETS):
        depth += 1 if one in b"[{" else -1
        if depth > most:
            return True
    return False
