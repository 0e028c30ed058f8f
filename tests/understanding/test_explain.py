"""What a merchant is told about how a sentence was read; and that telling it changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.columns import aligned, width
from assistant.turns import Alias, Hypothesis, LineSaid
from assistant.understanding import Context, Lexicon, understand
from assistant.understanding.explain import Explained, as_json, as_rows, explain
from assistant.understanding.lines import as_row, as_table, in_detail, run_lines
from assistant.understanding.words.aliases import with_aliases
from tests.understanding.support import NOW, lexicon_of


def explained(text: str, lexicon: Lexicon | None = None, **context: Any) -> Explained:
    lexicon = lexicon or lexicon_of("burger-bar")
    return explain((Hypothesis(text),), lexicon, Context(now=NOW, **context))


def why_of(found: Explained) -> dict[str, tuple[list[str], str]]:
    """Words -> (ids that they may mean, why)."""
    return {row.said: ([one.id for one in row.candidates], row.why) for row in found.rows}


def test_what_is_exact_misspelt_a_part_learned_and_unknown() -> None:
    lexicon = with_aliases(lexicon_of("burger-bar"), [Alias("fizzy gold", "en", "item", "sprite")])
    found = why_of(explained("two cheeseburgers, a schprite, a fizzy gold and a glorp", lexicon))
    assert found["cheeseburgers"] == (["cheeseburger"], "exact")
    assert found["schprite"][1] == "spelling: sprite" and found["schprite"][0][0] == "sprite"
    assert found["fizzy gold"][1] == "alias"
    assert found["glorp"] == ([], "nothing is like it")


@pytest.mark.parametrize(
    ("text", "words", "like"),
    [
        ("来两个知识汉堡", "知识", "extras/cheese"),
        ("来一杯可落", "可落", "coke"),
        ("two cheezbrugor", "cheezbrugor", "cheeseburger"),
    ],
)
def test_unknown_words_tell_which_names_they_are_like(text: str, words: str, like: str) -> None:
    found = why_of(explained(text))
    if words in found:  # what is taken for a name by its sound says that instead
        ids, why = found[words]
        assert like in ids and why.startswith(("near", "sound"))


def test_an_answer_says_that_it_was_expected() -> None:
    assert explained("yes", expects="confirm").expected == "confirm"
    assert explained("the second one", expects="choose", choices=(("a coke",), ("a latte",))).expected == "choose"
    assert explained("two cokes", expects="confirm").expected is None


TEXTS = (
    "two chesburgers, no onions",
    "来两个知识汉堡",
    "外送 人民路100号3楼",
    "치즈버그 하나 주세요",
    "yes",
    "",
    "🍔",
    "4111 1111 1111 1111",
    "a " * 3000,
)


@pytest.mark.parametrize("text", TEXTS)
def test_telling_it_changes_nothing(text: str) -> None:
    heard, context = (Hypothesis(text, 0.9),), Context(now=NOW, expects="basket", basket=(LineSaid("coke", 1),))
    lexicon = lexicon_of("burger-bar")
    found = explain(heard, lexicon, context)
    assert found.meaning == understand(heard, lexicon, context)
    assert "4111" not in json.dumps(as_json(found)) + str(list(as_rows(found)))


def test_the_table_stands_straight_in_every_script() -> None:
    for text in TEXTS[:3]:
        lines = list(aligned(list(as_rows(explained(text)))))
        head = lines[0]
        column = width(head[: head.index("score")])
        for line in lines[1:]:
            cells = [(width(line[:at]), letter) for at, letter in enumerate(line)]
            before = [letter for place, letter in cells if place in (column - 1, column - 2)]
            assert set(before) <= {" "}, line


def test_rows_may_be_plain_lines_and_bad_ones_are_answered() -> None:
    written: list[str] = []
    lines = ["a coke", '{"text": "two cokes", "id": 7}', "", "{broken"]
    wrong = run_lines(map(as_row, lines), written.append, lexicon_of("burger-bar"), now=NOW, answer=as_table)
    assert wrong == 1 and "add 1 coke" in written[0] and "add 2 coke" in written[1] and "no JSON object" in written[2]
    written.clear()
    run_lines(lines[1:2], written.append, lexicon_of("burger-bar"), now=NOW, answer=in_detail)
    (row,) = map(json.loads, written)
    assert row["id"] == 7 and row["acts"][0]["act"] == "add"
    assert [one["said"] for one in row["spans"]] == ["two", "cokes"]
    assert row["spans"][1]["candidates"][0] == {
        "kind": "item", "id": "coke", "name": "Coke", "score": 1.0, "why": "exact",
    }  # fmt: skip
