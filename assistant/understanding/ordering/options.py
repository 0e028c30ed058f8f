"""Options outside every left group: which goods they are said of, and how much of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.understanding.ordering.ahead import goods_follow, joined, names_kind
from assistant.understanding.ordering.drafts import (
    NEGATIVE,
    Draft,
    Option,
    chooses_one,
    compose,
    counted_choice,
    general,
    included,
    is_so,
    of_kind,
    other_kind,
    unsettled,
    valid,
)
from assistant.understanding.ordering.parts import half_of, kind_of
from assistant.understanding.ordering.placing import UNSURE, Reading
from assistant.understanding.words.language_words import Key
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import Span, halves
from assistant.understanding.words.text import words_of


def option(r: Reading, at: int) -> int:
    """An option, or but the kind of one, outside every left group; where to go on."""
    if end := _kinds_counted(r, at):
        return end
    if (told := _told_so(r, at)) is not None:
        return told
    if _called_otherwise(r, at):
        if r.parsed.leftover and r.parsed.leftover[-1].start == r.spans[at - 1].start:
            r.parsed.leftover.pop()
        r.lose(r.spans[at - 1], r.spans[at])
        return at + 1
    if _had_with_none(r, at):
        r.lose(r.spans[at], r.spans[at])
        r.amount, r.fresh = None, False
        return at + 1
    _says_back(r, at)
    said = _Choice(r, at)
    if (less := _weaker(r, at)) is not None:
        said.places, said.amount = less, None
    if not said.repeats():
        said.find_places()
        if said.amount == "half":
            said.read_half()
        if said.places is None:
            said.compose()
        if said.places is not None:
            said.put(said.places)
        elif not said.lost:
            said.wait()
    return at + 1


def _had_with_none(r: Reading, at: int) -> bool:
    """Whether what is to be put in, 拿铁加糖, is nothing that the goods at hand can have."""
    has = r.spans[at].has
    if r.grammar.script != "unspaced" or not at or has.keys() - {"free", "option", "tag"} or "free" not in has:
        return False
    put_in = r.spans[at - 1].has.get("amount", ("",))[0] in ("with", "extra", "light")
    goods = r.target.items if r.target is not None else ()
    return put_in and bool(goods) and set(goods).isdisjoint(has.get("option", {}))


def _says_back(r: Reading, at: int) -> None:
    """An attribute, or the kind of something else, right before a choice that isn't so is said back: "spicy ketchup",
    甜番茄酱."""
    word, said = r.spans[at - 1] if at else None, r.spans[at]
    if word is None or "choice" not in said.has or word.end != said.start or said.text == word.text:
        return
    if word.has.keys() <= {"tag", "wish", "filler"} and "tag" in word.has:
        r.lose(word, word)
    elif r.topic is word and names_kind(word) and (at < 2 or "choice" not in r.spans[at - 2].has):
        paths = {path for pairs in said.has["choice"].values() for path, _ in pairs}
        kinds = {path for found in word.has["option"].values() for path in found}
        if not any(f"{path}/".startswith(f"{kind}/") for path in paths for kind in kinds):
            r.lose(word, word)
            r.topic, r.scope = None, {}


def _called_otherwise(r: Reading, at: int) -> bool:
    """Whether goods that are known by a part of their name have another word before it: a meal "with apple juice" has
    no orange juice for it."""
    has, before = r.spans[at].has, r.spans[at - 1].has if at else {}
    if r.grammar.script == "unspaced" or "partial" not in has or "item" in has:
        return False
    return "unknown" in before or ("partial" in before and "choice" not in before)


def _weaker(r: Reading, at: int) -> Places | None:
    """덜 맵게: the choice beside the one that is made so far, away from the one that is named."""
    before, places = (r.spans[at - 1].has if at else {}), r.spans[at].has.get("choice")
    if not r.grammar.verbs_last or "lessens" not in before or not places or _of_before(r, at - 2):
        return None
    goods = r.target.items if r.target is not None and r.target.items else [line.item for line in r.lines]
    item = next((one for one in goods if one in places), None) or next(iter(places))
    path, named = places[item][0]
    kind = r.lexicon.catalogue.items[item].option(path)
    if kind is None or kind.choose != "one":
        return None
    ids = [one.id for one in kind.choices]
    so_far = [one.choice for line in r.lines if line.item == item for one in line.options if one.option == path]
    now = so_far[-1] if so_far else kind.default
    if now not in ids or now == named:
        return None
    at_now = ids.index(now)
    beside = at_now - 1 if ids.index(named) > at_now else at_now + 1
    return {item: ((path, ids[beside if 0 <= beside < len(ids) else at_now]),)}


def _of_before(r: Reading, at: int) -> bool:
    """Whether an amount is said of what stands before it: the ice of 얼음 조금 라지로."""
    while at > 0 and "topical" in r.spans[at].has:
        at -= 1
    has = r.spans[at].has if at >= 0 else {}
    return not has.keys().isdisjoint({"choice", "option"}) and "item" not in has


class _Choice:
    """An option while it is read: what it may choose, how much of it, and of which goods."""

    def __init__(self, r: Reading, at: int) -> None:
        self.r, self.at, self.span, self.has = r, at, r.spans[at], r.spans[at].has
        self.places: Places | None = self.has.get("choice") or self.has.get("kinds")
        self.target = r.target or (r.all()[-1] if r.all() else None)
        self.items: Sequence[str] = self.target.items if self.target is not None else ()
        self.amount = r.amount if r.fresh else None
        self.part: str | None = None
        """The half that it is on."""
        self.lost = False
        """Nothing can be done with it: it is said back."""
        unsettled_line = unsettled(r.lexicon, r.lines)
        self.asked = unsettled_line[1] if unsettled_line is not None else None
        """The item of the basket of which an option is being asked."""
        if self._goes_on_denying():
            self.amount = NEGATIVE

    def _goes_on_denying(self) -> bool:
        r, target, places = self.r, self.target, self.places
        if r.amount == NEGATIVE and not r.fresh and joined(r.spans, self.at):
            return True
        return bool(
            self.amount is None and target is not None and places and _goes_on_denying(r, self.at, target, places)
        )

    def repeats(self) -> bool:
        """Whether it only says of what kind the option right before it is: cheddar *cheese*."""
        if self.at == 0 or "choice" not in self.r.spans[self.at - 1].has or self.amount is not None:
            return False
        return self.places is not None and self.target is not None and general(self.places, self.target)

    def find_places(self) -> None:
        """Where it belongs as one of the kinds that a whole is made of, or together with its amount: less ice."""
        if "item" in self.has and (self.places is None or not valid(self.places, self.items)):
            kinds = kind_of(self.span, self.r.lexicon)
            about = self.items or ((self.asked,) if self.asked is not None else ())
            self.places = kinds if valid(kinds, about) else self.places
        gone = self.r.instead or ("item" in self.has and self.places is not None)
        if self.amount == NEGATIVE and gone:
            return  # "no coke" of a meal is no "zero coke"
        if self.amount is not None and self.amount != "with":
            whole = compose(self.r.lexicon, self.amount, self.span, self.items, self.r.folds)
            if whole is not None:
                self.places, self.amount = whole, None

    def _is_had(self, places: Places, target: Draft) -> bool:
        """Whether goods that are chosen so already have no more of it."""
        said = {pair for one in target.options for item in self.items for pair in one.places.get(item, ())}
        again = any(pair in said for item in self.items for pair in places.get(item, ()))
        return again and chooses_one(self.r.lexicon, places, self.items)

    def read_half(self) -> None:
        """Half of a thing: of the goods at hand, of those in the basket, or of some that only their halves name."""
        r, self.amount = self.r, None
        wholes = half_of(self.span, r.lexicon)
        if wholes is None:
            return
        self.places, target = wholes, self.target
        there = pending_count(r) is None and any(line.item in wholes for line in r.lines)
        in_basket = there or (self.asked is not None and self.asked in wholes)
        if (target is None and not in_basket) or (
            target is not None and target.head and not valid(wholes, target.items)
        ):
            target = self.target = Draft(tuple(wholes), self.span.text)
            target.quantity = pending_count(r, self.span)
            r.adopt(target)
        others = [one for one in target.options if _halved(one, wholes)] if target is not None else []
        led = bool(others) and not others[-1].part and not self._half_behind() and not self._one_of(others[-1])
        if others and not others[-1].part and not led:
            others[-1].part = "left"  # 하와이안 반 페퍼로니 반: the half is said behind the first
        self.part = "right" if others and not led else "left"  # "extra cheese, half mushrooms": that is on all of it
        if others and target is not None and not (target.head or target.reference or target.items or there):
            target.items = tuple(item for item in wholes if item in others[-1].places)
            target.head, target.heard = True, self.span.text  # 페퍼로니 반 마르게리타 반이요

    def _half_behind(self) -> bool:
        """Whether the half is said behind what is on it."""
        behind = self.r.spans[self.at + 1 : self.at + 3]
        return bool(behind) and halves(behind[0]) and "choice" not in behind[-1].has

    def _one_of(self, option: Option) -> bool:
        """Whether of what an option chooses there is but one on each half."""
        return chooses_one(self.r.lexicon, option.places, self.items or tuple(option.places))

    def compose(self) -> None:
        """The choice that an amount and a kind make together, whatever goods are at hand: "no sugar"."""
        if self.amount in (None, "with"):
            return
        self.places = compose(self.r.lexicon, str(self.amount), self.span, ())
        about = self.items or [line.item for line in self.r.lines if line.item]
        if self.places is None and (kind := of_kind(self.r.lexicon, str(self.amount), self.span, about)) is not None:
            self.places = kind
            return
        if self.places is None and self.target is not None:
            self._lose()  # "extra ice", where there is no such choice
        self.amount = None

    def _lose(self) -> None:
        """Says back the amount and its kind, where it stands right before it."""
        before = self.r.spans[self.at - 1] if self.at else None
        if (
            before is not None
            and "amount" in before.has
            and (names_kind(self.span) or self.amount in ("light", "extra"))
        ):
            self.r.lose(before, self.span)
            self.r.fresh, self.lost = False, True

    def wait(self) -> None:
        """Only a kind, "the drink", "얼음": what follows chooses, or what was just said is said of it."""
        r, target = self.r, self.target
        scope = self.has.get("option", {})
        if self.amount == "with" and target is not None and target.head and not valid(scope, self.items):
            self._lose()  # "with milk", of what has none
        r.fresh, r.scope, r.topic = False, scope, self.span
        last = target.options[-1] if target is not None and target.options else None
        if last is not None and last.end == self.span.start and _within(last.places, scope):
            last.scope, r.scope = scope, {}

    def put(self, places: Places) -> None:
        """Puts the option on the goods that it is said of."""
        r, amount, target = self.r, self.amount, self.target
        count = r.folds if amount == "extra" and r.folds and counted_choice(r.lexicon, places, self.items) else None
        goods = self.items or ((r.last,) if r.last is not None and (target is None or target.reference) else ())
        if goods and not valid(places, goods):
            inside = counted_within(r, self.span, goods)
            places, count = inside if inside is not None else (places, count)
        strange = amount is None and not valid(places, self.items)
        if target is not None and strange and _of_other_kind(r, self.span, target):
            return
        about = self.items or [line.item for line in r.lines if line.item]
        if amount == "light" and (target is not None or r.lines) and chooses_one(r.lexicon, places, about):
            self._lose()  # "not too hot", where it is hot or isn't
            return
        if amount == "extra" and target is not None and self._is_had(places, target):
            self._lose()  # "a steak bowl with extra steak", of which there is one portion or none
            return
        if target is not None and target.head:
            places = _called_so(r, self.span, target) or _called_nearly(r, self.span, target) or places
        if target is not None and amount is None and (short := _short_for_others(r, self.at, places, target)):
            r.place(Draft(short, self.span.text))
            return
        if target is not None and amount is None and (goods := _goods_called(r, self.at, places, target)):
            target = Draft(goods, self.span.text)  # 맥주 두 병 물냉면 하나: the noodles that are so
            r.adopt(target)
        counted = amount is None and target is not None and _counted_apart(r, self.at, target, places)
        if target is not None and (counted or (amount in (None, "with") and _other_ones(r, self.at, target, places))):
            target = Draft(target.items, target.heard, target.score)
            target.quantity = None if counted else 1
            if r.grammar.script == "unspaced" and not counted:
                target.head = target.article = True  # 一字的也来两把: a count may follow
            r.adopt(target)
        made = Option(places, self.span, None if amount == "with" else amount, count)
        made.part, made.doubled = self.part or r.part, amount == "extra" and r.folds == 2
        made.beside = made.amount is None and made.part is None and _beside_name(r, self.at)
        if r.lines and target is not None and target is r.current and _another_such(r, self.at, made, target):
            target = Draft()  # 小的微辣，大的特辣
            r.adopt(target)
            target.mode, target.verb = r.mode, r.verb_said
        said = r.parsed.drafts[-1:]
        alone = not said or (said[0] is target and not (said[0].head or said[0].reference))
        made.tells = (
            bool(r.lines)
            and alone
            and any((_points_out(r.spans, self.at), _of_such(r, self.at, made), _of_those(r, self.at, places)))
        )
        if r.instead:  # "a Sprite instead of the coke and onion rings": those are wanted
            made.after, r.amount = True, None
        r.part, r.instead = None, False
        if r.halved and target is not None and target.head and made.part is None:
            made.part, r.halved = r.free_half(), False  # "a pizza half with extra cheese"
        if target is not None and _off_others(r, self.at, target):
            target = Draft()  # "make the taro hot and take the boba out of the milk tea"
            r.adopt(target)
        if r.scope:
            made.scope, r.scope = r.scope, {}
        target = self._goods(target)
        if target.mode == "remove" and not target.head and amount in (None, "with"):
            made.amount = NEGATIVE
        for one in r.all() if r.spread is not None else ():
            if one.head and one is not target and valid(places, one.items):
                one.options.append(Option(places, self.span, made.amount))
        target.options.append(made)
        for part in target.subs if r.spread is not None else ():
            if part.also:
                part.options.append(made)  # "… and another one with jam, both toasted"
        swaps = r.mode == "swap" and target is r.current and target.mode == "swap" and not target.old
        if swaps and target.head and not goods_follow(r.spans, self.at, target.items):
            target.mode = "change"  # 拿铁改热的，可颂不要了: what follows takes no place
            r.mode, r.verb_said = None, False
        r.fresh, r.topic = False, None
        if amount != NEGATIVE and amount != "with":
            r.amount = None
        r.correcting = r.linked = False

    def _goods(self, target: Draft | None) -> Draft:
        """The draft that the option goes to, where `target` was spoken of last."""
        r, paused = self.r, self.r.paused(self.at)
        if target is not None and target.denied and paused and (wanted := r.wanted()) is not None:
            r.back_to(wanted, target)
            target = wanted  # 要多肉葡萄不要芒果冰沙，大杯: it is said of what is wanted
        gone = target is not None and ((target.old and target.mode == "swap") or target.denied)
        if gone and target is not None and target is r.current and paused:
            target.old = target.denied = False  # "not the large coke, the small one"
            target.mode, target.options, target.left = "change", [], 0
        if target is None or (target.mode == "remove" and target.old):
            target = Draft()
            target.halved, r.halved = r.halved, False
            r.adopt(target)
            r.current = r.target = target
            target.mode, target.verb = r.mode, r.verb_said
        return target


def _off_others(r: Reading, at: int, target: Draft) -> bool:
    """Whether an option is taken off other goods of the basket than those that were changed before it."""
    if r.mode != "remove" or not r.verb_said or target.mode == "remove" or not (target.head or target.options):
        return False
    after = r.spans[at + 1 : at + 5]
    if not after or "on" not in after[0].has:
        return False
    goods = next((span.has["item"] for span in after[1:] if "item" in span.has), ())
    return not r.basket.isdisjoint(goods) and set(goods).isdisjoint(target.items)


def _of_other_kind(r: Reading, span: Span, target: Draft) -> bool:
    """Whether some of the goods that were counted are others of their kind: 四杯可乐，一半要无糖的."""
    kind = other_kind(r.lexicon, span, target.items) if target is not r.current else None
    if kind is None:
        return False
    target.told = True
    r.place(Draft(kind, span.text))
    return True


def _called_nearly(r: Reading, span: Span, target: Draft) -> Places | None:
    """The one choice of goods that begins as a choice does which they can't have, barbecue dip for the barbecue sauce
    of others: it is asked about."""
    places, key = span.has.get("choice", {}), words_of(span.text)
    if len(target.items) != 1 or not places or valid(places, target.items) or "item" in span.has or len(key) < 2:
        return None
    if any(valid(places, one.has["item"]) for one in r.spans if one.start >= span.end and "item" in one.has):
        return None
    size = 1 if r.grammar.script == "spaced" else 2
    found = set()
    for option in r.lexicon.catalogue.items[target.items[0]].options:
        for choice in option.choices if option.choose != "one" else ():
            if any(words_of(name)[:size] == key[:size] for name in choice.names.get(r.grammar.tag, ())):
                found.add((option.id, choice.id))
    if len(found) != 1:
        return None
    for draft in (target, r.current or target):
        draft.score = min(draft.score, UNSURE)
    return {target.items[0]: tuple(found)}


def _called_so(r: Reading, span: Span, target: Draft) -> Places | None:
    """The one choice of goods whose name begins with a word that chooses something else of others: "the small ones",
    of soil by the small bag, where pots are small. In languages whose verbs come last: whose name it ends, 계란 of
    떡볶이 with 삶은 계란, where other goods have 계란."""
    places, key = span.has.get("choice", {}), words_of(span.text)
    if len(target.items) != 1 or not places or valid(places, target.items) or "item" in span.has:
        return None
    if r.grammar.verbs_last:
        return _ends_name(r, key, target.items[0])
    if r.grammar.script != "spaced" or len(key) > 1:
        return None
    found = {
        (option.id, choice.id)
        for option in r.lexicon.catalogue.items[target.items[0]].options
        for choice in (option.choices if option.choose == "one" else ())
        if any(len(name) > 1 and name[:1] == key for name in map(words_of, choice.names.get(r.grammar.tag, ())))
    }
    return {target.items[0]: tuple(found)} if len(found) == 1 else None


def _ends_name(r: Reading, key: Key, item: str) -> Places | None:
    """The one choice of goods whose name ends in words that stand there by themselves."""
    found = {
        (option.id, choice.id)
        for option in r.lexicon.catalogue.items[item].options
        for choice in option.choices
        if any(words_of(name.split()[-1]) == key for name in choice.names.get(r.grammar.tag, ()) if " " in name.strip())
    }
    return {item: tuple(found)} if len(found) == 1 else None


def _beside_name(r: Reading, at: int) -> bool:
    """Whether "and" stands before it, and right before that the name of the goods at hand."""
    return at > 1 and "and" in r.spans[at - 1].has and r.spans[at - 2].start == r.named_at


def _halved(option: Option, halves: Places) -> bool:
    """Whether an option is one of those that may be said of a half, as a size is not."""
    return any(
        pair[0] == other[0] for item, pairs in halves.items() for pair in option.places.get(item, ()) for other in pairs
    )


def _goes_on_denying(r: Reading, at: int, target: Draft, places: Places) -> bool:
    """Whether an option goes on a list of what is unwanted: "without onions, pickles or tomato". Over a comma that is
    sure only with an "or" in the list, a comma of lists, or where it is on the goods anyway."""
    last = target.options[-1] if target.options else None
    if last is None or last.amount != NEGATIVE or last.after:
        return False
    gap = [span for span in r.spans[:at] if span.start >= last.end]
    if not gap and r.grammar.script == "unspaced":  # 不要葱花香菜, which both come with it
        return bool(target.items) and all(included(r.lexicon, places, item) for item in target.items)
    if not gap or not all(span.has.keys() & {"pause", "and", "or", "the", "some"} for span in gap):
        return False
    if any("or" in span.has for span in gap) or all(span.text == "、" or "and" in span.has for span in gap):
        return True
    for span in r.spans[at + 1 :]:
        if not span.has.keys() & {"pause", "and", "or", "choice", "the", "some"} or "item" in span.has:
            break
        if "or" in span.has:
            return True
    return bool(target.items) and all(included(r.lexicon, places, item) for item in target.items)


def _points_out(spans: Sequence[Span], at: int) -> bool:
    """Whether an option says which line is meant: "the large one", 大杯的那个."""
    after = [span.has for span in spans[at + 1 : at + 3]]
    if at and "the" in spans[at - 1].has:
        return bool(after) and "one" in after[0] and "num" not in spans[at - 1].has
    if after and {"the", "it"} <= after[0].keys() and at + 2 < len(spans) and "verb" not in spans[at + 2].has:
        return True  # 热的那杯加一份浓缩
    return len(after) == 2 and "particle" in after[0] and bool(after[1].keys() & {"the", "it"})


def _told_so(r: Reading, at: int) -> int | None:
    """Where to go on behind words for some of the goods that were just told apart:
    三碗面，一碗大的两碗小的，大的不要香菜. What follows is said of those. None where no such words stand there."""
    goods, places = r.current, r.spans[at].has.get("choice")
    if goods is None or not goods.items or not places or r.fresh:
        return None
    if not chooses_one(r.lexicon, places, goods.items) or not (_says_which(r, at) or _that_one(r, at)):
        return None
    named = {pair for item in goods.items for pair in places.get(item, ())}
    apart = goods.subs if len(goods.subs) > 1 else [one for one in r.all() if one.items == goods.items]
    so = [
        one for one in apart if any(named & {*said.places.get(item, ())} for said in one.options for item in one.items)
    ]
    if len(so) != 1 or len(apart) < 2:
        return None
    if so[0] not in goods.subs:
        r.current = so[0]
    r.target, r.amount, r.spread = so[0], None, None
    end = at + 1
    while end < len(r.spans) and r.spans[end].has.keys() & {"particle", "the", "one", "topical", "each"}:
        end += 1
    return end


def _that_one(r: Reading, at: int) -> bool:
    """冰的那杯, where words aren't parted."""
    behind = [span.has for span in r.spans[at + 1 : at + 3] if "particle" not in span.has]
    return r.grammar.script == "unspaced" and bool(behind) and "the" in behind[0]


