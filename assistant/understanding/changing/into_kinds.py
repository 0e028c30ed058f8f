"""Several of one thing that become others, each so many: three cokes, 可乐换成两杯大的，另一杯雪碧. None of them comes
besides, and none is lost."""

from __future__ import annotations

from msgspec import Struct

from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_PASSED = frozenset("measure particle pause and filler hesitation polite whose on request".split())


def verbs_within(u: Utterance) -> None:
    """可乐要一杯大的两杯小的: a verb between goods and how many of them are to be how says nothing more."""
    for at in range(len(u.spans) - 1):
        verb = u.spans[at + 1].has
        item = u.spans[at].has.get("item", ())
        if len(item) != 1 or verb.get("verb", ("",))[0] != "add" or "again" in verb or (at and _counts(u, at)):
            continue
        if sum(1 for i in range(at + 2, len(u.spans) - 2) if _counts_kind(u, i, item[0])) > 1:
            u.silence([at + 1])


def one_more(u: Utterance) -> None:
    """薯条再加一份大的: a size is put on nothing, so that is one more, and a large one."""
    for at, span in enumerate(u.spans[:-2]):
        behind, ended = u.spans[at + 1].has, "whose" in u.spans[at + 2].has
        if span.has != {"amount": ("added", "before")} or "item" in behind or not ended:
            continue
        about = [*u.spans[at - 1].has.get("item", ())] if at else []
        about = about or [line.item for line in u.context.basket if line.item]
        kinds = [
            u.lexicon.catalogue.items[item].option(path)
            for item in about
            for path, _ in behind.get("choice", {}).get(item, ())
        ]
        if kinds and all(kind is not None and kind.choose == "one" for kind in kinds):
            span.has = {"verb": ("add", "before"), "again": True}
            u.spans.insert(at + 1, Span(span.end, span.end, {"num": (1, "words"), "measure": True}, ""))
            u.acting = [i for i, one in enumerate(u.spans) if "act" in one.has]
            u.kinds |= {"verb", "again", "num", "measure"}
            return


def _counts(u: Utterance, at: int) -> bool:
    return any("num" in span.has for span in u.spans[max(at - 2, 0) : at])


def _counts_kind(u: Utterance, at: int, item: str) -> bool:
    """Whether so many of some goods are said to be so: 一杯大的."""
    number, measure, so = (span.has for span in u.spans[at : at + 3])
    option = u.lexicon.catalogue.items[item].option
    kinds = [one for path, _ in so.get("choice", {}).get(item, ()) if (one := option(path)) is not None]
    return "num" in number and "measure" in measure and any(one.choose == "one" for one in kinds)


class _Share(Struct):
    """So many of the goods, and what becomes of them."""

    count: int | None
    """None: all that are left."""
    options: list[OptionSaid]
    item: str | None = None


def read(u: Utterance) -> bool:
    """Whether that is all that is said."""
    if u.question_mark:
        return False
    at = next((i for i, span in enumerate(u.spans) if "item" in span.has), 0)
    there = [line for line in u.context.basket if line.item in u.spans[at].has.get("item", ())]
    if len(there) != 1 or (there[0].quantity or 1) < 2:
        return False
    led = [span.has for span in u.spans[:at]]
    if not all(has.keys() & (_PASSED | {"num", "the"}) for has in led):
        return False
    item, number = there[0].item or "", next((has["num"][0] for has in led if "num" in has), None)
    shares = _shares(u, at, item, number)
    if shares is None or len(shares) < 2:
        return False
    changes = any(span.has.get("verb", ("",))[0] == "swap" for span in u.spans[at:])
    others = any(one.item for one in shares)
    whole = sum(one.count or 0 for one in shares) == there[0].quantity and number is None
    if changes != others or not (changes or whole):
        return False  # 可乐要一杯大的一杯小的, of two, tells how those are to be; of none it orders them
    goods = u.lexicon.catalogue.items
    if any(goods[one.item].option(said.option) is None for one in shares if one.item for said in one.options):
        return False
    left = there[0].quantity or 1
    for one in shares:
        one.count = left if one.count is None else one.count
        left -= one.count
        if one.count < 1 or left < 0:
            return False
    for one in sorted(shares, key=lambda share: share.item is None):  # those that stay are told apart last
        if one.item is not None:
            new = LineSaid(one.item, one.count, tuple(one.options))
            u.add(at, Act("change", lines=(new,), instead_of=(LineSaid(item, one.count),)))
    stay = [one for one in shares if one.item is None]
    if stay:
        u.add(at, Act("change", tuple(LineSaid(item, None, tuple(one.options), of=one.count) for one in stay)))
    u.used.update(range(len(u.spans)))
    return True


def _shares(u: Utterance, at: int, item: str, number: int | None) -> list[_Share] | None:
    """What is said behind the goods, share by share; None where something else is said as well."""
    goods = u.lexicon.catalogue.items
    made: list[_Share] = []
    counts = [number] if number is not None else []
    for span in u.spans[at + 1 :]:
        has, verb = span.has, span.has.get("verb", ("",))[0]
        chosen = has.get("choice", {}).get(item, ())
        if "again" in has:
            return None
        if "num" in has and not chosen:
            counts.append(has["num"][0])
            made.append(_Share(counts[-1], []))
        elif "other" in has:
            made.append(_Share(None if "rest" in has else 1, []))
        elif "item" in has or chosen:
            if not made:
                made.append(_Share(number, []))
            if "item" in has:
                new = has["item"][0]
                if made[-1].item or new == item or goods[new].category != goods[item].category:
                    return None
                made[-1].item = new
            elif len(chosen) == 1:
                made[-1].options.append(OptionSaid(*chosen[0]))
        elif not (has.keys() & _PASSED or verb in ("add", "swap")):
            return None
    if made and not (made[0].item or made[0].options):
        made = made[1:]  # 可乐两杯换成一杯雪碧一杯橙汁: so many in all
    return made if all(one.item or one.options for one in made) else None
