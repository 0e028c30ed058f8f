#!/usr/bin/env python3
"""Begins a channel, speaker, language, provider, trade, step, recognizer or voice: one file that explains its members,
and its test.

    scripts/new.py channel|speaker|language|provider|trade|step|recognizer|voice NAME [--folder EXTENSIONS]

Without --folder the file is written into this checkout, with it into a folder that VOICETILL_EXTENSIONS names. Until it
is filled in, `scripts/test tests/contracts` fails and says what is missing. Needs nothing but Python.
"""

from __future__ import annotations

import keyword
import re
import shlex
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
HOMES = {
    "channel": ("channels", "tests/channels"),
    "speaker": ("channels/speakers", "tests/speakers"),
    "language": ("models/languages", "tests/languages"),
    "provider": ("assistant/payments", "tests/payments"),
    "trade": ("assistant/trades", "tests/trades"),
    "step": ("assistant/steps", "tests/steps"),
    "recognizer": ("models/recognizers", "tests/recognizers"),
    "voice": ("models/voices", "tests/voices"),
}
"""Kind -> where its files lie, where their tests lie."""
SUITES = {"provider": "test_providers", "language": "test_languages"}

STEP = '''"""NAME: what it asks, and of which orders."""

from __future__ import annotations

from assistant.commerce.order import Order
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _applies(scene: Scene, order: Order) -> bool:
    """Whether this order has the question at all: look at the shop, the lines, and the traits of
    `flow.trade_of(scene)`; never at a trade's name."""


def _done(scene: Scene, order: Order) -> bool:
    """Whether it needs no asking any more: `"NAME" in order.facts`."""


def _ask(scene: Scene, order: Order) -> Said:
    """The question: `Said("NAME.which")`, a key of WORDS with its values and choices. Names nothing that is known."""


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    """Takes `act.act == "answer"` with `act.step == "NAME"` (and "deny", where a no is an answer), in any state of the
    talk; anything else is None. Write what was said with `flow.with_fact(order, "NAME", …)`: the yes covers it."""


def _tell(scene: Scene, order: Order) -> Said | None:
    """Its part of what is read back before the yes, or None."""


STEP = Step(
    name="NAME",
    phase=Phase.DETAILS,  # BASKET < DETAILS < CONFIRM < PAY
    rank=55,  # its place among the steps of its phase
    applies=_applies,
    done=_done,
    ask=_ask,
    read=_read,
    tell=_tell,
    answer=None,  # what sort of answer is listened for: "yes_no", "choice", "number" …; None: any words
    # By language: sentences by key ("which": "What shall …?"), {values} in braces; and "hear": what begins an answer
    # out of turn ({"NAME {value}": "answer"}).
    WORDS={},
)
'''

TRADE = '''"""NAME: what this kind of shop sells."""

from assistant.trades import Trade

TRADE = Trade(
    name="NAME",
    # What the checkout asks of its orders: ships, prepares, books_nights, books_slots.
    traits=frozenset(),
    # The stages of an order by fulfilment, "" for any other: {"": ("placed", "preparing", "done")}.
    stages={},
    # By language, under "say": "stage.open", "stage.placed" … as words that end "Your order A17 is …".
    WORDS={},
)
'''

