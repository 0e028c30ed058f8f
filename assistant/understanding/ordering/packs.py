"""Goods that are sold several at a time: "half a dozen eggs", where a box has twelve, are no six boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from assistant.commerce.catalogue import Item
from assistant.understanding.ordering.drafts import Draft, Option
from assistant.understanding.words.lexicon import Lexicon
from assistant.understanding.words.names import Inflection, Key, meaning_of
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance


class Pack(Struct, frozen=True):
    """What one of some goods is."""

    name: str
    """The name that tells: "a dozen eggs", "a bag of apples"."""
    size: int
    """How many it has; 0 where the name doesn't say."""
    words: Key
    """The words of the name that say so: "a bag of", 6 个装."""
    named: bool = True
    """Its name says so; else its description does, and nothing is counted by it unasked."""


def pieces(u: Utterance) -> None:
    """ "2 pcs cheeseburger": pieces of what isn't sold by several count as anything else does."""
    for before, span, after in zip(u.spans, u.spans[1:], u.spans[2:], strict=False):
        if "piece" in span.has and "num" in before.has and "item" in after.has and "choice" not in before.has:
            goods = (u.lexicon.catalogue.items[item] for item in after.has["item"])
            if not any(_by_several(one, u.lexicon, u.grammar.tag) for one in goods):
                span.has = {**span.has, "measure": True}


def _by_several(item: Item, lexicon: Lexicon, tag: str) -> bool:
    """Whether goods come several at a time, as their name or one of their choices says."""
    names = (
        (words_of(name), [words_of(one) for one in option.names.get(tag, ())])
        for option in item.options
        for choice in option.choices
        for name in choice.names.get(tag, ())
    )
    return bool(_all_packs(item, lexicon, tag)) or any(_pieces(name, kinds, lexicon, tag) for name, kinds in names)


def in_packs(draft: Draft, item: Item, lexicon: Lexicon, tag: str) -> Pack | None:
    """What the goods of a draft come in, where pieces of them were counted: no word that measures them was said, or
    none of their own."""
    own = item.measures.get(tag)
    if draft.quantity is not None and draft.quantity > 1 and draft.measured and draft.measured != own:
        pieces = [one for one in _all_packs(item, lexicon, tag) if _same_pieces(one, draft.measured, lexicon, tag)]
        if pieces:
            return pieces[0]  # "six pieces of …", of what is sold by two
    if draft.quantity is None or draft.quantity < 2 or (draft.measured and draft.measured == (own or draft.measured)):
        return None
    packs = [pack for pack in _all_packs(item, lexicon, tag) if pack.named]
    if not packs:
        return None
    heard = words_of(draft.heard)
    if any(pack.words == heard[i : i + len(pack.words)] for pack in packs for i in range(len(heard))):
        return None  # two *dozen eggs* are counted as they are sold
    return max(packs, key=lambda pack: pack.size > 0)


def in_pieces(draft: Draft, item: Item, lexicon: Lexicon, tag: str) -> tuple[Option, int] | None:
    """The portion that has as many pieces as were counted, and how many of it: "twenty nuggets", where they come by
    six, nine or twenty; two of six for twelve, one of nine for eight. None where fewer were counted than any has. What
    was measured otherwise, "twenty orders of", is no count of pieces."""
    count, words = draft.quantity or 0, lexicon.words[tag]
    piece = not draft.measured or "piece" in meaning_of(words, words_of(draft.measured))
    if count < 2 or draft.subs or draft.more or not piece or draft.measured == item.measures.get(tag, "-"):
        return None
    for option in item.options:
        said = any(path == option.id for one in draft.options for path, _ in one.places.get(item.id, ()))
        if option.choose != "one" or said:
            continue
        kinds = [words_of(name) for name in option.names.get(tag, ())]
        portions: dict[int, str] = {}
        for choice in option.choices:
            for name in choice.names.get(tag, ()):
                portions.setdefault(_pieces(words_of(name), kinds, lexicon, tag), choice.id)
        if fitting := _portion(count, [size for size in portions if size]):
            size, many = fitting
            return Option({item.id: ((option.id, portions[size]),)}, Span(draft.at, draft.at, {}, draft.heard)), many
    return None


