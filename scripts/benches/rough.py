"""Input that is no order, at a size and at twice the size: `python -m scripts.benches.rough`. Prints one JSON object.

Time must grow no faster than the input, and nothing may be ordered by it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from assistant.interpreter import lexicon_of
from assistant.shops import load_shop
from assistant.turns import Hypothesis
from assistant.understanding import Context, understand
from scripts.benches.figures import micros
from scripts.benches.understanding import NOON

ORDERS = frozenset({"add", "remove", "change", "buy_now"})
ROUNDS = 3


def _words(count: int) -> str:
    return " ".join(f"{'word' if i % 2 else 'gizmo'}{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}" for i in range(count))


def _numbers(count: int) -> str:
    return " ".join(str(i * 37 % 997) for i in range(count))


def _scripts(count: int) -> str:
    return "".join(("burger ", "汉堡", "버거 ", "бургер ", "ไก่ ", "٣ ")[i * 7 % 6] for i in range(count))


def _invisible(count: int) -> str:
    return "\u200b\u200d\ufeff".join("grumble and so on"[i % 17] for i in range(count))


def _repeated(count: int) -> str:
    return "cola " * count


KINDS: dict[str, tuple[Callable[[int], str], int, int]] = {
    "words that mean nothing": (_words, 700, 7_000),
    "numbers": (_numbers, 900, 5_000),
    "mixed scripts": (_scripts, 900, 12_000),
    "zero-width characters": (_invisible, 2_000, 16_000),
    "one word repeated": (_repeated, 900, 10_000),
}
"""What is made, how much of it is still read, and how much is beyond what is read at all; twice that is said, too."""


def main() -> None:
    shop, catalogue = load_shop("burger-bar")
    lexicon, context = lexicon_of(shop, catalogue), Context(now=NOON)
    found = {}
    for name, (make, *sizes) in KINDS.items():
        for size in sizes:
            said = [(Hypothesis(make(size * times)),) for times in (1, 2)]
            took = [[], []]  # type: list[list[float]]
            orders = 0
            for _ in range(ROUNDS):
                for place, one in enumerate(said):
                    began = time.perf_counter()
                    meaning = understand(one, lexicon, context, "en")
                    took[place].append(time.perf_counter() - began)
                    orders += any(act.act in ORDERS for act in meaning.acts)
            once, twice = (min(one) for one in took)
            found[f"{name}, {len(said[1][0].text.encode()) / 1000:,.0f} kB"] = {
                "once_us": micros(once),
                "twice_us": micros(twice),
                "ratio": round(twice / once, 2),
                "orders": orders,
            }
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