def _of_such(r: Reading, at: int, said: Option) -> bool:
    """Whether something is said of the lines that are so, and of no others: 大杯的去冰, 라지는 얼음 빼 주세요."""
    if not _says_which(r, at):
        return False
    can = [is_so(line, [said], r.lexicon) for line in r.lines if line.item in said.places]
    return any(can) and not all(can)


def _another_such(r: Reading, at: int, said: Option, target: Draft) -> bool:
    """Whether something is said of other lines than that which was told by what it is right before."""
    told = not target.head and len(target.options) > 1 and target.options[0].tells
    return told and r.paused(at) and _of_such(r, at, said)


def _says_which(r: Reading, at: int) -> bool:
    """Whether an option at the beginning of a phrase tells of which goods the rest of it is said."""
    after = [span.has.keys() for span in r.spans[at + 1 : at + 5] if span.has.keys() != {"filler"}]
    led = at == 0 or bool(r.spans[at - 1].has.keys() & {"pause", "stop", "and", "filler"})
    marks = {"unspaced": {"particle"}, "particles": {"on", "topical", "one"}}.get(r.grammar.script, set())
    marked = bool(after) and bool(after[0] & marks) and "choice" not in after[0]
    if marked:
        after = after[2:] if "one" in after[0] and len(after) > 1 and "topical" in after[1] else after[1:]
    elif r.grammar.script != "unspaced" or "particle" not in _last_word(r, at):
        return False
    if marked and len(after) > 1 and after[0] == {"each"}:
        after = after[1:]  # 小的都要微辣
    said = bool(after) and bool(after[0] & {"amount", "choice", "option", "again", "only"})
    return led and said and "item" not in after[0]


