"""The talks that are cut off, turn by turn."""

from __future__ import annotations

from msgspec.structs import replace

from assistant.turns import Act
from tests.app.talk import TO_READ_BACK, YES

SESSION = "s"
_CASH = tuple(replace(one, value="cash") if one.act == "choose_method" else one for one in TO_READ_BACK)

TALKS: dict[str, tuple[Act, ...]] = {
    "pay": (*TO_READ_BACK, YES),
    "pay at the door": (*_CASH, YES),
    "pay and cancel": (*TO_READ_BACK, YES, Act("cancel"), YES),
    "cancel while it waits": (*TO_READ_BACK, YES, Act("cancel")),
}
PAYS = len(TO_READ_BACK)
"""The turn that says yes."""


def turn_id(number: int) -> str:
    return f"turn-{number}"
