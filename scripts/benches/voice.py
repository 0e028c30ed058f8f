"""One measurement of speech in a process of its own: `python -m scripts.benches.voice PART …`; prints one JSON object.

speech FOLDER                          makes the sentences that the others hear, with what voices there are
recogniser ID LANGUAGE FOLDER          memory; real-time factor, free and held to a step's phrases
ends ID LANGUAGE FOLDER                silence before the end of a turn, in audio time
voice ENGINE LANGUAGE                  memory; time to the first sound
talk LANGUAGE RECOGNISER VOICE FOLDER  end of speech -> answer, through virtual devices, by `voicetill listen`
cut LANGUAGE RECOGNISER VOICE FOLDER   somebody speaks over the assistant's voice
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from assistant.discovery import find
from assistant.turns import House, Hypothesis, Turn, Vocabulary
from channels.audio import FRAME, RATE
from channels.audio.ears import TOGETHER
from models import shelf
from scripts.benches import sound
from scripts.benches.figures import children_mb, now_mb
from scripts.benches.rounds import Row
from scripts.benches.sound import Clip
from scripts.benches.talks import TALKS

SAID = {
    "en": {
        "sentence": (
            "Two cheeseburgers and a coke please.",
            "Take the coke off.",
            "How much is a coffee?",
            "A large fries without salt please.",
            "I would like a veggie burger.",
        ),
        "yes_no": ("Yes please.", "No thank you.", "That's right.", "Yes."),
    },
    "zh": {"sentence": ("我要两个芝士汉堡。", "可乐改成三杯。", "咖啡多少钱？"), "yes_no": ("好的。", "不要。")},
    "ko": {
        "sentence": (
            "치즈버거 두 개 주세요.",
            "콜라 한 잔 주세요.",
            "커피 두 잔 주세요.",
            "메뉴를 보여 주세요.",
            "콜라 한 잔 빼 주세요.",
        ),
        "yes_no": ("네.", "네, 맞아요.", "아니요.", "네, 확인해 주세요."),
    },
}
"""What is spoken and heard: sentences that order, and complete answers to the read-back's question."""
MENU = {"en": "What is on the menu?", "zh": "有什么吃的？", "ko": "메뉴를 보여 주세요."}
"""Has an answer that is long enough to be spoken over."""
INTO = 1.2
"""Seconds of the answer that somebody lets go by."""
PATIENCE = 60.0
SHORT = {"en": "Two cheeseburgers, added.", "zh": "加了两个芝士汉堡。", "ko": "치즈버거 두 개를 담았어요."}
REPLY = {
    "en": "Two cheeseburgers and a coke. That comes to twenty-one dollars. Would you like to check out?",
    "zh": "两个芝士汉堡和一杯可乐。一共五十八块五。现在结账吗？",
    "ko": "치즈버거 두 개와 콜라 한 잔이에요. 모두 이만 천 원이에요. 결제할까요?",
}


def speaker(language: str, engine: str) -> Any:
    """A voice that is there, ready to speak."""
    voice = find("voice", engine)
    folder = shelf.installed("voice", language, engine)[0].folder if voice.can.model else None
    return voice.open(language, folder)


def model(id: str, language: str) -> Any:
    one = next(one for one in shelf.installed("recognizer", language) if one.id == id)
    return find("recognizer", one.engine).open(one.folder, language)


# -- speech ------------------------------------------------------------------------------------------------------


def speech(folder: Path) -> Row:
    """Each language by the voice that sounds most like a person."""
    found: list[Clip] = []
    for language, kinds in SAID.items():
        engine = "piper" if shelf.installed("voice", language, "piper") else "pyttsx3"
        voice = speaker(language, engine)
        texts = [(kind, text) for kind, several in kinds.items() for text in several] + [("menu", MENU[language])]
        for number, (kind, text) in enumerate(texts):
            samples = sound.made(voice, text)
            path = sound.save(folder / f"{language}-{number:02}.wav", samples)
            found.append(Clip(str(path), language, text, kind, len(samples) / RATE))
        voice.close()
    (folder / "speech.json").write_text(json.dumps(msgspec.to_builtins(found)), encoding="utf-8")
    return {"clips": len(found), "seconds": round(sum(one.seconds for one in found), 1)}


# -- what may be said at a step ----------------------------------------------------------------------------------


