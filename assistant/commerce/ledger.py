"""The ledger: every movement of money as balanced double entries, and the check of one against the other. Pure.

An entry is positive for what an account receives. A paid attempt is owed to us by its gateway and is a sale; a done
refund goes back through the same gateway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assistant.commerce.payment import Attempt, Entry, Payment, Refund


def paid(attempt: Attempt) -> tuple[Entry, ...]:
    """The entries of an attempt that was captured."""
    ref = f"attempt:{attempt.id}:paid"
    return (
        Entry(ref, f"gateway:{attempt.provider}", attempt.amount, attempt.currency),
        Entry(ref, "sales", -attempt.amount, attempt.currency),
    )


def refunded(refund: Refund, attempt: Attempt) -> tuple[Entry, ...]:
    """The entries of a refund that was done; `attempt` is the one that it pays back."""
    ref = f"refund:{refund.id}:done"
    return (
        Entry(ref, f"gateway:{attempt.provider}", -refund.amount, refund.currency),
        Entry(ref, "refunds", refund.amount, refund.currency),
    )


def unbalanced(entries: Iterable[Entry]) -> list[str]:
    """The refs whose legs do not sum to zero in every currency; empty for a sound ledger."""
    sums: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        sums[entry.ref, entry.currency] += entry.amount
    return sorted({ref for (ref, _), total in sums.items() if total})


def mismatches(payment: Payment, entries: Iterable[Entry]) -> list[str]:
    """What an order's ledger and its attempts and refunds say differently, one sentence each; empty when they agree."""
    attempts = {one.id: one for one in payment.attempts}
    due = [entry for one in payment.attempts if one.state == "paid" for entry in paid(one)]
    due += [entry for one in payment.refunds if one.state == "done" for entry in refunded(one, attempts[one.attempt])]
    booked = list(entries)
    return (
        [
            f"{entry.ref} {entry.account} {entry.amount} {entry.currency} is not in the ledger"
            for entry in due
            if entry not in booked
        ]
        + [
            f"{entry.ref} {entry.account} {entry.amount} {entry.currency} is in the ledger and should not be"
            for entry in booked
            if entry not in due
        ]
        + [f"{ref} is not balanced" for ref in unbalanced(booked)]
    )
