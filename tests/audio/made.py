"""Made sounds: what a test needs to know exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.voices import Sound

Samples = NDArray[np.int16]


def chirp(seconds: float, rate: int, low: float = 300.0, high: float = 3000.0, size: float = 0.25) -> Samples:
    """A tone that climbs: it fits itself at one place only. Soft at both ends."""
    moments = np.arange(round(seconds * rate)) / rate
    wave = np.sin(2 * np.pi * (low + (high - low) / 2 * moments / seconds) * moments)
    edges = np.clip(np.minimum(moments, seconds - moments) / 0.01, 0, 1)
    return (wave * edges * size * 32767).astype(np.int16)


def tone(seconds: float, rate: int, hertz: float = 440.0, size: float = 0.25) -> Samples:
    return (np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate) * size * 32767).astype(np.int16)


def babble(seconds: float, rate: int, seed: int, size: float = 0.25) -> Samples:
    """Syllables like a voice's: bursts of a buzz whose pitch and colour change from one to the next."""
    chance = np.random.default_rng(seed)
    pieces = []
    while sum(map(len, pieces)) < seconds * rate:
        count = round(chance.uniform(0.12, 0.3) * rate)
        moments = np.arange(count) / rate
        pitch = chance.uniform(90, 240) * (1 + 0.1 * moments)
        strength = chance.uniform(0.1, 1.0, 24) / np.arange(1, 25)
        wave = sum(one * np.sin(2 * np.pi * n * pitch * moments) for n, one in enumerate(strength, 1))
        wave = wave + 0.3 * chance.standard_normal(count) * chance.uniform(0, 1)
        pieces += [wave * np.hanning(count), np.zeros(round(chance.uniform(0.02, 0.12) * rate))]
    whole = np.concatenate(pieces)[: round(seconds * rate)]
    return (whole / np.abs(whole).max() * size * 32767).astype(np.int16)


def hiss(seconds: float, rate: int, dbfs: float, seed: int = 0) -> Samples:
    """Noise at that level."""
    chance = np.random.default_rng(seed)
    return (chance.standard_normal(round(seconds * rate)) * 10 ** (dbfs / 20) * 32767).astype(np.int16)


def in_a_room(samples: Samples, rate: int, delay: float, gain: float, seed: int = 3) -> NDArray[np.float64]:
    """As a microphone hears it that much later, with the walls; as long as it was."""
    chance = np.random.default_rng(seed)
    count = round(0.2 * rate)
    walls = chance.standard_normal(count) * np.exp(-6.9 * np.arange(count) / count)
    walls[0] = 3.0
    whole = np.concatenate([np.zeros(round(delay * rate)), walls / np.linalg.norm(walls)])
    size = 1 << (len(samples) + len(whole)).bit_length()
    heard: NDArray[np.float64] = np.fft.irfft(
        np.fft.rfft(samples.astype(np.float64), size) * np.fft.rfft(whole, size), size
    )
    return gain * heard[: len(samples)]


def sound(samples: Samples, rate: int) -> Sound:
    return Sound(samples.tobytes(), rate)


def level(samples: NDArray[np.generic]) -> float:
    """dBFS of 16-bit samples."""
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) / 32768**2 + 1e-12))


FINER = 8


def where(part: NDArray[np.generic], whole: NDArray[np.generic]) -> tuple[int, float]:
    """The sample of `whole` at which `part` fits best, and how well (correlation: 1 is the same wave). Where a stream
    begins, it may lie between two samples of another."""
    part, whole = part.astype(np.float64), whole.astype(np.float64)
    best = int(np.argmax(_fits(part, whole)[: len(whole) - len(part) + 1]))
    there = whole[best : best + len(part)]
    near = _fits(part, there, FINER)
    near = np.concatenate([near[:FINER], near[-FINER:]])  # less than a sample later, and earlier
    return best, float(near.max() / np.linalg.norm(there) / np.linalg.norm(part))


def _fits(part: NDArray[np.float64], whole: NDArray[np.float64], finer: int = 1) -> NDArray[np.float64]:
    """How well `part` fits at each sample of `whole`, or at so many places of each."""
    size = 1 << (len(whole) + len(part)).bit_length()
    found: NDArray[np.float64] = finer * np.fft.irfft(
        np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), finer * size
    )
    return found
