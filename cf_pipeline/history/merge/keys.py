"""What the days of a row say: its first and last day, and whether a list shows newest rows alone."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.unread_dates import is_unread
from cf_pipeline.contracts.list_contract import UNREAD_DATES, ListContract

NEWEST_ALONE_CHILDREN = 10
"""A list of fewer children may have one row a child by chance."""


def is_dated(contract: ListContract) -> bool:
    """Whether a later delivery can be expected to hold a record of the list; a state is of one day only."""
    return contract.kind != "state" and contract.key_date is not None


def spans(contract: ListContract, rows: pd.DataFrame) -> pd.DataFrame:
    """First and last day of each row of a dated list: start, end (missing while open), on the rows' index.

    An event is one day; for a visit that is the day it was due, where known. A process (adoption, adopters)
    ends on the first of its finish dates. A record whose end cannot be read ends with its start.
    """
    start = first_days(contract, rows)
    end = start
    if contract.kind == "process":
        end = rows[list(contract.finish_dates)].min(axis=1)
    elif contract.kind == "period" and contract.end_date is not None:
        end = rows[contract.end_date]
    # It is over on a day that is not known: only a delivery that covers its start should hold it.
    is_missing = end.isna()
    if is_missing.any() and rows[UNREAD_DATES].notna().any():
        end = end.mask(is_missing & is_unread(rows[UNREAD_DATES], contract.ends), start)
    return pd.DataFrame({"start": start, "end": end})


def first_days(contract: ListContract, rows: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The first day of each row of a dated list; of a visit the day it was due, where known."""
    start = rows[contract.key_date]
    if contract.slot_date is not None:
        start = rows[contract.slot_date].fillna(start)
    days: pd.Series[pd.Timestamp] = start.dt.normalize()
    return days


def shows_newest_alone(contract: ListContract, rows: pd.DataFrame, person: str = "person_ref") -> bool:
    """Whether every delivery of a list shows at most one row a child, of ten children or more.

    Only a list whose contract says so may (docs/rulings.md#26).

    Args:
        contract: the list's contract.
        rows: a row a record and delivery, with delivery_id.
        person: the column that identifies the child.
    """
    if (
        not contract.may_show_newest_alone
        or len(rows) < NEWEST_ALONE_CHILDREN
        or rows[person].nunique() < NEWEST_ALONE_CHILDREN
    ):
        return False
    return not bool(rows.duplicated(["delivery_id", person]).any())
