"""What a council delivered, and which days of which list that covers (docs/rulings.md#5)."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.second_opinion.counting.days import ONE_DAY, plus_days, plus_months, quarter_of
from tests.second_opinion.counting.lists import KEY_DATES, REACH_LISTS, TWELVE_MONTH_LISTS

Row = dict[str, Any]
WINDOW_MONTHS, PROCESS_MONTHS, NEAR_DAYS = 6, 12, 31


@dataclass(frozen=True)
class Delivery:
    """One delivery: its as-at date, the first day it says it covers (if it says), and its lists' rows.

    A row maps column names to plain values (a date, a text, a number; None where the cell is empty).
    `without` names the columns of a list that the file did not have; `set_aside` says how many further rows
    of a list could not be used.
    """

    as_at: dt.date
    lists: Mapping[str, list[Row]]
    stated_from: dt.date | None = None
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def six_months_before(self) -> dt.date:
        return plus_months(self.as_at, -WINDOW_MONTHS)

    @property
    def first_day_believed(self) -> dt.date:
        """The first day after the last silence that cannot be true (docs/rulings.md#24).

        A silence is whole quarters without an event. It cannot be true when over nine events were expected in
        it, at the rate of the days that follow it.
        """
        events = [day for name in REACH_LISTS for day in self.key_days(name) if day <= self.as_at]
        quarters = sorted({quarter_of(day) for day in events})
        for before, after in reversed(list(itertools.pairwise(quarters))):
            silent_days = (after.start - before.end).days - 1
            following = sum(day >= after.start for day in events)
            days = (self.as_at - after.start).days + 1
            if following * silent_days > 9 * days:
                return after.start
        return dt.date.min

    @property
    def is_long(self) -> bool:
        """Whether more than 10% and more than 5 contacts and referrals are a month older than the window."""
        edge = plus_days(self.six_months_before, -NEAR_DAYS)
        days = [day for name in ("contacts", "referrals") for day in self.key_days(name)]
        first = self.first_day_believed
        known = [day for day in days if day >= first]
        old = sum(day < edge for day in known)
        return old > 5 and 10 * old > len(known)

    def key_days(self, name: str) -> list[dt.date]:
        """The days of the rows of a list, without those that have none."""
        days = [key_day(name, row) for row in self.lists.get(name, ())]
        return [day for day in days if day is not None]

    @property
    def first_day(self) -> dt.date | None:
        """The first day it covers as it says itself, or as a long extract; None for another delivery."""
        if self.stated_from is not None or not self.is_long:
            return self.stated_from
        first = self.first_day_believed
        days = [day for name in REACH_LISTS for day in self.key_days(name)]
        return quarter_of(min(day for day in days if day >= first)).start

    def covers_from(self, name: str) -> dt.date:
        """The first day the delivery covers of a list; adoption lists reach back a year at the least."""
        is_process = name in TWELVE_MONTH_LISTS
        window = plus_months(self.as_at, -(PROCESS_MONTHS if is_process else WINDOW_MONTHS))
        said = self.first_day
        if said is None:
            return window
        return min(said, window) if is_process else said


def as_day(value: dt.date | None) -> dt.date | None:
    """The day of a date or of a moment."""
    return value.date() if isinstance(value, dt.datetime) else value


def key_day(name: str, row: Row) -> dt.date | None:
    """The day a row is about: when it happened or began."""
    return as_day(row.get(KEY_DATES.get(name, "")))


class Received:
    """Everything one authority delivered, oldest first."""

    def __init__(self, deliveries: list[Delivery]) -> None:
        # the first day is found once a delivery: every record asks for it
        found = [replace(delivery, stated_from=delivery.first_day) for delivery in deliveries]
        self.deliveries = sorted(found, key=lambda delivery: delivery.as_at)

    @property
    def newest(self) -> dt.date:
        return self.deliveries[-1].as_at

    @property
    def first_day(self) -> dt.date:
        """The first day that any delivered list is covered."""
        return min(each.covers_from(name) for each in self.deliveries for name in each.lists)

    def of(self, name: str) -> list[Delivery]:
        """The deliveries that hold a list."""
        return [delivery for delivery in self.deliveries if name in delivery.lists]

    def covers(self, name: str, first: dt.date, last: dt.date) -> bool:
        """Whether every day from first to last lies in some delivery of the list."""
        spans = [(each.covers_from(name), each.as_at) for each in self.of(name)]
        day = first
        while day <= last:
            reaches = [end for start, end in spans if start <= day <= end]
            if not reaches:
                return False
            day = max(reaches) + ONE_DAY
        return True

    def near(self, name: str, end: dt.date) -> Delivery | None:
        """The first delivery of a list dated from a period's end to 31 days after it."""
        return _first_near(self.of(name), end)

    def knows_newest(self, name: str, end: dt.date) -> bool:
        """Whether a list of newest rows alone was delivered by 31 days after a period's end."""
        return any((each.as_at - end).days <= NEAR_DAYS for each in self.of(name))

    def near_any(self, end: dt.date) -> Delivery | None:
        """The first delivery of whatever list dated from a period's end to 31 days after it."""
        return _first_near(self.deliveries, end)

    def has_column(self, name: str, column: str) -> bool:
        """Whether some delivery of the list has the column."""
        return any(column not in delivery.without.get(name, ()) for delivery in self.of(name))


def _first_near(deliveries: list[Delivery], end: dt.date) -> Delivery | None:
    for delivery in deliveries:
        if 0 <= (delivery.as_at - end).days <= NEAR_DAYS:
            return delivery
    return None
