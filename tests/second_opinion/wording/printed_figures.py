"""What one quarter's sentences may say: the figures as plain numbers, and whether a phrase is true of them.

It parses what is printed (numbers, and words for differences) and asks the figures; it does not compose a
sentence, so it shares no template with the product.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.second_opinion.wording.differences import WORDS_OF_NUMBERS, half_up

Number = int | tuple[int, int] | None
"""A count, a numerator and denominator, or what is not available."""
CARRIED = ("short_breaks_children_count",)
"""Counts of different children, whose year so far is their year to come."""


@dataclass(frozen=True)
class PrintedFigures:
    """The figures of a year up to a quarter, and of the year before.

    Args:
        quarters: of each KPI, oldest first, as many as are over.
        years_so_far: the year to date of each KPI.
        last_year: last year's outturn, or stock on its last day.
        last_quarters: last year's four quarters.
    """

    quarters: Mapping[str, Sequence[Number]]
    years_so_far: Mapping[str, Number]
    last_year: Mapping[str, Number]
    last_quarters: Mapping[str, Sequence[Number]]

    @property
    def quarter(self) -> int:
        return len(next(iter(self.quarters.values())))

    def number(self, kpi: str) -> Number:
        return self.quarters[kpi][-1]

    def value(self, kpi: str) -> Fraction | None:
        return value_of(self.number(kpi))

    def forecast(self, kpi: str) -> Fraction | None:
        """Straight on from the year so far; none in quarter 1 without a year before."""
        so_far = value_of(self.years_so_far[kpi])
        if so_far is None or (self.last_year.get(kpi) is None and self.quarter < 2):
            return None
        grows = isinstance(self.years_so_far[kpi], int) and kpi not in CARRIED
        return so_far * 4 / self.quarter if grows else so_far

    def earlier(self, kpi: str) -> list[int] | None:
        """The year's earlier quarters; None when one is not available."""
        found = [number for number in self.quarters[kpi][:-1] if isinstance(number, int)]
        return found if len(found) == self.quarter - 1 else None

    # Phrases

    def says_level(self, kpi: str, clause: str) -> bool:
        """'a slightly lower level than the previous two quarters (80 and 90)', and its form in quarter 1."""
        now = self.value(kpi)
        if now is None:
            return False
        if self.quarter > 1:
            name = "quarter" if self.quarter == 2 else f"{WORDS_OF_NUMBERS[self.quarter - 1]} quarters"
            match = re.fullmatch(rf"(.+?) the previous {name} \(([\d, and]+)\)", clause)
            return (
                bool(match)
                and numbers_in(match[2]) == self.earlier(kpi)
                and is_level(match[1], now, match[2])
            )
        last, same = (self.last_quarters.get(kpi, [None] * 4)[place] for place in (3, 0))
        return self._says_parts(now, clause, last, same)

    def _says_parts(self, now: Fraction, clause: str, last: Number, same: Number) -> bool:
        words, seen = "", 0
        for part in re.split(r"(?<=\)) and ", clause):
            match = re.fullmatch(
                r"(?:(.+?) )?(the last quarter of 2018/19|the same quarter last year) \((\d+)\)", part
            )
            if match is None:
                return False
            words = match[1] or words
            reference = last if "last quarter" in match[2] else same
            if reference != int(match[3]) or not is_level(words, now, match[3]):
                return False
            seen += 1
        return seen == sum(isinstance(number, int) for number in (last, same))

    def says_outlook(self, kpi: str, words: str) -> bool:
        """Whether the forecast is to last year's outturn as the words say."""
        forecast, last_year = self.forecast(kpi), value_of(self.last_year.get(kpi))
        if forecast is None or last_year is None:
            return False
        is_share = not isinstance(self.years_so_far[kpi], int)
        return is_relation(words, forecast, last_year, is_share=is_share)

    def says_since_march(self, kpi: str, words: str) -> bool:
        """Whether a stock is to that of the last 31 March as the words say."""
        now, then = self.value(kpi), self.last_march(kpi)
        return now is not None and then is not None and is_relation(words, now, then)

    def last_march(self, kpi: str) -> Fraction | None:
        if kpi in self.last_quarters:
            return value_of(self.last_quarters[kpi][3])
        return value_of(self.last_year.get(kpi))


def value_of(number: Number) -> Fraction | None:
    """A count, or a percentage; None when it is not available or a share of nothing."""
    if isinstance(number, tuple):
        return Fraction(100 * number[0], number[1]) if number[1] else None
    return None if number is None else Fraction(number)


def numbers_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def is_printed(text: str, value: Fraction | None, decimals: int = 0) -> bool:
    """Whether a printed figure is this one, rounded half up."""
    return value is not None and text == half_up(value, decimals)


def is_level(words: str, now: Fraction, listed: str) -> bool:
    """Whether a figure is on such a level beside those listed."""
    others = [Fraction(number) for number in numbers_in(listed)]
    mean = sum(others, Fraction(0)) / len(others)
    if words == "within the range of":
        return min(others) <= now <= max(others)
    match = re.fullmatch(r"a (similar|slightly higher|higher|slightly lower|lower) level (than|to)", words)
    if match is None or (match[1] == "similar") != (match[2] == "to"):
        return False
    if match[1].endswith("higher") and now <= max(others):
        return False
    if match[1].endswith("lower") and now >= min(others):
        return False
    return is_relation(match[1], now, mean)


def is_relation(words: str, now: Fraction, before: Fraction, *, is_share: bool = False) -> bool:
    """Whether the words are those for so large a difference, in its direction."""
    plain = re.sub(r"\b(is|be|which|than|to|level|a|that of)\b", " ", words)
    plain = " ".join(plain.replace("mirrors", "similar").replace("mirror", "similar").split())
    plain = plain.replace("more", "higher").replace("fewer", "lower")
    if is_share:
        points = int(half_up(now)) - int(half_up(before))
        size = 0 if abs(points) <= 2 else 1 if abs(points) < 5 else 2
        is_higher = points > 0
    else:
        gap, is_higher = abs(now - before), now > before
        small = max(now, before) < 10 and gap <= 1
        size = 0 if small or 20 * gap <= before else 1 if 100 * gap <= 15 * before else 2
    direction = "higher" if is_higher else "lower"
    return plain == ("similar" if size == 0 else f"slightly {direction}" if size == 1 else direction)
