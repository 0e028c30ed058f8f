"""Short tones that say without words what is going on. Quiet beside a voice, and soft at both ends."""

from __future__ import annotations

from functools import cache

from models.voices import Sound

RATE = 24_000
LOUD = 0.16
"""Share of full scale at their loudest."""
EDGE = 0.012
"""Seconds in which a tone begins."""


@cache
def listening() -> Sound:
    """Two tones upwards: speak now."""
    return _tones((587.3, 0.09), (880.0, 0.13))


@cache
def thinking() -> Sound:
    """One low tone: it was heard, the answer takes a moment."""
    return _tones((392.0, 0.16))


def _tones(*row: tuple[float, float]) -> Sound:
    """(hertz, seconds) each, one after the other."""
    import numpy

    pieces = []
    for hertz, seconds in row:
        moments = numpy.arange(round(seconds * RATE)) / RATE
        # An octave above makes it a chime; it dies away like one, and ends at nothing.
        wave = numpy.sin(2 * numpy.pi * hertz * moments) + 0.3 * numpy.sin(4 * numpy.pi * hertz * moments)
        shape = numpy.minimum(moments / EDGE, 1.0) * (1.0 - moments / seconds) ** 1.5
        pieces.append(wave * shape)
    whole = numpy.concatenate(pieces)
    return Sound((whole / numpy.abs(whole).max() * LOUD * 32767).astype(numpy.int16).tobytes(), RATE)
