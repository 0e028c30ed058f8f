"""The words every layer shares: Turn in, Act and Meaning between, Reply out; the House and Channel protocols.

Everything here is an immutable value (msgspec structs: frozen, typed, and an order of magnitude cheaper to build
and to write as JSON than dataclasses). This file imports nothing of ours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from msgspec import Struct

Source = Literal["speech", "typed", "tapped", "platform", "payment", "timer", "merchant"]

CONTROL = r"[\x00-\x1f\x7f-\x9f]"
"""A pattern of what no turn's id may have in it: control characters."""
MOST_LETTERS = 12_000
"""Of one utterance; what is longer is not read."""
ACTS = frozenset(
    "add remove change ask_price ask_menu ask_stock ask_item recommend show_basket checkout buy_now choose_method"
    " choose_fulfilment give_address give_time give_contact give_dates give_guests give_amount give_coupon answer"
    " choose confirm deny cancel undo redo back repeat help person stop start_over order_status refund reorder"
    " change_language continue_elsewhere none".split()
)
"""The closed set. Anything learned or generated may only propose these (design rule 9)."""


class OptionSaid(Struct, frozen=True, omit_defaults=True):
    """One option of a line as it was said."""

    option: str
    """Option id; a path such as `drink/size` for an option of a choice."""
    choice: str | None
    """Choice id; None takes a chosen one off again."""
    amount: str | int | None = None
    """None where one is chosen; else no, light, normal, extra, double, side, not_extra, not_light, or a count."""
    part: str | None = None
    """whole, left or right, for half-and-half."""


class LineSaid(Struct, frozen=True, omit_defaults=True):
    """A line as it was said: only what was said, nothing filled in."""

    item: str | None = None
    """None: the line last spoken of (or the one that `which` names)."""
    quantity: int | None = None
    options: tuple[OptionSaid, ...] = ()
    which: int | str | None = None
    """Position in the basket counted from 1 (-1: the last), or "all"; None: found by item."""
    of: int | None = None
    """Only this many of the line's units are meant: "no onions on one of them" -> 1."""


class Act(Struct, frozen=True, omit_defaults=True):
    """One thing the person wants done. `act` is one of ACTS."""

    act: str
    lines: tuple[LineSaid, ...] = ()
    instead_of: tuple[LineSaid, ...] = ()
    items: tuple[str, ...] = ()
    """What a question is about: item ids, or `#category`, or words that were not found in the catalogue."""
    value: Any = None
    """Ids of the shop, `HH:MM`, ISO dates, `asap`, {"from", "to"}, {"adults", "children"}, minor units; by act:
    give_contact {"name"?, "phone"?}; give_time "asap" | "HH:MM" | ISO,
    a date alone where no hour was said ("2026-11-29 pm": with the half of the day);
    give_dates {"from", "to"?, "nights"?};
    give_guests {"adults"?, "children"?, "among"?, "more"?}: children among those who were counted; besides them;
    ask_item a topic (price, wait, hours, delivery, allergens, amenities, cancellation, options, payment, address),
    {"contains"} or {"allergic"} with allergens, {"tags"?, "not"?};
    choose_method a method's id, or "again" for the one that was tried last;
    none greeting | thanks | goods | unclear (heard, and not understood by a platform) | None for mere sounds;
    continue_elsewhere None (a code is wanted) | back (to where it was) | ask (there is a code) | {"code": six digits}
    | leave;
    change_language a tag; refund/cancel/order_status/reorder an order number or None;
    refund {"percent"?, "came"?, "failed"?, "order"?}: a share; what is named is all that came; it is named because it
    didn't come, or not as it should;
    repeat None | heard | slower | faster | louder | quieter | normal;
    back None | the name of the step whose answer is to be given anew | dates | any (which, it wasn't said);
    show_basket None | from which line on (counted from 0), for what was not read out yet."""
    step: str | None = None
    """`answer` only: the step that is answered."""
    number: int | None = None
    """`choose` only: counted from 1; -1 is the last."""
    sure: bool = False
    """Set by the dialogue on an act that the person was asked about and agreed to; never by understanding."""


