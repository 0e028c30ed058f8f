"""A gift card's words, a step that is one file: asked before the read-back, told in it, covered by the yes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SHOP = str(HERE.parent / "shops" / "flower-shop")
LANGUAGE = "en"
TALK = [
    ("a vase and two sunflowers", "A vase and two sunflowers"),
    ("checkout", "How would you like it"),
    ("delivery to 12 High Street", "What name"),
    ("Ana", "What shall the gift card say?"),
    ("get well soon", "How would you like to pay"),
    ("card", "With a card: “get well soon”."),
    ("gift note happy birthday grandma", "The card says “happy birthday grandma”."),
    ("yes", "Your order A1 is placed."),
]
"""(what is said, words that must be in the answer), a pair for each turn."""
END = {"stage": "placed", "status": "paid", "gift_note": "happy birthday grandma", "net": 2190}
"""What the order and its payment are at the end."""


def test_a_talk_with_it(tmp_path: Path) -> None:
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
        input="".join(f"{said}\n" for said, _answer in TALK),
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    for (said, wanted), row in zip(TALK, rows, strict=True):
        assert wanted in row["text"], f"{said!r} was answered with {row['text']!r}"
    order = rows[-1]["order"]
    assert (order | order["payment"] | order["facts"]).items() >= END.items()
