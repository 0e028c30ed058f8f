"""The commands. Everything heavy is imported inside a command, so that `voicetill --help` answers at once.

Errors become exit codes here and nowhere else: 0 done, 1 the check found something, 2 wrong arguments or configuration
(one line that says what and how to mend it), 3 a far end failed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from assistant.cli_merchant import learned, menu, orders
from assistant.cli_models import models
from assistant.cli_people import people
from assistant.cli_speakers import speakers
from assistant.errors import CALLED, FarEndError, SetupError
from assistant.opening import Commands, failed, house_over, lexicon_for, opened, options, settings_from

if TYPE_CHECKING:
    from assistant.settings import Settings
    from models.voices import Sound


def main() -> None:
    """The `voicetill` command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do one command (`chat` where none is named); the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        with commands.make_context(CALLED, _with_command(arguments)) as ctx:
            done = commands.invoke(ctx)
        sys.stdout.flush()
        return done if isinstance(done, int) else 0
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.UsageError as error:
        why = " ".join(error.format_message().split()).rstrip(".")
        where = f"see '{error.ctx.command_path} --help'" if error.ctx else ""
        return failed(f"{why} ({where})" if where else why, 2)
    except SetupError as error:
        return failed(str(error), 2)
    except FarEndError as error:
        return failed(str(error), 3)
    except BrokenPipeError:
        # Whoever read us has read enough. Nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, click.Abort):
        return 130


def _with_command(arguments: Sequence[str]) -> list[str]:
    """A chat where no command is named: `voicetill --shop corner-shop`."""
    own = ("-h", "--help", "--version")
    return (
        [*arguments]
        if arguments and (not arguments[0].startswith("-") or arguments[0] in own)
        else ["chat", *arguments]
    )


def version() -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("voicetill")
    except PackageNotFoundError:
        return "(not installed as a package)"


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"voicetill {version()}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Say the version."
)
def commands() -> None:
    """Order, check out and pay by talking."""


# -- talking -----------------------------------------------------------------------------------------------------


@commands.command()
@options("shop", "lang", "data", "session", "config", "json")
def chat(
    shop: str | None, lang: str | None, data: str | None, session: str | None, config: str | None, as_json: bool
) -> int:
    """Talk by typing, at a terminal or through a pipe."""
    settings = settings_from(config, shop=shop, lang=lang, data=data)
    given = {"session": session, "language": settings.lang or None, "json": as_json or None}
    return asyncio.run(_talk("terminal", settings, given, kept={"history": str(settings.data / "terminal-history")}))


@commands.command()
@options("shop", "lang", "data", "session", "config", "json")
@click.option("--recognizer", metavar="NAME", help="What hears: vosk, whisper … (default: what is installed).")
@click.option("--model", metavar="FOLDER", help="A recogniser's model that lies elsewhere.")
@click.option("--voice", metavar="NAME", help="What speaks: pyttsx3, piper …")
@click.option("--voice-model", metavar="FOLDER", help="A voice's model that lies elsewhere.")
@click.option("--device", metavar="NAME", help="The microphone (default: the system's; `doctor audio` lists all).")
@click.option("--loudspeaker", metavar="NAME", help="What it speaks through.")
@click.option(
    "--wav",
    "recordings",
    multiple=True,
    metavar="FILE",
    help="A recording in place of the microphone; more may follow.",
)
@click.argument("more", nargs=-1, metavar="[FILE…]")
@click.option("--barge-in", is_flag=True, help="It can be interrupted while it speaks (best with headphones).")
@click.option("--patience", metavar="N", help="2 waits twice as long before a turn counts as ended; 1 is usual.")
@click.option("--wake", metavar="PHRASE", help="Listen only after this phrase.")
@click.option("--push-to-talk", "push", is_flag=True, help="Listen only after Enter was pressed.")
def listen(
    shop: str | None,
    lang: str | None,
    data: str | None,
    session: str | None,
    config: str | None,
    as_json: bool,
    recordings: tuple[str, ...],
    more: tuple[str, ...],
    **given: Any,
) -> int:
    """Talk aloud, with a microphone and a loudspeaker."""
    if more and not recordings:
        raise click.UsageError(f"unexpected '{more[0]}'; recordings are named after --wav")
    settings = settings_from(config, shop=shop, lang=lang, data=data)
    told = {key: one or None for key, one in given.items()}
    told |= {"session": session, "language": settings.lang or None, "json": as_json or None}
    told |= {"wav": (*recordings, *more) or None}
    return asyncio.run(_talk("microphone", settings, told, kept={"folder": str(settings.data)}))


