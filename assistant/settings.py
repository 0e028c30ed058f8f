"""What the installer decided: defaults < voicetill.toml < environment (`VOICETILL_…`) < the command's own options.

Read once at start into a frozen struct; nothing else looks at the file or at `VOICETILL_…` of this table. An unknown
key is an error that names the file and the key.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import os
import tempfile
import time
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import platformdirs
from msgspec import Struct

from assistant.errors import Faults, SetupError

KEYS: Mapping[str, str] = {
    "shop": "burger-bar",
    "lang": "",
    "data": "",
    "now": "",
}
"""Every top-level key with its default. Empty: decided elsewhere (lang by the talk, data by the user's data folder, now
by the real clock)."""

NAMELESS: Mapping[str, str] = {
    "lang": "no language is named; give its tag, such as en",
    "data": "no folder is named; give one",
}
"""What is told where one of these options is given without a value. (No shop is refused wherever it comes from.)"""

OTHER_VARIABLES = frozenset(
    {
        "VOICETILL_CALLED",
        "VOICETILL_CONFIG",
        "VOICETILL_EXTENSIONS",
        "VOICETILL_VENV",
        "VOICETILL_MODELS",
        "VOICETILL_MODELS_URL",
        "VOICETILL_SANDBOX",
        "VOICETILL_SANDBOX_DELAY",
        "VOICETILL_PROPOSER_KEY",
        "VOICETILL_PEOPLE_PASSWORD",
    }
)
"""Variables that others read; known here so that a slip in one of them is noticed."""

Clock = Callable[[], dt.datetime]


class Settings(Struct, frozen=True, kw_only=True):
    """What a command goes by: its options, then VOICETILL_…, then the file, then what is usual."""

    shop: str
    """A demo shop's name or a folder."""
    lang: str
    """The language that a talk begins in; empty: the shop's first."""
    data: Path
    now: str
    """Where the shop's clock starts (ISO); empty: the real time."""
    channels: Mapping[str, Mapping[str, Any]] = {}
    """`[channels.NAME]` of the file."""
    speakers: Mapping[str, Mapping[str, Any]] = {}
    """`[speakers.NAME]` of the file."""
    oauth: Mapping[str, Mapping[str, Any]] = {}
    """`[oauth.NAME]`: platforms to which people may link their account here."""
    people: Mapping[str, Any] = {}
    """`[people]`: how sign-in codes are sent."""
    proposer: Mapping[str, str] = {}
    """`[proposer]`: url and model of a language model, and key, from the environment alone. Empty: there is none."""
    file: Path | None = None
    """The file that was read, if there is one."""
    origin: Mapping[str, str] = {}
    """Key -> where its value comes from."""
    variables: Mapping[str, str] = {}
    """`VOICETILL_…` as they were when the settings were read."""

    def section(self, name: str) -> Mapping[str, Any]:
        """A channel's or a speaker's own settings: its table in the file, then `VOICETILL_<NAME>_<KEY>`."""
        return {**self.channels.get(name, {}), **self.speakers.get(name, {}), **_told(self.variables, name)}

    def shown(self) -> Iterator[tuple[str, str]]:
        """(name, where its value comes from) of all that stands in a table of the file or is a variable for one:
        ("channels.web.port", "VOICETILL_WEB_PORT")."""
        tables = [
            *(("channels", name) for name in self.channels),
            *(("speakers", name) for name in self.speakers),
            *(("oauth", name) for name in self.oauth),
        ]
        told: dict[str, str] = {}
        for kind, name in dict.fromkeys([*tables, *_named_by(self.variables)]):
            told |= {f"{kind}.{name}.{key}": str(self.file) for key in getattr(self, kind).get(name, {})}
            if kind != "oauth":
                told |= {f"{kind}.{name}.{key}": _variable(name, key) for key in _told(self.variables, name)}
        told |= {f"people.{key}": str(self.file) for key in self.people}
        told |= {f"people.{key}": _variable("people", key) for key in _told(self.variables, "people")}
        yield from told.items()

    def clock(self, zone: ZoneInfo) -> Clock:
        """The shop's clock: aware, running on from `now` where that is given."""
        if not self.now:
            return lambda: dt.datetime.now(zone)
        begin, started = instant(self.now, zone, self.origin.get("now", "now")), time.monotonic()
        return lambda: begin + dt.timedelta(seconds=time.monotonic() - started)


