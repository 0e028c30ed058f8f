"""What comes closest to a question that nothing answers exactly: suggestions with a reason, never an order. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.commerce.catalogue import Catalogue, Item
from assistant.dialogue import allergies
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import item_name
from assistant.dialogue.say import Voice, Word
from assistant.dialogue.search import Hit, Search
from assistant.turns import Act

_KEPT = 8
_searches: dict[tuple[str, str, str], Search] = {}


def suggested(draft: Draft, act: Act | None = None) -> list[Item]:
    """Says which goods come closest to what the person looks for; none, and nothing is said, where there are none.

    `act` narrows it: only its kinds of goods, without its unwanted attributes, free of what it says."""
    sought = draft.meaning.sought
    if sought is None:
        return []
    value = act.value if act is not None and isinstance(act.value, dict) else {}
    kinds = {one[1:] for one in act.items if one.startswith("#")} if act is not None else set()
    free = {*sought.free, *(one for one in value.get("tags", ()) if one.endswith("_free"))}
    unwanted = set(value.get("not", ()))

    def fits(item: Item) -> bool:
        left = draft.scene.stock.get((item.id, ""))
        known = (not kinds or item.category in kinds) and free <= set(item.tags) and not unwanted & set(item.tags)
        return known and item.stock != 0 and left != 0 and not allergies.unwanted(draft, item)

    found = _search(draft.voice, draft.catalogue).find(sought, fits)
    if not found:
        return []
    draft.say("closest")
    for hit in found:
        _tell(draft, hit)
    items = [hit.item for hit in found]
    draft.remember(items=tuple(one.id for one in items))
    return items


def _tell(draft: Draft, hit: Hit) -> None:
    item, voice = hit.item, draft.voice
    price = draft.money(item.price)
    description = item.descriptions.get(voice.tag) or next(iter(item.descriptions.values()), "")
    tag = next(iter(_called(voice, "tag", hit.tag)), None) if hit.tag else None
    if tag is not None:
        draft.say("closest_tag", item=item_name(item), tag=tag, price=price)
    elif description:
        draft.say("about_item", item=item_name(item), description=description, price=price)
    else:
        draft.say("price_is", item=item_name(item), price=price)


def _search(voice: Voice, catalogue: Catalogue) -> Search:
    """Made when somebody first needs it, and kept."""
    key = (voice.shop.folder, catalogue.version, voice.tag)
    found = _searches.get(key)
    if found is None:
        if len(_searches) >= _KEPT:
            _searches.clear()
        languages = (voice.tag, *voice.fallback)
        found = _searches[key] = Search(catalogue, languages, lambda kind, one: _called(voice, kind, one))
    return found


def _called(voice: Voice, kind: str, one: str) -> Iterable[str]:
    """The words of a language for an attribute or an allergen."""
    if kind == "tag":
        said = voice.tables.get("tag", {}).get(one, ())
        return [said] if isinstance(said, str) else said
    key = f"{kind}.{one}"
    return [voice.value(Word(key, one), False)] if voice.has(key) else ()
