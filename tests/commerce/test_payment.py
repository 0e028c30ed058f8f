"""What an order's attempts and refunds come to."""

from __future__ import annotations

import pytest

from assistant.commerce.payment import Attempt, Payment, Refund, units_left
from tests.commerce.goods import NOON, attempt, item, line, order

TEA = item("tea", 333)


def refund(state: str, amount: int = 333, lines: tuple[tuple[int, int], ...] = ()) -> Refund:
    return Refund(
        id=f"{state}-{amount}",
        order="order",
        attempt="paid-666",
        amount=amount,
        currency="CNY",
        request=b"",
        state=state,
        lines=lines,
        created_at=NOON,
    )


@pytest.mark.parametrize(("state", "left"), [("asked", 1), ("sent", 1), ("unknown", 1), ("done", 1), ("failed", 3)])
def test_a_unit_goes_back_once_and_again_only_where_that_failed(state: str, left: int) -> None:
    payment = Payment((attempt("paid"),), (refund(state, lines=((1, 2),)),))
    assert units_left(order(line(TEA, 3)), payment) == {1: left}


@pytest.mark.parametrize(
    ("attempts", "refunds", "status", "net", "refundable"),
    [
        ((), (), "none", 0, 0),
        ((attempt("sent"),), (), "charging", 0, 0),
        ((attempt("unknown"),), (), "unknown", 0, 0),
        ((attempt("declined"),), (), "due", 0, 0),
        ((attempt("waiting", pays_later=True),), (), "due", 0, 0),
        ((attempt("declined"), attempt("waiting")), (), "charging", 0, 0),
        ((attempt("paid"),), (), "paid", 666, 666),
        ((attempt("paid"),), (refund("asked"),), "paid", 666, 333),
        ((attempt("paid"),), (refund("unknown"),), "paid", 666, 333),
        ((attempt("paid"),), (refund("failed"),), "paid", 666, 666),
        ((attempt("paid"),), (refund("done"),), "partly_refunded", 333, 333),
        ((attempt("paid"),), (refund("done", 666),), "refunded", 0, 0),
        ((attempt("paid"), attempt("paid", 1)), (refund("done", 666),), "partly_refunded", 1, 1),
    ],
)
def test_a_status_follows_from_what_moved(
    attempts: tuple[Attempt, ...], refunds: tuple[Refund, ...], status: str, net: int, refundable: int
) -> None:
    payment = Payment(attempts, refunds)
    assert (payment.status, payment.net, payment.refundable) == (status, net, refundable)
    assert Payment(attempts, refunds, review=True).status == "review"
