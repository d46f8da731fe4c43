"""The time of day: its rounding, London's time, Excel's day numbers. Standard library only.

The parser process and the cleaning of texts both use this: a date has one rule whatever format its file has.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SECONDS_OF_A_DAY = 86_400
EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - dates on a page have no zone
HOURS_AHEAD = {"z": 0, "utc": 0, "ut": 0, "gmt": 0, "bst": 1}
"""Abbreviations of zones. Others are not known: IST and CST each stand for three zones."""
SERIAL_ERROR = Decimal("1e-11")
"""How far below a whole number a day number may be by the error of a float alone: 0.9 millionths of a second.

A sum of days and hours may miss midnight by one step of a float, 0.7e-11 at today's day numbers. The last
moment of a day that programs write is a millionth of a second before midnight, 1.2e-11: it stays on its day.
"""


def round_clock(moment: dt.datetime) -> dt.datetime:
    """The moment to the nearest second, but never into the next day: docs/rulings.md#32."""
    second = moment.replace(microsecond=0)
    rounded = second + dt.timedelta(seconds=moment.microsecond >= 500_000)
    return rounded if rounded.date() == moment.date() else second


def misses_midnight_by_error(serial: Decimal) -> bool:
    """Whether an Excel day number lies below a whole one, and by no more than the error of a float."""
    return 1 - serial % 1 < SERIAL_ERROR


def moment_of_serial(serial: Decimal) -> dt.datetime:
    """The moment of an Excel day number (1 January 1900 is 2): a whole number is that day's midnight.

    A number just below a whole one is the last second of the day before, unless only a float's error
    (`SERIAL_ERROR`) lies between.
    """
    days = int(serial)
    part = serial - days
    if misses_midnight_by_error(serial):
        days, part = days + 1, Decimal(0)
    seconds = min(round(part * SECONDS_OF_A_DAY), SECONDS_OF_A_DAY - 1)
    return EXCEL_EPOCH + dt.timedelta(days=days, seconds=seconds)


def london_time(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """London's time at a moment of another zone; both without their zone.

    Raises:
        OverflowError: it is before the year 1 or after 9999.
    """
    return moment.replace(tzinfo=zone).astimezone(LONDON).replace(tzinfo=None)


def zone_of(text: str) -> dt.timezone:
    """The zone of an abbreviation ('Z', 'BST') or an offset ('+01', '+0100', '-5:30', '+01:00:00').

    Raises:
        KeyError: the abbreviation is not known.
        ValueError: there is no such offset.
    """
    if text[0] not in "+-":
        return dt.timezone(dt.timedelta(hours=HOURS_AHEAD[text.lower()]))
    digits = text[1:].replace(":", "")
    hours = digits[: len(digits) % 2 or 2]
    rest = digits[len(hours) :].ljust(4, "0")
    ahead = dt.timedelta(hours=int(hours), minutes=int(rest[:2]), seconds=int(rest[2:]))
    return dt.timezone(-ahead if text[0] == "-" else ahead)
