"""`voicetill doctor audio`: listens, speaks, listens to itself, and says what to change.

Pure functions measure 16-bit mono samples (n,) at RATE; `check` gets those from the devices.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from assistant.errors import FarEndError, SetupError
from channels.audio import FRAME, RATE, Frame, earcons
from channels.audio import devices as portaudio
from channels.audio.capture import Microphone
from channels.audio.echo import Echo
from channels.audio.playback import Loudspeaker
from models.voices import Sound

SECONDS = 3.0
"""How long it listens to the person."""
QUIET, NOISY, NEAR = -45.0, -45.0, 10.0
"""dBFS below which a voice is hard to understand, dBFS above which the room is, and the dB between both."""
CLIPPED = 0.001
"""Share of samples at the very top that is heard as crackling."""
EMPTY = -90.0
"""dBFS of nothing at all: a muted microphone, not a quiet room."""
LONGEST = 0.8
"""Seconds after which an echo is looked for at most."""


class Finding(Struct, frozen=True):
    """What one measurement of the sound came to, with what was measured."""

    part: str
    state: Literal["ok", "note", "wrong"]
    text: str
    measured: dict[str, float]


class Level(NamedTuple):
    """How loud something is; dBFS: 0 is the loudest there is."""

    voice: float
    """Of its loud moments."""
    noise: float
    """Of its quiet moments."""
    peak: float
    clipped: float
    """Share of the samples at the very top."""


class Heard(NamedTuple):
    """Something that was played and heard again."""

    delay: float
    """Seconds. A little less than 0 is possible: times are known to some ms."""
    gain: float
    """dB by which it is louder (softer: less than 0) than it was played."""


# -- measuring ---------------------------------------------------------------------------------------------------


def dbfs(power: float) -> float:
    return max(10 * math.log10(power + 1e-12), -120.0)


def levels(samples: Any) -> Level:
    import numpy

    size = samples.astype(numpy.float64) / 32768
    whole = len(size) // FRAME * FRAME
    if not whole:
        return Level(-120.0, -120.0, -120.0, 0.0)
    # A microphone's steady shift is no sound.
    power = ((size[:whole] - size.mean()).reshape(-1, FRAME) ** 2).mean(axis=1)
    quiet, loud = numpy.percentile(power, (10, 90))
    top = numpy.abs(samples.astype(numpy.int32)) >= 32_700
    return Level(dbfs(float(loud)), dbfs(float(quiet)), dbfs(float((size**2).max())), float(top.mean()))


def heard_again(played: Any, heard: Any) -> Heard | None:
    """Where what was played is in what was heard, both (n,) from the same moment on; None: it isn't there."""
    import numpy

    early = round(0.1 * RATE)
    count = min(len(played), len(heard))
    if count < RATE // 2:
        return None
    one, other = played[:count].astype(numpy.float64), heard[:count].astype(numpy.float64)
    size = 1 << (2 * count).bit_length()
    a, b = numpy.fft.rfft(one, size), numpy.fft.rfft(other, size)
    cross = b * numpy.conj(a)
    # Each frequency counts the same, so that one moment stands out and not a voice's pitch.
    fits = numpy.fft.irfft(cross / (numpy.abs(cross) + 1e-3 * numpy.abs(cross).max() + 1e-9), size)
    around = numpy.concatenate([fits[-early:], fits[: round(LONGEST * RATE)]])
    best = int(numpy.argmax(numpy.abs(around)))
    noise = float(numpy.median(numpy.abs(around))) / 0.6745
    if noise == 0.0 or abs(around[best]) < 10 * noise:
        return None
    return Heard((best - early) / RATE, levels(heard).voice - levels(played).voice)


def about_voice(level: Level, dropped: int) -> Iterator[Finding]:
    """What to say of a recording in which a person spoke."""
    numbers = {**{key: round(value, 4) for key, value in level._asdict().items()}, "dropped": dropped}
    said = f"voice {level.voice:.0f} dBFS, noise {level.noise:.0f} dBFS, highest {level.peak:.0f} dBFS"

    def found(state: Literal["ok", "note", "wrong"], text: str) -> Finding:
        return Finding("hearing", state, text, numbers)

    wrong = False
    if level.peak < EMPTY:
        yield found("wrong", "The microphone gives nothing but silence: switch it on, or name another one (--device).")
        return
    if level.clipped > CLIPPED:
        wrong = True
        yield found(
            "wrong",
            f"The microphone is too loud ({level.clipped:.1%} of the sound is cut off): "
            "lower its level in the system's sound settings (or alsamixer), or speak from farther away.",
        )
    elif level.voice - level.noise < NEAR:
        wrong = True
        if level.noise > NOISY:
            text = "It is as loud around the microphone as a voice is: come nearer, or find a quieter place for it."
        else:
            text = "Nobody was heard to speak: speak during the recording, or raise the level of the microphone."
        yield found("wrong", f"{text} ({said})")
    elif level.voice < QUIET:
        wrong = True
        yield found(
            "wrong",
            f"The microphone is very quiet ({level.voice:.0f} dBFS): "
            "raise its level in the system's sound settings (or alsamixer), or come nearer.",
        )
    elif level.noise > NOISY:
        yield found("note", f"It is noisy around the microphone ({level.noise:.0f} dBFS): come near when you speak.")
    if dropped:
        wrong = True
        text = (
            f"{dropped / RATE:.2f} seconds of the sound were lost: the machine is too busy; end what else runs on it."
        )
        yield found("wrong", text)
    if not wrong:
        yield found("ok", said)


