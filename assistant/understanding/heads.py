"""Which spans name goods and which only a part of goods, and what stands left of each: its count, size and options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.turns import LineSaid
from assistant.understanding.ahead import SKIPPED
from assistant.understanding.drafts import Draft, akin, valid
from assistant.understanding.language_words import Grammar
from assistant.understanding.lexicon import Lexicon, Places
from assistant.understanding.parts import (
    changes_within,
    counted_behind,
    definite,
    half_of,
    kind_of,
    many,
    parts_of,
)
from assistant.understanding.spans import Span, halves
from assistant.understanding.text import words_of


def heads_of(
    spans: Sequence[Span],
    lexicon: Lexicon,
    basket: frozenset[str],
    before: Sequence[Draft],
    lines: Sequence[LineSaid] = (),
    last: str | None = None,
) -> dict[int, tuple[str, ...]]:
    """Span index -> the items that it names as goods (not as an option of other goods). `lines`: the basket; `last`:
    the item of the line last spoken of."""
    found: dict[int, tuple[str, ...]] = {}
    current: tuple[str, ...] = before[-1].items if before else ()
    mine = parts_of(spans, lexicon, basket, lines, last) if not current else {}
    listing = False
    """The last content was an option of the current goods."""
    amount = counted = half = added = opened = False
    said: set[str] = set()
    """Options of the current goods that were chosen, by path."""
    scope: set[str] = set()
    """Options that a word just named: what follows chooses one of them ("the drink a Sprite")."""
    halves = 0
    behind = False
    """The count stands behind its goods: it doesn't reach over a pause."""
    for index, span in enumerate(spans):
        has = span.has
        if "pause" in has and behind:
            counted = behind = False
        if "stop" in has:
            listing = amount = counted = added = opened = False
            scope = set()
            continue
        items: tuple[str, ...] = has.get("item", ())
        option: Places | None = has.get("choice")
        if index in mine:
            listing, amount, counted = True, False, False
            continue
        if items:
            if index + 1 < len(spans) and "flavour" in spans[index + 1].has and spans[index + 1].glued:
                continue  # 番茄味: no tomatoes
            alone = not index or spans[index - 1].has.keys().isdisjoint(("article", "num"))
            # No half of it is "a pepperoni pizza half mushrooms".
            if alone and _half_at(spans, index + 1) and set(half_of(span, lexicon) or ()) & _of_halves(spans, lexicon):
                listing, amount = True, False  # 페퍼로니 반 마르게리타 반
                continue
            if half and half_of(span, lexicon) is not None:
                listing, amount, half = True, False, False
                continue
            free = not counted and not counted_behind(spans, index)
            if free and halves < 2 and current and valid(kind_of(span, lexicon), current):
                listing, halves = True, halves + 1
                continue
            paths = {path for one in current for path, _ in option.get(one, ())} if option is not None else set()
            if paths & scope and not many(spans, index):
                listing, scope, said = True, set(), said | paths
                continue
            if option is not None and current and not counted and valid(option, current) and index not in found:
                verb = next((one.has["verb"] for one in spans[index + 1 : index + 2] if "verb" in one.has), None)
                if verb is not None and verb[0] == "swap" and verb[1] != "after" and not set(current) & basket:
                    listing, scope, said = True, paths, said | paths  # 套餐，可乐换雪碧
                    continue
            if option is not None and current and valid(option, current) and index not in found:
                own = any(set(items) & set(one) for one in found.values())  # "a coke and a meal": that coke
                if not own and changes_within(spans, index, paths, current, there=bool(set(items) & basket)):
                    listing, amount, counted, scope, said = True, False, False, paths, said | paths
                    continue
            if option is not None and current and not counted and valid(option, current):
                after = spans[index + 1].has if index + 1 < len(spans) else {}
                if "as" in after:
                    listing, amount = True, False
                    continue
            if option is not None:
                follower = _next_goods(spans, index)
                if (
                    follower is not None
                    and valid(option, follower)
                    and not (counted and "pause" in spans[index + 1].has)
                ):
                    listing = True
                    continue
                named = amount or added or (listing and not counted)
                fills = opened and listing and counted and not paths & said and not many(spans, index)
                if current and valid(option, current) and (named or fills):
                    listing, amount, counted, added = True, False, False, False
                    said |= paths
                    continue
            found[index] = current = items
            listing = amount = counted = added = opened = False
            said, scope, halves = set(), set(), 0
        elif (
            "option" in has
            and "choice" not in has
            and not (counted and not behind)
            and current
            and valid(has["option"], current)
        ):
            scope = {path for one in current for path in has["option"].get(one, ())}
        elif ("category" in has or "partial" in has) and "amount" not in has:
            if "choice" in has and current and valid(has["choice"], current):
                listing = True
                continue
            items = lexicon.categories.get(has["category"], ()) if "category" in has else has["partial"]
            if "category" not in has and (alike := _of_the_same(spans, index, items, current, lexicon)):
                found[index] = current = alike
                listing = amount = counted = added = opened = False
                said, scope, halves = set(), set(), 0
                continue
            if not items or (_half_at(spans, index - 1) and set(items) & _of_halves(spans, lexicon)):
                continue
            if index and index - 1 in found and not set(found[index - 1]) & set(items):
                whole = named_so(items, spans[index - 1].text, lexicon)
                if not whole and "category" in has and (likely := _ending_so(items, spans[index - 1].text, lexicon)):
                    items = likely  # a double cheeseburger, or a cheeseburger meal
                if not whole and "category" not in has:
                    continue  # "a cheese pizza tea pan": the pizza is sure, and no tea is called so
                # "A burger meal": the last word says what it is. A "coke pizza" may be either.
                within = valid(spans[index - 1].has.get("choice", {}), items)
                found[index] = current = whole or (items if within else (*found[index - 1], *items))
                del found[index - 1]
                listing = amount = counted = added = opened = False
                said, scope, halves = set(), set(), 0
                continue
            told = counted or half or definite(spans, index) or bool(basket & set(items)) or _asked_for(spans, index)
            told = told or ("category" in has and counted_behind(spans, index) and not _lists(spans, index, items))
            told = told or ("partial" in has and _told_how(spans, index, items, bool(current)))
            if _names_category(spans, index, items) or not told or _plays_part(spans, index):
                continue
            if index and "unknown" in spans[index - 1].has:
                continue
            if "partial" in has and before_goods(spans, index) and not set(items) & basket:
                continue  # "two mango milk teas": one kind of goods, which isn't had
            found[index] = current = items
            listing = amount = counted = added = opened = False
            said, scope, halves = set(), set(), 0
        elif _counts_goods(spans, index, counted and not behind and not amount) and (
            goods := _short(has, current, lines, lexicon)
        ):
            found[index] = current = goods
            listing = amount = counted = added = opened = False
            said, scope, halves = set(), set(), 0
        elif "choice" in has and not ("num" in has and current and not valid(has["choice"], current)):
            listing, amount = True, False  # six pieces count where these goods don't come in pieces
        elif "amount" in has and has["amount"][1] == "before":
            amount, counted, half = True, False, has["amount"][0] == "half"
            opened = opened or has["amount"][0] == "with"
        elif has.keys() & {"num", "article", "another", "multiple", "each"}:
            behind = (
                "num" in has and not counted and index > 0 and (index - 1 in found or "choice" in spans[index - 1].has)
            )
            counted, added = True, False
            if "another" in has and not current and last is not None and _bare_another(spans, index):
                current = (last,)
        elif "other" in has:
            said, listing = set(), True  # "one with a Sprite, the other with a coke"
        elif "topical" in has and index and "num" in spans[index - 1].has:
            counted = False  # "하나는 베이컨 추가": as for one of them
        elif "verb" in has:
            listing = counted = amount = opened = False
            added = has["verb"][0] == "add" and has["verb"][1] != "after" and index > 0
    return found