async def vocabularies(language: str, folder: Path) -> tuple[Any, dict[str, Vocabulary]]:
    """The burger bar, and what it expects to hear after its greeting and at the read-back."""
    from scripts.benches.turns import open_house

    house, _store = await open_house("memory", folder)
    found = {"sentence": await house.vocabulary("bench", language)}
    # The read-back is reached by talking; the first of these talks in the language gets there.
    talk = next(one for one in TALKS if one.language == language)
    for number, text in enumerate(talk.said):
        await house.take(
            Turn(
                id=str(number),
                channel="bench",
                shop=house.shop,
                session="bench",
                hypotheses=(Hypothesis(text),),
                at=house.now(),
                language=None if number else language,
            )
        )
    found["yes_no"] = await house.vocabulary("bench", language)
    if found["yes_no"].kind != "yes_no":
        raise RuntimeError(f"the talk in '{language}' came to '{found['yes_no'].expects}', which asks no yes or no")
    return house, found


# -- recognisers -------------------------------------------------------------------------------------------------


def decoded(begin: Callable[[], Any], several: Sequence[bytes], keep: bool = False) -> tuple[float, list[str]]:
    """(seconds of CPU a second of sound, texts), in pieces as the ears feed them. `keep`: each by a recogniser of its
    own, for one whose decoding is kept isn't used again."""
    texts, kept = [], []
    began = time.process_time()
    for pcm in several:
        decoding = begin()
        for at in range(0, len(pcm), 2 * FRAME * TOGETHER):
            decoding.feed(pcm[at : at + 2 * FRAME * TOGETHER])
        texts.append(next((one.text for one in decoding.end()), ""))
        if keep:
            kept.append(decoding)
    took = time.process_time() - began
    return took / (sum(map(len, several)) / 2 / RATE), texts


def recogniser(id: str, language: str, folder: Path) -> Row:
    """Fresh: each utterance by a recogniser that was never used; warm: by one that has heard other sentences; again: by
    one that has heard the very same ones."""
    from models.recognizers import Bias

    imported = now_mb()
    began = time.process_time()
    loaded = model(id, language)
    can = loaded.can
    found: Row = {"load_cpu_s": round(time.process_time() - began, 2), "loaded_mb": round(now_mb() - imported, 1)}
    said = {kind: [sound.load(Path(clip.file)) for clip in sound.clips(folder, language, kind)] for kind in SAID["en"]}
    pcm = {kind: [bytes(sound.in_a_quiet_room(each, 0.3, 0.5)) for each in several] for kind, several in said.items()}
    decoded(loaded.begin, pcm["sentence"][:2])
    found["used_mb"] = round(now_mb() - imported, 1)
    loaded.close()
    del loaded
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as data:
        house, asked = asyncio.run(vocabularies(language, Path(data)))
    del house
    ways: dict[str, tuple[str, Any]] = {"free": ("sentence", None)}
    if can.grammar:
        ways["free, yes or no"] = ("yes_no", None)
        ways["held"] = ("sentence", Bias(asked["sentence"].phrases))
        ways["held, yes or no"] = ("yes_no", Bias(asked["yes_no"].phrases))
    for name, (kind, bias) in ways.items():
        row: Row = {"said": [clip.text for clip in sound.clips(folder, language, kind)]}
        others = [one for other, several in pcm.items() for one in several if other != kind]
        with fresh(id, language) as one:
            row["fresh"], row["heard"] = decoded(partial(one.begin, bias), pcm[kind], keep=True)
        with fresh(id, language) as one:
            decoded(partial(one.begin, bias), others)
            row["warm"], _ = decoded(partial(one.begin, bias), pcm[kind])
            row["again"], _ = decoded(partial(one.begin, bias), pcm[kind])
        found[name] = row
    return found


@contextlib.contextmanager
def fresh(id: str, language: str) -> Iterator[Any]:
    """A model none of whose recognisers was used, but one that stays in use: so its files are in memory."""
    one = model(id, language)
    other = one.begin(None)
    other.feed(bytes(2 * RATE))
    try:
        yield one
    finally:
        del other
        one.close()
        gc.collect()


# -- the end of a turn -------------------------------------------------------------------------------------------


BEFORE, BEHIND = 0.4, 6.0
"""Seconds of faint noise around a sentence."""


