"""Key the delivered rows: which of them are the same record, and which delivery should hold a record.

A record with a number of the case system is identified by it, even when its date is corrected. See
docs/history.md, "What makes two rows one record".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lookup import lookup

SOURCE_ID_PREFIX = "id:"
"""Prefix of the record group of a record with the case system's own id."""


def record_group(contract: ListContract, rows: pd.DataFrame, persons: pd.Series) -> pd.Series:
    """The text that identifies a record across deliveries: its source id, else its natural key.

    Args:
        contract: the list's contract.
        rows: cleaned rows.
        persons: what identifies the person in the key: the id, or the pseudonym where the key is stored.
    """
    parts = []
    for name in contract.natural_key:
        values = persons if name == contract.person else rows[name]
        if name == contract.key_date and contract.slot_date is not None:
            values = rows[contract.slot_date].fillna(values)
        if isinstance(values.dtype, pd.StringDtype):
            parts.append(values.fillna(""))
        else:
            parts.append(values.dt.strftime("%Y-%m-%dT%H:%M").fillna("undated"))
    if contract.kind == "state":
        parts.append(rows["as_at"].dt.strftime("%Y-%m-%d"))
    key = parts[0]
    for part in parts[1:]:
        key = key + "|" + part
    if contract.source_id is None:
        return key.astype("str")
    source = rows[contract.source_id]
    return (SOURCE_ID_PREFIX + source).where(source.notna(), key).astype("str")


def is_dated(contract: ListContract) -> bool:
    """Whether a later delivery can be expected to hold a record of the list; a state is of one day only."""
    return contract.kind != "state" and contract.key_date is not None


def spans(contract: ListContract, rows: pd.DataFrame) -> pd.DataFrame:
    """First and last day of each row of a dated list: start, end (missing while open), on the rows' index.

    An event is one day; for a visit that is the day it was due, where known. A process (adoption, adopters)
    ends on the first of its finish dates.
    """
    start = rows[contract.key_date]
    if contract.slot_date is not None:
        start = rows[contract.slot_date].fillna(start)
    start = start.dt.normalize()
    end = start
    if contract.kind == "process":
        end = rows[list(contract.finish_dates)].min(axis=1)
    elif contract.kind == "period" and contract.end_date is not None:
        end = rows[contract.end_date]
    return pd.DataFrame({"start": start, "end": end})


def is_expected(days: pd.DataFrame, covers_from: pd.Timestamp, covers_to: pd.Timestamp) -> pd.Series:
    """Which spans a delivery should hold: those that start by its last day and end on its first or later.

    Args:
        days: start and end, as `spans` returns them.
        covers_from: the first day that the delivery covers.
        covers_to: the last day.
    """
    start, end = days["start"].to_numpy(), days["end"].to_numpy()
    # a missing start compares as false, so such a record is never expected
    is_due = (start <= covers_to.to_datetime64()) & (np.isnat(end) | (end >= covers_from.to_datetime64()))
    return pd.Series(is_due, index=days.index)


def newest_start(contract: ListContract, persons: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """The newest start of each person's records in a delivery, for a list of one row a child; else missing.

    Lists 6 to 8 hold only the latest episode of a child, so an older episode is hidden by it, not missing.

    Args:
        contract: the list's contract.
        persons: ids of the persons asked for.
        rows: the delivery's rows of the list.
    """
    if not contract.one_row_a_child or contract.key_date is None:
        return pd.Series(pd.NaT, index=persons.index, dtype="datetime64[us]")
    newest = rows.groupby(contract.person)[contract.key_date].max()
    return lookup(persons, newest).astype("datetime64[us]")
