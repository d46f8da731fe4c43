"""Key the delivered rows: which of them are the same record, and which delivery should hold a record.

A record with a number of the case system is identified by it and the child, even when its date is corrected
(docs/rulings.md#29). See docs/history.md, "What makes two rows one record".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.clean.unread_dates import is_unread
from cf_pipeline.contracts.list_contract import UNREAD_DATES, ListContract
from cf_pipeline.contracts.lookup import lookup

SOURCE_ID_PREFIX = "id:"
"""Prefix of the record group of a record with the case system's own id."""
NEWEST_ALONE_CHILDREN = 10
"""A list of fewer children may have one row a child by chance."""


def record_group(contract: ListContract, rows: pd.DataFrame, persons: pd.Series) -> pd.Series:
    """The text that identifies a record across deliveries: its number and child, else its natural key.

    A number with several key dates of one child in a delivery is a case's: the date is then part of the text.
    A delivery without numbers gets those that other deliveries give to the same natural keys.

    Args:
        contract: the list's contract.
        rows: cleaned rows of every delivery.
        persons: what identifies the person in the key: the id, or the pseudonym where the key is stored.
    """
    key = _natural_key(contract, rows, persons)
    if contract.source_id is None or not rows[contract.source_id].notna().any():
        return key
    numbers = rows[contract.source_id]
    numbered = SOURCE_ID_PREFIX + numbers + "|" + persons
    day = _key_date(contract, rows).dt.strftime("%Y-%m-%d").fillna("undated")
    numbered = numbered.where(~is_number_of_case(contract, rows), numbered + "|" + day)
    return numbered.fillna(_add_numbers(key, numbered, rows["delivery_id"])).astype("str")


def _natural_key(contract: ListContract, rows: pd.DataFrame, persons: pd.Series) -> pd.Series[str]:
    """The text of the columns that identify a record without a number; of a state, with its as-at date."""
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
    return key.astype("str")


def _key_date(contract: ListContract, rows: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The date a record is about; the day it is due while it has not been held."""
    dates = rows[contract.key_date]
    return dates if contract.slot_date is None else dates.fillna(rows[contract.slot_date])


def is_number_of_case(contract: ListContract, rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows have a number that stands for several key dates of the child in some delivery.

    A row without its key date may be any of them; it makes no further date unless all of them lack it.
    """
    nothing = pd.Series(False, index=rows.index)
    if contract.source_id is None:
        return nothing
    record = [contract.source_id, contract.person]
    shared = rows.duplicated(["delivery_id", *record], keep=False) & rows[contract.source_id].notna()
    if not shared.any():
        return nothing
    some = rows[shared]
    by_record = [some[name] for name in ("delivery_id", *record)]
    dates = some[contract.key_date].dt.normalize()
    has_date = dates.notna().groupby(by_record).transform("any")
    days = dates.where(has_date, _key_date(contract, some).dt.normalize())
    has_several = days.groupby(by_record).transform("nunique").gt(1)
    cases = pd.MultiIndex.from_frame(some.loc[has_several, record])
    return pd.Series(pd.MultiIndex.from_frame(rows[record]).isin(cases), index=rows.index)


def has_shared_keys(contract: ListContract, rows: pd.DataFrame) -> bool:
    """Whether the key of a row depends on what other deliveries hold: a case's number, or a missing one."""
    if contract.source_id is None or rows.empty:
        return False
    has_numbers = rows[contract.source_id].notna().groupby(rows["delivery_id"]).any()
    return bool(has_numbers.any() != has_numbers.all() or is_number_of_case(contract, rows).any())


def _add_numbers(
    key: pd.Series[str], number_key: pd.Series[str], delivery_ids: pd.Series[str]
) -> pd.Series[str]:
    """The natural keys, those of a delivery without any number replaced by the numbered key they belong to.

    A natural key that belongs to several numbers, or shares one with another key, stays.

    Args:
        key: natural keys.
        number_key: keys with the record's number; missing where the row has none.
        delivery_ids: the delivery of each row.
    """
    pairs = pd.DataFrame({"key": key, "number_key": number_key}).dropna().drop_duplicates()
    pairs = pairs[~(pairs.duplicated("key", keep=False) | pairs.duplicated("number_key", keep=False))]
    is_replaced = ~number_key.notna().groupby(delivery_ids).transform("any")
    return lookup(key, pairs.set_index("key")["number_key"]).where(is_replaced).fillna(key)


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
    if is_missing.any():
        end = end.mask(is_missing & is_unread(rows[UNREAD_DATES], contract.ends), start)
    return pd.DataFrame({"start": start, "end": end})


def first_days(contract: ListContract, rows: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The first day of each row of a dated list; of a visit the day it was due, where known."""
    start = rows[contract.key_date]
    if contract.slot_date is not None:
        start = rows[contract.slot_date].fillna(start)
    days: pd.Series[pd.Timestamp] = start.dt.normalize()
    return days


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


def newest_start(
    contract: ListContract, persons: pd.Series, rows: pd.DataFrame, is_newest_alone: bool
) -> pd.Series:
    """The newest start of each person's records in a delivery, for a list of one row a child; else missing.

    Lists 6 to 8 hold only the latest episode of a child, so an older episode is hidden by it, not missing. So
    does a list that shows newest rows alone.

    Args:
        contract: the list's contract.
        persons: ids of the persons asked for.
        rows: the delivery's rows of the list.
        is_newest_alone: whether the list shows newest rows alone.
    """
    if not (contract.one_row_a_child or is_newest_alone) or contract.key_date is None:
        return pd.Series(pd.NaT, index=persons.index, dtype="datetime64[us]")
    newest = rows.groupby(contract.person)[contract.key_date].max()
    return lookup(persons, newest).astype("datetime64[us]")
