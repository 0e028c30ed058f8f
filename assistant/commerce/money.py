"""Money is an integer of minor units with a currency: no float, no bare number. Sums are of plain minor units within
one order, which has one currency."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision
from msgspec import Struct


class Money(Struct, frozen=True):
    """An amount in minor units (cents, won) of an ISO 4217 currency."""

    amount: int
    currency: str

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))


def exponent(currency: str) -> int:
    """Digits of the minor unit: 2 for CNY and USD, 0 for KRW and JPY."""
    return get_currency_precision(currency)


def portion(amount: int, rate: Decimal) -> int:
    """`amount` times `rate`, half up to a minor unit (away from zero)."""
    return int((Decimal(amount) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def spread(amount: int, weights: list[int]) -> list[int]:
    """`amount` split in proportion to `weights` by largest remainder; the parts sum to `amount` exactly."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    shares = [amount * weight // whole for weight in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in rest[: amount - sum(shares)]:
        shares[i] += 1
    return shares
