"""A microphone and a loudspeaker as PortAudio has them: virtual ones, at the rates that real ones have."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from assistant.errors import FarEndError, SetupError
from channels.audio import FRAME, RATE, DeviceGone, capture
from channels.audio import devices as portaudio
from channels.audio.capture import Microphone
from channels.audio.playback import Loudspeaker, Played
from models.voices import Sound

from .conftest import Devices, Recorder
from .made import chirp, sound, tone, where

pytestmark = pytest.mark.needs_apt

Record = Callable[..., Recorder]


@pytest.fixture(params=[True, False], ids=["remembers", "forgets"])
def loudspeaker(devices: Devices, request: pytest.FixtureRequest) -> Iterator[Loudspeaker]:
    speaker = Loudspeaker("va_speaker", remembers=request.param)
    speaker.open()
    yield speaker
    speaker.close()


def until(so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for it; a machine that is busy may take long."""
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def fits(recorder: Recorder, rate: int, seconds: float = 1.0, **shape: float) -> Callable[[], bool]:
    """Whether a chirp of that rate is in what was recorded, as it was made."""
    wave = chirp(seconds, RATE, **shape)

    def look() -> bool:
        return len(recorder.samples) > len(wave) and where(wave, recorder.samples)[1] > 0.98

    return look


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_what_is_said_is_what_is_read(devices: Devices, record: Record, rate: int) -> None:
    devices.at_rate(rate)
    recorder = record("va_mic", rate=rate)
    assert (recorder.microphone.name, recorder.microphone.rate) == ("va_mic", rate)
    until(lambda: recorder.seconds() > 0.5)
    devices.speak(chirp(1.0, rate), rate).wait()
    until(fits(recorder, rate))
    assert recorder.microphone.dropped == 0
    assert all(len(frame.pcm) == FRAME * 2 for frame in recorder.frames)
    # By their times, frames follow each other as they were captured.
    steps = np.diff([frame.at for frame in recorder.frames])
    assert abs(float(np.median(steps)) - FRAME / RATE) < 0.001 and steps.min() > 0


