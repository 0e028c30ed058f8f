"""Sound that is like speech and says nothing: a decoder that has heard some of it has less work with what follows."""

from __future__ import annotations

from channels.audio import RATE

SECONDS = 4.0
SYLLABLE = 0.25
"""Seconds of a syllable, each with vowel and pitch of its own, half of it silent."""
WIDTH = 120.0
"""Hertz around a resonance that sound."""
LOUD = 0.3
"""Share of full scale at its loudest."""


def babble() -> tuple[bytes, ...]:
    """16-bit samples at RATE, a syllable each; always the same."""
    import numpy

    chance = numpy.random.default_rng(3)
    moments = numpy.arange(round(SYLLABLE * RATE)) / RATE
    shape = numpy.maximum(numpy.sin(2 * numpy.pi * moments / SYLLABLE), 0.0)
    harmonics = numpy.arange(1, 35)[:, None]
    made = []
    for _ in range(round(SECONDS / SYLLABLE)):
        pitch = chance.uniform(100, 180)
        resonances = chance.uniform((250, 800, 2500), (850, 2400, 3000))
        strength = numpy.exp(-(((harmonics * pitch - resonances) / WIDTH) ** 2)).sum(axis=1)
        wave = shape * (strength @ numpy.sin(2 * numpy.pi * pitch * harmonics * moments))
        made.append((wave / numpy.abs(wave).max() * LOUD * 32767).astype(numpy.int16).tobytes())
    return tuple(made)
