"""Who it is for: the name and phone that the chosen way needs."""

from __future__ import annotations

import re
from typing import Any

from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.say import Digits
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _missing(scene: Scene, order: Order) -> list[str]:
    way, known = flow.fulfilment_of(scene, order), order.facts.get("contact", {})
    if way is None:
        return []
    return [one for one in ("name", "phone") if one in way.needs and not known.get(one)]


def _applies(scene: Scene, order: Order) -> bool:
    if (
        order.facts.get("quick")
        and not flow.needs_fact(scene, order, "address")
        and "books_nights" not in flow.trade_of(scene).traits
    ):
        return False  # bought over the counter: the order's number is enough
    return flow.needs_fact(scene, order, "name") or flow.needs_fact(scene, order, "phone")


def _ask(scene: Scene, order: Order) -> Said:
    missing = _missing(scene, order)
    return Said("contact.both" if len(missing) == 2 else f"contact.{missing[0]}")


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    if act.act != "give_contact" or not isinstance(act.value, dict):
        return None
    known: dict[str, Any] = dict(order.facts.get("contact", {}))
    name = re.sub(r"\s+", " ", str(act.value.get("name") or "")).strip(" ,.，。")[:60]
    if name.islower():  # as recognisers write it
        name = " ".join(word[:1].upper() + word[1:] for word in name.split(" "))
    phone = str(act.value.get("phone") or "").strip()
    digits = sum(one.isdigit() for one in phone)
    if name:
        known["name"] = name
    if phone and not 5 <= digits <= 15:
        return Read(order, (Said("contact.phone_unclear"),), refused=True)
    if phone:
        known["phone"] = phone
    if not name and not phone:
        return Read(order, (Said("contact.unclear"),), refused=True)
    changed = flow.with_fact(order, "contact", known)
    key = "both" if name and phone else "name" if name else "phone"
    return Read(changed, (Said(f"contact.taken_{key}", {"name": name, "phone": Digits(phone)}),))


def _tell(scene: Scene, order: Order) -> Said | None:
    known = order.facts.get("contact")
    if not known:
        return None
    key = "both" if known.get("name") and known.get("phone") else "name" if known.get("name") else "phone"
    return Said(f"contact.tell_{key}", {"name": known.get("name", ""), "phone": Digits(known.get("phone", ""))})


STEP = Step(
    name="contact",
    phase=Phase.DETAILS,
    rank=40,
    applies=_applies,
    done=lambda scene, order: not _missing(scene, order),
    ask=_ask,
    read=_read,
    tell=_tell,
    answer="digits",
    WORDS={
        "en": {
            "both": "What name and phone number?",
            "name": "What name shall I put it under?",
            "phone": "What phone number can we reach you on?",
            "taken_both": "{name}, {phone}.",
            "taken_name": "{name}.",
            "taken_phone": "{phone}.",
            "tell_both": "For {name}, {phone}.",
            "tell_name": "For {name}.",
            "tell_phone": "Phone {phone}.",
            "unclear": "Please give me a name and a phone number.",
            "not_needed": "No name or phone number is needed.",
            "name_enough": "No phone number is needed, a name is enough.",
            "needed": "A name and phone number are needed, so that you get the right order and can be reached.",
            "why": "So that you get the right order and can be reached if anything is unclear.",
            "phone_unclear": "That doesn't look like a phone number; please say it again.",
        },
        "zh": {
            "both": "请说姓名和电话。",
            "name": "请问怎么称呼？",
            "phone": "请留一个联系电话。",
            "taken_both": "{name}，{phone}。",
            "taken_name": "{name}。",
            "taken_phone": "{phone}。",
            "tell_both": "{name}，{phone}。",
            "tell_name": "{name}。",
            "tell_phone": "电话{phone}。",
            "unclear": "请说姓名和电话号码。",
            "not_needed": "不用留姓名和电话。",
            "name_enough": "不用留电话，留个称呼就行。",
            "needed": "需要留姓名和电话，这样订单不会弄错，有事也能联系上您。",
            "why": "这样订单不会弄错，有事也能联系上您。",
            "phone_unclear": "这不像电话号码，请再说一遍。",
        },
        "ko": {
            "both": "성함과 전화번호를 알려 주세요.",
            "name": "성함이 어떻게 되세요?",
            "phone": "연락받으실 전화번호를 말씀해 주세요.",
            "taken_both": "{name} 님, {phone}.",
            "taken_name": "{name} 님.",
            "taken_phone": "{phone}.",
            "tell_both": "{name} 님, {phone}.",
            "tell_name": "{name} 님.",
            "tell_phone": "전화번호는 {phone}.",
            "unclear": "성함과 전화번호를 말씀해 주세요.",
            "not_needed": "성함과 전화번호는 없어도 돼요.",
            "name_enough": "전화번호는 없어도 돼요. 성함만 알려 주세요.",
            "needed": "성함과 전화번호가 필요해요. 주문을 정확히 전해 드리고 연락드리기 위해서예요.",
            "why": "주문을 정확히 전해 드리고, 문제가 있으면 연락드리기 위해서예요.",
            "phone_unclear": "전화번호가 아닌 것 같아요. 다시 말씀해 주세요.",
        },
    },
)
