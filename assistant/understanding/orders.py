"""Which goods, how many, with what: spans become drafts of lines, drafts become add, remove and change.

The goods named are the heads. What stands left of a head up to the one before (count, size, options) is its left
group; the rest of the gap belongs to the head before. A count without a head of its own ("one without onions") splits
the line before it. Everything that a later word corrects is overwritten here, before any act is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.turns import LineSaid
from assistant.understanding.ahead import begun, content, counted, goods_follow, joined, leads, taken_back, tells_apart
from assistant.understanding.drafts import (
    NEGATIVE,
    Draft,
    Option,
    amend,
    chooses_one,
    compose,
    general,
    unsettled,
    valid,
)
from assistant.understanding.heads import group_starts, half_of, heads_of, kind_of, priced
from assistant.understanding.lexicon import Grammar, Lexicon, Places
from assistant.understanding.spans import Span

_LINKS = frozenset({"and", "or", "but"})
UNSURE = 0.5
"""Half of something that comes whole, or a name of which only a part is known: it is asked about."""


class Parsed:
    """What a sentence says about goods."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.leftover: list[Span] = []


class Reader:
    """Reads one sentence from left to right into drafts. `before` are the drafts of earlier sentences."""

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
        self.anew: Draft | None = None
        """The goods that are said anew: "no, just one coke"."""

    def read(self) -> Parsed:
        spans = self.spans
        heads = heads_of(spans, self.lexicon, self.basket, self.before, self.lines, self.last)
        starts = group_starts(spans, heads, self.grammar)
        at = 0
        while at < len(spans):
            if at in starts:
                head = starts[at]
                self.group(at, head, heads[head])
                at = head + 1
            else:
                at = self.step(at)
        drafts = self.parsed.drafts
        if self.anew is not None and self.anew in drafts:
            restate(self.anew, self.basket)
        if drafts and any("alike" in span.has for span in spans):
            drafts[-1].alike = True
        if drafts and drafts[-1].denied and any(span.start > self.named_at for span in self.parsed.leftover):
            drafts.pop()  # what was to take its place isn't known: nothing is taken off unasked
        return self.parsed

    # ------------------------------------------------------------------------------------ heads

    def group(self, start: int, head: int, items: tuple[str, ...]) -> None:
        """A head with all that stands left of it."""
        span = self.spans[head]
        draft = Draft(items, span.text, span.score)
        sign = 1
        ordinal: int | None = None
        count: int | None = None
        for index, one in enumerate(self.spans[start:head], start):
            has = one.has
            if "choice" in has and "num" in has and valid(has["choice"], items):
                draft.options.append(Option(has["choice"], one))
            elif "num" in has and "unit" in self.spans[index + 1].has and index + 1 < head:
                count = has["num"][0]
            elif "unknown" in has:
                self.parsed.leftover.append(one)
            elif "minus" in has:
                sign = -1
            elif "fraction" in has:
                draft.quantity, draft.uneven = int(float(has["fraction"])), True
            elif "multiple" in has:
                draft.quantity = (draft.quantity or 1) * has["multiple"]
                draft.article = False
            elif "ordinal" in has:
                ordinal = has["ordinal"]
            elif (
                "num" in has
                and ordinal is None
                and not (draft.quantity is not None and not draft.article and "choice" in has)
            ):
                draft.quantity, draft.article = sign * has["num"][0], False
            elif "of_them" in has and draft.quantity is not None:
                draft.some = draft.definite = True
            elif "another" in has:
                draft.quantity, draft.more = 1, True
            elif "fewer" in has and draft.quantity is not None:
                draft.mode, draft.verb = "remove", True
            elif "more" in has and "choice" not in has:
                draft.more = True
            elif "article" in has and draft.quantity is None:
                draft.quantity, draft.article = 1, True
            elif "amount" in has and "choice" not in has:
                self.amount, self.fresh = has["amount"][0], True
            elif "choice" in has:
                amount = self.amount if self.fresh else None
                draft.options.append(Option(has["choice"], one, None if amount == "with" else amount, count))
                self.fresh, self.amount, count = False, None, None
            elif "each" in has:
                draft.which, draft.definite = "all", True
            elif "the" in has:
                draft.definite = True
        strange = [one for one in draft.options if not valid(one.places, items)]
        if strange and "item" not in span.has and "category" not in span.has:
            draft.options = [one for one in draft.options if one not in strange]
            draft.score = min(draft.score, UNSURE)  # "a chocolate cake", where there is but a cheesecake
        draft.left = len(draft.options)
        if ordinal is not None:
            draft.which, draft.definite = ordinal, True
        self.named_at = span.start
        none = span.has.get("none_of")
        if none is not None and draft.quantity is None:
            draft.items, draft.quantity = none, 0
        if draft.uneven or (self.amount == "half" and self.fresh and draft.quantity is not None and not draft.article):
            draft.score, draft.uneven = min(draft.score, UNSURE), True
            self.amount, self.fresh = None, False
        if self.amount == "half" and self.fresh:
            draft.score, draft.halved = min(draft.score, UNSURE), True
            self.amount, self.fresh = None, False
        self.place(draft)

    def place(self, draft: Draft) -> None:
        """Puts a new draft where it belongs: a line of its own, or in the place of what it corrects."""
        last = self.target or (self.parsed.drafts[-1] if self.parsed.drafts else None)
        negated = self.amount == NEGATIVE and self.fresh
        self.fresh, self.amount = False, None
        orphan = last if last is not None and not last.head and not last.reference else None
        if orphan is not None and orphan is self.current and (self.prep or self.mode == "change"):
            draft.options = [*orphan.options, *draft.options]
            draft.mode, draft.verb = "change", True
            self.parsed.drafts.remove(orphan)
            self.adopt(draft)
            return
        if negated:
            same = next((d for d in reversed(self.all()) if set(d.items) & set(draft.items) and not d.old), None)
            if same is not None and not draft.options and not self.instead:
                self.drop(same)
                self.dropped = same
                return
            draft.mode, draft.verb = "swap" if self.instead else "remove", True
            draft.old, self.instead = self.instead, False
            draft.denied = not draft.old
            self.adopt(draft)
            return
        if self.mode in (None, "add", "swap") and not self.linked and not draft.more and self.takes_over(draft):
            return
        if (
            self.mode == "swap"
            and self.parsed.drafts
            and self.parsed.drafts[-1].mode == "swap"
            and not self.parsed.drafts[-1].old
        ):
            old = self.parsed.drafts[-1]
            old.old = True
            draft.mode, draft.verb = "change", True
            self.adopt(draft)
            return
        if (
            self.mode == "change"
            and self.verb_said
            and last is not None
            and last is self.current
            and last.mode == "change"
            and (last.reference or last.head)
            and not self.linked
        ):
            if last.reference and draft.quantity is not None and not draft.article and self.recounts(last, draft):
                return
            last.old = True
            draft.mode, draft.verb = "change", True
            if last.reference and (earlier := self.earlier(last)) is not None:
                self.parsed.drafts.remove(last)
                self.replace(earlier, draft)
                return
            self.adopt(draft)
            return
        if self.correcting and last is not None and not self.linked:
            earlier = self.current or last
            if earlier.reference and (real := self.earlier(earlier)) is not None:
                self.parsed.drafts.remove(earlier)
                earlier = real
            self.replace(earlier, draft)
            return
        same = next((d for d in reversed(self.all()) if d.items == draft.items), None)
        if (
            same is not None
            and draft.quantity is None
            and not draft.more
            and not self.linked
            and self.mode in (None, "add")
            and not draft.left
        ):
            self.current = self.target = same
            self.correcting = False
            return
        if self.prep and self.current is not None and not self.current.head and self.current.options:
            draft.mode = "change"
        self.adopt(draft)

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
        if denied is None or not denied.denied or denied.options or (self.mode == "add" and self.again):
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

    def earlier(self, draft: Draft) -> Draft | None:
        """The goods named before a reference in the same utterance."""
        return next((d for d in reversed(self.all()) if d is not draft and d.head), None)

    def drop(self, draft: Draft) -> None:
        for drafts in (self.parsed.drafts, self.before):
            if draft in drafts:
                drafts.remove(draft)
        if self.current is draft:
            self.current = self.target = None

    def replace(self, old: Draft, new: Draft) -> None:
        if new.quantity is None or (new.article and old.quantity is not None and not old.article):
            new.quantity = old.quantity
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
            self.anew = None if self.mode == "add" and self.verb_said else draft
        if self.dropped is not None and draft.quantity is None:
            draft.quantity = self.dropped.quantity
        self.dropped = None
        self.topic = None
        self.parsed.drafts.append(draft)
        self.run.append(draft)
        self.current = self.target = draft
        self.correcting = self.prep = self.linked = False
        self.since_pause = len(draft.options)

    # ------------------------------------------------------------------------- everything else

    def step(self, at: int) -> int:
        """Reads the span at `at`, which is in no left group; where to go on."""
        span = self.spans[at]
        has = span.has
        follower = content(self.spans, at + 1)
        if "stop" in has or "pause" in has:
            self.fresh, self.topic = False, None
            if self.amount != "with":
                self.amount = None
            self.since_pause = len(self.target.options) if self.target else 0
            if not self.grammar.verbs_last:
                self.run = []
            return at + 1
        if "swap_counts" in has and len(self.all()) >= 2:
            one, other = self.all()[-2:]
            one.quantity, other.quantity = other.quantity, one.quantity
            self.correcting = False
            return at + 1
        if "instead_of" in has:
            self.instead, self.amount, self.fresh = True, NEGATIVE, True
            return at + 1
        if (
            "instead_after" in has
            and self.current is not None
            and self.current is self.target
            and not self.fresh_options()
        ):
            self.current.old, self.current.mode = True, "swap"
            return at + 1
        if "makes" in has and not self.all():
            self.mode, self.verb_said = "change", True
            draft = Draft()
            draft.reference = True
            self.adopt(draft)
            return at + 1
        if ("correct" in has or "makes" in has) and self.corrects(at, follower):
            self.correcting = True
            self.refused = not self.all() and any(name == "deny" for name, _ in has.get("act", ()))
            self.amount, self.fresh = None, False
            return at + 1
        if "amount" in has and not ("verb" in has and has["amount"][0] == "with") and self.amounts(at, follower):
            return at + 1
        if "verb" in has and self.verbs(at, follower):
            return at + 1
        if "each" in has and self.distribute(at, follower):
            if follower is not None and "num" in follower.has:
                at = self.spans.index(follower, at)
                while at + 1 < len(self.spans) and "measure" in self.spans[at + 1].has:
                    at += 1
            return at + 1
        if "other" in has and self.current is not None and self.current.head:
            self.sub(1)
            return at + 1
        if "num" in has and "choice" in has and self.target is not None and not valid(has["choice"], self.target.items):
            return self.count(at)
        if "choice" in has or "option" in has or "item" in has:
            return self.option(at)
        if "num" in has and (paid := _price(self.spans, at)):
            return paid
        if "num" in has or "multiple" in has or "article" in has:
            return self.count(at)
        if "another" in has:
            if (
                self.current is not None
                and self.current.head
                and self.current is self.target
                and self.current.quantity is None
            ):
                self.current.quantity, self.current.more = 1, True
                return at + 1
            draft = Draft(self.mentioned, span.text)
            draft.reference = draft.more = draft.verb = True
            draft.quantity, draft.mode = 1, "add"
            self.adopt(draft)
            return at + 1
        if ("it" in has or "ordinal" in has) and self.refer(at):
            return at + 1
        if "part" in has:
            beside = self.fresh_options()[-1:]
            if beside and not (follower is not None and "choice" in follower.has):
                beside[0].part = has["part"]
            else:
                self.part = has["part"]
            self.prep = bool(beside)
            return at + 1
        if "alike" in has and not self.all() and self.basket:
            draft = Draft((), span.text)
            draft.reference = draft.more = draft.verb = draft.alike = True
            draft.mode = "add"
            self.adopt(draft)
            return at + 1
        if "on" in has or "of_them" in has:
            self.prep = True
            if "on" in has and self.grammar.verbs_last and self.target is not None and span.glued:
                self.target.definite = self.target.definite or self.target.head  # "햄버거에": to the hamburger
            return at + 1
        if has.keys() & _LINKS:
            self.linked = "and" in has or "but" in has
            if "but" in has:
                self.amount = None
            return at + 1
        if "instead" in has:
            drafts = self.parsed.drafts
            if len(drafts) >= 2 and drafts[-2].mode == "remove":
                drafts[-2].old = True
            elif len(drafts) == 1 and drafts[0].head and drafts[0].mode in (None, "add") and not self.before:
                self.replaces(drafts[0])
            return at + 1
        if (
            has.keys() - {"category", "partial"}
            and "unknown" not in has
            and "fraction" not in has
            and "digits" not in has
        ):
            return at + 1
        if "unknown" in has or "partial" in has or "fraction" in has:
            self.parsed.leftover.append(span)
        return at + 1

    def fresh_options(self) -> list[Option]:
        """The options of the current goods that were said since the goods, or since the last pause."""
        return self.target.options[max(self.since_pause, self.target.left) :] if self.target is not None else []

    def without(self, amount: str) -> bool:
        """Chooses by an amount behind the option's name, "얼음 빼고": the choice that is without it."""
        if self.topic is None or self.target is None:
            return False
        places = compose(self.lexicon, amount, self.topic, self.target.items)
        if places is None:
            return False
        self.target.options.append(Option(places, self.topic))
        self.topic = None
        return True

    def denied(self) -> list[Option]:
        """What a "without" behind options is about: those just said, but no size, of which there is always one."""
        target = self.target
        fresh = self.fresh_options()
        many = [one for one in fresh if target is None or not chooses_one(self.lexicon, one.places, target)]
        return many or fresh

    def corrects(self, at: int, follower: Span | None) -> bool:
        """Whether a word such as "no" takes back what was said, rather than denying what follows."""
        has = self.spans[at].has
        if (
            not self.all()
            and not begun(self.spans, at)
            and not (
                self.basket
                and follower is not None
                and ("pause" in follower.has or not self.basket.isdisjoint(follower.has.get("item", ())))
            )
        ):
            return False
        denies = follower is not None and follower.has.keys() & {"choice", "item", "option", "category"}
        return not ("amount" in has and denies)

    def amounts(self, at: int, follower: Span | None) -> bool:
        has = self.spans[at].has
        name, side = has["amount"]
        if side == "link":
            self.carry(name)
            return True
        if side == "after" or (side == "both" and not leads(self.spans, at)):
            if self.target is not None and self.target.options and self.since_pause < len(self.target.options):
                for one in self.denied() if name == NEGATIVE else self.target.options[-1:]:
                    amend(self.lexicon, one, name, self.target)
                self.since_pause = len(self.target.options)
                return True
            if self.without(name):
                return True
            if name == "half" and self.current is not None:
                if follower is not None and "measure" in follower.has:
                    self.current.score = min(self.current.score, UNSURE)
                elif at and self.spans[at - 1].has.keys() & {"measure", "num"}:
                    self.current.score, self.current.uneven = min(self.current.score, UNSURE), True
            return "verb" not in has and "correct" not in has
        if follower is None or not (
            follower.has.keys()
            & {
                "choice",
                "item",
                "option",
                "amount",
                "num",
                "article",
                "each",
                "the",
                "some",
                "on",
                "unit",
                "another",
                "unknown",
                "it",
                "measure",
                "category",
                "of_them",
                "ordinal",
            }
        ):
            return "choice" not in has and "verb" not in has and "item" not in has
        if "choice" in has and "choice" not in follower.has and "option" not in follower.has:
            return False
        if name == "with" and self.amount == NEGATIVE and self.fresh:
            return True
        self.halved = self.amount == "half" and self.fresh
        if name == "extra" and self.amount == NEGATIVE and self.fresh:
            name = "not_extra"
        if name == "light" and self.amount == NEGATIVE and self.fresh:
            name = "not_light"
        self.amount, self.fresh = name, True
        return True

    def carry(self, name: str) -> None:
        """Takes the options just said off the goods before: they belong to the goods that follow."""
        target = self.target
        if target is None:
            return
        options = self.fresh_options()[-1:] if target.head else target.options[:]
        for option in options:
            amend(self.lexicon, option, name, self.target)
            target.options.remove(option)
        self.carried += options
        if not target.head and not target.reference and not target.options:
            self.drop(target)

    def verbs(self, at: int, follower: Span | None) -> bool:
        name, side = self.spans[at].has["verb"]
        if side == "after" or (side == "both" and not leads(self.spans, at)):
            chosen = name == "remove" and self.without(NEGATIVE)
            if name == "remove" and self.target is not None and (chosen or self.fresh_options()):
                for option in () if chosen else self.denied():
                    amend(self.lexicon, option, NEGATIVE, self.target)
                self.since_pause = len(self.target.options)
                if not self.target.head:
                    self.target.mode, self.target.verb = "change", True
                return True
            for draft in self.run:
                if not draft.verb or name in ("remove", "change", "swap"):
                    draft.mode, draft.verb = name, True
            if self.run and name == "swap" and len(self.run) >= 2:
                self.run[-2].old, self.run[-2].mode = True, "swap"
                self.run[-1].mode = "change"
            elif name == "swap":
                for draft in self.run:
                    draft.mode = "change"
            for draft in self.run:
                if draft.old and draft.mode == "add":
                    draft.mode = "swap"
            if self.run:
                self.run = []
                self.mode, self.verb_said = None, False
                return True
            if side == "after":
                self.mode = self.mode or (name if self.grammar.verbs_last else None)
                if not self.parsed.drafts and name in ("remove", "change"):
                    self.mode, self.verb_said = name, True
                return True
        if name == "add" and follower is not None and self.current is not None and "choice" in follower.has:
            fits = valid(follower.has["choice"], self.current.items) and "item" not in follower.has
            if fits:
                self.amount, self.fresh = "with", True
                return True
        if (
            name == "swap"
            and self.current is not None
            and self.current is self.target
            and (self.run or self.current.mode == "remove")
        ):
            self.swap(at, follower)
            return True
        self.mode, self.verb_said = name, True
        self.again = "again" in self.spans[at].has
        self.run = []
        self.amount, self.fresh = None, False
        return True

    def swap(self, at: int, follower: Span | None) -> None:
        """A word such as 换成 behind goods: other goods follow, or another option or count for these."""
        assert self.current is not None
        goods = follower is not None and goods_follow(self.spans, at, self.current.items)
        if goods and self.current.verb and self.current.mode == "add":
            self.correcting = True
            return
        if not (self.current.verb and self.current.mode == "add"):
            self.current.mode, self.current.verb = "swap", True
            self.mode, self.verb_said = "swap", True
        if not goods and self.current.quantity is not None and leads(self.spans, at):
            self.correcting = True
        self.amount, self.fresh = "with", True

    def distribute(self, at: int, follower: Span | None) -> bool:
        drafts = [d for d in self.all() if d.head]
        if not drafts:
            return False
        target = self.target
        if (
            target is not None
            and len(target.options) > self.since_pause
            and (follower is None or not (follower.has.keys() & {"choice", "option", "amount"}))
        ):
            shared = target.options[self.since_pause :]
            for draft in drafts:
                if draft is not target:
                    draft.options += [o for o in shared if valid(o.places, draft.items)]
            if any(valid(o.places, draft.items) for o in shared for draft in drafts):
                target.options = [o for o in target.options if o not in shared or valid(o.places, target.items)]
            return True
        if follower is not None and "num" in follower.has:
            for draft in drafts:
                if draft.quantity is None:
                    draft.quantity = follower.has["num"][0]
            return True
        self.spread = len(drafts)
        return True

    def option(self, at: int) -> int:
        span = self.spans[at]
        has = span.has
        places: Places | None = has.get("choice")
        amount = self.amount if self.fresh else None
        if self.amount == NEGATIVE and not self.fresh and joined(self.spans, at):
            amount = NEGATIVE
        target = self.target or (self.all()[-1] if self.all() else None)
        items: Sequence[str] = target.items if target is not None else ()
        follows = at > 0 and "choice" in self.spans[at - 1].has
        if follows and places is not None and amount is None and target is not None and general(places, target):
            return at + 1
        asked = unsettled(self.lexicon, self.lines)
        if "item" in has and (places is None or not valid(places, items)):
            kinds = kind_of(span, self.lexicon)
            places = kinds if valid(kinds, items or ((asked[1],) if asked is not None else ())) else places
        if amount is not None and amount != "with":
            kept = compose(self.lexicon, amount, span, items)
            if kept is not None:
                places, amount = kept, None
        part: str | None = None
        if amount == "half":
            halves = half_of(span, self.lexicon)
            amount = None
            if halves is not None:
                places = halves
                there = self.pending_count() is None and any(line.item in places for line in self.lines)
                if target is None and (there or (asked is not None and asked[1] in places)):
                    pass  # the halves of the one in the basket
                elif target is None or (target.head and not valid(places, target.items)):
                    target = Draft(tuple(places), span.text)
                    target.quantity = self.pending_count()
                    self.adopt(target)
                others = (
                    [one for one in target.options if valid(one.places, list(halves))] if target is not None else []
                )
                if others and not others[-1].part:
                    others[-1].part = "left"  # 하와이안 반 페퍼로니 반: the half is said behind the first
                part = "right" if others else "left"
        if places is None:
            if amount not in (None, "with"):
                places = compose(self.lexicon, str(amount), span, ())
                amount = None
            if places is None:
                self.fresh = False
                self.scope = has.get("option", {})
                self.topic = span
                last = target.options[-1] if target is not None and target.options else None
                if last is not None and last.end == span.start and _within(last.places, self.scope):
                    last.scope, self.scope = self.scope, {}
                return at + 1
        option = Option(places, span, None if amount == "with" else amount)
        option.part = part or self.part
        self.part = None
        if self.scope:
            option.scope, self.scope = self.scope, {}
        self.instead = False
        if target is None or (target.mode == "remove" and target.old):
            target = Draft()
            target.halved, self.halved = self.halved, False
            self.adopt(target)
            self.current = self.target = target
            target.mode, target.verb = self.mode, self.verb_said
        if target.mode in ("remove",) and not target.head and amount in (None, "with"):
            option.amount = NEGATIVE
        if self.spread is not None:
            for draft in [d for d in self.all() if d.head]:
                if draft is not target and valid(places, draft.items):
                    draft.options.append(Option(places, span, option.amount))
        target.options.append(option)
        self.fresh, self.topic = False, None
        if amount != NEGATIVE and amount != "with":
            self.amount = None
        self.correcting = self.linked = False
        return at + 1

    def pending_count(self) -> int | None:
        """The count that was said before goods which only their halves name: "a large half ham half cheese"."""
        return next((s.has["num"][0] for s in self.spans if "num" in s.has), None)

    def count(self, at: int) -> int:
        """A count outside every left group."""
        spans = self.spans
        span = spans[at]
        has = span.has
        target = self.target or (self.all()[-1] if self.all() else None)
        number, after, unit, more = counted(spans, at)
        if "article" in has and "multiple" in (spans[at + 1].has if at + 1 < len(spans) else {}):
            return at + 1
        dropped = taken_back(spans, at, target.items if target is not None else ())
        if dropped is not None:
            return dropped
        follower = content(self.spans, after)
        choice = follower is not None and "choice" in follower.has
        if (
            choice
            and follower is not None
            and (
                unit
                or self.amount in ("with", "extra")
                or "article" in has
                or (self.mode == "add" and target is not None)
            )
        ):
            fits = target is None or valid(follower.has["choice"], target.items) or not target.items
            whole = self.current if self.current is not None and target in self.current.subs else target
            splits = (
                whole is not None and (whole.quantity or 1) >= 2 and "num" in has and self.amount != "with" and not unit
            )
            single = target is not None and chooses_one(self.lexicon, follower.has["choice"], target)
            if single and not unit and "num" in has and target is not None and target.quantity is None:
                target.quantity = number
                return after
            if fits and not splits:
                index = spans.index(follower, after)
                kept = self.amount
                self.option(index)
                if self.target is not None and self.target.options and number > 1:
                    self.target.options[-1].count = number
                if kept == "with":
                    self.amount = kept
                return index + 1
        if "article" in has:
            return at + 1
        if (
            follower is not None
            and "one" in span.text
            and at
            and "choice" in spans[at - 1].has
            and target is not None
            and target.quantity is None
            and self.mode == "change"
        ):
            return after
        own = at > 1 and "num" in spans[at - 2].has and choice
        if "one" in has and at and (spans[at - 1].has.keys() & {"choice", "the", "ordinal"}) and not own:
            return after
        if self.counts_strange(at, after):
            return after
        if target is not None and target.denied and target is self.current and not target.options:
            target.denied, target.quantity = False, number  # "not two cokes, three"
            target.mode = "change" if set(target.items) & self.basket else "add"
            return after
        if (
            self.prep
            and target is not None
            and not (target.head or target.reference)
            and target.options
            and target.quantity is None
        ):
            target.quantity, target.some = number, True
            return after
        if self.correcting and target is not None:
            target.quantity, target.article = number, False
            self.correcting = False
            return after
        if self.current is not None and target in self.current.subs:
            target = self.current
        if target is not None and target.head and tells_apart(spans, after, target):
            self.current = self.current or target
            self.sub(number)
            return after
        if (
            target is not None
            and (target.head or target.reference or not target.options)
            and (target.quantity is None or target.article)
            and target is self.current
        ):
            target.quantity, target.article = number, False
            if after < len(spans) and "topical" in spans[after].has and set(target.items) & self.basket:
                target.some = target.definite = True  # "치즈버거 하나는": as for one of them
            return after
        draft = Draft(self.mentioned if self.mode == "add" else (), span.text)
        if (self.mode == "add" and not self.mentioned and self.basket and not self.again) or self.correcting:
            draft.mode, draft.verb = "change", True
        draft.quantity = number
        draft.more = more
        draft.some = not more
        draft.reference = True
        if more:
            draft.mode, draft.verb = "add", True
        self.adopt(draft)
        return after

    def counts_strange(self, at: int, after: int) -> bool:
        """Whether a count is that of goods that aren't known: it goes to no others."""
        if self.correcting:
            return False
        if self.grammar.verbs_last:
            return self.linked and at > 0 and bool(self.spans[at - 1].has.keys() & {"unknown", "partial"})
        return after < len(self.spans) and "unknown" in self.spans[after].has

    def sub(self, number: int) -> None:
        parent = self.current
        assert parent is not None
        draft = Draft(parent.items, parent.heard, parent.score)
        draft.quantity = number
        whole = parent.quantity or 1
        told = any("of_them" in s.has for s in self.spans)
        draft.also = (whole < 2 or (len(parent.options) > parent.left and not parent.subs)) and not told
        parent.subs.append(draft)
        self.target = draft
        self.amount, self.fresh = None, False
        self.since_pause = 0

    def refer(self, at: int) -> bool:
        """ "it", "the second one": stands for a line. True when it was taken for one."""
        has = self.spans[at].has
        if self.prep and self.target is not None and self.target.options:
            self.prep = False
            return True
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


def restate(draft: Draft, basket: frozenset[str]) -> None:
    """ "No, just one coke": with a count of its own the line that is there is meant."""
    told = draft.quantity is not None and not (draft.article or draft.more)
    if draft.head and draft.mode in (None, "add") and told and set(draft.items) & basket:
        draft.mode, draft.verb = "change", True


def _within(places: Places, scope: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a choice may be made inside an option: "large" inside "drink"."""
    return any(
        path.startswith(f"{one}/") for item, pairs in places.items() for path, _ in pairs for one in scope.get(item, ())
    )


def _price(spans: Sequence[Span], at: int) -> int:
    """Where an amount of money that begins at `at` ends, else 0: money is no count of anything."""
    follower = spans[at + 1].has if at + 1 < len(spans) else {}
    if priced(follower):
        return at + 2
    return at + 1 if at and priced(spans[at - 1].has) else 0
