"""Doubts about a delivery, given the deliveries before it (docs/rulings.md#9).

A wrong as-at date, a filter left on in the export or ids in another form would withdraw hundreds of records.
Deliveries are checked oldest first, each against the ones before it that are not held. The order in which
they arrived does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from cf_pipeline.clean.rules.between_lists import DOUBTFUL_ROWS, DOUBTFUL_SHARE
from cf_pipeline.clean.rules.dates import is_after_as_at
from cf_pipeline.contracts.list_contract import CHILD_ID, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables.no_rows import no_rows
from cf_pipeline.history.holds.doubt import WHOLE_DELIVERY, Doubt
from cf_pipeline.history.merge.adoption import ADOPTION_LISTS, adoption_days, is_locked
from cf_pipeline.history.merge.keys import (
    is_dated,
    is_expected,
    newest_start,
    record_group,
    shows_newest_alone,
    spans,
)

VANISHED_SHARE, VANISHED_RECORDS = 0.2, 5
"""A list is doubtful when over this share, and this many, of its due records vanish."""
REFORMATTED_SHARE = 0.5
"""A delivery is doubtful when over this share of its ids are known ones with other leading zeros."""
VANISHED_RULE = "records_vanished"
RECORD_DTYPES = {"record_group": "str", "person": "str", "start": "datetime64[us]", "end": "datetime64[us]"}


@dataclass
class EarlierDeliveries:
    """What earlier deliveries hold: by list the records that are still expected, and the ids of children.

    `shown`: by list the person of each record and the number of its delivery. `adoption_days`: the day of
    adoption of each child who was adopted.
    """

    records: dict[str, pd.DataFrame] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    shown: dict[str, pd.DataFrame] = field(default_factory=dict)
    adoption_days: pd.Series = field(default_factory=lambda: adoption_days({}, CHILD_ID))


@dataclass(frozen=True)
class DeliveryContent:
    """What one delivery holds: its as-at date, and by list the days covered (first, last) and the rows.

    `records`: the records of each list, columns of `RECORD_DTYPES` (`records_by_delivery`).
    """

    as_at: pd.Timestamp
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]]
    rows: dict[str, pd.DataFrame]
    records: dict[str, pd.DataFrame]

    def without_lists(self, names: set[str]) -> DeliveryContent:
        """The delivery as if some lists had not been delivered."""
        return DeliveryContent(
            self.as_at,
            {name: days for name, days in self.days.items() if name not in names},
            {name: rows for name, rows in self.rows.items() if name not in names},
            {name: records for name, records in self.records.items() if name not in names},
        )

    @cached_property
    def children(self) -> set[str]:
        """The ids of the children in its lists."""
        lists = [rows for name, rows in self.rows.items() if list_contracts()[name].is_about_children]
        return set().union(*(rows["child_id"].dropna() for rows in lists))

    @cached_property
    def adoption_days(self) -> pd.Series[pd.Timestamp]:
        """The day of adoption of each child whom its lists call adopted."""
        return adoption_days(
            {name: self.rows[name] for name in ADOPTION_LISTS if name in self.rows}, CHILD_ID
        )


@dataclass(frozen=True)
class DeliveryComparison:
    """A delivery beside the ones before it; what it lacks of a list is worked out once."""

    earlier: EarlierDeliveries
    delivery: DeliveryContent
    due_and_missing: dict[str, tuple[pd.Series[bool], pd.Series[bool]]] = field(default_factory=dict)

    @cached_property
    def adoption_days(self) -> pd.Series[pd.Timestamp]:
        """The day of adoption of each child who was adopted, as the delivery or an earlier one says."""
        days: pd.Series[pd.Timestamp] = pd.concat([self.earlier.adoption_days, self.delivery.adoption_days])
        return days[~days.index.duplicated(keep="last")]


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
    earlier.children |= delivery.children
    for name, own in delivery.records.items():
        before = earlier.records.get(name)
        if before is None or not is_dated(list_contracts()[name]):
            earlier.records[name] = own
            continue
        _, is_missing = _due_and_missing(name, comparison)
        kept = before[~is_missing & ~before["record_group"].isin(own["record_group"])]
        earlier.records[name] = pd.concat([kept, own], ignore_index=True)
    for name in delivery.records:
        if list_contracts()[name].may_show_newest_alone:
            earlier.shown[name] = _shown(name, comparison)
    earlier.adoption_days = comparison.adoption_days


def key_records(contract: ListContract, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of all deliveries of a list with their record_group."""
    if rows.empty:
        return rows.assign(record_group=pd.Series(dtype="str"))
    return rows.assign(record_group=record_group(contract, rows, rows[contract.person]))


