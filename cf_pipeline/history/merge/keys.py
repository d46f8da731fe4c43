"""What makes two delivered rows the same record, and which delivery should hold a record.

Natural keys and expected tests: the table of the reference on merging rolling deliveries. A record that the
case system numbers is known by that number, whatever its date is corrected to.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lookup import lookup

NUMBERED = "id:"
"""How the group of a record with the source system's own id starts."""


def record_group(contract: ListContract, rows: pd.DataFrame, persons: pd.Series) -> pd.Series:
    """The text that identifies a record across deliveries: its source id, else its natural key.

    `persons` stands for the child's id: a pseudonym where the key is kept.
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
    return (NUMBERED + source).where(source.notna(), key).astype("str")


def is_dated(contract: ListContract) -> bool:
    """Whether a delivery can be expected to hold a record of the list; states say nothing of another day."""
    return contract.kind != "state" and contract.key_date is not None


def spans(contract: ListContract, rows: pd.DataFrame) -> pd.DataFrame:
    """First and last day of each row of a dated list: start, end (missing while open), on the rows' index.

    An event is one day. The day of a visit is the one it was due on, where that is known. A process
    (adoption, adopters) is over on the first of the days that finish it.
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


def expected(of: pd.DataFrame, covers_from: pd.Timestamp, covers_to: pd.Timestamp) -> pd.Series:
    """Which spans a delivery that covers these days should hold: begun by its last, open on its first."""
    start, end = of["start"].to_numpy(), of["end"].to_numpy()
    # A missing start is not before any day: it compares as false.
    due = (start <= covers_to.to_datetime64()) & (np.isnat(end) | (end >= covers_from.to_datetime64()))
    return pd.Series(due, index=of.index)


def newer_start(contract: ListContract, persons: pd.Series, delivered: pd.DataFrame) -> pd.Series:
    """The newest start that a delivery shows of each person, in a list of one row a child (else missing).

    Lists 6 to 8 show the latest episode alone, so an older one is hidden, not gone.
    """
    if not contract.one_row_a_child or contract.key_date is None:
        return pd.Series(pd.NaT, index=persons.index, dtype="datetime64[us]")
    newest = delivered.groupby(contract.person)[contract.key_date].max()
    return lookup(persons, newest).astype("datetime64[us]")