def read_settings(
    config: str | None = None, options: Mapping[str, str | None] | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """The settings for one command. `options` are the command's own, None where not given."""
    values: dict[str, str] = dict(KEYS)
    origin = dict.fromkeys(KEYS, "default")
    tables: dict[str, dict[str, dict[str, Any]]] = {"channels": {}, "speakers": {}, "oauth": {}}
    people: dict[str, Any] = {}
    proposer: dict[str, str] = {}
    faults = Faults()
    file = _config_file(config, environ)
    if file is not None:
        for key, value in _read_toml(file).items():
            with faults:
                if key in tables:
                    tables[key] = _tables(file, key, value)
                elif key == "proposer":
                    proposer = _proposer_table(file, value)
                elif key == "people":
                    people = _people_table(file, value)
                elif key not in KEYS:
                    known = [*KEYS, *tables, "proposer", "people"]
                    raise SetupError(f"{file}: unknown key '{key}'{_did_you_mean(key, known)}")
                elif not isinstance(value, str):
                    raise SetupError(f"{file}: '{key}' must be text in quotes, not {value!r}")
                else:
                    if value and (key == "data" or (key == "shop" and "/" in value)):
                        value = str(file.parent / Path(value).expanduser())
                    values[key], origin[key] = value, str(file)
    variables = {key: value for key, value in environ.items() if key.startswith("VOICETILL_") and value}
    with faults:
        _refuse_slips(variables)
    for key in KEYS:
        name = f"VOICETILL_{key.upper()}"
        if name in variables:
            values[key], origin[key] = variables[name], name
    if proposer and (secret := variables.get("VOICETILL_PROPOSER_KEY")):
        proposer["key"] = secret
    for key, option in (options or {}).items():
        if option is not None:
            values[key], origin[key] = option, f"--{key}"
        with faults:
            if option == "" and key in NAMELESS:  # such as "$FOLDER" where that isn't set
                raise SetupError(f"--{key}: {NAMELESS[key]}, or leave it out")
    with faults:
        if values["now"]:
            instant(values["now"], ZoneInfo("UTC"), origin["now"])
    with faults:
        if not values["shop"]:
            raise SetupError(f"{origin['shop']}: no shop is named; give the name of a demo shop or a shop's folder")
    oauth: dict[str, Mapping[str, Any]] = {}
    for name, table in tables["oauth"].items():
        with faults:
            oauth[name] = _client(file, name, table)
    faults.tell()
    return Settings(
        shop=values["shop"],
        lang=_language(values["lang"]),
        now=values["now"],
        file=file,
        origin=origin,
        channels=tables["channels"],
        speakers=tables["speakers"],
        oauth=oauth,
        people=people | _told(variables, "people"),
        proposer=proposer,
        variables=variables,
        data=Path(values["data"] or platformdirs.user_data_dir("voicetill", False)).expanduser(),
    )


def _language(named: str) -> str:
    """The language that we have of what a system calls its own: en of en-US. What we have none of stays as it is."""
    from assistant.discovery import extensions
    from models import languages
    from models.catalogue import primary

    folder = extensions()
    known = languages.available(folder / "language" if folder else None)
    return primary(named) if named not in known and primary(named) in known else named


def instant(text: str, zone: ZoneInfo, where: str) -> dt.datetime:
    """An ISO time, in `zone` where it names no offset of its own."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        like = "write it like 2026-05-04T18:30 or 2026-05-04T18:30+02:00"
        raise SetupError(f"{where}: '{text}' is no ISO time; {like}") from None
    if not 1971 <= at.year <= 9000:  # a shop's clock counts on from here, in any zone
        raise SetupError(f"{where}: '{text}' is no year for a shop; name one from 1971 to 9000")
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)


def data_folder(folder: Path) -> Path:
    """The folder, made if need be and seen to be writable. Only its owner may look into a new one."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SetupError(
            f"the data folder {folder} can't be written ({error.strerror or error}); "
            "name another one with --data or VOICETILL_DATA"
        ) from None
    return folder


