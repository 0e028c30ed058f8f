"""Medians, spreads and percentiles, and what this machine and process are."""

from __future__ import annotations

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


def machine() -> dict[str, object]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": [round(one, 2) for one in os.getloadavg()],
    }