PROVIDER = '''"""NAME: who collects the money, and how one hears of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from assistant.commerce.payment import Done, Facts, NotFound, Refused, Unknown
from assistant.payments import Operation, ProviderSetup


class CLASS:
    """What it promises: the same request twice is one charge."""

    name = "NAME"
    # By language: "name", what people call it; where it pays later also "agreed_later" and "due".
    WORDS: Mapping[str, Mapping[str, str]] = {}
    keys: frozenset[str] = frozenset()  # what [providers.NAME] of a shop may have
    pays_later = False  # True: nothing is collected now, and a `waiting` answer places the order
    sandbox = False  # True: no money moves, and that is said

    def open(self, setup: ProviderSetup) -> CLASS:
        """Ready for one shop. Looks at `setup.settings`; raises SetupError for bad ones. No network."""
        return self

    def offers(self, amount: int, currency: str, can: frozenset[str]) -> bool:
        """Whether it can collect this much (minor units) on a channel with these abilities. Pure."""

    def build(self, operation: Operation) -> bytes:
        """The exact request, stored before `send` and sent again as it is. Pure; no secrets inside."""

    async def send(self, request: bytes, key: str) -> Done | Refused | Unknown:
        """Ask the far end once. Unknown for any trouble on the way: it is queried, never charged again."""

    async def query(self, operation: Operation) -> Facts | NotFound | Unknown:
        """What the far end knows of an earlier `send` with this key. Changes nothing."""

    def read_webhook(self, headers: Mapping[str, str], raw: bytes, now: dt.datetime) -> list[Facts]:
        """Facts from a notification whose signature is right; ValueError when it can't be trusted. Pure."""
        raise ValueError("no notification is known")

    def ack(self, ok: bool) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) that the far end wants for a notification taken or refused."""

    async def close(self) -> None:
        """Give back files and connections."""


PROVIDER = CLASS()
'''

CHANNEL = '''"""NAME: how people talk through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.turns import House, Reply


class CLASS:
    """It translates and never decides: no price, no step, no branch on what is talked about."""

    name = "NAME"
    can: frozenset[str] = frozenset()  # of screen, links, push, private, audio
    patience = 0.0  # seconds that it waits for a final reply
    keys: frozenset[str] = frozenset()  # the options that `run` takes
    WORDS: Mapping[str, Mapping[str, str]] = {}  # its own few words, by language

    async def run(self, house: House, options: Mapping[str, Any]) -> int:
        """Talk until the person leaves; the exit code. For each thing said: `await house.take(Turn(…))` with an id of
        its own, `at=house.now()`, this channel's `can` and `patience`; then give out the reply. Call `house.listen`
        once a session begins."""

    async def deliver(self, session: str, reply: Reply) -> bool:
        """Give a later result to a person who is still there; False when that can't be done."""


CHANNEL = CLASS()
'''

SPEAKER = '''"""NAME: a smart speaker's platform, which calls our webhook /speakers/NAME."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from assistant.turns import Reply, Spoken
from channels.speakers import Asked, Model, Received, Refused


class CLASS:
    """It translates and never decides: no price, no step, no branch on what is talked about."""

    name = "NAME"
    can: frozenset[str] = frozenset()  # of screen, audio; a household never sees a link
    patience = 0.0  # seconds that the platform waits for the answer, less one
    keys: frozenset[str] = frozenset()  # what [speakers.NAME] may have
    loopback: frozenset[str] = frozenset()  # those of them that are for trials on one's own machine
    languages: frozenset[str] = frozenset()  # what the platform hears and speaks: en, zh …
    WORDS: Mapping[str, Mapping[str, str]] = {}  # its own few words, by language

    def configured(self, settings: Mapping[str, Any]) -> str:
        """What is missing before a sender can be proven, a sentence; "" when all is there."""
        return ""

    async def proven(self, received: Received, settings: Mapping[str, Any], now: dt.datetime) -> Mapping[str, Any]:
        """The request's JSON, once its sender is proven (a signature, a secret, its time); else raise Refused."""
        raise Refused(400, {"error": "bad_request"})

    def read(self, body: Mapping[str, Any], settings: Mapping[str, Any]) -> Asked:
        """Who asks, at what device, and what: its words, or acts where the platform gives none; or an `answer` where
        there is nothing to do."""
        return Asked(id="", user="", device="", text="", source="speech")

    def shown(self, reply: Reply, asked: Asked, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """The platform's JSON: what is said, whether it listens on, what stands on a screen."""
        return {}

    async def meanwhile(self, asked: Asked, words: str, settings: Mapping[str, Any]) -> None:
        """Say `words` while the reply takes a while, where the platform can."""

    def files(self, settings: Mapping[str, Any]) -> Mapping[str, str]:
        """Files at /NAME/ by which the platform knows our host: name -> contents."""
        return {}

    def model(self, spoken: Spoken, language: str) -> Model:
        """What the platform's console is given so that it hears this shop's goods."""
        return Model(files={})


SPEAKER = CLASS()
'''

