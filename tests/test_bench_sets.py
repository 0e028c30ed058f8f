"""`scripts/bench understanding FOLDER`: which sets it finds, what it asks of their scorer, how stays are scored."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scripts.benches import rough, sets, stays

SCORER = """
import json, sys
print(json.dumps({"shop": "burger-bar", "groups": {"all": {
    "rows": 2, "exact": 0.5, "exact_95": [0.1, 0.9], "f1_item": 1.0, "silent": None, "nbest": "--nbest" in sys.argv,
    "command": sys.argv[sys.argv.index("--command") + 1]}}}))
"""


def write(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "score.py").write_text(SCORER, encoding="utf-8")
    write(tmp_path / "tea" / "tea-dev.jsonl", {"id": "1", "text": "two teas", "expected": []})
    write(tmp_path / "heard" / "dev.jsonl", {"id": "2", "gold": {"acts": []}, "alternatives": []})
    write(tmp_path / "rooms" / "rooms-dev.jsonl", {"id": "3", "lang": "en", "text": "for two nights", "slots": []})
    write(tmp_path / "talks" / "talks-dev.jsonl", {"id": "4", "turns": []})
    return tmp_path


def test_sets_are_known_by_their_rows(folder: Path) -> None:
    assert [(one.name, one.nbest) for one in sets.sets_in(folder)] == [("heard/dev", True), ("tea/tea-dev", False)]
    assert [path.stem for path in sets.others_in(folder)] == ["rooms-dev"]


def test_the_scorer_of_the_folder_is_asked_about_our_command(folder: Path) -> None:
    heard, tea = sets.sets_in(folder)
    assert sets.scored(folder, heard)["groups"]["all"]["nbest"] is True
    found = sets.scored(folder, tea)
    figures = found["groups"]["all"]
    assert figures["nbest"] is False
    assert figures["command"].endswith("understand --shop {shop} --lang {lang} {expects}")
    assert sets.groups_of(found) == ["all"]
    assert sets.cells(figures)[:5] == ["2", "50.0", "10.0 to 90.0", "100.0", ""]


def test_what_was_said_and_what_was_heard_are_rows_of_their_own() -> None:
    assert sets.groups_of({"groups": {"said": {}, "heard": {}, "zh heard": {}}}) == ["said", "heard", "zh heard"]


def row(text: str, *slots: list[Any], lang: str = "en") -> dict[str, Any]:
    return {"id": text, "lang": lang, "text": text, "slots": list(slots)}


def day(year: int, month: int, day: int) -> dict[str, int]:
    return {"year": year, "month": month, "day": day}


@pytest.fixture(scope="module")
def reader() -> stays.Reader:
    return stays.Reader()


def test_a_stay_that_was_understood_counts_in_every_slot(reader: stays.Reader) -> None:
    rows = [
        row(
            "two nights from the 3rd of May for two adults and no kids",
            ["date_period", "two nights", None],
            ["date_from", "3rd of May", day(2022, 5, 3)],
            ["adults", "two", 2],
            ["kids", "no kids", 0],
        ),
        row("预订明天四个人的桌子", ["datetime", "明天"], ["party_size_number", "四个"], lang="zh"),
    ]
    found = stays.figures(rows, reader)
    assert (found["rows_right"], found["gold"], found["found_without_gold"]) == (2, 6, 0)
    assert found["f1"] == found["nights"] == found["guests"] == found["times"] == 1.0


def test_what_is_wrong_missing_or_found_where_nothing_is_counts_against_us(reader: stays.Reader) -> None:
    rows = [
        row("from the 3rd of May", ["date_from", "3rd of May", day(2022, 5, 4)]),
        row("what lovely curtains", ["kids", "curtains", 3]),
        row("for two nights"),
    ]
    found = stays.figures(rows, reader)
    assert found["f1"] == 0.0
    assert found["rows_right"] == 0
    assert found["found_without_gold"] == 2


def test_a_day_of_leaving_before_the_day_of_arriving_is_the_next_one(reader: stays.Reader) -> None:
    one = row(
        "arriving on Monday, leaving on Thursday",
        ["date_from", "Monday", day(2022, 3, 21)],
        ["date_to", "Thursday", day(2022, 3, 17)],
    )
    gold, _ = stays.gold_of(one, "en", mended=True)
    assert gold == Counter({("arrive", dt.date(2022, 3, 21)): 1, ("leave", dt.date(2022, 3, 24)): 1})
    as_annotated, _ = stays.gold_of(one, "en", mended=False)
    assert as_annotated["leave", dt.date(2022, 3, 17)] == 1
    found = stays.figures([one], reader)
    assert found["f1"] == 1.0 > found["f1_as_annotated"]


@pytest.mark.parametrize(
    ("words", "nights"),
    [("four night", 4), ("a week", 7), ("13 nights 14 days", 13), ("a weekend", None), ("hours", None)],
)
def test_periods_that_count_nights(words: str, nights: int | None) -> None:
    assert stays.nights_in(words) == nights


def test_input_that_is_no_order_is_as_long_as_its_name_says() -> None:
    for make, small, large in rough.KINDS.values():
        assert 0 < len(make(small)) < len(make(2 * small)) < len(make(large)) < len(make(2 * large))
