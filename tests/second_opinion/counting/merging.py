"""Many deliveries become one history: what is the same record, what changed, what vanished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from tests.second_opinion.counting.days import ONE_DAY
from tests.second_opinion.counting.deliveries import Delivery, Received, Row, as_day, key_day
from tests.second_opinion.counting.lists import (
    DUE_DATES,
    ENDS,
    FINISHES,
    KEY_DATES,
    MOVING,
    ONE_ROW_A_CHILD,
    SOURCE_IDS,
)

REKEYED_WITHIN_DAYS = 31
Identity = tuple[Any, ...]


def person_of(name: str, row: Row) -> str:
    return str(row["adopter_id" if name == "adopters" else "child_id"])


def number_of(name: str, row: Row) -> Identity | None:
    """The child and the source system's id of the record, where it has one."""
    source_id = row.get(SOURCE_IDS.get(name, ""))
    return None if source_id is None else (person_of(name, row), source_id)


def case_numbers(name: str, lists: list[list[Row]]) -> set[Identity]:
    """Ids under which one delivery shows several days of a child: they are of a case, not of a record."""
    found = set()
    for rows in lists:
        days: dict[Identity, set[dt.date]] = {}
        for row in rows:
            number, day = number_of(name, row), key_day(name, row)
            if number is not None and day is not None:
                days.setdefault(number, set()).add(day)
        found |= {number for number, of_number in days.items() if len(of_number) > 1}
    return found


def identity(name: str, row: Row, of_cases: Collection[Identity] = ()) -> Identity:
    """What makes two rows the same record: child and the source system's id, else child and date."""
    number = number_of(name, row)
    if number is not None:
        return ("id", *number, key_day(name, row) if number in of_cases else None)
    slot = row.get(DUE_DATES.get(name, ""))
    if slot is not None:
        return ("slot", person_of(name, row), slot)
    extra = (row.get("provider"), row.get("short_break_type")) if name == "short_breaks" else ()
    return ("key", person_of(name, row), row.get(_key_column(name)), *extra)


def _key_column(name: str) -> str:
    return KEY_DATES[name]


def about_day(name: str, row: Row) -> dt.date | None:
    """The day a record is placed by: the day a visit or review was due, where that is said; its key date."""
    return as_day(row.get(DUE_DATES.get(name, ""))) or key_day(name, row)


