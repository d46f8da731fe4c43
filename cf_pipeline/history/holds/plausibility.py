"""Doubts about a delivery, given the deliveries before it (docs/rulings.md#9).

A wrong as-at date, a filter left on in the export or ids in another form would withdraw hundreds of records.
Deliveries are checked oldest first, each against the ones before it that are not held. The order in which
they arrived does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.rules.between_lists import DOUBTFUL_ROWS, DOUBTFUL_SHARE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.holds.delivered_lists import DeliveredList, People, Records
from cf_pipeline.history.holds.doubt import WHOLE_DELIVERY, Doubt
from cf_pipeline.history.long_extract import Days
from cf_pipeline.history.merge.adoption import ADOPTION_LISTS
from cf_pipeline.history.merge.keys import NEWEST_ALONE_CHILDREN, is_dated

Chosen = npt.NDArray[np.bool_]
VANISHED_SHARE, VANISHED_RECORDS = 0.2, 5
"""A list is doubtful when over this share, and this many, of its due records vanish."""
REFORMATTED_SHARE = 0.5
"""A delivery is doubtful when over this share of its ids are known ones with other leading zeros."""
VANISHED_RULE = "records_vanished"


@dataclass(frozen=True)
class ShownRecords:
    """The records of a list as deliveries show them: how many, of whom, and if two are of one child."""

    count: int
    is_person: Chosen
    has_several: bool

    @property
    def is_newest_alone(self) -> bool:
        """As `keys.shows_newest_alone` of a list whose contract says that it may."""
        if self.count < NEWEST_ALONE_CHILDREN or self.has_several:
            return False
        return int(self.is_person.sum()) >= NEWEST_ALONE_CHILDREN

    def with_records(self, records: Records) -> ShownRecords:
        """These and the records of a further delivery."""
        is_person = self.is_person.copy()
        is_person[records.person[records.person >= 0]] = True
        has_several = self.has_several or len(np.unique(records.person)) < len(records)
        return ShownRecords(self.count + len(records), is_person, has_several)


@dataclass
class EarlierDeliveries:
    """What earlier deliveries hold: by list the records that are still expected, and which children.

    `shown`: by list the records that they showed. `adoption_days`: the day of adoption of each person who was
    adopted.
    """

    people: People
    records: dict[str, Records] = field(default_factory=dict)
    shown: dict[str, ShownRecords] = field(default_factory=dict)
    is_child: Chosen = field(init=False)
    adoption_days: Days = field(init=False)

    def __post_init__(self) -> None:
        self.is_child, self.adoption_days = self.people.nobody(), self.people.latest_days([])


@dataclass(frozen=True)
class DeliveryContent:
    """What one delivery holds: by list the days covered (first, last), and the rows."""

    people: People
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]]
    lists: dict[str, DeliveredList]

    def without_lists(self, names: set[str]) -> DeliveryContent:
        """The delivery as if some lists had not been delivered."""
        return DeliveryContent(
            self.people,
            {name: days for name, days in self.days.items() if name not in names},
            {name: own for name, own in self.lists.items() if name not in names},
        )

    @cached_property
    def is_child(self) -> Chosen:
        """Which persons are children in its lists."""
        is_child = self.people.nobody()
        for name, own in self.lists.items():
            if list_contracts()[name].is_about_children:
                is_child[own.person[own.person >= 0]] = True
        return is_child

    @cached_property
    def adoption_days(self) -> Days:
        """The day of adoption of each person whom its lists call adopted."""
        lists = [self.lists[name] for name in ADOPTION_LISTS if name in self.lists]
        return self.people.latest_days((own.person, own.adopted) for own in lists)


@dataclass(frozen=True)
class DueRecords:
    """Of the records known before a delivery: which it should hold, holds, and lacks."""

    is_due: Chosen
    is_delivered: Chosen

    @property
    def is_missing(self) -> Chosen:
        """Which are due and not delivered."""
        missing: Chosen = self.is_due & ~self.is_delivered
        return missing


@dataclass(frozen=True)
class DeliveryComparison:
    """A delivery beside the ones before it; what it lacks of a list is worked out once."""

    earlier: EarlierDeliveries
    delivery: DeliveryContent
    due_records: dict[str, DueRecords] = field(default_factory=dict)

    @cached_property
    def adoption_days(self) -> Days:
        """The day of adoption of each person who was adopted, as the delivery or an earlier one says."""
        own = self.delivery.adoption_days
        return np.where(np.isnat(own), self.earlier.adoption_days, own)

    def records_shown(self, name: str) -> ShownRecords:
        """The records of a list as the earlier deliveries and this one show them."""
        before = self.earlier.shown.get(name) or ShownRecords(0, self.earlier.people.nobody(), False)
        return before.with_records(self.delivery.lists[name].records)


def find_doubts_beside_earlier(comparison: DeliveryComparison) -> list[Doubt]:
    """Why the delivery, or a list of it, cannot be true beside the earlier ones."""
    return [
        *_reformatted_id_doubts(comparison.earlier, comparison.delivery),
        *_late_date_doubts(comparison.delivery),
        *_vanished_doubts(comparison),
    ]


def remember(comparison: DeliveryComparison) -> None:
    """Add the delivery's records and children to the earlier ones; drop due records that it lacks.

    Args:
        comparison: the lists of the delivery that are not held, beside the earlier deliveries.
    """
    earlier, delivery = comparison.earlier, comparison.delivery
    earlier.is_child = earlier.is_child | delivery.is_child
    for name, own in delivery.lists.items():
        before = earlier.records.get(name)
        if before is None or not is_dated(list_contracts()[name]):
            earlier.records[name] = own.records
            continue
        due = _due_records(name, comparison)
        earlier.records[name] = before.select(~due.is_due & ~due.is_delivered).with_others(own.records)
    for name in delivery.lists:
        if list_contracts()[name].may_show_newest_alone:
            earlier.shown[name] = comparison.records_shown(name)
    earlier.adoption_days = comparison.adoption_days


def _due_records(name: str, comparison: DeliveryComparison) -> DueRecords:
    """As `_find_due_records`, worked out once for each list."""
    known = comparison.due_records
    if name not in known:
        known[name] = _find_due_records(name, comparison)
    return known[name]


def _find_due_records(name: str, comparison: DeliveryComparison) -> DueRecords:
    """Which records known before the delivery should hold, and which of those it lacks.

    In a list of one row a child a record is not due when the delivery shows a newer one of the child. Nor is
    a record of an adopted child that is gone: it is locked (docs/rulings.md#27).
    """
    contract, own = list_contracts()[name], comparison.delivery.lists[name]
    before = comparison.earlier.records[name]
    records = own.records.record
    is_own = np.zeros(max(before.record.max(initial=-1), records.max(initial=-1)) + 1, dtype=bool)
    is_own[records] = True
    is_delivered = is_own[before.record]
    first, last = (day.to_datetime64() for day in comparison.delivery.days[name])
    # a missing start compares as false, so such a record is never expected
    is_expected = (before.start <= last) & (np.isnat(before.end) | (before.end >= first))
    is_excused = before.start <= comparison.adoption_days[before.person]
    may_hide = contract.may_show_newest_alone and comparison.records_shown(name).is_newest_alone
    if contract.one_row_a_child or may_hide:
        newest = comparison.earlier.people.latest_days([(own.person, own.key_date)])
        is_excused |= newest[before.person] > before.start
    return DueRecords(is_expected & (is_delivered | ~is_excused), is_delivered)


def _vanished_doubts(comparison: DeliveryComparison) -> Iterator[Doubt]:
    for name, own in comparison.delivery.lists.items():
        title, before = list_contracts()[name].title, comparison.earlier.records.get(name)
        if before is None:
            continue
        if not is_dated(list_contracts()[name]):
            if not len(own.records) and len(before) > VANISHED_RECORDS:
                words = f"{title} is empty, and held {len(before):,} records in the delivery before"
                yield Doubt(VANISHED_RULE, name, "", len(before), words)
            continue
        found = _due_records(name, comparison)
        due, missing = int(found.is_due.sum()), int(found.is_missing.sum())
        if missing > VANISHED_RECORDS and missing > VANISHED_SHARE * due:
            words = f"{title} lacks {missing:,} of the {due:,} records that it should still hold"
            yield Doubt(VANISHED_RULE, name, "", missing, words)


def _reformatted_id_doubts(earlier: EarlierDeliveries, delivery: DeliveryContent) -> Iterator[Doubt]:
    children, without_zeros = int(delivery.is_child.sum()), earlier.people.without_zeros
    is_known = earlier.people.nobody()
    is_known[without_zeros[earlier.is_child]] = True
    same = int(is_known[without_zeros[delivery.is_child & ~earlier.is_child]].sum())
    if same > REFORMATTED_SHARE * children:
        words = (
            f"{same:,} of its {children:,} child ids differ from known ones in leading zeros only"
            " (export them in their earlier form, or fill them up by zero_pad under [ids] of mapping.toml)"
        )
        yield Doubt("ids_in_other_form", WHOLE_DELIVERY, "", same, words)


def _late_date_doubts(delivery: DeliveryContent) -> Iterator[Doubt]:
    late = sum(own.late_count for own in delivery.lists.values())
    dated = sum(int((~np.isnat(own.key_date)).sum()) for own in delivery.lists.values())
    if late > DOUBTFUL_SHARE * dated and late >= DOUBTFUL_ROWS:
        words = f"{late:,} of its {dated:,} dated rows are after the as-at date"
        yield Doubt("dates_after_as_at", WHOLE_DELIVERY, "", late, words)
