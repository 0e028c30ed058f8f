"""Talking aloud: hears a microphone (or recordings), speaks through a loudspeaker, and shows captions of both.

Half duplex unless told otherwise: while the assistant speaks the microphone is not listened to. With `barge_in` what
somebody says over it cuts the voice, except where a reply must be heard to its end; a noise or an "mhm" lets it go on
where it stopped. Whoever would rather type can: a line typed at the terminal is a turn like any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import FarEndError, SetupError
from assistant.turns import House, Reply
from channels.audio.devices import hushed
from channels.audio.endpoint import Waits
from channels.audio.roles import Delivered, Manner
from channels.audio.service import watched
from channels.audio.talk import Talk
from channels.screen import Seat, language_of, new_session, session_of, switched_on, told

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "place": "the microphone",
        "begin": "Listening with {recognizer}. Session {session}. Leave with Ctrl-C; a line can be typed at any time.",
        "end": "Session {session}. Add --session {session} to go on with it.",
        "settling": "One moment: looking up what was still open.",
        "there": "Are you still there?",
        "kept": "I'll stop listening now. What you have chosen is kept.",
        "kept_text": "I'll stop listening now. What you have chosen is kept: add --session {session} to go on.",
        "idle_wake": 'Say "{wake}" to begin.',
        "idle_push": "Press Enter to speak.",
        "idle_kiosk": "Ready for the next person.",
        "lost": "The microphone is gone ({why}). I'll go on as soon as it is back; you can type meanwhile.",
        "back": "The microphone is back. Please say that again.",
        "dropped": "{seconds:.1f} seconds of sound were lost: this machine is too busy.",
        "broken": "I couldn't listen to that ({why}). Please say it again, or type it.",
        "mute": "I can't speak ({why}). I'll go on in writing.",
        "too_early": "(said before the end of what must be heard: not taken as an answer)",
        "nothing": "{file}: no speech was heard in it.",
        "still": "I go on hearing '{language}' until then.",
    },
    "zh": {
        "place": "麦克风那边",
        "begin": "正在用 {recognizer} 聆听。会话 {session}。按 Ctrl-C 离开；随时也可以打字。",
        "end": "会话 {session}。要继续，请加上 --session {session}。",
        "settling": "请稍等，正在查询还没办完的事。",
        "there": "您还在吗？",
        "kept": "我先不听了。您选好的都保留着。",
        "kept_text": "我先不听了。您选好的都保留着：要继续，请加上 --session {session}。",
        "idle_wake": "说“{wake}”开始。",
        "idle_push": "按回车键说话。",
        "idle_kiosk": "等待下一位顾客。",
        "lost": "麦克风断开了（{why}）。接好后会自动继续，现在可以打字。",
        "back": "麦克风又接上了，请再说一遍。",
        "dropped": "丢失了{seconds:.1f}秒声音：这台机器太忙了。",
        "broken": "没能听清（{why}）。请再说一遍，或者打字。",
        "mute": "我说不出话来（{why}），改用文字。",
        "too_early": "（在必须听完的内容结束之前说的，不算回答）",
        "nothing": "{file}：没有听到说话。",
        "still": "在那之前我仍按“{language}”来听。",
    },
    "ko": {
        "place": "마이크",
        "begin": "{recognizer}(으)로 듣고 있습니다. 세션 {session}. Ctrl-C로 나가며, 언제든 글로 쓸 수 있습니다.",
        "end": "세션 {session}. 이어서 하려면 --session {session} 옵션을 붙이세요.",
        "settling": "잠시만요, 아직 끝나지 않은 일을 확인하고 있습니다.",
        "there": "아직 계신가요?",
        "kept": "이제 그만 들을게요. 고르신 것은 그대로 있습니다.",
        "kept_text": "이제 그만 들을게요. 고르신 것은 그대로 있습니다. 이어서 하려면: --session {session}",
        "idle_wake": "“{wake}”라고 말하면 시작합니다.",
        "idle_push": "엔터 키를 누르고 말하세요.",
        "idle_kiosk": "다음 손님을 기다립니다.",
        "lost": "마이크가 끊겼습니다({why}). 다시 연결되면 계속하며, 그동안 글로 쓸 수 있습니다.",
        "back": "마이크가 다시 연결되었습니다. 한 번 더 말씀해 주세요.",
        "dropped": "소리가 {seconds:.1f}초 빠졌습니다: 이 기기가 너무 바쁩니다.",
        "broken": "듣지 못했습니다({why}). 다시 말씀하시거나 글로 써 주세요.",
        "mute": "말을 할 수 없습니다({why}). 글로 계속하겠습니다.",
        "too_early": "(끝까지 들어야 하는 내용이 끝나기 전의 말이라 대답으로 받지 않습니다)",
        "nothing": "{file}: 말소리가 들리지 않았습니다.",
        "still": "그때까지는 '{language}'(으)로 듣겠습니다.",
    },
}


class Microphone:
    """The channel. Several talks may run in one process, each with a session and devices of its own."""

    name = "microphone"
    can = frozenset({"screen", "links", "push", "private", "audio"})
    patience = 8.0
    keys = frozenset(
        "session language json folder recognizer voice model voice_model device loudspeaker wav barge_in patience wake"
        " push kiosk".split()
    )
    WORDS = WORDS

    def __init__(self) -> None:
        self._talks: dict[str, Talk] = {}

    async def run(self, house: House, options: Mapping[str, Any]) -> int:
        """Talk until somebody leaves, or nobody answers any more; a kiosk waits for the next person then.

        `wav`: recordings in place of a microphone; the talk ends with them."""
        language, session = language_of(house, options), session_of(options)
        talk = Talk(house, self, session, language or house.languages()[0], manner(options), word)
        # Sound libraries write about a lost device on the screen by themselves; we say it in words.
        with contextlib.nullcontext() if talk.manner.recorded else hushed():
            return await self._run(talk, house, language, options)

    async def _run(self, talk: Talk, house: House, language: str, options: Mapping[str, Any]) -> int:
        folder = options.get("folder")
        alive: asyncio.Task[None] | None = None
        try:
            await self.equip(talk, house, options)
            alive = asyncio.create_task(watched(talk.alive))
            while True:
                seat = Seat(Path(folder) if folder else None, talk.session, self.name)
                talk.device = seat.device
                self._talks[talk.session] = talk
                try:
                    await talk.go(language or None)
                finally:
                    seat.leave()
                    del self._talks[talk.session]
                if talk.left or not talk.manner.waits_for_somebody:
                    return 0
                talk.session = new_session()  # whoever comes next is somebody else
        finally:
            if alive is not None:
                alive.cancel()
            await talk.close()

    async def equip(self, talk: Talk, house: House, options: Mapping[str, Any]) -> None:
        """Find a model that hears the language, and a voice; open the devices. SetupError says what is missing."""
        from channels.audio.equipment import Equipment
        from channels.audio.mouth import Mouth

        if talk.manner.push and not (sys.stdin and sys.stdin.isatty()):
            raise SetupError("push-to-talk needs a terminal to press Enter at; start it in one, or begin by --wake")
        talk.equipment = equipment = Equipment(house, options)
        warming = asyncio.create_task(asyncio.to_thread(house.warm, talk.language))
        hears = await asyncio.to_thread(equipment.hears, talk.language)
        mouth: Mouth | None = None
        if not talk.manner.recorded:
            try:
                talk.mouth = mouth = await asyncio.to_thread(equipment.mouth, talk.language)
            except (SetupError, FarEndError) as error:
                talk.aside(talk.word("mute").format(why=error))
        cleaner = mouth.echo() if mouth is not None and talk.manner.barge_in else None
        await warming
        talk.engine = hears.engine
        talk.ears = equipment.ears(hears, talk.manner.waits, talk.ending, talk.put, cleaner)
        talk.ears.start()

    async def deliver(self, session: str, reply: Reply) -> bool:
        """Say a later result, as soon as nobody speaks. False when nobody sits at this session here."""
        talk = self._talks.get(session)
        if talk is None or talk.left:
            return False
        talk.put(Delivered(reply))
        return True


CHANNEL = Microphone()


def manner(options: Mapping[str, Any]) -> Manner:
    """How a talk goes, by the channel's options. SetupError where one can't be read."""
    given = options.get("patience")
    try:
        patience = float(given) if given not in (None, "") else 1.0
    except ValueError:
        patience = 0.0
    if not 0.5 <= patience <= 5:
        raise SetupError(f"patience '{given}': a number from 0.5 (quick) to 5 (for a slow speaker); 1 is usual")
    flags = {key: switched_on(options, key) for key in ("json", "barge_in", "push", "kiosk")}
    wake = " ".join(str(options.get("wake") or "").lower().split())
    recorded = bool(options.get("wav"))
    flags["push"] = flags["push"] and not recorded  # nobody is there to press it
    return Manner(**flags, wake=wake, recorded=recorded, waits=Waits(patience=patience))


def word(language: str, key: str) -> str:
    return told(language, "microphone", WORDS)[key]
