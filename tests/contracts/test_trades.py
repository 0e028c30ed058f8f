"""What every trade promises, and what the tables of moves promise."""

from __future__ import annotations

import pytest

from assistant.commerce.moves import check_tables, problems
from assistant.commerce.order import ORDER_ENDS, ORDER_MOVES
from assistant.trades import TRAITS, Trade

from .parts import check_words, fail, file_of, load, names

TRADES = names("trade")


@pytest.mark.parametrize("name", TRADES)
def test_it_is_a_trade_with_known_traits(name: str) -> None:
    trade, file = load("trade", name), file_of("trade", name)
    if not isinstance(trade, Trade):
        fail(file, "TRADE is no Trade")
    if unknown := sorted(trade.traits - TRAITS):
        fail(file, f"traits has {', '.join(unknown)}; there are: {', '.join(sorted(TRAITS))}")


@pytest.mark.parametrize("name", TRADES)
def test_it_names_every_stage_in_every_language(name: str) -> None:
    check_words(file_of("trade", name), load("trade", name).WORDS, [f"stage.{stage}" for stage in ORDER_MOVES])


@pytest.mark.parametrize("name", TRADES)
def test_its_orders_only_make_moves_that_orders_may(name: str) -> None:
    trade, file = load("trade", name), file_of("trade", name)
    if "" not in trade.stages:
        fail(file, 'stages has no ""; write the stages of an order that is fetched, such as ("placed", "done")')
    for way, stages in trade.stages.items():
        if not stages or stages[0] != "placed" or stages[-1] not in ORDER_ENDS:
            fail(file, f"stages['{way}'] must begin with placed and end with done")
        for before, after in zip(("open", *stages), stages, strict=False):
            if after not in ORDER_MOVES.get(before, ()):
                fail(file, f"stages['{way}']: an order can't go from {before} to {after}")


@pytest.mark.parametrize("name", TRADES)
def test_an_order_comes_to_its_end_step_by_step(name: str) -> None:
    trade, file = load("trade", name), file_of("trade", name)
    if "" not in trade.stages:
        fail(file, "stages is not filled in: an order comes to no end")
    for way in (*trade.stages, "some other way", None):
        stage, seen = "placed", ["placed"]
        while (after := trade.next_stage(way, stage)) is not None:
            if after not in ORDER_MOVES[stage]:
                fail(file, f"next_stage({way!r}, '{stage}') is {after}, where an order can't go")
            stage = after
            seen.append(stage)
            assert len(seen) <= len(ORDER_MOVES)
        if stage not in ORDER_ENDS:
            fail(file, f"an order by {way!r} stops at {stage}; it must come to an end")


def test_every_state_is_known_and_reached_and_none_is_a_dead_end() -> None:
    check_tables()


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        ({"open": {"gone"}, "done": set()}, "'gone' is unknown"),
        ({"open": {"done"}, "done": set(), "lost": {"done"}}, "'lost' can't be reached"),
        ({"open": {"done", "stuck"}, "done": set(), "stuck": set()}, "'stuck' is a dead end"),
    ],
    ids=["unknown", "unreachable", "dead end"],
)
def test_a_broken_table_is_named(moves: dict[str, set[str]], said: str) -> None:
    assert problems(moves, "open", ["done"]) == [said]
