"""Goods from a shelf: sent to the buyer or collected."""

from assistant.trades import Trade

WORDS = {
    "en": {
        "say": {
            "stage.open": "not placed yet",
            "stage.placed": "confirmed",
            "stage.preparing": "being packed",
            "stage.on_the_way": "on its way",
            "stage.ready": "ready to collect",
            "stage.done": "complete",
            "stage.cancelled": "cancelled",
        }
    },
    "zh": {
        "say": {
            "stage.open": "还没有下单",
            "stage.placed": "已确认",
            "stage.preparing": "正在打包",
            "stage.on_the_way": "已发货，正在路上",
            "stage.ready": "可以取货了",
            "stage.done": "已完成",
            "stage.cancelled": "已取消",
        }
    },
    "ko": {
        "say": {
            "stage.open": "아직 접수되지 않았어요",
            "stage.placed": "접수되었어요",
            "stage.preparing": "포장 중이에요",
            "stage.on_the_way": "배송 중이에요",
            "stage.ready": "찾아가실 수 있어요",
            "stage.done": "완료되었어요",
            "stage.cancelled": "취소되었어요",
        }
    },
}

TRADE = Trade(
    name="shop",
    traits=frozenset({"ships"}),
    stages={
        "delivery": ("placed", "preparing", "on_the_way", "done"),
        "": ("placed", "preparing", "ready", "done"),
    },
    WORDS=WORDS,
)
