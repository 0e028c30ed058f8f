"""`voicetill speakers`: what is set up, and the files for the platforms' consoles."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.channels import test_wyoming
from tests.newcomer import COMMAND, newcomer
from tests.speakers import far_end, test_alexa, test_aligenie, test_xiaoai


def speakers(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = newcomer(tmp_path, **variables)
    command = [*COMMAND, "speakers", *arguments]
    return subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120)


def test_what_is_set_up_and_what_is_missing(tmp_path: Path) -> None:
    config = tmp_path / "voicetill.toml"
    config.write_text('[speakers.alexa]\napplication_ids = ["amzn1.ask.skill.x"]\ntrust_roots = "roots.pem"\n')
    ran = speakers(tmp_path, "list", "--config", str(config), VOICETILL_DUEROS_APPLICATION_IDS="a, b")
    assert ran.returncode == 0, ran.stderr
    rows = {line.split()[0]: line for line in ran.stdout.splitlines()}
    assert "/speakers/alexa" in rows["alexa"] and "ready (only on this machine: trust_roots)" in rows["alexa"]
    assert rows["dueros"].endswith("ready") and "key_id, secret, app_ids are missing" in rows["xiaoai"]
    ran = speakers(tmp_path, "list", "--config", str(config), "--json")
    told = {row["speaker"]: row for row in map(json.loads, ran.stdout.splitlines())}
    assert told["alexa"]["ready"] and told["alexa"]["trials"] == ["trust_roots"] and not told["aligenie"]["ready"]


def test_slips_in_the_settings_are_told(tmp_path: Path) -> None:
    config = tmp_path / "voicetill.toml"
    for text, why in (
        ('[speakers.alexa]\napplication_id = "x"\n', "unknown key 'application_id'; did you mean 'application_ids'?"),
        ("[speakers]\nalexa = 1\n", "'speakers' holds tables only"),
    ):
        config.write_text(text)
        ran = speakers(tmp_path, "list", "--config", str(config))
        assert ran.returncode == 2 and why in ran.stderr
    config.write_text('[speakers.alexia]\nkey = "x"\n')
    command = [*COMMAND, "chat", "--config", str(config)]
    env = newcomer(tmp_path)
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, input="", timeout=60)
    assert done.returncode == 2 and "there is no speaker 'alexia'" in done.stderr


def test_a_model_for_alexas_console(tmp_path: Path) -> None:
    ran = speakers(tmp_path, "model", "alexa", "--shop", "burger-bar", "--lang", "en")
    assert ran.returncode == 0, ran.stderr
    model = json.loads(ran.stdout)["interactionModel"]["languageModel"]
    assert model["invocationName"] == "burger bar"
    assert "is said for" in ran.stderr and all(line.startswith("voicetill: ") for line in ran.stderr.splitlines())


def test_files_for_the_other_consoles(tmp_path: Path) -> None:
    ran = speakers(tmp_path, "model", "aligenie", "--shop", "corner-shop", "--lang", "zh")
    assert ran.returncode == 2 and "--out" in ran.stderr
    ran = speakers(tmp_path, "model", "aligenie", "--shop", "corner-shop", "--lang", "zh", "--out", "genie")
    assert ran.returncode == 0, ran.stderr
    goods = (tmp_path / "genie" / "goods.csv").read_text(encoding="utf-8").splitlines()
    assert goods[0].startswith("milk,牛奶") and len(goods) == 25
    for arguments, why in (
        (("model", "nobody"), "there is no speaker 'nobody'"),
        (("model", "alexa", "--lang", "xx"), "has no names in xx"),
        (("model", "xiaoai", "--out", "/proc/nowhere"), "can't be written"),
    ):
        ran = speakers(tmp_path, *arguments)
        assert ran.returncode == 2 and why in ran.stderr, ran.stderr


def test_a_model_is_in_the_language_that_its_platform_speaks(tmp_path: Path) -> None:
    """Not in the shop's first one, and in none silently; a shop that has no such names is told so."""
    ran = speakers(tmp_path, "model", "dueros", "--shop", "corner-shop", "--out", "xiaodu")
    assert ran.returncode == 0 and "the names are those in zh; --lang chooses others" in ran.stderr
    assert "牛奶" in (tmp_path / "xiaodu" / "goods.csv").read_text(encoding="utf-8")
    ran = speakers(tmp_path, "model", "alexa", "--shop", "corner-shop", VOICETILL_LANG="zh")
    assert "the names are those in en" in ran.stderr and '"milk"' in ran.stdout
    ran = speakers(tmp_path, "model", "xiaoai", "--shop", "corner-shop", "--lang", "en", "--out", "xiaoai")
    assert ran.returncode == 0 and "--lang chooses" not in ran.stderr  # it was named
    english = tmp_path / "english"
    shutil.copytree(far_end.CAFE, english)
    rules = english / "shop.toml"
    rules.write_text(re.sub(r"(?m)^languages = .*$", 'languages = ["en"]', rules.read_text(encoding="utf-8")))
    for name in ("dueros", "aligenie", "xiaoai"):
        ran = speakers(tmp_path, "model", name, "--shop", str(english), "--out", name)
        assert ran.returncode == 2 and f"the platform of '{name}' speaks zh" in ran.stderr, ran.stderr


