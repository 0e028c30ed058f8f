"""Which talk a device is at: its own, or one that it joined with a code; and whose device it is.

A code is six digits, good once and for five minutes. It follows from a number that is kept and the key of the data
folder, so that neither the store nor a log ever has it; what is kept of it is a keyed hash. A guess names no code, so
wrong ones are counted by who makes them, and over all.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from assistant.dialogue.say import Digits, Voice
from assistant.dialogue.state import Outcome
from assistant.errors import CodeError, StoreError
from assistant.keys import Keys
from assistant.storage import Change, Conflict, Record, Store
from assistant.turns import Act, Code, Happened, Meaning, Message, Reply, Turn

LENGTH = 6
"""Digits of a code."""
GOOD_FOR = dt.timedelta(minutes=5)
REMEMBERED = dt.timedelta(days=1)
"""So long it is known that a code was used, or is too old."""
TRIES, TRIES_IN = 5, dt.timedelta(minutes=15)
"""Wrong codes of one session; above that its are not looked at."""
MOST_WRONG, WRONG_IN = 20, dt.timedelta(minutes=1)
"""Wrong codes of all together; above that nobody's is looked at."""
FRESH = "fresh/"
"""Begins the names of talks that are no device's own."""
STAYS = dt.timedelta(days=30)
"""A device that joined a talk goes back to its own after so long."""

KNOWN_VOICE = 0.75
"""`Turn.person_confidence` from which on a platform says that it is this person's voice, and not just like it."""
MASK, MASK_ALOUD = "•" * LENGTH, "ǂ" * LENGTH
"""What stands for a code in what is kept of a reply; for the ear something that is taken for a word."""

Why = Literal["joined", "linked", "same", "wrong", "old", "used", "many", "left", "alone"]


class KeptCode(Struct, frozen=True):
    """What is kept of a code."""

    purpose: Literal["join", "link"]
    target: str
    """The talk that it leads to; of a link, the person."""
    channel: str
    """Where it was asked for."""
    seed: str
    """What the digits follow from, together with the data folder's key."""
    expires: dt.datetime
    used: bool = False


class Joined(Struct, frozen=True):
    """A device's session is at this talk."""

    talk: str
    channel: str
    before: tuple[str, ...] = ()
    """Talks that it was at before: a turn that comes again may have been taken there. The last one last."""
    host: str = ""
    """The channel of who gave the code."""


class Linked(Struct, frozen=True):
    """A device is this person's."""

    person: str


class CameTo(Struct, frozen=True):
    """What became of a code that was given, or of leaving: the talk that it leads to, and what is to be written."""

    why: Why
    talk: str
    records: tuple[Record, ...] = ()


class Made(Struct, frozen=True):
    """A code that was made and isn't written yet."""

    code: Code
    records: tuple[Record, ...]
    """To be written before anybody hears the code."""


