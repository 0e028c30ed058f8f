"""When it is wanted: as soon as possible unless said otherwise, or for later while the shop is closed."""

from __future__ import annotations

import datetime as dt
import re

from assistant.commerce.fulfilment import check_time, is_open, next_opening
from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.say import Clock, Day
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _clock(scene: Scene, at: dt.datetime) -> Clock:
    return Clock(scene.shop.local(at), scene.shop.local(scene.turn.at).date())


def _applies(scene: Scene, order: Order) -> bool:
    return "prepares" in flow.trade_of(scene).traits or "ships" in flow.trade_of(scene).traits


def _done(scene: Scene, order: Order) -> bool:
    wanted = order.facts.get("time")
    if wanted is None:
        return not flow.needs_fact(scene, order, "time") and is_open(scene.shop, scene.turn.at)
    if "day" in wanted:
        return False
    if wanted.get("asap"):
        return is_open(scene.shop, scene.turn.at)
    return check_time(
        scene.shop, order.facts.get("fulfilment"), dt.datetime.fromisoformat(wanted["at"]), scene.turn.at
    ).kind in ("ok", "too_soon")


def _day_known(scene: Scene, order: Order) -> dt.date | None:
    """The day that was said without an hour, while it isn't over."""
    day = (order.facts.get("time") or {}).get("day")
    known = dt.date.fromisoformat(day) if day else None
    return known if known is not None and known >= scene.shop.local(scene.turn.at).date() else None


def _ask(scene: Scene, order: Order) -> Said:
    day = _day_known(scene, order)
    if day is not None:
        return Said("time.hour", {"day": Day(day)})
    if not is_open(scene.shop, scene.turn.at):
        opening = next_opening(scene.shop, scene.turn.at)
        if opening is not None:
            return Said("time.closed", {"time": _clock(scene, opening)})
    wanted = order.facts.get("time")
    over = wanted is not None and "at" in wanted and dt.datetime.fromisoformat(wanted["at"]) < scene.turn.at
    if over or "day" in (wanted or {}):
        return Said("time.passed")
    return Said("time.when")


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    known = _day_known(scene, order)
    if act.act == "confirm" and known is None and not is_open(scene.shop, scene.turn.at):
        opening = next_opening(scene.shop, scene.turn.at)
        return _take(scene, order, opening) if opening is not None else None
    if act.act != "give_time":
        return None
    value = str(act.value or "")
    if value == "asap":
        if is_open(scene.shop, scene.turn.at):
            return Read(flow.with_fact(order, "time", {"asap": True}), (Said("time.taken_asap"),))
        opening = next_opening(scene.shop, scene.turn.at)
        if opening is None:
            return Read(order, (Said("time.unclear"),), refused=True)
        return Read(order, ask=Said("time.closed", {"time": _clock(scene, opening)}))
    if (day := _DAY.fullmatch(value)) is not None:
        return _take_day(scene, order, day[1], day[2])
    wanted = _moment(scene, value, known or _later_day(scene, order))
    evening = known is not None and order.facts["time"].get("half") == "pm"
    if wanted is not None and evening and "-" not in value and wanted.hour < 12:
        wanted += dt.timedelta(hours=12)
    return _take(scene, order, wanted) if wanted is not None else Read(order, (Said("time.unclear"),), refused=True)


_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?: (am|pm))?")


def _later_day(scene: Scene, order: Order) -> dt.date | None:
    """The later day that the order is for already: an hour alone doesn't move it to today."""
    at = (order.facts.get("time") or {}).get("at")
    day = scene.shop.local(dt.datetime.fromisoformat(at)).date() if at else None
    return day if day is not None and day > scene.shop.local(scene.turn.at).date() else None


