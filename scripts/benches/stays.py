"""Dates, nights, guests and times of public sets against what is understood in the demo hotel: F1 by slot.

`python -m scripts.benches.stays FILE…` prints one JSON object; `--failures N` shows the rows that went wrong.

What the gold says, and where it must be found again (the sets name their slots themselves):

    date, date_from                     arrive   `from` of any act's dates
    date_to                             leave    `to`
    date_period, time_period            nights   `nights`; only spans that count nights, days or weeks ("a week" is 7);
                                                 "night" beside a day, and "tonight", are that one night
    adults, people                      adults   `adults`
    kids                                children `children`; "no kids" is 0 and has to be said
    time, time_from, time_to            time     a give_time
    datetime, timeofday (words only)    moment   arrive, leave, nights or time that came from these words: without them
                                                 the sentence must not say it any more
    party_size_number (words only)      adults   the number that the words say

Everything must be equal, and whatever is found in no slot of the gold counts against us, in every row of the set.
Two of arrive, leave and nights say the third: a gold of two is compared in those two.

Where the annotation can't be meant as it stands it is mended, by rules that don't look at the answer; the figure
without that is given too (`as annotated`), and there it counts as wrong:

- Each expression was annotated by itself, so a day of leaving may lie before the day of arriving ("arriving on Monday,
  leaving on Thursday" said on a Tuesday). Then it is the next such day after arriving: of the same name, or of the same
  number in a month. A bare number that shares the other end's month ("from the 17 to the 19 July") is in that month.
- An hour below 12 that was said without its half of the day ("check in at 5") is annotated as 05:00; 17:00 is right,
  too.
- `people` beside `kids` counts the children, too ("9 of which two are children"): 7 adults.
- "Tonight" is annotated as a period; it is today for one night.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.interpreter import lexicon_of
from assistant.shops import load_shop
from assistant.turns import Act, Hypothesis
from assistant.understanding import Context, Lexicon, understand
from assistant.understanding.words.numbers import ENGINES
from models import languages

SHOP = "lake-hotel"
NOW = dt.datetime(2022, 3, 15, 9, 0, tzinfo=dt.UTC)
"""When the English hotel set was annotated to be: its "today", and its "now"."""

ARRIVE, LEAVE, NIGHTS, ADULTS, CHILDREN, TIME, MOMENT = (
    "arrive",
    "leave",
    "nights",
    "adults",
    "children",
    "time",
    "moment",
)
GROUPS = {"dates": (ARRIVE, LEAVE), "nights": (NIGHTS,), "guests": (ADULTS, CHILDREN), "times": (TIME, MOMENT)}
STAY = ("dates", "nights", "guests")
"""What the headline counts."""
SLOTS = {
    "date": ARRIVE,
    "date_from": ARRIVE,
    "date_to": LEAVE,
    "date_period": NIGHTS,
    "time_period": NIGHTS,
    "adults": ADULTS,
    "people": ADULTS,
    "kids": CHILDREN,
    "time": TIME,
    "time_from": TIME,
    "time_to": TIME,
    "datetime": MOMENT,
    "timeofday": MOMENT,
    "party_size_number": ADULTS,
}

Slot = tuple[str, Any]


# -- the gold ----------------------------------------------------------------------------------------------------

_NUMBERS = {"a": 1, "an": 1, "the": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7} | {
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "couple": 2,
}
_PERIOD = re.compile(r"\b(\d+|" + "|".join(_NUMBERS) + r")[ -](night|day|week|fortnight)s?\b")
_TONIGHT = re.compile(r"\b(tonight|this (?:evening|afternoon|morning))\b", re.IGNORECASE)
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_HALF = re.compile(r"\b(?:[ap]\.? ?m|morning|noon|afternoon|evening|night|midnight)\b", re.IGNORECASE)


def nights_in(words: str) -> int | None:
    """How many nights a period counts; None where it counts none ("a weekend", "few more hours")."""
    found = _PERIOD.search(words.lower())
    if found is None:
        return None
    number = int(found[1]) if found[1].isdigit() else _NUMBERS[found[1]]
    return number * {"week": 7, "fortnight": 14}.get(found[2], 1)


def gold_of(row: Mapping[str, Any], language: str, mended: bool) -> tuple[Counter[Slot], list[str]]:
    """The slots of a row with their values, and the words of those that have none."""
    found: dict[str, list[tuple[Any, str]]] = {}
    words_only: list[str] = []
    for name, words, *rest in row["slots"]:
        kind, value = SLOTS.get(name), rest[0] if rest else None
        if kind == NIGHTS:
            if words.strip().lower() == "night":
                value = 1
            elif mended and _TONIGHT.search(words):
                found.setdefault(ARRIVE, []).append((NOW.date(), words))
                value = 1 if words.lower().endswith("tonight") else None
            else:
                value = nights_in(words)
            if value is None:
                continue
        elif kind == MOMENT:
            words_only.append(words)
            continue
        elif kind in (ARRIVE, LEAVE):
            value = dt.date(value["year"], value["month"], value["day"])
        elif kind == TIME:
            value = f"{value['hour']:02d}:{value['minute']:02d}"
            if mended and 0 < int(value[:2]) < 12 and not _HALF.search(words):
                value += "?"
        elif name == "party_size_number":
            value = number_in(words, language)
        if kind is not None and value is not None:
            found.setdefault(kind, []).append((value, words))
    if mended and CHILDREN in found and any(name == "people" for name, *_ in row["slots"]):
        found[ADULTS] = [(value - sum(count for count, _ in found[CHILDREN]), words) for value, words in found[ADULTS]]
    if mended and ARRIVE in found and LEAVE in found:
        found[ARRIVE], found[LEAVE] = _mend(found[ARRIVE], found[LEAVE])
    return Counter((kind, value) for kind, values in found.items() for value, _ in values), words_only


def number_in(words: str, language: str) -> int | None:
    """The number that a few words say: 4个, 九个."""
    if written := re.search(r"\d+", words):
        return int(written[0])
    numbers = languages.load(language).tables["numbers"]
    values = [numbers["words"][letter] for letter in words if letter in numbers["words"]]
    return ENGINES[numbers.get("system", "tens")](values, 0)[0] if values else None


def _mend(arrive: list[Any], leave: list[Any]) -> tuple[list[Any], list[Any]]:
    """Both ends as one stay, where each was annotated as if it stood alone."""
    (start, start_words), (end, end_words) = arrive[0], leave[0]
    bare = not _MONTH.search(start_words) and not _WEEKDAY.search(start_words) and re.search(r"\d", start_words)
    if bare and not re.search(r"\bin \d", start_words) and _MONTH.search(end_words):
        month = end.month if start.day < end.day else (end.month + 10) % 12 + 1
        start = dt.date(end.year - (month > end.month), month, start.day)
    if end <= start:
        if _MONTH.search(end_words):
            end = end.replace(year=start.year + ((end.month, end.day) <= (start.month, start.day)))
        elif _WEEKDAY.search(end_words):
            end += dt.timedelta(days=7 * ((start - end).days // 7 + 1))
        else:
            following = start.replace(day=1) + dt.timedelta(days=32)
            end = end.replace(month=start.month, year=start.year)
            end = end if end > start else end.replace(month=following.month, year=following.year)
    return [(start, start_words), *arrive[1:]], [(end, end_words), *leave[1:]]


# -- what was understood -----------------------------------------------------------------------------------------


def said_by(acts: Iterable[Act]) -> Counter[Slot]:
    """The slots that acts say."""
    found: Counter[Slot] = Counter()
    for act in acts:
        value = act.value
        if act.act == "give_time" and isinstance(value, str):
            day, _, hour = value.rpartition("T")
            if day:
                found[ARRIVE, _day(day)] = 1
            found[TIME, hour] += 1
        elif isinstance(value, Mapping):
            for key, kind in (("from", ARRIVE), ("to", LEAVE)):
                if key in value:
                    found[kind, _day(value[key])] = 1
            for key, kind in (("nights", NIGHTS), ("adults", ADULTS), ("children", CHILDREN)):
                if key in value:
                    found[kind, value[key]] += 1
    return found


def _day(text: str) -> dt.date | str:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text


def matched(gold: Counter[Slot], got: Counter[Slot]) -> Counter[Slot]:
    """What was understood, in the form in which the gold says it: two of arrive, leave and nights say the third."""
    got = Counter(got)
    wanted = {kind for kind, _ in gold}
    first = dict(reversed(list(got)))
    start, end, nights = first.get(ARRIVE), first.get(LEAVE), first.get(NIGHTS)
    if isinstance(start, dt.date) and isinstance(end, dt.date) and nights is None and NIGHTS in wanted:
        got[NIGHTS, (end - start).days] += 1
        if LEAVE not in wanted:
            got -= Counter({(LEAVE, end): 1})
    elif isinstance(start, dt.date) and end is None and nights is not None and LEAVE in wanted:
        got[LEAVE, start + dt.timedelta(days=nights)] += 1
        if NIGHTS not in wanted:
            got -= Counter({(NIGHTS, nights): 1})
    for kind, value in gold:
        if kind == TIME and value.endswith("?"):
            hour, minute = int(value[:2]), value[3:5]
            for one in (f"{hour:02d}:{minute}", f"{hour + 12:02d}:{minute}"):
                if got[TIME, one]:
                    got = got - Counter({(TIME, one): 1}) + Counter({(TIME, value): 1})
                    break
    return got


class Reader:
    """Understands sentences as `voicetill understand --shop lake-hotel` does, on the day of the gold."""

    def __init__(self) -> None:
        shop, catalogue = load_shop(SHOP)
        self.lexicon: Lexicon = lexicon_of(shop, catalogue)
        self.context = Context(now=NOW, booking=True)

    def __call__(self, text: str, language: str) -> Counter[Slot]:
        return said_by(understand((Hypothesis(text),), self.lexicon, self.context, language).acts)


def score(rows: Sequence[Mapping[str, Any]], read: Reader, mended: bool = True) -> tuple[Counter[Any], list[Any]]:
    """Counts by (slot, hit | gold | got), and the rows that went wrong."""
    tally: Counter[Any] = Counter()
    wrong = []
    for row in rows:
        language = row.get("lang", "en")
        gold, words_only = gold_of(row, language, mended)
        got = matched(gold, read(row["text"], language))
        hit = gold & got
        over = got - hit
        for words in words_only:
            gone = over - read(row["text"].replace(words, " "), language)
            gone = Counter({slot: count for slot, count in gone.items() if slot[0] not in (ADULTS, CHILDREN)})
            gold[MOMENT, words] += 1
            if gone:
                over -= gone
                hit[MOMENT, words] += 1
        both = hit + over
        for name, slots in (("hit", hit), ("gold", gold), ("got", both)):
            for (kind, _), count in slots.items():
                tally[kind, name] += count
        if hit != gold or over:
            wrong.append((row, gold - hit, over))
    return tally, wrong


def f1(tally: Counter[Any], groups: Iterable[str]) -> float | None:
    hit, gold, got = (
        sum(tally[kind, name] for group in groups for kind in GROUPS[group]) for name in ("hit", "gold", "got")
    )
    return round(2 * hit / (gold + got), 4) if gold else None


def figures(rows: Sequence[Mapping[str, Any]], read: Reader) -> dict[str, Any]:
    tally, wrong = score(rows, read)
    strict, _ = score(rows, read, mended=False)
    return {
        "rows": len(rows),
        "gold": sum(count for (_, name), count in tally.items() if name == "gold"),
        "f1": f1(tally, STAY),
        "f1_as_annotated": f1(strict, STAY),
        **{group: f1(tally, (group,)) for group in GROUPS},
        "found_without_gold": sum(tally[kind, "got"] for kinds in GROUPS.values() for kind in kinds)
        - sum(tally[kind, "hit"] for kinds in GROUPS.values() for kind in kinds),
        "rows_right": len(rows) - len(wrong),
    }


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a set whose slots are about dates, times or people; none of a set that has another gold."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    if not all(isinstance(row.get("slots"), list) and "expected" not in row for row in rows):
        return []
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="stays", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="show the first N rows that went wrong")
    given = parser.parse_args()
    read = Reader()
    found = {}
    for path in given.sets:
        rows = rows_of(path)
        found[path.stem] = figures(rows, read)
        for row, missed, over in score(rows, read)[1][: given.failures]:
            print(f"{row['id']}  {row['text']}\n    missed {_shown(missed)}   wrongly {_shown(over)}")
    print(json.dumps(found, ensure_ascii=False))


def _shown(slots: Counter[Slot]) -> str:
    return ", ".join(f"{kind} {value}" for kind, value in slots) or "-"


if __name__ == "__main__":
    main()
