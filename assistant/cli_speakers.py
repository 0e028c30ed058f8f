"""`voicetill speakers`: which smart speakers are set up, and what their platforms must be given."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.errors import SetupError
from assistant.opening import Commands, lexicon_for, options, settings_from

if TYPE_CHECKING:
    from assistant.commerce.shop import Shop


@click.group(cls=Commands, no_args_is_help=False)
def speakers() -> None:
    """Connect smart speakers."""


@speakers.command("list")
@options("config", "json")
def speakers_list(config: str | None, as_json: bool) -> None:
    """Every speaker, where its platform calls, and what is missing."""
    from assistant.discovery import discover
    from assistant.settings import check_section

    settings = settings_from(config)
    for name, speaker in discover("speaker").items():
        section = settings.section(name)
        check_section(settings, "speakers", name, speaker.keys)
        missing = speaker.configured(section)
        trials = sorted(key for key in speaker.loopback if section.get(key))
        row = {"speaker": name, "path": f"/speakers/{name}", "ready": not missing, "missing": missing, "trials": trials}
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        only = f" (only on this machine: {', '.join(trials)})" if trials and not missing else ""
        click.echo(f"{name:<9}  /speakers/{name:<9}  {missing or 'ready'}{only}")


@speakers.command("model")
@click.argument("name", metavar="SPEAKER")
@options("shop", "lang", "config")
@click.option("--out", metavar="FOLDER", help="Write the files here (needed where a platform wants several).")
def speakers_model(name: str, shop: str | None, lang: str | None, config: str | None, out: str | None) -> int:
    """Make what a platform's console is given so that it hears this shop: intents, and names of goods with their ids.

    What had to be left out is said on stderr."""
    from assistant.discovery import find
    from assistant.interaction import spoken
    from assistant.shops import load_shop

    settings = settings_from(config, shop=shop, lang=lang)
    speaker = find("speaker", name)
    rules, catalogue = load_shop(settings.shop)
    language = lang or _spoken_by(name, speaker.languages, rules, settings.lang)
    if language not in rules.languages:
        raise SetupError(f"shop '{rules.id}' has no names in {language}; it has: {', '.join(rules.languages)}")
    model = speaker.model(spoken(rules, catalogue, lexicon_for(settings, rules, catalogue), language), language)
    if out is None and len(model.files) > 1:
        raise SetupError(f"the platform of '{name}' wants {len(model.files)} files; name a folder with --out")
    if lang is None:
        click.echo(f"voicetill: the names are those in {language}; --lang chooses others", err=True)
    for problem in model.problems:
        click.echo(f"voicetill: {problem}", err=True)
    if out is None:
        sys.stdout.write(next(iter(model.files.values())))
        return 0
    folder = Path(out).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in model.files.items():
            (folder / file).write_text(text, encoding="utf-8")
            click.echo(folder / file)
    except OSError as error:
        raise SetupError(f"--out: {folder} can't be written ({error.strerror}); name another folder") from None
    return 0


def _spoken_by(name: str, speaks: frozenset[str], shop: Shop, preferred: str | None) -> str:
    """The language that a platform speaks and the shop has: the preferred one, else the first of the shop's."""
    there = [preferred] if preferred in shop.languages else []
    for tag in (*there, *shop.languages):
        if not speaks or tag.split("-")[0] in speaks:
            return tag
    raise SetupError(
        f"the platform of '{name}' speaks {', '.join(sorted(speaks))}, and shop '{shop.id}' has names in"
        f" {', '.join(shop.languages)} alone; add that language to the shop, or choose one with --lang"
    )
