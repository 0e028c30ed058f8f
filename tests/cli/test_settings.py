"""Where settings come from, and what a mistake in them is answered with."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run


def test_options_win_over_environment_over_file_over_defaults(voicetill: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'shop = "corner-shop"\nlang = "ko"\ndata = "kept"\n[channels.terminal]\nhistory = "h"\n'
    )
    done = voicetill(
        "config",
        "show",
        "--json",
        "--data",
        "named",
        VOICETILL_CONFIG="mine.toml",
        VOICETILL_LANG="zh",
    )
    rows = {row["key"]: row for row in done.rows}
    assert rows["shop"]["value"] == "corner-shop" and rows["shop"]["from"] == "mine.toml"
    assert (rows["lang"]["value"], rows["lang"]["from"]) == ("zh", "VOICETILL_LANG")
    assert (rows["data"]["value"], rows["data"]["from"]) == ("named", "--data")
    assert rows["now"]["from"] == "default"
    assert rows["channels.terminal.history"]["value"] == "(set)"


@pytest.mark.parametrize(("named", "known"), [("en-US", "en"), ("zh_CN", "zh"), ("KO", "ko"), ("de-AT", "de-AT")])
def test_a_language_may_be_named_as_a_system_does(voicetill: Run, named: str, known: str) -> None:
    rows = {row["key"]: row["value"] for row in voicetill("config", "show", "--json", "--lang", named).rows}
    assert rows["lang"] == known


def test_the_file_in_the_users_config_folder_is_read(voicetill: Run, tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "voicetill"
    folder.mkdir(parents=True)
    (folder / "voicetill.toml").write_text('data = "here"\n')
    rows = {row["key"]: row["value"] for row in voicetill("config", "show", "--json").rows}
    assert rows["data"] == str(folder / "here"), "a path in the file is meant from where the file lies"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('shpo = "burger-bar"', ["'shpo'", "'shop'"]),
        ("shop = 3", ["'shop'", "3"]),
        ('shop = "a', ["TOML"]),
        ("channels = 1", ["channels.NAME"]),
        ('[channels.terminal]\njosn = "yes"', ["'josn'", "'json'"]),
        ("[channels.termnal]", ["termnal", "terminal"]),
        ('now = "noon"', ["noon", "2026-05-04"]),
    ],
)
def test_a_mistake_in_the_file_names_file_and_key(voicetill: Run, tmp_path: Path, text: str, names: list[str]) -> None:
    (tmp_path / "mine.toml").write_text(text)
    said = voicetill("chat", "--config", "mine.toml", "--data", "data").refused()
    assert "mine.toml" in said
    assert all(name in said for name in names), said


def test_a_mistake_in_a_variable_names_it(voicetill: Run) -> None:
    assert "VOICETILL_DATA" in voicetill("config", "show", VOICETILL_DTA="x").refused()
    assert "VOICETILL_NOW" in voicetill("config", "show", VOICETILL_NOW="noon").refused()
    assert "VOICETILL_SANDBOX" in voicetill("chat", "--data", "data", VOICETILL_SANDBOX="perhaps").refused()


def test_the_shops_clock_starts_where_it_is_told(voicetill: Run) -> None:
    def clock(now: str) -> str:
        done = voicetill("doctor", "--json", "--data", "data", VOICETILL_NOW=now)
        return str(next(row["text"] for row in done.rows if row["part"] == "clock"))

    assert clock("2026-05-04T18:30").startswith("2026-05-04T18:30:0")
    assert "2026-05-04T12:30:0" in clock("2026-05-04T12:30"), "without an offset it is the shop's own time"
    assert "Asia/Shanghai" in clock("2026-05-04T04:30Z") and "2026-05-04T12:30:0" in clock("2026-05-04T04:30Z")


def test_a_proposer_is_named_in_the_file_and_its_key_in_the_environment(voicetill: Run, tmp_path: Path) -> None:
    assert "off: no language model is asked" in voicetill("doctor").out
    file = tmp_path / "my.toml"
    file.write_text('[proposer]\nurl = "http://127.0.0.1:9/v1"\nmodel = "small"\n')
    on = voicetill("doctor", "--config", "my.toml", VOICETILL_PROPOSER_KEY="hush-hush")
    assert "on: words that aren't understood are sent to small at http://127.0.0.1:9/v1, with a key" in on.out
    shown = voicetill("config", "show", "--config", "my.toml", VOICETILL_PROPOSER_KEY="hush-hush")
    assert "proposer.key  (set)" in shown.out and "hush-hush" not in on.out + shown.out
    talk = voicetill("chat", "--config", "my.toml", said=["gimme the fizzy brown stuffz", "two cokes"])
    assert talk.code == 0 and "Two regular Cokes" in talk.out, "a far end that isn't there keeps nobody from ordering"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('url = "http://x/v1"', "'model' is missing"),
        ('url = "ftp://x"\nmodel = "m"', "is no url"),
        ('url = "http://x"\nmodel = "m"\nkey = "k"', "VOICETILL_PROPOSER_KEY"),
        ('url = "http://x"\nmodel = "m"\ntimeout = 9', "unknown key 'timeout'"),
    ],
)
def test_a_wrong_proposer_is_refused(voicetill: Run, tmp_path: Path, table: str, says: str) -> None:
    (tmp_path / "my.toml").write_text(f"[proposer]\n{table}\n")
    assert says in voicetill("chat", "--config", "my.toml").refused()


def test_all_that_is_wrong_is_told_at_once(voicetill: Run, tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text('shp = "x"\nlang = 3\n[people]\nsendr = "a"\nform = "b"\n')
    done = voicetill("chat", "--config", "my.toml")
    said = done.err
    assert (done.code, done.out) == (2, "")
    for fault in ("'shp'; did you mean 'shop'", "'lang' must be text", "'sendr'; did you mean 'sender'", "'form'"):
        assert fault in said
    assert len(said.strip().splitlines()) == 4


WRONG = """
[channels.web]
port = "a"
kiosk = "perhaps"
trusted_proxies = 5
prot = 3
[channels.wbe]
[channels.terminal]
hist = "x"
[speakers.alexa]
skill = "x"
"""
FAULTS = (
    "[channels.web]: unknown key 'prot'; did you mean 'port'",
    "there is no channel 'wbe'",
    "[channels.terminal]: unknown key 'hist'; did you mean 'history'",
    "[speakers.alexa]: unknown key 'skill'",
    "port 'a': a whole number",
    "kiosk 'perhaps': true or false",
    "trusted_proxies: '5' does not appear to be",
)


def test_all_that_is_wrong_with_the_tables_is_told_at_once_and_by_the_doctor_too(
    voicetill: Run, tmp_path: Path
) -> None:
    (tmp_path / "my.toml").write_text(WRONG)
    refused = voicetill("serve", "--config", "my.toml", "--data", "data")
    assert (refused.code, refused.out, len(refused.err.splitlines())) == (2, "", len(FAULTS))
    assert [one for one in FAULTS if one not in refused.err] == []
    done = voicetill("doctor", "--config", "my.toml", "--json")
    wrong = [row["text"] for row in done.rows if row["state"] == "wrong"]
    assert done.code == 1 and len(wrong) == len(FAULTS)
    assert [one for one in FAULTS if not any(one in text for text in wrong)] == []


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("VOICETILL_SANDBOX", "perhaps", "VOICETILL_SANDBOX: 'perhaps' is not known"),
        ("VOICETILL_SANDBOX_DELAY", "soon", "VOICETILL_SANDBOX_DELAY: 'soon' is not a number"),
        ("VOICETILL_WEB_PROT", "1", "environment, [channels.web]: unknown key 'prot'"),
        ("VOICETILL_LANG", "korean", "korean: VOICETILL_LANG names it, but it has no file"),
    ],
)
def test_the_doctor_finds_the_variable_that_nothing_would_start_with(
    voicetill: Run, tmp_path: Path, variable: str, value: str, told: str
) -> None:
    (tmp_path / "my.toml").write_text("[channels.web]\nport = 8080\n")
    done = voicetill("doctor", "--config", "my.toml", "--json", **{variable: value})
    wrong = [row["text"] for row in done.rows if row["state"] == "wrong"]
    assert done.code == 1 and len(wrong) == 1 and told in wrong[0]


def test_variables_are_shown_with_the_names_that_they_have(voicetill: Run, tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_bytes(
        b"\xef\xbb\xbf[channels.web]\nport = 1\nidle = 20\n[people]\nsender = 'file:x'\n"
    )
    told = {"VOICETILL_WEB_PORT": "8081", "VOICETILL_ALEXA_API_BASE": "x", "VOICETILL_PEOPLE_PASSWORD": "hush-hush"}
    done = voicetill("config", "show", "--config", "my.toml", "--json", **told)
    shown = {row["key"]: row["from"] for row in done.rows if row["value"] == "(set)"}
    assert shown == {
        "channels.web.port": "VOICETILL_WEB_PORT",
        "channels.web.idle": "my.toml",
        "speakers.alexa.api_base": "VOICETILL_ALEXA_API_BASE",
        "people.sender": "my.toml",
        "people.password": "VOICETILL_PEOPLE_PASSWORD",
    }


@pytest.mark.parametrize("option", ["shop", "lang", "data", "config"])
def test_an_option_without_a_value_is_refused(voicetill: Run, option: str) -> None:
    """Such as --data "$FOLDER" where that isn't set: nothing is written to where it wasn't meant."""
    assert f"--{option}: no " in voicetill("chat", f"--{option}", "").refused()


@pytest.mark.parametrize(("word", "on"), [("on", True), ("TRUE", True), ("0", False), ("off", False)])
def test_what_is_on_or_off_may_be_said_in_several_ways(voicetill: Run, word: str, on: bool) -> None:
    done = voicetill("chat", said=["a large coke"], VOICETILL_TERMINAL_JSON=word)
    assert done.out.startswith("{") is on


def test_what_is_neither_on_nor_off_is_refused(voicetill: Run) -> None:
    assert "json 'perhaps': true or false is wanted" in voicetill("chat", VOICETILL_TERMINAL_JSON="perhaps").refused()
    assert "kiosk 'perhaps': true or false is wanted" in voicetill("serve", VOICETILL_WEB_KIOSK="perhaps").refused()