def _of_the_same(
    spans: Sequence[Span], index: int, items: Sequence[str], current: Sequence[str], lexicon: Lexicon
) -> tuple[str, ...]:
    """What a part of a name means beside goods whose names end alike: "salmon and tuna nigiri", a nigiri and "a tuna
    one"; nothing where that isn't one thing."""
    after = [span.has for span in spans[index + 1 : index + 3]]
    other: Sequence[str] = ()
    if len(after) == 2 and "and" in after[0]:
        other = after[1].get("item", ())
    elif after and "one" in after[0] and "num" not in after[0]:
        other = current
    goods = lexicon.catalogue.items
    alike = tuple(one for one in items if one not in other and any(akin(goods[one], goods[it]) for it in other))
    return alike if len(alike) == 1 and len(other) == 1 else ()


def _half_at(spans: Sequence[Span], at: int) -> bool:
    return 0 <= at < len(spans) and halves(spans[at])


def _of_halves(spans: Sequence[Span], lexicon: Lexicon) -> set[str]:
    """What two things that half stands behind are the halves of."""
    wholes = [set(half_of(span, lexicon) or ()) for at, span in enumerate(spans) if _half_at(spans, at + 1)]
    return set.intersection(*wholes) if len(wholes) == 2 else set()


def named_so(items: Sequence[str], text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Those of `items` that have a word in their name."""
    return tuple(
        item
        for item in items
        if any(text in name.lower() for names in lexicon.catalogue.items[item].names.values() for name in names)
    )


def _ending_so(items: Sequence[str], text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Those of `items` that have the last words of a name in theirs."""
    key = words_of(text)
    joint = " " if text.isascii() else ""
    for cut in range(1, len(key) if joint else len(key) - 1):
        if found := named_so(items, joint.join(key[cut:]), lexicon):
            return found
    return ()


def _short(
    has: Mapping[str, Any], current: Sequence[str], lines: Sequence[LineSaid], lexicon: Lexicon
) -> tuple[str, ...]:
    """The goods that a counted option stands for, "a margherita and a pepperoni": named without their kind."""
    goods: tuple[str, ...] = has.get("goods", ())
    if not current:
        return () if any(line.item in has.get("choice", ()) for line in lines) else goods
    kinds = {lexicon.catalogue.items[item].category for item in current}
    return tuple(item for item in goods if lexicon.catalogue.items[item].category in kinds)


def _counts_goods(spans: Sequence[Span], index: int, counted: bool) -> bool:
    """Whether a count belongs to what stands at `index`: before it, or behind it and a link before."""
    return counted or (index > 0 and "and" in spans[index - 1].has and counted_behind(spans, index))


def _bare_another(spans: Sequence[Span], index: int) -> bool:
    """Whether "another one" is said without goods of its own."""
    for span in spans[index + 1 : index + 5]:
        if span.has.keys() & {"item", "category", "partial", "choice", "option", "unknown"}:
            return False
        if span.has.keys() & {"amount", "but", "pause", "stop"}:
            break
    return True


def _plays_part(spans: Sequence[Span], index: int) -> bool:
    """Whether a kind only says what other goods are for: "a coke as a drink"."""
    at = index - 1
    while at > 0 and spans[at].has.keys() & {"article", "the"} and "num" not in spans[at].has:
        at -= 1
    return 0 <= at < index - 1 and "role" in spans[at].has and "verb" not in spans[at].has


def _told_how(spans: Sequence[Span], index: int, items: Sequence[str], named: bool) -> bool:
    """Whether an option that goods of this kind can have stands right beside it, where a wish begins: 大杯珍珠奶茶半糖.
    `named`: goods were named before."""
    begin = index
    while begin and "choice" in spans[begin - 1].has and valid(spans[begin - 1].has["choice"], items):
        begin -= 1
    if named and not (begin and spans[begin - 1].has.keys() & {"pause", "stop"}):
        return False
    after = spans[index + 1].has if index + 1 < len(spans) else {}
    return begin < index or ("choice" in after and "item" not in after and valid(after["choice"], items))


def before_goods(spans: Sequence[Span], index: int) -> bool:
    """Whether goods without a count of their own follow at once, named by their whole name."""
    after = spans[index + 1] if index + 1 < len(spans) else None
    if after is None or after.start != spans[index].end or "item" not in after.has or "choice" in after.has:
        return False
    return set(after.has["item"]).isdisjoint(spans[index].has["partial"]) and not counted_behind(spans, index + 1)


def _asked_for(spans: Sequence[Span], index: int) -> bool:
    """Whether goods stand behind a verb and a measure word that counts as one: 来个汉堡."""
    at = index
    while at and spans[at - 1].has.keys() & {"measure", "choice"}:
        at -= 1
    wished = at > 0 and spans[at - 1].has.get("verb", ("",))[0] in ("add", "swap")
    if any("measure" in span.has for span in spans[at:index]):
        return wished and spans[at - 1].has["verb"][0] == "add"
    after = spans[index + 1].has if index + 1 < len(spans) else {"stop": True}
    named = at == index and "partial" in spans[index].has and len(spans[index].has["partial"]) == 1
    return wished and named and bool(after.keys() & {"stop", "pause", "polite", "instead", "particle"})


def _lists(spans: Sequence[Span], at: int, items: Sequence[str]) -> bool:
    """Whether a kind only leads to counted goods that are of it: "for drinks two cokes"."""
    after = at + 1
    while after < len(spans) and spans[after].has.keys() & {"num", "measure", "choice", "pause"}:
        if "item" in spans[after].has:
            break
        after += 1
    return after < len(spans) and not set(items).isdisjoint(spans[after].has.get("item", ()))


def priced(has: Mapping[str, Any]) -> bool:
    """Whether a word makes money of the number before it, and no count: "1 yuan", but two 块 of cake."""
    return has.get("currency") == "major" and "measure" not in has


def _next_goods(spans: Sequence[Span], index: int) -> tuple[str, ...] | None:
    """The goods that directly follow a span, over further options and links."""
    linked = False
    for span in spans[index + 1 : index + 8]:
        has = span.has
        if "item" in has and "choice" not in has:
            return tuple(has["item"])
        if "choice" in has or "category" in has:
            continue
        if "and" in has and not linked:
            linked = True
            continue
        return None
    return None


def _names_category(spans: Sequence[Span], index: int, items: Sequence[str]) -> bool:
    """Whether a general word only repeats the kind of the goods beside it: "two cheeseburger burgers"."""
    for other in (index - 1, index + 1):
        if 0 <= other < len(spans) and any(item in items for item in spans[other].has.get("item", ())):
            return True
    return False


def group_starts(spans: Sequence[Span], heads: dict[int, tuple[str, ...]], grammar: Grammar) -> dict[int, int]:
    """Where the left group of each head begins: start index -> head index."""
    starts: dict[int, int] = {}
    previous = -1
    counted_after = grammar.verbs_last or (grammar.script == "unspaced" and _counts_follow(spans, sorted(heads)))
    among = "of_them" if grammar.script == "unspaced" else "the"  # 其中一个: of them, one
    for head, items in sorted(heads.items()):
        start = at = head
        linked = False
        while at - 1 > previous:
            span = spans[at - 1]
            has = span.has
            if "num" in has and at < head and priced(spans[at].has) and not _weighs(spans, at):
                break
            if (
                ("num" in has and not ("choice" in has and valid(has["choice"], items)))
                or "article" in has
                or "another" in has
                or "multiple" in has
                or "some" in has
                or "fraction" in has
                or "as_many" in has
            ):
                if "num" in has and previous >= 0 and at - 2 > previous and "times" in spans[at - 2].has:
                    break  # "cheeseburger x2, fries x1"
                if counted_after and "num" in has and previous >= 0 and not _counted(spans, previous, at - 1):
                    while start < head and "measure" in spans[start].has:
                        start += 1  # it counts the goods before
                    break
                start = at = at - 1
                if at + 1 < head and "unit" in spans[at + 1].has and "num" in has:
                    continue
                while at - 1 > previous and any(
                    kind in spans[at - 1].has
                    for kind in ("num", "article", "minus", "more", "multiple", "the", "ordinal", "fraction", among)
                ):
                    start = at = at - 1
                break
            if "item" in has and at == head and at - 1 not in heads:  # the "burger" of a "burger meal"
                start = at = at - 1
                continue
            if (whole := _and_half(spans, at - 1, previous)) is not None:
                start = at = whole + 1
                continue
            if (
                has.keys() & {"more", "fewer"}
                and "choice" not in has
                and at - 2 > previous
                and "num" in spans[at - 2].has
            ):
                start = at = at - 1
                continue
            behind = counted_after and previous >= 0 and valid(has.get("choice", {}), heads[previous])
            bare = not linked and not behind and _bare(spans, at - 1, previous)  # 갈비 이 인분 바싹, 공기밥 하나
            if "choice" in has and (valid(has["choice"], items) or bare):
                if counted_after and "as" in spans[at].has and previous >= 0:
                    break  # "감자튀김은 라지로, …": it is said of the goods before
                if grammar.script != "spaced" and previous == at - 2 and _chosen_behind(spans, at - 1, head, items):
                    break  # 감자튀김 라지 콜라 라지
                at -= 1
                if (
                    at - 1 > previous
                    and "amount" in spans[at - 1].has
                    and spans[at - 1].has["amount"][1] != "after"
                    and "choice" not in spans[at - 1].has
                ):
                    if spans[at - 1].has["amount"][0] == "with":
                        start = start if linked else at
                        break
                    if previous >= 0 and not _count_left(spans, at - 1, previous, items):
                        break
                    at -= 1
                if not linked:
                    start = at
                continue
            if not linked and (begin := _strange(spans, at, head, previous)) is not None:
                at = begin
                continue
            if "the" in has or "ordinal" in has or ("each" in has and previous < 0):
                start = at = at - 1
                continue
            if (
                "measure" in has
                or "of" in has
                or "unit" in has
                or "of_them" in has
                or "side_of" in has
                or _weighs(spans, at - 1)
                or (at - 2 > previous and described(spans, at - 2))
                or "category" in has
                or "alike" in has
                or ("tag" in has and start == head)
            ):
                at -= 1
                if not linked:
                    start = at
                continue
            if has.keys() & SKIPPED and not linked and "verb" not in has and ("act" not in has or "filler" in has):
                at -= 1
                continue
            if "and" in has or "pause" in has:
                if at < head and "the" in spans[at].has:
                    break  # "the cokes three and the fries two"
                if at > 2 and "one" in spans[at - 2].has and "choice" in spans[at - 3].has:
                    break  # "a small one and fries"
                if at - 1 == previous + 1 or not _count_left(spans, at - 1, previous, items):
                    break
                linked = True
                at -= 1
                continue
            break
        starts[start] = head
        previous = head
    return starts


def _chosen_behind(spans: Sequence[Span], at: int, head: int, items: Sequence[str]) -> bool:
    """Whether the goods at `head` have a choice behind them of the option that the one at `at` makes, too."""
    behind = spans[head + 1].has.get("choice", {}) if head + 1 < len(spans) else {}
    mine = {path for item in items for path, _ in spans[at].has["choice"].get(item, ())}
    return any(path in mine for item in items for path, _ in behind.get(item, ()))


def _strange(spans: Sequence[Span], at: int, head: int, previous: int) -> int | None:
    """Where words begin that end before `at`, aren't known, and stand behind a count or an option: those of goods that
    aren't had, two taro milk teas."""
    if "partial" in spans[at - 1].has:
        begin = at - 1 if at == head and before_goods(spans, at - 1) else at
    else:
        begin = at
        while begin - 1 > previous and "unknown" in spans[begin - 1].has:
            begin -= 1
    counts = {"num", "article", "choice", *(("measure",) if "item" in spans[head].has else ())}
    told = begin - 1 > previous and spans[begin - 1].has.keys() & counts
    return begin if begin < at and told else None


def _counts_follow(spans: Sequence[Span], heads: Sequence[int]) -> bool:
    """Whether every count stands behind its goods: 牛奶两盒面包一个."""
    if len(heads) < 2 or any("num" in span.has for span in spans[: heads[0]]):
        return False
    behind = [any("num" in span.has for span in spans[head + 1 : head + 3]) for head in heads]
    return all(behind) or (len(heads) > 2 and all(behind[:-1]))  # 维C两瓶绷带三卷还有洗手液


def described(spans: Sequence[Span], at: int) -> bool:
    """Whether a count at `at` only says of how many options goods are: "two topping" pizza."""
    if "num" not in spans[at].has or at + 1 >= len(spans):
        return False
    return "option" in spans[at + 1].has and "choice" not in spans[at + 1].has


def _weighs(spans: Sequence[Span], at: int) -> bool:
    """Whether goods are weighed at `at`: "grams of", 克."""
    if "weight" not in spans[at].has:
        return False
    return "currency" not in spans[at].has or (at + 1 < len(spans) and "of" in spans[at + 1].has)


def _and_half(spans: Sequence[Span], at: int, previous: int) -> int | None:
    """Where the count before a half at `at` stands: "two and a half", 一杯半."""
    if spans[at].has.get("amount", ("",))[0] != "half":
        return None
    while at - 1 > previous and spans[at - 1].has.keys() & {"and", "measure", "article"}:
        at -= 1
    return at - 1 if at - 1 > previous and "num" in spans[at - 1].has else None


def _bare(spans: Sequence[Span], at: int, previous: int) -> bool:
    """Whether an option that these goods can't have was said of them all the same: a count stands right before it."""
    while at > previous and spans[at].has.keys() & {"choice", "measure"}:
        at -= 1
    return at > previous and bool(spans[at].has.keys() & {"num", "article", "another"})


def _counted(spans: Sequence[Span], head: int, until: int) -> bool:
    """Whether the goods at `head` have their count already, behind them. A number in the name of a choice of theirs
    counts none: the ten pieces of 윙 10조각 하나."""
    goods = spans[head].has.get("item", ())
    return any(
        "num" in span.has and not ("choice" in span.has and valid(span.has["choice"], goods))
        for span in spans[head + 1 : until]
    )


def _count_left(spans: Sequence[Span], at: int, previous: int, items: Sequence[str]) -> bool:
    """Whether only options of these goods stand between here and a count ("a large olive and ham pizza")."""
    while at - 1 > previous:
        has = spans[at - 1].has
        if has.keys() & {"num", "article", "another", "the"}:
            return True
        if not ("choice" in has and valid(has["choice"], items)) and not (has.keys() & {"and", "amount", "unit"}):
            return False
        at -= 1
    return False
