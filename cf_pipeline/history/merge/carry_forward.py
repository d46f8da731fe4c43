"""Fill values that a newer delivery left out (docs/history.md, "What happens to a row").

A missing column keeps the earlier value. An empty cell of a date or a status removes it: without its closure
date a case is open again. An empty cell of a child's own details keeps the earlier value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.unread_dates import is_unread
from cf_pipeline.contracts.list_contract import UNREAD_DATES, ListContract
from cf_pipeline.history.merge.versions import is_of_one_row
from cf_pipeline.history.merge.volatile_columns import withdrawable_columns

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class OlderVersions:
    """The superseded versions of the latest records of a list, oldest delivery first.

    `versions` are all versions of the list; `row` the positions of the superseded ones in it, and `record`
    those of their records among the latest. `is_single`: which are of a record group of one row in each
    delivery. Which row of a group of several an older row corresponds to is not known, so only demographics
    are carried to those.
    """

    versions: pd.DataFrame
    row: Positions
    record: Positions
    is_single: npt.NDArray[np.bool_]

    def newest_values(
        self, name: str, records: pd.Index, is_considered: npt.NDArray[np.bool_] | None = None
    ) -> pd.Series:
        """The last known value of each record in a column, on the index `records`.

        Args:
            name: the column.
            records: the index of the latest records.
            is_considered: which of the superseded versions may give a value; all when None.
        """
        values = self.versions[name].array.take(self.row)
        is_known = ~np.asarray(values.isna(), dtype=bool)
        known = np.flatnonzero(is_known if is_considered is None else is_known & is_considered)
        newest = np.full(len(records), -1)
        newest[self.record[known]] = known  # of several versions the last assignment wins
        return pd.Series(values.take(newest, allow_fill=True), index=records)


@dataclass(frozen=True)
class LatestRows:
    """The latest rows of a list with earlier values carried forward.

    `kept_values`: column -> in which rows an earlier value fills an empty cell. `older`: the versions that
    they supersede.
    """

    contract: ListContract
    rows: pd.DataFrame
    kept_values: dict[str, pd.Series]
    older: OlderVersions | None

    @cached_property
    def withdrawn_values(self) -> dict[str, pd.Series]:
        """Date or code column -> in which rows an empty cell removes an earlier value."""
        if self.older is None:
            return {}
        found = {}
        for name in withdrawable_columns(self.contract):
            if not self.rows[name].notna().all():
                before = self.older.newest_values(name, self.rows.index, self.older.is_single)
                is_emptied = _is_emptied(self.rows, name, before)
                if is_emptied.any():
                    found[name] = is_emptied
        return found


def carry_forward(
    contract: ListContract,
    rows: pd.DataFrame,
    is_newest: npt.NDArray[np.bool_],
    columns_by_delivery: Mapping[str, frozenset[str]],
) -> LatestRows:
    """The latest rows with the values of earlier deliveries that still hold.

    Args:
        contract: the list's contract.
        rows: all versions of the list.
        is_newest: which of them are the latest of their record.
        columns_by_delivery: delivery_id -> the columns that it supplies.

    Returns:
        LatestRows, `kept_values` of demographics.
    """
    latest = rows.take(np.flatnonzero(is_newest)).reset_index(drop=True)
    older = _older_versions(rows, is_newest)
    if older is None:
        return LatestRows(contract, latest, {}, None)
    latest = fill_missing_columns(latest, older, columns_by_delivery)
    kept, filled = {}, {}
    for name in contract.demographics:
        if not latest[name].notna().all():
            before = older.newest_values(name, latest.index)
            is_emptied = _is_emptied(latest, name, before)
            if is_emptied.any():
                kept[name], filled[name] = is_emptied, latest[name].fillna(before)
    return LatestRows(contract, latest.assign(**filled) if filled else latest, kept, older)


def _older_versions(rows: pd.DataFrame, is_newest: npt.NDArray[np.bool_]) -> OlderVersions | None:
    """The superseded versions of the latest records; None where there are none."""
    if is_newest.all():
        return None
    record_no, rank = rows["record_no"].to_numpy(), rows["rank"].to_numpy()
    newest = np.flatnonzero(is_newest)
    position = np.full(record_no.max() + 1, -1)
    position[record_no[newest]] = np.arange(len(newest))
    newest_rank = np.full(record_no.max() + 1, -1)
    newest_rank[record_no[newest]] = rank[newest]
    older = np.flatnonzero(~is_newest & (rank < newest_rank[record_no]))
    if not len(older):
        return None
    return OlderVersions(rows, older, position[record_no[older]], is_of_one_row(rows)[older])


def _is_emptied(rows: pd.DataFrame, name: str, before: pd.Series) -> pd.Series[bool]:
    """In which rows a column is empty, not unread, and had a value before."""
    is_emptied = rows[name].isna() & before.notna()
    return is_emptied & ~is_unread(rows[UNREAD_DATES], (name,)) if is_emptied.any() else is_emptied


def fill_missing_columns(
    latest: pd.DataFrame, older: OlderVersions, columns_by_delivery: Mapping[str, frozenset[str]]
) -> pd.DataFrame:
    """The latest rows, columns that their delivery does not supply filled with the record's last known value.

    Args:
        latest: latest known rows.
        older: the versions that they supersede.
        columns_by_delivery: delivery_id -> the columns that it supplies.
    """
    supplied = list(columns_by_delivery.values())
    some = {name for columns in supplied for name in columns} - frozenset.intersection(*supplied)
    delivery_ids = older.versions["delivery_id"].array.take(older.row)
    filled = {}
    for name in sorted(some & set(latest.columns)):
        suppliers = [other for other, columns in columns_by_delivery.items() if name in columns]
        lackers = [other for other in columns_by_delivery if other not in suppliers]
        is_lacking = latest["delivery_id"].isin(lackers)
        if is_lacking.any():
            is_supplied = np.asarray(delivery_ids.isin(pd.array(suppliers, dtype="str")), dtype=bool)
            before = older.newest_values(name, latest.index, older.is_single & is_supplied)
            filled[name] = latest[name].mask(is_lacking, before)
    return latest.assign(**filled) if filled else latest
