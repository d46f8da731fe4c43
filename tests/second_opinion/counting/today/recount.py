"""The day of the lists, one row of them, and what every list asks of a history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from tests.second_opinion.counting.areas import workforce
from tests.second_opinion.counting.days import Quarter, quarter_of, working_days
from tests.second_opinion.counting.deliveries import Row, as_day
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Kpi, first_of_each

TEAMS = ("allocated_team", "contact_team")
STATUS_ORDER = (
    *("children_in_care", "child_protection_plans", "children_in_need"),
    *("care_leavers", "assessments"),
)
WITH_WORKERS = ("referrals", "assessments", "section_47_enquiries", *STATUS_ORDER)


class Today(NamedTuple):
    """The quarter up to a day, in place of a period."""

    end: dt.date

    @property
    def quarter(self) -> Quarter:
        return quarter_of(self.end)

    @property
    def start(self) -> dt.date:
        return self.quarter.start


class Entry(NamedTuple):
    """One row of a list."""

    child: str
    start: dt.date | None
    last: dt.date | None
    due: dt.date | None
    is_counted: bool | None
    category: str | None
    number: int | None
    team: str | None
    has_worker: bool
    days_since: int | None
    working_days_since: int | None
    days_left: int | None


def _same(row: Row) -> object:
    """What makes two rows one record: the row itself; of a state, which is made anew, the child."""
    return id(row) if "_key" in row else row["child_id"]


class Recount:
    """One history on the day of its newest delivery."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.period: Any = Today(history.received.newest)
        self.day: dt.date = self.period.end
        self.cases = workforce.open_cases(history, self.period)

    def entry(self, row: Row, **known: Any) -> Entry:
        """A row of a list, with its team, worker, and the days to and from its dates."""
        child = row["child_id"]
        start, last, due = (known.get(name) for name in ("start", "last", "due"))
        since = last or start
        team = next((row[name] for name in TEAMS if row.get(name) is not None), None)
        worker = row.get("allocated_worker")
        has_workers = row["_list"] in WITH_WORKERS
        return Entry(
            child,
            start,
            last,
            due,
            known.get("is_counted"),
            known.get("category"),
            known.get("number"),
            team or self._of_case(child, "allocated_team"),
            (worker if has_workers else self._of_case(child, "allocated_worker")) is not None,
            None if since is None else (self.day - since).days,
            working_days(since, self.day),
            None if due is None else (due - self.day).days,
        )

    def _of_case(self, child: str, column: str) -> Any:
        """What the child's open cases say: the first of the lists that says it."""
        for name in STATUS_ORDER:
            for item in self.cases:
                if item.row["_list"] == name and item.person == child and item.row[column] is not None:
                    return item.row[column]
        return None

    def counted_by(self, kpi: Kpi) -> Callable[[Row], bool]:
        """Whether a KPI counts a record; of a child with several the first, where it counts children."""
        items = kpi.top(self.history, self.period)
        items = first_of_each(items) if kpi.kind.endswith("children") else items
        counted = {_same(item.row) for item in items}
        return lambda row: _same(row) in counted

    def open_between(self, name: str, start: str, end: str) -> Iterable[Row]:
        for row in self.history.rows(name):
            begun, over = as_day(row[start]), as_day(row[end])
            ends = [day for day in (over, row["_gone"]) if day is not None]
            if begun is not None and begun <= self.day and all(day > self.day for day in ends):
                yield row
