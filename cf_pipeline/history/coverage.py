"""List the deliveries, and compute which days each of them covers, list by list (docs/rulings.md#5).

A delivery's folder may state the days. Otherwise Annex A's windows apply, both ends included, unless its
contacts and referrals reach so far back that it is a long extract.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.dates.months import months_before
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.contracts.tables.delivery_status import HELD
from cf_pipeline.history.long_extract import NO_EVENTS, event_dates_by_delivery, long_extract_start

STATE_DAYS = 31
"""A fact known only as a state on the as-at date comes from the first delivery dated at most so many days
after the period's end: docs/rulings.md#4."""
DELIVERY = ["as_at", "delivery_id"]
MANIFEST_COLUMNS = [*DELIVERY, "list", "file", "covers_from", "columns_supplied"]
"""What is read of the manifest here."""
DELIVERIES = table_contract("core/deliveries")
COVERAGE = table_contract("core/coverage")
HELD_LISTS = table_contract("core/held_lists")


def usable_list_rows(manifest: pd.DataFrame) -> pd.DataFrame:
    """The manifest rows of lists that were read and belong to no refused delivery, oldest delivery first."""
    rows = usable_rows(manifest).dropna(subset=["list"])
    return rows.sort_values(["as_at", "delivery_id", "file", "sheet"], ignore_index=True)