def _portion(count: int, sizes: Sequence[int]) -> tuple[int, int] | None:
    """Which size of portion, and how many of it, come to a count of pieces, or a little above it."""
    if count in sizes:
        return count, 1
    if len(sizes) < 2 or not min(sizes) < count <= max(sizes):
        return None
    even = [size for size in sizes if size > 1 and count % size == 0]
    size = max(even, default=min(one for one in sizes if one >= count))
    return size, max(count // size, 1)


def _pieces(name: Key, kinds: Sequence[Key], lexicon: Lexicon, tag: str) -> int:
    """How many pieces the name of a choice says: 20 pieces, 十二个装, 6조각, or 6 stems where the option is called so;
    0 where it says none. `kinds`: the names of its option."""
    words = lexicon.words[tag]
    for cut in range(1, len(name)):
        rest = meaning_of(words, name[cut:])
        if any(kind[: len(name) - cut] == name[cut:] for kind in kinds):
            return _size(name[:cut], lexicon, tag)
        if rest.keys() & {"pack", "piece"} or ("measure" in rest and not rest.keys() & {"weight", "currency"}):
            return _size(name[:cut], lexicon, tag)
    return 0


def _all_packs(item: Item, lexicon: Lexicon, tag: str) -> tuple[Pack, ...]:
    """What the names of goods say, and what their description does; kept once made."""
    known: dict[tuple[str, str], tuple[Pack, ...]] = lexicon.nears.setdefault("packs", {})
    packs = known.get((item.id, tag))
    if packs is None:
        tags = [one for one in dict.fromkeys((tag, *item.names)) if one in lexicon.words]
        told = (_told(item.descriptions[one], lexicon, one) for one in tags if one in item.descriptions)
        named = (pack for one in tags for pack in _packs(item, lexicon, one))
        packs = known[item.id, tag] = (*named, *(pack for pack in told if pack is not None))
    return packs


def _told(description: str, lexicon: Lexicon, tag: str) -> Pack | None:
    """The pieces that a description begins with: "Two pieces."."""
    words, key = lexicon.words[tag], words_of(description)[:4]
    for cut in range(1, len(key)):
        if "pack" in meaning_of(words, key[cut : cut + 1]) and (size := _size(key[:cut], lexicon, tag)) > 1:
            return Pack(description, size, key[: cut + 1], named=False)
    return None


def _same_pieces(pack: Pack, measured: str, lexicon: Lexicon, tag: str) -> bool:
    """Whether pieces were counted, and the goods come in so many pieces."""
    words = lexicon.words[tag]
    counted = "piece" in meaning_of(words, words_of(measured)[:1])
    return pack.size > 1 and counted and any("piece" in meaning_of(words, (word,)) for word in pack.words)


def _packs(item: Item, lexicon: Lexicon, tag: str) -> Iterator[Pack]:
    names = item.names.get(tag, ())
    return (found for name in names if (found := _pack(name, names, lexicon, tag)) is not None)


def measured(spans: Sequence[Span], draft: Draft) -> str:
    """The word that measures the goods of a draft where they are named, "boxes of" eggs, 鸡蛋两盒; "" for none."""
    at = next((i for i, span in enumerate(spans) if span.start == draft.at), None)
    if at is None:  # 来两盒, of what was spoken of
        count = next((i for i, span in enumerate(spans) if "num" in span.has), len(spans))
        return next((span.text for span in spans[count + 1 : count + 2] if "measure" in span.has), "")
    counted = False
    before = spans[max(0, at - 4) : at]
    if any("num" in span.has for span in spans[at + 1 : at + 2]) and any("item" in span.has for span in before):
        before = ()  # 牛奶两盒鸡蛋一打: the boxes are those of the milk
    for beside in (reversed(before), spans[at + 1 : at + 4]):
        if counted:
            break  # 两打鸡蛋一盒牛奶: the box is that of the milk
        for span in beside:
            if "measure" in span.has and "times" not in span.has:
                return span.text
            counted = counted or "num" in span.has
            if not (span.has.keys() & _BESIDE or span.has.get("verb", ("",))[0] == "add") or "item" in span.has:
                break  # 鸡蛋来两盒
    return ""


def packed(word: str, draft: Draft, lexicon: Lexicon, tag: str) -> Option | None:
    """The choice of some goods that is called as they were measured: "a box of apples", 苹果来一箱, of what is had
    loose or by the box (箱装). `word`: what measures them."""
    item = lexicon.catalogue.items.get(draft.items[0]) if len(draft.items) == 1 and not draft.subs else None
    if item is None or not item.options:
        return None
    pair = _pack_choices(item, lexicon, tag).get(_packed_in(word, lexicon, tag))
    if pair is None or any(path == pair[0] for one in draft.options for path, _ in one.places.get(item.id, ())):
        return None
    return Option({item.id: (pair,)}, Span(draft.at, draft.at, {}, word))


def for_each(spans: Sequence[Span]) -> Span | None:
    """What measures all the goods before it: "one bag each", 한 봉지씩, 各一袋."""
    for at, span in enumerate(spans):
        if "each" in span.has and len(words_of(span.text)) > 1:
            return span
        beside = [*spans[max(0, at - 2) : at], *spans[at + 1 : at + 2]]
        if "measure" in span.has and any("each" in one.has for one in beside):
            return span
    return None


def _pack_choices(item: Item, lexicon: Lexicon, tag: str) -> dict[Key, tuple[str, str]]:
    """What the choices are called of which goods have but one, as packs, where that tells one; kept once made."""
    known: dict[tuple[str, str], dict[Key, tuple[str, str]]] = lexicon.nears.setdefault("pack choices", {})
    made = known.get((item.id, tag))
    if made is None:
        pairs: dict[Key, set[tuple[str, str]]] = {}
        for option in item.options:
            for choice in option.choices if option.choose == "one" else ():
                for name in choice.names.get(tag, ()):
                    pairs.setdefault(_packed_in(name, lexicon, tag), set()).add((option.id, choice.id))
        made = known[item.id, tag] = {core: next(iter(some)) for core, some in pairs.items() if core and len(some) == 1}
    return made


def _packed_in(text: str, lexicon: Lexicon, tag: str) -> Key:
    """The words of a pack without those that only say that goods are packed: box, of "boxes of"; 箱, of 整箱."""
    known: dict[tuple[str, str], Key] = lexicon.nears.setdefault("packed", {})
    core = known.get((text, tag))
    if core is None:
        words, key = lexicon.words[tag], words_of(text)
        core = tuple(word for word in key if "packed" not in meaning_of(words, (word,)))
        if core and core[-1].isascii():
            forms = Inflection(lexicon.tongues[tag].tables)
            core = (*core[:-1], forms.singular(core[-1]))
        known[text, tag] = core
    return core


_BESIDE = frozenset({"num", "multiple", "choice", "of", "particle", "more", "article"})


def _pack(name: str, names: Sequence[str], lexicon: Lexicon, tag: str) -> Pack | None:
    words, key = lexicon.words[tag], words_of(name)
    others = [words_of(one) for one in names if one != name]
    for cut in range(1, len(key)):
        rest = key[cut:]
        if not any(rest in (one, one[: len(rest)]) for one in others):
            continue
        size = _size(key[:cut], lexicon, tag)
        if size > 1 or ("pack_of" in meaning_of(words, key[:cut]) and many_of(others[0], lexicon, tag)):
            return Pack(name, max(size, 0), key[:cut])
    for at in range(len(key) - 1):  # 12 pack, 6개입
        for end in range(at + 2, min(at + 4, len(key)) + 1) if key[at].isdigit() and int(key[at]) > 1 else ():
            if "pack" in meaning_of(words, key[at + 1 : end]):
                return Pack(name, int(key[at]), key[at:end])
    return None


def _size(key: Key, lexicon: Lexicon, tag: str) -> int:
    """The number that words say: dozen, 一打, twelve; 0 where they say none."""
    words, number = lexicon.words[tag], 1
    said = False
    at = 0
    while at < len(key):
        for end in range(len(key), at, -1):
            has = meaning_of(words, key[at:end])
            value = has.get("multiple") or has.get("num", (0,))[0]
            if not value and key[at:end] and end == at + 1 and key[at].isdigit():
                value = int(key[at])
            if value:
                number, said, at = number * value, True, end
                break
        else:
            return 0
    return number if said else 0


def many_of(key: Key, lexicon: Lexicon, tag: str) -> bool:
    """Whether goods are called as several of a thing are: apples, and no milk."""
    forms = Inflection(lexicon.tongues[tag].tables)
    return bool(forms.rules[1]) and bool(key) and forms.singular(key[-1]) != key[-1]
