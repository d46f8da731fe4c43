"""One year of a council as it truly was, and what each delivery shows of it.

A record has the row that is right, the row as it was told at first, and the days on which it was entered and
corrected. A delivery shows what was known on its date: within its window or reaching further back, one row
a child where the guidance asks for it, every record or each child's newest alone. The truth is what is known
on the last date, without any window, so no deliveries are merged to count it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random

from cf_pipeline.contracts.lists import list_contracts
from tests.second_opinion.counting.days import plus_days, plus_months
from tests.second_opinion.counting.deliveries import Delivery, Row, as_day
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.lists import ENDS, KEY_DATES, ONE_ROW_A_CHILD, SOURCE_IDS
from tests.second_opinion.counting.merging import MAY_SHOW_NEWEST
from tests.second_opinion.true_lives import FIRST_EVENT, life

QUARTER_ENDS = (dt.date(2019, 6, 30), dt.date(2019, 9, 30), dt.date(2019, 12, 31), dt.date(2020, 3, 31))
CHILDREN = 40
LATE, CORRECTED, RECODED = 9, 7, 5
"""Every ninth record is entered late, every seventh had another date at first, every fifth another code."""
FIRST_CODES = {
    "contacts": {"contact_outcome": "NFA_FLAG"},
    "referrals": {"referral_source": "5A"},
    "assessments": {"requires_social_care_support": "U"},
    "section_47_enquiries": {"icpc_unnecessary": "U"},
    "children_in_need": {"primary_need": "N9"},
    "child_protection_plans": {"cp_latest_category": "MUL"},
    "children_in_care": {"permanence_plan": "OTHER"},
    "cla_placements": {"placement_change_reason": "OTHER"},
    "missing_episodes": {"rhi_offered": "N"},
    "cla_visits": {"is_seen_alone": "N"},
    "cla_reviews": {"participation": "PN0"},
}
"""The code that a record has until it is corrected."""


@dataclass(frozen=True)
class Record:
    """One record: the right row, what was told otherwise at first, when it was entered and corrected."""

    name: str
    row: Row
    entered: dt.date
    at_first: Row = field(default_factory=dict)
    corrected: dt.date = dt.date.min

    def known(self, day: dt.date) -> Row | None:
        """The record as it stands in the case system on a day; None before it is entered."""
        row = self.row | (self.at_first if day < self.corrected else {})
        begun = as_day(row.get(KEY_DATES.get(self.name, ""))) or self.entered
        if day < max(self.entered, begun):
            return None
        return {column: None if _is_after(value, day) else value for column, value in row.items()} | (
            _state_on(self.name, row, day)
        )


def _is_after(value: object, day: dt.date) -> bool:
    return isinstance(value, dt.date) and (as_day(value) or day) > day


def _state_on(name: str, row: Row, day: dt.date) -> Row:
    """The columns that say how things stand on the day of the delivery."""
    number = int(row["child_id"][1:])
    if name == "children_in_need":
        closed = row["cin_closure_date"]
        status = "CLO" if closed is not None and closed <= day else ("CIN", "CIN", "CPP")[number % 3]
        return {"case_status": status, "last_seen_date": plus_days(day, -5 - 7 * (number % 6))}
    if name == "child_protection_plans":
        return {"cp_last_visit_date": plus_days(day, -4 * (number % 5)), "cp_seen_alone": "YN"[number % 2]}
    if name == "children_in_care":
        return {
            "last_visit_date": plus_days(day, -15 * (number % 7)),
            "last_health_assessment_date": plus_days(day, -100 * (number % 5)),
            "last_dental_check_date": plus_days(day, -90 * (number % 6)),
            "placements_last_12m": 1 + number % 4,
        }
    if name == "care_leavers":
        return {"latest_contact_date": plus_days(day, -20 * (number % 5))}
    return {}


@dataclass(frozen=True)
class Way:
    """How the year is delivered: the as-at dates, what the first says it covers from, what lists show."""

    dates: tuple[dt.date, ...]
    stated_from: dt.date | None = None
    shows_newest: bool = False
    has_numbers: bool = True


class TrueYear:
    """The records of a year, and the deliveries of them in one way."""

    def __init__(self, way: Way, seed: int = 0) -> None:
        self.way = way
        self.records = [self._as_delivered(record) for record in _records(seed, way)]

    def _as_delivered(self, record: Record) -> Record:
        if self.way.has_numbers:
            return record
        return replace(record, row=record.row | {SOURCE_IDS.get(record.name, "child_id_"): None})

    @cached_property
    def by_list(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.records:
            found.setdefault(record.name, []).append(record)
        return found

    def is_newest_alone(self, name: str) -> bool:
        return self.way.shows_newest and name in MAY_SHOW_NEWEST

    def shown(self, name: str, as_at: dt.date, start: dt.date) -> list[tuple[Record, Row]]:
        """The records of a list that the delivery of a date shows, each as it is known then."""
        known = [(record, row) for record in self.by_list[name] if (row := record.known(as_at)) is not None]
        if not self.is_newest_alone(name):
            known = [(record, row) for record, row in known if _is_in_window(name, row, start)]
        if self.is_newest_alone(name) or (name in ONE_ROW_A_CHILD and start == plus_months(as_at, -6)):
            known.sort(key=lambda pair: pair[1][KEY_DATES[name]])
            known = list({row["child_id"]: (record, row) for record, row in known}.values())
        return known

    def start_of(self, as_at: dt.date) -> dt.date:
        """The first day that the delivery of a date covers."""
        is_first = as_at == self.way.dates[0]
        return self.way.stated_from if self.way.stated_from and is_first else plus_months(as_at, -6)

    @cached_property
    def deliveries(self) -> list[Delivery]:
        found = []
        for as_at in self.way.dates:
            start = self.start_of(as_at)
            stated = start if self.way.stated_from and as_at == self.way.dates[0] else None
            lists = {name: [row for _, row in self.shown(name, as_at, start)] for name in self.by_list}
            found.append(Delivery(as_at, lists, stated))
        return found


def _is_in_window(name: str, row: Row, start: dt.date) -> bool:
    if name not in KEY_DATES:
        return True
    end = row[ENDS[name]] if name in ENDS else as_day(row[KEY_DATES[name]])
    return end is None or end >= start


class TrueList:
    """A list of the truth, with what a merged list answers."""

    def __init__(self, year: TrueYear, name: str) -> None:
        self.year, self.name = year, name
        self.is_newest_alone = year.is_newest_alone(name)
        self.deliveries = year.deliveries
        newest = year.way.dates[-1]
        self.rows = [
            row | {"_list": name, "_as_at": newest, "_gone": None, "_key": (number,)}
            for number, record in enumerate(year.by_list.get(name, ()))
            if (row := record.known(newest)) is not None
        ]

    def states(self, key: tuple[int, ...]) -> list[tuple[Delivery, Row]]:
        """A record as it was known on the date of each delivery."""
        record = self.year.by_list[self.name][key[0]]
        return [
            (delivery, row)
            for delivery in self.year.deliveries
            if (row := record.known(delivery.as_at)) is not None
        ]


class TrueHistory(History):
    """The history that nobody had to merge."""

    def __init__(self, year: TrueYear, population: dict[int, int]) -> None:
        super().__init__(year.deliveries, population)
        self.year = year

    def merged(self, name: str) -> TrueList:
        if name not in self._merged:
            self._merged[name] = TrueList(self.year, name)
        return self._merged[name]


def _records(seed: int, way: Way) -> list[Record]:
    found: list[Record] = []
    for number in range(CHILDREN):
        for name, row in life(Random(f"{seed} {number}"), number):
            found.append(_record(name, row, len(found), way))
    return found


def _record(name: str, row: Row, number: int, way: Way) -> Record:
    """A record with its number, entered late or corrected now and then, at most one delivery later."""
    whole = dict.fromkeys(list_contracts()[name].column_names) | row
    if name in SOURCE_IDS:
        whole[SOURCE_IDS[name]] = whole[SOURCE_IDS[name]] or f"{name}-{number}"
    day = as_day(row.get(KEY_DATES.get(name, "")))
    if day is None or day < FIRST_EVENT or (way.shows_newest and name in MAY_SHOW_NEWEST):
        return Record(name, whole, dt.date.min)
    entered = plus_days(day, 40 if number % LATE == 0 else 0)
    at_first: Row = {}
    if number % CORRECTED == 0:
        at_first = {KEY_DATES[name]: row[KEY_DATES[name]] - dt.timedelta(days=1 + number % 3)}
    elif number % RECODED == 0:
        at_first = FIRST_CODES.get(name, {})
    return Record(name, whole, entered, at_first, plus_days(day, 60))
