"""Which days each delivery covers, list by list (ruling 5 of the design).

The delivery's folder may say so; else Annex A's windows hold, both ends included; else a delivery
whose contacts and referrals reach far behind the window is a long extract.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.months import months_before
from cf_pipeline.contracts.quarters import Quarter
from cf_pipeline.contracts.tables import table_contract

STATE_DAYS = 31
"""A fact known only as a state on the as-at date is taken from the first delivery dated at most so many days
after the period's end: docs/rulings.md#4."""
LONG_EXTRACT_SHARE, LONG_EXTRACT_ROWS, LONG_EXTRACT_DAYS = 0.10, 5, 31
DELIVERIES = table_contract("core/deliveries")
COVERAGE = table_contract("core/coverage")


def usable_list_rows(manifest: pd.DataFrame) -> pd.DataFrame:
    """The manifest rows of lists that were read, refused deliveries left out, in delivery order."""
    usable = manifest["status"].eq("read") & ~manifest["is_delivery_refused"].fillna(False).astype(bool)
    rows = manifest[usable & manifest["list"].notna()]
    return rows.sort_values(["as_at", "delivery_id", "file", "sheet"], ignore_index=True)


def list_deliveries(manifest: pd.DataFrame, lists: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a usable delivery, oldest first.

    Returns:
        delivery_id, as_at, covers_from (stated or inferred, else missing), lists (joined by ';'),
        files, is_long_extract.
    """
    rows = usable_list_rows(manifest)
    found = []
    for _, part in rows.groupby(["as_at", "delivery_id"], sort=True):
        as_at, delivery_id = part["as_at"].iloc[0], part["delivery_id"].iloc[0]
        stated = part["covers_from"].dropna()
        inferred = _long_extract_start(lists, delivery_id, as_at)
        found.append(
            {
                "delivery_id": delivery_id,
                "as_at": as_at,
                "covers_from": stated.iloc[0] if len(stated) else inferred or pd.NaT,
                "lists": ";".join(sorted(part["list"].unique())),
                "files": part["file"].nunique(),
                "is_long_extract": bool(len(stated)) or inferred is not None,
            }
        )
    return DELIVERIES.frame(found)


def coverage(manifest: pd.DataFrame, delivered: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery and list it supplies: the days covered and the columns supplied.

    Returns:
        delivery_id, as_at, list, covers_from, covers_to, columns_supplied (joined by ';'; a column
        counts as supplied when every file of the delivery that holds the list has it). Of several
        deliveries of one as-at date the last by name is the one that says what a state was.
    """
    contracts = list_contracts()
    starts = delivered.set_index("delivery_id")["covers_from"]
    found = []
    for _, part in usable_list_rows(manifest).groupby(["as_at", "delivery_id", "list"]):
        as_at, delivery_id, name = (part[column].iloc[0] for column in ("as_at", "delivery_id", "list"))
        stated = starts.get(delivery_id, pd.NaT)
        contract = contracts[name]
        if contract.kind == "state":
            start = as_at
        else:
            start = months_before(as_at, contract.window_months)
            if pd.notna(stated):
                start = min(stated, start) if contract.covers_whole_window else stated
        supplied = [set(str(columns).split(";")) for columns in part["columns_supplied"]]
        found.append((delivery_id, as_at, name, start, as_at, ";".join(sorted(set.intersection(*supplied)))))
    frame = COVERAGE.frame(found)
    states = [name for name, contract in contracts.items() if contract.kind == "state"]
    is_replaced = frame["list"].isin(states) & frame.duplicated(["list", "as_at"], keep="last")
    return frame[~is_replaced].reset_index(drop=True)


def is_covered(
    covers_from: np.ndarray, covers_to: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Whether deliveries cover every day from `first` to `last` (numpy days, pairwise).

    Args:
        covers_from: first days of the deliveries; those that touch or overlap count as one.
        covers_to: their last days; a delivery without either covers nothing.
        first: first days.
        last: last days.
    """
    known = ~(np.isnat(covers_from) | np.isnat(covers_to))
    order = np.argsort(covers_from[known], kind="stable")
    starts, ends = covers_from[known][order], covers_to[known][order]
    if not len(starts):
        return np.zeros(len(first), dtype=bool)
    reached = np.maximum.accumulate(ends)
    is_new = np.append(True, starts[1:] > reached[:-1] + np.timedelta64(1, "D"))
    joined_start = starts[is_new]
    joined_end = reached[np.append(is_new[1:], True)]
    position = np.searchsorted(joined_start, first, side="right") - 1
    inside: np.ndarray = (position >= 0) & (last <= joined_end[np.maximum(position, 0)])
    return inside


def _long_extract_start(
    lists: dict[str, pd.DataFrame], delivery_id: str, as_at: pd.Timestamp
) -> pd.Timestamp | None:
    """The start of the quarter of a long extract's earliest event; None when it is no long extract."""
    contracts = [contract for contract in list_contracts().values() if contract.long_extract is not None]
    dates = {contract.name: _event_dates(lists, contract.name, delivery_id) for contract in contracts}
    rows = old = 0
    for contract in contracts:
        if contract.long_extract == "decides":
            window = months_before(as_at, contract.window_months) - pd.Timedelta(days=LONG_EXTRACT_DAYS)
            rows += len(dates[contract.name])
            old += int((dates[contract.name] < window).sum())
    if old <= LONG_EXTRACT_ROWS or old <= LONG_EXTRACT_SHARE * rows:
        return None
    return pd.Timestamp(Quarter.of(pd.concat(list(dates.values())).min()).start)


def _event_dates(lists: dict[str, pd.DataFrame], name: str, delivery_id: str) -> pd.Series:
    rows = lists[name]
    key_date = list_contracts()[name].key_date
    return rows.loc[rows["delivery_id"].eq(delivery_id), key_date].dropna()
