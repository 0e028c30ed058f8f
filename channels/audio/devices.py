"""PortAudio: its devices by name, opening and closing of streams, and looking again for a device that went away.

PortAudio knows only the devices that were there when it was initialised. To see one that came (back), it must be
initialised again, and no stream may be open then. So every stream is opened and closed under the one lock here, by a
holder that can be asked to let go of it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Literal, Protocol

from msgspec import Struct

from assistant.errors import CALLED, SetupError
from channels.audio import DeviceGone

Kind = Literal["input", "output"]
APT = "sudo apt-get install libportaudio2"
NOUN = {"input": "microphone", "output": "loudspeaker"}
RATES = (48_000, 44_100, 16_000, 32_000, 96_000, 22_050, 8_000)
"""What is tried after a device's own rate."""
PATIENCE = 2.0
"""Seconds that closing or starting a stream may take: with a sound server that hangs, it never ends."""
RETRY = 0.5
"""Seconds between two attempts to open a device that is away."""
STALLED = 2.0
"""Seconds without a callback after which a device counts as gone."""


class Device(Struct, frozen=True):
    """A sound device as PortAudio knows it."""

    index: int
    name: str
    inputs: int
    outputs: int
    rate: int
    """Samples a second, its own choice."""
    default_input: bool
    default_output: bool

    def channels(self, kind: Kind) -> int:
        return self.inputs if kind == "input" else self.outputs


class Holder(Protocol):
    """Has a stream open."""

    def let_go(self) -> bool:
        """Close the stream where it isn't needed just now (it is opened again when it is). Called under the lock."""
        ...


lock = threading.RLock()
"""Held while a stream is opened or closed, and while PortAudio is initialised again."""
_holders: weakref.WeakSet[Any] = weakref.WeakSet()
_closing: set[threading.Thread] = set()
_kept: list[Any] = []


def portaudio() -> ModuleType:
    """The library. SetupError with the one line that installs it."""
    with lock:
        try:
            import sounddevice
        except OSError as error:
            text = f"there is no PortAudio here, which microphones and loudspeakers need; install it: {APT}"
            raise SetupError(text) from error
        except ImportError as error:
            text = "the package sounddevice is missing, which microphones and loudspeakers need; install it again"
            raise SetupError(f"{text}: pip install sounddevice") from error
        if not _kept:
            _deafen()
        library: ModuleType = sounddevice
        return library


