"""What a newer delivery says by saying nothing: a column it lacks, a cell it leaves empty.

A column that is not in a delivery says nothing, so what was known stays. An empty cell takes a date or a
status back (a removed closure date re-opens a case) and leaves a child's own details as they were known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history.merge.volatile_columns import withdrawable


@dataclass(frozen=True)
class Carried:
    """`rows`: latest rows with what was known before; the other two: column -> rows it was so for."""

    rows: pd.DataFrame
    kept: dict[str, pd.Series]
    withdrawn: dict[str, pd.Series]


def carried(
    contract: ListContract,
    latest: pd.DataFrame,
    older: pd.DataFrame,
    several: pd.Series[str],
    supplied: dict[str, set[str]],
) -> Carried:
    """The latest rows with what earlier deliveries still say of them.

    Args:
        contract: the list's contract.
        latest: latest known rows, with record_key and delivery_id.
        older: superseded rows of the same records, oldest delivery first.
        several: the record groups of which some delivery holds more than one row. Nobody can say which of
            them an older row was, so only what is known of the child is carried to them.
        supplied: delivery_id to the columns that it supplies.

    Returns:
        Carried: `kept` are demographics left empty and filled from before, `withdrawn` dates and statuses
        that were known and are empty now.
    """
    if older.empty:
        return Carried(latest, {}, {})
    told_apart = ~older["record_group"].isin(several)
    rows = carry_unsupplied(latest, older[told_apart], supplied)
    record = pd.Index(rows["record_key"]).get_indexer(older["record_key"])
    kept, withdrawn, filled = {}, {}, {}
    for name in (*contract.demographics, *withdrawable(contract)):
        if rows[name].notna().all():
            continue
        says = older[name] if name in contract.demographics else older[name].where(told_apart)
        before = _newest(says, record, rows.index)
        emptied = rows[name].isna() & before.notna()
        if emptied.any() and name in contract.demographics:
            kept[name], filled[name] = emptied, rows[name].fillna(before)
        elif emptied.any():
            withdrawn[name] = emptied
    return Carried(rows.assign(**filled), kept, withdrawn)


def _newest(values: pd.Series, record: npt.NDArray[np.intp], records: pd.Index) -> pd.Series:
    """The last known value of each record.

    Args:
        values: what the versions of the records say, oldest first.
        record: the position in `records` of each of them.
        records: the index of what is returned.
    """
    place = np.full(len(records), -1)
    known = np.flatnonzero(values.notna())
    place[record[known]] = known  # of several versions the last one stays
    return pd.Series(values.array.take(place, allow_fill=True), index=records)


def carry_unsupplied(
    latest: pd.DataFrame, older: pd.DataFrame, supplied: dict[str, set[str]]
) -> pd.DataFrame:
    """Latest rows with the columns their delivery did not supply filled from the record before.

    Args:
        latest: latest known rows, with record_key and delivery_id.
        older: superseded rows, oldest delivery first.
        supplied: delivery_id to the columns that it supplies.
    """
    latest = latest.copy()
    every_column = set().union(*supplied.values()) & set(latest.columns)
    for delivery_id, columns in supplied.items():
        of_delivery = latest["delivery_id"].eq(delivery_id)
        for name in sorted(every_column - columns):
            holders = [other for other, others_columns in supplied.items() if name in others_columns]
            before = older[older["delivery_id"].isin(holders)].groupby("record_key")[name].last()
            latest.loc[of_delivery, name] = lookup(latest.loc[of_delivery, "record_key"], before)
    return latest