@commands.command()
@options("shop", "lang", "data", "config")
@click.option("--host", metavar="ADDRESS", help="Where to listen (default: 127.0.0.1, this machine alone).")
@click.option("--port", metavar="N", help="The port (default: 8080; 0: any that is free).")
@click.option("--kiosk", is_flag=True, help="The page is a kiosk's: large, and begun anew when nobody is there.")
def serve(
    shop: str | None,
    lang: str | None,
    data: str | None,
    config: str | None,
    host: str | None,
    port: str | None,
    kiosk: bool,
) -> int:
    """Serve the chat page, the API, and what smart speakers and payment services call."""
    settings = settings_from(config, shop=shop, lang=lang, data=data)
    given = {"host": host, "port": port, "kiosk": kiosk or None, "language": settings.lang or None}
    return asyncio.run(_talk("web", settings, given, kept={"folder": str(settings.data)}, others=True))


@commands.command(hidden=True)
@click.argument("name")
@click.option("--option", "given", multiple=True, metavar="KEY=VALUE", help="An option of the channel.")
@options("shop", "data", "config")
def channel(name: str, given: tuple[str, ...], shop: str | None, data: str | None, config: str | None) -> int:
    """Start any channel by its name."""
    pairs = [one.partition("=") for one in given]
    for key, equals, _ in pairs:
        if not key or not equals:
            raise click.UsageError(f"--option {key}: write it as KEY=VALUE")
    settings = settings_from(config, shop=shop, data=data)
    return asyncio.run(_talk(name, settings, {key: value for key, _, value in pairs}))


async def _talk(
    name: str,
    settings: Settings,
    given: Mapping[str, Any],
    *,
    kept: Mapping[str, str] | None = None,
    others: bool = False,
) -> int:
    """One channel until it ends. `others`: with those that can serve beside it and have a table in the settings."""
    from assistant.discovery import find
    from assistant.errors import Faults
    from assistant.settings import check_options, check_tables
    from assistant.turns import Beside, ReadsOptions

    found = find("channel", name)
    faults, beside_it = Faults(), [one for one in settings.channels if others and one != name]
    with faults:
        check_tables(settings, (name, *beside_it))
    with faults:
        check_options("--option", given, found.keys)
    section = settings.section(name)
    told = {key: one for key, one in given.items() if one is not None}
    with faults:
        if isinstance(found, ReadsOptions):
            found.read({**section, **told})
    faults.tell()
    async with opened(settings) as store, house_over(store, settings, settings.shop, channel=name) as house:
        async with contextlib.AsyncExitStack() as beside:
            for one in beside_it:
                part = find("channel", one)
                if isinstance(part, Beside):
                    await beside.enter_async_context(part.beside(house, settings.section(one)))
            code: int = await found.run(house, {**(kept or {}), **section, **told})
        return code


@commands.command()
@options("shop", "lang", "config")
@click.option("--expects", metavar="STEP", help="The step that was asked: basket, address, confirm …")
@click.option("--data", metavar="FOLDER", help="Know the aliases that were accepted in this data folder, too.")
@click.option("--explain", is_flag=True, help="Why each sentence is read so, as a table. Plain lines are taken, too.")
@click.option("--json", "as_json", is_flag=True, help="With --explain: as JSON.")
def understand(
    shop: str | None,
    lang: str | None,
    expects: str | None,
    data: str | None,
    explain: bool,
    as_json: bool,
    config: str | None,
) -> int:
    """Read JSON lines of sentences, write what each one asks for. Nothing is stored."""
    from assistant.discovery import find
    from assistant.shops import load_shop
    from assistant.understanding.lines import as_row, as_table, in_detail, plainly, run_lines
    from assistant.understanding.words.aliases import with_aliases

    settings = settings_from(config, shop=shop, lang=lang, data=data)
    rules, catalogue = load_shop(settings.shop)
    lexicon = lexicon_for(settings, rules, catalogue)
    if data is not None:
        accepted = [one.alias for one in asyncio.run(learned(settings)) if one.state == "accepted"]
        lexicon = with_aliases(lexicon, accepted)
    rows = (row.decode("utf-8", "replace") for row in sys.stdin.buffer)
    wrong = run_lines(
        map(as_row, rows) if explain else rows,
        _write_row,
        lexicon,
        now=settings.clock(rules.zone)(),
        language=settings.lang or None,
        expects=expects,
        booking="books_nights" in find("trade", rules.trade).traits,
        answer=(in_detail if as_json else as_table) if explain else plainly,
    )
    return 1 if wrong else 0