def test_what_is_skipped_is_never_read_and_the_times_go_on(devices: Devices, record: Record) -> None:
    beside = record("va_mic")
    microphone = Microphone("va_mic")
    try:
        microphone.open()
        devices.speak(chirp(1.0, 48_000), 48_000).wait()
        until(fits(beside, 48_000))
        assert microphone.skip()
        microphone.read(0.0)  # from here on it is listened to
        devices.speak(chirp(1.0, 48_000, 300, 1500), 48_000).wait()
        until(fits(beside, 48_000, high=1500))
        frames = []
        while (frame := microphone.read(0.0)) is not None:
            frames.append(frame)
    finally:
        microphone.close()
    heard = np.frombuffer(b"".join(frame.pcm for frame in frames), np.int16)
    assert where(chirp(1.0, RATE), heard)[1] < 0.5
    at, fit = where(chirp(1.0, RATE, 300, 1500), heard)
    there, _ = where(chirp(1.0, RATE, 300, 1500), beside.samples)
    frame = frames[at // FRAME]
    assert fit > 0.98
    assert abs(frame.at - (FRAME - 1 - at % FRAME) / RATE - beside.time_of(there)) < 0.03


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("voice", [22_050, 16_000])
def test_what_is_played_is_what_sounds(devices: Devices, record: Record, rate: int, voice: int) -> None:
    devices.at_rate(rate)
    recorder = record("va_heard", rate=rate)
    speaker = Loudspeaker("va_speaker", rate=rate)
    started: list[float] = []
    try:
        speaker.open()
        assert speaker.rate == rate
        said = [chirp(1.0, voice), tone(0.3, voice)]
        done = speaker.play([sound(one, voice) for one in said], started=started.append)
        assert done == Played(pytest.approx(1.3, abs=0.001), False, pytest.approx(1.3, abs=0.001))
        assert len(started) == 1
        until(fits(recorder, rate))
        # The same is remembered, at the same time.
        at, fit = where(chirp(1.0, RATE)[: round(0.9 * RATE)], speaker.played.between(started[0] - 0.5, 2 * RATE))
        assert fit > 0.95 and abs(at / RATE - 0.5) < 0.05
    finally:
        speaker.close()


def test_stop_is_heard_at_once_and_makes_no_click(devices: Devices, record: Record, loudspeaker: Loudspeaker) -> None:
    recorder = record("va_heard")
    done: list[Played] = []
    playing = threading.Thread(target=lambda: done.append(loudspeaker.play([sound(tone(20.0, 24_000), 24_000)])))
    playing.start()
    until(lambda: int(np.count_nonzero(np.abs(recorder.samples) > 2000)) > RATE // 4)
    stopped_at = len(recorder.samples)
    loudspeaker.stop()
    playing.join()
    heard = recorder.seconds()
    until(lambda: recorder.seconds() > heard + 0.5)
    samples = recorder.samples.astype(int)
    loud = np.nonzero(np.abs(samples) > 100)[0]
    assert loud[-1] - stopped_at < 0.2 * RATE
    (played,) = done
    assert played.cut and played.of == pytest.approx(20.0, abs=0.1)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(played.seconds, abs=0.05)
    steps = np.abs(np.diff(samples))
    assert steps[loud[-1] - RATE // 20 : loud[-1] + 10].max() <= steps[loud[0] + 500 : loud[0] + RATE // 5].max() * 1.1
    # The next one is not cut, and a stop with nothing to stop does nothing.
    loudspeaker.stop()
    assert not loudspeaker.play([sound(tone(0.2, 24_000), 24_000)]).cut


def test_each_sound_is_heard_from_its_first_sample(record: Record, loudspeaker: Loudspeaker) -> None:
    """However long the silence before it was: its place in the device's buffer is the sound's."""
    recorder = record("va_heard")
    until(lambda: recorder.seconds() > 0.5)
    wave = chirp(0.5, RATE, 300, 1500)
    for pause in (0.0, 0.103, 0.217):
        time.sleep(pause)
        begun = len(recorder.samples)
        assert loudspeaker.play([sound(chirp(0.5, 24_000, 300, 1500), 24_000)]).seconds == pytest.approx(0.5, abs=0.001)

        def whole(begun: int = begun) -> bool:
            heard = recorder.samples[begun:]
            return len(heard) > len(wave) and where(wave, heard)[1] > 0.98

        until(whole)


def test_the_next_sentence_is_made_while_one_sounds(loudspeaker: Loudspeaker) -> None:
    sounding = []

    def sentences() -> Iterator[Sound]:
        yield sound(tone(0.5, 24_000), 24_000)
        sounding.append(loudspeaker.sounding())
        yield sound(tone(0.1, 24_000), 24_000)

    assert not loudspeaker.sounding()
    loudspeaker.play(sentences())
    assert sounding == [True]


def test_a_sentence_that_comes_late_is_a_pause(record: Record, loudspeaker: Loudspeaker) -> None:
    recorder = record("va_heard")

    def sentences() -> Iterator[Sound]:
        yield sound(chirp(0.3, 24_000, 300, 1500), 24_000)
        until(lambda: where(chirp(0.3, RATE, 300, 1500), recorder.samples)[1] > 0.9)
        yield sound(chirp(1.0, 24_000), 24_000)

    until(lambda: recorder.seconds() > 0.5)
    assert loudspeaker.play(sentences()) == Played(pytest.approx(1.3, abs=0.001), False, pytest.approx(1.3, abs=0.001))
    until(fits(recorder, 24_000))


def test_a_voice_that_breaks_is_heard_to_there(record: Record, loudspeaker: Loudspeaker) -> None:
    recorder = record("va_heard")

    def sentences() -> Iterator[Sound]:
        yield sound(chirp(1.0, 24_000), 24_000)
        raise FarEndError("the voice broke", can_retry=True)

    with pytest.raises(FarEndError, match="the voice broke"):
        loudspeaker.play(sentences())
    until(fits(recorder, 24_000))
    assert loudspeaker.play([]) == Played(0.0, False, 0.0)


@pytest.mark.parametrize("how", ["the devices", "the sound server"])
def test_a_microphone_that_is_unplugged_in_mid_sentence(devices: Devices, record: Record, how: str) -> None:
    recorder = record("va_mic")
    until(lambda: recorder.seconds() > 0.3)
    player = devices.speak(chirp(30.0, 48_000), 48_000)
    until(lambda: int(np.count_nonzero(np.abs(recorder.samples) > 2000)) > RATE // 4)
    devices.script("stop") if how == "the sound server" else devices.unplug()
    player.wait()
    until(lambda: bool(recorder.gone))
    before = len(recorder.samples)
    devices.script("start")
    until(lambda: len(recorder.samples) > before + RATE // 2)
    devices.speak(chirp(1.0, 48_000), 48_000).wait()
    until(fits(recorder, 48_000))
    # Said once, in a sentence that names it and says what to do.
    (said,) = recorder.gone
    assert "va_mic" in said and "connect it again" in said
    assert recorder.microphone.resets == 1
    assert np.diff([frame.at for frame in recorder.frames]).min() > 0


def test_a_loudspeaker_that_is_unplugged_and_comes_back(
    devices: Devices, record: Record, loudspeaker: Loudspeaker
) -> None:
    why: list[Exception] = []

    def play() -> None:
        try:
            loudspeaker.play([sound(tone(30.0, 24_000), 24_000)])
        except DeviceGone as error:
            why.append(error)

    playing = threading.Thread(target=play)
    playing.start()
    until(loudspeaker.sounding)
    devices.script("stop")
    playing.join()
    assert "va_speaker" in str(why[0])
    with pytest.raises(DeviceGone):
        loudspeaker.play([sound(tone(0.1, 24_000), 24_000)])
    devices.script("start")
    recorder = record("va_heard")
    until(lambda: recorder.seconds() > 0.3)
    assert not loudspeaker.play([sound(chirp(1.0, 24_000), 24_000)]).cut
    until(fits(recorder, 24_000))


def test_who_is_needed_again_while_another_looks_for_devices(devices: Devices, record: Record) -> None:
    """A loudspeaker that was away makes PortAudio look again: the microphone lets go meanwhile, and goes on."""
    recorder = record("va_mic")
    until(lambda: recorder.seconds() > 0.3)

    class Looking:
        def let_go(self) -> bool:
            return True

    assert portaudio.look_again(Looking())
    before = recorder.seconds()
    until(lambda: recorder.seconds() > before + 0.5)
    assert not recorder.gone
    assert recorder.microphone.resets == 1


def test_a_loudspeaker_in_use_is_not_let_go_of(loudspeaker: Loudspeaker) -> None:
    class Looking:
        def let_go(self) -> bool:
            return True

    refused = []

    def sentences() -> Iterator[Sound]:
        yield sound(tone(0.3, 24_000), 24_000)
        refused.append(not portaudio.look_again(Looking()))

    assert loudspeaker.play(sentences()).seconds == pytest.approx(0.3, abs=0.001)
    assert refused == [True]


def test_what_a_slow_reader_loses_is_counted(devices: Devices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "QUEUE", 0.5)
    microphone = Microphone("va_mic")
    microphone.open()
    try:
        first = microphone.read(5.0)
        until(lambda: microphone.dropped > RATE // 4)
        second = microphone.read(5.0)
        assert first and second
        # What was lost is not in the times: they say when it was really heard.
        for _ in range(3):
            third = microphone.read(5.0)
        assert third and third.at - first.at > (microphone.dropped + FRAME) / RATE * 0.5
    finally:
        microphone.close()


def test_a_name_that_nothing_has(devices: Devices) -> None:
    with pytest.raises(SetupError, match=r"no microphone 'studio'; there are: .*va_mic"):
        Microphone("studio").open()
    with pytest.raises(SetupError, match=r"no loudspeaker 'studio'; there are: .*va_speaker"):
        Loudspeaker("studio").open()


def test_devices_are_named_with_their_rates(devices: Devices) -> None:
    known = {one.name: one for one in portaudio.devices()}
    assert {"va_mic", "va_speaker", "va_heard"} <= set(known)
    assert any(one.default_input for one in known.values()) and any(one.default_output for one in known.values())
    assert known["va_mic"].rate in portaudio.RATES
    assert portaudio.find("input", "VA_MI").name == "va_mic"
    assert portaudio.find("output", str(known["va_speaker"].index)).name == "va_speaker"


def test_no_device_at_all(devices: Devices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portaudio.portaudio(), "query_devices", lambda *_, **__: [])
    monkeypatch.setattr(portaudio, "_default", lambda *_: None)
    with pytest.raises(SetupError, match="there is no microphone; connect one"):
        Microphone().open()
