"""Fill values that a newer delivery left out (docs/history.md, "What happens to a row").

A missing column keeps the earlier value. An empty cell of a date or a status removes it: without its closure
date a case is open again. An empty cell of a child's own details keeps the earlier value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.unread_dates import is_unread
from cf_pipeline.contracts.list_contract import UNREAD_DATES, ListContract
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history.merge.volatile_columns import withdrawable_columns


@dataclass(frozen=True)
class LatestRows:
    """The latest rows of a list with earlier values carried forward.

    `kept_values`: column -> in which rows an earlier value fills an empty cell. `withdrawn_values`: column ->
    in which rows an empty cell removes an earlier value.
    """

    rows: pd.DataFrame
    kept_values: dict[str, pd.Series]
    withdrawn_values: dict[str, pd.Series]


def carry_forward(
    contract: ListContract,
    latest: pd.DataFrame,
    older: pd.DataFrame,
    multi_row_groups: pd.Series[str],
    columns_by_delivery: dict[str, set[str]],
) -> LatestRows:
    """The latest rows with the values of earlier deliveries that still hold.

    Args:
        contract: the list's contract.
        latest: latest known rows, with record_key and delivery_id.
        older: superseded rows of the same records, oldest delivery first.
        multi_row_groups: record groups of which some delivery holds more than one row. Which of these rows an
            older row corresponds to is not known, so only demographics are carried to them.
        columns_by_delivery: delivery_id -> the columns that it supplies.

    Returns:
        LatestRows: `kept_values` of demographics, `withdrawn_values` of dates and codes.
    """
    if older.empty:
        return LatestRows(latest, {}, {})
    is_single = ~older["record_group"].isin(multi_row_groups)
    rows = fill_missing_columns(latest, older[is_single], columns_by_delivery)
    positions = pd.Index(rows["record_key"]).get_indexer(older["record_key"])
    kept, withdrawn, filled = {}, {}, {}
    for name in (*contract.demographics, *withdrawable_columns(contract)):
        if rows[name].notna().all():
            continue
        is_demographic = name in contract.demographics
        values = older[name] if is_demographic else older[name].where(is_single)
        before = _newest_values(values, positions, rows.index)
        is_emptied = rows[name].isna() & before.notna() & ~is_unread(rows[UNREAD_DATES], (name,))
        if is_emptied.any() and is_demographic:
            kept[name], filled[name] = is_emptied, rows[name].fillna(before)
        elif is_emptied.any():
            withdrawn[name] = is_emptied
    return LatestRows(rows.assign(**filled), kept, withdrawn)


def _newest_values(values: pd.Series, positions: npt.NDArray[np.intp], records: pd.Index) -> pd.Series:
    """The last known value of each record, on the index `records`.

    Args:
        values: the values of the records' versions, oldest first.
        positions: for each version the position of its record in `records`.
        records: the index of the result.
    """
    newest = np.full(len(records), -1)
    known = np.flatnonzero(values.notna())
    newest[positions[known]] = known  # of several versions the last assignment wins
    return pd.Series(values.array.take(newest, allow_fill=True), index=records)


def fill_missing_columns(
    latest: pd.DataFrame, older: pd.DataFrame, columns_by_delivery: dict[str, set[str]]
) -> pd.DataFrame:
    """The latest rows, columns that their delivery does not supply filled with the record's last known value.

    Args:
        latest: latest known rows, with record_key and delivery_id.
        older: superseded rows, oldest delivery first.
        columns_by_delivery: delivery_id -> the columns that it supplies.
    """
    latest = latest.copy()
    all_columns = set().union(*columns_by_delivery.values()) & set(latest.columns)
    for name in sorted(all_columns):
        suppliers = [other for other, supplied in columns_by_delivery.items() if name in supplied]
        is_lacking = ~latest["delivery_id"].isin(suppliers) & latest["delivery_id"].isin(columns_by_delivery)
        if len(suppliers) == len(columns_by_delivery) or not is_lacking.any():
            continue
        before = older[older["delivery_id"].isin(suppliers)].groupby("record_key")[name].last()
        latest.loc[is_lacking, name] = lookup(latest.loc[is_lacking, "record_key"], before)
    return latest
