"""The core rows of one authority, and the few questions every count asks of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from tests.integration.naive.days import plus_months
from tests.integration.naive.records import Deliveries, Row, rows_of

OF_NOTHING, NOT_COVERED = "z", "x"


class Cell(NamedTuple):
    """One figure: a count has no denominator; 'x' has neither side, 'z' a denominator of 0."""

    numerator: int | None
    denominator: int | None = None
    symbol: str | None = None

    @property
    def value(self) -> Fraction | None:
        """The count, or the percentage unrounded; None with a symbol."""
        if self.symbol is not None or self.numerator is None:
            return None
        if self.denominator is None:
            return Fraction(self.numerator)
        return Fraction(100 * self.numerator, self.denominator)


ABSENT = Cell(None, None, NOT_COVERED)


def share(part: int, whole: int) -> Cell:
    return Cell(part, whole, OF_NOTHING if whole == 0 else None)


class Core:
    """Core tables as dicts; withdrawn records are left out."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self.deliveries = Deliveries(tables["deliveries"])
        self.rows = {
            name: [row for row in rows_of(frame) if row.get("status") != "withdrawn"]
            for name, frame in tables.items()
            if name not in ("deliveries", "coverage", "row_ledger")
        }
        self._people = {row["person_ref"]: row for row in self.rows["person"]}
        self._states: dict[tuple[str, str], list[Row]] = {}
        for name in ("children_in_need", "children_in_care"):
            for row in self.rows[f"{name}_states"]:
                self._states.setdefault((name, row["record_key"]), []).append(row)

    def own_or_persons(self, row: Row, attribute: str) -> Any:
        """An attribute of the row, else of the child (ruling 8)."""
        own = row.get(attribute)
        return self._people[row["person_ref"]][attribute] if own is None else own

    def events(self, name: str, column: str, start: dt.date, end: dt.date) -> list[Row]:
        """Rows whose date lies in the period, both days included."""
        return [row for row in self.rows[name] if row[column] is not None and start <= row[column] <= end]

    def open_rows(self, name: str, from_column: str, to_column: str, day: dt.date) -> Iterator[Row]:
        """Ruling 3: start <= E and (no end or end > E); ruling 9: a vanished record to its last delivery."""
        for row in self.rows[name]:
            has_begun = row[from_column] is not None and row[from_column] <= day
            ends = [row[column] for column in (to_column, "vanished_date") if row[column] is not None]
            if has_begun and all(end > day for end in ends):
                yield row

    def in_care_rows(self, day: dt.date) -> list[Row]:
        """Periods of care on a day: under 18, and no short-break legal status (rulings 7 and 17)."""
        found = []
        for row in self.open_rows("children_in_care", "cla_start_date", "cla_end_date", day):
            born = self.own_or_persons(row, "date_of_birth")
            is_adult = born is not None and plus_months(born, 18 * 12) <= day
            if row["legal_status"] not in ("V1", "V3", "V4") and not is_adult:
                found.append(row)
        return found

    def in_care(self, day: dt.date) -> set[str]:
        """The children in care on a day."""
        return {row["person_ref"] for row in self.in_care_rows(day)}

    def state(self, name: str, record_key: str, end: dt.date) -> Row | None:
        """A record as the first delivery within 31 days of the period's end shows it."""
        near = self.deliveries.near(name, end)
        for row in self._states.get((name, record_key), []):
            if near is not None and row["delivery_id"] == near["delivery_id"]:
                return row
        return None

    def case_status(self, record_key: str, end: dt.date) -> str | None:
        """Ruling 3: the status near the period's end; closed since then, the last one known before."""
        here = self.state("children_in_need", record_key, end)
        if here is None:
            return None
        if here["case_status"] != "CLO" and here["cin_closure_date"] is None:
            return str(here["case_status"])
        before = [
            row
            for row in self._states["children_in_need", record_key]
            if row["as_at"] < here["as_at"] and row["case_status"] not in (None, "CLO")
        ]
        return max(before, key=lambda row: row["as_at"])["case_status"] if before else None
