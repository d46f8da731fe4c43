"""The usual ways to pick what a KPI counts, and to ask whether the deliveries say enough for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tests.second_opinion.counting.days import Period
from tests.second_opinion.counting.deliveries import Row, as_day
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Covered, Item, Kpi, Select, first_of_each

Test = Callable[[Row], bool]


def everyone(_: Row) -> bool:
    return True


def flow(name: str, column: str, test: Test = everyone) -> Select:
    """The rows of a list whose date falls in the period; ages are taken on that date."""

    def select(history: History, period: Period) -> list[Item]:
        rows = history.events(name, column, period.start, period.end)
        return [Item(row, day) for row in rows if test(row) and (day := as_day(row[column]))]

    return select


def stock(name: str, test: Callable[[Row, dt.date], bool] = lambda row, end: True) -> Select:
    """The spells of a list open at the period's end; ages are taken on that day."""

    def select(history: History, period: Period) -> list[Item]:
        rows = history.open_rows(name, period.end)
        return [Item(row, period.end) for row in rows if test(row, period.end)]

    return select


def each_child(select: Select) -> Select:
    """Each child of a selection once, by the record that began first, whatever is asked of it further on."""
    return lambda history, period: first_of_each(select(history, period))


def having(select: Select, test: Callable[[History, Item, Period], bool]) -> Select:
    """Those of a selection for which something holds."""
    return lambda history, period: [item for item in select(history, period) if test(history, item, period)]


def rows_having(select: Select, test: Test) -> Select:
    """Those of a selection whose row says something."""
    return lambda history, period: [item for item in select(history, period) if test(item.row)]


def whole(*names: str) -> Covered:
    """Every day of the period is covered for each of the lists."""
    return lambda history, period: all(history.covers(name, period.start, period.end) for name in names)


def at_end(*names: str) -> Covered:
    """The period's last day is covered for each of the lists."""
    return lambda history, period: all(history.covers(name, period.end, period.end) for name in names)


def near(*names: str) -> Covered:
    """Each of the lists was delivered within 31 days of the period's end."""
    return lambda history, period: all(history.received.near(name, period.end) for name in names)


def has(name: str, *columns: str) -> Covered:
    """The list was delivered with these columns."""
    return lambda history, period: all(history.received.has_column(name, column) for column in columns)


def populated(history: History, period: Period) -> bool:
    """The population of the mid-year before the reporting year, or of an earlier one, is known."""
    return history.persons(period.quarter.year) is not None


def every(*conditions: Covered) -> Covered:
    return lambda history, period: all(condition(history, period) for condition in conditions)


def is_yes(column: str) -> Test:
    return lambda row: row.get(column) == "Y"


def share_of(below: Select, test: Test, covered: Covered, children: bool = False) -> Kpi:
    """The percentage of a selection whose row says something."""
    kind = "share_of_children" if children else "share"
    return Kpi(kind, covered, rows_having(below, test), below)


def near_says(column: str, *codes: str) -> object:
    """Whether the row near the period's end has one of these codes."""

    def says(history: History, item: Item, period: Period) -> bool:
        shown = history.near_row(item.row, period.end)
        return shown is not None and shown[column] in codes

    return says


def near_has(column: str) -> object:
    """Whether the row near the period's end has something in a column."""

    def is_there(history: History, item: Item, period: Period) -> bool:
        shown = history.near_row(item.row, period.end)
        return shown is not None and shown[column] is not None

    return is_there
