"""Counts outside every left group: what they count, and which line they split."""

from __future__ import annotations

from collections.abc import Callable

from assistant.turns import LineSaid
from assistant.understanding.changing.other_ones import another_of, counts_kinds, with_unknown
from assistant.understanding.ordering.ahead import content, counted, goods_follow, names_kind, taken_back, tells_apart
from assistant.understanding.ordering.counted import begins_with, counted_on, counts_anew, stands_for, wished_more
from assistant.understanding.ordering.drafts import NEGATIVE, Draft, Option, chooses_one, counted_choice, units, valid
from assistant.understanding.ordering.options import option
from assistant.understanding.ordering.placing import UNSURE, Reading
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.spans import PHRASE_ENDS, Span


def count(r: Reading, at: int) -> int:
    """A count outside every left group; where to go on."""
    said = _Count(r, at)
    for rule in _RULES:
        end = rule(said)
        if end is not None:
            return end
    return said.stands_alone()


class _Count:
    """A count, what stands around it, and the goods that it may be said of."""

    def __init__(self, r: Reading, at: int) -> None:
        self.r, self.at, self.spans = r, at, r.spans
        self.has = r.spans[at].has
        self.target = r.target or (r.all()[-1] if r.all() else None)
        """What was spoken of last: goods, options without goods, or some of the goods."""
        self.goods = r.current if r.current is not None and r.current.head else None
        self.number, self.after, self.unit, self.more = counted(r.spans, at)
        """`after`: the span behind the count; `unit`: it counts an option; `more`: it is so many more."""
        self.next = r.spans[self.after].has if self.after < len(r.spans) else {}
        self.follower = content(r.spans, self.after)
        self.choice: Places | None = None if self.follower is None else self.follower.has.get("choice")
        """What may be chosen by the word behind the count."""

    @property
    def whole(self) -> Draft | None:
        """The goods that were counted, also where some of them were spoken of last."""
        return self.r.current if self.r.current is not None and self.target in self.r.current.subs else self.target

    # -- counts that belong together, or are said back -----------------------------------------------------------

    def is_number_of_name(self) -> int | None:
        """七号的, of batteries: what is numbered so is said back, and nothing is counted by it."""
        spans, at = self.spans, self.at
        if self.r.grammar.script != "unspaced" or at + 1 >= len(spans) or "numbered" not in spans[at + 1].has:
            return None
        self.r.lose(spans[at], spans[at + 1])
        return at + 2

    def begins_multiple(self) -> int | None:
        """The "a" of "a dozen"."""
        follows = self.at + 1 < len(self.spans) and "multiple" in self.spans[self.at + 1].has
        return self.at + 1 if "article" in self.has and follows else None

    def counts_each(self) -> int | None:
        """ "A coke and a sprite, two of each", 하나씩: a count of all the goods that have none."""
        heads = [draft for draft in self.r.all() if draft.head]
        uncounted = [draft for draft in heads if draft.quantity is None or draft.article]
        within = any("each" in span.has for span in self.spans[self.at + 1 : self.after])
        behind = "each" in self.next and len(uncounted) == len(heads)
        if len(heads) < 2 or not (within or behind):
            return None
        for draft in uncounted:
            draft.quantity, draft.article = self.number, False
        return self.after + (not within)

    def counts_unknown(self) -> int | None:
        return with_unknown(self.r, self.at, self.after)

    def counts_things(self) -> int | None:
        """ "A large coke and three cups": what is counted behind "and" by a measure alone isn't had here."""
        r, named = self.r, self.spans[self.at + 1 : self.at + 2]
        alone = self.follower is None or not self.follower.has.keys().isdisjoint(PHRASE_ENDS | {"polite"})
        if r.grammar.script != "spaced" or r.grammar.verbs_last or not (r.linked and named and alone):
            return None
        if named[0].has.keys() != {"measure"} or r.current is None or not r.current.head:
            return None
        r.lose(named[0], named[0])
        return self.after

    def is_number_of_choice(self) -> int | None:
        """A bare number behind goods that a choice of theirs begins with, and that counts nothing: ibuprofen 400, where
        it comes by 200 mg and 400 mg."""
        r, goods, span = self.r, self.r.current, self.spans[self.at]
        if goods is None or r.target is None or len(goods.items) != 1:
            return None
        if r.target not in (goods.subs or [goods]):
            return None
        if self.number < 10 or self.after != self.at + 1 or "choice" in self.has:
            return None
        if r.grammar.script != "spaced" and not span.text.isdigit():
            return None
        found = self._called(self.number, goods.items[0])
        if len(found) != 1:
            return None
        if not (r.amount == NEGATIVE and r.fresh):  # "it should be 200, not 400"
            r.target.options.append(Option({goods.items[0]: tuple(found)}, span))
        return self.after

    def _called(self, number: int, item: str) -> set[tuple[str, str]]:
        """The choices of goods whose names begin with a number."""
        return {
            (option.id, choice.id)
            for option in self.r.lexicon.catalogue.items[item].options
            for choice in option.choices
            if option.choose == "one" and begins_with(number, choice.names.get(self.r.grammar.tag, ()))
        }

    def one_of_listed(self) -> int | None:
        """ "Plasters, small and large, one of each": as many as were listed."""
        r, goods, spans, end = self.r, self.goods, self.spans, self.at + 1
        while end < len(spans) and spans[end].has.keys() & {"of", "measure"} and "each" not in spans[end].has:
            end += 1
        if goods is None:
            return None
        if end == len(spans) or "each" not in spans[end].has:
            return None
        if end + 1 < len(spans) and spans[end + 1].has.keys().isdisjoint(PHRASE_ENDS | {"verb", "particle"}):
            return None
        listed = goods.options[goods.left :]
        alone = len(listed) > 1 and all(chooses_one(r.lexicon, one.places, goods.items) for one in listed)
        kinds = {path for one in listed for item in goods.items for path, _ in one.places.get(item, ())[:1]}
        if goods.quantity not in (None, self.number * len(listed)):
            return None
        if r.grammar.verbs_last and alone and len(kinds) == 1:  # 형광펜 노랑 분홍 초록 하나씩
            goods.options = goods.options[: goods.left]
            goods.quantity = self.number * len(listed)
            for one in listed:
                r.sub(self.number).options = [one]
            r.target = goods
            return end + 1
        if self.number != 1 or goods.quantity is not None:
            return None
        paths = [path for one in goods.options for item in goods.items for path, _ in one.places.get(item, ())[:1]]
        return end + 1 if len(set(paths)) < len(paths) else None

    def one_of_each(self) -> int | None:
        """ "Four highlighters, one of each colour": as many lines as there are choices."""
        r, spans, whole, end = self.r, self.spans, self.goods, self.at + 1
        while end < len(spans) and spans[end].has.keys() & _EACH_KIND and "option" not in spans[end].has:
            end += 1
        if whole is None or end == self.at + 1 or end == len(spans) or "option" not in spans[end].has:
            return None
        if len(whole.items) != 1 or whole.subs or not any("each" in span.has for span in spans[self.at : end]):
            return None
        item, paths = r.lexicon.catalogue.items[whole.items[0]], spans[end].has["option"].get(whole.items[0], ())
        kind = next((one for path in paths if (one := item.option(path)) is not None), None)
        if kind is None or kind.choose != "one":
            return None
        if whole.quantity not in (None, self.number * len(kind.choices)) and not whole.article:
            whole.score = min(whole.score, UNSURE)  # "four mochi, one of each flavour", of which there are three
            return end + 1
        whole.quantity, whole.article = self.number * len(kind.choices), False
        for choice in kind.choices:
            r.sub(self.number).options = [Option({item.id: ((kind.id, choice.id),)}, spans[end])]
        r.target = whole
        return end + 1

    def counts_kinds(self) -> int | None:
        if self.goods is None or self.goods.quantity or not counts_kinds(self.r, self.at, self.after):
            return None
        self.goods.quantity = 0  # all of it is counted by its kinds
        self.r.sub(self.number).also = True
        return self.after

    def is_size(self) -> int | None:
        """이부프로펜 400 두 통이랑 200 한 통: a size, and no goods that it is of."""
        span, behind = self.spans[self.at], self.spans[self.at + 1 : self.at + 2]
        if not self.r.grammar.verbs_last or not span.text.isdigit() or not any("num" in one.has for one in behind):
            return None
        self.r.lose(span, span)
        return self.at + 1

    def is_taken_back(self) -> int | None:
        """ "A large, sorry, a small …"."""
        target = self.target
        if self.r.grammar.verbs_last and target is self.r.current and target is not None and target.quantity is None:
            return None
        return taken_back(self.spans, self.at, target.items if target is not None else ())

    # -- counts of an option -------------------------------------------------------------------------------------

    def tells_amount(self) -> None:
        """ "Two burgers, one no pickle one extra onion": "extra" says how much of an option some of the goods have, and
        counts none of it, as "two extra shots" does."""
        goods, last = self.goods, self.spans[self.after - 1].has
        if not self.unit or self.choice is None or goods is None or (goods.quantity or 0) < 2:
            return
        extra = last.get("amount", ("",))[0] == "extra" and "unit" not in last
        if extra and not counted_choice(self.r.lexicon, self.choice, goods.items):
            self.number, self.after, self.unit, self.more = self.has["num"][0], self.at + 1, False, False
            self.next = self.spans[self.after].has
            self.follower, self.choice = content(self.spans, self.after), None

    def counts_others(self) -> int | None:
        """ "… and a pot of oolong", 再来一壶铁观音: a choice that only one thing can have stands for it."""
        r, goods, places, follower = self.r, self.goods, self.choice, self.follower
        led = r.linked or r.again or (self.at > 0 and "verb" in self.spans[self.at - 1].has)
        if goods is None or places is None or follower is None or len(places) != 1 or "item" in follower.has:
            return None
        if not led or r.correcting or r.mode not in (None, "add") or valid(places, goods.items):
            return None
        if goods_follow(self.spans, self.spans.index(follower, self.after), ()):
            return None  # 一个蒜香馕
        draft = Draft(tuple(places), follower.text)
        draft.quantity, draft.article = self.number, "article" in self.has
        r.adopt(draft)
        return self.after

    def another_kind(self) -> int | None:
        """ "And a small one", 再来两杯中杯的."""
        again = "num" in self.has and self.r.again and self.r.grammar.script == "unspaced"
        if again and self.goods is not None and self.goods.quantity is None:
            return None  # 可乐再加一杯大的: it counts them
        if again and (self.goods is not None and (self.goods.quantity or 0) > self.number):
            again = not self._one_of_those()
        if self.choice is None or self.follower is None or not ("article" in self.has or again):
            return None
        return another_of(self.r, self.spans, self.after, self.follower, self.number if again else None) or None

    def _one_of_those(self) -> bool:
        """再来三杯可乐，一杯去冰: one of the three. So are those that were counted by what else they are:
        再来两份小碗的，其中一份微辣, where 再来两杯大的一杯小的 are three."""
        before = [{*span.has} for span in reversed(self.spans[: self.at])]
        if before and "of_them" in before[0]:
            return True
        said: set[str] = next((keys for keys in before if keys & {"again", "item", "num"}), set())
        if "num" not in said or self.goods is None or self.choice is None:
            return "item" in said
        made = {pair[0] for one in self.goods.options for item in self.goods.items for pair in one.places.get(item, ())}
        return made.isdisjoint(pair[0] for item in self.goods.items for pair in self.choice.get(item, ()))

    def begins_another(self) -> int | None:
        """ "Two large ham, three large tuna and a small cheese pizza": goods that are only named at the end, and that
        were said to be so or otherwise before."""
        r, target, places = self.r, self.target, self.choice
        if places is None or target is None or target is not r.current or target.head or r.lines:
            return None
        if "num" not in self.has or self.unit or target.quantity is None or r.grammar.script != "spaced":
            return None
        about = [item for item in places if all(valid(one.places, (item,)) for one in target.options)][:1]
        made = {path for one in target.options for item in about for path, _ in one.places.get(item, ())}
        again = any(path in made for item in about for path, _ in places[item])
        return self.stands_alone() if again and chooses_one(r.lexicon, places, about) else None

    def more_so(self) -> int | None:
        """ "Two more medium [ones]", of goods of the basket that have one size: so many more of them."""
        r, lines = self.r, [line.item for line in self.r.lines if line.item]
        if not self.more or self.choice is None or self.follower is None or r.all() or "item" in self.follower.has:
            return None
        if not valid(self.choice, lines) or not chooses_one(r.lexicon, self.choice, lines):
            return None
        draft = Draft()
        draft.reference, draft.more, draft.quantity = True, True, self.number
        draft.mode, draft.verb = "add", True
        r.adopt(draft)
        r.amount, r.fresh = None, False
        at = option(r, self.spans.index(self.follower, self.after))
        return at + 1 if at < len(self.spans) and "one" in self.spans[at].has else at

    def counts_choice(self) -> int | None:
        """ "Two shots", "with two sugars", "a large": the option behind it, unless it splits the goods."""
        r, target, follower = self.r, self.target, self.follower
        if r.grammar.verbs_last and target is not None and target.head and counted_on(r, self.at) is not None:
            return None  # 라면에 계란 두 개 떡 추가: two eggs
        if self.choice is None or follower is None or not self._may_count_choice(self.choice, follower):
            return None
        fits = target is None or valid(self.choice, target.items) or not target.items
        number, whole = "num" in self.has, self.whole
        several = whole is not None and (whole.quantity or 1) >= 2
        splits = several and number and r.amount != "with" and not self.unit
        if splits and self._puts_on(self.choice):
            splits = False  # 一碗加两个蛋
        single = target is not None and chooses_one(r.lexicon, self.choice, target.items)
        if single and number and not self.unit:
            splits = splits or several  # "two pizzas, one large with ham one small with olives"
            if target is not None and target.quantity is None:
                target.quantity = self.number
                return self.after
        if not fits or splits:
            return None
        index = self.spans.index(follower, self.after)
        kept = r.amount
        option(r, index)
        if r.target is not None and r.target.options and (number or self.unit):
            said = r.target.options[-1]
            said.more = r.again or self.more
            said.count = self.number if self.number > 1 or said.more else None
        if kept == "with":
            r.amount = kept
        return index + 1

    def _puts_on(self, choice: Places) -> bool:
        """Whether a verb right before the count puts on the goods what can be counted on them."""
        before = self.spans[self.at - 1].has if self.at else {}
        if self.target is None or before.get("amount", ("",))[0] != "with" or "verb" not in before:
            return False
        return self.r.grammar.script == "unspaced" and counted_choice(self.r.lexicon, choice, self.target.items)

    def _may_count_choice(self, choice: Places, follower: Span) -> bool:
        """Whether the count may be that of the choice behind it, rather than one of goods that are so."""
        r, target = self.r, self.target
        if self.unit or r.amount in ("with", "extra") or "article" in self.has:
            return True
        if target is not None and r.mode == "add":
            return True
        if "num" not in self.has or "item" in follower.has:
            return False
        about = list(target.items) if target is not None else []
        about = about or [line.item for line in r.lines if line.item] or list(choice)[:1]
        if not counted_choice(r.lexicon, choice, about):
            return target is None and self._puts_more_on(choice, about)
        if target is None:
            return True
        told = not target.head or target.quantity is not None or target.left < len(target.options)
        return told and (target.quantity or 1) < 2

    def _puts_more_on(self, choice: Places, about: list[str]) -> bool:
        """ "Add two mushrooms", 加两份蘑菇: so much of what the goods of the basket may have more or less of."""
        r = self.r
        if r.mode not in (None, "add") or r.amount is not None or r.grammar.verbs_last:
            return False
        able = [(item, choice[item][0][0]) for item in about if item in choice]
        if not r.lines or self.number <= units(r.lines, [item for item, _ in able]):
            return False  # it may be so many of the goods
        kinds = [r.lexicon.catalogue.items[item].option(path) for item, path in able]
        return bool(kinds) and all(kind is not None and "extra" in kind.amounts for kind in kinds)

    def article(self) -> int | None:
        return self.at + 1 if "article" in self.has else None

    def counts_what_is_there(self) -> int | None:
        """ "Only two pumps", where the line spoken of last has four of something: so many of that, or so many more."""
        r, unit = self.r, self.spans[self.after - 1].has
        line = next((one for one in r.lines if one.item == r.last), None)
        mere = all(one.reference and not (one.head or one.options) and one.quantity is None for one in r.all())
        if not mere or line is None or self.choice is not None or not self.unit or "measure" in unit:
            return None
        there = [one for one in line.options if isinstance(one.amount, int) and one.choice is not None]
        if len(there) != 1 or (self.follower is not None and not self.follower.has.keys() & _BEHIND_UNIT):
            return None
        said, have = there[0], there[0].amount
        assert isinstance(have, int) and line.item is not None and said.choice is not None
        left = have - self.number if r.mode == "remove" else self.number
        places: Places = {line.item: ((said.option, said.choice),)}
        draft = r.all()[-1] if r.all() else Draft()
        draft.reference, draft.mode, draft.verb = True, "change", True
        made = Option(places, self.spans[self.at], None if left > 0 else NEGATIVE, left if left > 0 else None)
        made.more = r.mode != "remove" and (self.more or r.again)
        draft.options.append(made)
        if draft not in r.all():
            r.adopt(draft)
        r.mode, r.verb_said = None, False
        return self.after

    def takes_choice_off(self) -> int | None:
        """조식은 하나 빼 주세요: so many fewer of a choice than the line spoken of last has, or so many of the goods
        without it, and never so many fewer of the goods."""
        r, target, verb, before = self.r, self.target, self.after, self.at - 1
        while before > 0 and r.spans[before].has.keys() & {"topical", "too", "particle"}:
            before -= 1
        while verb < len(r.spans) and r.spans[verb].has.keys() & {"measure", "particle"}:
            verb += 1
        off = verb < len(r.spans) and r.spans[verb].has.get("verb", ("",))[0] == "remove"
        line = next((one for one in r.lines if one.item == r.last), None)
        if not (r.grammar.verbs_last and off) or line is None or line.item is None or target is None or before < 0:
            return None
        if target.head or not target.options or target.options[-1].start != r.spans[before].start:
            return None
        option = target.options[-1]
        counted, several = counted_choice(r.lexicon, option.places, (line.item,)), (line.quantity or 1) > 1
        pairs = option.places.get(line.item, ())
        had = [one.amount for one in line.options if (one.option, one.choice) in pairs]
        have = 0 if not had else had[0] if isinstance(had[0], int) else 1
        left = have - self.number if counted else 0
        if several and left <= 0:
            target.quantity, target.some = self.number, True
        option.amount, option.count = (None, left) if left > 0 else (NEGATIVE, None)
        target.reference, target.mode, target.verb = True, "change", True
        r.mode, r.verb_said = None, False
        return verb + 1

    def counts_option(self) -> int | None:
        """ "And two sugars": no more of the goods."""
        follower, goods = self.follower, self.target is not None and self.target.head
        if self.r.grammar.verbs_last or follower is None or not names_kind(follower) or "num" not in self.has:
            return None
        if not goods:
            return None
        self.r.lose(self.spans[self.at], follower)
        return self.spans.index(follower, self.after) + 1

    # -- counts that stand for goods -----------------------------------------------------------------------------

    def counts_all(self) -> int | None:
        """两个都加芝士: both, and no two of it."""
        return self.after if "each" in self.next and self.r.lines and not self.r.all() else None

    def stands_for_goods(self) -> int | None:
        """The "one" of "the chicken one, three"."""
        return self.after if {"one", "num"} <= self.has.keys() and stands_for(self.r, self.at, self.after) else None

    def stands_for_kind(self) -> int | None:
        """The "one" of "make it a large one please"."""
        uncounted = self.target is not None and self.target.quantity is None and self.r.mode == "change"
        one = self.follower is not None and "one" in self.spans[self.at].text
        return self.after if uncounted and one and self.at and "choice" in self.spans[self.at - 1].has else None

    def is_pronoun(self) -> int | None:
        """The "one" of "a large one", "the second one"."""
        at, spans = self.at, self.spans
        if "one" not in self.has or not at or spans[at - 1].has.keys().isdisjoint({"choice", "the", "ordinal"}):
            return None
        if at > 1 and "num" in spans[at - 2].has and self.choice is not None:
            return None
        if "the" in spans[at - 1].has and self._alone_of_more():
            return None
        whole = self.whole
        several = whole is not None and (whole.head or (whole.quantity or 0) > 1)
        return None if several and counts_anew(spans, at) else self.after

    def _alone_of_more(self) -> bool:
        """ "Just the one": a count, and no line of the basket."""
        only = self.at > 1 and "only" in self.spans[self.at - 2].has
        return only and (not self.next or not self.next.keys().isdisjoint(PHRASE_ENDS))

    # -- counts of what isn't there, or isn't counted so ---------------------------------------------------------

    def weighs(self) -> int | None:
        target = self.target
        if (
            not self.next
            or target is None
            or target is not self.r.current
            or not self.r.weighs(self.after, target.items)
        ):
            return None
        target.score = min(target.score, UNSURE)
        return self.after + 1

    def counts_strange(self) -> int | None:
        """The count of goods that aren't known goes to no others."""
        if self.r.correcting:
            return None
        if self._behind_unknown():
            return self.after
        if not self.r.grammar.verbs_last:
            return self.after if "unknown" in self.next and not self._counts_stand_behind() else None
        before = self.spans[self.at - 1].has if self.at else {}
        return self.after if self.r.linked and not before.keys().isdisjoint({"unknown", "partial"}) else None

    def _counts_stand_behind(self) -> bool:
        """意面两包酱一瓶: what isn't known has a count of its own, so this one is of the goods before it."""
        end = self.after
        while end < len(self.spans) and "unknown" in self.spans[end].has:
            end += 1
        counted = end < len(self.spans) and "num" in self.spans[end].has
        return self.r.grammar.script == "unspaced" and counted and "item" in self.spans[self.at - 1].has

    def _behind_unknown(self) -> bool:
        """意面两包，酱一瓶: the count right behind goods that aren't known, where those before them have theirs."""
        goods, before = self.r.current, self.spans[self.at - 1].has if self.at else {}
        ends = self.follower is None or not self.follower.has.keys().isdisjoint(PHRASE_ENDS | {"item", "polite"})
        measured = self.after > self.at + 1 or "measure" in self.next
        counted = goods is not None and goods.head and goods.quantity is not None and ends
        return self.r.grammar.script == "unspaced" and "unknown" in before and counted and measured

    def for_people(self) -> int | None:
        """ "A sashimi platter for two", with nothing else behind it."""
        spans, at, end = self.spans, self.at, self.after
        if self.goods is None or self.r.correcting or not at or "party" not in spans[at - 1].has:
            return None
        while end < len(spans) and spans[end].has.keys() & {"adult", "child", "person"}:
            end += 1
        if end < len(spans) and spans[end].has.keys().isdisjoint(PHRASE_ENDS):
            return None
        self.r.lose(spans[at - 1], spans[at])
        return self.after

    # -- counts that put others right ----------------------------------------------------------------------------

    def makes_as_many(self) -> int | None:
        """콜라 두 잔으로 해 주세요."""
        r, target = self.r, self.target
        if not r.grammar.verbs_last or "as" not in self.next:
            return None
        if target is not None and target.head and target is r.current and set(target.items) & r.basket:
            target.quantity, target.mode, target.verb = self.number, "change", True
            return self.after + 1
        if target is None and r.basket:
            r.mode, r.verb_said = "change", True
        elif target is not None and target is r.current and self._counts_what_lines_have(target):
            target.reference, target.mode, target.verb = True, "change", True
            return self.after + 1
        return None

    def _counts_what_lines_have(self, target: Draft) -> bool:
        """조식은 3인으로 해 주세요, 초코는 세 개로 바꿔 주세요: so many of a choice on the line spoken of last, or of
        the goods of the basket that have it."""
        before = self.at - 1
        while before > 0 and self.spans[before].has.keys() & {"topical", "particle"}:
            before -= 1
        if target.head or not target.options or target.options[-1].start != self.spans[before].start:
            return False
        said = target.options[-1]
        if self.r.last is not None and counted_choice(self.r.lexicon, said.places, (self.r.last,)):
            said.count = self.number
            return True
        lines = [line for line in self.r.lines if line.item in said.places]
        having = [
            line for line in lines if any((o.option, o.choice) in said.places[line.item or ""] for o in line.options)
        ]
        if not having or not chooses_one(self.r.lexicon, said.places, [having[0].item or ""]):
            return False
        target.quantity, said.tells = self.number, True
        return True

    def counts_denied(self) -> int | None:
        """ "Not two cokes, three"; 要老豆腐不要冻豆腐，一份: of what is wanted."""
        r, target = self.r, self.target
        if target is None or not target.denied or target is not r.current or target.options:
            return None
        wanted = r.wanted()
        if wanted is not None and wanted.quantity is None and r.paused(self.at):
            wanted.quantity = self.number
            r.back_to(wanted, target)
            return self.after
        target.denied, target.quantity = False, self.number
        target.mode = "change" if set(target.items) & r.basket else "add"
        return self.after

    def some_have_options(self) -> int | None:
        """ "No onions on one"."""
        target = self.target
        if not self.r.prep or target is None or target.head or target.reference:
            return None
        if not target.options or target.quantity is not None:
            return None
        target.quantity, target.some = self.number, True
        if target.mode == "remove":
            target.mode = "change"  # "remove the onions from two of them": those stay
        return self.after

    def some_of_it(self) -> int | None:
        """ "Two soups, no tofu in one": what was just said is said of so many of the goods."""
        r, whole, fresh = self.r, self.r.target, self.r.fresh_options()
        if whole is None or whole is not r.current or not fresh or not 0 < self.number < (whole.quantity or 0):
            return None
        ends = self.after == len(self.spans) or not self.next.keys().isdisjoint(PHRASE_ENDS | {"of_them"})
        if not self.at or "on" not in self.spans[self.at - 1].has or not ends:
            return None
        whole.options = [one for one in whole.options if one not in fresh]
        r.sub(self.number).options = fresh
        r.prep = False
        return self.after

    def corrects(self) -> int | None:
        """ "Sorry, three"."""
        if not self.r.correcting or self.target is None:
            return None
        self.target.quantity, self.target.article = self.number, False
        self.r.correcting = False
        return self.after

    # -- counts of the goods at hand -----------------------------------------------------------------------------

    def becomes(self) -> int | None:
        """ "One of them a hamburger", where there are several others: it takes the place of one."""
        r, behind = self.r, self.spans[self.after + 1 : self.after + 4]
        if "of_them" not in self.next or len(behind) < 2 or "article" not in behind[0].has:
            return None
        goods = next((span.has["item"] for span in behind[1:] if "item" in span.has), ())
        if not goods or not r.basket.isdisjoint(goods) or r.last is None or units(r.lines, (r.last,)) <= self.number:
            return None
        if r.current is not None and r.current.head and (r.current.quantity or 0) > self.number:
            return None  # "make it two cokes, one of them a sprite"
        r.mode, r.verb_said = "change", True
        return self.stands_alone()

    def of_several(self) -> int | None:
        """두 개 중에 하나는: of the two, one."""
        target = self.target = self.whole  # from here on the count is one of all the goods
        if (topped := counted_on(self.r, self.at)) is not None:
            topped.count = self.number  # 후라이드에 머스터드 소스 두 개 추가
            return self.after
        if "of_them" not in self.next or not self.r.grammar.verbs_last or self._chooses_behind():
            return None
        if target is None or not target.head or target.quantity is not None:
            return None
        target.quantity = self.number
        return self.after + 1

    def _chooses_behind(self) -> bool:
        """족발 하나 중으로: a medium one, and no "of them"."""
        behind = self.spans[self.after + 1].has if self.after + 1 < len(self.spans) else {}
        return "as" in behind and self.target is not None and valid(self.next.get("choice", {}), self.target.items)

    def splits(self) -> int | None:
        """ "One with cheese, one with bacon and one plain": so many of the goods."""
        r, spans, target, after = self.r, self.spans, self.target, self.after
        if target is not None and self._tells_another(target):
            target.quantity = 1  # "kimchi stew with tuna and one without tofu"
        bare = target is not None and not target.head and bool(target.options) and not r.lines
        if target is None or not (target.head or (bare and (target.quantity or 0) > 1)):
            return None
        if target.quantity is None and not target.subs and "of_them" in self.next and after + 1 == len(spans):
            return None  # "the egg nigiri, three of them"
        size = self.next.get("num", (0,))[0] if "one" not in self.next and target.subs else 0
        if size >= 10 and len(target.items) == 1 and len(self._called(size, target.items[0])) == 1:
            r.sub(self.number)  # "one 500 pieces, one 50"
            return after
        if tells_apart(spans, after, target) or self._has_it_off(target):
            r.current = r.current or target
            part = r.sub(self.number)
            part.told = not self.next.keys().isdisjoint({"topical", "of_them"})  # 하나는: of those
            large = spans[after : after + 3]
            ends = len(large) == 2 or not large[-1].has.keys().isdisjoint(PHRASE_ENDS)
            if len(large) > 1 and "choice" in large[0].has and "one" in large[1].has and ends:
                part.also = True  # "two small fries, one large one"
            return after
        several = target is r.current and not target.options and self.number < (target.quantity or 0)
        if (target.subs or several) and "as_is" in self.next:
            r.sub(self.number).told = True
            return after + 1
        if "as_is" in self.next and r.linked and target is r.current and target.quantity and target.options:
            others = Draft(target.items, target.heard, target.score)
            others.quantity, others.mode, others.verb = self.number, target.mode, target.verb
            r.adopt(others)  # "one with cheese and three without anything"
            return after + 1
        return None

    def _has_it_off(self, target: Draft) -> bool:
        """베이컨 추가하고 하나는 빼 주세요: what was put on all of them comes off one."""
        behind = self.spans[self.after + 1 : self.after + 2]
        options = [option for part in (*target.subs[-1:], target) for option in part.options][:1]
        if "topical" not in self.next or not behind or not options or target.quantity is None:
            return False
        off = behind[0].has.get("verb", ("",))[0] == "remove"
        return off and not chooses_one(self.r.lexicon, options[0].places, target.items)

    def _tells_another(self, target: Draft) -> bool:
        """Whether one more of goods without a count is told apart from those, whose options were said."""
        if not target.head or target is not self.r.current or target.quantity is not None or self.number != 1:
            return False
        told = "amount" in self.next and "choice" not in self.next and self.r.grammar.script == "spaced"
        said = len(target.options) > target.left and not set(target.items) & self.r.basket
        return told and said and self.r.linked

    def counts_goods(self) -> int | None:
        """The goods named last, which had no count yet."""
        target = self.target
        if target is None or target is not self.r.current or not (target.quantity is None or target.article):
            return None
        if not (target.head or target.reference or not target.options):
            return None
        target.quantity, target.article = self.number, False
        at = self.at - 1 if self.at > 1 and "contains" in self.spans[self.at - 1].has else self.at  # 里有两支
        before = self.spans[at - 1].has if at else {}
        among = not before.keys().isdisjoint({"of_them", "behind"})  # 拿铁其中一杯要热的, 圆珠笔里两支要红的
        if ("topical" in self.next or among or self._some_are_to_be(target)) and set(target.items) & self.r.basket:
            target.some = target.definite = True  # "치즈버거 하나는": as for one of them
        return self.after

    def _some_are_to_be(self, target: Draft) -> bool:
        """豆浆一杯要冰的, 汉堡一个不要洋葱, where there are two: one of them."""
        r, after = self.r, self.spans[self.after + 1 : self.after + 2]
        if r.grammar.script != "unspaced" or r.mode is not None or target.options or not after:
            return False
        amount = self.next.get("amount", ("",))[0]
        wished = amount == NEGATIVE or ("verb" in self.next and amount == "with")
        so = "choice" in after[0].has and valid(after[0].has["choice"], target.items)
        return wished and so and self.number < units(r.lines, target.items)

    def counts_orphan(self) -> int | None:
        """A choice right before it that alone says which goods are wanted: 오백 두 잔."""
        target = self.target
        if self.r.grammar.script == "spaced" or self.r.lines or target is None or target is not self.r.current:
            return None
        if not wished_more(target) or target.options[-1].end != self.spans[self.at].start:
            return None
        target.quantity = self.number
        return self.after

    def is_the_rest(self) -> int | None:
        """하나는 그냥 주세요: those of the goods that are left, of which nothing is said."""
        whole = self.whole
        if "topical" not in self.next or whole is None or not whole.subs:
            return None
        rest = (whole.quantity or 0) - sum(part.quantity or 1 for part in whole.subs if not part.also)
        return self.after if rest == self.number else None

    def wishes_more(self) -> int | None:
        """두유로 두 개 더요, 딸기도 하나 추가요: besides those of the basket that are otherwise."""
        target = self.target
        if not self.r.grammar.verbs_last or target is None or target is not self.r.current:
            return None
        if not wished_more(target) or not (self.more or self._of_another_kind(target.options[-1])):
            return None
        target.quantity, target.more, target.reference = self.number, True, True
        target.mode, target.verb = "add", True
        return self.after

    def _of_another_kind(self, said: Option) -> bool:
        """Whether goods of the basket are counted that have another choice than the one before the count: with "too" or
        a verb that adds, or where each of them was chosen, as there is none that they come with: 빨간색 열 자루."""
        r, before = self.r, self.spans[self.at - 1].has if self.at else {}
        lines = [line for line in r.lines if line.item in said.places]
        verbs = [span.has["verb"][0] for span in self.spans[self.after :] if "verb" in span.has]
        owned = [line.item for line in lines if line.item]
        if not owned or said.amount is not None or not chooses_one(r.lexicon, said.places, owned):
            return False
        if r.mode not in (None, "add") or any(verb != "add" for verb in verbs) or "as" in self.next:
            return False
        if "too" in before or verbs:
            return True
        ends = not self.next or not self.next.keys().isdisjoint(PHRASE_ENDS | {"polite", "filler"})
        return ends and said.end == self.spans[self.at].start and all(_chosen(r, line, said) for line in lines)

    def counts_twice(self) -> int | None:
        """止痛膏两贴，嗯三贴吧: a bare count behind goods that have theirs, with nothing else that it could count."""
        r, goods = self.r, self.r.current
        if self.more or goods is None or goods is not r.target or not goods.head or goods.options:
            return None
        if goods.quantity is None or goods.article or r.lines or r.again or r.linked or r.mode not in (None, "add"):
            return None
        if self.follower is not None and self.next and self.follower.has.keys().isdisjoint(PHRASE_ENDS):
            return None
        goods.quantity, goods.score = self.number, min(goods.score, UNSURE)
        return self.after

    def _so_many_mentioned(self) -> int:
        """ "How many are in a pack? Two packs then", of goods that are in the basket: so many of them, and no more."""
        draft = Draft(self.r.mentioned, self.spans[self.at].text)
        draft.head = draft.definite = draft.verb = True
        draft.quantity, draft.mode = self.number, "change"
        self.r.adopt(draft)
        return self.after

    def stands_alone(self) -> int:
        """So many of what was offered, of the line spoken of last, or more of it."""
        r, more = self.r, self.more
        alone = r.grammar.script == "spaced" and all(one.has.keys() & {"num", "measure", "unit"} for one in self.spans)
        if not r.all() and r.mentioned and ("polite" in self.next or alone) and r.mode is None:
            if alone and not r.basket.isdisjoint(r.mentioned):
                return self._so_many_mentioned()
            # "two please, and a dozen eggs", "do you have fries? Two", of what was offered
            r.mode, r.verb_said = "add", True
        draft = Draft(r.mentioned if r.mode == "add" else (), self.spans[self.at].text)
        if (r.mode == "add" and not r.mentioned and r.basket and not r.again) or r.correcting:
            draft.mode, draft.verb = "change", True
        draft.quantity = self.number
        if r.again and r.last is not None and self.choice is not None and not more:
            more = chooses_one(r.lexicon, self.choice, (r.last,))  # 再来一杯去冰的: another cup
        draft.more, draft.some = more, not more
        draft.reference = True
        if more:
            draft.mode, draft.verb = "add", True
        r.adopt(draft)
        return self.after


