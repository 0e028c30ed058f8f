"""What Prometheus is told: how many, how long, how it is."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

KIND = CONTENT_TYPE_LATEST
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)


class Measures:
    """Of one server. No label has a value that a client chooses, so there is a bounded number of series."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        turns = Histogram(
            "voicetill_turn_seconds", "From what was said to its reply", ("way",), registry=registry, buckets=SECONDS
        )
        self.turn = {way: turns.labels(way).observe for way in ("api", "socket")}
        self._answers = Counter(
            "voicetill_http_answers", "Answers by route and status", ("route", "status"), registry=registry
        )
        self._known: dict[tuple[str, int], Counter] = {}
        self.sockets = Gauge("voicetill_sockets", "WebSockets that are open", registry=registry)
        self.slow = Counter("voicetill_slow_readers", "WebSockets closed because nobody read", registry=registry)
        self.pushed = Counter("voicetill_pushed", "Later results pushed to a WebSocket", registry=registry)
        self._well = Gauge("voicetill_well", "1 where this part of the shop is well", ("part",), registry=registry)

    def answered(self, route: str, status: int) -> None:
        counter = self._known.get((route, status))
        if counter is None:
            counter = self._known[route, status] = self._answers.labels(route, status)
        counter.inc()

    def exposition(self, health: Mapping[str, str]) -> bytes:
        for part, wrong in health.items():
            self._well.labels(part).set(0 if wrong else 1)
        return generate_latest(self._registry)
