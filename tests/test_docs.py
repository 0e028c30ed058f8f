"""The documents are held to what they say: commands run, examples load, links lead somewhere, tables are complete.

Every fenced block of README.md and docs/*.md has its meaning here:

    sh        commands; each that starts Voicetill is run and must end with 0, or with N where `# exit N` follows
    console   the same after `$ `, and what is printed must be what stands below (`…` stands for anything)
    toml, json, csv FOLDER/FILE    a file of a shop's folder; the commands find it there

All commands of a document run in one home, one after the other, offline.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest

from assistant.cli import commands
from assistant.payments.sandbox import BEHAVIOURS
from assistant.settings import KEYS, OTHER_VARIABLES, read_settings
from assistant.shops import load_shop
from models import catalogue, languages
from models.fetching import megabytes
from tests.newcomer import TOP, newcomer, warm

DOCS = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]
COMMANDS, MODELS, SHOP = (TOP / "docs" / f"{name}.md" for name in ("commands", "models", "shop"))
NOW = "2026-11-23T10:09"
"""A Monday before lunch, so that the times that are said are the same each day."""
STARTS = re.compile(r"(?:^|\| )(?:[A-Z_]+=\S* )*(?:scripts/run|voicetill)(?= |$)")
EXIT = re.compile(r"\s+# exit (\d+)$")
TIME = re.compile(r"\b\d{1,2}:\d\d\s[AP]M\b")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what follows the language, and where it stands."""

    kind: str
    about: str
    text: str
    line: int


def blocks(path: Path) -> list[Block]:
    found, begun, text = [], None, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("```"):
            text.append(line)
        elif begun is None:
            begun, text = (line[3:].partition(" "), number), []
        else:
            (kind, _, about), at = begun
            found.append(Block(kind, about, "".join(f"{one}\n" for one in text), at))
            begun = None
    assert begun is None, f"{path.name}: the block that begins in line {begun and begun[1]} has no end"
    return found