def _last_word(r: Reading, at: int) -> Mapping[str, Any]:
    """What the last letter of a name of several may be by itself: the 的 of 热的."""
    key = words_of(r.spans[at].text)
    return meaning_of(r.lexicon.words[r.grammar.tag], key[-1:]) if len(key) > 1 else {}


def _of_those(r: Reading, at: int, places: Places) -> bool:
    """Whether the lines that are so, where others aren't, become otherwise: 热的那杯换成大杯, 뜨거운 건 라지로."""
    if r.grammar.script == "spaced":
        return False
    lines = [line for line in r.lines if line.item in places]
    so = [is_so(line, [Option(places, r.spans[at], None)], r.lexicon) for line in lines]
    if not any(so) or all(so) or not chooses_one(r.lexicon, places, [line.item for line in lines if line.item]):
        return False
    others = [i for i, span in enumerate(r.spans) if i != at and not span.has.keys().isdisjoint(_SAID_OF_GOODS)]
    verbs = [i for i, span in enumerate(r.spans) if span.has.get("verb", ("add",))[0] in ("swap", "change")]
    if len(verbs) != 1 or not others:
        return False
    if any("choice" not in r.spans[i].has or "item" in r.spans[i].has for i in others):
        return False
    if r.grammar.script == "unspaced":
        return at < verbs[0] < min(others)
    after = max(others) + 1
    return at < min(others) and after < len(r.spans) and "as" in r.spans[after].has


