"""Rooms by the night."""

from assistant.trades import Trade

WORDS = {
    "en": {
        "say": {
            "stage.open": "not booked yet",
            "stage.placed": "booked",
            "stage.preparing": "checked in",
            "stage.on_the_way": "checked in",
            "stage.ready": "checked in",
            "stage.done": "checked out",
            "stage.cancelled": "cancelled",
        }
    },
    "zh": {
        "say": {
            "stage.open": "还没有预订",
            "stage.placed": "已预订",
            "stage.preparing": "已入住",
            "stage.on_the_way": "已入住",
            "stage.ready": "已入住",
            "stage.done": "已退房",
            "stage.cancelled": "已取消",
        }
    },
    "ko": {
        "say": {
            "stage.open": "아직 예약되지 않았어요",
            "stage.placed": "예약되었어요",
            "stage.preparing": "체크인되었어요",
            "stage.on_the_way": "체크인되었어요",
            "stage.ready": "체크인되었어요",
            "stage.done": "체크아웃되었어요",
            "stage.cancelled": "취소되었어요",
        }
    },
}

TRADE = Trade(
    name="hotel",
    traits=frozenset({"books_nights"}),
    stages={"": ("placed", "preparing", "done")},
    WORDS=WORDS,
)
