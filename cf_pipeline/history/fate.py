"""What became of a record that a newer delivery should hold and does not, and which came late.

Rules: reference on merging rolling deliveries; ruling 9. A missing event or ended period was withdrawn; a
missing open period ended on an unknown day; one that a newer period of the child hides is superseded, and
kept; one whose date alone moved is the same record under another key.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.contracts.lists import ListContract
from cf_pipeline.history.keys import expected, is_dated, newer_start, spans
from cf_pipeline.history.material import material_columns

CURRENT, SUPERSEDED, WITHDRAWN, ENDED_UNKNOWN = "current", "superseded", "withdrawn", "ended_unknown"
REKEYED_WITHIN = pd.Timedelta(days=31)


@dataclass(frozen=True)
class Delivered:
    """One delivery of a list: its id, rank, days and columns, and the rows it holds."""

    delivery_id: str
    rank: int
    as_at: pd.Timestamp
    covers_from: pd.Timestamp
    covers_to: pd.Timestamp
    columns: frozenset[str]
    rows: pd.DataFrame


def delivered(covers: pd.DataFrame, ranks: pd.Series, rows: pd.DataFrame) -> list[Delivered]:
    """The deliveries of a list, oldest first, each with its versions."""
    of = dict(tuple(rows.groupby("delivery_id")))
    found = [
        Delivered(
            cover["delivery_id"],
            int(ranks[cover["delivery_id"]]),
            cover["as_at"],
            cover["covers_from"],
            cover["covers_to"],
            frozenset(cover["columns_supplied"].split(";")),
            of.get(cover["delivery_id"], rows.iloc[:0]),
        )
        for cover in covers.to_dict("records")
    ]
    return sorted(found, key=lambda one: one.rank)


def fates(
    contract: ListContract, latest: pd.DataFrame, every: pd.DataFrame, deliveries: list[Delivered]
) -> pd.DataFrame:
    """What became of each latest known record, on the index of `latest`.

    Args:
        contract: the list's contract.
        latest: latest known rows.
        every: all distinct rows of the list.
        deliveries: the deliveries of the list, oldest first.

    Returns:
        status; vanished_date (the day after the last delivery that shows an open record, or the start of
        the newer spell that hides it); rekeyed_to (the record_key it goes on under); late_entry_days (days
        from the as-at date of the first delivery that should have held it to that of the first that did).
    """
    out = pd.DataFrame({"status": CURRENT, "vanished_date": pd.NaT, "rekeyed_to": None}, index=latest.index)
    out = out.astype({"status": "str", "vanished_date": "datetime64[us]", "rekeyed_to": "str"})
    out["late_entry_days"] = pd.Series(pd.NA, index=latest.index, dtype="Int64")
    if not is_dated(contract) or latest.empty:
        return out
    days = spans(contract, latest)
    first = every.groupby("record_key")["rank"].min()
    undecided = pd.Series(True, index=latest.index)
    for newer in deliveries:
        missing = (
            undecided & latest["rank"].lt(newer.rank) & expected(days, newer.covers_from, newer.covers_to)
        )
        if not missing.any():
            continue
        moved = _rekeyed(contract, latest[missing], newer, first)
        out.loc[moved.index, "rekeyed_to"] = moved
        out.loc[moved.index, "status"] = WITHDRAWN
        undecided[moved.index] = False
        missing &= undecided
        next_start = newer_start(contract, latest[contract.person], newer.rows)
        hidden = missing & next_start.gt(days["start"])
        is_open = days["end"].isna()
        out.loc[hidden, "status"] = SUPERSEDED
        out.loc[hidden & is_open, "vanished_date"] = next_start[hidden & is_open]
        gone = missing & ~hidden
        out.loc[gone, "status"] = is_open[gone].map({True: ENDED_UNKNOWN, False: WITHDRAWN})
        out.loc[gone & is_open, "vanished_date"] = latest.loc[gone & is_open, "as_at"] + pd.Timedelta(days=1)
        undecided &= ~missing
    out["late_entry_days"] = _late_days(contract, latest, first, deliveries)
    return out.assign(
        late_entry_days=out["late_entry_days"].mask(latest["record_key"].isin(out["rekeyed_to"]))
    )


def _rekeyed(
    contract: ListContract, missing: pd.DataFrame, newer: Delivered, first: pd.Series
) -> pd.Series[str]:
    """The new record_key of each missing row whose date alone was corrected, on its index.

    Exactly one record of the child is missing and exactly one is new, within 31 days of each other, and every
    material column that the delivery supplies is equal: anything less is a deletion and an entry.
    """
    none = pd.Series(dtype="str", index=missing.index[:0])
    new = newer.rows[newer.rows["record_key"].map(first).eq(newer.rank)]
    new = new[~new[contract.person].duplicated(keep=False)]
    alone = missing[~missing[contract.person].duplicated(keep=False)]
    pairs = alone.assign(row=alone.index, start=spans(contract, alone)["start"]).merge(
        new.assign(start=spans(contract, new)["start"]), on=contract.person, suffixes=("", "_new")
    )
    if pairs.empty:
        return none
    equal = (pairs["start"] - pairs["start_new"]).abs().le(REKEYED_WITHIN)
    dates = {contract.person, contract.key_date, contract.slot_date}
    for name in material_columns(contract):
        if name in newer.columns and name not in dates:
            one, other = pairs[name], pairs[f"{name}_new"]
            equal &= one.eq(other).fillna(False).astype(bool) | (one.isna() & other.isna())
    same = pairs[equal]
    return pd.Series(same["record_key_new"].to_numpy(), index=same["row"], dtype="str")


def _late_days(
    contract: ListContract, latest: pd.DataFrame, first: pd.Series, deliveries: list[Delivered]
) -> pd.Series[int]:
    """Days from the first delivery that should have held a record to the first that did; missing in time."""
    days = spans(contract, latest)
    first_rank = latest["record_key"].map(first)
    should = pd.Series(pd.NaT, index=latest.index, dtype="datetime64[us]")
    for one in deliveries:
        due = first_rank.gt(one.rank) & expected(days, one.covers_from, one.covers_to) & should.isna()
        if due.any():
            due &= ~newer_start(contract, latest[contract.person], one.rows).gt(days["start"])
            should = should.mask(due, one.as_at)
    as_at = pd.Series({one.rank: one.as_at for one in deliveries}, dtype="datetime64[us]")
    late = (first_rank.map(as_at) - should).dt.days
    return late.where(late.gt(0)).astype("Int64")