def remember_shop(data: Path, shop: str, folder: str) -> None:
    """Note where a shop's files are, so that its orders can be looked after without naming it again."""
    known = known_shops(data)
    if known.get(shop) == folder:
        return
    fresh = data / f".shops.{os.getpid()}.json"
    fresh.write_text(json.dumps({**known, shop: folder}, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(data / "shops.json")


def known_shops(data: Path) -> dict[str, str]:
    """Shop id -> what to load it from, of every shop that was opened over this data folder."""
    path = data / "shops.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return {str(shop): str(folder) for shop, folder in known.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError):
        raise SetupError(f"{path}: can't be read; delete it, and it is written anew when a shop is opened") from None


def _config_file(config: str | None, environ: Mapping[str, str]) -> Path | None:
    named = config or environ.get("VOICETILL_CONFIG")
    if config == "":
        raise SetupError("--config: no file is named; give one, or leave it out")
    if not named:
        usual = Path(platformdirs.user_config_dir("voicetill", False)) / "voicetill.toml"
        return usual if usual.is_file() else None
    path = Path(named).expanduser()
    if not path.is_file():
        where = "--config" if config else "VOICETILL_CONFIG"
        raise SetupError(f"{where}: there is no file {path}; name an existing one")
    return path


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SetupError(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{path}: is not valid TOML: {error}; mend that line") from None
    except OSError as error:
        raise SetupError(f"{path}: can't be read ({error.strerror}); make it readable or name another one") from None


def _tables(path: Path, kind: str, value: Any) -> dict[str, dict[str, Any]]:
    """`[channels.NAME]`, `[speakers.NAME]`."""
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        one = kind.removesuffix("s")
        raise SetupError(f"{path}: '{kind}' holds tables only; write [{kind}.NAME] and the {one}'s keys below it")
    return value


def _variable(name: str, key: str) -> str:
    return f"VOICETILL_{name.upper()}_{key.upper()}"


def _named_by(variables: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The channels and speakers that variables are for: ("channels", "web") of VOICETILL_WEB_PORT."""
    from assistant.discovery import named

    for kind in ("channel", "speaker"):
        for name in named(kind):
            if any(one.startswith(_variable(name, "")) for one in variables):
                yield f"{kind}s", name


def _told(variables: Mapping[str, str], name: str) -> dict[str, Any]:
    prefix = _variable(name, "")
    return {key[len(prefix) :].lower(): value for key, value in variables.items() if key.startswith(prefix)}


def _people_table(path: Path, value: Any) -> dict[str, Any]:
    where = f"{path}, [people]"
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise SetupError(f"{where}: write sender and from below it, as text")
    if "password" in value:
        raise SetupError(f"{where}: a password doesn't belong into a file; give it as VOICETILL_PEOPLE_PASSWORD")
    check_options(where, value, ("sender", "from"))
    return dict(value)


def _client(path: Path | None, name: str, table: Mapping[str, Any]) -> Mapping[str, Any]:
    where = f"{path}, [oauth.{name}]"
    check_options(where, table, ("client_id", "secret", "redirect_uris"))
    uris = table.get("redirect_uris")
    if not isinstance(uris, list) or not uris or not all(isinstance(one, str) and "://" in one for one in uris):
        raise SetupError(
            f'{where}: redirect_uris is a list of whole addresses, such as ["https://platform.example/back"]'
        )
    for key in ("client_id", "secret"):
        if not isinstance(table.get(key), str) or len(table[key]) < (16 if key == "secret" else 1):
            raise SetupError(f"{where}: '{key}' is missing or too short" + " (16 letters at least)" * (key == "secret"))
    return table


def _proposer_table(path: Path, value: Any) -> dict[str, str]:
    where = f"{path}, [proposer]"
    if not isinstance(value, dict):
        raise SetupError(f"{where}: write url and model below it")
    if "key" in value:
        raise SetupError(f"{where}: a key doesn't belong into a file; give it as VOICETILL_PROPOSER_KEY")
    check_options(where, value, ("url", "model"))
    for name in ("url", "model"):
        if not isinstance(value.get(name), str) or not value[name]:
            raise SetupError(f"{where}: '{name}' is missing or no text; it needs a url and a model")
    if not value["url"].startswith(("http://", "https://")):
        raise SetupError(f"{where}: '{value['url']}' is no url; write one like http://127.0.0.1:8080/v1")
    return dict(value)


def _refuse_slips(variables: Iterable[str]) -> None:
    """A variable that nobody knows may belong to a provider; one that looks like ours but isn't is a slip."""
    ours = {name.removeprefix("VOICETILL_") for name in OTHER_VARIABLES} | {key.upper() for key in KEYS}
    faults = Faults()
    for name in variables:
        key = name.removeprefix("VOICETILL_")
        with faults:
            if key not in ours and (near := difflib.get_close_matches(key, ours, 1, 0.66)):
                raise SetupError(f"environment: unknown variable {name}; did you mean VOICETILL_{near[0]}?")
    faults.tell()


def _did_you_mean(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(known), 1)
    return f"; did you mean '{near[0]}'?" if near else f"; there are: {', '.join(sorted(known))}"


def check_options(where: str, given: Iterable[str], known: Iterable[str]) -> None:
    """A channel's options, from its table in the file or from the command line, against the keys that it has."""
    faults = Faults()
    for key in given:
        with faults:
            if key not in known:
                remedy = _did_you_mean(key, known) if known else "; it has none"
                raise SetupError(f"{where}: unknown key '{key}'{remedy}")
    faults.tell()


def check_section(settings: Settings, kind: str, name: str, known: Iterable[str]) -> None:
    """The keys of a channel's or a speaker's table, and of its variables, against those that it has."""
    faults = Faults()
    with faults:
        check_options(f"{settings.file}, [{kind}.{name}]", getattr(settings, kind).get(name, {}), known)
    with faults:
        check_options(f"environment, [{kind}.{name}]", _told(settings.variables, name), known)
    faults.tell()


def check_tables(settings: Settings, channels: Collection[str]) -> None:
    """A table of a channel or speaker that there isn't, or a key that it hasn't, is a slip; all of them are told. Only
    of `channels` are the keys looked at: a command needn't load what it doesn't use."""
    from importlib.util import find_spec

    from assistant.discovery import find

    faults = Faults()
    for kind, tables in (("channel", settings.channels), ("speaker", settings.speakers)):
        for name in dict.fromkeys((*tables, *(channels if kind == "channel" else ()))):
            ours = kind == "channel" and name.isidentifier() and find_spec(f"channels.{name}") is not None
            if ours and name not in channels:  # our own are known by their files
                continue
            with faults:
                try:
                    part = find(kind, name)
                except SetupError as error:
                    raise SetupError(f"{settings.file}, [{kind}s.{name}]: {error}") from None
                check_section(settings, f"{kind}s", name, part.keys)
    faults.tell()
