"""`voicetill doctor`: looks at everything a shop needs in order to run, and says what to mend. Changes nothing.

A finding is `ok`, a `note` (it runs, but somebody will miss something) or `wrong` (it must be mended).
"""

from __future__ import annotations

import platform
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.shop import Shop
from assistant.dialogue.wordings import wordings
from assistant.discovery import KINDS, discover, extensions
from assistant.errors import Faults, SetupError
from assistant.payments import IsTold
from assistant.settings import Settings, check_tables
from assistant.shops import load_shop
from assistant.shops.check import check
from assistant.turns import ReadsOptions
from models import languages, shelf

LITTLE_SPACE = 50 << 20
"""Bytes below which a disk counts as full: a day of a busy shop needs less, a write-ahead log may need this much."""
SHOWN = 8
"""How many missing wordings are named one by one."""


class Finding(Struct, frozen=True):
    """What one part looks like, in a sentence; with a remedy where it is wrong."""

    part: str
    state: Literal["ok", "note", "wrong"]
    text: str


def examine(settings: Settings) -> list[Finding]:
    """Every part in turn. A part that can't be looked at is wrong, and the others are still looked at."""
    found = [*_program(), *_settings(settings), *_proposer(settings), *_data(settings.data)]
    try:
        shop, catalogue = load_shop(settings.shop)
    except SetupError as error:
        found += [Finding("shop", "wrong", line) for line in str(error).splitlines()]
        return [*found, *_guarded("parts", _parts), *_guarded("languages", lambda: _languages(settings))]
    found += _guarded("shop", lambda: _shop(settings, shop, catalogue))
    found += _guarded("clock", lambda: _clock(settings, shop))
    found += _guarded("parts", _parts)
    found += _guarded("payment", lambda: _payment(shop))
    found += _guarded("languages", lambda: _languages(settings, shop.languages))
    found += _guarded("models", lambda: _models(shop.languages))
    return found


