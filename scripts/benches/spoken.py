"""`scripts/bench voice`: speech, with the engines and models that are installed, through devices of its own."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from models import shelf
from scripts.benches import peer, sound
from scripts.benches.figures import Spread, percentile
from scripts.benches.rounds import Cell, Row, rounds, say, shown, table, with_spread, worker

CLIPS = "clips.jsonl"
TALKS = (
    ("vosk + pyttsx3", "ko", "vosk", "pyttsx3", "vosk_stream+espeak"),
    ("whisper + pyttsx3", "en", "whisper", "pyttsx3", "whisper+espeak"),
    ("whisper + piper", "en", "whisper", "piper", "whisper+piper"),
)
"""Name, language, recogniser, voice, and what the bare loop calls the same."""
PARTS = ("end_of_turn", "recognition", "understanding", "reply", "synthesis", "device")
ANSWERS = 2
"""Of the bare loop in a round, of each kind."""


def voice(given: argparse.Namespace) -> Row:
    missing = lacking()
    for one in missing:
        say(f"not measured: {one}")
    found: Row = {"not_measured": missing}
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as name:
        folder = Path(name)
        with sound.virtual_devices(folder / "devices"):
            say("making speech")
            found["speech"] = worker("voice", "speech", folder)
            found |= talks(given, folder) | cuts(given, folder)
        found |= ends(folder) | recognisers(given, folder) | voices(given)
    if given.clips:
        found["clips"] = clips(given.clips)
    return found


def has(kind: str, language: str, engine: str) -> bool:
    from assistant.discovery import find

    part = find(kind, engine)
    needs_none = kind == "voice" and not part.can.model
    return not part.missing() and (needs_none or bool(shelf.installed(kind, language, engine)))


def lacking() -> list[str]:
    """What the talks need and this machine hasn't, with the command that gets it."""
    found = []
    for name, language, recogniser, speaks, _ in TALKS:
        for kind, engine in (("recognizer", recogniser), ("voice", speaks)):
            if not has(kind, language, engine):
                found.append(f"{name} needs {engine} for '{language}': {shelf.how_to_get(kind, language)}")
    return found


def present() -> list[tuple[str, str, str, str, str]]:
    return [one for one in TALKS if has("recognizer", one[1], one[2]) and has("voice", one[1], one[3])]


# -- from the end of speech to the answer ------------------------------------------------------------------------


def talks(given: argparse.Namespace, folder: Path) -> Row:
    cells: list[Cell] = [
        (name, partial(worker, "voice", "talk", language, recogniser, speaks, folder))
        for name, language, recogniser, speaks, _ in present()
    ]
    if given.peers:
        python = peer.speech_environment()
        cells.append(("bare loop", partial(peer.bare_loop, python, given.peers, ANSWERS)))
    found = rounds(cells, given.rounds)
    loops = found.pop("bare loop", [])
    table(
        "From the end of speech to the first sample of the answer, p50 / p95, ms",
        ("", "all", *(one.replace("_", " ") for one in PARTS), "beyond the wait", "our own code's share of the CPU"),
        [
            (
                name,
                *(both(all_turns(several), key) for key in ("total", *PARTS)),
                both([{"beyond": t["total"] - t["end_of_turn"]} for t in all_turns(several) if t["total"]], "beyond"),
                f"{100 * Spread([one['own_share'] for one in several]).median:.0f} %",
            )
            for name, several in found.items()
        ],
    )
    ratios: dict[str, Spread] = {}
    for name, _, _, _, theirs in present() if loops else ():
        ours = [percentile([t["total"] for t in one["turns"] if t["total"]], 0.5) for one in found[name]]
        ratios[f"{name} / {theirs}"] = Spread([a / b[theirs]["total_ms"] for a, b in zip(ours, loops, strict=True)])
    table(
        "The same, beside a bare loop of the same engines without a dialogue",
        ("", "median", "least to most"),
        [
            (name, f"{one.median:.2f}", f"{min(one.values):.2f} to {max(one.values):.2f}")
            for name, one in ratios.items()
        ],
    )
    return {"talks": found, "loop": loops, "loop_ratios": {name: one.as_json() for name, one in ratios.items()}}


def all_turns(several: Iterable[Row]) -> list[Row]:
    return [turn for one in several for turn in one["turns"]]


