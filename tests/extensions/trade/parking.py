"""Places to park, paid before one drives in."""

from assistant.trades import Trade

TRADE = Trade(
    name="parking",
    traits=frozenset(),
    stages={"": ("placed", "preparing", "done")},
    WORDS={
        "en": {
            "say": {
                "stage.open": "not booked yet",
                "stage.placed": "booked",
                "stage.preparing": "parked",
                "stage.on_the_way": "parked",
                "stage.ready": "parked",
                "stage.done": "driven out",
                "stage.cancelled": "cancelled",
            }
        },
        "zh": {
            "say": {
                "stage.open": "还没有预订",
                "stage.placed": "已预订",
                "stage.preparing": "已停入",
                "stage.on_the_way": "已停入",
                "stage.ready": "已停入",
                "stage.done": "已驶离",
                "stage.cancelled": "已取消",
            }
        },
        "ko": {
            "say": {
                "stage.open": "아직 예약되지 않았어요",
                "stage.placed": "예약되었어요",
                "stage.preparing": "주차되었어요",
                "stage.on_the_way": "주차되었어요",
                "stage.ready": "주차되었어요",
                "stage.done": "출차되었어요",
                "stage.cancelled": "취소되었어요",
            }
        },
    },
)