class Linking:
    """Of one shop, in one process. Reads are in memory; what is written goes with a turn, or by `write`."""

    def __init__(self, shop: str, store: Store, keys: Keys, now: Callable[[], dt.datetime]) -> None:
        self._shop, self._store, self._keys, self._now = shop, store, keys, now
        self._joined: dict[str, Joined] = {}
        self._members: dict[str, dict[str, None]] = {}
        """Talk -> the sessions that joined it, in that order."""
        self._come = 0
        """How far the moves of all processes are known here."""
        self._persons: set[str] = set()
        """Sessions that may be a person's."""
        self._wrong: dict[str, deque[dt.datetime]] = {}
        self._all_wrong: deque[dt.datetime] = deque()

    async def open(self) -> None:
        """Know who is where; again, for what other processes have written since."""
        self._come, _ = await self._store.moves(self._shop, None)
        self._heard_of(
            (*await self._store.records(self._shop, "joined"), *await self._store.records(self._shop, "linked"))
        )

    async def catch_up(self) -> None:
        """The same, of what was written since it was looked at last."""
        self._come, fresh = await self._store.moves(self._shop, self._come)
        self._heard_of(fresh)

    def _heard_of(self, records: Sequence[Record]) -> None:
        now = self._now()
        self.took([one for one in records if one.until is None or one.until > now])

    # -- where a session is ------------------------------------------------------------------------------------

    def talk(self, own: str) -> str:
        joined = self._joined.get(own)
        return joined.talk if joined is not None else own

    def at(self, talk: str) -> tuple[str, ...]:
        """The sessions that are at this talk."""
        host = () if talk in self._joined or talk.startswith(FRESH) else (talk,)
        return (*host, *self._members.get(talk, ()))

    def places(self, own: str) -> tuple[str, ...]:
        """The channels, other than this session's own device, on which its talk is open."""
        talk = self.talk(own)
        others = [(one, self._joined[one]) for one in self._members.get(talk, ()) if one != own]
        hosts = [self._joined[one].host for one in self._members.get(talk, ())]
        host = hosts[:1] if own != talk and self.at(talk)[:1] == (talk,) else []
        return (*host, *(one.channel for _, one in others))

    async def placed(self, turn: Turn) -> Turn:
        """The turn in the talk that its device is at, under an id that no other device's turn can have. One that was
        taken before the device came there stays where it was."""
        if turn.source == "merchant":
            return turn
        if turn.person is None and turn.session in self._persons:
            # Read anew: whoever signed out elsewhere, or was removed, is nobody here.
            record = await self._store.record(self._shop, "linked", turn.session)
            if record is not None and (record.until is None or record.until > self._now()):
                turn = replace(turn, person=msgspec.json.decode(record.body, type=Linked).person)
            else:
                self._persons.discard(turn.session)
        joined = self._joined.get(turn.session)
        if joined is None:
            return turn
        for talk in joined.before:
            earlier = in_talk(turn, talk)
            if await self._store.turn(earlier.channel, talk, earlier.id) is not None:
                return earlier
        return in_talk(turn, joined.talk)

    def own(self, own: str, turn: str) -> str:
        """A turn's id as the device knows it that gave it."""
        return turn.removeprefix(f"{own}/")

    def seen(self, happened: Happened) -> list[Happened]:
        """What happened in a talk, for each session at it."""
        return [replace(happened, session=one, turn=self.own(one, happened.turn)) for one in self.at(happened.session)]

    def told(self, own: str, messages: Sequence[Message]) -> list[Message]:
        return [replace(one, turn=self.own(own, one.turn)) for one in messages]

    # -- codes -------------------------------------------------------------------------------------------------

    async def new_code(self, own: str, channel: str) -> Code:
        """One that is written: whoever gives it joins the talk that this session is at."""
        for _ in range(3):
            made = await self.make(self.talk(own), channel)
            if await self.write(made.records):
                return made.code
        raise StoreError("codes are being made by somebody else; try again", can_retry=True)

    async def join(self, own: str, digits: str, channel: str) -> str:
        """Without a turn: the talk that it is at then. CodeError tells why not."""
        outcome = await self.redeem(digits_of(digits), own, channel)
        if outcome.why in ("wrong", "old", "used", "many"):
            raise CodeError(outcome.why)
        if outcome.records and not await self.write(outcome.records):
            raise CodeError("used")
        return outcome.talk

    async def claim(self, person: str, digits: str) -> None:
        """The device on which this code was given is this person's from now on. CodeError tells why not."""
        asking, now = f"person {person}", self._now()
        if self._throttled(asking, now):
            raise CodeError("many")
        record = await self._store.record(self._shop, "code", self._keys.hash("code", digits))
        kept = _kept(record) if record is not None else None
        if record is None or kept is None or kept.purpose != "join" or kept.target.startswith(FRESH):
            self._missed(asking, now)
            raise CodeError("wrong")
        if kept.used or kept.expires <= now:
            self._missed(asking, now)
            raise CodeError("used" if kept.used else "old")
        used = replace(record, body=_json(replace(kept, used=True)))
        if not await self.write((used, await self._linked(kept.target, person))):
            raise CodeError("used")

    async def _linked(self, own: str, person: str) -> Record:
        known = await self._store.record(self._shop, "linked", own)
        return Record(
            shop=self._shop,
            kind="linked",
            key=own,
            body=_json(Linked(person)),
            owner=person,
            version=known.version if known else 0,
        )

    async def offered(self, own: str, turn: Turn, meaning: Meaning) -> tuple[tuple[str, ...], Made | None]:
        """For who wants to go on elsewhere: the channels where it is open already, and a code where one is wanted."""
        places = self.places(own)
        back = all(one.value == "back" for one in meaning.acts if one.act == "continue_elsewhere")
        return places, None if places and back else await self.make(turn.session, turn.channel)

    async def answer(self, asked: Given, own: Turn) -> CameTo:
        """To what a turn asks."""
        if asked.digits:
            return await self.redeem(asked.digits, own.session, own.channel)
        return await self.leave(own.session, own.channel)

    async def make(self, target: str, channel: str, purpose: Literal["join", "link"] = "join") -> Made:
        """A new code; the one before it is worth nothing any more."""
        now = self._now()
        older = [one for one in await self._codes(target) if not _kept(one).used]
        seed = secrets.token_hex(16)
        kept = KeptCode(purpose, target, channel, seed, now + GOOD_FOR)
        digits = self._digits(seed)
        fresh = Record(
            shop=self._shop,
            kind="code",
            key=self._keys.hash("code", digits),
            body=_json(kept),
            owner=target,
            until=kept.expires + REMEMBERED,
        )
        if (taken := await self._store.record(self._shop, "code", fresh.key)) is not None:
            if _kept(taken).expires > now and not _kept(taken).used:
                return await self.make(target, channel, purpose)
            fresh = replace(fresh, version=taken.version)
        gone = tuple(replace(one, body="") for one in older if one.key != fresh.key)
        return Made(Code(digits, kept.expires), (fresh, *gone))

    async def current(self, target: str) -> Code | None:
        """The code that leads there now."""
        for one in map(_kept, await self._codes(target)):
            if not one.used and one.expires > self._now():
                return Code(self._digits(one.seed), one.expires)
        return None

    async def redeem(self, digits: str, own: str, channel: str) -> CameTo:
        """What a code that somebody gives at the session `own` leads to."""
        now, here = self._now(), self.talk(own)
        if self._throttled(own, now):
            return CameTo("many", here)
        record = await self._store.record(self._shop, "code", self._keys.hash("code", digits))
        kept = _kept(record) if record is not None else None
        if record is None or kept is None:
            self._missed(own, now)
            return CameTo("wrong", here)
        if kept.purpose == "join" and kept.target == here:
            return CameTo("same", here)
        if kept.used or kept.expires <= now:
            self._missed(own, now)
            return CameTo("used" if kept.used else "old", here)
        used = replace(record, body=_json(replace(kept, used=True)))
        if kept.purpose == "link":
            return CameTo("linked", here, (used, await self._linked(own, kept.target)))
        return CameTo("joined", kept.target, (used, await self._moved(own, kept.target, channel, kept.channel)))

    async def leave(self, own: str, channel: str) -> CameTo:
        """The device goes on by itself in a new talk; the others stay where they are."""
        await self.catch_up()  # who joined or left in another process, this very moment
        talk = self.talk(own)
        if len(self.at(talk)) < 2:
            return CameTo("alone", talk)
        fresh = f"{FRESH}{secrets.token_hex(16)}"
        return CameTo("left", fresh, (await self._moved(own, fresh, channel, ""),))

    async def write(self, records: tuple[Record, ...]) -> bool:
        """Whether they were written; False where somebody else was quicker."""
        done = not isinstance(await self._store.commit(Change(records=records)), Conflict)
        if done:
            self.took(records)
        return done

    def took(self, records: Sequence[Record]) -> None:
        """These were committed."""
        for one in records:
            if one.kind == "joined":
                before = self._joined.pop(one.key, None)
                if before is not None:
                    self._members.get(before.talk, {}).pop(one.key, None)
                joined = msgspec.json.decode(one.body, type=Joined)
                self._joined[one.key] = joined
                self._members.setdefault(joined.talk, {})[one.key] = None
            elif one.kind == "linked":
                self._persons.add(one.key)

    async def _codes(self, target: str) -> list[Record]:
        return await self._store.records(self._shop, "code", target)

    async def _moved(self, own: str, talk: str, channel: str, host: str) -> Record:
        known = await self._store.record(self._shop, "joined", own)
        last = self._joined.get(own)
        before = (*(last.before if last else ()), self.talk(own))[-4:]
        return Record(
            shop=self._shop,
            kind="joined",
            key=own,
            body=_json(Joined(talk, channel, before, host)),
            owner=talk,
            until=self._now() + STAYS,
            version=known.version if known else 0,
        )

    def _digits(self, seed: str) -> str:
        return self._keys.digits("code", seed, LENGTH)

    def _throttled(self, own: str, now: dt.datetime) -> bool:
        mine = self._wrong.get(own)
        while mine and mine[0] <= now - TRIES_IN:
            mine.popleft()
        while self._all_wrong and self._all_wrong[0] <= now - WRONG_IN:
            self._all_wrong.popleft()
        return len(mine or ()) >= TRIES or len(self._all_wrong) >= MOST_WRONG

    def _missed(self, own: str, now: dt.datetime) -> None:
        if own not in self._wrong and len(self._wrong) >= 10_000:
            del self._wrong[next(iter(self._wrong))]
        self._wrong.setdefault(own, deque(maxlen=TRIES)).append(now)
        self._all_wrong.append(now)


