"""Recordings, and what needs no device: loudness, earcons, a machine without PortAudio."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.errors import SetupError
from channels.audio import FRAME, RATE, EndOfSound, earcons
from channels.audio.capture import Recordings
from channels.audio.playback import Fitted, louder
from channels.audio.streamed import Streamed

from .made import babble, chirp, sound, tone, where

TOP = Path(__file__).resolve().parents[2]


def read(recordings: Recordings) -> np.ndarray:
    recordings.open()
    pieces = []
    with pytest.raises(EndOfSound):
        while True:
            pieces.append(recordings.read(0).pcm)
    return np.frombuffer(b"".join(pieces), np.int16)


@pytest.mark.parametrize(
    ("name", "rate", "channels"),
    [
        ("a.wav", 8_000, 1),
        ("a.wav", 16_000, 1),
        ("a.wav", 44_100, 2),
        ("a.wav", 48_000, 4),
        ("a.flac", 44_100, 2),
        ("a.ogg", 48_000, 1),
    ],
)
def test_recordings_of_any_kind(tmp_path: Path, name: str, rate: int, channels: int) -> None:
    said = chirp(1.0, rate)
    soundfile.write(tmp_path / name, np.column_stack([said] * channels), rate)
    heard = read(Recordings([tmp_path / name], tail=0.5))
    at, fit = where(chirp(1.0, RATE), heard)
    assert fit > 0.98 and abs(at) <= 16
    assert len(heard) % FRAME == 0 and 1.5 * RATE <= len(heard) < 1.5 * RATE + 2 * FRAME
    assert not heard[round(1.1 * RATE) :].any()


@pytest.mark.parametrize("kind", ["FLOAT", "DOUBLE", "PCM_24", "PCM_U8"])
def test_a_recording_is_as_loud_as_it_was_written(tmp_path: Path, kind: str) -> None:
    said = tone(0.5, RATE)
    soundfile.write(tmp_path / "a.wav", said / 32768, RATE, subtype=kind)
    heard = read(Recordings([tmp_path / "a.wav"], tail=0.0))[: len(said)]
    assert np.abs(heard.astype(int) - said).max() <= (256 if kind == "PCM_U8" else 1)


def test_one_recording_after_the_other(tmp_path: Path) -> None:
    files = [tmp_path / "one.wav", tmp_path / "two.wav"]
    for file, hertz in zip(files, (300, 600), strict=True):
        soundfile.write(file, tone(0.4, RATE, hertz), RATE)
    recordings = Recordings(files, tail=0.2)
    recordings.open()
    seen = []
    with pytest.raises(EndOfSound):
        while True:
            frame = recordings.read(0)
            seen.append((frame.at, recordings.file))
    with pytest.raises(EndOfSound):
        recordings.read(0)
    assert [at for at, _ in seen] == pytest.approx([n * FRAME / RATE for n in range(1, len(seen) + 1)])
    assert [file for _, file in seen] == [files[0]] * 19 + [files[1]] * 19
    assert not recordings.live and recordings.dropped == 0


def test_what_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "order.wav").write_text("two burgers")
    with pytest.raises(SetupError, match=r"order.wav: is no recording .*wav, flac"):
        Recordings([tmp_path / "order.wav"]).open()
    with pytest.raises(SetupError, match=r"none.wav: there is no such file"):
        Recordings([tmp_path / "none.wav"]).open()


def test_a_damaged_recording_is_told_before_any_is_heard(tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole.flac", tmp_path / "damaged.flac"
    soundfile.write(whole, babble(4.0, RATE, seed=3), RATE)
    sound = whole.read_bytes()
    damaged.write_bytes(sound[: len(sound) // 3])
    with pytest.raises(SetupError, match=r"damaged.flac: can't be read to its end \(.+\); make it again"):
        Recordings([whole, damaged]).open()


@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_what_is_skipped_of_streamed_sound_is_never_read(rate: int) -> None:
    source = Streamed(rate)
    source.open()
    source.feed(tone(1.0, rate).tobytes())
    assert source.skip() and not source.skip()
    source.feed(chirp(1.0, rate).tobytes())
    frames = []
    while (frame := source.read(0.0)) is not None:
        frames.append(frame.pcm)
    heard = np.frombuffer(b"".join(frames), np.int16)
    assert where(chirp(1.0, RATE)[: round(0.9 * RATE)], heard) == (pytest.approx(0, abs=5), pytest.approx(1, abs=0.01))
    source.close()
    with pytest.raises(EndOfSound):
        source.skip()


def test_louder_and_softer_without_clipping() -> None:
    said = babble(2.0, 24_000, seed=1, size=0.9)
    assert louder(said, 1.0) is said
    soft, loud = louder(said, 0.5), louder(said, 2.0)
    assert np.abs(soft.astype(int) - said // 2).max() <= 1
    assert np.std(loud) > 1.3 * np.std(said)
    assert np.abs(loud.astype(int)).max() < 32767
    # Nothing is cut off: what was bigger stays bigger.
    order = np.argsort(said)
    assert (np.diff(loud[order].astype(int)) >= 0).all()


def test_pieces_of_one_sentence_have_no_seam() -> None:
    said = tone(1.0, 22_050)
    fitted = Fitted(48_000, 1.0)
    pieces = [
        one for start in range(0, len(said), 4_000) for one in fitted.of(sound(said[start : start + 4_000], 22_050))
    ]
    whole = np.concatenate([*pieces, *fitted.of(None)])
    assert abs(len(whole) - 48_000) <= 1
    assert where(tone(0.9, 48_000), whole)[1] > 0.999


@pytest.mark.parametrize("make", [earcons.listening, earcons.thinking])
def test_earcons_are_short_soft_and_end_at_nothing(make: object) -> None:
    made = make()  # type: ignore[operator]
    samples = np.frombuffer(made.pcm, np.int16).astype(int)
    assert made.seconds < 0.3
    assert np.abs(samples).max() < 0.2 * 32767
    assert abs(samples[0]) < 50 and abs(samples[-1]) < 50
    assert np.abs(np.diff(samples)).max() < 0.1 * 32767


def test_earcons_differ() -> None:
    assert earcons.listening().pcm != earcons.thinking().pcm


def test_without_portaudio_the_one_line_that_installs_it() -> None:
    code = """
import ctypes.util
ctypes.util.find_library = lambda name: None
from assistant.errors import SetupError
from channels.audio.capture import Microphone
from channels.audio.playback import Loudspeaker
for device in (Microphone(), Loudspeaker()):
    try:
        device.open()
    except SetupError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert (
        done.stdout.splitlines()
        == [
            "there is no PortAudio here, which microphones and loudspeakers need; "
            "install it: sudo apt-get install libportaudio2"
        ]
        * 2
    )


def test_libraries_dont_write_over_a_talk() -> None:
    code = """
import os, sys
from channels.audio.devices import hushed
with hushed():
    os.write(2, b"Expression 'r' failed in pa_linux_alsa.c\\n")
    print("ours", file=sys.stderr)
print("after", file=sys.stderr)
os.write(2, b"and this\\n")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == ["ours", "after", "and this"]