def test_serve_takes_what_platforms_send(tmp_path: Path) -> None:
    """The real command with its settings file: three platforms and Home Assistant beside the page, one order each."""
    roots, config = tmp_path / "roots.pem", tmp_path / "voicetill.toml"
    roots.write_bytes(far_end.pem(far_end.root()))
    with places({"/echo.api/echo-api-cert.pem": far_end.chain(test_alexa.NAME)}) as there:
        config.write_text(
            f'[speakers.alexa]\napplication_ids = ["{test_alexa.SKILL}"]\ntrust_roots = "{roots}"\n'
            f'cert_base = "{there}"\n'
            '[speakers.xiaoai]\nkey_id = "key-1"\napp_ids = ["2882303761517"]\n'
            '[speakers.aligenie]\nheader = "X-Shop-Key"\nsecret = "open sesame"\nskill_ids = ["110255"]\n'
            f'[speakers.aligenie.ownership]\n{test_aligenie.CODE} = "this host is ours"\n'
            "[channels.wyoming]\nport = 0\n"
        )
        with served(tmp_path, "--shop", str(far_end.CAFE), "--config", str(config)) as (url, wyoming):
            alexa = post(f"{url}/speakers/alexa", *test_alexa.signed(test_alexa.request("alexa_intent_add_item")))
            assert alexa[0] == 200 and "Two large lattes" in json.dumps(alexa[1])
            genie = json.dumps(test_aligenie.request("aligenie_intent")).encode()
            assert "两杯小杯拿铁" in str(post(f"{url}/speakers/aligenie", genie, test_aligenie.HEADERS)[1])
            host = url.removeprefix("http://")
            sealed = test_xiaoai.signed(test_xiaoai.request("xiaoai_intent"), host=host)
            assert "两杯小杯拿铁" in str(post(f"{url}/speakers/xiaoai", *sealed)[1])
            assert "lattes" in asyncio.run(test_wyoming.say(wyoming, "two large lattes", "en", conversation_id="1"))
            assert post(f"{url}/speakers/alexa", b"{}", {})[0] == 400
            assert post(f"{url}/speakers/dueros", b"{}", {})[0] == 401
            assert post(f"{url}/speakers/nobody", b"{}", {})[0] == 404
            assert post(f"{url}/speakers/xiaoai", b"x" * 300_000, {})[0] == 413
            with urlopen(f"{url}/aligenie/{test_aligenie.CODE}.txt", timeout=30) as file:
                assert file.read() == b"this host is ours"
    orders = subprocess.run(
        [*COMMAND, "orders", "list", "--shop", str(far_end.CAFE), "--data", str(tmp_path / "data"), "--json"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    lines = [one["lines"] for one in map(json.loads, orders.stdout.splitlines())]
    assert [[one["quantity"], one["item"]] for (one,) in lines] == [[2, "sku-latte"]] * 4


def test_trials_are_not_for_a_server_that_others_reach(tmp_path: Path) -> None:
    config = tmp_path / "voicetill.toml"
    config.write_text('[speakers.alexa]\napplication_ids = ["x"]\ntrust_roots = "roots.pem"\n')
    with served(tmp_path, "--config", str(config), "--host", "0.0.0.0") as (url, _):
        assert post(f"{url.replace('0.0.0.0', '127.0.0.1')}/speakers/alexa", b"{}", {})[0] == 401


def environment(home: Path) -> dict[str, str]:
    return newcomer(home, VOICETILL_XIAOAI_SECRET=test_xiaoai.SECRET)


@contextlib.contextmanager
def served(home: Path, *arguments: str) -> Iterator[tuple[str, int]]:
    """`voicetill serve` until the test is over: where the page is, and the port of Wyoming (0 where it isn't)."""
    command = [*COMMAND, "serve", "--port", "0", "--data", str(home / "data"), *arguments]
    server = subprocess.Popen(command, env=environment(home), cwd=home, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    wyoming = 0
    try:
        for line in server.stderr:
            if found := re.search(r"tcp://127\.0\.0\.1:(\d+)", line):
                wyoming = int(found[1])
            if found := re.search(r"http://[\w.]+:\d+", line):
                yield found[0], wyoming
                break
        else:
            raise AssertionError(f"it didn't start; it ended with {server.wait(30)}")
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
    finally:
        server.kill()
        server.wait()
        server.stderr.close()


@contextlib.contextmanager
def places(files: dict[str, bytes]) -> Iterator[str]:
    """Where certificates lie."""

    class There(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in files else 404)
            self.end_headers()
            self.wfile.write(files.get(self.path, b""))

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    with ThreadingHTTPServer(("127.0.0.1", 0), There) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def post(url: str, raw: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    try:
        with urlopen(Request(url, raw, {"Content-Type": "application/json", **headers}), timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())
