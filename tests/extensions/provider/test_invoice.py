"""An order on an invoice, by a provider that is one file: it is placed, and nothing is collected now."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SHOP = str(HERE.parent / "shops" / "flower-shop")
LANGUAGE = "en"
TALK = [
    ("a bouquet of roses", "A bouquet of roses"),
    ("checkout", "How would you like it"),
    ("pickup", "What name"),
    ("Ana", "gift card"),
    ("no", "How would you like to pay: card or invoice?"),
    ("invoice", "€24.50 by invoice in all. Shall I place the order?"),
    ("yes", "The invoice for €24.50 comes by post."),
    ("where is my order", "€24.50 is to be paid by invoice."),
]
"""(what is said, words that must be in the answer), a pair for each turn."""
END = {"stage": "placed", "status": "due", "method": "invoice", "charges": 0, "net": 0}
"""What the order and its payment are at the end."""


TOO_MUCH = [
    ("ten bouquets of roses", "Ten bouquet"),
    ("checkout", "How would you like it"),
    ("pickup", "What name"),
    ("Ana", "gift card"),
    ("no", "How would you like to pay: card?"),
    ("invoice", "We don't take that. You can pay by card."),
    ("card", "Shall I place the order?"),
    ("make it two bouquets of roses", "€49.00 by card in all."),
    ("invoice", "€49.00 by invoice in all."),
    ("make it nine bouquets of roses", "How would you like to pay: card?"),
]
"""Above what the shop lends, it is neither offered nor taken, and what was chosen before no longer counts."""


@pytest.mark.parametrize(("talk", "end"), [(TALK, END), (TOO_MUCH, {"stage": "open", "status": "none"})])
def test_a_talk_with_it(talk: list[tuple[str, str]], end: dict[str, Any], tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "chat", "--json"]
    env = {key: one for key, one in os.environ.items() if not key.startswith("VOICETILL_")}
    env |= {
        "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "VOICETILL_EXTENSIONS": str(HERE.parent),
        "VOICETILL_NOW": "2026-11-23T10:00",
    }
    ran = subprocess.run(
        [*command, "--shop", SHOP, "--lang", LANGUAGE, "--data", str(tmp_path)],
        input="".join(f"{said}\n" for said, _answer in talk),
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    for (said, wanted), row in zip(talk, rows, strict=True):
        assert wanted in row["text"], f"{said!r} was answered with {row['text']!r}"
    order = rows[-1]["order"]
    assert (order | order["payment"] | order["facts"]).items() >= end.items()
