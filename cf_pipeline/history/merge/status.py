"""What became of a record that a newer delivery should hold and does not, and which came late.

Rules: reference on merging rolling deliveries; ruling 9. A missing event or ended period was withdrawn; a
missing open period ended on an unknown day; one that a newer period of the child hides is superseded, and
kept; one whose date alone moved is the same record under another key.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history.merge.keys import expected, is_dated, newer_start, spans
from cf_pipeline.history.merge.volatile_columns import material_columns

CURRENT, SUPERSEDED, WITHDRAWN, ENDED_UNKNOWN = "current", "superseded", "withdrawn", "ended_unknown"
REKEYED_WITHIN = pd.Timedelta(days=31)


@dataclass(frozen=True)
class Delivered:
    """One delivery of a list: its rank, days and columns; `every` is all versions, oldest delivery first."""

    rank: int
    as_at: pd.Timestamp
    covers_from: pd.Timestamp
    covers_to: pd.Timestamp
    columns: frozenset[str]
    every: pd.DataFrame

    @property
    def rows(self) -> pd.DataFrame:
        """The rows it holds."""
        first, last = self.every["rank"].searchsorted([self.rank, self.rank + 1])
        return self.every.iloc[first:last]


def delivered(covers: pd.DataFrame, ranks: pd.Series, every: pd.DataFrame) -> list[Delivered]:
    """The deliveries of a list, oldest first, of its coverage and its versions."""
    found = [
        Delivered(
            int(ranks[cover["delivery_id"]]),
            cover["as_at"],
            cover["covers_from"],
            cover["covers_to"],
            frozenset(cover["columns_supplied"].split(";")),
            every,
        )
        for cover in covers.to_dict("records")
    ]
    return sorted(found, key=lambda one: one.rank)


def fates(contract: ListContract, latest: pd.DataFrame, deliveries: list[Delivered]) -> pd.DataFrame:
    """What became of each latest known record, on the index of `latest`.

    Args:
        contract: the list's contract.
        latest: latest known rows.
        deliveries: the deliveries of the list, oldest first.

    Returns:
        status; vanished_date (the day after the last delivery that shows an open record, or the start of
        the newer spell that hides it); rekeyed_to (the record_key it goes on under); late_entry_days (days
        from the as-at date of the first delivery that should have held it to that of the first that did).
    """
    out = pd.DataFrame(
        {
            "status": pd.Series(CURRENT, index=latest.index, dtype="str"),
            "vanished_date": pd.Series(pd.NaT, index=latest.index, dtype="datetime64[us]"),
            "rekeyed_to": pd.Series(None, index=latest.index, dtype="str"),
            "late_entry_days": pd.Series(pd.NA, index=latest.index, dtype="Int64"),
        }
    )
    if not is_dated(contract) or latest.empty:
        return out
    days = spans(contract, latest)
    due = [(one, expected(days, one.covers_from, one.covers_to)) for one in deliveries]
    undecided = pd.Series(True, index=latest.index)
    for newer, is_due in due:
        missing = undecided & latest["rank"].lt(newer.rank) & is_due
        if not missing.any():
            continue
        moved = _rekeyed(contract, latest[missing], newer)
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
    is_new_key = latest["record_key"].isin(out["rekeyed_to"].dropna())
    late = _late_days(contract, latest, days["start"], due)
    return out.assign(late_entry_days=late.mask(is_new_key))


def _rekeyed(contract: ListContract, missing: pd.DataFrame, newer: Delivered) -> pd.Series[str]:
    """The new record_key of each missing row whose date alone was corrected, on its index.

    Exactly one record of the child is missing and exactly one is new, within 31 days of each other, and every
    material column that the delivery supplies is equal: anything less is a deletion and an entry.
    """
    dates = {contract.person, contract.key_date, contract.slot_date}
    told = [name for name in material_columns(contract) if name in newer.columns and name not in dates]
    compared = [contract.person, "record_key", "row", "start", *told]
    held = newer.rows
    alone, new = (
        rows.assign(row=rows.index, start=spans(contract, rows)["start"])[compared].drop_duplicates(
            contract.person, keep=False
        )
        for rows in (missing, held[held["first_rank"].eq(newer.rank)])
    )
    pairs = alone.merge(new, on=contract.person, suffixes=("", "_new"))
    equal = (pairs["start"] - pairs["start_new"]).abs().le(REKEYED_WITHIN)
    for name in told:
        one, other = pairs[name], pairs[f"{name}_new"]
        equal &= one.eq(other).fillna(False).astype(bool) | (one.isna() & other.isna())
    same = pairs[equal]
    return pd.Series(same["record_key_new"].to_numpy(), index=same["row"], dtype="str")


def _late_days(
    contract: ListContract,
    latest: pd.DataFrame,
    start: pd.Series,
    due: list[tuple[Delivered, pd.Series[bool]]],
) -> pd.Series[int]:
    """Days from the first delivery that should have held a record to the first that did; missing in time."""
    should = pd.Series(pd.NaT, index=latest.index, dtype="datetime64[us]")
    for one, is_due in due:
        lacks = is_due & latest["first_rank"].gt(one.rank) & should.isna()
        if lacks.any():
            lacks &= ~newer_start(contract, latest[contract.person], one.rows).gt(start)
            should = should.mask(lacks, one.as_at)
    late = should.dropna()
    as_at = pd.Series({one.rank: one.as_at for one, _ in due}, dtype="datetime64[us]")
    days = (lookup(latest["first_rank"][late.index], as_at) - late).dt.days
    return days[days.gt(0)].astype("Int64").reindex(latest.index)