RECOGNIZER = '''"""NAME: what it hears, and from what kind of model."""

from __future__ import annotations

from pathlib import Path

from models.recognizers import Abilities, Bias, Heard

# Import its library inside `open`: whoever only types must not need it.


class CLASS:
    name = "NAME"
    can = Abilities(streaming=False, grammar=False, alternatives=False)
    extra = ""  # of pyproject.toml, which brings its library; "" where none is needed

    def missing(self) -> str:
        """What must be installed before it works, a sentence with the command; "" when all is there."""

    def open(self, folder: Path, language: str) -> CLASSModel:
        """Load the model in a folder. SetupError with a remedy for one that isn't whole. No network."""
        return CLASSModel(language)


class CLASSModel:
    can = Abilities(streaming=False, grammar=False, alternatives=False)  # what this model can: no more than the engine

    def __init__(self, language: str) -> None:
        self.language = language

    def knows(self, word: str) -> bool | None:
        """Whether it can hear the word at all; None where it spells by letters."""

    def begin(self, bias: Bias | None = None) -> CLASSDecoding:
        return CLASSDecoding()

    def close(self) -> None:
        """Give back the memory; may come twice."""


class CLASSDecoding:
    held = False  # whether it is held to the phrases of the bias

    def feed(self, pcm: bytes) -> str:
        """Some more of an utterance (16-bit mono at RATE); the text so far, or "" where it doesn't stream."""

    def end(self) -> tuple[Heard, ...]:
        """What was heard, best first, and nothing for silence or noise. The next `feed` begins another utterance."""

    # One that streams and works long at the end may have `settle`, too: see models.recognizers.Settles.


RECOGNIZER = CLASS()
'''

VOICE = '''"""NAME: who speaks, and in what languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.voices import Abilities, Sound

# Import its library inside `open`: whoever only types must not need it.


class CLASS:
    name = "NAME"
    can = Abilities(streaming=False, model=False)
    extra = ""  # of pyproject.toml, which brings its library; "" where none is needed

    def missing(self) -> str:
        """What must be installed before it works, a sentence with the command; "" when all is there."""

    def open(self, language: str, folder: Path | None = None) -> CLASSSpeaker:
        """Ready to speak. SetupError with a remedy where the model or the language is missing. No network."""
        return CLASSSpeaker(language)


class CLASSSpeaker:
    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, text: str, *, pace: float = 1.0) -> Iterator[Sound]:
        """The text as sound: of each of `models.voices.sentences(text)` where it streams. FarEndError when it fails."""
        yield from ()

    def close(self) -> None:
        """May come twice, and from any thread: what is being said then ends."""


VOICE = CLASS()
'''

LANGUAGE = """# NAME: what is heard and said in it. `(a|b)` stands for either, `[a]` may be left out.
# en.toml shows every table; what isn't here is said in the shop's first language.
name = ""                # what people who speak it call it
locale = "LOCALE"        # for dates and money (CLDR)
script = "spaced"        # spaced | unspaced | particles
sound = "letters"        # letters | pinyin | jamo

[numbers]
system = "tens"          # tens: twenty one; myriad or exact: digits and units (十二)
connectors = []          # words inside a number: "and"
words = {}               # word = value, up to ninety-nine at least; the first word of a value is spoken

[words]
polite = []              # please, thanks
and = []                 # what joins two things
# article, the, it, more, some, measure, correct, filler, wish, road, question, pay … as in en.toml

[verbs.before]           # what is said before the goods (or [verbs.after])
add = []                 # I'd like, give me
remove = []              # take off

[amounts.before]
no = []                  # without
extra = []

[phrases]                # act = ways to say it
checkout = []            # that's all
confirm = []             # yes, in its many forms
deny = []                # no, in its many forms
cancel = []
help = []
repeat = []
undo = []
show_basket = []

[fulfilment]
delivery = []
pickup = []

[method]
card = []
cash = []

[speak.list]             # between = ", "   and = " and "   or = " or "
[speak.line]             # how an order line is said: pattern, one, each, after, mods, stay, amounts, parts
[speak.money]            # EUR = { one = "{major} euro", many = "{major} euros", … }

[say]                    # sentences by key, for the ear and the eye; en.toml has them all
"""