async def ended_at(one: Any, file: Path, house: House, vocabulary: Vocabulary) -> list[tuple[float, str]]:
    """(seconds of audio at which a turn was over, what was heard), of every turn in a recording, by our own ears."""
    from channels.audio.capture import Recordings
    from channels.audio.ears import Broken, Ears, Event, Finished, Utterance
    from channels.audio.endpoint import Waits

    events: asyncio.Queue[Event] = asyncio.Queue()
    ears = Ears(
        Recordings([file], tail=0.0),
        one,
        ending=lambda text, asked: house.ending(text, asked.language, asked.expects),
        post=events.put_nowait,
        waits=Waits(),
    )
    ears.start()
    ears.listen(vocabulary)
    found: list[tuple[float, str]] = []
    try:
        while not isinstance(event := await events.get(), Finished):
            if isinstance(event, Utterance):
                found.append((event.decided, event.text))
                ears.listen(vocabulary)  # a recording stands still until somebody listens again
            elif isinstance(event, Broken):
                raise RuntimeError(event.why)
    finally:
        await ears.close()
    return found


def kaldi_ended_at(library: Any, samples: Any) -> list[tuple[float, str]]:
    """The same by the recogniser's own rules."""
    from vosk import KaldiRecognizer

    found, step = [], RATE // 50
    ear = KaldiRecognizer(library, RATE)
    for at in range(0, len(samples), step):
        if ear.AcceptWaveform(samples[at : at + step].tobytes()) and (text := json.loads(ear.Result())["text"]):
            found.append(((at + step) / RATE, text))
    return found


def silence(ends: Sequence[tuple[float, str]], end: float) -> float | None:
    """Seconds from the end of the speech until the turn was over; None where it was over before, or never."""
    last = next((at for at, _ in ends if at >= end), None)
    return None if last is None else last - end


async def ends(id: str, language: str, folder: Path) -> Row:
    one = model(id, language)
    library = None
    if one.can.streaming and id.startswith("vosk"):
        import vosk

        library = vosk.Model(str(next(o.folder for o in shelf.installed("recognizer", language) if o.id == id)))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as data:
        house, asked = await vocabularies(language, Path(data))
        for kind, vocabulary in asked.items():
            for clip in sound.clips(folder, language, kind):
                samples = sound.in_a_quiet_room(sound.load(Path(clip.file)), BEFORE, BEHIND)
                file = sound.save(Path(data) / "heard.wav", samples)
                end = BEFORE + clip.seconds
                ours = await ended_at(one, file, house, vocabulary)
                row: Row = {"kind": kind, "said": clip.text, "ours": silence(ours, end), "heard": [t for _, t in ours]}
                row["cut"] = any(at < end for at, _ in ours)
                if library is not None:
                    theirs = kaldi_ended_at(library, samples)
                    row |= {"theirs": silence(theirs, end), "theirs_heard": [t for _, t in theirs]}
                    row["theirs_cut"] = any(at < end for at, _ in theirs)
                rows.append(row)
    one.close()
    return {"rows": rows}


# -- voices ------------------------------------------------------------------------------------------------------


def voice(engine: str, language: str) -> Row:
    imported = now_mb()
    one = speaker(language, engine)
    list(one.say(SHORT[language]))  # what only the first time costs
    found: Row = {"loaded_mb": round(now_mb() - imported + children_mb(os.getpid()), 1)}
    for name, text in (("short", SHORT[language]), ("long", REPLY[language])):
        firsts, wholes, seconds = [], [], 0.0
        for _ in range(5):
            began = time.perf_counter()
            row = iter(one.say(text))
            sounds = [next(row)]
            firsts.append(time.perf_counter() - began)
            sounds += row
            wholes.append(time.perf_counter() - began)
            seconds = sum(each.seconds for each in sounds)
        found |= {f"{name}_first_ms": 1000 * min(firsts), f"{name}_factor": min(wholes) / seconds}
    found["used_mb"] = round(now_mb() - imported + children_mb(os.getpid()), 1)
    one.close()
    return found


# -- a talk, through devices -------------------------------------------------------------------------------------


class Listener:
    """`voicetill listen`, watched, in a process of its own."""

    def __init__(self, data: Path, language: str, recogniser: str, voice: str, *options: str) -> None:
        self.notes = data / "watched.jsonl"
        shown = ("--shop", "burger-bar", "--lang", language, "--recognizer", recogniser, "--voice", voice)
        command = [
            sys.executable,
            "-m",
            "scripts.benches.listening",
            str(self.notes),
            *shown,
            "--data",
            str(data / "kept"),
        ]
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.lines: queue.Queue[Row] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def next(self) -> Row:
        """The line of the next turn; it comes when its answer was spoken."""
        return self.lines.get(timeout=PATIENCE)

    def noted(self) -> list[Row]:
        return [json.loads(line) for line in self.notes.read_text(encoding="utf-8").splitlines()]

    def end(self) -> None:
        self.process.send_signal(2)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()


