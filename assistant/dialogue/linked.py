"""One talk on several devices: going on elsewhere, a code that was given, leaving. Pure.

Codes are made and looked up by the app; what became of one comes as `{"result": …}`, in the talk that it led to.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from assistant.commerce.catalogue import Names
from assistant.dialogue import aftercare, asking, contents, flow
from assistant.dialogue.draft import Draft
from assistant.dialogue.say import Count, Digits, Joined, Named
from assistant.dialogue.state import Asked
from assistant.steps import Phase, Said
from assistant.turns import Act

CODE = "code"
"""What is expected where a code was asked for; no step of a checkout."""
MINUTES = 5
WRONG = frozenset({"wrong", "old", "used"})


def elsewhere(draft: Draft, act: Act) -> None:
    if isinstance(act.value, Mapping):
        _came_to(draft, str(act.value.get("result")))
    elif act.value == "ask":
        _ask(draft)
    elif act.value == "back" and draft.scene.places:
        draft.say("elsewhere_open", places=Joined(tuple(map(_place, draft.scene.places))))
    elif draft.scene.code:
        draft.say("elsewhere", code=Digits(draft.scene.code), minutes=Count(MINUTES, "minute"))
        draft.whole = True
    else:
        draft.say("elsewhere_not")


def _place(names: Names) -> Named | Said:
    return Named(names) if names else Said("another_device")


def _ask(draft: Draft) -> None:
    draft.question, draft.asked = Said("code_which"), Asked(step=CODE)
    draft.answered = True


def _came_to(draft: Draft, result: str) -> None:
    """Says what became of a code; who has just come to a talk hears where it stands, and what was read back anew."""
    if result == "joined":
        draft.say("joined")
        draft.session = replace(draft.session, read_back=None)
        _stands(draft)
    elif result == "left":
        draft.say("left")
        draft.question, draft.asked = Said("basket.what"), Asked(step="basket")
    elif draft.voice.has(f"code.{result}"):
        draft.say(f"code.{result}")
        if result in WRONG:
            _ask(draft)


def _stands(draft: Draft) -> None:
    order = draft.order
    if order is not None and order.stage == "open" and draft.payment.live is not None:
        aftercare.tell_payment(draft)
    elif order is not None and order.stage not in ("open", "cancelled"):
        aftercare.tell_stage(draft, order, draft.payment)
    elif order is None or order.stage == "cancelled" or not order.lines:
        draft.question, draft.asked = Said("basket.what"), Asked(step="basket")
    else:
        step = flow.step_now(draft.scene, order)
        if step is None or step.phase < Phase.CONFIRM:
            contents.show(draft)
        asking.ask_again(draft)
