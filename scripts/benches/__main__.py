"""`scripts/bench`: runs the measurements in rounds, each in a process of its own, and says what came of them.

In a round every measurement has its turn, and the next round goes the other way about, so that what else the machine
does falls on all of them alike. Only ratios within one run say something about the code.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from scripts.benches import peer, sets, spoken, start, web
from scripts.benches.figures import Spread, machine
from scripts.benches.rounds import Cell, Row, ratio, rounds, say, shown, table, with_spread, worker

WHAT = ("turns", "understanding", "start", "memory", "voice", "http")
CONVERSATIONS = (1, 32, 256)
ITEMS = (0, 1_000, 100_000)
"""Sizes of the catalogue; 0 is the burger bar."""


# -- the measurements --------------------------------------------------------------------------------------------


def turns(given: argparse.Namespace) -> Row:
    data = ["--data", given.data] if given.data else []
    python = peer.environment() if given.peers else None
    cells: list[Cell] = []
    for count in CONVERSATIONS:
        for kind in ("durable", "memory"):
            arguments = ("--store", kind, "--conversations", count, "--seconds", given.seconds, *data)
            cells.append((f"{kind} {count}", partial(worker, "turns", *arguments)))
        if python is not None:
            cells.append((f"waterfall {count}", partial(peer.waterfall, python, given.peers, given.seconds, count)))
    found = rounds(cells, given.rounds)
    ratios: dict[str, Spread] = {}
    for count in CONVERSATIONS:
        ours = found[f"durable {count}"]
        ratios[f"durable / memory at {count}"] = ratio(ours, found[f"memory {count}"])
        if python is not None:
            ratios[f"durable / waterfall at {count}"] = ratio(ours, found[f"waterfall {count}"])
            ratios[f"memory / waterfall at {count}"] = ratio(found[f"memory {count}"], found[f"waterfall {count}"])
        ratios[f"durable p99 / p50 at {count}"] = ratio(ours, ours, "p99_us", "p50_us")
    table(
        "Turns of whole orders (three in eight end with a yes that pays)",
        ("", "per s", "", "CPU µs", "p50 ms", "p99 ms", "paying p50 ms", "MB"),
        [
            (
                name,
                *with_spread(rows, "per_second", 0),
                shown(rows, "cpu_us", 0),
                shown(rows, "p50_us", 2, 1000),
                shown(rows, "p99_us", 2, 1000),
                shown(rows, "paying_p50_us", 2, 1000),
                shown(rows, "peak_mb", 0),
            )
            for name, rows in found.items()
        ],
    )
    table(
        "Ratios, round by round",
        ("", "median", "least to most"),
        [
            (name, f"{one.median:.2f}", f"{min(one.values):.2f} to {max(one.values):.2f}")
            for name, one in ratios.items()
        ],
    )
    return {"cells": found, "ratios": {name: one.as_json() for name, one in ratios.items()}}


def understanding(given: argparse.Namespace) -> Row:
    found: Row = scores(given.folder) if given.folder else {}
    say("input that is no order")
    found["rough"] = rough = worker("rough")
    table(
        "Input that is no order: the time of twice as much to that of once",
        ("", "µs", "twice", "ratio", "orders"),
        [
            (name, f"{row['once_us']:,.0f}", f"{row['twice_us']:,.0f}", f"{row['ratio']:.2f}", str(row["orders"]))
            for name, row in rough.items()
        ],
    )
    if given.peers and (given.peers / peer.INTENTS).is_file():
        found["names"] = names_beside_peers(given)
    return {**found, **costs(given)}


def names_beside_peers(given: argparse.Namespace) -> Row:
    """Sentences with names of a few and of many goods, clean beside hassil and misheard beside rapidfuzz."""
    few, many = ITEMS[1:]
    python = peer.environment()

    def part(name: str, items: int, *options: object) -> Row:
        return worker("names", name, given.peers, "--items", items, *options)

    cells: list[Cell] = [
        (f"clean, {few:,} items", partial(part, "clean", few, "--seconds", given.seconds / 2)),
        (f"hassil, {few:,} items", partial(peer.hassil, python, given.peers, given.seconds / 2, few)),
        (f"clean, {many:,} items", partial(part, "clean", many, "--seconds", given.seconds / 2)),
    ]
    found = rounds(cells, given.rounds)
    ours, theirs, large = found.values()
    ratios = {
        f"p50 / hassil's p50, {few:,} items": ratio(ours, theirs, "p50_us"),
        f"p95 / hassil's p50, {few:,} items": ratio(ours, theirs, "p95_us", "p50_us"),
        f"p95 of CPU / hassil's p50, {few:,} items": ratio(ours, theirs, "p95_cpu_us", "p50_us"),
        f"p50 of {many:,} items / of {few:,}": ratio(large, ours, "p50_us"),
    }
    misheard = {}
    for tag in ("en", "zh"):
        say(f"misheard names, {tag}")
        misheard[tag] = part("misheard", many, "--language", tag)
    say("memory of the names")
    kept = part("memory", many)
    table(
        "Names beside peers",
        ("", "median", "least to most"),
        [
            (name, f"{one.median:.2f}", f"{min(one.values):.2f} to {max(one.values):.2f}")
            for name, one in ratios.items()
        ],
    )
    table(
        f"Misheard names among {many:,}",
        ("", "p50 µs", "rapidfuzz p50 µs", "ratio", "recall", "first", "rapidfuzz", "understood"),
        [
            (
                tag,
                f"{row['p50_us']:,.0f}",
                f"{row['rapidfuzz_p50_us']:,.0f}",
                f"{row['ratio']:.3f}",
                *(f"{row[key]:.3f}" for key in ("found", "first", "rapidfuzz", "understood")),
            )
            for tag, row in misheard.items()
        ],
    )
    print(f"\nMemory of {many:,} names in two languages: {kept['all_mb']} MB, {kept['all_allocated_mb']} MB allocated")
    shown_ratios = {name: one.as_json() for name, one in ratios.items()}
    return {"cells": found, "ratios": shown_ratios, "misheard": misheard, "memory": kept}


def scores(folder: Path) -> Row:
    """What comes of the sets of a folder, by its own scorer, and of the stays in it."""
    found: Row = {}
    rows: list[tuple[str, ...]] = []
    for one in sets.sets_in(folder):
        say(one.name)
        scored = sets.scored(folder, one)
        options = ("--score", folder / sets.SCORER, "--shop", scored["shop"], *(("--nbest",) if one.nbest else ()))
        took = worker("sets", one.path, *options)
        found[one.name] = {**scored, **took}
        for place, group in enumerate(sets.groups_of(scored)):
            name = one.name if group == "all" else f"{one.name}, {group}"
            times = [f"{took[key] / 1000:.2f}" if not place else "" for key in ("p50_us", "p95_us")]
            rows.append((name, *sets.cells(scored["groups"][group]), *times))
    table("Orders understood, in per cent", ("", *(head for _, head in sets.COLUMNS), "p50 ms", "p95 ms"), rows)
    stays = worker("stays", *others) if (others := sets.others_in(folder)) else {}
    kinds = ("f1", "f1_as_annotated", "dates", "nights", "guests", "times")
    table(
        "Stays understood: F1 in per cent",
        ("", "rows", "slots", "all", "as annotated", "dates", "nights", "guests", "times", "found where none is"),
        [
            (
                name,
                f"{row['rows']:,}",
                str(row["gold"]),
                *("" if row[kind] is None else f"{100 * row[kind]:.1f}" for kind in kinds),
                str(row["found_without_gold"]),
            )
            for name, row in stays.items()
        ],
    )
    return {"sets": found, "stays": stays}


def costs(given: argparse.Namespace) -> Row:
    cells: list[Cell] = [
        (
            f"{size:,} items" if size else "burger bar",
            partial(worker, "understanding", "--items", size, "--seconds", given.seconds / 2),
        )
        for size in ITEMS
    ]
    found = rounds(cells, given.rounds)
    tags = [key for key, value in found[cells[0][0]][0].items() if isinstance(value, dict)]
    rows = [
        (
            f"{name}, {tag}",
            *with_spread(said := [row[tag] for row in several], "p50_us", 0),
            shown(said, "p95_us", 0),
            shown(said, "understood", 2),
            shown(several, "ready_ms", 0),
            shown(several, "lexicon_mb", 0),
        )
        for name, several in found.items()
        for tag in tags
    ]
    table(
        "Understanding an utterance",
        ("", "p50 µs", "", "p95 µs", "some act found", "lexicon ms", "lexicon MB"),
        rows,
    )
    return {"cells": found}


def starting(given: argparse.Namespace) -> Row:
    found = start.start(max(3, given.rounds))
    rows: list[Row] = [dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True)]
    names = {"help_ms": "voicetill --help", "first_prompt_ms": "first prompt of voicetill chat"}
    table("Start-up", ("", "ms", ""), [(name, *with_spread(rows, key, 0)) for key, name in names.items()])
    return {"rounds": rows}


def memory(given: argparse.Namespace) -> Row:
    cells: list[Cell] = [
        ("256 conversations", partial(worker, "memory", "--conversations", 256, "--seconds", given.seconds))
    ]
    found = rounds(cells, given.rounds)
    rows = next(iter(found.values()))
    names = {
        "imported_mb": "all imported",
        "open_mb": "the burger bar open, three languages",
        "talking_mb": "after 256 conversations",
    }
    table("Most memory", ("", "MB", ""), [(name, *with_spread(rows, key, 0)) for key, name in names.items()])
    return {"cells": found}


MEASUREMENTS: Mapping[str, Callable[[argparse.Namespace], Row]] = {
    "turns": turns,
    "understanding": understanding,
    "start": starting,
    "memory": memory,
    "voice": spoken.voice,
    "http": web.http,
}


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures turns, understanding, start-up, memory, speech and HTTP. It never fails by a timing.",
    )
    parser.add_argument("what", nargs="?", choices=(*WHAT, "all"), default="all")
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        help="for understanding: has score.py and sets, each with its shop beside it; they are scored",
    )
    parser.add_argument(
        "--peers",
        type=Path,
        metavar="FOLDER",
        help="has peers_bench.py (for voice speech_bench.py, for http turn_server.py): the peers are run too",
    )
    parser.add_argument(
        "--clips", type=Path, metavar="FOLDER", help="for voice: has clips.jsonl and its recordings; they are heard"
    )
    parser.add_argument("--items", type=int, default=web.ITEMS, help="for http: goods of the catalogue (100,000)")
    parser.add_argument("--rounds", type=int, default=5, help="of each measurement, interleaved (5)")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement of turns (4)")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="on the disk to measure (the temporary one)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every round there")
    given = parser.parse_args(words)
    if given.rounds < 1 or not given.seconds > 0:
        parser.error("--rounds and --seconds must be above 0")
    wanted = {"voice": (peer.SPEECH,), "http": (web.BOUNDS,), "all": (peer.SCRIPT, peer.SPEECH, web.BOUNDS)}
    scripts = wanted.get(given.what, (peer.SCRIPT,))
    for script in scripts if given.peers else ():
        if not (given.peers / script).is_file():
            parser.error(f"--peers: there is no {script} in {given.peers}; name the folder that has it")
    if given.clips and not (given.clips / spoken.CLIPS).is_file():
        parser.error(f"--clips: there is no {spoken.CLIPS} in {given.clips}; name the folder that has it")
    if given.folder and not (given.folder / sets.SCORER).is_file():
        parser.error(f"there is no {sets.SCORER} in {given.folder}; name the folder that has it, with its sets")
    if given.data and not given.data.is_dir():
        parser.error(f"--data: there is no folder {given.data}")
    return given


def main() -> int:
    given = arguments()
    began = datetime.now(UTC)
    found: Row = {"at": began.isoformat(timespec="seconds"), "machine": machine(), "rounds": given.rounds}
    print(f"{began:%Y-%m-%d %H:%M} UTC, {' · '.join(f'{key} {value}' for key, value in machine().items())}")
    try:
        for what in WHAT if given.what == "all" else (given.what,):
            found[what] = MEASUREMENTS[what](given)
    except subprocess.CalledProcessError as error:
        say(f"{' '.join(map(str, error.cmd))} ended with {error.returncode}; what it printed says why")
        return 3
    found["machine_after"] = machine()
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