PAUSE = 0.8
"""Seconds that a person lets go by before answering."""


def talk(language: str, recogniser: str, voice: str, folder: Path) -> Row:
    """From the last loud sample at the microphone to the first at the loudspeaker, heard from outside; its parts as
    `listen --json` tells them."""
    turns: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as data:
        ear, mouth = sound.Tap("va_mic"), sound.Tap("va_heard")
        listener = Listener(Path(data), language, recogniser, voice)
        try:
            listener.next()
            for clip in sound.clips(folder, language, "sentence"):
                time.sleep(PAUSE)
                began = time.monotonic()
                sound.play(clip.file).wait()
                line = listener.next()
                turns.append({**line["timings"], "said": clip.text, "heard": line["heard"]})
                turns[-1]["total"] = from_end_to_answer(ear, mouth, began, clip.seconds)
        finally:
            listener.end()
            ear.close()
            mouth.close()
        noted = listener.noted()
    for turn, note in zip(turns, noted[1:], strict=False):
        turn["understanding"] = 1000 * sum(note["understood"])
        turn["reply"] = turn["turn"] - turn["understanding"]
    first, last = noted[0], noted[-1]
    whole = last["whole"] - first["whole"]
    engines = {name: last["engines"][name] - first["engines"][name] for name in last["engines"]}
    return {
        "turns": turns,
        "own_share": (last["own"] - first["own"]) / whole,
        "cpu_s": whole,
        "engines_s": engines,
        "mb": last["mb"],
    }


def from_end_to_answer(ear: sound.Tap, mouth: sound.Tap, began: float, seconds: float) -> float | None:
    """Milliseconds."""
    said, said_at = ear.since(began)
    begin = sound.first_loud(said, sound.SPOKEN)
    if begin is None:
        return None
    end = sound.last_loud(said, sound.SPOKEN, begin + round((seconds + 0.1) * RATE))
    assert end is not None
    ended = said_at + end / RATE
    answer, answer_at = mouth.since(ended)
    first = sound.first_loud(answer, sound.PLAYED)
    return None if first is None else 1000 * (answer_at + first / RATE - ended)


CUTS = 6


def cut(language: str, recogniser: str, voice: str, folder: Path) -> Row:
    """From the first loud sample of somebody's speech to the last of the assistant's own, milliseconds."""
    found: list[float | None] = []
    question = sound.clips(folder, language, "menu")[0]
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as data:
        ear, mouth = sound.Tap("va_mic"), sound.Tap("va_heard")
        listener = Listener(Path(data), language, recogniser, voice, "--barge-in")
        try:
            since = time.monotonic()
            for _ in range(CUTS):

                def sounds(since: float = since) -> float | None:
                    samples, at = mouth.since(since)
                    first = sound.first_loud(samples, sound.PLAYED)
                    return None if first is None or time.monotonic() - at - first / RATE < INTO else at + first / RATE

                sound.wait_for(sounds, PATIENCE, "the assistant's voice")
                began = time.monotonic()
                sound.play(question.file).wait()
                time.sleep(0.6)
                said, said_at = ear.since(began)
                begin = sound.first_loud(said, sound.SPOKEN)
                if begin is None:
                    raise RuntimeError("what was played into the microphone was not there")
                spoke = said_at + begin / RATE
                answer, answer_at = mouth.since(began)
                over = round((spoke + question.seconds + 0.3 - answer_at) * RATE)
                last = sound.last_loud(answer, sound.PLAYED, over)
                found.append(None if last is None else 1000 * (answer_at + last / RATE - spoke))
                since = spoke + question.seconds + 0.3
        finally:
            listener.end()
            ear.close()
            mouth.close()
    return {"cuts": found}


PARTS: dict[str, Callable[..., Any]] = {
    "speech": lambda folder: speech(Path(folder)),
    "recogniser": lambda id, language, folder: recogniser(id, language, Path(folder)),
    "ends": lambda id, language, folder: asyncio.run(ends(id, language, Path(folder))),
    "voice": voice,
    "talk": lambda language, recogniser, voice, folder: talk(language, recogniser, voice, Path(folder)),
    "cut": lambda language, recogniser, voice, folder: cut(language, recogniser, voice, Path(folder)),
}


def main() -> None:
    name, *given = sys.argv[1:]
    out = os.dup(1)
    os.dup2(2, 1)  # libraries write to the screen by themselves; the object alone is for whoever asked
    found = PARTS[name](*given)
    with os.fdopen(out, "w", encoding="utf-8") as stdout:
        json.dump(found, stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