TALK_TEST = '''"""A talk in which the KIND NAME is used, with the real command in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SHOP = "corner-shop"
"""A demo shop's name, or a folder."""
LANGUAGE = "en"
TALK: list[tuple[str, str]] = []
"""(what is said, words that must be in the answer), a pair for each turn."""
END = {"stage": "placed"}
"""What the order and its payment are at the end."""
HERE = Path(__file__).parent


def test_a_talk_with_it(tmp_path: Path) -> None:
    assert TALK, f"{__file__}: TALK is empty; write what is said and what must be answered"
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "chat", "--json"]
    env = {key: one for key, one in os.environ.items() if not key.startswith("VOICETILL_")}
    env |= {"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)EXTENSIONS}
    ran = subprocess.run(
        [*command, "--shop", SHOP, "--lang", LANGUAGE, "--data", str(tmp_path)],
        input="".join(f"{said}\\n" for said, _answer in TALK),
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    for (said, wanted), row in zip(TALK, rows, strict=True):
        assert wanted in row["text"], f"{said!r} was answered with {row['text']!r}"
    order = rows[-1]["order"]
    assert (order | order["payment"]).items() >= END.items()
'''

CHANNEL_TEST = '''"""The channel NAME: how a talk goes over its own wire (DRIVER), and what is its alone."""

from __future__ import annotations

from assistant.turns import House
from tests.drivers import Answer


class Driver:
    """Holds talks through the channel as a person (or a platform) does: over its socket, page or pipe."""

    async def open(self, house: House, language: str, patience: float) -> None:
        """Start `find("channel", "NAME").run(house, …)` in a task."""

    async def say(self, session: str, text: str | bytes) -> Answer:
        """Say this in that session; what is heard and seen in answer."""

    async def again(self, session: str) -> Answer | None:
        """The last turn once more, with the id it had; None where the wire has no such thing."""

    async def news(self, session: str) -> Answer:
        """The next result that is pushed to this session."""

    async def close(self) -> None:
        """Leave, and wait until `run` has ended."""


DRIVER = Driver
'''

SPEAKER_TEST = '''"""The speaker NAME: how a talk goes over its platform's own wire (DRIVER), and what is its alone."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.drivers import Answer
from tests.speakers.drivers import SpeakerDriver


class Driver(SpeakerDriver):
    """Makes the platform's requests, and reads what is answered."""

    name = "NAME"
    settings: ClassVar[dict[str, Any]] = {}  # enough to be proven with

    def ask(self, session: str, request: str, said: str) -> dict[str, Any]:
        """The request of household `session` that says this; `request` is its id."""
        return {}

    def signed(self, body: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Its bytes, and the headers that prove the sender."""
        return b"", {}

    def heard(self, answer: dict[str, Any]) -> Answer:
        """What is heard and seen."""
        return Answer("", "", ())


DRIVER = Driver
'''

RECOGNIZER_TEST = '''"""The recogniser NAME: what it is tried with (EXAMPLE), and what is its alone."""

from __future__ import annotations

from tests.engines import Hearing

EXAMPLE: Hearing | None = None
"""A whole model, some speech, and words that must be heard in it: the contract suite goes through it. Mark it `long`
where the model is big or must be fetched."""
'''

VOICE_TEST = '''"""The voice NAME: what it is tried with (EXAMPLE), and what is its alone."""

from __future__ import annotations

from tests.engines import Speaking

EXAMPLE: Speaking | None = None
"""A text of two sentences, and a model where it needs one: the contract suite goes through it. Mark it `long` where the
model is big or must be fetched."""
'''