def digits_of(text: str) -> str:
    """A code as it is compared, however it was written."""
    return "".join(one for one in text if one.isascii() and one.isdigit())


def surely(turn: Turn) -> bool:
    """Whether the person of a turn is who they seem to be: known by a sign-in, or by a voice that the platform itself
    takes for theirs."""
    return turn.person is not None and (turn.person_confidence is None or turn.person_confidence >= KNOWN_VOICE)


class Given(Struct, frozen=True):
    """What a turn asks that only the app can do: to take a code (six digits), or to leave the talk (none)."""

    digits: str
    others: tuple[Act, ...]
    """What else was said: it is done where the device then is."""
    language: str


def given(meaning: Meaning) -> Given | None:
    for act in meaning.acts:
        if act.act != "continue_elsewhere":
            continue
        code = act.value.get("code") if isinstance(act.value, Mapping) else None
        if code or act.value == "leave":
            others = tuple(one for one in meaning.acts if one.act != "continue_elsewhere")
            return Given("".join(one for one in str(code or "") if one.isdigit()), others, meaning.language)
    return None


def came_to(turn: Turn, outcome: CameTo, asked: Given) -> Turn:
    """The turn of a device's own session, once it is known what its code led to: what was said is not kept."""
    acts = (Act("continue_elsewhere", value={"result": outcome.why}), *asked.others)
    return in_talk(
        replace(turn, hypotheses=(), acts=acts, new=False, language=asked.language or turn.language), outcome.talk
    )