_SAID_OF_GOODS = frozenset({"choice", "item", "category", "partial", "num", "unknown", "option"})


def counted_within(r: Reading, span: Span, items: Sequence[str]) -> tuple[Places, int] | None:
    """A name that these goods haven't, but that says a count and a choice of theirs: the "double shot" of a latte."""
    key = words_of(span.text)
    words = r.lexicon.words[r.grammar.tag]
    for cut in range(1, len(key)):
        first, places = meaning_of(words, key[:cut]), r.lexicon.choices.get(key[cut:], {})
        number = first.get("fold") or first.get("num", (0,))[0]
        if number and counted_choice(r.lexicon, places, items):
            return places, number
    return None


def pending_count(r: Reading, until: Span | None = None) -> int | None:
    """The count that was said, before `until`, of goods that only their halves name: a large half ham half cheese."""
    spans = r.spans if until is None else (s for s in r.spans if s.start < until.start)
    return next((s.has["num"][0] for s in spans if "num" in s.has), None)


def _within(places: Places, scope: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a choice may be made inside an option: "large" inside "drink"."""
    return any(
        path.startswith(f"{one}/") for item, pairs in places.items() for path, _ in pairs for one in scope.get(item, ())
    )


def _counted_apart(r: Reading, at: int, target: Draft, places: Places) -> bool:
    """Whether a choice with a count behind it is made for more of the goods that were just counted with another one:
    성인용 기침약 하나랑 어린이용 하나, 创可贴防水的两盒，卡通的一盒."""
    behind = r.grammar.script != "spaced" and bool(target.options)
    joined = (r.grammar.verbs_last and r.linked) or behind
    counted = target.quantity and not target.article and target is r.current
    counted = counted and (target.head or (behind and not target.reference and not r.lines))
    if not (joined and counted) or r.correcting:
        return False
    while at + 1 < len(r.spans) and r.spans[at + 1].has.keys() & {"particle", "one"}:
        at += 1
    items = target.items or tuple(places)
    if at + 1 == len(r.spans) or "num" not in r.spans[at + 1].has or not chooses_one(r.lexicon, places, items):
        return False
    if any("each" in span.has for span in r.spans[at + 2 : at + 4]):
        return False  # 초코 하나씩: of all that were listed
    made = {pair[0] for one in target.options for item in items for pair in one.places.get(item, ())}
    return any(pair[0] in made for item in items for pair in places.get(item, ()))


def _kinds_counted(r: Reading, at: int) -> int:
    """샌드위치 세 개, 햄치즈 둘 참치 하나: choices with their counts behind them, which are all of the goods that were
    counted before. Where to go on; 0 where it isn't so said."""
    goods = r.current
    if goods is None or goods is not r.target or r.grammar.script == "spaced" or r.fresh or r.correcting:
        return 0
    if not goods.head or goods.subs or (goods.quantity or 0) < 2 or len(goods.options) > goods.left:
        return 0
    parts: list[tuple[Option, int]] = []
    end = at
    while end + 1 < len(r.spans) and "choice" in r.spans[end].has:
        word, count = r.spans[end], end + 1
        while count + 1 < len(r.spans) and r.spans[count].has.keys() & {"one", "particle"}:
            count += 1  # 거친 거 하나
        if "num" not in r.spans[count].has or not chooses_one(r.lexicon, word.has["choice"], goods.items):
            break
        parts.append((Option(word.has["choice"], word), r.spans[count].has["num"][0]))
        end = count + 1
        while end < len(r.spans) and r.spans[end].has.keys() & {"measure", "and", "pause", "particle"}:
            end += 1
    if len(parts) < 2 or sum(number for _, number in parts) != goods.quantity:
        return 0
    for option, number in parts:
        part = r.sub(number)
        part.options, part.told, part.also = [option], True, False
    r.target = goods
    return end


def _goods_called(r: Reading, at: int, places: Places, target: Draft) -> tuple[str, ...]:
    """The one thing that a counted choice alone stands for, where the goods before it can't have it."""
    return tuple(places) if len(places) == 1 and _goods_apart(r, at, places, target) else ()


def _goods_apart(r: Reading, at: int, places: Places, target: Draft) -> bool:
    """Whether a counted choice is said of other goods than those before it, which can't have it."""
    follower = r.spans[at + 1].has if at + 1 < len(r.spans) else {}
    fits = r.grammar.script != "spaced" and target.head and target.quantity is not None and "num" in follower
    return fits and not valid(places, target.items) and target.mode in (None, "add")


def _short_for_others(r: Reading, at: int, places: Places, target: Draft) -> tuple[str, ...]:
    """The goods that a counted word is short for, where those before it can't be so: 맥주 두 잔 후라이드 하나."""
    short: tuple[str, ...] = r.spans[at].has.get("goods", ())
    return short if len(short) == 1 and _goods_apart(r, at, places, target) else ()


def _other_ones(r: Reading, at: int, target: Draft, places: Places) -> bool:
    """Whether a choice begins more of the goods, as they have made that choice already: "white tulips and half a dozen
    pink ones", 郁金香白的，再要粉的."""
    fits = target is r.current and target.head and target.mode in (None, "add") and not target.subs
    if not fits or not chooses_one(r.lexicon, places, target.items):
        return False
    end, listed = at + 1, [places]
    while end < len(r.spans) and "choice" in r.spans[end].has:
        listed.append(r.spans[end].has["choice"])
        end += 1
    after = r.spans[end + 1].has if end + 1 < len(r.spans) else {}
    named = r.linked and end < len(r.spans) and "one" in r.spans[end].has and "of" not in after
    since = [span for span in r.spans if r.named_at < span.start < r.spans[at].start]
    also = [*since, *(span for span in r.spans[end : end + 2] if "too" in span.has)]  # 一字的也来一把
    again = r.grammar.script == "unspaced" and any(span.has.keys() & {"again", "too"} for span in also)
    made = {one.places[item][0] for one in target.options for item in target.items if item in one.places}
    new = {some[item][0] for some in listed for item in target.items if item in some}
    return (named or again) and {path for path, _ in made} >= {path for path, _ in new} and made.isdisjoint(new)
