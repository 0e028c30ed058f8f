"""A few words on a card that goes with what is sent: asked once, before the read-back."""

from __future__ import annotations

from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act

MOST = 120
NONE = ""
"""Asked and not wanted: so that it isn't asked again."""


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    if act.act != "answer" or act.step != "gift_note":
        if act.act == "deny" and flow.step_now(scene, order) is STEP:
            return Read(flow.with_fact(order, "gift_note", NONE), (Said("gift_note.without"),))
        return None
    note = " ".join(str(act.value or "").split())[:MOST]
    if not note:
        return Read(flow.with_fact(order, "gift_note", NONE), (Said("gift_note.without"),))
    return Read(flow.with_fact(order, "gift_note", note), (Said("gift_note.taken", {"note": note}),))


def _tell(scene: Scene, order: Order) -> Said | None:
    note = order.facts.get("gift_note")
    return Said("gift_note.tell", {"note": str(note)}) if note else None


STEP = Step(
    name="gift_note",
    phase=Phase.DETAILS,
    rank=55,
    applies=lambda scene, order: "ships" in flow.trade_of(scene).traits,
    done=lambda scene, order: "gift_note" in order.facts,
    ask=lambda scene, order: Said("gift_note.which"),
    read=_read,
    tell=_tell,
    WORDS={
        "en": {
            "which": "What shall the gift card say? Say no for none.",
            "taken": "The card says “{note}”.",
            "without": "No card.",
            "tell": "With a card: “{note}”.",
            "hear": {"gift note {value}": "answer", "the card says {value}": "answer"},
        },
        "zh": {
            "which": "贺卡上写什么？不要请说“不要”。",
            "taken": "贺卡写“{note}”。",
            "without": "不附贺卡。",
            "tell": "附贺卡：“{note}”。",
            "hear": {"贺卡写{value}": "answer"},
        },
        "ko": {
            "which": "카드에 뭐라고 쓸까요? 필요 없으면 아니요라고 해 주세요.",
            "taken": "카드에 “{note}”라고 쓸게요.",
            "without": "카드는 넣지 않을게요.",
            "tell": "카드: “{note}”.",
            "hear": {"카드에 {value}": "answer"},
        },
        "pt": {
            "which": "O que escrevemos no cartão? Diga não para nenhum.",
            "taken": "O cartão diz “{note}”.",
            "without": "Sem cartão.",
            "tell": "Com um cartão: “{note}”.",
            "hear": {"no cartão escreva {value}": "answer"},
        },
    },
)