def about_echo(heard: Heard | None, level: float, left: float) -> Finding:
    """What to say of hearing ourselves: how loud (dBFS), and how loud what is left of it when it is taken out."""
    if heard is None:
        return Finding(
            "echo",
            "note",
            "The microphone doesn't hear the loudspeaker. With headphones that is as it should be; "
            "if you didn't hear the sentence either, turn the loudspeaker up or name another one (--loudspeaker).",
            {"level": round(level, 1)},
        )
    numbers = {"delay": round(heard.delay, 3), "gain": round(heard.gain, 1), "level": round(level, 1)}
    text = (
        f"The loudspeaker reaches the microphone after {max(heard.delay, 0.0) * 1000:.0f} ms ({level:.0f} dBFS); "
        f"{max(level - left, 0.0):.0f} dB of it are taken out for --barge-in."
    )
    state: Literal["ok", "note"] = "ok"
    if level > -12.0:
        state, text = "note", f"{text} That is loud: turn the loudspeaker down, or move the microphone away from it."
    elif level - left < 10.0 and left > QUIET:
        state, text = "note", f"{text} That is little: don't use --barge-in here, or use headphones."
    return Finding("echo", state, text, {**numbers, "left": round(left, 1)})


# -- with the devices --------------------------------------------------------------------------------------------


def check(
    device: str | int | None,
    loudspeaker: str | int | None,
    voice: Callable[[], Iterable[Sound]],
    tell: Callable[[str], None],
) -> Iterator[Finding]:
    """Every finding as it comes. `voice` makes the sentence that is spoken; `tell` says what the person is to do.

    SetupError where there is no PortAudio, or no such device.
    """
    for one in portaudio.devices():
        yield _about_device(one)
    microphone = Microphone(device)
    microphone.open()
    try:
        tell(f"Speak now, for {SECONDS:.0f} seconds.")
        frames = _record(microphone, SECONDS)
        yield _found("microphone", "ok", f"{microphone.name} at {microphone.rate} Hz")
        yield from about_voice(levels(_samples(frames)), microphone.dropped)
        tell("Thank you. Be silent now, and listen.")
        yield from _speak(microphone, Loudspeaker(loudspeaker), voice)
    except FarEndError as error:
        yield _found("devices", "wrong", str(error))
    finally:
        microphone.close()


def _found(part: str, state: Literal["ok", "note", "wrong"], text: str) -> Finding:
    return Finding(part, state, text, {})


def _about_device(one: portaudio.Device) -> Finding:
    ways = [
        f"{count} {noun}{' (the default)' if default else ''}"
        for count, noun, default in ((one.inputs, "in", one.default_input), (one.outputs, "out", one.default_output))
        if count
    ]
    return _found("device", "ok", f"{one.index} {one.name}: {one.rate} Hz, {', '.join(ways)}")


def _record(microphone: Microphone, seconds: float) -> list[Frame]:
    """So much sound; less where none comes any more."""
    frames: list[Frame] = []
    end = time.monotonic() + seconds * 2 + 2
    while len(frames) * FRAME < seconds * RATE and time.monotonic() < end:
        frame = microphone.read(0.2)
        if frame is not None:
            frames.append(frame)
    return frames


def _samples(frames: list[Frame]) -> Any:
    import numpy

    return numpy.frombuffer(b"".join(frame.pcm for frame in frames), numpy.int16)


def _speak(microphone: Microphone, speaker: Loudspeaker, voice: Callable[[], Iterable[Sound]]) -> Iterator[Finding]:
    try:
        sounds = list(voice())
        yield _found("voice", "ok", f"made {sum(one.seconds for one in sounds):.1f} seconds of speech")
    except (SetupError, FarEndError) as error:
        yield _found("voice", "wrong", str(error))
        sounds = [earcons.listening(), earcons.thinking()] * 5
    speaker.open()
    try:
        with _Aside(microphone) as recorded:
            played = speaker.play(sounds)
            recorded.go_on(0.6)
        yield _found(
            "loudspeaker", "ok", f"{speaker.name} at {speaker.rate} Hz, spoke for {played.seconds:.1f} seconds"
        )
        yield _hear_ourselves(recorded.frames, speaker)
    finally:
        speaker.close()


def _hear_ourselves(frames: list[Frame], speaker: Loudspeaker) -> Finding:
    heard = _samples(frames)
    if not frames:
        return _found("echo", "wrong", "The microphone gave no sound while the loudspeaker spoke: see --device.")
    echo = Echo(speaker.played)
    left = _samples([echo.clean(frame) for frame in frames])
    played = speaker.played.between(frames[0].at - FRAME / RATE, len(heard))
    # The first second is the canceller's to learn.
    later = slice(min(RATE, len(heard) // 2), None)
    return about_echo(heard_again(played, heard), levels(heard[later]).voice, levels(left[later]).voice)


class _Aside:
    """Reads a microphone in a thread of its own while something else goes on."""

    def __init__(self, microphone: Microphone) -> None:
        import threading

        self.microphone = microphone
        self.frames: list[Frame] = []
        self._over = False
        self._thread = threading.Thread(target=self._read, name="listening to ourselves")

    def _read(self) -> None:
        while not self._over:
            try:
                frame = self.microphone.read(0.2)
            except FarEndError:
                return
            if frame is not None:
                self.frames.append(frame)

    def go_on(self, seconds: float) -> None:
        """Hear so much more."""
        wanted = len(self.frames) + seconds * RATE / FRAME
        end = time.monotonic() + seconds * 2 + 1
        while len(self.frames) < wanted and time.monotonic() < end:
            time.sleep(0.02)

    def __enter__(self) -> _Aside:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._thread.join()
