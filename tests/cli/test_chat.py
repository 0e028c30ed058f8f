"""Talking through a pipe: what goes in, what comes out, and what bad input gets."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from .conftest import PAID, TO_THE_YES, Run

Chat = Callable[..., list[dict[str, Any]]]


def test_each_reply_is_one_line_with_exactly_these_keys(chat: Chat) -> None:
    first, *_, last = chat("hello", *PAID)
    assert first["order"] is None
    for row in (first, last):
        assert list(row) == ["turn", "speech", "text", "choices", "expects", "listening", "views", "order"]
        assert row["speech"] and row["text"]
    order = last["order"]
    assert set(order) == {"id", "stage", "lines", "totals", "currency", "facts", "payment"}
    assert set(order["totals"]) == {"subtotal", "discount", "fulfilment", "fee", "tax", "tax_included", "total"}
    assert set(order["payment"]) == {"method", "status", "link", "charges", "refunds", "net"}
    assert all({"item", "name", "quantity", "options", "unit_price", "total"} <= set(line) for line in order["lines"])


def test_an_order_from_the_first_word_to_paid(chat: Chat) -> None:
    rows = chat(*PAID)
    assert len(rows) == len(PAID) and len({row["turn"] for row in rows}) == len(PAID)
    order = rows[-1]["order"]
    assert (order["stage"], order["payment"]["status"], order["payment"]["charges"]) == ("placed", "paid", 1)
    assert sorted((line["item"], line["quantity"]) for line in order["lines"]) == [
        ("cheeseburger", 1),
        ("cheeseburger", 1),
        ("coke", 2),
    ]
    totals = order["totals"]
    assert totals["subtotal"] == sum(line["total"] for line in order["lines"])
    tax = 0 if totals["tax_included"] else totals["tax"]
    assert totals["total"] == totals["subtotal"] - totals["discount"] + totals["fulfilment"] + totals["fee"] + tax
    assert order["payment"]["net"] == totals["total"]


def test_words_and_json_say_the_same(voicetill: Run) -> None:
    plain = voicetill("chat", "--data", "a", "--lang", "en", said=list(PAID[:3]))
    rows = voicetill("chat", "--data", "b", "--lang", "en", "--json", said=list(PAID[:3])).rows
    assert plain.code == 0 and "\x1b" not in plain.out
    for row in rows:
        assert row["text"] in plain.out
        for number, choice in enumerate(row["choices"], 1):
            assert f"{number}. {choice}" in plain.out


def test_a_session_is_named_and_goes_on_later(voicetill: Run) -> None:
    begun = voicetill("chat", "--data", "data", "--json", said=["two cheeseburgers"])
    named = re.findall(r"[0-9a-f]{16,}", begun.err)
    assert len(named) >= 2 and len(set(named)) == 1, "said at start and end"
    again = voicetill("chat", "--data", "data", "--json", "--session", named[0], said=["a coke"])
    assert [line["item"] for line in again.rows[-1]["order"]["lines"]] == ["cheeseburger", "coke"]
    other = voicetill("chat", "--data", "data", "--json", said=["a coke"])
    assert [line["item"] for line in other.rows[-1]["order"]["lines"]] == ["coke"], "nobody shares a session"


def test_a_number_takes_the_choice_on_offer(chat: Chat) -> None:
    asked = next(row for row in chat(*TO_THE_YES) if row["expects"] == "fulfilment" and row["choices"])
    picked = chat(*TO_THE_YES[:3], "2", session="other")[-1]
    assert picked["order"]["facts"].get("fulfilment"), asked["choices"]


STRANGE = (
    b"",
    b"   ",
    b"a" * 1_000_000,
    b"burger " * 150_000,
    b"7 " * 500_000,
    bytes(set(range(256)) - {10}) * 40,
    b"\x00" * 3,
    b"\xff\xfe\xfd",
    "🍔🥤🎉".encode(),
    "🍔".encode(),
    "أريد برغر من فضلك".encode(),
    "\u202eregrub\u202c".encode(),
    "\u200b\u200b".encode(),
    b"\x1b[2J\x1b]0;x\x07",
    b"';DROP TABLE orders;--",
    b'{"act": "confirm"}',
    b"%s%n{0}{speech}",
)


def test_strange_input_gets_a_helpful_reply(voicetill: Run) -> None:
    said = b"\n".join(STRANGE)
    done = voicetill("chat", "--data", "data", "--json", said=said)
    assert done.code == 0 and "Traceback" not in done.err
    assert len(done.rows) == len(STRANGE)
    for line, row in zip(STRANGE, done.rows, strict=True):
        assert len(row["text"].strip()) > 10 and row["listening"] and row["order"] is None, (line[:60], row)
    plain = voicetill("chat", "--data", "data", said=said)
    assert plain.code == 0 and "Traceback" not in plain.err
    assert len(plain.out.splitlines()) >= len(STRANGE)
    assert "\x1b" not in plain.out and "\u202e" not in plain.out and "\x00" not in plain.out


def test_nothing_said_at_all(voicetill: Run) -> None:
    done = voicetill("chat", "--data", "data", "--json")
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize(
    "said", ["0 cheeseburgers", "-1 cheeseburgers", "18000 cheeseburgers", "a million cheeseburgers"]
)
def test_an_impossible_quantity_is_answered_and_not_taken(chat: Chat, said: str) -> None:
    (row,) = chat(said)
    assert row["text"] and row["listening"]
    assert not (row["order"] and row["order"]["lines"])


def test_line_ends_of_other_systems(voicetill: Run) -> None:
    rows = voicetill("chat", "--data", "data", "--json", said=b"\xef\xbb\xbftwo cheeseburgers\r\na coke").rows
    assert [(line["item"], line["quantity"]) for line in rows[-1]["order"]["lines"]] == [
        ("cheeseburger", 2),
        ("coke", 1),
    ]


def test_card_numbers_are_not_kept_anywhere(chat: Chat, tmp_path: Path) -> None:
    rows = chat("two cheeseburgers", "my card is 4111 1111 1111 1111")
    assert "4111" not in rows[-1]["text"]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"4111 1111" not in kept and b"4111111111111111" not in kept


def test_the_end_of_input_waits_for_the_payment(chat: Chat) -> None:
    last = chat(*PAID, VOICETILL_SANDBOX_DELAY="1.5")[-1]
    assert last["order"]["payment"]["status"] == "paid"


@pytest.mark.parametrize("trouble", ["lose_request", "lose_reply", "late:1"])
def test_a_troubled_payment_is_one_charge_in_the_end(chat: Chat, trouble: str) -> None:
    chat(*PAID, VOICETILL_SANDBOX=trouble)
    last = chat("what about my order", VOICETILL_SANDBOX=trouble)[-1]
    for _ in range(3):
        if last["order"]["payment"]["status"] == "paid":
            break
        last = chat("what about my order", VOICETILL_SANDBOX=trouble)[-1]
    assert (last["order"]["payment"]["status"], last["order"]["payment"]["charges"]) == ("paid", 1)


def test_a_payment_that_needs_its_buyer(chat: Chat, voicetill: Run) -> None:
    waiting = chat(*PAID, VOICETILL_SANDBOX="needs_buyer")[-1]
    link = waiting["order"]["payment"]["link"]
    assert waiting["order"]["payment"]["charges"] == 0 and link
    assert link not in waiting["speech"] and link not in waiting["text"]
    approved = voicetill("sandbox", "approve", link, "--data", "data")
    assert approved.code == 0 and "paid" in approved.out
    assert "paid" in voicetill("sandbox", "approve", link, "--data", "data").refused()
    rows = chat("is it paid?", VOICETILL_SANDBOX="needs_buyer")
    order = rows[-1]["order"]
    assert (order["stage"], order["payment"]["status"], order["payment"]["charges"]) == ("placed", "paid", 1)


def test_a_link_is_shown_with_its_code(voicetill: Run) -> None:
    done = voicetill("chat", "--data", "data", "--lang", "en", said=list(PAID), VOICETILL_SANDBOX="needs_buyer")
    assert "http" in done.out and "█▀" in done.out


def test_two_at_once_over_one_data_folder(chat: Chat) -> None:
    with ThreadPoolExecutor(2) as both:
        talks = list(both.map(lambda session: chat(*PAID, session=session), ["one", "two"]))
    orders = [rows[-1]["order"] for rows in talks]
    assert [order["payment"]["charges"] for order in orders] == [1, 1]
    assert len({order["facts"]["number"] for order in orders}) == 2


def test_a_shop_with_mistakes_opens_nowhere(voicetill: Run, tmp_path: Path) -> None:
    shop = tmp_path / "bad-shop"
    shop.mkdir()
    (shop / "shop.toml").write_text('name = "Bad"\ntrade = "takeaway"\ncurrencyy = "CNY"\n')
    (shop / "catalogue.json").write_text('[{"id": "tea", "names": {"en": ["tea"]}, "category": "drinks", "price": -5}]')
    checked = voicetill("menu", "check", "bad-shop")
    assert (
        checked.code == 1
        and "catalogue.json" in checked.out
        and "shop.toml" in checked.out
        and "currency" in checked.out
    )
    for command in (["chat"], ["understand"]):
        done = voicetill(*command, "--shop", "bad-shop", said=["tea"])
        assert (done.code, done.out) == (2, "")
        assert len(done.err.splitlines()) >= 2 and all(line.startswith("voicetill: ") for line in done.err.splitlines())


@pytest.mark.parametrize("shop", ["burger-bar", "corner-shop", "lake-hotel"])
def test_the_demo_shops_have_no_mistakes(voicetill: Run, shop: str) -> None:
    done = voicetill("menu", "check", shop)
    assert done.code == 0, done.out


def test_without_a_command_it_is_a_chat(voicetill: Run) -> None:
    said = voicetill("--shop", "corner-shop", "--lang", "en", said=["two milks"])
    assert said.code == 0 and "milk" in said.out.lower()
    assert "--lnag" in voicetill("--lnag", "en").err


def test_whoever_types_is_not_told_to_type(voicetill: Run) -> None:
    for language, way in (("en", "from the menu by number"), ("zh", "按编号选"), ("ko", "번호로")):
        last = voicetill("chat", "--lang", language, said=["zork", "fnord", "qqq"]).out.splitlines()[-1]
        assert way in last and not any(word in last for word in ("type", "打字", "글로"))