def _take_day(scene: Scene, order: Order, value: str, half: str | None) -> Read:
    """A day without an hour: the hour that is known on that day, or else it is asked for. `half`: am or pm, where the
    part of the day was said."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return Read(order, (Said("time.unclear"),), refused=True)
    if day < scene.shop.local(scene.turn.at).date():
        return Read(order, (Said("time.past"),), refused=True)
    at = (order.facts.get("time") or {}).get("at")
    if at is not None:
        known = scene.shop.local(dt.datetime.fromisoformat(at))
        return _take(scene, order, dt.datetime.combine(day, known.time(), scene.shop.zone))
    if order.stage != "open":
        return Read(order, (Said("time.hour", {"day": Day(day)}),), refused=True)
    changed = flow.with_fact(order, "time", {"day": value} | ({"half": half} if half else {}))
    now = flow.step_now(scene, changed)
    asked = now is not None and now.name == "time"  # the question names the day
    return Read(changed, () if asked else (Said("time.taken_day", {"day": Day(day)}),))


def _moment(scene: Scene, value: str, day: dt.date | None) -> dt.datetime | None:
    """A clock time means that of `day`, or without one its next occurrence; an ISO time means itself."""
    now = scene.shop.local(scene.turn.at)
    try:
        if "T" in value or "-" in value:
            at = dt.datetime.fromisoformat(value)
            return at if at.tzinfo else at.replace(tzinfo=scene.shop.zone)
        at = dt.datetime.combine(day or now.date(), dt.time.fromisoformat(value), scene.shop.zone)
    except ValueError:
        return None
    return at if day is not None or at >= now else at + dt.timedelta(days=1)


def _take(scene: Scene, order: Order, wanted: dt.datetime) -> Read:
    check = check_time(scene.shop, order.facts.get("fulfilment"), wanted, scene.turn.at)
    if check.kind == "closed":
        said = Said("time.closed_then", {"time": _clock(scene, check.at)}) if check.at else Said("time.unclear")
        day = scene.shop.local(wanted).date()
        later = check.at is not None and day > scene.shop.local(scene.turn.at).date()
        if later and order.stage == "open" and "at" not in (order.facts.get("time") or {}):
            # The day is kept and its hour asked: what is wanted tomorrow isn't made at once.
            return Read(flow.with_fact(order, "time", {"day": day.isoformat()}), (said,))
        return Read(order, (said,), refused=True)
    if check.kind == "past":
        return Read(order, (Said("time.past"),), refused=True)
    at = scene.shop.local(wanted)
    if check.kind == "too_soon" and check.at is not None and is_open(scene.shop, scene.turn.at):
        return Read(order, (Said("time.too_soon", {"time": _clock(scene, check.at)}),), refused=True)
    return Read(
        flow.with_fact(order, "time", {"at": at.isoformat(timespec="minutes")}),
        (Said("time.taken", {"time": _clock(scene, at)}),),
    )


def _tell(scene: Scene, order: Order) -> Said | None:
    wanted = order.facts.get("time") or {"asap": True}
    if wanted.get("asap"):
        return Said("time.tell_asap")
    if "day" in wanted:
        return Said("time.taken_day", {"day": Day(dt.date.fromisoformat(wanted["day"]))})
    return Said("time.tell", {"time": _clock(scene, dt.datetime.fromisoformat(wanted["at"]))})


STEP = Step(
    name="time",
    phase=Phase.DETAILS,
    rank=30,
    applies=_applies,
    done=_done,
    ask=_ask,
    read=_read,
    tell=_tell,
    answer="time",
    WORDS={
        "en": {
            "when": "When would you like it?",
            "hour": "What time on {day}?",
            "hour_short": "What time?",
            "taken": "For {time}.",
            "taken_day": "For {day}.",
            "taken_asap": "As soon as possible.",
            "tell": "For {time}.",
            "tell_asap": "As soon as possible.",
            "closed": "We're closed now and open again at {time}. Shall I take the order for then, or another time?",
            "closed_short": "For then, or another time?",
            "closed_then": "We're closed then; the next time we're open is {time}.",
            "past": "That time has passed.",
            "passed": "The time you wanted has passed. When would you like it instead?",
            "passed_short": "When would you like it?",
            "too_soon": "The earliest I can do is {time}.",
            "unclear": "Please give me a time, such as half past six, or say as soon as possible.",
        },
        "zh": {
            "when": "什么时候要？",
            "hour": "{day}几点要？",
            "hour_short": "几点要？",
            "taken": "{time}。",
            "taken_day": "{day}。",
            "taken_asap": "尽快。",
            "tell": "{time}。",
            "tell_asap": "尽快。",
            "closed": "现在打烊了，{time}开门。订到那时，还是别的时间？",
            "closed_short": "订到那时，还是别的时间？",
            "closed_then": "那个时间不营业，下次营业是{time}。",
            "past": "那个时间已经过了。",
            "passed": "您要的时间已经过了，改到什么时候？",
            "passed_short": "改到什么时候？",
            "too_soon": "最早要到{time}。",
            "unclear": "请说一个时间，比如晚上六点半，或者说尽快。",
        },
        "ko": {
            "when": "언제 필요하세요?",
            "hour": "{day} 몇 시에 필요하세요?",
            "hour_short": "몇 시에 필요하세요?",
            "taken": "{time}에 맞춰 드릴게요.",
            "taken_day": "{day}에 맞춰 드릴게요.",
            "taken_asap": "최대한 빨리 해 드릴게요.",
            "tell": "{time}에 맞춰 드려요.",
            "tell_asap": "최대한 빨리요.",
            "closed": "지금은 영업시간이 아니고 {time}에 열어요. 그때로 할까요, 다른 시간으로 할까요?",
            "closed_short": "그때로 할까요, 다른 시간으로 할까요?",
            "closed_then": "그 시간에는 영업하지 않습니다. 다음 영업은 {time}입니다.",
            "past": "이미 지난 시간입니다.",
            "passed": "말씀하신 시간이 이미 지났어요. 언제로 바꿔 드릴까요?",
            "passed_short": "언제로 바꿔 드릴까요?",
            "too_soon": "가장 빠른 시간은 {time}입니다.",
            "unclear": "여섯 시 반처럼 시간을 말씀하시거나 최대한 빨리라고 해 주세요.",
        },
    },
)
