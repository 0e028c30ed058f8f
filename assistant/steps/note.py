"""A note for the kitchen or the rider: never asked, read back when there is one."""

from __future__ import annotations

from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act

MOST = 200


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    if act.act != "answer" or act.step != "note":
        return None
    text = " ".join(str(act.value or "").split())[:MOST]
    if not text:
        return Read(flow.with_fact(order, "note", None), (Said("note.gone"),))
    return Read(flow.with_fact(order, "note", text), (Said("note.taken", {"note": text}),))


def _tell(scene: Scene, order: Order) -> Said | None:
    return Said("note.tell", {"note": str(order.facts["note"])}) if "note" in order.facts else None


STEP = Step(
    name="note",
    phase=Phase.DETAILS,
    rank=50,
    applies=lambda scene, order: "note" in order.facts,
    done=lambda scene, order: True,
    ask=lambda scene, order: Said("note.tell", {"note": str(order.facts.get("note", ""))}),
    read=_read,
    tell=_tell,
    WORDS={
        "en": {
            "taken": "Noted: {note}.",
            "tell": "Note: {note}.",
            "gone": "The note is gone.",
            "hear": {
                "note {value}": "answer",
                "note: {value}": "answer",
                "delivery note {value}": "answer",
                "tell the rider {value}": "answer",
                "tell the driver {value}": "answer",
                "tell the kitchen {value}": "answer",
            },
        },
        "zh": {
            "taken": "备注好了：{note}。",
            "tell": "备注：{note}。",
            "gone": "备注去掉了。",
            "hear": {
                "备注{value}": "answer",
                "备注：{value}": "answer",
                "跟骑手说{value}": "answer",
                "告诉骑手{value}": "answer",
            },
        },
        "ko": {
            "taken": "메모했어요: {note}.",
            "tell": "메모: {note}.",
            "gone": "메모를 지웠어요.",
            "hear": {"메모 {value}": "answer", "요청사항 {value}": "answer", "배달 메모 {value}": "answer"},
        },
    },
)
