"""`voicetill understand`: JSON lines in, JSON lines out, in order."""

from __future__ import annotations

import json
from typing import Any

from assistant.understanding.lines import run_lines
from tests.understanding.support import NOW, lexicon_of


def answers(*rows: Any, **settings: Any) -> list[dict[str, Any]]:
    written: list[str] = []
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    run_lines(lines, written.append, lexicon_of("burger-bar"), now=NOW, **settings)
    return [json.loads(row) for row in written]


def test_a_row_says_all_that_was_understood() -> None:
    (row,) = answers({"id": "7", "text": "two cheeseburgers without onions and a plate of oysters"}, language="en")
    assert row == {
        "id": "7",
        "text": "two cheeseburgers without onions and a plate of oysters",
        "lang": "en",
        "acts": [
            {
                "act": "add",
                "lines": [
                    {
                        "item": "cheeseburger",
                        "quantity": 2,
                        "options": [{"option": "extras", "choice": "onion", "amount": "no"}],
                    }
                ],
            }
        ],
        "ask": [],
        "leftover": ["oysters"],
        "confidence": 1.0,
    }


def test_the_language_is_found_for_each_row() -> None:
    rows = answers(
        {"id": 1, "text": "two cokes"}, {"id": 2, "text": "来两杯可乐"}, {"id": 3, "text": "콜라 두 잔 주세요"}
    )
    assert [row["lang"] for row in rows] == ["en", "zh", "ko"]
    assert len({json.dumps(row["acts"]) for row in rows}) == 1


def test_expected_step_and_basket_come_with_the_row() -> None:
    rows = answers(
        {"id": 1, "text": "7", "expects": "time"},
        {"id": 2, "text": "make the coke two", "context": {"basket": [{"item": "coke", "quantity": 1}]}},
        {"id": 3, "text": "Rose Court 3"},
        expects="address",
    )
    assert rows[0]["acts"] == [{"act": "give_time", "value": "19:00"}]
    assert rows[1]["acts"][0]["act"] == "change"
    assert rows[2]["acts"] == [{"act": "give_address", "value": "Rose Court 3"}]


def test_a_doubt_has_its_candidates() -> None:
    (row,) = answers({"id": 1, "text": "a burger please"}, language="en")
    assert row["acts"] == []
    assert row["ask"][0]["heard"] == "burger"
    assert row["ask"][0]["candidates"][0]["lines"][0]["quantity"] == 1


def test_a_row_that_is_no_json_is_answered_with_what_is_wrong() -> None:
    rows = answers("nonsense", {"id": 2, "text": "a coke"})
    assert "JSON object" in rows[0]["error"]
    assert rows[1]["acts"][0]["act"] == "add"


def test_a_row_with_alternatives_was_heard_also_where_there_are_none() -> None:
    typed, spoken = answers({"text": "来两份薯雕"}, {"text": "来两份薯雕", "alternatives": []})
    assert (typed["acts"], [one["heard"] for one in typed["ask"]]) == ([], ["薯雕"])
    assert [line["item"] for act in spoken["acts"] for line in act["lines"]] == ["fries"] and spoken["ask"] == []
