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

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.history.merge.adoption import is_locked
from cf_pipeline.history.merge.keys import is_dated, spans
from cf_pipeline.history.merge.volatile_columns import material_columns

CURRENT, SUPERSEDED, WITHDRAWN, ENDED_UNKNOWN = "current", "superseded", "withdrawn", "ended_unknown"
LOCKED = "locked"
REKEYED_WITHIN = pd.Timedelta(days=31)
CURRENT_RECORD = pd.DataFrame(
    {
        "status": pd.Series([CURRENT], dtype="str"),
        "vanished_date": pd.Series([pd.NaT], dtype="datetime64[us]"),
        "rekeyed_to": pd.Series([None], dtype="str"),
        "late_entry_days": pd.Series([pd.NA], dtype="Int64"),
    }
)
"""The status of a record that every delivery holds which should."""
Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ListDeliveries:
    """The deliveries of a list, oldest first: their ranks, as-at dates, days covered and columns supplied.

    `versions` are the rows of all deliveries, oldest delivery first. `is_newest_alone`: whether the list
    shows each child's newest row alone (docs/rulings.md#26).
    """

    rank: npt.NDArray[np.int64]
    as_at: npt.NDArray[np.datetime64]
    covers_from: npt.NDArray[np.datetime64]
    covers_to: npt.NDArray[np.datetime64]
    columns_supplied: tuple[str, ...]
    versions: pd.DataFrame
    is_newest_alone: bool

    def newest_starts(self, contract: ListContract, persons: pd.Series, ranks: Ranks) -> pd.Series:
        """The newest start of each person's records in the delivery of each rank; else missing.

        Lists 6 to 8 hold only the latest episode of a child: an older one is hidden by it, not missing.
        So does a list that shows newest rows alone. Of other lists every start is missing.

        Args:
            contract: the list's contract.
            persons: ids of the persons.
            ranks: the rank of a delivery for each of them.
        """
        if not (contract.one_row_a_child or self.is_newest_alone) or contract.key_date is None:
            return pd.Series(pd.NaT, index=persons.index, dtype="datetime64[us]")
        columns = ["rank", contract.person, contract.key_date]
        rows = self.versions[columns][self.versions["rank"].isin(np.unique(ranks))]
        newest = rows.groupby(["rank", contract.person])[contract.key_date].max()
        asked = pd.MultiIndex.from_arrays([ranks, persons.to_numpy()])
        return newest.reindex(asked).set_axis(persons.index).astype("datetime64[us]")


@dataclass(frozen=True)
class ReasonsToVanish:
    """Why records of an authority's children may be gone though nobody deleted them (docs/rulings.md#27).

    `adoption_days`: the day of adoption, by child. `placed_children_shown`: of each child placed for adoption
    the ranks of the deliveries in which any list shows the child.
    """

    adoption_days: pd.Series
    placed_children_shown: Mapping[str, AbstractSet[int]]


def deliveries_of_list(covers: pd.DataFrame, ranks: pd.Series, versions: pd.DataFrame) -> ListDeliveries:
    """The deliveries of a list, oldest first.

    Args:
        covers: the coverage of the list.
        ranks: order of each delivery_id, oldest 0.
        versions: the rows of all deliveries of the list, oldest delivery first.
    """
    rank = ranks.reindex(covers["delivery_id"]).to_numpy(dtype="int64")
    order = np.argsort(rank, kind="stable")
    as_at, first, last = (
        covers[name].to_numpy(dtype="datetime64[us]")[order] for name in ("as_at", "covers_from", "covers_to")
    )
    is_newest_alone = bool(covers["is_newest_alone"].any())
    columns = tuple(covers["columns_supplied"].take(order))
    return ListDeliveries(rank[order], as_at, first, last, columns, versions, is_newest_alone)