def _write_row(row: str) -> None:
    sys.stdout.buffer.write(row.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


@commands.group(invoke_without_command=True)
@options("shop", "data", "config", "json")
@click.pass_context
def doctor(ctx: click.Context, shop: str | None, data: str | None, config: str | None, as_json: bool) -> int:
    """Look at everything a shop needs, and say what to mend."""
    if ctx.invoked_subcommand is not None:
        return 0
    from assistant.doctor import examine

    return _report(examine(settings_from(config, shop=shop, data=data)), as_json)


@doctor.command("audio")
@options("lang", "config", "json")
@click.option("--device", metavar="NAME", help="The microphone (default: the system's).")
@click.option("--loudspeaker", metavar="NAME", help="What it speaks through.")
@click.option("--voice", metavar="NAME", help="What speaks: pyttsx3, piper …")
def doctor_audio(lang: str | None, config: str | None, as_json: bool, **given: str | None) -> int:
    """Try the microphone, the voice and the loudspeaker, and say what to change."""
    from channels.audio.checking import check
    from channels.audio.devices import hushed
    from models import languages
    from models.voices import DEFAULT

    settings = settings_from(config, lang=lang)
    told = {**settings.section("microphone"), **{key: one for key, one in given.items() if one is not None}}
    language = settings.lang or languages.available()[0]
    sample = str(languages.load(language).tables.get("speech", {}).get("sample", language))
    voice = str(told.get("voice") or DEFAULT)
    findings = check(
        told.get("device"),
        told.get("loudspeaker"),
        lambda: _said_by(voice, language, sample),
        lambda text: click.echo(text, err=True),
    )
    with hushed():
        return _report(findings, as_json)


def _report(findings: Iterable[Any], as_json: bool) -> int:
    """Say each as it comes; 1 where one is wrong."""
    import json

    import msgspec

    wrong = False
    for one in findings:
        if as_json:
            click.echo(json.dumps(msgspec.to_builtins(one), ensure_ascii=False))
        else:
            click.echo(f"{one.state:<5}  {one.part:<11}  {one.text}")
        wrong = wrong or one.state == "wrong"
    return 1 if wrong else 0


def _said_by(name: str, language: str, text: str) -> Iterator[Sound]:
    """A sentence as that voice says it. SetupError where it is missing."""
    from assistant.discovery import find
    from models import shelf

    voice = find("voice", name)
    if missing := voice.missing():
        raise SetupError(missing)
    found = shelf.installed("voice", language, name) if voice.can.model else []
    if voice.can.model and not found:
        raise SetupError(f"no voice of {name} is installed; get one with `{shelf.how_to_get('voice', language, name)}`")
    speaker = voice.open(language, found[0].folder if found else None)
    try:
        yield from speaker.say(text)
    finally:
        speaker.close()


@commands.group(no_args_is_help=False)
def sandbox() -> None:
    """Play the buyer of a payment that moves no money."""


@sandbox.command("approve")
@click.argument("attempt", metavar="ATTEMPT")
@options("data", "config")
def sandbox_approve(attempt: str, data: str | None, config: str | None) -> None:
    """Pay a payment that waits for its buyer."""
    _decide(attempt, settings_from(config, data=data), "approve")


@sandbox.command("decline")
@click.argument("attempt", metavar="ATTEMPT")
@options("data", "config")
def sandbox_decline(attempt: str, data: str | None, config: str | None) -> None:
    """Turn down a payment that waits for its buyer."""
    _decide(attempt, settings_from(config, data=data), "decline")


def _decide(attempt: str, settings: Settings, how: str) -> None:
    from assistant.commerce.money import Money
    from assistant.payments import sandbox as provider
    from assistant.settings import data_folder

    # A payment's link ends with its id; people paste the whole of it.
    name = attempt.rstrip("/").rpartition("/")[2]
    charge = (provider.approve if how == "approve" else provider.decline)(data_folder(settings.data), name)
    amount = Money(charge.amount, charge.currency)
    click.echo(f"{charge.attempt}  {charge.state}  {amount.major} {amount.currency}")


@commands.group("config", no_args_is_help=False)
def config_group() -> None:
    """Look at the settings."""


@config_group.command("show")
@options("shop", "lang", "data", "config", "json")
def config_show(shop: str | None, lang: str | None, data: str | None, config: str | None, as_json: bool) -> None:
    """Every setting, and where it comes from."""
    import json

    from assistant.settings import KEYS

    settings = settings_from(config, shop=shop, lang=lang, data=data)
    for key in KEYS:
        value, origin = str(getattr(settings, key)), settings.origin[key]
        if as_json:
            click.echo(json.dumps({"key": key, "value": value, "from": origin}, ensure_ascii=False))
        else:
            click.echo(f"{key:<5}  {value or '-'}  ({origin})")
    for key in settings.proposer:
        value = "(set)" if key == "key" else settings.proposer[key]
        shown, origin = f"proposer.{key}", "VOICETILL_PROPOSER_KEY" if key == "key" else str(settings.file)
        line = json.dumps({"key": shown, "value": value, "from": origin}, ensure_ascii=False)
        click.echo(line if as_json else f"{shown}  {value}  ({origin})")
    # Values may be secrets: only that they are set is shown.
    for name, origin in settings.shown():
        line = json.dumps({"key": name, "value": "(set)", "from": origin}, ensure_ascii=False)
        click.echo(line if as_json else f"{name}  (set)  ({origin})")


commands.add_command(orders)
commands.add_command(people)
commands.add_command(menu)
commands.add_command(models)
commands.add_command(speakers)