def hidden(outcome: Outcome, code: Code, voice: Voice) -> Outcome:
    """As it is kept: without the code in clear."""
    ear, eye = _said(code, voice)
    reply = outcome.reply
    kept = replace(
        reply,
        speech=reply.speech.replace(ear, MASK_ALOUD),
        text=reply.text.replace(eye, MASK),
        reprompt=reply.reprompt.replace(ear, MASK_ALOUD),
    )
    return replace(outcome, reply=kept, session=replace(outcome.session, last=kept))


def revealed(reply: Reply, code: Code | None, voice: Voice) -> Reply:
    """As it is handed out; a code whose time is over isn't."""
    ear, eye = _said(code, voice) if code is not None else ("", MASK)
    return replace(
        reply,
        speech=reply.speech.replace(MASK_ALOUD, ear),
        text=reply.text.replace(MASK, eye),
        reprompt=reply.reprompt.replace(MASK_ALOUD, ear),
    )


def _said(code: Code, voice: Voice) -> tuple[str, str]:
    digits = Digits(code.code)
    return voice.value(digits, True), voice.value(digits, False)


def in_talk(turn: Turn, talk: str) -> Turn:
    """The turn as it is taken in this talk."""
    own = turn.session
    if talk == own:
        return turn
    return replace(turn, session=talk, id=f"{own}/{turn.id}", device=f"{own}/{turn.device or ''}")


def _kept(record: Record) -> KeptCode:
    return msgspec.json.decode(record.body, type=KeptCode)


def _json(one: Struct) -> str:
    return msgspec.json.encode(one).decode()
