"""What it costs to understand one utterance, in a process of its own: `python -m scripts.benches.understanding …`.

Over the burger bar with the sentences of whole talks, or over a made-up catalogue of any size. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.interpreter import lexicon_of
from assistant.shops import load_shop
from assistant.turns import Hypothesis
from assistant.understanding import Context, Lexicon, understand
from scripts.benches.figures import micros, peak_mb, percentile
from scripts.benches.goods import asked_of, shop_of
from scripts.benches.talks import TALKS

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def measure(said: Sequence[str], lexicon: Lexicon, language: str, seconds: float) -> dict[str, Any]:
    context = Context(now=NOON)
    turns = [(Hypothesis(text),) for text in said]
    understood = sum(bool(understand(one, lexicon, context, language).acts) for one in turns)
    took: list[float] = []
    cpu, end = time.process_time(), time.perf_counter() + seconds
    while (at := time.perf_counter()) < end:
        understand(turns[len(took) % len(turns)], lexicon, context, language)
        took.append(time.perf_counter() - at)
    return {
        "cpu_us": micros((time.process_time() - cpu) / len(took)),
        "p50_us": micros(percentile(took, 0.5)),
        "p95_us": micros(percentile(took, 0.95)),
        "understood": round(understood / len(turns), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="understanding", description=__doc__)
    parser.add_argument("--items", type=int, default=0, help="size of the made-up catalogue; 0 is the burger bar")
    parser.add_argument("--seconds", type=float, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as folder:
        shop, catalogue = shop_of(given.items, Path(folder)) if given.items else load_shop("burger-bar")
    before, began = peak_mb(), time.perf_counter()
    lexicon = lexicon_of(shop, catalogue)
    found: dict[str, Any] = {
        "items": len(catalogue.items),
        "ready_ms": round((time.perf_counter() - began) * 1000, 1),
        "lexicon_mb": round(peak_mb() - before, 1),
    }
    for tag in shop.languages:
        if given.items:
            said = asked_of(catalogue, tag, 400)
        else:
            said = [text for talk in dict.fromkeys(TALKS) if talk.language == tag for text in talk.said]
        found[tag] = measure(said, lexicon, tag, given.seconds)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