class Doubt(Struct, frozen=True, omit_defaults=True):
    """Something heard that has several readings, or one that is not certain enough."""

    heard: str
    candidates: tuple[Act, ...]
    why: str = ""
    """proposed: by a language model, not by understanding; pack: pieces were counted of what is sold several at a time,
    and the act's value has the name that tells so and how many one has (0: unknown); both are empty where several are
    wanted and none were counted."""


class ReadAs(Struct, frozen=True):
    """Words that are no name of the catalogue's, and what they were taken for."""

    said: str
    """As they were said."""
    kind: str
    """item, choice, method."""
    ids: tuple[str, ...]
    """What they may mean: item ids, `option/choice`, method ids."""
    why: str
    """part (of a name), alias, or what the stretch was found by: spelling …"""
    score: float = 1.0
    alias: str = ""
    """The form in which they can become a name; empty where they can't."""


class Alias(Struct, frozen=True):
    """A name that people use: its words and the one thing of the catalogue that they mean. It never says more."""

    said: str
    """In normal form."""
    language: str
    kind: str
    meant: str
    """As in `ReadAs.ids`."""


class Sought(Struct, frozen=True):
    """What a question about goods looks for, in words that name no goods."""

    words: tuple[str, ...]
    """As they were said, a stretch each."""
    without: tuple[str, ...] = ()
    """What is not to be in it."""
    free: tuple[str, ...] = ()
    """Attributes that it must have: sugar_free …"""
    strange: tuple[str, ...] = ()
    """Those of `words` that mean nothing else in this shop."""
    extra: bool = False
    """The question's act doesn't say all of it."""


class Meaning(Struct, frozen=True):
    """What an utterance says. Acts are in the order in which they are to be done."""

    acts: tuple[Act, ...] = ()
    ask: tuple[Doubt, ...] = ()
    leftover: tuple[str, ...] = ()
    """Content words that were not understood, as they were said."""
    confidence: float = 1.0
    language: str = ""
    text: str = ""
    """The redacted utterance."""
    read_as: tuple[ReadAs, ...] = ()
    """Names of which acts or doubts come that weren't said as the catalogue has them."""
    sought: Sought | None = None


class Hypothesis(Struct, frozen=True):
    """One reading of what was said. Confidence from 0 to 1; what is typed has 1."""

    text: str
    confidence: float = 1.0


class Turn(Struct, frozen=True, kw_only=True):
    """One thing that a person, a platform, a payment service or a clock said to us."""

    id: str
    """Unique in (channel, session); the same id again gets the stored reply."""
    channel: str
    shop: str
    session: str
    at: dt.datetime
    """Aware; the only clock the core knows."""
    hypotheses: tuple[Hypothesis, ...] = ()
    acts: tuple[Act, ...] = ()
    """Filled only when a platform already understood (a tap, a skill intent)."""
    doubts: tuple[Doubt, ...] = ()
    """What a platform understood in several ways: it is asked."""
    source: Source = "typed"
    language: str | None = None
    device: str | None = None
    person: str | None = None
    person_confidence: float | None = None
    account_token: str | None = None
    new: bool = False
    answers: str | None = None
    """The turn whose reply this answers, where a screen knows it: refused once that isn't the talk's last reply."""
    patience: float = 20.0
    """Seconds the channel waits for a final reply."""
    can: frozenset[str] = frozenset()
    """Of screen, links, push, private, audio."""

    @property
    def text(self) -> str:
        return self.hypotheses[0].text if self.hypotheses else ""

    @property
    def spoken(self) -> bool:
        return self.source in ("speech", "platform")


class View(Struct, frozen=True):
    """Something to show. Always has a plain form in the reply's text."""

    kind: Literal["basket", "items", "order", "payment", "receipt"]
    data: dict[str, Any]


class Choice(Struct, frozen=True, omit_defaults=True):
    """One of the answers on offer. Saying or typing the text, or its number, does the acts."""

    text: str
    acts: tuple[Act, ...] = ()


class Private(Struct, frozen=True):
    """A payment link or code: neither spoken nor logged nor stored; rebuilt from the attempt at delivery."""

    kind: Literal["link", "code"]
    value: str
    label: str = ""


