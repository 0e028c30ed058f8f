"""The sets of a folder, scored by the `score.py` in it: `*/*.jsonl` whose rows have a gold, each with its shop.

As a program it is the time of an utterance of one set, in a process of its own, after every sentence was said once:
`python -m scripts.benches.sets SET --score SCORE.py --shop FOLDER`. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

SCORER = "score.py"
GOLD = frozenset({"expected", "steps", "gold"})
"""What a row has that `score.py` can score."""
ROUNDS = 3
UNDERSTAND = "import sys; from assistant.cli import main; sys.exit(main())"
COLUMNS = (
    ("rows", "rows"),
    ("exact", "exact"),
    ("exact_95", "95 %"),
    ("f1_item", "item"),
    ("f1_quantity", "quantity"),
    ("f1_size", "size"),
    ("f1_option", "option"),
    ("silent", "silent"),
    ("asked", "asked"),
    ("needless", "needless"),
    ("false", "false"),
)
"""Columns of the scorer, in per cent but for the rows, and what stands above them."""


class Set(Struct, frozen=True):
    path: Path
    nbest: bool
    """Its rows have what else a recogniser heard."""

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"


def sets_in(folder: Path) -> list[Set]:
    found = []
    for path in sorted(folder.glob("*/*.jsonl")):
        rows = _rows(path)
        if rows and all(GOLD & row.keys() for row in rows):
            found.append(Set(path, any("alternatives" in row for row in rows)))
    return found


def others_in(folder: Path) -> list[Path]:
    """Sets of sentences with slots and no order: what `scripts.benches.stays` scores."""
    return [
        path
        for path in sorted(folder.glob("*/*.jsonl"))
        if (rows := _rows(path)) and all(isinstance(row.get("slots"), list) and not GOLD & row.keys() for row in rows)
    ]


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    return rows if all(isinstance(row, dict) for row in rows) else []


def scored(folder: Path, one: Set) -> dict[str, Any]:
    """What the scorer says of a set: {"shop", "groups": {group: {column: share}}}."""
    command = shlex.join([sys.executable, "-c", UNDERSTAND, "understand"]) + " --shop {shop} --lang {lang} {expects}"
    words = [sys.executable, str(folder / SCORER), str(one.path), "--json", "--command", command]
    done = subprocess.run([*words, *(["--nbest"] if one.nbest else [])], stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def groups_of(found: dict[str, Any]) -> list[str]:
    """The groups that are a row of the table: the whole set; for spoken orders what was said and what was heard, by
    language and condition. Tags of rows are left out."""
    groups = list(found["groups"])
    return [one for one in groups if one != "all"] if "said" in groups or "heard" in groups else ["all"]


def cells(figures: dict[str, Any]) -> list[str]:
    made = []
    for key, _ in COLUMNS:
        value = figures.get(key)
        if value is None:
            made.append("")
        elif key == "rows":
            made.append(f"{value:,}")
        elif isinstance(value, Sequence):
            made.append(f"{100 * value[0]:.1f} to {100 * value[1]:.1f}")
        else:
            made.append(f"{100 * value:.1f}")
    return made


def timed(path: Path, score: Path, shop: str, nbest: bool) -> dict[str, float]:
    """p50 and p95 of an utterance, in microseconds."""
    from assistant.interpreter import lexicon_of
    from assistant.shops import load_shop
    from assistant.turns import Hypothesis
    from assistant.understanding import understand
    from assistant.understanding.lines import context_from_json
    from scripts.benches.figures import micros, percentile
    from scripts.benches.understanding import NOON

    words = [sys.executable, str(score), str(path), "--texts", *(["--nbest"] if nbest else [])]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    rows = [json.loads(line) for line in done.stdout.split("\n") if line.strip()]
    lexicon = lexicon_of(*load_shop(shop))
    turns = [
        (
            (
                Hypothesis(row["text"]),
                *(Hypothesis(o["text"], float(o.get("confidence") or 0.0)) for o in row.get("alternatives") or ()),
            ),
            context_from_json(row.get("context"), NOON, row.get("expects"), False, "alternatives" in row),
            row.get("lang"),
        )
        for row in rows
    ]
    took = []
    for round_ in range(ROUNDS + 1):
        for heard, context, language in turns:
            began = time.perf_counter()
            understand(heard, lexicon, context, language)
            if round_:
                took.append(time.perf_counter() - began)
    return {"p50_us": micros(percentile(took, 0.5)), "p95_us": micros(percentile(took, 0.95))}


def main() -> None:
    parser = argparse.ArgumentParser(prog="sets", description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("--score", type=Path, required=True)
    parser.add_argument("--shop", required=True)
    parser.add_argument("--nbest", action="store_true")
    given = parser.parse_args()
    print(json.dumps(timed(given.set, given.score, given.shop, given.nbest)))


if __name__ == "__main__":
    main()
