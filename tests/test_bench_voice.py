"""`scripts/bench voice`: its arguments, and what it makes of samples, ends of turns and recordings."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from channels.audio import RATE
from scripts.benches import __main__ as bench
from scripts.benches import listening, sound, spoken, voice
from tests.audio.made import hiss, tone


def test_a_folder_of_clips_or_peers_must_have_what_is_read_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option, wanted in (("--clips", "clips.jsonl"), ("--peers", "speech_bench.py")):
        with pytest.raises(SystemExit) as ended:
            bench.arguments(["voice", option, str(tmp_path)])
        assert ended.value.code == 2
        assert f"there is no {wanted} in {tmp_path}" in capsys.readouterr().err
        (tmp_path / wanted).touch()
    given = bench.arguments(["voice", "--clips", str(tmp_path), "--peers", str(tmp_path), "--rounds", "1"])
    assert (given.what, given.clips, given.rounds) == ("voice", tmp_path, 1)


def test_speech_is_found_between_silences() -> None:
    samples = np.concatenate([hiss(0.5, RATE, -60), tone(1.0, RATE), hiss(0.25, RATE, -60)])
    first, last = sound.first_loud(samples, sound.SPOKEN), sound.last_loud(samples, sound.SPOKEN)
    assert first is not None and last is not None
    assert first / RATE == pytest.approx(0.5, abs=0.01) and last / RATE == pytest.approx(1.5, abs=0.01)
    assert len(sound.trimmed(samples)) == last + 1 - first
    assert sound.first_loud(samples, sound.SPOKEN, RATE * 8 // 5) is None
    assert sound.last_loud(samples, sound.SPOKEN, RATE) == pytest.approx(RATE - 1, abs=RATE // 100)
    nothing = hiss(0.5, RATE, -60)
    assert sound.first_loud(nothing, sound.SPOKEN) is None and sound.last_loud(nothing, sound.SPOKEN) is None
    assert len(sound.trimmed(nothing)) == 0


def test_made_speech_is_kept_as_it_is(tmp_path: Path) -> None:
    samples = sound.in_a_quiet_room(tone(0.5, RATE), 0.25, 1.0)
    assert len(samples) == 1.75 * RATE and np.abs(samples[: RATE // 5]).max() <= 20
    path = sound.save(tmp_path / "one.wav", samples)
    assert np.array_equal(sound.load(path), samples)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [([(2.5, "two cokes")], 0.5), ([(1.0, "two"), (2.6, "cokes")], 0.6), ([(1.0, "two")], None), ([], None)],
)
def test_the_silence_of_a_turn_begins_where_the_speech_ends(
    ends: list[tuple[float, str]], expected: float | None
) -> None:
    found = voice.silence(ends, 2.0)
    assert found == (None if expected is None else pytest.approx(expected))


def test_silences_are_set_beside_those_of_other_rules() -> None:
    rows = [
        {"ours": 0.5, "cut": False, "theirs": 1.0, "theirs_cut": False},
        {"ours": 0.6, "cut": False, "theirs": 1.5, "theirs_cut": True},
        {"ours": 0.7, "cut": True, "theirs": None, "theirs_cut": False},
    ]
    assert spoken.silences(rows) == ("0.60", "0.50 to 0.70", "1.25", "0.48", "1 of 3", "1 of 3")
    assert spoken.silences([{"ours": 0.5, "cut": False}])[2:] == ("", "", "0 of 1", "")


def line(order: dict[str, Any] | None) -> dict[str, Any]:
    timings = {"end_of_turn": 500, "recognition": 250, "turn": 20}
    return {"heard": "words", "hearing": {"confidence": 0.9}, "order": order, "timings": timings}


def order(stage: str = "open", **items: int) -> dict[str, Any]:
    return {"stage": stage, "lines": [{"item": item, "quantity": count} for item, count in items.items()]}


@pytest.mark.parametrize(
    ("acts", "found", "right"),
    [
        ([{"act": "add", "lines": [{"item": "tea", "quantity": 2}]}], order(tea=2), True),
        ([{"act": "add", "lines": [{"item": "tea", "quantity": 2}]}], order(tea=1), False),
        ([{"act": "add", "lines": [{"item": "tea", "quantity": 2}]}], order(tea=2, bun=1), False),
        ([{"act": "add", "lines": [{"item": "tea", "quantity": None}]}], None, False),
        ([{"act": "confirm"}], None, True),
        ([{"act": "confirm"}], order("placed", tea=1), False),
        ([], order(tea=1), False),
        ([{"act": "remove", "lines": [{"item": "tea", "quantity": None}]}], None, None),
    ],
)
def test_a_recording_is_right_when_its_goods_are_there_and_nothing_else(
    acts: list[dict[str, Any]], found: dict[str, Any] | None, right: bool | None
) -> None:
    row = {"file": "one.flac", "lang": "en", "said": "words", "gold": {"acts": acts}}
    judged = spoken.judged(row, [line(found)])
    assert judged["right"] is right
    assert (judged["heard"], judged["end_of_turn"], judged["recognition"]) == ("words", 500, 250)


def test_nothing_heard_in_a_recording_orders_nothing() -> None:
    row = {"file": "one.flac", "lang": "en", "said": "um", "gold": {"acts": [{"act": "none"}]}}
    judged = spoken.judged(row, [])
    assert judged["right"] is True and judged["heard"] == "" and judged["turn"] is None


def test_the_work_of_engines_is_told_from_our_own(tmp_path: Path) -> None:
    watch = listening.Watch(tmp_path / "watched")

    class Decoder:
        held = True

        def begin(self, bias: object) -> Decoder:
            return self

        def feed(self, pcm: bytes) -> str:
            return str(sum(range(300_000)))

        def end(self) -> tuple[()]:
            return ()

    decoding = listening.WatchedModel(Decoder(), watch).begin(None)
    assert decoding.held and decoding.feed(b"") and decoding.end() == ()
    watch.understanding(sum)(range(10))
    watch.note()
    (noted,) = [json.loads(one) for one in (tmp_path / "watched").read_text().splitlines()]
    assert noted["engines"]["decoder"] > 0 and len(noted["understood"]) == 1
    assert 0 < noted["own"] < noted["whole"]
