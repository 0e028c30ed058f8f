"""Finding names at any size of the catalogue, in a process of its own: `python -m scripts.benches.names PART FOLDER …`.

The goods, the sentences and the ways to get a name wrong are those of a folder that is given (goods.py, match_bench.py,
intents_bench.py), so that others' figures stand beside ours. Prints one JSON object.

  clean     what understanding a clean sentence costs, and whether act and goods are right
  misheard  sentences with one wrong letter in each name (en), with letters of the same sound (zh): what understanding
            them costs, beside rapidfuzz over all names, sentence by sentence; and which names are found
  memory    what is kept for the names in two languages, above the catalogue itself, and how long making it takes
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.shop import Shop
from assistant.interpreter import lexicon_of
from assistant.turns import Hypothesis, Meaning
from assistant.understanding import Context, Lexicon, understand
from assistant.understanding.misheard.near import near_of
from assistant.understanding.words.names import plain
from assistant.understanding.words.text import words_of
from scripts.benches.figures import micros, now_mb, peak_mb, percentile
from scripts.benches.goods import shop_with
from scripts.benches.understanding import NOON

WRONG = {"en": "typo", "zh": "sound"}
"""Language -> how its names are got wrong."""
ACTS = {"add": "add", "remove": "remove", "show": "show_basket", "checkout": "checkout", "cancel": "cancel"}
"""The peer's intents -> our acts."""
SENTENCES = 200
TIMES = 2
"""Each sentence is understood so often; the quickest time counts, ours and theirs."""
CONTEXT = Context(now=NOON)


def opened(goods: Any, items: int, languages: Sequence[str]) -> tuple[Shop, Catalogue]:
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as folder:
        return shop_with({tag: goods.products(items, tag) for tag in languages}, Path(folder))


def heard(text: str, lexicon: Lexicon, language: str) -> Meaning:
    return understand((Hypothesis(text),), lexicon, CONTEXT, language)


def meant(meaning: Meaning) -> set[str]:
    """The goods that would be ordered, or are asked about."""
    acts = (*meaning.acts, *(act for doubt in meaning.ask for act in doubt.candidates))
    return {line.item for act in acts for line in act.lines if line.item}


def quickest(call: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return min(took)


def clean(goods: Any, items: int, seconds: float) -> dict[str, Any]:
    shop, catalogue = opened(goods, items, ["en"])
    lexicon = lexicon_of(shop, catalogue)
    samples = importlib.import_module("intents_bench").samples(goods.products(items, "en"), SENTENCES)
    right = 0
    for text, intent, name in samples:
        meaning = heard(text, lexicon, "en")
        items_meant = {catalogue.items[item].names["en"][0] for item in meant(meaning)}
        right += [act.act for act in meaning.acts] == [ACTS[intent]] and items_meant == ({name} if name else set())
    took: list[float] = []
    worked: list[float] = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        cpu = time.thread_time()
        heard(samples[len(took) % len(samples)][0], lexicon, "en")
        worked.append(time.thread_time() - cpu)
        took.append(time.perf_counter() - began)
    return {
        "p50_us": micros(percentile(took, 0.5)),
        "p95_us": micros(percentile(took, 0.95)),
        "p95_cpu_us": micros(percentile(worked, 0.95)),
        "right": round(right / len(samples), 3),
    }


def misheard(goods: Any, items: int, language: str) -> dict[str, Any]:
    shop, catalogue = opened(goods, items, [language])
    lexicon, names = lexicon_of(shop, catalogue), goods.products(items, language)
    ids = {name: f"g{number}" for number, name in enumerate(names)}
    phrases = importlib.import_module("match_bench").phrases
    near = near_of(lexicon, language)
    ours: list[float] = []
    theirs: list[float] = []
    found = {"understood": 0, "found": 0, "first": 0, "rapidfuzz": 0, "names": 0}
    for text, wanted in goods.utterances(names, language, SENTENCES // 2, noise=WRONG[language]):
        heard(text, lexicon, language)
        parts = phrases(text, language)
        ours.append(quickest(lambda text=text: heard(text, lexicon, language)))
        theirs.append(
            quickest(lambda parts=parts: [process.extractOne(one, names, scorer=fuzz.ratio) for one in parts])
        )
        understood = meant(heard(text, lexicon, language))
        found["names"] += len(wanted)
        found["understood"] += sum(ids[name] in understood for name in wanted)
        for part, name in zip(parts, wanted, strict=False):
            matches = [plain(match.phrase) for match in near.find(part)]
            best = process.extractOne(part, names, scorer=fuzz.ratio)
            found["found"] += plain(words_of(name)) in matches
            found["first"] += matches[:1] == [plain(words_of(name))]
            found["rapidfuzz"] += best is not None and best[0] == name
    shares = {key: round(count / found["names"], 3) for key, count in found.items() if key != "names"}
    return {
        "p50_us": micros(percentile(ours, 0.5)),
        "p95_us": micros(percentile(ours, 0.95)),
        "rapidfuzz_p50_us": micros(percentile(theirs, 0.5)),
        "ratio": round(percentile(ours, 0.5) / percentile(theirs, 0.5), 3),
        **shares,
    }


def memory(goods: Any, items: int) -> dict[str, Any]:
    """Twice over: as the system sees it, and what was allocated (which what had been freed before can't hide)."""
    languages = ("en", "zh")
    shop, catalogue = opened(goods, items, languages)
    gc.collect()
    before, began = now_mb(), time.process_time()
    lexicon = lexicon_of(shop, catalogue)
    ready = time.process_time() - began
    exact_mb = now_mb() - before
    began = time.process_time()
    for tag in languages:
        near_of(lexicon, tag)
    near_ready = time.process_time() - began
    for tag in languages:
        _use(lexicon, goods, tag)
    gc.collect()
    resident = now_mb() - before
    del lexicon
    gc.collect()
    tracemalloc.start()
    lexicon = lexicon_of(shop, catalogue)
    exact = tracemalloc.get_traced_memory()[0]
    for tag in languages:
        near_of(lexicon, tag)
        _use(lexicon, goods, tag)
    gc.collect()
    kept, most = tracemalloc.get_traced_memory()
    return {
        "ready_s": round(ready, 2),
        "near_ready_s": round(near_ready, 2),
        "exact_mb": round(exact_mb, 1),
        "all_mb": round(resident, 1),
        "exact_allocated_mb": round(exact / 2**20, 1),
        "all_allocated_mb": round(kept / 2**20, 1),
        "most_allocated_mb": round(most / 2**20, 1),
        "process_peak_mb": peak_mb(),
    }


def _use(lexicon: Lexicon, goods: Any, language: str) -> None:
    """Some sentences, clean and wrong, so that everything that is made on first use is there."""
    names = goods.products(len(lexicon.catalogue.items), language)
    for noise in (None, WRONG[language]):
        for text, _ in goods.utterances(names, language, 20, noise=noise):
            heard(text, lexicon, language)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="names", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=("clean", "misheard", "memory"))
    parser.add_argument("folder", type=Path, help="has goods.py, match_bench.py and intents_bench.py")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--language", choices=sorted(WRONG), default="en", help="of the misheard sentences")
    parser.add_argument("--seconds", type=float, default=2.0)
    given = parser.parse_args()
    sys.path.insert(0, str(given.folder.resolve()))
    goods = importlib.import_module("goods")
    if given.part == "clean":
        found = clean(goods, given.items, given.seconds)
    elif given.part == "misheard":
        found = misheard(goods, given.items, given.language)
    else:
        found = memory(goods, given.items)
    print(json.dumps({"items": given.items, **found}))


if __name__ == "__main__":
    main()