def _shown(name: str, comparison: DeliveryComparison) -> pd.DataFrame:
    """The person of each record of a list in the earlier deliveries and in this one, with its delivery."""
    earlier, delivery = comparison.earlier, comparison.delivery
    own = delivery.records[name][["person"]].assign(delivery_id=0)
    if name not in earlier.shown:
        return own
    before = earlier.shown[name]
    number = int(before["delivery_id"].max()) + 1 if len(before) else 0
    return pd.concat([before, own.assign(delivery_id=number)], ignore_index=True)


def records_by_delivery(contract: ListContract, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The records of a list by delivery, one row each: columns of `RECORD_DTYPES`.

    `end` is missing while one of the record's rows is open. A delivery without rows is not in it.

    Args:
        contract: the list's contract.
        rows: the rows of all deliveries with their record_group (`key_records`).
    """
    if rows.empty:
        return {}
    days = spans(contract, rows) if is_dated(contract) else pd.DataFrame(index=rows.index)
    delivered = {"delivery_id": rows["delivery_id"], "record_group": rows["record_group"]}
    keyed = days.assign(**delivered, person=rows[contract.person])
    if is_dated(contract):
        keyed = keyed.sort_values(["record_group", "end"], na_position="last")
    records = keyed.drop_duplicates([*delivered], keep="last")
    deliveries = records["delivery_id"]
    records = records.reindex(columns=[*RECORD_DTYPES]).astype(RECORD_DTYPES)
    return {str(name): own.reset_index(drop=True) for name, own in records.groupby(deliveries)}


def no_records() -> pd.DataFrame:
    """A frame of records without any."""
    return no_rows(RECORD_DTYPES)


def _due_and_missing(name: str, comparison: DeliveryComparison) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """As `_find_due_and_missing`, worked out once for each list."""
    known = comparison.due_and_missing
    if name not in known:
        known[name] = _find_due_and_missing(name, comparison)
    return known[name]


def _find_due_and_missing(
    name: str, comparison: DeliveryComparison
) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Which records known before the delivery should hold, and which of those it lacks.

    In a list of one row a child a record is not due when the delivery shows a newer one of the child. Nor is
    a record of an adopted child that is gone: it is locked (docs/rulings.md#27).
    """
    contract, delivery = list_contracts()[name], comparison.delivery
    before = comparison.earlier.records[name]
    is_delivered = before["record_group"].isin(delivery.records[name]["record_group"])
    is_newest_alone = contract.may_show_newest_alone and shows_newest_alone(
        contract, _shown(name, comparison), "person"
    )
    newest = newest_start(contract, before["person"], delivery.rows[name], is_newest_alone)
    is_hidden = newest.gt(before["start"])
    is_closed = is_locked(before["person"], before["start"], comparison.adoption_days)
    is_due = is_expected(before, *delivery.days[name]) & (is_delivered | ~(is_hidden | is_closed))
    return is_due, is_due & ~is_delivered


def _vanished_doubts(comparison: DeliveryComparison) -> Iterator[Doubt]:
    for name, own in comparison.delivery.records.items():
        title, before = list_contracts()[name].title, comparison.earlier.records.get(name)
        if before is None:
            continue
        if not is_dated(list_contracts()[name]):
            if own.empty and len(before) > VANISHED_RECORDS:
                words = f"{title} is empty, and held {len(before):,} records in the delivery before"
                yield Doubt(VANISHED_RULE, name, "", len(before), words)
            continue
        due, missing = (int(rows.sum()) for rows in _due_and_missing(name, comparison))
        if missing > VANISHED_RECORDS and missing > VANISHED_SHARE * due:
            words = f"{title} lacks {missing:,} of the {due:,} records that it should still hold"
            yield Doubt(VANISHED_RULE, name, "", missing, words)


def _reformatted_id_doubts(earlier: EarlierDeliveries, delivery: DeliveryContent) -> Iterator[Doubt]:
    children = delivery.children
    without_zeros = {child.lstrip("0") for child in earlier.children}
    same = sum(child.lstrip("0") in without_zeros for child in children - earlier.children)
    if same > REFORMATTED_SHARE * len(children):
        words = (
            f"{same:,} of its {len(children):,} child ids differ from known ones in leading zeros only"
            " (export them in their earlier form, or fill them up by zero_pad under [ids] of mapping.toml)"
        )
        yield Doubt("ids_in_other_form", WHOLE_DELIVERY, "", same, words)


def _late_date_doubts(delivery: DeliveryContent) -> Iterator[Doubt]:
    late = dated = 0
    for name, rows in delivery.rows.items():
        key_date = list_contracts()[name].key_date
        if key_date is not None:
            late += int(is_after_as_at(rows, key_date).sum())
            dated += int(rows[key_date].notna().sum())
    if late > DOUBTFUL_SHARE * dated and late >= DOUBTFUL_ROWS:
        words = f"{late:,} of its {dated:,} dated rows are after the as-at date"
        yield Doubt("dates_after_as_at", WHOLE_DELIVERY, "", late, words)