def both(rows: Sequence[Mapping[str, Any]], key: str) -> str:
    values = [row[key] for row in rows if row.get(key) is not None]
    return f"{percentile(values, 0.5):,.0f} / {percentile(values, 0.95):,.0f}" if values else ""


def cuts(given: argparse.Namespace, folder: Path) -> Row:
    cells: list[Cell] = [
        (name, partial(worker, "voice", "cut", language, recogniser, speaks, folder))
        for name, language, recogniser, speaks, _ in present()[:2]
    ]
    found = rounds(cells, max(1, given.rounds // 2))
    rows = {name: [{"ms": ms} for one in several for ms in one["cuts"]] for name, several in found.items()}
    table(
        "Barge-in: from somebody's first sample to the last of our own voice",
        ("", "p50 / p95, ms", "most", "cut"),
        [
            (
                name,
                both(several, "ms"),
                f"{max((one['ms'] for one in several if one['ms'] is not None), default=0):,.0f}",
                f"{sum(one['ms'] is not None for one in several)} of {len(several)}",
            )
            for name, several in rows.items()
        ],
    )
    return {"cuts": found}


# -- the end of a turn -------------------------------------------------------------------------------------------


def hearing() -> list[tuple[str, str]]:
    """(model, language) of what can be measured: a model with many languages in that of the bench's it is best for."""
    found: dict[str, str] = {}
    for language in ("en", "ko", "zh"):
        for one in shelf.installed("recognizer", language):
            if len(one.languages) == 1 or shelf.installed("recognizer", language)[0] == one:
                found.setdefault(one.id, language)
    return list(found.items())


def ends(folder: Path) -> Row:
    found: dict[str, Row] = {}
    rows: list[tuple[str, ...]] = []
    for id, language in hearing():
        say(f"ends of turns, {id}")
        found[f"{id}, {language}"] = part = worker("voice", "ends", id, language, folder)
        for kind, shown_as in (("sentence", "sentences"), ("yes_no", "a yes or no")):
            several = [row for row in part["rows"] if row["kind"] == kind]
            rows.append((f"{id}, {language}: {shown_as}", *silences(several)))
    table(
        "Silence before the end of a turn, seconds of sound",
        ("", "median", "least to most", "Vosk's own rules", "ratio", "turns cut", "by Vosk's rules"),
        rows,
    )
    return {"ends": found}


def silences(rows: Sequence[Row]) -> tuple[str, ...]:
    ours = [row["ours"] for row in rows if row["ours"] is not None]
    if not ours:
        return ("",) * 6
    median = Spread(ours).median
    cut = f"{sum(row['cut'] for row in rows)} of {len(rows)}"
    theirs = [row["theirs"] for row in rows if row.get("theirs") is not None]
    beside = ("", "", cut, "")
    if theirs:
        other = Spread(theirs).median
        beside = (
            f"{other:.2f}",
            f"{median / other:.2f}",
            cut,
            f"{sum(row['theirs_cut'] for row in rows)} of {len(rows)}",
        )
    return (f"{median:.2f}", f"{min(ours):.2f} to {max(ours):.2f}", *beside)


# -- engines alone -----------------------------------------------------------------------------------------------


def recognisers(given: argparse.Namespace, folder: Path) -> Row:
    cells: list[Cell] = [
        (f"{id}, {language}", partial(worker, "voice", "recogniser", id, language, folder))
        for id, language in hearing()
    ]
    found = rounds(cells, max(1, given.rounds // 2))
    uses = ("fresh", "warm", "again")
    table(
        "CPU a second of sound, by a recogniser that was never used, that heard other sentences, and the same ones",
        ("", *uses, "loaded MB", "used MB"),
        [
            (
                f"{name}: {way}",
                *(f"{Spread([one[way][use] for one in several]).median:.3f}" for use in uses),
                shown(several, "loaded_mb", 0),
                shown(several, "used_mb", 0),
            )
            for name, several in found.items()
            for way in ways(several[0])
        ],
    )
    pairs = [
        (name, several, free, held)
        for name, several in found.items()
        for free, held in (("free", "held"), ("free, yes or no", "held, yes or no"))
        if held in several[0]
    ]
    table(
        "Held to the step's phrases / free",
        ("", *uses),
        [
            (
                f"{name}: {held}",
                *(f"{Spread([one[held][use] / one[free][use] for one in several]).median:.2f}" for use in uses),
            )
            for name, several, free, held in pairs
        ],
    )
    return {"recognisers": found}


def ways(row: Row) -> list[str]:
    return [name for name, value in row.items() if isinstance(value, dict)]


def voices(given: argparse.Namespace) -> Row:
    cells: list[Cell] = [
        (f"{engine}, {language}", partial(worker, "voice", "voice", engine, language))
        for engine, language in (("pyttsx3", "en"), ("pyttsx3", "zh"), ("pyttsx3", "ko"), ("piper", "en"))
        if has("voice", language, engine)
    ]
    found = rounds(cells, given.rounds)
    table(
        "Voices: to the first sound, ms",
        ("", "a sentence", "", "three sentences", "", "real-time factor", "loaded MB", "used MB"),
        [
            (
                name,
                *with_spread(several, "short_first_ms", 0),
                *with_spread(several, "long_first_ms", 0),
                shown(several, "long_factor", 3),
                shown(several, "loaded_mb", 0),
                shown(several, "used_mb", 0),
            )
            for name, several in found.items()
        ],
    )
    return {"voices": found}


# -- recordings --------------------------------------------------------------------------------------------------


def clips(folder: Path) -> Row:
    """Each recording alone, as `listen --wav` hears it: what was heard, what was ordered, and whether that is right."""
    shop = folder.parent / "shop"
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as data:
        for line in (folder / CLIPS).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if not shelf.installed("recognizer", row["lang"]):
                say(f"not measured: {row['file']} needs {shelf.how_to_get('recognizer', row['lang'])}")
                continue
            say(row["file"])
            command = [sys.executable, "-m", "scripts.benches.listening", f"{data}/watched", "--data", data]
            options = ["--shop", str(shop), "--lang", row["lang"], "--wav", str(folder / row["file"])]
            done = subprocess.run([*command, *options], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            turns = [json.loads(one) for one in done.stdout.splitlines()]
            rows.append(judged(row, turns))
    table(
        "Recordings, each alone",
        ("", "said", "heard", "ordered", "right", "end of turn ms", "recognition ms", "turn ms"),
        [
            (
                row["file"],
                row["said"],
                row["heard"],
                ", ".join(f"{count} {item}" for item, count in row["items"].items()),
                {True: "yes", False: "no", None: ""}[row["right"]],
                *(
                    f"{row[key]:,.0f}" if row.get(key) is not None else ""
                    for key in ("end_of_turn", "recognition", "turn")
                ),
            )
            for row in rows
        ],
    )
    groups: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for row in rows:
        if row["right"] is not None:
            groups[row["lang"], row["kind"]].append(row["right"])
    table(
        "Recordings that were taken rightly",
        ("", "right", "of"),
        [(f"{lang}, {kind}", str(sum(right)), str(len(right))) for (lang, kind), right in sorted(groups.items())],
    )
    return {"rows": rows}


def judged(row: Row, turns: Sequence[Row]) -> Row:
    """Goods must be there with their counts; where nothing is to be ordered, nothing may be; a yes to nothing orders
    nothing. What changes a basket that isn't there can't be judged."""
    acts = row["gold"]["acts"]
    kind = acts[0]["act"] if acts else "none"
    heard = [turn for turn in turns if turn.get("heard")]
    order = next((turn["order"] for turn in reversed(turns) if turn.get("order")), None)
    items = Counter[str]()
    for line in (order or {}).get("lines", ()):
        items[line["item"]] += line["quantity"]
    wanted = Counter[str]()
    for act in acts:
        for line in act.get("lines", ()) if act["act"] == "add" else ():
            wanted[line["item"]] += line["quantity"] or 1
    placed = order is not None and order.get("stage") not in (None, "open")
    right: bool | None = not placed and items == wanted
    if kind in ("remove", "change"):
        right = None
    timings = [turn["timings"] for turn in heard]
    return {
        "file": row["file"],
        "lang": row["lang"],
        "kind": kind,
        "said": row["said"],
        "heard": " / ".join(turn["heard"] for turn in heard),
        "confidence": [turn["hearing"]["confidence"] for turn in heard],
        "items": dict(items),
        "right": right,
        "end_of_turn": timings[-1]["end_of_turn"] if timings else None,
        "recognition": timings[-1]["recognition"] if timings else None,
        "turn": timings[-1]["turn"] if timings else None,
    }
