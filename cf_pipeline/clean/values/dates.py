"""Parse dates and times as councils write them: explicit formats in order, day first, the whole text.

`pandas.to_datetime(dayfirst=True, format="mixed")` is not used: it reads 2012-03-05 as 3 May.
"""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.words.absence import is_blank_or_not_known

Parsed = tuple[dt.datetime | None, str | None]

UNREADABLE = "date_unreadable"
PLACEHOLDER = "date_placeholder"
TWO_DIGIT_YEAR = "date_two_digit_year"
FROM_SERIAL = "date_from_serial"
TIME_DROPPED = "date_time_dropped"
PLACEHOLDERS = frozenset(
    {
        dt.date(1753, 1, 1),  # the smallest SQL Server date
        dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1900, 1, 1),  # Excel's zero and one
        dt.date(9999, 12, 31),
    }
)  # fmt: skip
EXCEL_ZERO = re.compile(r"0?0[-/.]0?[01][-/.](1900|0000)|0000-00-00|[012]")
FIRST_YEAR, LAST_YEAR = 1900, 2100
EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - dates on a page have no zone
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
            "aug august", "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

TIME = (
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r" ?(?P<half>[ap]m)?(?: ?Z|[+-]\d{2}:?\d{2})?)?"
)
WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
FORMATS = tuple(
    re.compile(WEEKDAY + text + TIME, re.IGNORECASE)
    for text in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})(?P<sep>[-/. ])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4})",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/. ]?(?P<name>[a-z]{3,9})\.?[-/., ]{0,2}(?P<year>\d{4})",
        r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})",
        r"(?P<day>\d{1,2})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{2})",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/. ]?(?P<name>[a-z]{3,9})\.?[-/., ]{0,2}'?(?P<year>\d{2})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
"""Tried in this order; a format has to match the whole text."""
ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
SERIAL = re.compile(r"(?P<days>\d{5})(?P<part>\.\d+)?")
"""An Excel date number of 1927 to 2099, kept as a number because its cell had no date format."""
FIRST_SERIAL, LAST_SERIAL = 10_000, 73_050


def parse_iso_dates(texts: pd.Series[str]) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.bool_]]:
    """The dates written YYYY-MM-DD, as a workbook's date cells arrive, and which texts are such dates."""
    is_iso = texts.str.fullmatch(ISO_DATE).to_numpy(dtype=bool)
    dates = pd.to_datetime(texts.where(is_iso), format="%Y-%m-%d", errors="coerce")
    is_date = dates.dt.year.gt(FIRST_YEAR) & dates.dt.year.le(LAST_YEAR)
    return dates.to_numpy(dtype="datetime64[us]", copy=True), is_date.to_numpy(dtype=bool)


def parse_date(text: str, latest_year: int, *, month_first: bool = False) -> Parsed:
    """Midnight of the date, and the rule it breaks; a time of day is dropped (`date_time_dropped`).

    See `parse_moment` for the rest.
    """
    moment, rule = parse_moment(text, latest_year, month_first=month_first)
    if moment is None or moment.time() == dt.time():
        return moment, rule
    return dt.datetime.combine(moment, dt.time()), rule or TIME_DROPPED


def parse_moment(text: str, latest_year: int, *, month_first: bool = False) -> Parsed:
    """The date with its time of day (midnight when none is given), and the rule it breaks.

    A placeholder (1900-01-01, 31/12/9999, ...) is None (`date_placeholder`). A year of two digits breaks
    `date_two_digit_year`, an Excel day number `date_from_serial`. Any other text is None (`date_unreadable`).

    Args:
        text: the cell.
        latest_year: the newest year a two-digit year may mean: the as-at date's year + 1.
        month_first: whether a date in numbers is month, day, year, as the council's mapping may declare.
    """
    text = repair_text(text)
    if is_blank_or_not_known(text):
        return None, None
    if EXCEL_ZERO.fullmatch(text):
        return None, PLACEHOLDER
    moment, rule = _parse_formats(text, latest_year, month_first=month_first)
    if moment is None:
        moment, rule = _parse_serial(text), FROM_SERIAL
    if moment is not None and moment.date() in PLACEHOLDERS:
        return None, PLACEHOLDER
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None, UNREADABLE
    return moment, rule


def _parse_formats(text: str, latest_year: int, *, month_first: bool) -> Parsed:
    """The moment by the first of `FORMATS` that matches, and `date_two_digit_year` where that applies."""
    for pattern in FORMATS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = MONTHS.get((parts.get("name") or "").lower()) or int(parts.get("month") or 0)
        day, year, rule = int(parts["day"]), int(parts["year"]), None
        if month_first and parts.get("sep"):
            day, month = month, day
        if len(parts["year"]) == 2:
            year, rule = latest_year - (latest_year - year) % 100, TWO_DIGIT_YEAR
        try:
            return dt.datetime(year, month, day, *_time_of_day(parts)), rule  # noqa: DTZ001 - no zone
        except ValueError:
            return None, None
    return None, None


def _time_of_day(parts: dict[str, str | None]) -> tuple[int, int, int]:
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower() == "pm" else 0)
    return hour, int(parts["minute"] or 0), int(parts["second"] or 0)


def _parse_serial(text: str) -> dt.datetime | None:
    """The moment that an Excel day number stands for; None for any other text."""
    match = SERIAL.fullmatch(text)
    if match is None or not FIRST_SERIAL <= int(match["days"]) <= LAST_SERIAL:
        return None
    seconds = round(float(match["part"] or 0) * 86_400)
    return EXCEL_EPOCH + dt.timedelta(days=int(match["days"]), seconds=seconds)
