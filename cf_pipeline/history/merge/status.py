"""Decide the status of records that a newer delivery should hold and lacks, and find records entered late.

A missing event or ended period is withdrawn. A missing open period ended on an unknown day. A period that a
newer period of the child hides is superseded, and kept. A record of which only the date changed is the same
record under another key. The records of an adopted child are locked, and kept. Sources: docs/rulings.md#9,
docs/rulings.md#27; see docs/history.md, "What happens to a row".
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history.merge.adoption import is_locked
from cf_pipeline.history.merge.keys import is_dated, is_expected, newest_start, spans
from cf_pipeline.history.merge.volatile_columns import material_columns

CURRENT, SUPERSEDED, WITHDRAWN, ENDED_UNKNOWN = "current", "superseded", "withdrawn", "ended_unknown"
LOCKED = "locked"
REKEYED_WITHIN = pd.Timedelta(days=31)


@dataclass(frozen=True)
class ListDelivery:
    """One delivery of a list: its rank, days covered and columns supplied.

    `versions` are the rows of all deliveries, oldest delivery first. `is_newest_alone`: whether the list
    shows each child's newest row alone (docs/rulings.md#26).
    """

    rank: int
    as_at: pd.Timestamp
    covers_from: pd.Timestamp
    covers_to: pd.Timestamp
    columns: frozenset[str]
    versions: pd.DataFrame
    is_newest_alone: bool

    @property
    def rows(self) -> pd.DataFrame:
        """The rows of this delivery."""
        first, last = self.versions["rank"].searchsorted([self.rank, self.rank + 1])
        return self.versions.iloc[first:last]


@dataclass(frozen=True)
class ReasonsToVanish:
    """Why records of an authority's children may be gone though nobody deleted them (docs/rulings.md#27).

    `adoption_days`: the day of adoption, by child. `placed_children_shown`: of each child placed for adoption
    the ranks of the deliveries in which any list shows the child.
    """

    adoption_days: pd.Series
    placed_children_shown: Mapping[str, AbstractSet[int]]


def deliveries_of_list(covers: pd.DataFrame, ranks: pd.Series, versions: pd.DataFrame) -> list[ListDelivery]:
    """The deliveries of a list, oldest first.

    Args:
        covers: the coverage of the list.
        ranks: order of each delivery_id, oldest 0.
        versions: the rows of all deliveries of the list, oldest delivery first.
    """
    deliveries = [
        ListDelivery(
            int(ranks[cover["delivery_id"]]),
            cover["as_at"],
            cover["covers_from"],
            cover["covers_to"],
            frozenset(cover["columns_supplied"].split(";")),
            versions,
            cover["is_newest_alone"],
        )
        for cover in covers.to_dict("records")
    ]
    return sorted(deliveries, key=lambda delivery: delivery.rank)


def record_status(
    contract: ListContract,
    latest: pd.DataFrame,
    deliveries: list[ListDelivery],
    reasons: ReasonsToVanish,
) -> pd.DataFrame:
    """The status of each latest known record, on the index of `latest`.

    Args:
        contract: the list's contract.
        latest: latest known rows.
        deliveries: the deliveries of the list, oldest first.
        reasons: why records may be gone without a deletion.

    Returns:
        status; vanished_date (the day after the last delivery that shows an open record, or the start of
        the newer spell that hides it); rekeyed_to (the record_key of the record with the corrected date);
        late_entry_days (days from the as-at date of the first delivery that should have held the record to
        that of the first that did).
    """
    result = pd.DataFrame(
        {
            "status": pd.Series(CURRENT, index=latest.index, dtype="str"),
            "vanished_date": pd.Series(pd.NaT, index=latest.index, dtype="datetime64[us]"),
            "rekeyed_to": pd.Series(None, index=latest.index, dtype="str"),
            "late_entry_days": pd.Series(pd.NA, index=latest.index, dtype="Int64"),
        }
    )
    if not is_dated(contract) or latest.empty:
        return result
    days = spans(contract, latest)
    due = [(delivery, is_expected(days, delivery.covers_from, delivery.covers_to)) for delivery in deliveries]
    is_undecided = pd.Series(True, index=latest.index)
    for newer, is_due in due:
        is_missing = is_undecided & latest["rank"].lt(newer.rank) & is_due
        if is_missing.any():
            _decide_missing(contract, latest.join(days), is_missing, newer, reasons, result)
            is_undecided &= ~is_missing
    is_new_key = latest["record_key"].isin(result["rekeyed_to"].dropna())
    late = _late_entry_days(contract, latest, days["start"], due)
    return result.assign(late_entry_days=late.mask(is_new_key))


def _decide_missing(
    contract: ListContract,
    latest: pd.DataFrame,
    is_missing: pd.Series[bool],
    newer: ListDelivery,
    reasons: ReasonsToVanish,
    result: pd.DataFrame,
) -> None:
    """Set in `result` the status, vanished_date and rekeyed_to of the records that a newer delivery lacks.

    Args:
        contract: the list's contract.
        latest: latest known rows, with start and end as `spans` returns them.
        is_missing: which of them the delivery should hold and lacks.
        newer: the delivery.
        reasons: why records may be gone without a deletion.
        result: one row for each of the latest rows.
    """
    is_open = latest["end"].isna()
    next_start = newest_start(contract, latest[contract.person], newer.rows, newer.is_newest_alone)
    is_older = is_missing & next_start.gt(latest["start"])
    # of a list that shows newest rows alone a later date is a newer row, not a corrected one
    can_be_rekeyed = is_missing & ~(is_older & newer.is_newest_alone)
    rekeyed = _find_rekeyed(contract, latest[can_be_rekeyed], newer)
    result.loc[rekeyed.index, "rekeyed_to"] = rekeyed
    result.loc[rekeyed.index, "status"] = WITHDRAWN
    is_vanished = is_missing & ~latest.index.isin(rekeyed.index)
    is_hidden = is_vanished & is_older
    result.loc[is_hidden, "status"] = SUPERSEDED
    result.loc[is_hidden & is_open, "vanished_date"] = next_start[is_hidden & is_open]
    is_gone = is_vanished & ~is_hidden
    persons = latest.loc[is_gone, "person_ref"]
    has_ended = is_open[is_gone] | _is_probably_adopted(persons, newer.rank, reasons)
    status = has_ended.map({True: ENDED_UNKNOWN, False: WITHDRAWN})
    is_adopted = is_locked(persons, latest.loc[is_gone, "start"], reasons.adoption_days)
    result.loc[is_gone, "status"] = status.mask(is_adopted, LOCKED)
    last_shown = latest.loc[is_gone & is_open, "as_at"]
    result.loc[is_gone & is_open, "vanished_date"] = last_shown + pd.Timedelta(days=1)


def _is_probably_adopted(persons: pd.Series[str], rank: int, reasons: ReasonsToVanish) -> pd.Series[bool]:
    """Which children were placed for adoption and are in no list of the delivery of that rank."""
    shown = reasons.placed_children_shown
    return persons.map(lambda person: person in shown and rank not in shown[person]).astype(bool)


def _find_rekeyed(contract: ListContract, missing: pd.DataFrame, newer: ListDelivery) -> pd.Series[str]:
    """The new record_key of each missing row of which only the date was corrected, on its index.

    Exactly one record of the child is missing and exactly one is new, their dates are at most 31 days apart,
    and all columns that the delivery supplies are equal, volatile ones aside. Otherwise one record was
    deleted and another entered.
    """
    keys = {contract.person, contract.key_date, contract.slot_date}
    compared = [name for name in material_columns(contract) if name in newer.columns and name not in keys]
    columns = [contract.person, "record_key", "row", "start", *compared]
    delivered = newer.rows
    missing_alone, new_alone = (
        rows.assign(row=rows.index, start=spans(contract, rows)["start"])[columns].drop_duplicates(
            contract.person, keep=False
        )
        for rows in (missing, delivered[delivered["first_rank"].eq(newer.rank)])
    )
    pairs = missing_alone.merge(new_alone, on=contract.person, suffixes=("", "_new"))
    is_equal = (pairs["start"] - pairs["start_new"]).abs().le(REKEYED_WITHIN)
    for name in compared:
        old, new = pairs[name], pairs[f"{name}_new"]
        is_equal &= old.eq(new).fillna(False).astype(bool) | (old.isna() & new.isna())
    rekeyed = pairs[is_equal]
    return pd.Series(rekeyed["record_key_new"].to_numpy(), index=rekeyed["row"], dtype="str")


def _late_entry_days(
    contract: ListContract,
    latest: pd.DataFrame,
    start: pd.Series,
    due: list[tuple[ListDelivery, pd.Series[bool]]],
) -> pd.Series[int]:
    """Days from the first delivery that should have held each record to the first that did.

    Missing where the first delivery that should have held the record did.

    Args:
        contract: the list's contract.
        latest: latest known rows.
        start: the first day of each of them.
        due: each delivery of the list, and which of the rows it should hold.
    """
    due_at = pd.Series(pd.NaT, index=latest.index, dtype="datetime64[us]")
    for delivery, is_due in due:
        is_lacking = is_due & latest["first_rank"].gt(delivery.rank) & due_at.isna()
        if is_lacking.any():
            newest = newest_start(contract, latest[contract.person], delivery.rows, delivery.is_newest_alone)
            is_lacking &= ~newest.gt(start)
            due_at = due_at.mask(is_lacking, delivery.as_at)
    late = due_at.dropna()
    as_at = pd.Series({delivery.rank: delivery.as_at for delivery, _ in due}, dtype="datetime64[us]")
    days = (lookup(latest["first_rank"][late.index], as_at) - late).dt.days
    return days[days.gt(0)].astype("Int64").reindex(latest.index)
