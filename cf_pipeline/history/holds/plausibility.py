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

    The rows have their record_group, as `key_records` gives it.
    """

    as_at: pd.Timestamp
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]]
    rows: dict[str, pd.DataFrame]

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

    @cached_property
    def records(self) -> dict[str, pd.DataFrame]:
        """The records of each list, columns of `RECORD_DTYPES`."""
        return {name: list_records(list_contracts()[name], rows) for name, rows in self.rows.items()}


def find_doubts_beside_earlier(earlier: EarlierDeliveries, delivery: DeliveryContent) -> list[Doubt]:
    """Why the delivery, or a list of it, cannot be true beside the earlier ones."""
    return [
        *_reformatted_id_doubts(earlier, delivery),
        *_late_date_doubts(delivery),
        *_vanished_doubts(earlier, delivery),
    ]


def remember(earlier: EarlierDeliveries, delivery: DeliveryContent) -> None:
    """Add the delivery's records and children to the earlier ones; drop due records that it lacks.

    Args:
        earlier: what earlier deliveries hold.
        delivery: the lists of the delivery that are not held.
    """
    earlier.children |= delivery.children
    earlier.adoption_days = _adoption_days(earlier, delivery)
    for name, own in delivery.records.items():
        before = earlier.records.get(name)
        if before is None or not is_dated(list_contracts()[name]):
            earlier.records[name] = own
            continue
        _, is_missing = _due_and_missing(name, earlier, delivery)
        kept = before[~is_missing & ~before["record_group"].isin(own["record_group"])]
        earlier.records[name] = pd.concat([kept, own], ignore_index=True)
    for name in delivery.records:
        if list_contracts()[name].may_show_newest_alone:
            earlier.shown[name] = _shown(name, earlier, delivery)


def key_records(contract: ListContract, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of all deliveries of a list with their record_group."""
    return rows.assign(record_group=record_group(contract, rows, rows[contract.person]))


def _shown(name: str, earlier: EarlierDeliveries, delivery: DeliveryContent) -> pd.DataFrame:
    """The person of each record of a list in the earlier deliveries and in this one, with its delivery."""
    own = delivery.records[name][["person"]].assign(delivery_id=0)
    if name not in earlier.shown:
        return own
    before = earlier.shown[name]
    number = int(before["delivery_id"].max()) + 1 if len(before) else 0
    return pd.concat([before, own.assign(delivery_id=number)], ignore_index=True)


def _adoption_days(earlier: EarlierDeliveries, delivery: DeliveryContent) -> pd.Series[pd.Timestamp]:
    """The day of adoption of each child who was adopted, as the delivery or an earlier one says."""
    days: pd.Series[pd.Timestamp] = pd.concat([earlier.adoption_days, delivery.adoption_days])
    return days[~days.index.duplicated(keep="last")]


def list_records(contract: ListContract, rows: pd.DataFrame) -> pd.DataFrame:
    """One row a record: record_group, person, start, end (missing while one of its rows is open)."""
    days = spans(contract, rows) if is_dated(contract) else pd.DataFrame(index=rows.index)
    keyed = days.assign(record_group=rows["record_group"], person=rows[contract.person])
    if is_dated(contract):
        keyed = keyed.sort_values(["record_group", "end"], na_position="last")
    records = keyed.drop_duplicates("record_group", keep="last").reset_index(drop=True)
    return records.reindex(columns=[*RECORD_DTYPES]).astype(RECORD_DTYPES)


def _due_and_missing(
    name: str, earlier: EarlierDeliveries, delivery: DeliveryContent
) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Which records known before the delivery should hold, and which of those it lacks.

    In a list of one row a child a record is not due when the delivery shows a newer one of the child. Nor is
    a record of an adopted child that is gone: it is locked (docs/rulings.md#27).
    """
    contract, before = list_contracts()[name], earlier.records[name]
    is_delivered = before["record_group"].isin(delivery.records[name]["record_group"])
    is_newest_alone = shows_newest_alone(contract, _shown(name, earlier, delivery), "person")
    newest = newest_start(contract, before["person"], delivery.rows[name], is_newest_alone)
    is_hidden = newest.gt(before["start"])
    is_closed = is_locked(before["person"], before["start"], _adoption_days(earlier, delivery))
    is_due = is_expected(before, *delivery.days[name]) & (is_delivered | ~(is_hidden | is_closed))
    return is_due, is_due & ~is_delivered


def _vanished_doubts(earlier: EarlierDeliveries, delivery: DeliveryContent) -> Iterator[Doubt]:
    for name, own in delivery.records.items():
        title, before = list_contracts()[name].title, earlier.records.get(name)
        if before is None:
            continue
        if not is_dated(list_contracts()[name]):
            if own.empty and len(before) > VANISHED_RECORDS:
                words = f"{title} is empty, and held {len(before):,} records in the delivery before"
                yield Doubt(VANISHED_RULE, name, "", len(before), words)
            continue
        due, missing = (int(rows.sum()) for rows in _due_and_missing(name, earlier, delivery))
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
