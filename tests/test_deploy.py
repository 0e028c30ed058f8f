"""The files of deploy/web: the compose file against the compose schema, and all of them against what they name.

`recorded/compose-spec.json` is the schema of the compose specification (Apache-2.0), as docker-compose 1.29.2 has it.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from channels.web import CHANNEL
from tests.test_docs import every_command

TOP = Path(__file__).resolve().parents[1]
HERE = TOP / "deploy/web"
SCHEMA = json.loads((TOP / "tests/recorded/compose-spec.json").read_text(encoding="utf-8"))
DOCKERFILE = (HERE / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


@pytest.fixture
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_the_compose_file_is_one(compose: dict[str, Any]) -> None:
    known = {**SCHEMA, "properties": {**SCHEMA["properties"], "name": {"type": "string"}}}  # `name` is younger
    problems = [
        f"{'/'.join(map(str, one.instance_path))}: {one.message}" for one in jsonschema_rs.iter_errors(known, compose)
    ]
    assert not problems
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(known, {**compose, "services": {"web": {"imagee": "x"}}})


def test_what_it_mounts_is_there(compose: dict[str, Any]) -> None:
    services, volumes, networks = compose["services"], compose["volumes"], compose["networks"]
    for service in services.values():
        for mount in service.get("volumes", ()):
            source = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", mount).partition(":")[0]
            assert source in volumes or (HERE / source).exists(), mount
        assert set(service["networks"]) <= set(networks)
        assert set(service.get("depends_on", ())) <= set(services)
    assert (HERE / services["web"]["build"]["context"]).resolve() == TOP
    assert services["listen"]["devices"] == ["/dev/snd:/dev/snd"]
    assert services["web"]["ports"] == ["127.0.0.1:${PORT:-8080}:8080"], "nobody else's business without https"
    assert int(services["web"]["stop_grace_period"].rstrip("s")) > 20, "longer than a stop takes"
    subnet = compose["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert services["web"]["environment"]["VOICETILL_WEB_TRUSTED_PROXIES"] == subnet


def test_every_variable_is_told_and_known(compose: dict[str, Any]) -> None:
    used = set(re.findall(r"\$\{(\w+)", (HERE / "compose.yaml").read_text(encoding="utf-8")))
    told = set(re.findall(r"^(?:# )?([A-Z_]+)=", (HERE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert used <= told
    keys = {f"VOICETILL_WEB_{key.upper()}" for key in CHANNEL.keys}
    ours = {one for one in (*told, *compose["services"]["web"]["environment"]) if one.startswith("VOICETILL_")}
    assert ours <= keys | {"VOICETILL_SHOP", "VOICETILL_LANG"}


def test_the_image_is_made_of_what_is_there(compose: dict[str, Any]) -> None:
    ignored = (HERE / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [one for line in re.findall(r"^COPY (?!--)(.*)$", DOCKERFILE, re.MULTILINE) for one in line.split()[:-1]]
    assert copied
    for name in copied:
        assert (TOP / name).exists() and f"!{name}" in ignored, name
    assert "requires-python" in (TOP / "pyproject.toml").read_text(encoding="utf-8")
    known = {name for name, _ in every_command()}
    commands = [json.loads(one) for one in re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)]
    commands += [service["command"] for service in compose["services"].values() if "command" in service]
    assert len(commands) == 2 and all(" ".join(one[:2]) in known for one in commands)
    check = re.search(r"^\s*HEALTHCHECK .* CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert check is not None
    assert json.loads(check[1]) == compose["services"]["web"]["healthcheck"]["test"][1:]


def test_the_caddyfile_leads_to_the_server(compose: dict[str, Any]) -> None:
    text = (HERE / "Caddyfile").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}") and "reverse_proxy web:8080" in text
    words = shlex.split(" ".join(re.findall(r"^\s*@inside path (.*)$", text, re.MULTILINE)))
    assert words == ["/metrics", "/readyz"]
    assert "{$SITE_ADDRESS" in text and "SITE_ADDRESS" in compose["services"]["caddy"]["environment"]
