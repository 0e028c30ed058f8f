"""A small shop on disk, to be spoiled by the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RULES = """
name = "Tea House"
trade = "takeaway"
currency = "CNY"
time_zone = "Asia/Shanghai"
languages = ["en"]

[hours]
monday = ["10:00-22:00"]

[tax]
rate = "0.06"

[fulfilment.pickup]
needs = ["name"]

[payment]
methods = ["card", "cash"]

[categories]
drinks = {en = "drinks"}
"""
TEA: dict[str, Any] = {
    "id": "tea",
    "names": {"en": ["tea", "green tea"]},
    "category": "drinks",
    "price": 800,
    "stock": None,
    "options": [
        {
            "id": "size",
            "names": {"en": ["size"]},
            "choose": "one",
            "required": True,
            "default": "small",
            "choices": [
                {"id": "small", "names": {"en": ["small"]}, "price": 0},
                {"id": "large", "names": {"en": ["large"]}, "price": 200},
            ],
        },
        {
            "id": "extras",
            "names": {"en": ["extras"]},
            "choose": "many",
            "amounts": ["no", "normal"],
            "choices": [{"id": "lemon", "names": {"en": ["lemon"]}, "price": 50}],
        },
    ],
}
CAKE: dict[str, Any] = {"id": "cake", "names": {"en": ["walnut cake"]}, "category": "drinks", "price": 1200}


def write(folder: Path, rules: str = RULES, items: Any = None, csv: str | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "shop.toml").write_text(rules, encoding="utf-8")
    if csv is not None:
        (folder / "catalogue.csv").write_text(csv, encoding="utf-8")
    else:
        (folder / "catalogue.json").write_text(json.dumps([TEA, CAKE] if items is None else items), encoding="utf-8")
    return folder
