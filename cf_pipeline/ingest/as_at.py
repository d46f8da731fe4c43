"""The as-at date of a delivery: its folder, else the file's name, else a title row above the headers.

Never today, the file's time or a bare year and month: a wrong date moves every figure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress

from cf_pipeline.contracts.dates.clock import london_time, zone_of

YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-_.])(\d{2})\2(\d{2})(?!\d)")
DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([-_./])(\d{1,2})\2(\d{4})(?!\d)")
DAY_MONTH_NAME = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s_-]+([a-z]{3,9})[\s_-]+(\d{4})(?!\d)", re.I)
TIME_WITH_ZONE = re.compile(
    r"(?:T|[\s_])(\d{2})[:.-]?(\d{2})(?:[:.-]?(\d{2})(?:[.,]\d+)?)?\s?(Z|UTC|GMT|BST|[+]\d{2}(?::?\d{2})?|-\d{2}:?\d{2})(?![a-z\d])",
    re.IGNORECASE,
)
"""After a date: its day is the one in London at that time (docs/rulings.md#32)."""
AFTER_AS_AT = re.compile(r"\bas[\s_-]*at\b(.{0,60})", re.IGNORECASE | re.DOTALL)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def name_date(name: str) -> dt.date | None:
    """The one full date in a file's name (YYYY-MM-DD or dd-mm-yyyy); None without one or with several."""
    return _single_date(_find_dates(name))


def title_date(rows_above: Iterable[Sequence[str | None]]) -> dt.date | None:
    """The date after 'as at' in the rows above a header row; None without one or with several."""
    dates: set[dt.date] = set()
    for row in rows_above:
        text = " ".join(cell for cell in row if cell)
        for match in AFTER_AS_AT.finditer(text):
            dates |= _find_dates(match[1])
    return _single_date(dates)


def _single_date(dates: set[dt.date]) -> dt.date | None:
    return next(iter(dates)) if len(dates) == 1 else None


def _find_dates(text: str) -> set[dt.date]:
    dates = set()
    for pattern in (YEAR_FIRST, DAY_FIRST, DAY_MONTH_NAME):
        for match in pattern.finditer(text):
            with suppress(ValueError, OverflowError):
                dates.add(_day_in_london(_written_day(match), text[match.end() :]))
    return dates


def _written_day(match: re.Match[str]) -> dt.date:
    """The day of a match.

    Raises:
        ValueError: there is no such day or month.
    """
    if match.re is YEAR_FIRST:
        return dt.date(int(match[1]), int(match[3]), int(match[4]))
    if match.re is DAY_FIRST:
        return dt.date(int(match[4]), int(match[3]), int(match[1]))
    return dt.date(int(match[3]), MONTHS.index(match[2][:3].lower()) + 1, int(match[1]))


def _day_in_london(day: dt.date, text_after: str) -> dt.date:
    """The day in London when a time with a zone follows it, else the day itself."""
    time = TIME_WITH_ZONE.match(text_after)
    if time is None:
        return day
    clock = dt.time(int(time[1]), int(time[2]), int(time[3] or 0))
    return london_time(dt.datetime.combine(day, clock), zone_of(time[4])).date()
