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
                "(leave|put|drop) (it|them|everything|the food|my order) [off] (at|by|outside|in front of|on) "
                "[the|my] (door|front door|doorstep|porch|reception|gate)": "answer",
                "leave it outside": "answer",
                "[don't|do not] ring the [door] bell": "answer",
                "[don't|do not] ring the doorbell": "answer",
                "knock on the door": "answer",
                "(no|without) (cutlery|napkins)": "answer",
                "call [me] when you (arrive|get here|are here|are outside)": "answer",
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
                "(放|放在|放到|搁|搁在)(门口|家门口|前台|门外|楼下)[就行|就好|就可以|吧]": "answer",
                "(别|不要|请勿|不用)按门铃": "answer",
                "(不要|不用|不需要)(餐具|筷子|纸巾)": "answer",
                "到了(打电话|给我打电话|打我电话)": "answer",
            },
        },
        "ko": {
            "taken": "메모했어요: {note}.",
            "tell": "메모: {note}.",
            "gone": "메모를 지웠어요.",
            "hear": {
                "메모 {value}": "answer",
                "요청사항 {value}": "answer",
                "배달 메모 {value}": "answer",
                "(문|현관|집) 앞에 (놔|두고|놓고|놓아|둬) [주세요|가세요|줘]": "answer",
                "(벨|초인종)[을] 누르지 (마세요|말아 주세요)": "answer",
                "(수저|젓가락|냅킨)[은] (빼|안) [주세요|주셔도 돼요]": "answer",
                "도착하면 전화[해] 주세요": "answer",
            },
        },
    },
)
