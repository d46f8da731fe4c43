"""Parse dates and times as councils write them: explicit formats in order, day first, the whole text.

`pandas.to_datetime(dayfirst=True, format="mixed")` is not used: it reads 2012-03-05 as 3 May.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.values.date_formats import ISO_DATE, NO_DATE, SERIAL, match_format, unwrap
from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.dates.clock import london_time, moment_of_serial, round_clock, zone_of
from cf_pipeline.contracts.words.absence import is_blank_or_not_known

Parsed = tuple[dt.datetime | None, str | None]
Parts = dict[str, str | None]
"""The parts of a text by its format: name of the group -> text."""

UNREADABLE = "date_unreadable"
PLACEHOLDER = "date_placeholder"
TWO_DIGIT_YEAR = "date_two_digit_year"
FROM_SERIAL = "date_from_serial"
FROM_ZONE = "date_from_zone"
TIME_DROPPED = "date_time_dropped"
PLACEHOLDERS = frozenset(
    {
        dt.date(1, 1, 1),  # the smallest date of .NET and of SQL Server's datetime2
        dt.date(1753, 1, 1),  # the smallest of SQL Server's datetime
        dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1900, 1, 1),  # Excel's zero and one
        dt.date(2079, 6, 6),  # the largest of SQL Server's smalldatetime
        dt.date(4712, 12, 31),  # the end of time in Oracle's applications
        dt.date(9999, 12, 31),
    }
)  # fmt: skip
PLACEHOLDER_DAYS = np.array(sorted(PLACEHOLDERS), dtype="datetime64[D]")
FIRST_YEAR, LAST_YEAR = 1900, 2100
FIRST_ISO_DAY, LAST_ISO_DAY = np.datetime64(f"{FIRST_YEAR + 1}-01-01"), np.datetime64(f"{LAST_YEAR}-12-31")
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
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_SERIAL, LAST_SERIAL = 10_000, 73_050


def parse_iso_dates(texts: pd.Index[str]) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.bool_]]:
    """The dates written YYYY-MM-DD, as a workbook's date cells arrive, and which texts are such dates."""
    spellings = texts.to_numpy(dtype=object)
    is_iso = np.fromiter((ISO_DATE.fullmatch(text) is not None for text in spellings), bool, len(texts))
    days = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[D]")
    try:
        days[is_iso] = spellings[is_iso].astype("datetime64[D]")
    except ValueError:  # one of them is no day: 31 February
        dates = pd.to_datetime(pd.Series(spellings[is_iso], dtype="str"), format="%Y-%m-%d", errors="coerce")
        days[is_iso] = dates.to_numpy(dtype="datetime64[D]")
    is_date = (days >= FIRST_ISO_DAY) & (days <= LAST_ISO_DAY) & ~np.isin(days, PLACEHOLDER_DAYS)
    return days.astype("datetime64[us]"), is_date


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

    A time with a zone is London's time (docs/rulings.md#32); where that is another day than the one written,
    it breaks `date_from_zone`. A placeholder (1900-01-01, 31/12/9999, ...) is None (`date_placeholder`). A
    year of two digits breaks `date_two_digit_year`, an Excel day number `date_from_serial`. Any other text is
    None (`date_unreadable`), and so is a date in numbers with the name of a weekday that it is not.

    Args:
        text: the cell.
        latest_year: the newest year a two-digit year may mean: the as-at date's year + 1.
        month_first: whether a date in numbers is month, day, year, as the council's mapping may declare.
    """
    text = unwrap(repair_text(text))
    if is_blank_or_not_known(text):
        return None, None
    if NO_DATE.fullmatch(text):
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
    """The moment by the first format that fits, and `date_two_digit_year` or `date_from_zone`."""
    parts = match_format(text)
    if not parts:
        return None, None
    try:
        day, rule = _day_of(parts, latest_year, month_first=month_first)
        if day in PLACEHOLDERS:
            return dt.datetime.combine(day, dt.time()), rule
        moment = dt.datetime.combine(day, _time_of_day(parts))
        zone = _zone_of(parts)
        moment = round_clock(london_time(moment, zone) if zone else moment)
    except (KeyError, ValueError, OverflowError):
        return None, None
    return moment, rule or (None if moment.date() == day else FROM_ZONE)


def _day_of(parts: Parts, latest_year: int, *, month_first: bool) -> tuple[dt.date, str | None]:
    """The day as it is written, and `date_two_digit_year` where that applies.

    Raises:
        ValueError: there is no such day, or its numbers stand beside the name of another weekday: month and
            day may be exchanged.
    """
    written, rule = parts["year"] or "", None
    day, year = int(parts["day"] or 0), int(written)
    month = MONTHS.get((parts.get("name") or "").lower()) or int(parts.get("month") or 0)
    if month_first and parts.get("sep"):
        day, month = month, day
    if len(written) == 2:
        year, rule = latest_year - (latest_year - year) % 100, TWO_DIGIT_YEAR
    date = dt.date(year, month, day)
    weekday = (parts.get("weekday") or "").lower()[:3]
    if weekday and parts.get("sep") and weekday != WEEKDAYS[date.weekday()]:
        raise ValueError
    return date, rule


def _time_of_day(parts: Parts) -> dt.time:
    """The time as it is written; midnight without one.

    Raises:
        ValueError: there is no such time, or an hour stands alone without am or pm.
    """
    hour, half = int(parts.get("hour") or 0), parts.get("half")
    if parts.get("hour") and not (parts["minute"] or half):
        raise ValueError
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    microsecond = (parts.get("fraction") or "")[:6].ljust(6, "0")
    return dt.time(hour, int(parts.get("minute") or 0), int(parts.get("second") or 0), int(microsecond))


def _zone_of(parts: Parts) -> dt.tzinfo | None:
    """The zone of a time; None without a time (a day alone is as it is written) or without a zone.

    Raises:
        KeyError: the region is not known.
        ValueError: the zone may be the end of a span of time, as in '10:30-11:00'.
    """
    offset, region = parts.get("offset"), parts.get("region")
    short = parts.get("zone") or parts.get("zone_alone") or parts.get("of_region")
    if not parts.get("hour"):
        return None
    if parts.get("long_name") and not (offset or short):
        raise ValueError
    if offset:
        if offset.startswith("-") and not parts["second"]:
            raise ValueError
        return zone_of(offset)
    if short:
        return zone_of(short)
    return ZoneInfo(_regions()[region.lower()]) if region else None


@cache
def _regions() -> dict[str, str]:
    """The regions of the time-zone database by their names in lower case: Oracle writes capitals."""
    return {name.lower(): name for name in available_timezones()}


def _parse_serial(text: str) -> dt.datetime | None:
    """The moment that an Excel day number stands for; None for any other text."""
    if not SERIAL.fullmatch(text) or not FIRST_SERIAL <= int(text[:5]) <= LAST_SERIAL:
        return None
    return moment_of_serial(Decimal(text))
