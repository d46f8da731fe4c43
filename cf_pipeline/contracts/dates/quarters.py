"""Quarters of the English financial year: April to March, labelled '2019/20 Q3'.

Source: the department's returns, whose year ends on 31 March.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

_KEY = re.compile(r"((?:19|[2-9][0-9])[0-9]{2})/([0-9]{2}) Q([1-4])")
_YEARS = re.compile(r"(?<!\d)(\d{4}|\d{2})\s*[/\-\u2013]\s*(\d{4}|\d{2})(?!\d)")
_NUMBER = re.compile(r"\b(?:q|qtr|quarter)\s*([1-4])\b", re.IGNORECASE)
_FIRST_MONTH = {1: 4, 2: 7, 3: 10, 4: 1}
QUARTERS_PER_YEAR = 4


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter: `year` is the calendar year in which its financial year starts."""

    year: int
    number: int

    @classmethod
    def parse(cls, key: str) -> Quarter:
        """The quarter of a key such as '2019/20 Q3'; ValueError when it is not one, or before 1900."""
        match = _KEY.fullmatch(key)
        if match is None or int(match[2]) != (int(match[1]) + 1) % 100:
            raise ValueError(f"not a quarter: {key!r}; write it as 2019/20 Q3")
        return cls(int(match[1]), int(match[3]))

    @classmethod
    def read(cls, text: str) -> Quarter:
        """The quarter that a person means: '2025-26 Q2', 'Q2 2025/26', '2025/2026 q2', '25/26 quarter 2'.

        Raises:
            ValueError: it is not one, as 'Q3 2019', whose financial year is not said.
        """
        spaced = re.sub(r"(?<=\d)(?=[a-z])", " ", text, flags=re.IGNORECASE)
        years, numbers = _YEARS.findall(spaced), _NUMBER.findall(spaced)
        rest = _NUMBER.sub("", _YEARS.sub("", spaced)).strip(" ,.:;()-")
        if len(years) != 1 or len(numbers) != 1 or rest:
            return cls.parse(text)
        first, last = years[0]
        return cls.parse(f"{first if len(first) > 2 else f'20{first}'}/{last[-2:]} Q{numbers[0]}")

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        """The quarter a day falls in."""
        if day.month <= 3:
            return cls(day.year - 1, 4)
        return cls(day.year, (day.month - 1) // 3)

    @cached_property
    def fiscal_year(self) -> str:
        """'2019/20'."""
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @cached_property
    def key(self) -> str:
        """'2019/20 Q3'."""
        return f"{self.fiscal_year} Q{self.number}"

    @property
    def start(self) -> dt.date:
        """First day."""
        return dt.date(self.year + (self.number == 4), _FIRST_MONTH[self.number], 1)

    @cached_property
    def end(self) -> dt.date:
        """Last day."""
        return self.next().start - dt.timedelta(days=1)

    @property
    def year_start(self) -> dt.date:
        """1 April of its financial year."""
        return dt.date(self.year, 4, 1)

    @cached_property
    def index(self) -> int:
        """Its position in time: a whole number that rises by 1 each quarter; 0 for quarter 1 of year 0."""
        return self.year * QUARTERS_PER_YEAR + self.number - 1

    def next(self, count: int = 1) -> Quarter:
        """The quarter `count` quarters later (earlier when negative)."""
        year, position = divmod(self.index + count, QUARTERS_PER_YEAR)
        return Quarter(year, position + 1)

    def previous(self, count: int = 1) -> Quarter:
        """The quarter `count` quarters earlier."""
        return self.next(-count)

    def year_quarters(self) -> list[Quarter]:
        """The quarters of its financial year up to and including itself."""
        return [Quarter(self.year, number) for number in range(1, self.number + 1)]


def quarter_of(day: dt.date) -> Quarter:
    """The quarter a day falls in."""
    return Quarter.of(day)


def quarters_between(first: dt.date, last: dt.date) -> list[Quarter]:
    """Every quarter that has a day in [first, last], oldest first."""
    quarter, found = Quarter.of(first), []
    while quarter.start <= last:
        found.append(quarter)
        quarter = quarter.next()
    return found


def latest_complete_quarter(as_at: dt.date) -> Quarter:
    """The newest quarter that ended on or before the as-at date."""
    quarter = Quarter.of(as_at)
    return quarter if quarter.end <= as_at else quarter.previous()


def latest_quarter_ends(as_at: pd.Series) -> pd.Series:
    """The last day of the newest quarter that ended on or before each as-at date, vectorised.

    A quarter of the financial year is one of the calendar year, so pandas' quarters have the same days.
    """
    next_start = (as_at + pd.Timedelta(days=1)).dt.to_period("Q").dt.start_time
    return next_start - pd.Timedelta(days=1)
