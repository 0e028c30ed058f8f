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
            "not_sold": "I have nothing on {item} here; reception can tell you.",
            "check_times_else": "Whether another time is possible, reception can tell you.",
            "dont_know": "I don't know that; reception can tell you.",
            "can_be_changed": "Name and phone number of booking {number} can still be changed, and a "
            "note can be added: just say how it should be. For other nights, rooms or guests, reception can "
            "help, or you can cancel it and book again.",
            "nothing_to_cancel": "I know of no booking of yours here, so there's nothing to cancel.",
            "expected": "Check-in from {time}.",
            "due": "{amount} is to be paid at the hotel.",
            "agreed_later": "Thank you, your order {number} is placed. You pay {amount} at the hotel.",
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
            "not_sold": "{item}我这里查不到，可以问前台。",
            "check_times_else": "能不能提前或延后，可以问前台。",
            "dont_know": "这个我不清楚，可以问前台。",
            "can_be_changed": "预订{number}的姓名和电话还能改，也可以加备注，直接说就行。日期、房间和"
            "人数要改的话，可以找前台，或者取消后重新预订。",
            "nothing_to_cancel": "没有查到您的预订，所以没有可以取消的。",
            "expected": "{time}起可以入住。",
            "due": "{amount}到店付款。",
            "agreed_later": "下单成功，谢谢。订单号{number}，{amount}到店付款。",
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
            "not_sold": "{item}은(는) 여기에 정보가 없어요. 프런트에 물어보시면 돼요.",
            "check_times_else": "더 일찍이나 늦게도 되는지는 프런트에 물어보시면 돼요.",
            "dont_know": "그건 제가 몰라요. 프런트에 물어보시면 돼요.",
            "can_be_changed": "예약 {number}의 성함과 전화번호는 아직 바꿀 수 있고 메모도 남길 수 "
            "있어요. 말씀만 해 주세요. 날짜, 객실, 인원은 프런트에서 도와드리거나, 취소하고 다시 예약하실 "
            "수 있어요.",
            "nothing_to_cancel": "고객님의 예약이 없어서 취소할 것이 없어요.",
            "expected": "{time}부터 체크인하실 수 있어요.",
            "due": "{amount}은(는) 호텔에서 내시면 돼요.",
            "agreed_later": "감사합니다. 주문 번호는 {number}입니다. {amount}은(는) 호텔에서 내시면 돼요.",
        }
    },
}

TRADE = Trade(
    name="hotel",
    traits=frozenset({"books_nights"}),
    stages={"": ("placed", "preparing", "done")},
    WORDS=WORDS,
)
