"""`voicetill people`: who works in a shop."""

from __future__ import annotations

from pathlib import Path

from .conftest import Run

HERE = ("--data", "data")


def test_somebody_is_added_listed_and_removed(voicetill: Run) -> None:
    assert voicetill("people", "list", *HERE).out == ""
    added = voicetill("people", "add", "Carla Moreno", "--role", "staff", *HERE)
    first, code = added.out.splitlines()
    person = first.split()[0]
    assert added.code == 0 and code.startswith("code ") and len(code) == len("code XXXX-XXXX-XXXX")
    (row,) = voicetill("people", "list", "--json", *HERE).rows
    assert row == {"id": person, "role": "staff", "name": "Carla Moreno", "contacts": []}
    assert voicetill("people", "list", "--shop", "corner-shop", *HERE).out == ""
    assert voicetill("people", "remove", person, *HERE).code == 0
    gone = voicetill("people", "remove", person, *HERE)
    assert gone.code == 2 and f"there is no person '{person}'" in gone.err
    assert voicetill("people", "list", *HERE).out == ""


def test_only_the_shops_roles_are_given(voicetill: Run) -> None:
    assert voicetill("people", "add", "Carla", "--role", "customer", *HERE).code == 2


def test_settings_of_people_are_looked_at(voicetill: Run, tmp_path: Path) -> None:
    for text, wrong in (
        ('[people]\nsendr = "file:x"\n', "sendr"),
        ('[people]\nsender = "file:x"\npassword = "secret"\n', "VOICETILL_PEOPLE_PASSWORD"),
        ('[oauth.alexa]\nclient_id = "a"\nsecret = "short"\nredirect_uris = ["https://x.example/"]\n', "secret"),
        ('[oauth.alexa]\nclient_id = "a"\nsecret = "long enough it is"\nredirect_uris = []\n', "redirect_uris"),
    ):
        (tmp_path / "voicetill.toml").write_text(text)
        done = voicetill("people", "list", "--config", "voicetill.toml", *HERE)
        assert done.code == 2 and wrong in done.err, (text, done.err)
    (tmp_path / "voicetill.toml").write_text('[people]\nsender = "carrier pigeon"\n')
    done = voicetill("people", "list", "--config", "voicetill.toml", *HERE)
    assert done.code == 2 and "neither smtp" in done.err
