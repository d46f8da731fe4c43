"""The merged history of an authority, and the few questions every count asks of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tests.second_opinion.counting.days import age_on, birthday, plus_days
from tests.second_opinion.counting.deliveries import Delivery, Received, Row, as_day
from tests.second_opinion.counting.lists import BELIEVED_FIRST, ENDS, KEY_DATES, UNKNOWN_CODES
from tests.second_opinion.counting.merging import Adoptions, Merged, person_of, state_rows

SHORT_BREAK_STATUSES = ("V1", "V3", "V4")


class History:
    """Every list of one authority merged, with the 0 to 17 population by mid-year where it is known."""

    def __init__(self, deliveries: list[Delivery], population: Mapping[int, int] | None = None) -> None:
        self.received = Received(deliveries)
        self.population = dict(population or {})
        self._merged: dict[str, Merged] = {}
        self._by_child: dict[str, dict[str, list[Row]]] = {}
        self._in_care: dict[dt.date, list[Row]] = {}
        self._children: dict[dt.date, frozenset[str]] = {}

    def persons(self, year: int) -> int | None:
        """The population of the year, or while it is not known that of the newest year before it."""
        known = [each for each in self.population if each <= year]
        return self.population[max(known)] if known else None

    def merged(self, name: str) -> Merged:
        if name not in self._merged:
            self._merged[name] = Merged(self.received, name, self._adoptions)
        return self._merged[name]

    @cached_property
    def _adoptions(self) -> Adoptions:
        return Adoptions(self.received)

    def is_newest(self, name: str) -> bool:
        """Whether a list shows each child's newest row alone."""
        return self.merged(name).is_newest_alone

    def newest_until(self, name: str, end: dt.date) -> dt.date:
        """The day until which newest rows alone count for a period's end: that of the delivery near it."""
        near = self.received.near(name, end)
        return end if near is None else near.as_at

    def shows_reviews(self, name: str, end: dt.date) -> bool:
        """Whether reviews before a day are shown; of newest ones alone not by later deliveries."""
        is_known = not self.is_newest(name) or self.received.knows_newest(name, end)
        return is_known and self.covers(name, end, end)

    def rows(self, name: str) -> list[Row]:
        """The records of a list that count."""
        return self.merged(name).rows

    def of_child(self, name: str, child: str) -> list[Row]:
        """The records of one child on a list."""
        if name not in self._by_child:
            found: dict[str, list[Row]] = {}
            for row in self.rows(name):
                found.setdefault(person_of(name, row), []).append(row)
            self._by_child[name] = found
        return self._by_child[name].get(child, [])

    def state(self, name: str, end: dt.date) -> list[Row]:
        """The rows of a list that is a state, near a period's end."""
        return state_rows(self.received, name, end)

    def own_or_persons(self, row: Row, attribute: str) -> Any:
        """An attribute of the row, else of the child; an adopter is no child, even under the same id."""
        value = row.get(attribute)
        if value is not None or row["_list"] == "adopters":
            return value
        return self.person(person_of(row["_list"], row), attribute)

    @cached_property
    def _said(self) -> dict[tuple[str, str], list[Any]]:
        """What was said of a child's attribute, the most believed first."""
        found: dict[tuple[str, str], list[Any]] = {}
        for delivery in reversed(self.received.deliveries):
            for name in BELIEVED_FIRST:
                for row in delivery.lists.get(name, ()):
                    for attribute in UNKNOWN_CODES:
                        if row.get(attribute) is not None:
                            found.setdefault((row["child_id"], attribute), []).append(row[attribute])
        return found

    def person(self, child: str, attribute: str) -> Any:
        """An attribute of a child: newest delivery, then the first list; known beats unknown."""
        said = self._said.get((child, attribute), [])
        known = [value for value in said if value not in UNKNOWN_CODES[attribute]]
        return (known or said or [None])[0]

    def events(self, name: str, column: str, start: dt.date, end: dt.date) -> list[Row]:
        """Rows whose date lies in the period, both days included."""
        found = []
        for row in self.rows(name):
            day = as_day(row.get(column))
            if day is not None and start <= day <= end:
                found.append(row)
        return found

    def open_rows(self, name: str, day: dt.date) -> list[Row]:
        """Spells open at the end of a day: started by it, and not ended or gone by it."""
        found = []
        for row in self.rows(name):
            start, end, gone = row.get(KEY_DATES[name]), row.get(ENDS[name]), row["_gone"]
            if start is not None and start <= day and all(each is None or each > day for each in (end, gone)):
                found.append(row)
        return found

    def is_care(self, row: Row) -> bool:
        """Whether a row of the care list is care: a short-break legal status is not."""
        return row.get("legal_status") not in SHORT_BREAK_STATUSES

    def in_care_rows(self, day: dt.date) -> list[Row]:
        """Periods of care open on a day, of children under 18."""
        if day not in self._in_care:
            self._in_care[day] = self._care_open_on(day)
        return self._in_care[day]

    def _care_open_on(self, day: dt.date) -> list[Row]:
        found = []
        for row in self.open_rows("children_in_care", day):
            born = self.own_or_persons(row, "date_of_birth")
            if self.is_care(row) and (born is None or birthday(born, 18) > day):
                found.append(row)
        return found

    def in_care(self, day: dt.date) -> frozenset[str]:
        """The children in care on a day."""
        if day not in self._children:
            self._children[day] = frozenset(row["child_id"] for row in self.in_care_rows(day))
        return self._children[day]

    def near_row(self, row: Row, end: dt.date) -> Row | None:
        """The record as the first delivery within 31 days of the period's end shows it."""
        near = self.received.near(row["_list"], end)
        for delivery, shown in self.merged(row["_list"]).states(row["_key"]):
            if near is not None and delivery.as_at == near.as_at:
                return shown | {"_list": row["_list"], "_as_at": delivery.as_at, "_gone": None}
        return None

    def case_status(self, row: Row, end: dt.date) -> Any:
        """A case's status at the period's end; of one closed since then, the last one known before."""
        near = self.received.near("children_in_need", end)
        here: Any = self.near_row(row, end)
        if near is None or here is None:
            return None
        if here["case_status"] != "CLO" and here["cin_closure_date"] is None:
            return here["case_status"]
        known = [
            shown["case_status"]
            for delivery, shown in self.merged("children_in_need").states(row["_key"])
            if delivery.as_at < near.as_at and shown["case_status"] not in (None, "CLO")
        ]
        return known[-1] if known else None

    def in_need_rows(self, end: dt.date) -> list[Row]:
        """Open cases whose status at the period's end is child in need plan."""
        return [row for row in self.open_rows("children_in_need", end) if self.case_status(row, end) == "CIN"]

    def leavers(self, end: dt.date, eligibility: tuple[str, ...] = ("R", "FR")) -> list[Row]:
        """Care leavers on the list near the period's end; those who died have left it."""
        return [
            row
            for row in self.state("care_leavers", end)
            if row.get("eligibility") in eligibility and row.get("in_touch") != "DIED"
        ]

    def age_at(self, row: Row, day: dt.date) -> int | None:
        born = self.own_or_persons(row, "date_of_birth")
        return None if born is None else age_on(born, day)

    def covers(self, name: str, first: dt.date, last: dt.date) -> bool:
        return self.received.covers(name, first, last)

    def reaches_a_year_back(self, name: str, day: dt.date) -> bool:
        """Whether our history holds the 365 days before a day."""
        return self.covers(name, plus_days(day, -365), plus_days(day, -1))
