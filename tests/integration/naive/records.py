"""Core tables as lists of dicts of plain values, and which days the deliveries cover (ruling 5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from tests.integration.naive.days import ONE_DAY, plus_months

Row = dict[str, Any]

# Columns the product derives itself: the naive figures must not read them.
DERIVED = {
    "birth_date",
    "contact_waiting_working_days",
    "assessment_working_days",
    "icpc_working_days",
    "is_disabled",
    "is_delivered_or_unsaid",
    "visit_due_date",
    "is_statutory",
    "missing_start_date",
    "missing_end_date",
    "missing_type_or_missing",
    "is_in_care_at_start",
    "plan_reviewed_date",
    "contact_due_date",
}
WINDOW_MONTHS, ADOPTION_MONTHS = 6, 12
NEAR_DAYS = 31


def plain(value: Any) -> Any:
    """A cell as a date, a text, a number or None."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows as dicts, without derived columns; a datetime becomes its day."""
    return [
        {name: plain(value) for name, value in row.items() if name not in DERIVED}
        for row in frame.to_dict("records")
    ]


def as_date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


class Deliveries:
    """What came when, read from the deliveries' names and the lists in them."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.rows = sorted(rows_of(frame), key=lambda row: (row["as_at"], row["delivery_id"]))
        self._covered: dict[tuple[str, dt.date, dt.date], bool] = {}

    @property
    def newest(self) -> dt.date:
        return max(row["as_at"] for row in self.rows)

    @property
    def first_day(self) -> dt.date:
        """The first day any list is covered: adoptions and adopters reach back a year."""
        starts = [self.covers_from(row) for row in self.rows]
        return min(starts + [plus_months(row["as_at"], -ADOPTION_MONTHS) for row in self.rows])

    def covers_from(self, row: Row) -> dt.date:
        """The first day a delivery's event and period lists cover: as its name says, else six months."""
        if "_" in row["delivery_id"]:
            return as_date(row["delivery_id"].split("_")[0])
        return plus_months(row["as_at"], -WINDOW_MONTHS)

    def covers(self, name: str, first: dt.date, last: dt.date) -> bool:
        """Whether every day from first to last lies in some delivery of the list."""
        key = (name, first, last)
        if key not in self._covered:
            spans = [
                (self.covers_from(row), row["as_at"]) for row in self.rows if name in row["lists"].split(";")
            ]
            day, is_covered = first, True
            while day <= last and is_covered:
                is_covered = any(start <= day <= end for start, end in spans)
                day += ONE_DAY
            self._covered[key] = is_covered
        return self._covered[key]

    def near(self, name: str, end: dt.date) -> Row | None:
        """The first delivery of a list dated from a period's end to 31 days after it (rulings 3 and 4)."""
        for row in self.rows:
            if name in row["lists"].split(";") and 0 <= (row["as_at"] - end).days <= NEAR_DAYS:
                return row
        return None