def list_deliveries(manifest: pd.DataFrame, lists: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a delivery that was read and not refused, oldest first.

    Args:
        manifest: what was received.
        lists: cleaned rows by list; they decide which delivery is a long extract.

    Returns:
        delivery_id, as_at, covers_from (stated by the folder or inferred for a long extract, else missing),
        lists (joined by ';'), files (their number), is_long_extract.
    """
    dates = event_dates_by_delivery(lists)
    records = []
    for (as_at, delivery_id), rows in _rows_by_key(usable_list_rows(manifest), DELIVERY).items():
        stated_starts = [row.covers_from for row in rows if not pd.isna(row.covers_from)]
        inferred_start = long_extract_start(dates.get(delivery_id, NO_EVENTS), as_at)
        records.append(
            {
                "delivery_id": delivery_id,
                "as_at": as_at,
                "covers_from": stated_starts[0] if stated_starts else inferred_start or pd.NaT,
                "lists": ";".join(sorted({row.list for row in rows})),
                "files": len({row.file for row in rows}),
                "is_long_extract": bool(stated_starts) or inferred_start is not None,
            }
        )
    return DELIVERIES.frame(records)


def coverage(manifest: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery and list it holds: the days covered and the columns supplied.

    Args:
        manifest: what was received.
        deliveries: as `list_deliveries` returns them.

    Returns:
        delivery_id, as_at, list, covers_from, covers_to, is_newest_alone (False: merging finds it),
        columns_supplied (joined by ';'; those in every file of the delivery that holds the list),
        columns_unread (those left out because too many of their dates cannot be read). Of a list that is a
        state, only the last delivery by name of each as-at date.
    """
    contracts = list_contracts()
    starts = dict(zip(deliveries["delivery_id"], deliveries["covers_from"], strict=True))
    records = []
    for key, rows in sorted(_rows_by_key(usable_list_rows(manifest), [*DELIVERY, "list"]).items()):
        as_at, delivery_id, name = key
        start = _first_day(contracts[name], as_at, starts.get(delivery_id, pd.NaT))
        unread = _unread_columns(rows)
        columns = ";".join(sorted(_common_columns(rows) - unread))
        records.append((delivery_id, as_at, name, start, as_at, False, columns, ";".join(sorted(unread))))
    frame = COVERAGE.frame(records)
    states = [name for name, contract in contracts.items() if contract.kind == "state"]
    is_replaced = frame["list"].isin(states) & frame.duplicated(["list", "as_at"], keep="last")
    return frame[~is_replaced].reset_index(drop=True)


def held_lists(manifest: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery and list that is held or not read: its days and the reason; as `HELD_LISTS`.

    Figures that need the list are absent in periods of these days (docs/rulings.md#25). A list is not read
    where a table that looks like it lacks its id or key date.

    Args:
        manifest: what was received, the rows of what is held marked.
        deliveries: as `list_deliveries` returns them; a delivery that is held as a whole is not among them.
    """
    starts = deliveries.set_index("delivery_id")["covers_from"]
    rows = pd.concat([manifest[manifest["status"].eq(HELD)], _lists_not_read(manifest)])
    records = []
    for _, own in rows.dropna(subset=["list"]).groupby(["as_at", "delivery_id", "list"]):
        as_at, delivery_id, name = (own[column].iloc[0] for column in ("as_at", "delivery_id", "list"))
        stated_start = own["covers_from"].max()
        start = starts.get(delivery_id, pd.NaT) if pd.isna(stated_start) else stated_start
        first = _first_day(list_contracts()[name], as_at, start)
        records.append((delivery_id, as_at, name, first, as_at, *own[["status", "reason"]].iloc[0]))
    return HELD_LISTS.frame(records)


def _lists_not_read(manifest: pd.DataFrame) -> pd.DataFrame:
    """The manifest rows of tables that look like a list and lack its id or key date, with their `list`.

    `reason` is the official headers that the table lacks. A list that the delivery has in another table is
    none of them.
    """
    if "list_not_read" not in manifest.columns:
        return manifest.iloc[:0]
    rows = manifest.dropna(subset=["list_not_read", "as_at"])
    rows = rows.assign(list=rows["list_not_read"], reason=rows["columns_lacking"])
    key = ["delivery_id", "list"]
    is_there = pd.MultiIndex.from_frame(rows[key]).isin(
        pd.MultiIndex.from_frame(manifest.dropna(subset=["list"])[key])
    )
    return rows[~is_there]


def _rows_by_key(rows: pd.DataFrame, key: Sequence[str]) -> dict[tuple[Any, ...], list[Any]]:
    """Key -> its rows of the manifest as tuples with names, in their order; rows that lack it left out."""
    names = [*MANIFEST_COLUMNS, *rows.columns.intersection(["columns_unread"])]
    rows = rows[names].dropna(subset=list(key)).astype(object)  # cell by cell, other types take long
    found: dict[tuple[Any, ...], list[Any]] = {}
    for own, row in zip(zip(*(rows[name] for name in key), strict=True), rows.itertuples(), strict=True):
        found.setdefault(own, []).append(row)
    return found


def _unread_columns(rows: Sequence[Any]) -> set[str]:
    """The columns whose dates cannot be read, of the manifest rows of a list."""
    texts = [getattr(row, "columns_unread", None) for row in rows]
    return {column for text in texts if not pd.isna(text) for column in str(text).split(";")}


def _common_columns(rows: Sequence[Any]) -> set[str]:
    """The columns that every file of a list has."""
    return set.intersection(*(set(str(row.columns_supplied).split(";")) for row in rows))


def _first_day(contract: ListContract, as_at: pd.Timestamp, delivery_start: pd.Timestamp) -> pd.Timestamp:
    """The first day that a delivery covers of a list, given its stated or inferred start, if any."""
    if contract.kind == "state":
        return as_at
    window_start = _window_start(as_at, contract.window_months)
    if pd.isna(delivery_start):
        return window_start
    return min(delivery_start, window_start) if contract.covers_whole_window else delivery_start


@cache
def _window_start(as_at: pd.Timestamp, months: int) -> pd.Timestamp:
    return months_before(as_at, months)


def is_covered(
    covers_from: np.ndarray, covers_to: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Whether the deliveries together cover every day of each period, the days from `first` to `last`.

    All arguments are arrays of numpy days.

    Args:
        covers_from: first days of the deliveries; spans that touch or overlap are joined.
        covers_to: their last days; a delivery without a first or last day covers nothing.
        first: first days of the periods.
        last: last days of the periods.
    """
    has_days = ~(np.isnat(covers_from) | np.isnat(covers_to))
    order = np.argsort(covers_from[has_days], kind="stable")
    starts, ends = covers_from[has_days][order], covers_to[has_days][order]
    if not len(starts):
        return np.zeros(len(first), dtype=bool)
    latest_ends = np.maximum.accumulate(ends)
    is_new = np.append(True, starts[1:] > latest_ends[:-1] + np.timedelta64(1, "D"))
    span_starts = starts[is_new]
    span_ends = latest_ends[np.append(is_new[1:], True)]
    position = np.searchsorted(span_starts, first, side="right") - 1
    is_inside: np.ndarray = (position >= 0) & (last <= span_ends[np.maximum(position, 0)])
    return is_inside