def unlike_rows(rows: list[Row]) -> list[Row]:
    """Rows alike in every column are one."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in sorted(row)), row)
    return list(found.values())


def one_row_a_record(name: str, rows: list[Row], of_cases: Collection[Identity] = ()) -> list[Row]:
    """Rows of one record are one: that of the newest contact, of most filled cells, the last (29)."""
    found: dict[Any, list[tuple[int, Row]]] = {}
    for place, row in enumerate(unlike_rows(rows)):
        record: Any = place
        if number_of(name, row) is not None:
            record = identity(name, row, of_cases)
        elif name == "care_leavers":
            record = person_of(name, row)
        elif name in ONE_ROW_A_CHILD:
            record = (person_of(name, row), key_day(name, row), row.get(ENDS[name]))
        found.setdefault(record, []).append((place, row))
    return [max(alike, key=_weight)[1] for alike in found.values()]


def _weight(placed: tuple[int, Row]) -> tuple[dt.date, int, int]:
    place, row = placed
    filled = sum(value is not None for value in row.values())
    return row.get("latest_contact_date") or dt.date.min, filled, place


def lasts(name: str) -> bool:
    """Whether a record of the list goes on until it ends, so that it may be open."""
    return name in ENDS or name in FINISHES


def end_of(name: str, row: Row) -> dt.date | None:
    columns = (ENDS[name],) if name in ENDS else FINISHES.get(name, ())
    return min((day for each in columns if (day := as_day(row.get(each))) is not None), default=None)


def is_expected(name: str, row: Row, later: Delivery) -> bool:
    """Whether a later delivery of the list should still show the record."""
    start = later.covers_from(name)
    if lasts(name):
        end = end_of(name, row)
        return end is None or end >= start
    day = about_day(name, row)
    return day is not None and start <= day <= later.as_at


ADOPTED = {"children_in_care": "cla_end_reason", "cla_episodes": "cla_episode_end_reason"}
ADOPTED_REASONS = ("E11", "E12")


MAY_SHOW_NEWEST = ("pathway_plans", "cla_visits", "cp_visits", "cla_reviews", "cp_reviews")
NEWEST_CHILDREN = 10


def shows_newest_alone(received: Received, name: str) -> bool:
    """Whether no delivery shows a child twice, of ten children or more, in a list that may be so (26)."""
    children: set[str] = set()
    lists = [delivery.lists[name] for delivery in received.of(name)]
    of_cases = case_numbers(name, lists)
    for rows in lists:
        shown = [person_of(name, row) for row in one_row_a_record(name, rows, of_cases)]
        if len(shown) != len(set(shown)):
            return False
        children |= set(shown)
    return name in MAY_SHOW_NEWEST and len(children) >= NEWEST_CHILDREN


class Adoptions:
    """Who was adopted on which day, and who was placed for it, as every record was said last (27)."""

    def __init__(self, received: Received) -> None:
        self.received = received
        self.days: dict[str, dt.date] = {}
        for name, reason in ADOPTED.items():
            for row in self._said_last(name):
                if row.get(reason) in ADOPTED_REASONS:
                    self._adopt(row["child_id"], row[ENDS[name]])
        adoptions = self._said_last("adoptions")
        for row in adoptions:
            self._adopt(row["child_id"], row["adoption_order_date"])
        self.placed = {
            row["child_id"]
            for row in adoptions
            if row["placed_for_adoption_date"] is not None and end_of("adoptions", row) is None
        } - set(self.days)

    def _adopt(self, child: str, day: dt.date | None) -> None:
        if day is not None:
            self.days[child] = max(day, self.days.get(child, day))

    def _said_last(self, name: str) -> list[Row]:
        lists = [delivery.lists[name] for delivery in self.received.of(name)]
        of_cases, found = case_numbers(name, lists), dict[Identity, list[Row]]()
        for rows in lists:
            groups: dict[Identity, list[Row]] = {}
            for row in one_row_a_record(name, rows, of_cases):
                groups.setdefault(identity(name, row, of_cases), []).append(row)
            found |= groups
        return [row for rows in found.values() for row in rows]

    def keeps(self, name: str, row: Row, later: Delivery) -> bool:
        """Whether a record may be gone because its child was adopted, or is placed and gone altogether."""
        if name == "adopters":
            return False  # no child, even under the same id
        person, start = person_of(name, row), about_day(name, row)
        if person in self.days:
            return start is not None and start <= self.days[person]
        return person in self.placed and not any(
            each.get("child_id") == person
            for other, rows in later.lists.items()
            if other != "adopters"
            for each in rows
        )


class Merged:
    """The history of one list.

    `rows` are the records that count, each as the newest delivery that shows it says, with `_list`,
    `_as_at` (that delivery's date) and `_gone` (the first day it is not counted, for an open spell that
    vanished or that a newer one hides).
    """

    def __init__(self, received: Received, name: str, adoptions: Adoptions) -> None:
        self.name = name
        self.is_newest_alone = shows_newest_alone(received, name)
        self.adoptions = adoptions
        self.deliveries = received.of(name)
        self.shown: list[dict[Identity, list[Row]]] = []
        of_cases = case_numbers(name, [delivery.lists[name] for delivery in self.deliveries])
        for delivery in self.deliveries:
            groups: dict[Identity, list[Row]] = {}
            for row in one_row_a_record(name, delivery.lists[name], of_cases):
                groups.setdefault(identity(name, row, of_cases), []).append(row)
            self.shown.append(groups)
        self._children: dict[int, dict[str, list[Identity]]] = {}
        self._before: dict[Identity, Identity] = {}
        every = dict.fromkeys(key for groups in self.shown for key in groups)
        self.rows = [row for key in every for row in self._record(key)]

    def _record(self, key: Identity) -> list[Row]:
        last = max(number for number, groups in enumerate(self.shown) if key in groups)
        found = (self._fate(key, row, last) for row in self.shown[last][key])
        return [row for row in found if row is not None]

    def _fate(self, key: Identity, row: Row, last: int) -> Row | None:
        """A row as the newest delivery that shows it has it; None where it does not count."""
        gone = None
        for number in range(last + 1, len(self.deliveries)):
            if not is_expected(self.name, row, self.deliveries[number]):
                continue
            newer = self._newer_start(row, number)
            is_hidden = self.is_newest_alone and newer is not None
            new = None if is_hidden else self._new_key(key, row, last, number)
            if new is not None:
                self._before[new] = key
                return None  # it goes on under its new date, and is no spell of its own
            is_open = lasts(self.name) and end_of(self.name, row) is None
            if newer is None and not is_open:
                if self.adoptions.keeps(self.name, row, self.deliveries[number]):
                    break
                return None  # withdrawn
            if is_open:
                gone = newer or self.deliveries[last].as_at + ONE_DAY
            break
        return row | {"_list": self.name, "_as_at": self.deliveries[last].as_at, "_gone": gone, "_key": key}

    def _newer_start(self, row: Row, number: int) -> dt.date | None:
        """Where a list keeps one row a child: the start of the newer spell that a delivery shows instead."""
        if self.name not in ONE_ROW_A_CHILD and not self.is_newest_alone:
            return None
        mine, child = about_day(self.name, row), person_of(self.name, row)
        keys = self._keys_of(child, number)
        others = [key_day(self.name, other) for key in keys for other in self.shown[number][key]]
        later = [day for day in others if day is not None and mine is not None and day > mine]
        return min(later) if later else None

    def _new_key(self, key: Identity, row: Row, last: int, number: int) -> Identity | None:
        """The one new record as which the one that vanished came back, unchanged but for its date."""
        if key[0] != "key":
            return None
        child = person_of(self.name, row)
        before, now = self._keys_of(child, last), self._keys_of(child, number)
        vanished = [
            each
            for missing in before
            if missing not in now
            for each in self.shown[last][missing]
            if is_expected(self.name, each, self.deliveries[number])
        ]
        fresh = [each for each in now if not any(each in groups for groups in self.shown[:number])]
        if vanished != [row] or len(fresh) != 1 or len(self.shown[number][fresh[0]]) != 1:
            return None
        new = self.shown[number][fresh[0]][0]
        old_day, new_day = key_day(self.name, row), key_day(self.name, new)
        if old_day is None or new_day is None or abs((new_day - old_day).days) > REKEYED_WITHIN_DAYS:
            return None
        ignored = MOVING | {_key_column(self.name)}
        is_alike = all(new[column] == value for column, value in row.items() if column not in ignored)
        return fresh[0] if is_alike else None

    def _keys_of(self, child: str, number: int) -> list[Identity]:
        if number not in self._children:
            found: dict[str, list[Identity]] = {}
            for key, rows in self.shown[number].items():
                found.setdefault(person_of(self.name, rows[0]), []).append(key)
            self._children[number] = found
        return self._children[number].get(child, [])

    def states(self, key: Identity) -> list[tuple[Delivery, Row]]:
        """A record as each delivery that holds it shows it, oldest first, under the date it had then."""
        before = self.states(self._before[key]) if key in self._before else []
        return before + [
            (delivery, groups[key][0])
            for delivery, groups in zip(self.deliveries, self.shown, strict=True)
            if key in groups
        ]


def state_rows(received: Received, name: str, end: dt.date) -> list[Row]:
    """A list that is a state on its date, as the delivery near a period's end shows it."""
    delivery = received.near(name, end)
    rows = [] if delivery is None else one_row_a_record(name, delivery.lists[name])
    return [row | {"_list": name, "_as_at": delivery.as_at, "_gone": None} for row in rows if delivery]
