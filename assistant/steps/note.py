"""A note for the kitchen or the rider: never asked, read back when there is one."""

from __future__ import annotations

from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act

MOST = 200
"""Letters of all that is noted."""
BETWEEN = "; "
"""Between what was said one after the other."""


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    if act.act != "answer" or act.step != "note":
        return None
    text = " ".join(str(act.value or "").split())
    if not text:
        return Read(flow.with_fact(order, "note", None), (Said("note.gone"),))
    before = str(order.facts.get("note", ""))
    known = [one for one in before.split(BETWEEN) if one and one.casefold() not in text.casefold()]
    if text.casefold() in before.casefold():
        known, text = [before], ""  # said twice
    note = BETWEEN.join([*known, *([text] if text else [])])
    if len(note) > MOST:
        return Read(order, (Said("note.long"),), refused=True)
    return Read(flow.with_fact(order, "note", note), (Said("note.taken", {"note": text or before}),))


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
            "long": "There is no room for that in the note.",
            "hear": {
                "note {value}": "answer",
                "note: {value}": "answer",
                "table [number|no|num] {number}": "answer",
                "(we're|we are|i'm|i am) [sitting|seated|sat] at table [number] {number}": "answer",
                "delivery note {value}": "answer",
                "(tell|ask) the (rider|driver|courier|kitchen|chef|cook) [to] {value}": "answer",
                "(leave|put|drop) [it|them|everything|the food|my order] [off] (at|by|outside|in front of|on) "
                "[the|my] (door|front door|doorstep|porch|reception|gate)": "answer",
                "leave (it|them|everything|the food|my order) outside": "answer",
                "(leave|drop) (it|them|everything|the food|my order) [off] with (the|my|our) "
                "(doorman|concierge|porter|receptionist|neighbour|neighbor|security guard)": "answer",
                "[don't|do not] ring the ([door] bell|doorbell) [once|twice]": "answer",
                "ring [the bell|the doorbell|my bell] (once|twice|two times|three times|loudly)": "answer",
                "knock (on the door|loudly|softly|twice|hard)": "answer",
                "[the] (gate|door|entry|buzzer) code is": "answer",
                "(no|without) (cutlery|napkins|chopsticks|straw|straws|bag|bags|plastic bag|plastic bags)": "answer",
                "call when you (arrive|get here|are here|are outside)": "answer",
                "(non-smoking|non smoking|nonsmoking)": "answer",
                "[on] [a|the] (high|higher|low|lower|top) floor": "answer",
                "(far|away) from the (lift|elevator|stairs|street|road)": "answer",
                "(call|ring|text|phone|message|buzz) me (when|once|before|as soon as|if) "
                "(you|you're|it|it's|my order|the order|the food) "
                "(arrive|get here|come|are here|are outside|leave|here|outside|there|ready|done|arrives|is here"
                "|is there|is ready|is done)": "answer",
                "(call|ring|text|phone|message|buzz) me if (anything|something) is "
                "(missing|wrong|unclear|sold out)": "answer",
            },
        },
        "zh": {
            "taken": "备注好了：{note}。",
            "tell": "备注：{note}。",
            "gone": "备注去掉了。",
            "long": "备注太长，写不下了。",
            "hear": {
                "备注{value}": "answer",
                "备注：{value}": "answer",
                "{number}(号桌|号台|号桌子)": "answer",
                "桌号[是]{number}": "answer",
                "(跟|和|告诉|叫|让)(骑手|外卖员|快递员|送餐员|外卖小哥|小哥|厨房|师傅)[说|讲]{value}": "answer",
                "(放|放在|放到|搁|搁在)(门口|家门口|前台|门外|楼下)[就行|就好|就可以|吧]": "answer",
                "(别|不要|请勿|不用)按门铃": "answer",
                "(不要|不用|不需要|别放)[一次性](餐具|筷子|纸巾|吸管|袋子|塑料袋)": "answer",
                "(不要|别|不用)放(餐具|筷子|纸巾|吸管|袋子|塑料袋)": "answer",
                "(敲门|按门铃)[轻一点|轻点|大声点|两下|两次]": "answer",
                "(无烟|禁烟|不抽烟)[的][房|房间|楼层]": "answer",
                "(高楼层|低楼层|高层|低层)[的][房|房间]": "answer",
                "楼层(高|低)(一点|点)": "answer",
                "(远离|离)(电梯|马路)[远一点|远点]": "answer",
                "(放|交|给|交给)[给]门卫[就行|就好|就可以|吧]": "answer",
                "(到了|快到了|快到的时候|快到时|送到了|送到|好了|做好了)[再|就]"
                "(打电话|给我打电话|打我电话|打个电话|给我打个电话|叫我|叫我一声|通知我|通知我一声)": "answer",
            },
        },
        "ko": {
            "taken": "메모했어요: {note}.",
            "tell": "메모: {note}.",
            "gone": "메모를 지웠어요.",
            "long": "메모가 너무 길어서 더 적을 수 없어요.",
            "hear": {
                "메모 {value}": "answer",
                "요청사항 {value}": "answer",
                "{number}번 테이블": "answer",
                "테이블 번호 {number}": "answer",
                "배달 메모 {value}": "answer",
                "(문|현관|집) 앞에 (놔|두고|놓고|놓아|둬) [주세요|가세요|줘]": "answer",
                "(벨|초인종)[은|을] 누르지 (마세요|말아 주세요|마시고|말고)": "answer",
                "[일회용] (수저|젓가락|냅킨|빨대|봉투|비닐봉지|비닐봉투)[은|는] (빼|안) [주세요|주셔도 돼요]": "answer",
                "[일회용] (수저|젓가락|냅킨|빨대|봉투|비닐봉지|비닐봉투)[은|는] (필요 없어요|없어도 돼요)": "answer",
                "(벨|초인종)[을] (한|두|세) 번 눌러 [주세요|줘]": "answer",
                "(노크해|노크만 해|문 두드려) [주세요|줘]": "answer",
                "금연 [층|방|룸|객실]": "answer",
                "금연실": "answer",
                "(높은|낮은|고|저) 층": "answer",
                "(엘리베이터|도로)에서 먼 (방|곳)": "answer",
                "(경비실|경비 아저씨)에 맡겨 [주세요|줘]": "answer",
                "(도착하면|도착하시면|오면|오시면|오시기 전에|다 되면|준비되면) "
                "(전화|전화해|연락|연락해|불러|알려) 주세요": "answer",
            },
        },
    },
)
