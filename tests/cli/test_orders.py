"""The merchant's side: looking at orders, moving them on, paying back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.shops.folders import RULES, write

from .conftest import PAID, TO_THE_YES, Run

Chat = Callable[..., list[dict[str, Any]]]


def placed(chat: Chat) -> dict[str, Any]:
    order: dict[str, Any] = chat(*PAID)[-1]["order"]
    assert order["payment"]["status"] == "paid"
    return order


def test_nothing_was_ordered_yet(voicetill: Run) -> None:
    done = voicetill("orders", "list", "--data", "data", "--json")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_an_empty_list_says_that_it_is_empty_where_a_person_reads_it(voicetill: Run) -> None:
    """On stderr: a pipe gets orders and nothing else."""
    for what, says in (
        (("orders",), "no orders yet in data"),
        (("people",), "nobody has signed in"),
        (("menu", "aliases"), "nothing was learned"),
    ):
        done = voicetill(*what, "list", "--data", "data")
        assert (done.code, done.out) == (0, "") and says in done.err
        assert voicetill(*what, "list", "--data", "data", "--json").err == ""


def test_orders_of_all_shops_are_listed_as_the_chat_showed_them(voicetill: Run, chat: Chat) -> None:
    order = placed(chat)
    chat("one milk", shop="corner-shop", session="other")
    listed = voicetill("orders", "list", "--data", "data", "--json").rows
    assert order in listed and {row["currency"] for row in listed} == {"CNY", "USD"}
    only = voicetill("orders", "list", "--data", "data", "--json", "--shop", "burger-bar").rows
    assert only == [order]
    plain = voicetill("orders", "list", "--data", "data").out
    assert len(plain.splitlines()) == 2 and order["facts"]["number"] in plain and "paid" in plain


def test_a_broken_shop_keeps_nobody_from_the_orders_of_the_others(voicetill: Run, chat: Chat, tmp_path: Path) -> None:
    folder = write(tmp_path / "tea-house")
    chat("one tea", shop=str(folder))
    order = placed(chat)
    (folder / "shop.toml").write_text(RULES.replace('"takeaway"', '"takaway"').replace('"CNY"', '"dollars"'))
    listed = voicetill("orders", "list", "--data", "data", "--json")
    assert (listed.code, listed.rows) == (2, [order])
    (told,) = listed.err.splitlines()
    assert "'tea-house' are left out" in told and "takaway" in told and "menu check" in told
    assert voicetill("orders", "list", "--data", "data", "--shop", str(folder)).code == 2


def test_an_order_is_found_by_number_and_by_id(voicetill: Run, chat: Chat) -> None:
    order = placed(chat)
    for name in (order["facts"]["number"], order["facts"]["number"].lower(), order["id"]):
        assert voicetill("orders", "show", name, "--data", "data", "--json").rows == [order]


def test_an_order_goes_from_stage_to_stage_until_it_is_done(voicetill: Run, chat: Chat) -> None:
    number = placed(chat)["facts"]["number"]
    stages = [voicetill("orders", "advance", number, "--data", "data", "--json").rows[0]["stage"] for _ in range(3)]
    assert stages == ["preparing", "on_the_way", "done"]
    assert number in voicetill("orders", "advance", number, "--data", "data").refused()


def test_cancelling_pays_everything_back(voicetill: Run, chat: Chat) -> None:
    number = placed(chat)["facts"]["number"]
    (order,) = voicetill("orders", "cancel", number, "--data", "data", "--json").rows
    assert (order["stage"], order["payment"]["status"], order["payment"]["net"]) == ("cancelled", "refunded", 0)
    assert number in voicetill("orders", "cancel", number, "--data", "data").refused()


def test_paying_back_lines_then_an_amount_then_the_rest(voicetill: Run, chat: Chat) -> None:
    order = placed(chat)
    number, total = order["facts"]["number"], order["totals"]["total"]
    coke = next(place for place, line in enumerate(order["lines"], 1) if line["item"] == "coke")
    one_coke = order["lines"][coke - 1]["unit_price"]

    def refund(*what: str) -> dict[str, Any]:
        (row,) = voicetill("orders", "refund", number, *what, "--data", "data", "--json").rows
        payment: dict[str, Any] = row["payment"]
        return payment

    assert refund("--lines", f"{coke}x1")["net"] == total - one_coke
    assert refund("--amount", "100")["net"] == total - one_coke - 100
    assert "99" in voicetill("orders", "refund", number, "--lines", "99", "--data", "data").refused()
    assert (
        str(total * 2) in voicetill("orders", "refund", number, "--amount", str(total * 2), "--data", "data").refused()
    )
    assert refund()["status"] == "refunded"
    assert number in voicetill("orders", "refund", number, "--data", "data").refused()


def test_looking_and_advancing_ask_no_payment_service(voicetill: Run, chat: Chat, tmp_path: Path) -> None:
    chat(*PAID, VOICETILL_SANDBOX="needs_buyer")
    ledger = tmp_path / "data" / "sandbox.db"
    before = ledger.read_bytes()
    (order,) = voicetill("orders", "list", "--data", "data", "--json").rows
    voicetill("orders", "show", order["id"], "--data", "data")
    assert ledger.read_bytes() == before
    assert voicetill("orders", "advance", order["id"], "--data", "data").code == 2, "it isn't placed yet"


@pytest.mark.long  # the command waits its whole 15 seconds
def test_a_refund_without_an_answer_is_a_far_ends_failure(voicetill: Run, chat: Chat) -> None:
    number = placed(chat)["facts"]["number"]
    done = voicetill("orders", "refund", number, "--data", "data", "--json", VOICETILL_SANDBOX="unknown")
    assert done.code == 3 and "not answered" in done.err and len(done.err.splitlines()) == 1
    assert "serve` or `chat` asks it again" in done.err, "orders show asks nobody"
    assert json.loads(done.out)["payment"]["net"] == json.loads(done.out)["totals"]["total"]
    chat("hello")
    (order,) = voicetill("orders", "show", number, "--data", "data", "--json").rows
    assert order["payment"]["status"] == "refunded", "the next talk over this data folder brought it to its end"


def test_the_doctor_finds_a_sound_house_and_a_broken_one(voicetill: Run, chat: Chat, tmp_path: Path) -> None:
    chat(*TO_THE_YES)
    well = voicetill("doctor", "--data", "data")
    assert well.code == 0, well.out
    for part in ("python", "data folder", "database", "shop", "clock", "payment", "languages"):
        assert part in well.out
    assert "no money moves" in well.out
    file = tmp_path / "data" / "sandbox.db"
    sqlite3.connect(file).close()
    file.write_bytes(b"not a database at all" * 500)
    ill = voicetill("doctor", "--data", "data", "--json")
    assert ill.code == 1
    assert [row["text"] for row in ill.rows if row["state"] == "wrong" and "sandbox.db" in row["text"]]
