"""How long something took or has lasted, in working days and in calendar months."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.second_opinion.counting.days import Period, plus_months, working_days
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Select
from tests.second_opinion.counting.selecting import having


def within(start: str, end: str, days: int, select: Select) -> Select:
    """Those with at most so many working days between two dates."""

    def is_in_time(history: History, item: Item, _: Period) -> bool:
        taken = working_days(item.row[start], item.row[end])
        return taken is not None and taken <= days

    return having(select, is_in_time)


def waiting_days(select: Select, start: str, end: str) -> Select:
    """Working days between two dates of each row that has both in order."""

    def worth(history: History, period: Period) -> list[Item]:
        found = []
        for item in select(history, period):
            taken = working_days(item.row[start], item.row[end])
            if taken is not None:
                found.append(item._replace(worth=Fraction(taken)))
        return found

    return worth


def months_open(months: int, column: str, select: Select) -> Select:
    """Those whose start + so many months has come by the period's end."""
    return having(select, lambda _, item, period: plus_months(item.row[column], months) <= period.end)


def duration_band(since: dt.date, end: dt.date) -> str:
    """Calendar months from the start to a day."""
    if plus_months(since, 3) >= end:
        return "<=3m"
    if plus_months(since, 6) >= end:
        return ">3-6m"
    if plus_months(since, 12) > end:
        return ">6m-<1y"
    return "1-<2y" if plus_months(since, 24) > end else "2y+"


def days_band(edges: tuple[int, ...], start: str, end: str, history: History, item: Item) -> str | None:
    """'0-10', '11-20' ... and '61+' by working days between two dates."""
    taken = working_days(item.row[start], item.row[end])
    if taken is None:
        return None
    below = 0
    for edge in edges:
        if taken <= edge:
            return f"{below}-{edge}"
        below = edge + 1
    return f"{below}+"


def seen_near(name: str, column: str, days: int) -> object:
    """Whether the row near the period's end shows a date at most so many working days before the end."""

    def is_in_time(history: History, item: Item, period: Period) -> bool:
        shown = history.near_row(item.row, period.end)
        seen = None if shown is None else shown[column]
        if seen is None:
            return False
        taken = working_days(min(seen, period.end), period.end)
        return taken is not None and taken <= days

    return is_in_time