def prose(path: Path) -> str:
    """The text without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def tables(path: Path, head: str) -> list[list[list[str]]]:
    """The cells of each table whose first line begins with `head`."""
    found: list[list[list[str]]] = []
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"| {head} |"):
            found.append([])
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            cells = re.split(r"(?<!\\)\|", line)[1:-1]
            found[-1].append([cell.strip().replace(r"\|", "|") for cell in cells])
    return found


def rows(path: Path, head: str) -> list[list[str]]:
    """The cells of the one table whose first line begins with `head`."""
    (table,) = tables(path, head)
    return table


# -- commands ----------------------------------------------------------------------------------------------------


class Home:
    """The home of somebody who follows a document from its top to its end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("scripts/run", "bin/voicetill"):
            shim = folder / name
            shim.parent.mkdir()
            shim.write_text(f'#!/bin/sh\nexec {shlex.join(warm())} "$@"\n')
            shim.chmod(0o755)
        path = os.pathsep.join((str(folder / "bin"), os.environ["PATH"]))
        self.env = newcomer(folder, VOICETILL_MODELS=str(folder / "models"), PATH=path, LC_ALL="C.UTF-8")

    def run(self, command: str) -> tuple[int, str]:
        """A command's exit code and what it printed: replies, and the lines on stderr that say what is wrong."""
        ran = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"],
            cwd=self.folder,
            capture_output=True,
            timeout=120,
            env={**self.env, "VOICETILL_NOW": NOW},
            input=b"help\n",
        )
        wrong = [one for one in ran.stderr.decode().splitlines(keepends=True) if one.startswith("voicetill: ")]
        return ran.returncode, ran.stdout.decode() + "".join(wrong)

    def put(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def said_as(text: str, printed: str) -> bool:
    """Whether this was printed, whatever the line breaks and the time of day; `…` stands for anything."""
    wanted = [re.escape(one) for one in TIME.sub("00:00", text).split("…")]
    parts = [re.sub(r"(?:\\?\s)+", r"\\s+", one) for one in wanted]
    return re.fullmatch(rf"\s*{'.*?'.join(parts)}\s*", TIME.sub("00:00", printed), re.DOTALL) is not None


def steps_of(block: Block) -> Iterator[tuple[str, str | None]]:
    """(command, what it prints or None where nothing is said of it) of a `sh` or `console` block."""
    text = block.text.replace("\\\n", "")
    if block.kind == "sh":
        for line in text.splitlines():
            yield line, None
    elif block.kind == "console":
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_commands_do_what_the_document_says(path: Path, home: Home) -> None:
    for block in blocks(path):
        if "/" in block.about:
            home.put(block.about, block.text)
        for command, printed in steps_of(block):
            if not STARTS.search(command):
                continue
            code, out = home.run(command)
            wanted = EXIT.search(command)
            where = f"{path.name}, block in line {block.line}: {command}\n{out}"
            assert code == int(wanted[1] if wanted else 0), where
            assert "Traceback" not in out, where
            assert printed is None or said_as(printed, out), f"{where}\nbut the document says:\n{printed}"


def test_the_readme_talks_as_the_program_does(home: Home) -> None:
    """The transcript: what is typed after the prompt, and each reply."""
    (talk,) = [one.text for one in blocks(TOP / "README.md") if one.text.startswith("$ scripts/run\n")]
    _, greeting, *turns = re.split(r"^(?=▷ )|(?<=scripts/run\n)", talk, flags=re.MULTILINE)
    said = [turn.partition("\n")[0].removeprefix("▷ ") for turn in turns]
    replies = "".join(turn.partition("\n")[2] for turn in turns)
    home.put("said", "".join(f"{one}\n" for one in said))
    code, out = home.run("voicetill chat < said")
    assert code == 0 and said_as(replies, out), out
    home.put("greet.py", GREET)
    _, out = home.run(f"'{sys.executable}' greet.py")
    assert said_as(greeting, out), out


GREET = """
import asyncio
from assistant import cli
from assistant.turns import Turn

async def greet():
    settings = cli.settings_from(None)
    async with cli.opened(settings) as store, cli.house_over(store, settings, settings.shop) as house:
        turn = Turn(id="1", channel="terminal", shop=house.shop, session="new", at=house.now(), new=True)
        print((await house.take(turn)).text)

asyncio.run(greet())
"""


# -- docs/shop.md ------------------------------------------------------------------------------------------------


def sections(text: str) -> dict[str, str]:
    """The text of a shop.toml by the first name of its tables; "" holds the keys before the first one."""
    found = {"": ""}
    name = ""
    for line in text.splitlines(keepends=True):
        if header := re.match(r"\[+([\w-]+)", line):
            name = header[1]
        found[name] = found.get(name, "") + line
    return found


def with_snippet(shop: str, snippet: str) -> str:
    """A shop.toml in which a snippet's keys and tables stand in place of the shop's own."""
    base, new = sections(shop), sections(snippet)
    own = tomllib.loads(new[""])
    kept = "".join(line for line in base[""].splitlines(keepends=True) if line.partition(" ")[0] not in own)
    return "".join({**base, **new, "": kept + new[""]}.values())


def test_every_example_of_a_shop_loads(tmp_path: Path) -> None:
    folder = tmp_path / "tea-house"
    folder.mkdir()
    known = blocks(SHOP)
    files = {one.about: one.text for one in known if "/" in one.about}
    shop, items = files["tea-house/shop.toml"], json.loads(files["tea-house/catalogue.json"])
    snippets = [one for one in known if one.kind in ("toml", "json") and not one.about]
    assert len(snippets) > 10
    for one in snippets:
        extra = json.loads(one.text) if one.kind == "json" else None
        rules = with_snippet(shop, one.text) if extra is None else shop
        (folder / "shop.toml").write_text(rules, encoding="utf-8")
        (folder / "catalogue.json").write_text(json.dumps([*items, extra] if extra else items), encoding="utf-8")
        load_shop(folder)


READS = (
    "text id number maybe_number money maybe_money required_money rate flag word texts names said table tables named"
    " clock windows get"
)
"""How a reader of merchants' files asks for the value of a key."""


def asked_keys() -> set[str]:
    found: set[str] = set()
    for name in ("shop_file.py", "catalogue_file.py"):
        text = (TOP / "assistant" / "shops" / name).read_text(encoding="utf-8")
        found |= set(re.findall(rf'\.(?:{READS.replace(" ", "|")})\(\s*"(\w+)"', text))
        found |= set(re.findall(r'_(?:date|item_list|bound|methods|how_much)\(\w+, "(\w+)"', text))
    return found


def test_the_document_of_a_shop_has_every_key_and_no_other() -> None:
    text = SHOP.read_text(encoding="utf-8")
    assert not [key for key in asked_keys() if not re.search(rf"\b{key}\b", text)]
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    told = {name.rpartition(".")[2] for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert told <= asked_keys() | {"buy", "get", "typed", "spoken"}


# -- docs/commands.md --------------------------------------------------------------------------------------------


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Full name and command of all that do something, the hidden ones too."""
    todo: list[tuple[str, click.Command]] = [("voicetill", commands)]
    while todo:
        name, command = todo.pop(0)
        if isinstance(command, click.Group):
            todo += [(f"{name} {one}", below) for one, below in command.commands.items()]
        if not isinstance(command, click.Group) or (command.invoke_without_command and command is not commands):
            yield name, command


def usage(command: click.Command) -> set[str]:
    """Its options and arguments as a synopsis has them."""
    found = set()
    for one in command.params:
        if isinstance(one, click.Option):
            names = "|".join(one.opts)
            found.add(f"[{names}]" if one.is_flag else f"[{names} {one.metavar}]")
        else:
            found.add(one.metavar or (one.name or "").upper())
    return found


def test_every_command_stands_there_with_its_options() -> None:
    lines = [line for one in blocks(COMMANDS) if one.kind == "text" for line in one.text.splitlines()]
    told = {re.split(r" (?=\[|[A-Z])", line)[0]: set(re.split(r" (?=\[|[A-Z|]+$)", line)[1:]) for line in lines}
    assert told == {name: usage(command) for name, command in every_command()}


def test_every_shared_option_is_explained() -> None:
    told = {cell.strip("`") for cell, *_ in rows(COMMANDS, "option")}
    assert told == {one.strip("[]") for _, command in every_command() for one in usage(command) if one.startswith("[-")}


def test_every_variable_is_explained() -> None:
    told = set(re.findall(r"`(VOICETILL_\w+)`", " ".join(cell for cell, *_ in rows(COMMANDS, "variable"))))
    ours = {f"VOICETILL_{key.upper()}" for key in KEYS} | OTHER_VARIABLES
    assert told == ours | {"VOICETILL_TERMINAL_HISTORY"}
    told = {cell.strip("`").upper() for cell, *_ in rows(COMMANDS, "word")}
    assert told == {one.upper() for one in BEHAVIOURS}


def test_the_settings_file_is_read(tmp_path: Path) -> None:
    (example,) = [one.text for one in blocks(COMMANDS) if one.kind == "toml"]
    (tmp_path / "voicetill.toml").write_text(example, encoding="utf-8")
    settings = read_settings(str(tmp_path / "voicetill.toml"), environ={})
    assert settings.shop == "corner-shop" and settings.channels["terminal"]


def shape(value: Any) -> Any:
    """Keys and kinds of a JSON value; texts and numbers may differ."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else type(value)


def test_the_json_form_is_what_chat_writes(home: Home) -> None:
    (example,) = [one.text for one in blocks(COMMANDS) if one.kind == "json"]
    code, out = home.run("echo 'a cheeseburger' | voicetill chat --json")
    assert code == 0 and shape(json.loads(out)) == shape(json.loads(example))


def test_bad_input_says_what_the_tables_say(home: Home) -> None:
    talk, line = tables(COMMANDS, "command")
    for code, table in ((0, talk), (2, line)):
        assert len(table) > 8
        for command, says in table:
            if command == "`voicetill orders cancel A1`":
                home.run(CANCELLED)
            wanted = says if code == 0 else f"voicetill: {says}"
            done, out = home.run(command.strip("`"))
            assert done == code and said_as(wanted, out), f"{command} ends with {done} and says:\n{out}"


CANCELLED = "printf '%s\\n' 'a coke' checkout 'eat in' card yes | voicetill chat; voicetill orders cancel A1"

# -- docs/models.md ----------------------------------------------------------------------------------------------


def test_the_models_are_those_of_the_catalogue() -> None:
    told = [[cell.strip("`") for cell in row] for row in rows(MODELS, "id")]
    for one in told:
        one[1] = one[1].replace("`", "")
    assert told == [model_row(model) for model in catalogue.models().values()]
    table = {
        language: [set(re.findall(r"`([^`]+)`", cell)) for cell in cells]
        for language, *cells in rows(MODELS, "language")
    }
    for tag in languages.available():
        speech = languages.load(tag).tables["speech"]
        assert table.pop(f"`{tag}`") == [set(speech["recognizers"]), set(speech["voices"])]
    assert not table


def model_row(model: catalogue.Model) -> list[str]:
    few = ", ".join(model.languages) if len(model.languages) < 5 else f"{len(model.languages)} languages"
    speed = f"{model.speed:.2f}" if model.speed else "-"
    return [model.id, few, megabytes(model.size), f"{model.memory} MB", speed, model.licence]


def test_the_keys_of_a_model_are_told() -> None:
    text = MODELS.read_text(encoding="utf-8")
    for kind in (catalogue.Model, catalogue.Source, catalogue.Package, catalogue.Engine):
        assert not [key for key in kind.__struct_fields__ if not re.search(rf"\b{key}\b", text)]
    (example,) = [one.text for one in blocks(MODELS) if one.kind == "toml"]
    msgspec.convert(tomllib.loads(example), catalogue._File)


# -- all ---------------------------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    """A heading's anchor as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", "")).replace(" ", "-")


@pytest.mark.parametrize("path", [*DOCS, TOP / "CHANGELOG.md"], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if "://" in link:
            continue
        name, _, part = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), f"{path.name}: there is no {link}"
        if part:
            headings = re.findall(r"^#+ (.*)$", prose(target), re.MULTILINE)
            assert part in {anchor(one) for one in headings}, f"{path.name}: there is no {link}"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_files_that_are_named_are_there(path: Path) -> None:
    named = re.findall(r"`((?:assistant|channels|models|scripts|tests|docs)/[\w./*-]*)`", prose(path))
    made_up = re.compile(r"\b[A-Z]+\b|^models/installed")  # assistant/steps/NAME.py; what is made when it is needed
    assert not [one for one in named if not made_up.search(one) and not list(TOP.glob(one))]


@pytest.mark.parametrize("path", [*DOCS, TOP / "CHANGELOG.md"], ids=lambda path: path.name)
def test_commands_that_are_named_exist(path: Path) -> None:
    known = {name for name, _ in every_command()}
    groups = {name.rpartition(" ")[0] for name in known}
    text = re.sub(r"^\| `.*$", "", prose(path), flags=re.MULTILINE)  # tables hold slips, too
    for command in re.findall(r"`(voicetill(?: [a-z]+)*)", text):
        assert command in known | groups or command.rpartition(" ")[0] in known, f"{path.name}: {command}"
