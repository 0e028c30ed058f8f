"""What a sentence says about goods while it is read, and where each draft of a line belongs: a line of its own, or the
place of what it corrects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.turns import LineSaid
from assistant.understanding.ordering.drafts import (
    NEGATIVE,
    Draft,
    Option,
    akin,
    apart_by_choice,
    chooses_one,
    is_so,
    kin,
    valid,
)
from assistant.understanding.ordering.parts import counted_behind
from assistant.understanding.words.language_words import Grammar
from assistant.understanding.words.lexicon import Lexicon
from assistant.understanding.words.spans import UNKNOWN, Span
from assistant.understanding.words.text import words_of

UNSURE = 0.5
"""Half of something that comes whole, or a name of which only a part is known: it is asked about."""


class Parsed:
    """What a sentence says about goods."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.leftover: list[Span] = []


class Reading:
    """One sentence that is being read from left to right. `before` are the drafts of earlier sentences."""

    def __init__(
        self,
        spans: Sequence[Span],
        lexicon: Lexicon,
        grammar: Grammar,
        basket: frozenset[str],
        before: list[Draft],
        mentioned: tuple[str, ...] = (),
        lines: Sequence[LineSaid] = (),
        last: str | None = None,
    ) -> None:
        self.spans = spans
        self.lexicon = lexicon
        self.grammar = grammar
        self.basket = basket
        self.before = before
        self.mentioned = mentioned
        """Goods that were asked about before, for "add one"."""
        self.lines = lines
        """The basket."""
        self.last = last
        """The item of the line last spoken of."""
        self.scope: Mapping[str, tuple[str, ...]] = {}
        """The option that was just named, by item: what follows is said of it."""
        self.parsed = Parsed()
        self.current: Draft | None = None
        self.target: Draft | None = None
        self.mode: str | None = None
        self.verb_said = False
        self.amount: str | None = None
        self.fresh = False
        """The amount was just said; nothing has used it yet."""
        self.amount_sure = True
        """Whether it says one thing only: "no more fries" may take some off, or want none besides."""
        self.folds = 0
        """How many times the amount is, where it tells: "double"."""
        self.correcting = False
        self.linked = False
        """A word such as "and" came since the last content."""
        self.dropped: Draft | None = None
        """Goods that were just taken back: what follows takes their place."""
        self.named_at = 0
        """Where the goods were named last."""
        self.prep = False
        self.spread: int | None = None
        self.since_pause = 0
        self.instead = False
        self.again = False
        """The verb asks for more of it: "add two", not "I want two"."""
        self.part: str | None = None
        """The half of which the next option is said."""
        self.halved = False
        """What was said before an amount: "half without onions"."""
        self.topic: Span | None = None
        """An option that was named and not yet chosen from: "얼음 빼 주세요"."""
        self.carried: list[Option] = []
        """Options of the goods to come: "양파 뺀 버거"."""
        self.run: list[Draft] = []
        """Drafts that wait for a verb behind them."""
        self.refused = False
        """The sentence began with a no: what follows is said anew."""
        self.copied = False
        """Goods like those just said were added."""
        self.anew: Draft | None = None
        """The goods that are said anew: "no, just one coke"."""
        self.given_up = False
        """Goods were named that were wanted once: they needn't be there to be taken off."""
        self.fewer_wanted = False
        """There are too many of them: the count that is said is how many are to stay."""
        self.onto: Draft | None = None
        """The goods of the basket that options were just put on: "oat milk in the latte"."""

    def lose(self, first: Span, last: Span) -> None:
        """Words that are known, but that nothing can be done with here: they are said back."""
        text = self.said(self.spans.index(first), self.spans.index(last))
        self.parsed.leftover.append(Span(first.start, last.end, UNKNOWN, text, glued=first.glued))

    def said(self, first: int, last: int) -> str:
        """The words from the span at `first` to that at `last`."""
        some = self.spans[first : last + 1]
        return "".join(f"{'' if one.glued or not at else ' '}{one.text}" for at, one in enumerate(some))

    def weighs(self, at: int, items: Sequence[str]) -> bool:
        """Whether goods are weighed at `at` that are sold otherwise; what is sold by the pound is counted in pounds."""
        span = self.spans[at]
        if "weight" not in span.has:
            return False
        known = (self.lexicon.catalogue.items.get(item) for item in items)
        return not all(one is not None and one.measures.get(self.grammar.tag) == span.text for one in known)

    def paused(self, at: int) -> bool:
        """Whether a pause stands between the goods named last and the span at `at`."""
        return any("pause" in span.has for span in self.spans[:at] if span.start > self.named_at)

    def paused_before(self, draft: Draft) -> bool:
        """Whether a pause stands right before the words of goods."""
        at = next((i for i, span in enumerate(self.spans) if span.start == draft.at), 0)
        while at > 0 and "the" in self.spans[at - 1].has:
            at -= 1
        return at > 0 and "pause" in self.spans[at - 1].has

    def place(self, draft: Draft) -> None:
        """Puts a new draft where it belongs: a line of its own, or in the place of what it corrects."""
        said = self.parsed.drafts or (self.before if self.correcting else [])
        last = self.target or (said[-1] if said else None)
        anew = draft.quantity is not None and self.linked  # "no sides and a coke"
        negated = self.amount == NEGATIVE and self.fresh and not anew
        sure = self.amount_sure or not negated
        self.fresh, self.amount = False, None
        counted = last is not None and last.reference and last.which is None and not self.lines and last.quantity
        alone = last is not None and not last.head and (not last.reference or (counted and last.options))
        orphan = last if alone else None
        told = self.mode in ("change", "swap") or self.of_them(draft)
        if self.current is not None and told and self.parts(self.current, draft):
            return
        if self.turns(draft):
            return
        if orphan is not None and (self.mode in ("change", "swap") or not self.linked) and self.points(orphan):
            draft.mode, draft.verb = "change", True
            self.adopt(draft)
            return
        if orphan is not None and self.strange_to(orphan, draft):
            self.drop(orphan)
            last = orphan = None
        if orphan is not None and orphan is self.current and self.completes(orphan, draft):
            return
        if last is not None and last is self.onto and self.shares(last, draft):
            return
        if negated:
            self.deny(draft, sure)
            return
        if self.mode in (None, "add", "swap") and not self.linked and not draft.more and self.takes_over(draft):
            return
        if self.ends_swap(draft) or (last is not None and not self.linked and self.ends_change(last, draft)):
            return
        if self.correcting and last is not None and not self.linked and last in self.all():
            self.correct(last, draft)
            return
        if last is not None and (self.names(last, draft) or self.among(draft)):
            return
        if (same := self.meant_again(draft)) is not None:
            self.current = self.target = same
            self.correcting = False
            return
        if self.prep and self.current is not None and not self.current.head and self.current.options:
            draft.mode = "change"
        if last is not None and self.goes_too(last, draft):
            draft.mode, draft.verb = "remove", True
        self.adopt(draft)

    def goes_too(self, last: Draft, draft: Draft) -> bool:
        """ "Take off the milk and the eggs", "take the milk off, and the eggs": goods of the basket of which nothing is
        said go with those that "and" joins them to."""
        bare = draft.definite and draft.quantity is None and not draft.options and draft.mode is None
        gone = last.mode == "remove" and last.head and last.items != draft.items and not last.options
        told = self.mode not in ("change", "swap") and not self.again
        return bool(bare and gone and told and self.linked and set(draft.items) & self.basket)

    def completes(self, orphan: Draft, draft: Draft) -> bool:
        """Whether goods are those of the options or the reference right before them, whose place they take."""
        if self.gathers(orphan, draft):
            draft.options = [*orphan.options, *draft.options]
            draft.mode, draft.verb = draft.mode or orphan.mode, draft.verb or orphan.verb
            draft.quantity = draft.quantity if orphan.quantity is None else orphan.quantity
        elif self.prep or self.mode == "change" or self.does_to(orphan, draft):
            draft.options += orphan.options  # "ice out of the large latte": what is left of the goods tells which
            draft.mode, draft.verb = "change", True
            self.onto = draft
        else:
            return False
        self.parsed.drafts.remove(orphan)
        self.adopt(draft)
        return True

    def does_to(self, orphan: Draft, draft: Draft) -> bool:
        """ "Slice one of the loaves": goods of the basket behind what is to be done to them."""
        if not draft.definite or orphan.quantity is not None or not set(draft.items) & self.basket:
            return False
        return bool(orphan.options) and all(valid(one.places, draft.items) for one in orphan.options)

    def deny(self, draft: Draft, sure: bool) -> None:
        """Goods behind a "no": those said before are taken back, those of the basket off."""
        same = next((d for d in reversed(self.all()) if set(d.items) & set(draft.items) and not d.old), None)
        if same is not None and not draft.options and not self.instead:
            self.drop(same)
            self.dropped = same
            self.correcting = False  # it is what was wrong, and not the goods that were said last
            return
        if self.mode == "remove" and self.verb_said and not self.instead and self.parsed.drafts:
            return  # "remove the coke, not the fries": those stay
        draft.mode, draft.verb = "swap" if self.instead else "remove", True
        draft.old, self.instead = self.instead, False
        draft.denied = not draft.old
        if not sure:
            draft.denied, draft.score = False, UNSURE
        if sure and self.rather(draft):
            return
        self.adopt(draft)

    def rather(self, draft: Draft) -> bool:
        """ "I meant sprite, not coke", of a coke that is there: it gives way to what was named right before it."""
        wanted = self.parsed.drafts[-1] if self.parsed.drafts else None
        if wanted is None or wanted is not self.current or not wanted.head or wanted.quantity is not None:
            return False
        if self.linked or self.again or wanted.mode not in (None, "add") or wanted.options or draft.options:
            return False
        if not self.alike(wanted, draft) or set(wanted.items) & self.basket or not set(draft.items) & self.basket:
            return False
        draft.old, draft.denied, draft.mode = True, False, "swap"
        wanted.mode, wanted.verb = "change", True
        self.parsed.drafts.insert(-1, draft)
        return True

    def alike(self, draft: Draft, other: Draft) -> bool:
        """Whether goods are of the same kind."""
        goods = self.lexicon.catalogue.items
        return {goods[one].category for one in draft.items} == {goods[one].category for one in other.items}

    def some_are(self, whole: Draft, draft: Draft) -> bool:
        """ "Make that three cokes, one of them diet": so many of those are other goods of their kind, behind a pause;
        the others stay."""
        some, there = draft.quantity or 0, whole.quantity or 0
        paused = any("pause" in span.has for span in self.spans if whole.at < span.start < draft.at)
        told = whole.head and not (whole.article or draft.article or whole.options) and paused
        if not told or not 0 < some < there or not self.alike(draft, whole) or draft.items == whole.items:
            return False
        whole.quantity = there - some
        draft.mode, draft.verb, draft.definite = "add", True, False
        self.adopt(draft)
        return True

    def ends_swap(self, draft: Draft) -> bool:
        """Whether goods are what comes in the place of those before them: "swap the coke for a sprite", "swap the milk
        and the bread for butter"."""
        old = next((one for one in reversed(self.parsed.drafts) if one.mode != "remove"), None)
        if self.mode != "swap" or old is None or old.mode != "swap" or old.old:
            return False
        joined = any("and" in span.has for span in self.spans if old.at < span.start < draft.at)
        goes = joined and draft.definite and old.items != draft.items and set(draft.items) & self.basket
        if goes and any("item" in span.has for span in self.spans if span.start > draft.at):
            draft.mode, draft.verb = "remove", True
            self.adopt(draft)
            return True
        old.old = True
        draft.mode, draft.verb = "change", True
        self.adopt(draft)
        return True

    def ends_change(self, last: Draft, draft: Draft) -> bool:
        """Whether goods are what others become: "make the coke a sprite", "change the beers to one soju, one cider"."""
        changed = self.mode == "change" and self.verb_said and last is self.current and last.mode == "change"
        if not changed or not (last.reference or last.head):
            return False
        if self.some_are(last, draft):
            return True
        if last.reference and draft.quantity is not None and not draft.article and self.recounts(last, draft):
            return True
        if last.reference and draft.quantity is None and last.quantity is None and set(draft.items) & self.basket:
            self.drop(last)  # "make that chicken one two": it is pointed at, and takes no other's place
            draft.mode, draft.verb, draft.definite = "change", True, True
            self.adopt(draft)
            return True
        if self.beside(last, draft):
            draft.mode, draft.verb = "add", True
            self.adopt(draft)
            return True
        if last.head and draft.definite and set(draft.items) & self.basket and self.paused_before(draft):
            return False  # "make the burger, the fries and the coke large"
        last.old = True
        draft.mode, draft.verb = "change", True
        if last.reference and (earlier := self.earlier(last)) is not None:
            self.parsed.drafts.remove(last)
            self.replace(earlier, draft)
        else:
            self.adopt(draft)
        return True

    def correct(self, last: Draft, draft: Draft) -> None:
        """Puts goods in the place of those that were wrong: "milk, no, oat milk"."""
        earlier = self.current or last
        if earlier.reference and (real := self.earlier(earlier)) is not None:
            self.parsed.drafts.remove(earlier)
            earlier = real
        self.replace(self.corrected(earlier, draft), draft)

    def meant_again(self, draft: Draft) -> Draft | None:
        """The same goods where they were named already, and are only spoken of once more."""
        same = next((d for d in reversed(self.all()) if d.items == draft.items), None)
        bare = draft.quantity is None and not draft.more and not draft.left and self.mode in (None, "add")
        if same is not None and draft.article and not (draft.more or draft.left) and self.affirmed(draft):
            return same
        if same is None or not bare or not (draft.definite or not self.linked) or self.counted_again(same, draft):
            return None
        if self.listed_twice(same, draft):
            same.quantity = (same.quantity or 1) + 1
        return same

    def affirmed(self, draft: Draft) -> bool:
        """ "A cheeseburger, yeah a cheeseburger with bacon": goods behind a yes are those that were named."""
        at = next((i for i, span in enumerate(self.spans) if span.start == draft.at), 0)
        while at > 0 and "article" in self.spans[at - 1].has:
            at -= 1
        return at > 0 and any(name == "confirm" for name, _ in self.spans[at - 1].has.get("act", ()))

    def listed_twice(self, same: Draft, draft: Draft) -> bool:
        """ "Coke, coke and sprite": two of them, in a list that goes on; a mere stutter has nothing behind it."""
        at = next((i for i, span in enumerate(self.spans) if span.start == draft.at), 0)
        if at < 2 or at + 2 >= len(self.spans) or same.options or draft.options or self.correcting:
            return False
        before, here, behind = self.spans[at - 1].has, self.spans[at - 2].has, self.spans[at + 1].has
        listed = "pause" in before and here.get("item") == same.items and behind.keys() & {"pause", "and"}
        goes_on = any(span.has.get("item", same.items) != same.items for span in self.spans[at + 2 :])
        return bool(listed) and goes_on

    def beside(self, last: Draft, draft: Draft) -> bool:
        """Whether counted goods come beside others that took the place of something."""
        drafts = self.parsed.drafts
        at = drafts.index(last) if last in drafts else 0
        return at > 0 and drafts[at - 1].old and last.quantity is not None and draft.quantity is not None

    def counted_again(self, same: Draft, draft: Draft) -> bool:
        """Whether goods that were counted are named once more with a count behind them: 奶茶半糖一杯，奶茶全糖两杯."""
        if same.quantity is None or same.article:
            return False
        at = next((i for i, span in enumerate(self.spans) if span.start == draft.at), len(self.spans))
        behind = self.spans[at + 1 : at + 4]
        count = next((span.has["num"][0] for span in behind if "num" in span.has), 0)
        if 0 < count < same.quantity and any("topical" in span.has for span in behind):
            return False  # 콜라 두 잔, 콜라 하나는 얼음 빼고요: it is one of those
        if self.grammar.script == "unspaced" and self._shared_out(at + 1, same.quantity):
            return False
        return counted_behind(self.spans, at)

    def _shared_out(self, at: int, whole: int) -> bool:
        """两碗牛肉面一碗馄饨，牛肉面一碗宽面一碗细面: whether the counts behind goods come to all that were wanted."""
        counts = []
        for span in self.spans[at:]:
            if span.has.keys() & {"item", "stop", "again", "and"} and "choice" not in span.has:
                break
            if "num" in span.has:
                counts.append(span.has["num"][0])
        return len(counts) > 1 and sum(counts) == whole

    def shares(self, whole: Draft, draft: Draft) -> bool:
        """ "Oat milk in the latte and the mocha": what was put on goods of the basket is for those beside them, too."""
        bare = draft.definite and draft.quantity is None and not draft.options
        fits = all(valid(one.places, draft.items) for one in whole.options)
        if not (bare and fits and self.linked and set(draft.items) & self.basket):
            return False
        draft.options = [*whole.options]
        draft.mode, draft.verb = "change", True
        self.adopt(draft)
        self.onto = draft
        return True

    def strange_to(self, orphan: Draft, draft: Draft) -> bool:
        """Whether a mere option stands right before goods that can't have it: no word for anything else. It is said
        back, unless it is a word of their name (white paint)."""
        begin = min([draft.at, *(one.start for one in draft.options[: draft.left])])
        options = orphan.options
        if orphan.reference or len(options) != 1 or options[0].end != begin or options[0].amount is not None:
            return False
        if draft.quantity is not None or valid(options[0].places, draft.items):
            return False
        words = words_of(options[0].text)
        names = (
            words_of(name)
            for item in draft.items
            for said in self.lexicon.catalogue.items[item].names.values()
            for name in said
        )
        if not any(set(words) <= set(name) for name in names):
            said = next(span for span in self.spans if span.start == options[0].start)
            self.lose(said, said)
        return True

    def corrected(self, last: Draft, draft: Draft) -> Draft:
        """ "Milk and bread, no, oat milk": the goods of its kind that were said, where those said last are of another
        kind and have no count or option that would be corrected."""
        said = [one for one in self.all() if one.head and one.items]
        if same := [one for one in said if one.items == draft.items]:
            return same[-1]  # "an Asahi and a sake, no make it two Asahis"
        if len(said) < 2 or not draft.items or kin(self.lexicon, draft.items, last.items):
            return last
        alike = [one for one in said if kin(self.lexicon, draft.items, one.items)]
        return alike[0] if len(alike) == 1 else last

    def among(self, draft: Draft) -> bool:
        """ "… and one of the burgers without onions": some of the goods that were just ordered."""
        if not (draft.some and draft.definite) or set(draft.items) & self.basket or self.mode in ("change", "remove"):
            return False
        whole = next((d for d in reversed(self.all()) if d.head and set(d.items) <= set(draft.items)), None)
        if whole is None or (whole.quantity or 1) <= (draft.quantity or 0):
            return False
        self.current = whole
        self.sub(draft.quantity or 1)
        assert self.target is not None
        self.target.options = draft.options
        self.fresh, self.amount = False, None
        return True

    def turns(self, draft: Draft) -> bool:
        """ "Two croissants, one of them almond", "… but make one almond": so many of those that were just counted are
        other goods of their kind."""
        told = (draft.some and draft.definite) or (self.mode == "change" and self.verb_said)
        count = draft.quantity or 0
        if not told or not count or self.besides(draft):
            return False
        for whole in reversed(self.all()):
            fits = whole.head and whole.mode in (None, "add") and not whole.old and whole.items != draft.items
            if fits and count < (whole.quantity or 1) and self.called_alike(draft, whole):
                whole.quantity = (whole.quantity or 1) - count
                draft.mode, draft.verb = whole.mode or "add", whole.verb
                draft.some = draft.definite = False
                self.adopt(draft)
                return True
        return False

    def besides(self, draft: Draft) -> bool:
        """ "Two of the cheeseburgers and one of the fish burgers": others, by their whole name."""
        named = next((span.has for span in self.spans if span.start == draft.at), {})
        return self.linked and draft.some and self.mode in (None, "add") and "item" in named

    def of_them(self, draft: Draft) -> bool:
        """ "Four cokes, half of them diet": those that were just told apart are other goods of their kind."""
        whole, part = self.current, self.target
        if whole is None or part is None or part not in whole.subs or not part.told or draft.items == whole.items:
            return False
        return (draft.quantity is None or draft.article) and self.called_alike(draft, whole)

    def called_alike(self, draft: Draft, other: Draft) -> bool:
        goods = self.lexicon.catalogue.items
        return any(akin(goods[one], goods[it]) for one in draft.items for it in other.items)

    def parts(self, whole: Draft, draft: Draft) -> bool:
        """ "Two cokes, make one of them a sprite": a part of what was just ordered becomes other goods."""
        part = self.target
        if part is None or part not in whole.subs or part.options:
            return False
        recounts = whole.mode == "change" and whole.head and part.told and self.alike(draft, whole)
        if not (whole.mode in (None, "add") or recounts):
            return False  # "make that three cokes, one of them diet"
        if draft.quantity is None or draft.article:
            draft.quantity, draft.article = part.quantity, False
        whole.subs.remove(part)
        whole.quantity = (whole.quantity or 1) - (draft.quantity or 1)
        if whole.quantity < 1:
            self.drop(whole)
        draft.mode, draft.verb = "add" if recounts else whole.mode or "add", whole.verb
        self.adopt(draft)
        return True

    def points(self, orphan: Draft) -> bool:
        """ "Change the small one to a mocha": the line that is so gives way to the goods that follow."""
        if not orphan.options or not all(option.tells for option in orphan.options):
            return False
        found = [line for line in self.lines if line.item and is_so(line, orphan.options, self.lexicon)]
        if len(found) != 1:
            return False
        mine = [line for line in self.lines if line.item == found[0].item]
        orphan.items, orphan.options = (found[0].item or "",), []
        orphan.which = mine.index(found[0]) + 1 if len(mine) > 1 else None
        orphan.head = orphan.old = True
        orphan.mode = "swap"
        return True

    def names(self, general: Draft, draft: Draft) -> bool:
        """ "A sandwich with roast beef", "a drink, I'd like a coke": goods that say which of a kind is meant."""
        fits = general.head and len(general.items) > 1 and set(draft.items) < set(general.items)
        counted = draft.quantity is not None and (not draft.article or (general.quantity or 1) > 1)
        done = general.mode in ("remove", "swap") or (general.mode == "change" and self.grammar.verbs_last)
        if not fits or counted or draft.more or self.linked or done:
            return False
        general.items, general.heard, general.score = draft.items, draft.heard, draft.score
        general.options += draft.options
        self.current = self.target = general
        self.fresh, self.amount = False, None
        self.since_pause = len(general.options)
        return True

    def gathers(self, orphan: Draft, draft: Draft) -> bool:
        """ "Olives and extra cheese on a small pizza": options said before the goods that they are for."""
        if set(draft.items) & self.basket or not orphan.options or orphan.mode not in (None, "add"):
            return False
        fits = all(valid(one.places, draft.items) for one in orphan.options)
        if fits and apart_by_choice(self.lexicon, orphan, draft):
            drafts = self.parsed.drafts
            for one in reversed(drafts[: drafts.index(orphan)]):  # "one small, one medium and one large coffee"
                bare = not one.head and one.quantity is not None and apart_by_choice(self.lexicon, one, draft)
                if not bare or not all(valid(option.places, draft.items) for option in one.options):
                    break
                self.stands_for(one, draft)
            self.stands_for(orphan, draft)
            self.apart(orphan)
            return False
        if orphan.quantity is not None and draft.quantity is not None and not draft.article:
            return False
        others = any(line.item in one.places for line in self.lines for one in orphan.options)
        return not others and all(valid(one.places, draft.items) for one in orphan.options)

    def stands_for(self, orphan: Draft, draft: Draft) -> None:
        """A count and a choice without goods are said of goods that are named behind them."""
        orphan.items, orphan.heard, orphan.head, orphan.reference = draft.items, draft.heard, True, False
        orphan.quantity, orphan.mode, orphan.verb = orphan.quantity or 1, "add", True
        orphan.some = False

    def apart(self, listed: Draft) -> None:
        """ "M4, M6 and M8 bolts", "large ham, large tuna and a small cheese pizza": choices of which goods have but one
        begin a line each."""
        parts: list[list[Option]] = []
        for one in listed.options:
            if not parts or self._chosen_by(one, parts[-1], listed.items):
                parts.append([])
            parts[-1].append(one)
        for some in parts[:-1]:
            line = Draft(listed.items, listed.heard, listed.score)
            line.quantity, line.mode, line.verb, line.options = listed.quantity, "add", True, some
            self.parsed.drafts.insert(self.parsed.drafts.index(listed), line)
        listed.options = parts[-1] if parts else []

    def _chosen_by(self, option: Option, before: Sequence[Option], items: Sequence[str]) -> bool:
        """Whether options have made the choice already that another one makes."""
        if option.amount is not None or not chooses_one(self.lexicon, option.places, items):
            return False
        made = {path for one in before for item in items for path, _ in one.places.get(item, ())}
        return any(path in made for item in items for path, _ in option.places.get(item, ()))

    def replaces(self, draft: Draft) -> None:
        """ "A Sprite instead": in the place of the last goods of its kind in the basket, if there are any."""
        items = self.lexicon.catalogue.items
        kinds = {items[item].category for item in draft.items}
        for line in reversed(self.lines):
            item = line.item or ""
            if item in items and items[item].category in kinds and item not in draft.items:
                old = Draft((item,), draft.heard)
                old.old, old.mode = True, "swap"
                draft.mode, draft.verb = "change", True
                self.parsed.drafts.insert(0, old)
                return

    def recounts(self, said: Draft, draft: Draft) -> bool:
        """ "Make that three milks", where there is milk already: so many of it, whatever was spoken of last."""
        same = next((one for one in reversed(self.all()) if one.head and one.items == draft.items), None)
        if same is None and not set(draft.items) & self.basket:
            return False
        self.drop(said)
        if same is not None:
            same.quantity, same.article = draft.quantity, False
            self.current = self.target = same
        else:
            draft.mode, draft.verb = "change", True
            self.adopt(draft)
        return True

    def takes_over(self, draft: Draft) -> bool:
        """ "Not the coke, the Sprite": goods behind those that were just denied take their place."""
        denied = self.parsed.drafts[-1] if self.parsed.drafts else None
        if (
            denied is None
            or not denied.denied
            or len(denied.options) > denied.left
            or (self.mode == "add" and self.again)
        ):
            return False
        if not set(denied.items) & self.basket:
            self.drop(denied)
            return False
        denied.old, denied.denied, denied.mode = True, False, "swap"
        draft.mode, draft.verb = "change", True
        self.adopt(draft)
        return True

    def all(self) -> list[Draft]:
        return [*self.before, *self.parsed.drafts]

    def wanted(self) -> Draft | None:
        """The goods that are wanted where those said last were denied: "tofu, no frozen tofu"."""
        return next(
            (d for d in reversed(self.parsed.drafts) if d.head and d.mode in (None, "add") and not d.denied), None
        )

    def back_to(self, wanted: Draft, denied: Draft) -> None:
        """Goes on with what is wanted; what isn't there needs no taking off."""
        if not set(denied.items) & self.basket:
            self.drop(denied)
        self.current = self.target = wanted

    def earlier(self, draft: Draft) -> Draft | None:
        """The goods named before a reference in the same utterance."""
        return next((d for d in reversed(self.all()) if d is not draft and d.head), None)

    def split_off(self) -> None:
        """What was said last of counted goods is of one more, and of none of those: 라떼 두 잔 주시고 큰 걸로 하나 더.
        It begins a draft of its own."""
        others = Draft()
        if self.target is not None and self.fresh_options():
            others.options = [self.target.options.pop()]
        self.adopt(others)

    def drop(self, draft: Draft) -> None:
        for drafts in (self.parsed.drafts, self.before):
            if draft in drafts:
                drafts.remove(draft)
        if self.current is draft:
            self.current = self.target = None

    def replace(self, old: Draft, new: Draft) -> None:
        if new.quantity is None or (new.article and old.quantity is not None and not old.article):
            inherited = new.quantity is None
            new.quantity = old.quantity
            new.article = new.article or inherited  # "actually make the lattes three": a count may follow
        new.mode, new.verb = old.mode if old.mode != "change" or old.head else new.mode, old.verb
        for drafts in (self.parsed.drafts, self.before):
            if old in drafts:
                drafts[drafts.index(old)] = new
        self.current = self.target = new
        self.correcting = self.linked = False

    def adopt(self, draft: Draft) -> None:
        if draft.mode is None:
            draft.mode, draft.verb = self.mode, self.verb_said
        if self.carried and draft.head:
            draft.options = [*self.carried, *draft.options]
            draft.left += len(self.carried)
            self.carried = []
        if self.refused and draft.head:
            self.refused = False
            self.anew = None if self.again or self.linked or draft.more else draft
        if self.dropped is not None and draft.quantity is None:
            draft.quantity = self.dropped.quantity
        self.dropped = None
        self.topic = None
        self.parsed.drafts.append(draft)
        self.run.append(draft)
        self.current = self.target = draft
        self.correcting = self.prep = self.linked = False
        self.since_pause = len(draft.options)

    def fresh_options(self) -> list[Option]:
        """The options of the current goods that were said since the goods, or since the last pause."""
        return self.target.options[max(self.since_pause, self.target.left) :] if self.target is not None else []

    def on_either(self, follower: Span | None) -> bool:
        """ "Ham on one half", "mushrooms on the other": the half that is still free is that of the option before. False
        where the half's own option follows."""
        beside = self.listed_options()
        if not beside or (follower and follower.has.keys() & {"choice", "short", "item"}):
            return False
        half = self.free_half()
        for one in beside:
            one.part = half
        self.prep = True
        return True

    def free_half(self) -> str:
        """The half that nothing was put on yet."""
        said = self.target.options if self.target is not None else []
        return "right" if any(one.part == "left" for one in said) else "left"

    def listed_options(self) -> list[Option]:
        """The option said last, with those that "and" joins to it, where none of them is on a half already."""
        fresh = self.fresh_options()
        if not fresh:
            return []
        listed = [fresh[-1]]
        for before in reversed(fresh[:-1]):
            between = [one for one in self.spans if before.end <= one.start < listed[0].start]
            if before.part or not any("and" in one.has for one in between):
                break
            listed.insert(0, before)
        return listed

    def sub(self, number: int) -> Draft:
        """So many of the goods at hand, of which something is said from here on."""
        parent = self.current
        assert parent is not None
        draft = Draft(parent.items, parent.heard, parent.score)
        draft.quantity = number
        whole = parent.quantity or 1
        told = any("of_them" in s.has for s in self.spans)
        draft.also = (whole < 2 or (self.linked and not parent.subs)) and not told
        draft.told = told
        self.spread = None
        parent.subs.append(draft)
        self.target = draft
        self.amount, self.fresh = None, False
        self.since_pause = 0
        return draft

    def timed(self, at: int) -> bool:
        """Whether an ordinal stands behind an article, with no goods of its own: it points at no line."""
        after = self.spans[at + 1].has if at + 1 < len(self.spans) else {}
        return at > 0 and "article" in self.spans[at - 1].has and "one" not in after

    def refer(self, at: int) -> bool:
        """ "it", "the second one": stands for a line. True when it was taken for one."""
        has = self.spans[at].has
        off = "ordinal" in has and any(
            "verb" in self.spans[i].has and "choice" in self.spans[i - 1].has for i in range(max(at - 2, 1), at)
        )
        if (self.prep or off) and self.target is not None and self.target.options:  # "take the bacon off the first one"
            self.prep = False
            if "ordinal" in has and not self.target.head and not self.timed(at):
                self.target.which, self.target.reference = has["ordinal"], True  # "add bacon to the first one"
            return True
        if "ordinal" in has and self.timed(at):
            return False  # "hold on a second"
        if "ordinal" in has:
            draft = Draft()
            draft.reference, draft.which = True, has["ordinal"]
            draft.heard = self.spans[at].text
            if self.amount == NEGATIVE and self.fresh:
                draft.mode, draft.verb = "remove", True
            self.adopt(draft)
            return True
        if self.current is None and (
            self.mode in ("change", "remove", "swap") or (self.mode == "add" and self.mentioned)
        ):
            draft = Draft(self.mentioned if self.mode == "add" else ())
            draft.reference = True
            draft.heard = self.spans[at].text
            self.adopt(draft)
            return True
        return False
