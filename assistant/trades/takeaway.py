"""Food and drink made when ordered: delivered, picked up or eaten here."""

from assistant.trades import Trade

WORDS = {
    "en": {
        "say": {
            "stage.open": "not placed yet",
            "stage.placed": "confirmed",
            "stage.preparing": "being prepared",
            "stage.on_the_way": "on its way",
            "stage.ready": "ready",
            "stage.done": "complete",
            "stage.cancelled": "cancelled",
        }
    },
    "zh": {
        "say": {
            "stage.open": "还没有下单",
            "stage.placed": "已确认",
            "stage.preparing": "正在制作",
            "stage.on_the_way": "正在配送",
            "stage.ready": "已经做好了",
            "stage.done": "已完成",
            "stage.cancelled": "已取消",
        }
    },
    "ko": {
        "say": {
            "stage.open": "아직 접수되지 않았어요",
            "stage.placed": "접수되었어요",
            "stage.preparing": "만드는 중이에요",
            "stage.on_the_way": "배달 중이에요",
            "stage.ready": "준비되었어요",
            "stage.done": "완료되었어요",
            "stage.cancelled": "취소되었어요",
        }
    },
}

TRADE = Trade(
    name="takeaway",
    traits=frozenset({"prepares"}),
    stages={
        "delivery": ("placed", "preparing", "on_the_way", "done"),
        "": ("placed", "preparing", "ready", "done"),
    },
    WORDS=WORDS,
)
