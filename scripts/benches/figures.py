"""Medians, spreads and percentiles, and what this machine and process are."""

from __future__ import annotations

import contextlib
import os
import platform
import resource
import statistics
from collections.abc import Sequence
from pathlib import Path


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def micros(seconds: float) -> float:
    return round(seconds * 1e6, 1)


class Spread:
    """The rounds of one figure: its median, with the least and the most that was seen."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values = list(values)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def as_json(self) -> dict[str, float]:
        return {"median": self.median, "least": min(self.values), "most": max(self.values)}


def peak_mb() -> float:
    """The most memory this process has had."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(size / (1024 * 1024 if platform.system() == "Darwin" else 1024), 1)


def now_mb() -> float:
    """The memory that this process has at the moment."""
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return peak_mb()
    return round(int(pages.read_text().split()[1]) * resource.getpagesize() / 2**20, 1)


def below(parent: int) -> list[int]:
    """The processes that this one has begun, and theirs (Linux)."""
    parents = {}
    for one in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            parents[int(one.parent.name)] = int(one.read_text().rpartition(")")[2].split()[1])
    found = [parent]
    for one in found:
        found += [child for child, of in parents.items() if of == one]
    return found[1:]


def children_cpu(parent: int) -> float:
    """Seconds of CPU of the processes below this one that still run (Linux)."""
    ticks = 0
    for child in below(parent):
        with contextlib.suppress(OSError):
            user, system = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:13]
            ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")


def children_mb(parent: int) -> float:
    """The memory that the processes below this one have at the moment (Linux)."""
    pages = 0
    for child in below(parent):
        with contextlib.suppress(OSError):
            pages += int(Path(f"/proc/{child}/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 2**20, 1)


def machine() -> dict[str, object]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": [round(one, 2) for one in os.getloadavg()],
    }