SKELETONS = {
    "channel": CHANNEL,
    "speaker": SPEAKER,
    "language": LANGUAGE,
    "provider": PROVIDER,
    "trade": TRADE,
    "step": STEP,
    "recognizer": RECOGNIZER,
    "voice": VOICE,
}
TESTS = {"channel": CHANNEL_TEST, "speaker": SPEAKER_TEST, "recognizer": RECOGNIZER_TEST, "voice": VOICE_TEST}
"""What tries a part of a kind; any other is tried in a talk."""


def main(arguments: list[str]) -> int:
    if {"--help", "-h"} & set(arguments):
        print((__doc__ or "").strip())
        return 0
    try:
        for path, text in plan(arguments):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            print(path)
    except (ValueError, OSError) as error:
        print(f"new.py: {error}", file=sys.stderr)
        return 2
    suite = SUITES.get(arguments[0], f"test_{arguments[0]}s")
    where = f"VOICETILL_EXTENSIONS={shlex.quote(str(path.parent.parent))} " if "--folder" in arguments else ""
    print(f"Fill it in; {where}scripts/test tests/contracts/{suite}.py says what is missing.", file=sys.stderr)
    return 0


def plan(arguments: list[str]) -> list[tuple[Path, str]]:
    """The two files to write. Raises ValueError with one sentence for what can't be."""
    kind, name, folder = read(arguments)
    ending = "toml" if kind == "language" else "py"
    home, tests = HOMES[kind]
    part, test = TOP / home / f"{name}.{ending}", f"test_{name.lower().replace('-', '_')}.py"
    taken = [part, TOP / home / name]
    place, beside = part, TOP / tests / test
    if folder is not None:
        place, beside = folder / kind / part.name, folder / kind / test
        taken += [place]
    for one in (*taken, beside):
        if one.exists():
            raise ValueError(f"there is a {kind} '{name}' already, or its test: {one}; take another name")
    return [
        (place, filled(SKELETONS[kind], kind, name)),
        (beside, filled(TESTS.get(kind, TALK_TEST), kind, name, folder is not None)),
    ]


def read(arguments: list[str]) -> tuple[str, str, Path | None]:
    usage = f"use scripts/new.py {'|'.join(HOMES)} NAME [--folder EXTENSIONS]"
    rest, folder = list(arguments), None
    if "--folder" in rest:
        at = rest.index("--folder")
        if at + 1 == len(rest):
            raise ValueError(f"--folder names no folder; {usage}")
        folder = Path(rest[at + 1]).expanduser().absolute()
        del rest[at : at + 2]
        if folder.exists() and not folder.is_dir():
            raise ValueError(f"--folder: {folder} is no folder; name another one")
    if len(rest) != 2:
        raise ValueError(f"a kind and a name are needed, and nothing else; {usage}")
    kind, name = rest
    if kind not in HOMES:
        raise ValueError(f"there is no kind '{kind}'; {usage}")
    if kind == "language":
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", name):
            raise ValueError(f"'{name}' is no language tag; write one such as pt or pt-BR")
    elif not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) or keyword.iskeyword(name) or name.startswith("test_"):
        raise ValueError(
            f"'{name}' is no name for a file of Python; use small letters, digits and _, such as gift_note"
        )
    return kind, name, folder


def filled(text: str, kind: str, name: str, extension: bool = False) -> str:
    put = {
        "CLASS": "".join(one.capitalize() for one in name.split("_")),
        "NAME": name,
        "LOCALE": name.replace("-", "_"),
        "KIND": kind,
        "EXTENSIONS": ', "VOICETILL_EXTENSIONS": str(HERE.parent)' if extension else "",
    }
    words = r"(?<!VOICETILL_)(\bCLASS|\b(?:NAME|LOCALE|KIND)\b)|EXTENSIONS(?=\})"
    return re.sub(words, lambda found: put[found[0]], text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
