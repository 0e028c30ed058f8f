"""What screens and histories show of a shop and of a talk, as plain data. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.commerce.catalogue import Catalogue, Item, ItemOption, name_in
from assistant.commerce.fulfilment import is_open
from assistant.commerce.shop import Shop
from assistant.dialogue.say import Word, voice_for
from assistant.storage import EventRow, TurnRow
from assistant.turns import Message

STAFF = "staff"
"""The channel of what a person of the shop does in a buyer's talk."""


def messages(events: Sequence[EventRow], turns: Mapping[tuple[str, str], TurnRow]) -> Iterator[Message]:
    """What was said, from the events of a talk and its turns by (channel, id); a turn older than those that are kept
    has only its words."""
    for one in events:
        if one.kind == "told":
            yield Message(at=one.at, turn="", channel=one.channel, who="assistant", text=one.data["text"])
        if one.kind == "staff_said":
            yield Message(
                at=one.at,
                turn=one.turn or "",
                channel=one.channel,
                who="staff",
                text=one.data["text"],
                name=one.data["name"],
            )
        if not is_turn(one):
            continue
        common: dict[str, Any] = {"at": one.at, "turn": one.turn or "", "channel": one.channel}
        if one.data["hypotheses"] and (text := one.data["hypotheses"][0][0]):
            yield Message(**common, who="person", text=text)
        if (row := turns.get((one.channel, one.turn or ""))) is not None:
            yield Message(**common, who="assistant", text=row.reply.text, reply=row.reply)


def is_turn(event: EventRow) -> bool:
    """A buyer's turn. (What staff did in their talk was told, in words of its own.)"""
    return event.kind == "turn" and event.channel != STAFF


def about(shop: Shop, catalogue: Catalogue, language: str, at: dt.datetime, *, sandbox: bool) -> dict[str, Any]:
    def named(names: Any, default: str) -> str:
        return name_in(names, language, shop.languages, default)

    return {
        "id": shop.id,
        "name": named(shop.names, shop.name),
        "trade": shop.trade,
        "currency": shop.currency,
        "languages": list(shop.languages),
        "phone": shop.phone,
        "address": shop.address.get(language) or next(iter(shop.address.values()), ""),
        "time_zone": shop.time_zone,
        "open": is_open(shop, shop.local(at)),
        "categories": [{"id": key, "name": named(names, key)} for key, names in catalogue.categories.items()],
        "sandbox": sandbox,
    }


def goods(
    items: Sequence[Item], free: Mapping[str, int | None], shop: Shop, catalogue: Catalogue, language: str
) -> list[dict[str, Any]]:
    """`free`: item id -> how many there are, None where they aren't counted."""
    voice = voice_for(language, shop, catalogue)

    def named(names: Any, default: str) -> str:
        return name_in(names, language, shop.languages, default)

    def option(one: ItemOption) -> dict[str, Any]:
        return {
            "id": one.id,
            "name": named(one.names, one.id),
            "choose": one.choose,
            "required": one.required,
            "default": one.default,
            "choices": [
                {"id": choice.id, "name": named(choice.names, choice.id), "price": choice.price}
                for choice in one.choices
            ],
        }

    return [
        {
            "id": one.id,
            "name": named(one.names, one.id),
            "category": one.category,
            "price": one.price,
            "currency": shop.currency,
            "description": one.descriptions.get(language) or "",
            "picture": one.picture,
            "allergens": [
                {"id": each, "name": voice.value(Word(f"allergen.{each}", each), False)} for each in one.allergens
            ],
            "options": [option(each) for each in one.options],
            "available": free.get(one.id) != 0,
        }
        for one in items
    ]