class Reply(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One answer. `speech` is for the ear and never empty; `text` is for the eye."""

    speech: str
    text: str
    reprompt: str = ""
    """What is said when nobody answers: only the question, shorter than `speech`. Never empty while it listens."""
    views: tuple[View, ...] = ()
    choices: tuple[Choice, ...] = ()
    expects: str | None = None
    """The step that was asked, or "choose" when candidates were named."""
    listening: bool = True
    private: tuple[Private, ...] = ()
    link_account: bool = False
    language: str = ""
    pending: bool = False
    """True while effects are under way: a final reply will replace this one."""
    whole: bool = False
    """It has what must be heard to its end (a total, allergens, terms): speech is not cut short by barge-in."""
    pace: int = 0
    """How fast it is to be spoken: 0 as usual, from -3 the slowest to 3 the fastest; kept for the rest of the talk."""
    volume: int = 0
    """How loud: 0 as usual, from -3 the quietest to 3 the loudest; kept for the rest of the talk."""


class Called(Struct, frozen=True):
    """A thing of a shop and what people say for it."""

    id: str
    said: tuple[str, ...]
    """The name to say first, then what else it is called; as it is spoken: no figures, no signs."""


class Spoken(Struct, frozen=True, kw_only=True):
    """What a speaker's platform must know to hear a shop, in one language."""

    shop: str
    title: str
    """The shop's name, as it is spoken."""
    goods: tuple[Called, ...]
    options: Mapping[str, tuple[Called, ...]]
    """Of what one is chosen (a size), by option: the choices by their ids."""
    extras: tuple[Called, ...]
    """What can be had with something or left off it. The same word may be a choice of several options: which one is
    meant, the goods decide, and so the words count."""
    methods: tuple[Called, ...]
    fulfilments: tuple[Called, ...]
    dropped: tuple[str, ...] = ()
    """What was left out, a sentence each: a name of two things would make every order of it ambiguous."""


AnswerKind = Literal["open", "yes_no", "choice", "number", "digits", "name", "address", "time"]
"""What sort of answer a step waits for: an endpointer is patient with an address, and quick with a yes."""

Ending = Literal["nothing", "half", "open", "whole"]
"""How far what was heard so far has come: `nothing` but fillers; `half` a sentence, something must follow ("two",
"with", an area code); `open`, it may end here or go on; `whole`, a complete answer to what was asked ("yes", "the
second one")."""


class Vocabulary(Struct, frozen=True, kw_only=True):
    """What is likely to be said next: it biases a recogniser."""

    language: str
    phrases: tuple[str, ...] = ()
    """Likely phrases, likeliest first, as a recogniser spells: lower case, numbers as words, no punctuation."""
    money: frozenset[str] = frozenset()
    """Words that can move money (numbers, yes, methods, "cancel" …): they count only when surely heard."""
    kind: AnswerKind = "open"
    expects: str | None = None
    """The step that was asked."""


class Message(Struct, frozen=True, kw_only=True):
    """One thing that was said in a talk, as it is kept."""

    at: dt.datetime
    turn: str
    channel: str
    who: Literal["person", "assistant", "staff"]
    text: str
    """Of a reply, what stood on the screen. What looked like a card number is not in it."""
    reply: Reply | None = None
    """The assistant's, without what is private."""
    name: str = ""
    """Of the member of staff who said it."""


class Happened(Struct, frozen=True, kw_only=True):
    """A turn was taken in a talk, on whichever of its channels and devices."""

    session: str
    turn: str
    channel: str
    device: str | None
    text: str
    """What the person said; empty for a greeting."""
    reply: Reply
    """As a channel without links gets it."""


class Code(Struct, frozen=True):
    """Six digits with which another device joins a talk, once."""

    code: str
    expires_at: dt.datetime


Role = Literal["customer", "staff", "owner"]
"""Of who has signed in; everybody else is a guest."""


class Known(Struct, frozen=True):
    """A person who has signed in."""

    id: str
    role: Role
    name: str
    contacts: tuple[str, ...] = ()
    """So much of each that its owner knows it."""


class People(Protocol):
    """Signing in, and what is a person's own. CodeError tells why a code isn't taken."""

    @property
    def sends(self) -> bool:
        """Whether codes can be sent from here, so that anybody can sign in."""
        ...

    async def send_code(self, contact: str, language: str, link: Callable[[str], str] | None = None) -> None:
        """Send a sign-in code, and with `link` (secret -> address) a link, to an e-mail address or a phone. SetupError
        where it is neither; NotAllowedError where nothing can be sent from here."""
        ...

    async def sign_in(self, contact: str, code: str) -> str:
        """The token of a signed-in device."""
        ...

    async def sign_in_by_link(self, secret: str) -> str: ...
    async def sign_in_by_invitation(self, code: str) -> str: ...
    async def who(self, token: str) -> Known | None: ...
    async def sign_out(self, token: str, session: str | None = None) -> None:
        """The token is worth nothing any more, and the session nobody's."""
        ...

    async def link_session(self, person: str, session: str) -> None:
        """What is said at this session is said by this person from now on."""
        ...

    async def link_code(self, person: str) -> Code:
        """The device that says it is this person's from then on."""
        ...

    async def claim(self, person: str, code: str) -> None:
        """The device that gave this code is this person's from now on."""
        ...

    async def orders(self, person: str | None, session: str, limit: int = 100) -> list[dict[str, Any]]:
        """A person's orders over all devices, or those of a guest's talk, newest first."""
        ...

    async def order(self, name: str, known: Known | None, session: str) -> dict[str, Any] | None:
        """One order, by its number or id; None where it isn't theirs."""
        ...

    async def all_orders(self, known: Known, limit: int = 100) -> list[dict[str, Any]]:
        """The shop's. NotAllowedError for whoever isn't of its people."""
        ...

    async def change(
        self, known: Known, name: str, what: str, amount: int | None = None, asked: str = ""
    ) -> dict[str, Any]:
        """advance, cancel or refund an order of the shop. `asked`: their own id of a refund, which is made once.
        NotAllowedError for whoever isn't of its people."""
        ...

    async def grant(self, kind: str, secret: str, person: str, body: dict[str, Any], expires: dt.datetime) -> None:
        """A secret that somebody else holds for this person."""
        ...

    async def granted(self, kind: str, secret: str) -> dict[str, Any] | None:
        """What was granted with it, with "person", while it lasts."""
        ...

    async def revoke(self, kind: str, secret: str) -> bool:
        """True for one only, however many try at once."""
        ...

    async def revoke_family(self, person: str, family: str) -> None:
        """All grants whose body has this "family"."""
        ...


Follower = Callable[[Happened], None]

PartKind = Literal["recognizer", "voice", "speaker"]


class Desk(Protocol):
    """The desk of a shop's staff. Each raises SetupError, in words, where that can't be done."""

    def seen(self) -> None:
        """Somebody looks at the desk: for a minute a person can be promised."""
        ...

    async def talks(self) -> list[dict[str, Any]]:
        """Talks in which a person is wanted or answers: session, state (asked, taken), since, by, language, order."""
        ...

    async def look(self, session: str, limit: int = 200) -> tuple[list[Message], dict[str, Any] | None]:
        """What was said in one of these talks, oldest first, and its order."""
        ...

    async def take(self, session: str, name: str) -> None: ...

    async def leave(self, session: str, name: str) -> None: ...

    async def say(self, session: str, name: str, text: str) -> None: ...

    async def do(self, session: str, name: str, turn: str, text: str) -> Reply:
        """Change a buyer's basket for them, in words; never a payment, never a yes."""
        ...


class House(Protocol):
    """What a channel may ask of the core."""

    @property
    def shop(self) -> str: ...

    @property
    def desk(self) -> Desk: ...

    async def take(self, turn: Turn) -> Reply:
        """Do one turn. Safe to call again with the same turn."""
        ...

    async def order(self, session: str, *, reread: bool = True) -> dict[str, Any] | None:
        """The session's current order in the form of `chat --json`, or None before there is one. Not `reread`: as this
        process knows it, which right after a turn is what that turn left, whoever else wrote since."""
        ...

    def settings(self, section: str) -> Mapping[str, Any]: ...

    def now(self) -> dt.datetime:
        """The shop's clock (aware)."""
        ...

    def languages(self) -> Sequence[str]: ...

    def listen(self, session: str, channel: Channel) -> Callable[[], None]:
        """Later results for this session go to `channel.deliver`, and to every other channel that listens, until what
        is returned is called."""
        ...

    def follow(self, session: str, follower: Follower) -> Callable[[], None]:
        """`follower` is called, in the event loop, after each turn of this session, whichever channel or device it came
        from, until what is returned is called. It must be quick."""
        ...

    @property
    def people(self) -> People: ...

    async def code(self, session: str, channel: str = "") -> Code:
        """A code with which another device may join this talk. Whoever has it has the talk: show it to nobody else."""
        ...

    async def join(self, session: str, code: str, channel: str = "") -> str:
        """The session, which stays the device's own, is at the talk of this code from now on. Gives that talk's name,
        which is for nobody outside. CodeError tells why not."""
        ...

    async def said(self, session: str, limit: int = 200) -> list[Message]:
        """The last of what was said in this talk, oldest first."""
        ...

    async def goods(self, language: str, *, category: str | None = None, limit: int = 500) -> list[dict[str, Any]]:
        """What the shop sells, as a screen shows it: id, name, price in minor units, what can be chosen."""
        ...

    def picture(self, item: str) -> Path | None:
        """The file with an item's picture (jpeg, png or webp)."""
        ...

    def about(self, language: str) -> dict[str, Any]:
        """The shop: id, name, currency, languages, phone, address, whether it is open, categories, sandbox."""
        ...

    async def webhook(self, provider: str, headers: Mapping[str, str], raw: bytes) -> tuple[int, dict[str, str], bytes]:
        """A payment service's notification: (status, headers, body) to answer it with, after the commit."""
        ...

    async def buyer_page(self, provider: str, ref: str, decide: str | None = None) -> dict[str, Any] | None:
        """A payment that its buyer decides on a page of ours (the sandbox's): amount, currency, state, shop. `decide`:
        approve or decline it first. None where there is no such payment."""
        ...

    def reached_at(self, url: str) -> None:
        """Where people reach our pages: links lead there from now on."""
        ...

    async def health(self) -> dict[str, str]:
        """Each part that turns need -> "" where it is well, else what is wrong."""
        ...

    async def settled(self, patience: float) -> None:
        """Wait until no effect is under way, `patience` seconds at most."""
        ...

    async def vocabulary(self, session: str, language: str) -> Vocabulary:
        """What a person may say now, in that language: for the recogniser. Pure but for one read of the session."""
        ...

    def ending(self, text: str, language: str, expects: str | None, choices: Sequence[str] = ()) -> Ending:
        """How far a turn has come that is still being spoken. Quick (well under a millisecond a call), never raises."""
        ...

    def warm(self, language: str) -> None:
        """Make what is else made when something is first said or misheard, so that nobody waits for it. Blocks for up
        to some seconds over a large catalogue: to be called in a thread of its own."""
        ...

    def part(self, kind: PartKind, name: str) -> Any:
        """An engine or a speaker by its name, and none other is loaded. SetupError where there is none."""
        ...

    def parts(self, kind: PartKind) -> Sequence[str]:
        """The names of all there are."""
        ...


class Channel(Protocol):
    """One way to talk. It translates; it never decides: no price, no step, no branching on the conversation."""

    name: str
    can: frozenset[str]
    patience: float
    keys: frozenset[str]
    """The options that `run` takes: of its `[channels.NAME]` table, of `VOICETILL_<NAME>_<KEY>` and of its command."""
    WORDS: Mapping[str, Mapping[str, str]]

    async def run(self, house: House, options: Mapping[str, Any]) -> int:
        """Talk until the person leaves; the exit code."""
        ...

    async def deliver(self, session: str, reply: Reply) -> bool:
        """Push a later result to a person who is still there; False when that can't be done."""
        ...


@runtime_checkable
class ReadsOptions(Protocol):
    """A channel whose options can be wrong in more than their keys."""

    def read(self, options: Mapping[str, Any]) -> object:
        """SetupError says what is wrong with their values, a line for each. It is asked before anything is opened, and
        by `doctor`."""
        ...


@runtime_checkable
class Beside(Protocol):
    """A channel that can serve in the same process as another one: `serve` starts it where the settings have its
    table."""

    @property
    def keys(self) -> frozenset[str]: ...

    def beside(self, house: House, options: Mapping[str, Any]) -> AbstractAsyncContextManager[Any]: ...