def record_status(
    contract: ListContract,
    latest: pd.DataFrame,
    deliveries: ListDeliveries,
    reasons: ReasonsToVanish,
) -> pd.DataFrame:
    """The status of each latest known record, on the index of `latest`.

    The first newer delivery that should hold a record and lacks it decides. All deliveries are decided at
    once, so that a further one costs nothing but its rows.

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
    if not is_dated(contract) or latest.empty or not len(deliveries.rank):
        return no_status(latest.index)
    result = no_status(latest.index)
    days = spans(contract, latest)
    is_due = _expected_in(days, deliveries)
    lacks = is_due & (latest["rank"].to_numpy() < deliveries.rank[:, None])
    decided = np.flatnonzero(lacks.any(axis=0))
    if len(decided):
        missing = latest.take(decided).assign(**{name: days[name].iloc[decided] for name in days.columns})
        newer = lacks[:, decided].argmax(axis=0)
        _decide_missing(contract, missing, newer, deliveries, reasons, result)
    late = _late_entry_days(contract, latest, days["start"], is_due, deliveries)
    if late is None:
        return result
    is_new_key = latest["record_key"].isin(result["rekeyed_to"].dropna())
    return result.assign(late_entry_days=late.mask(is_new_key))


def no_status(index: pd.Index) -> pd.DataFrame:
    """Records that every delivery holds which should: the columns of `record_status` on an index."""
    return CURRENT_RECORD.take(np.zeros(len(index), dtype="int64")).set_axis(index)


def _expected_in(days: pd.DataFrame, deliveries: ListDeliveries) -> npt.NDArray[np.bool_]:
    """Which records (columns) each delivery (rows) should hold.

    It should hold those that start by its last day and end on its first or later. A missing start compares as
    false, so such a record is never expected.
    """
    start, end = (days[name].to_numpy(dtype="datetime64[us]") for name in ("start", "end"))
    is_begun = start <= deliveries.covers_to[:, None]
    found: npt.NDArray[np.bool_] = is_begun & (np.isnat(end) | (end >= deliveries.covers_from[:, None]))
    return found


def _decide_missing(
    contract: ListContract,
    missing: pd.DataFrame,
    newer: npt.NDArray[np.int64],
    deliveries: ListDeliveries,
    reasons: ReasonsToVanish,
    result: pd.DataFrame,
) -> None:
    """Set in `result` the status, vanished_date and rekeyed_to of the records that a newer delivery lacks.

    Args:
        contract: the list's contract.
        missing: the records, with start and end as `spans` returns them.
        newer: the position of the first delivery that should hold each of them and lacks it.
        deliveries: the deliveries of the list.
        reasons: why records may be gone without a deletion.
        result: one row for each of the latest rows.
    """
    ranks = pd.Series(deliveries.rank[newer], index=missing.index)
    is_open = missing["end"].isna()
    next_start = deliveries.newest_starts(contract, missing[contract.person], ranks.to_numpy())
    is_older = next_start.gt(missing["start"])
    # of a list that shows newest rows alone a later date is a newer row, not a corrected one
    can_be_rekeyed = ~(is_older & deliveries.is_newest_alone)
    rekeyed = _find_rekeyed(contract, missing.assign(newer_rank=ranks)[can_be_rekeyed], deliveries)
    result.loc[rekeyed.index, "rekeyed_to"] = rekeyed
    result.loc[rekeyed.index, "status"] = WITHDRAWN
    is_vanished = ~missing.index.isin(rekeyed.index)
    hidden = missing.index[is_vanished & is_older]
    result.loc[hidden, "status"] = SUPERSEDED
    hidden_open = hidden[is_open[hidden].to_numpy()]
    result.loc[hidden_open, "vanished_date"] = next_start[hidden_open]
    gone = missing[is_vanished & ~is_older]
    has_ended = is_open[gone.index] | _is_probably_adopted(gone["person_ref"], ranks[gone.index], reasons)
    status = has_ended.map({True: ENDED_UNKNOWN, False: WITHDRAWN})
    is_adopted = is_locked(gone["person_ref"], gone["start"], reasons.adoption_days)
    result.loc[gone.index, "status"] = status.mask(is_adopted, LOCKED)
    last_shown = gone.loc[is_open[gone.index], "as_at"]
    result.loc[last_shown.index, "vanished_date"] = last_shown + pd.Timedelta(days=1)


def _is_probably_adopted(
    persons: pd.Series[str], ranks: pd.Series[int], reasons: ReasonsToVanish
) -> pd.Series[bool]:
    """Which children were placed for adoption and are in no list of the delivery of the rank beside them."""
    shown = reasons.placed_children_shown
    found = [
        person in shown and rank not in shown[person] for person, rank in zip(persons, ranks, strict=True)
    ]
    return pd.Series(found, index=persons.index, dtype=bool)


def _find_rekeyed(
    contract: ListContract, missing: pd.DataFrame, deliveries: ListDeliveries
) -> pd.Series[str]:
    """The new record_key of each missing row of which only the date was corrected, on its index.

    Exactly one record of the child is missing in the delivery and exactly one is new, their dates are at most
    31 days apart, and all columns that the delivery supplies are equal, volatile ones aside. Otherwise one
    record was deleted and another entered.

    Args:
        contract: the list's contract.
        missing: the records, with their start and the rank of the delivery that lacks them as `newer_rank`.
        deliveries: the deliveries of the list.
    """
    supplied = [frozenset(columns.split(";")) for columns in deliveries.columns_supplied]
    person, keys = contract.person, {contract.person, contract.key_date, contract.slot_date}
    suppliers = {
        name: deliveries.rank[[name in columns for columns in supplied]]
        for name in material_columns(contract)
        if name not in keys
    }
    columns = ["newer_rank", person, "record_key", "row", "start", *suppliers]
    versions = deliveries.versions
    is_new = versions["first_rank"].eq(versions["rank"]) & versions["rank"].isin(missing["newer_rank"])
    delivered = versions[is_new].assign(newer_rank=versions["rank"])
    if delivered.empty or missing.empty:
        return pd.Series(dtype="str")
    delivered = delivered.assign(start=spans(contract, delivered)["start"])
    missing_alone, new_alone = (
        rows.assign(row=rows.index)[columns].drop_duplicates(["newer_rank", person], keep=False)
        for rows in (missing, delivered)
    )
    pairs = missing_alone.merge(new_alone, on=["newer_rank", person], suffixes=("", "_new"))
    is_equal = (pairs["start"] - pairs["start_new"]).abs().le(REKEYED_WITHIN)
    for name, ranks in suppliers.items() if len(pairs) else ():
        old, new = pairs[name], pairs[f"{name}_new"]
        is_same = old.eq(new).fillna(False).astype(bool) | (old.isna() & new.isna())
        is_equal &= is_same | ~pairs["newer_rank"].isin(ranks)
    rekeyed = pairs[is_equal]
    return pd.Series(rekeyed["record_key_new"].to_numpy(), index=rekeyed["row"], dtype="str")


def _late_entry_days(
    contract: ListContract,
    latest: pd.DataFrame,
    start: pd.Series,
    is_due: npt.NDArray[np.bool_],
    deliveries: ListDeliveries,
) -> pd.Series[int] | None:
    """Days from the first delivery that should have held each record to the first that did.

    Missing where the first delivery that should have held the record did; None where that is so of all.

    Args:
        contract: the list's contract.
        latest: latest known rows.
        start: the first day of each of them.
        is_due: which of the rows (columns) each delivery (rows) should hold.
        deliveries: the deliveries of the list.
    """
    first_rank = latest["first_rank"].to_numpy()
    record, delivery = np.nonzero((is_due & (first_rank > deliveries.rank[:, None])).T)
    if not len(record):
        return None
    persons = latest[contract.person].iloc[record].reset_index(drop=True)
    newest = deliveries.newest_starts(contract, persons, deliveries.rank[delivery])
    is_hidden = newest.gt(start.iloc[record].reset_index(drop=True)).to_numpy()
    record, position = np.unique(record[~is_hidden], return_index=True)
    due_at = deliveries.as_at[delivery[~is_hidden][position]]
    held_at = pd.Series(deliveries.as_at, index=deliveries.rank).reindex(first_rank[record])
    days = (held_at - due_at).dt.days.set_axis(latest.index[record])
    return days[days.gt(0)].astype("Int64").reindex(latest.index)
