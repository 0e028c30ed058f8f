"""An order in Portuguese, a language that is one file, from the greeting to the payment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SHOP = str(HERE.parent / "shops" / "flower-shop")
LANGUAGE = "pt"
TALK = [
    ("queria dois ramos de rosas e um girassol", "Dois ramos de rosas e um girassol. Mais alguma coisa?"),
    ("mais dezassete girassóis, por favor", "girassóis"),
    ("desfazer", "Desfeito. Tem dois ramos de rosas e um girassol."),
    ("é tudo", "Como a quer receber: entrega ou levantar na loja?"),
    ("levantar na loja", "O seu nome?"),
    ("chamo-me Ana", "O que escrevemos no cartão?"),
    ("não", "Como quer pagar: cartão ou fatura?"),
    ("cartão", "Posso fazer a encomenda?"),
    ("não", "O que quer mudar?"),
    ("fechar a conta", "por cartão. Posso fazer a encomenda?"),
    ("sim, por favor", "Pago, obrigado. A sua encomenda A1 está feita."),
]
"""(what is said, words that must be in the answer), a pair for each turn."""
END = {"stage": "placed", "status": "paid", "charges": 1, "net": 5220}
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