def _deafen() -> None:
    """ALSA writes what it thinks of each attempt on stderr; for us each is an error code, too."""
    deaf = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)(
        lambda file, row, function, code, text: None
    )
    _kept.append(deaf)  # it is called as long as the process lives
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(deaf)


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """As `quiet`, for as long as one likes: what Python writes on stderr is still seen.

    A stream whose device goes away has three lines written by PortAudio's own thread, whenever that is.
    """
    before = sys.stderr
    try:
        kept = os.fdopen(os.dup(before.fileno()), "w", encoding=before.encoding, errors="replace", buffering=1)
    except (OSError, ValueError, AttributeError):
        yield
        return
    with kept, quiet():
        sys.stderr = kept
        try:
            yield
        finally:
            sys.stderr = before


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep off the screen what libraries write on stderr by themselves, bypassing Python."""
    try:
        sys.stderr.flush()
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except (OSError, ValueError, AttributeError):
        yield
        return
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def devices() -> list[Device]:
    """All there are. SetupError where there is no PortAudio."""
    library = portaudio()
    with lock:
        rows = list(library.query_devices())
        inside, outside = (_default(library, kind) for kind in ("input", "output"))
    return [
        Device(
            index=number,
            name=str(row["name"]),
            inputs=int(row["max_input_channels"]),
            outputs=int(row["max_output_channels"]),
            rate=int(row["default_samplerate"]),
            default_input=number == inside,
            default_output=number == outside,
        )
        for number, row in enumerate(rows)
    ]


def _default(library: Any, kind: str) -> int | None:
    try:
        return int(library.query_devices(kind=kind)["index"])
    except (library.PortAudioError, ValueError):
        return None


def find(kind: Kind, wanted: str | int | None) -> Device:
    """The device of that name or part of a name (or index); None: the default one. SetupError names those there are."""
    there = [one for one in devices() if one.channels(kind)]
    if not there:
        raise SetupError(f"there is no {NOUN[kind]}; connect one, and see `{CALLED} doctor audio`")
    if wanted is None:
        flagged = [one for one in there if (one.default_input if kind == "input" else one.default_output)]
        return (flagged or there)[0]
    if isinstance(wanted, int) or wanted.isdecimal():
        found = [one for one in there if one.index == int(wanted)]
    else:
        found = [one for one in there if one.name == wanted] or [
            one for one in there if wanted.casefold() in one.name.casefold()
        ]
    if not found:
        names = ", ".join(dict.fromkeys(one.name for one in there))
        raise SetupError(f"there is no {NOUN[kind]} '{wanted}'; there are: {names}")
    return found[0]


def open_stream(
    kind: Kind,
    wanted: str | int | None,
    holder: Holder,
    make: Callable[[Any, Device, int, int], Any],
    rate: int | None = None,
) -> Any:
    """A stream that runs: by `make(library, device, rate, channels)`, with the first rate and channels that it takes.

    `rate` is tried first (None: the device's own).
    SetupError where there is no such device, or where it can't be opened.
    """
    library = portaudio()
    with lock:
        device = find(kind, wanted)
        rates = dict.fromkeys((rate or device.rate, device.rate, *RATES))
        channels = [one for one in dict.fromkeys((1, 2, device.channels(kind))) if one <= device.channels(kind)]
        why: Exception | None = None
        for each in rates:
            for count in channels:
                try:
                    with quiet():
                        stream = make(library, device, each, count)
                        stream.start()
                except (library.PortAudioError, ValueError) as error:
                    why = why or error
                    continue
                _holders.add(holder)
                return stream
        remedy = "end what else uses it, or name another one"
        raise SetupError(f"the {NOUN[kind]} '{device.name}' can't be opened ({_reason(why)}); {remedy}") from why


def _reason(error: Exception | None) -> str:
    return str(error).partition("[")[0].strip().rstrip(":") if error else "no rate fits"


def close_stream(stream: Any, holder: Holder) -> None:
    """Close it. A stream that can't be closed (its sound server hangs) is left to itself after a while."""

    def close() -> None:
        try:
            stream.abort()
            stream.close()
        except Exception:  # it is gone either way
            pass

    with lock:
        _holders.discard(holder)
        closer = _aside(close)
        if closer.is_alive():
            _closing.add(closer)


def _aside(step: Callable[[], None]) -> threading.Thread:
    """Run what may never end in a thread of its own, and wait for it for a while."""
    worker = threading.Thread(target=step, name="sound", daemon=True)
    worker.start()
    worker.join(PATIENCE)
    return worker


def done_soon(step: Callable[[], None]) -> bool:
    """Stop or start a stream. False where its device is gone, or its sound server hangs; then it is left to itself."""
    done = threading.Event()

    def work() -> None:
        with contextlib.suppress(Exception):  # it is gone
            step()
            done.set()

    with lock:
        _aside(work)
        return done.is_set()


def look_again(asking: Holder) -> bool:
    """Initialise PortAudio again, to see what came since. False where a stream is in use elsewhere."""
    library = portaudio()
    with lock:
        _closing.difference_update([one for one in _closing if not one.is_alive()])
        if _closing:
            return False
        for holder in list(_holders):
            if holder is not asking and not holder.let_go():
                return False
        try:
            while library._initialized:
                library._terminate()
        finally:
            library._initialize()
        return True


def opened(asking: Holder, attempt: Callable[[], None]) -> None:
    """Open a stream by `attempt`. Where that fails, PortAudio looks again first for what may have come since."""
    with lock:
        try:
            attempt()
        except SetupError:
            portaudio()
            if not look_again(asking):
                raise
            attempt()


def gone(kind: Kind, name: str) -> DeviceGone:
    remedy = f"connect it again, or see `{CALLED} doctor audio` for those there are"
    return DeviceGone(f"the {NOUN[kind]} '{name}' went away; {remedy}")


class Line(ABC):
    """One device's stream: what a microphone and a loudspeaker have in common. It is a holder of it, too.

    PortAudio's own thread calls back; what it and the other threads share is kept under `_change`.
    """

    kind: Kind

    def __init__(self, device: str | int | None, rate: int | None) -> None:
        """By its name or a part of it, or its number; None: the default one. `rate`: asked of it, if it can."""
        self.device = device
        self._asked = rate
        self.name = ""
        """The device's own name, once it was opened."""
        self.rate = 0
        """Samples a second that the device gives or takes."""
        self._channels = 1
        self._stream: Any = None
        self._change = threading.Condition()
        self._ended = False
        self._last = 0.0
        """`time.monotonic()` of the last callback."""

    @abstractmethod
    def _stream_of(self, library: Any, **how: Any) -> Any:
        """A new stream, by those arguments and what this kind of line has beside them; it doesn't run yet."""

    def _start(self, device: str | int | None) -> None:
        def make(library: Any, found: Device, rate: int, channels: int) -> Any:
            self.name, self.rate, self._channels = found.name, rate, channels
            self._ended, self._last = False, time.monotonic()
            how = {"device": found.index, "samplerate": rate, "channels": channels, "dtype": "int16"}
            return self._stream_of(library, **how, finished_callback=self._over)

        self._stream = open_stream(self.kind, device, self, make, self._asked)

    def _over(self) -> None:
        with self._change:
            self._ended = True
            self._change.notify_all()

    def _away(self) -> bool:
        return self._ended or time.monotonic() - self._last > STALLED

    def _shut(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            close_stream(stream, self)

    def let_go(self) -> bool:
        """Whoever uses it next opens it again; what a microphone hears meanwhile is lost."""
        self._shut()
        return True


class Clock:
    """When the samples of a running stream are at the device: each callback's time is off by some ms, all are not."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.base: float | None = None
        """`time.monotonic()` of sample 0."""
        self._off = 0

    def saw(self, count: int, at: float) -> float:
        """Sample number `count` was at the device at that time. The seconds by which the stream jumped (0.0: not)."""
        base = at - count / self.rate
        if self.base is None:
            self.base = base
            return 0.0
        difference = base - self.base
        if abs(difference) < 0.08:
            self._off = 0
            self.base += difference / 32
            return 0.0
        # Once may be a slip; a stream that stays off has lost samples (or was given some twice).
        self._off += 1
        if self._off < 4:
            return 0.0
        self._off, self.base = 0, base
        return difference

    def time(self, count: float) -> float:
        return (self.base if self.base is not None else time.monotonic()) + count / self.rate


def at_device(times: Any, field: Literal["inputBufferAdcTime", "outputBufferDacTime"], otherwise: float) -> float:
    """When the first sample of a callback's block is at the device, by `time.monotonic()`."""
    now = time.monotonic()
    moment = float(getattr(times, field))
    # Some drivers leave the times empty.
    return now + (moment - float(times.currentTime)) if moment and times.currentTime else now + otherwise