def _chosen(r: Reading, line: LineSaid, said: Option) -> bool:
    """Whether a line has another choice than `said`, of an option that has none unless it is said."""
    item = r.lexicon.catalogue.items[line.item or ""]
    for path, choice in said.places[item.id]:
        option = item.option(path)
        had = [one.choice for one in line.options if one.option == path and one.choice]
        if option is None or option.default is not None or not had or choice in had:
            return False
    return True


_RULES: tuple[Callable[[_Count], int | None], ...] = (
    _Count.is_number_of_name,
    _Count.begins_multiple,
    _Count.counts_each,
    _Count.becomes,
    _Count.counts_unknown,
    _Count.counts_things,
    _Count.is_number_of_choice,
    _Count.one_of_listed,
    _Count.one_of_each,
    _Count.counts_kinds,
    _Count.is_size,
    _Count.is_taken_back,
    _Count.tells_amount,
    _Count.counts_others,
    _Count.another_kind,
    _Count.begins_another,
    _Count.more_so,
    _Count.takes_choice_off,
    _Count.counts_choice,
    _Count.counts_what_is_there,
    _Count.article,
    _Count.counts_option,
    _Count.counts_all,
    _Count.stands_for_goods,
    _Count.stands_for_kind,
    _Count.is_pronoun,
    _Count.weighs,
    _Count.counts_strange,
    _Count.for_people,
    _Count.makes_as_many,
    _Count.counts_denied,
    _Count.some_have_options,
    _Count.some_of_it,
    _Count.corrects,
    _Count.of_several,
    _Count.splits,
    _Count.counts_goods,
    _Count.counts_orphan,
    _Count.is_the_rest,
    _Count.wishes_more,
    _Count.counts_twice,
)
"""In the order in which they are tried: where to go on, or None where the count isn't so."""


_BEHIND_UNIT = PHRASE_ENDS | {"instead", "on", "it", "more", "fewer"}
_EACH_KIND = frozenset({"of", "each", "measure", "on"})
"""What may stand between "one" and the option of which there is to be one of each choice."""
