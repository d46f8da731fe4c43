"""The dates of a delivery's folder: `<as-at>` or `<from>_<as-at>`, as YYYY-MM-DD or as people write a day.

30-09-2025, 2025.09.30, 20250930 and 30 September 2025 are one day. 05-09-2025 may be two, and is none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress

YEAR_FIRST = re.compile(r"(\d{4})([-_. ]?)(\d{2})\2(\d{2})")
TWO_NUMBERS_FIRST = re.compile(r"(\d{1,2})([-_./ ])(\d{1,2})\2(\d{4})|(\d{2})(\d{2})(\d{4})")
MONTH_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s_-]*([a-z]{3,9})[\s_-]*(\d{4})", re.IGNORECASE)
SEPARATOR = re.compile(r"_| to | - ")
MONTHS = tuple(dt.date(2000, number, 1).strftime("%B").casefold() for number in range(1, 13))
YEARS = range(1990, 2100)

Dates = tuple[dt.date | None, dt.date]
"""The first day that a delivery covers, None when it is not stated, and its as-at date."""


def folder_dates(name: str) -> Dates | None:
    """(covers from, as at) of a delivery folder's name; None when it is no date or may be several."""
    readings = _readings(name)
    return readings[0] if len(readings) == 1 else None


def folder_names(name: str) -> list[str]:
    """The names that a folder could be given instead, where its name may be several dates."""
    readings = _readings(name)
    return [_name_of(dates) for dates in readings] if len(readings) > 1 else []


def _readings(name: str) -> list[Dates]:
    """Every way to read the name, oldest as-at date first."""
    text = name.strip()
    readings: set[Dates] = {(None, day) for day in _days(text)}
    for separator in SEPARATOR.finditer(text):
        ends = _days(text[separator.end() :].strip())
        starts = _days(text[: separator.start()].strip())
        readings |= {(start, end) for start in starts for end in ends if start <= end}
    return sorted(readings, key=lambda dates: (dates[1], dates[0] or dates[1]))


def _days(text: str) -> set[dt.date]:
    """Every day that a text may be; both ways where day and month could be exchanged."""
    days = set()
    for year, month, day in _parts(text):
        with suppress(ValueError):
            days.add(dt.date(year, month, day))
    return {day for day in days if day.year in YEARS}


def _parts(text: str) -> Iterator[tuple[int, int, int]]:
    if match := YEAR_FIRST.fullmatch(text):
        yield int(match[1]), int(match[3]), int(match[4])
    if match := TWO_NUMBERS_FIRST.fullmatch(text):
        first, second, year = map(int, match.group(1, 3, 4) if match[1] else match.group(5, 6, 7))
        yield year, second, first
        yield year, first, second
    if match := MONTH_IN_WORDS.fullmatch(text):
        word = match[2].casefold()
        months = [number for number, month in enumerate(MONTHS, start=1) if month.startswith(word)]
        if word == "sept":
            months = [9]
        if len(months) == 1:
            yield int(match[3]), months[0], int(match[1])


def _name_of(dates: Dates) -> str:
    start, as_at = dates
    return as_at.isoformat() if start is None else f"{start.isoformat()}_{as_at.isoformat()}"