def _guarded(part: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    found: list[Finding] = []
    return [*_refused(part, lambda: found.extend(look())), *found]


def _refused(part: str, look: Callable[[], object], where: str = "") -> list[Finding]:
    """What is wrong, a line for each, where looking at it is refused."""
    try:
        look()
    except SetupError as error:
        return [Finding(part, "wrong", where + line) for line in str(error).splitlines()]
    return []


def _program() -> Iterator[Finding]:
    yield Finding("python", "ok", f"{platform.python_version()} ({platform.platform(terse=True)})")
    try:
        needed = metadata.requires("voicetill") or []
    except metadata.PackageNotFoundError:
        yield Finding("packages", "note", "not looked at: voicetill runs from its files; install it as a package")
        return
    names = [found[0] for one in needed if "extra ==" not in one and (found := re.match(r"[\w.-]+", one))]
    there, missing = [], []
    for name in names:
        try:
            there.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    yield Finding("packages", "ok", ", ".join([f"voicetill {metadata.version('voicetill')}", *there]))
    for name in missing:
        yield Finding("packages", "wrong", f"{name} is missing; install it again: pip install {name}")


def _settings(settings: Settings) -> Iterator[Finding]:
    yield Finding("settings", "ok", f"from {settings.file}" if settings.file else "defaults (no voicetill.toml)")
    channels = discover("channel")
    yield from _refused("settings", partial(check_tables, settings, channels))
    for name, channel in channels.items():
        if isinstance(channel, ReadsOptions):
            yield from _refused("settings", partial(channel.read, settings.section(name)), f"{name}: ")


def _proposer(settings: Settings) -> Iterator[Finding]:
    if not settings.proposer:
        yield Finding("proposer", "ok", "off: no language model is asked")
        return
    where = f"{settings.proposer['model']} at {settings.proposer['url']}"
    keyed = "with a key" if "key" in settings.proposer else "without a key"
    yield Finding("proposer", "note", f"on: words that aren't understood are sent to {where}, {keyed}")


def _data(folder: Path) -> Iterator[Finding]:
    place = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        remedy = "name another one with --data or VOICETILL_DATA"
        yield Finding("data folder", "wrong", f"{folder} can't be written ({error.strerror or error}); {remedy}")
        return
    free = shutil.disk_usage(place).free
    text = f"{folder}{'' if folder.exists() else ' (made on first use)'}, {free >> 20} MB free"
    if free < LITTLE_SPACE:
        yield Finding("data folder", "wrong", f"{text}: too little; make room or name another one with --data")
    else:
        yield Finding("data folder", "ok", text)
    for path in sorted(folder.glob("*.db")):
        yield _database(path, full=free < LITTLE_SPACE)


def _database(path: Path, *, full: bool) -> Finding:
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
        finally:
            connection.close()
    except sqlite3.Error as error:
        said = [str(error)]
    if said == ["ok"]:
        return Finding("database", "ok", f"{path.name} is whole, {path.stat().st_size >> 10} KB")
    remedy = "stop every voicetill and put a backup in its place"
    if full:  # then it need not be damaged
        remedy = "make room, and look again before anything is done with it"
    return Finding("database", "wrong", f"{path}: {'; '.join(said)}; {remedy}")


def _shop(settings: Settings, shop: Shop, catalogue: Catalogue) -> Iterator[Finding]:
    spoken = ", ".join(shop.languages)
    yield Finding("shop", "ok", f"{shop.id}: {shop.trade}, {len(catalogue.items)} items, {shop.currency}, {spoken}")
    for problem in check(shop.folder, settings.clock(shop.zone)()):
        yield Finding("shop", "wrong" if problem.severity == "error" else "note", str(problem))


def _clock(settings: Settings, shop: Shop) -> Iterator[Finding]:
    if shop.time_zone not in available_timezones():
        yield Finding("clock", "wrong", f"the time zone {shop.time_zone} is not known here; install the package tzdata")
        return
    now = settings.clock(ZoneInfo(shop.time_zone))()
    begun = f", begun at {settings.now} by {settings.origin['now']}" if settings.now else ""
    state: Literal["note", "ok"] = "note" if settings.now else "ok"
    yield Finding("clock", state, f"{now.isoformat(timespec='seconds')} {shop.time_zone}{begun}")


def _parts() -> Iterator[Finding]:
    for kind in KINDS:
        yield Finding("parts", "ok", f"{kind}s: {', '.join(discover(kind)) or 'none'}")
    if (folder := extensions()) is not None:
        yield Finding("parts", "ok", f"extensions from {folder}")


def _payment(shop: Shop) -> Iterator[Finding]:
    providers, faults = discover("provider"), Faults()
    told = dict.fromkeys(providers, "")
    for name in dict.fromkeys(one.provider for one in shop.methods.values()):
        with faults:
            told[name] = one.told() if isinstance(one := providers.get(name), IsTold) else ""
    for method in shop.methods.values():
        provider = providers.get(method.provider)
        if provider is None:
            known = ", ".join(providers)
            yield Finding("payment", "wrong", f"{method.id}: no provider '{method.provider}'; there are: {known}")
        elif provider.sandbox:
            behaves = told[method.provider] and f", {told[method.provider]}"
            yield Finding("payment", "note", f"{method.id}: by {method.provider}, no money moves{behaves}")
        else:
            yield Finding("payment", "ok", f"{method.id}: by {method.provider}")
    yield from (Finding("payment", "wrong", line) for one in faults.told for line in one.splitlines())


def _languages(settings: Settings, wanted: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Wordings that one language has and another lacks, by part."""
    folder = extensions()
    tags = languages.available(folder / "language" if folder else None)
    said = {tag: set(wordings(tag)) for tag in tags}
    for name, part in discover("channel").items():
        for tag in tags:
            said[tag] |= {f"{name}.{key}" for key in part.WORDS.get(tag, ())}
    every = set().union(*said.values())
    for tag in tags:
        missing = sorted(every - said[tag])
        if not missing:
            yield Finding("languages", "ok", f"{tag}: {len(said[tag])} wordings, none missing")
            continue
        named = ", ".join(missing[:SHOWN]) + (" …" if len(missing) > SHOWN else "")
        yield Finding("languages", "note", f"{tag}: {len(missing)} wordings missing: {named}")
    have = ", ".join(tags)
    for tag in wanted:
        if tag not in said:
            yield Finding("languages", "wrong", f"{tag}: the shop speaks it, but it has no file; there are: {have}")
    if settings.lang and settings.lang not in said:
        named = f"{settings.lang}: {settings.origin['lang']} names it"
        yield Finding("languages", "wrong", f"{named}, but it has no file; there are: {have}")


def _models(wanted: tuple[str, ...]) -> Iterator[Finding]:
    """What hears and speaks the shop's languages, and models that lie there by half. One can always type."""
    yield Finding("models", "ok", f"in {shelf.shelf()}")
    for tag in wanted:
        hears = ", ".join(one.id for one in shelf.installed("recognizer", tag))
        speaks = ", ".join(one.id for one in shelf.installed("voice", tag)) or "the system's voice"
        if hears:
            yield Finding("models", "ok", f"{tag}: hears by {hears}; speaks by {speaks}")
        else:
            yield Finding(
                "models", "note", f"{tag}: no recogniser; get one with `{shelf.how_to_get('recognizer', tag)}`"
            )
    for one, missing in shelf.lying():
        if missing:
            yield Finding("models", "note", f"{one.id}: only half there, without {missing[0]}; {shelf.again(one)}")
