"""A list that the case system does not keep: a row for each row of another list, its columns filled by type.

So a new list of `cf_pipeline/contracts/lists` is in the sample when its contract names a list that the case
system keeps, in `sample_from`. A record has the same values in every delivery.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.contracts.codes import codes_of
from cf_pipeline.contracts.list_contract import DATE_TYPES, Column, ListContract
from cf_pipeline.sample.extracts.extract import Window

MOST_DAYS_LATER, MOST_COUNTED, MOST_NAMES = 28, 5, 4


def extract_by_type(
    contract: ListContract, other: ListContract, others: pd.DataFrame, window: Window
) -> pd.DataFrame:
    """The rows of a list in one delivery, in its contract's columns and types.

    A column that the other list has too is copied, the key date is the other's. A later date is up to four
    weeks after it, blank when it is after the as-at date; codes, numbers and texts vary by record.

    Args:
        contract: the list to fill.
        other: the contract of the list that `sample_from` names.
        others: its rows in the delivery.
        window: the delivery.
    """
    day = others[other.key_date] if other.key_date else pd.Series(window.as_at, index=others.index)
    record = others[other.person].astype("str") + "|" + day.astype("str")
    columns = {
        column.name: others[column.name]
        if column.name in others.columns and others[column.name].dtype == column.dtype
        else _fill(column, contract, day.astype("datetime64[us]"), _numbers(record, column.name), window)
        for column in contract.columns
    }
    frame = pd.DataFrame(columns, index=others.index)
    frame[contract.person] = others[other.person]
    return frame.reset_index(drop=True)


def _numbers(record: pd.Series[str], name: str) -> np.ndarray:
    """A number for each record and column that is always the same."""
    found: np.ndarray = pd.util.hash_array((record + "|" + name).to_numpy(dtype=object))
    return found


def _fill(
    column: Column, contract: ListContract, day: pd.Series, numbers: np.ndarray, window: Window
) -> pd.Series:
    if column.type in DATE_TYPES:
        return _date(column, contract, day, numbers, window)
    values: list[Any] = [None] * len(numbers)
    if column.type == "code":
        values = _pick([code.code for code in codes_of(column.code_set or "")], numbers)
    elif column.type == "string":
        values = _pick([f"{column.header} {number + 1}" for number in range(MOST_NAMES)], numbers)
    elif column.name == contract.source_id:
        values = [f"S{number}" for number in numbers]
    elif column.type in ("integer", "number"):
        values = (numbers % MOST_COUNTED).tolist()
    # Only cleaning turns the name of a worker into a yes or no.
    return pd.Series(values, index=day.index, dtype="str" if column.type == "presence" else column.dtype)


def _date(
    column: Column, contract: ListContract, day: pd.Series, numbers: np.ndarray, window: Window
) -> pd.Series:
    if column.name in (contract.key_date, contract.slot_date, contract.due_date):
        return day
    later = day + pd.to_timedelta((numbers % MOST_DAYS_LATER).astype("int64"), unit="D")
    return later.where(later <= pd.Timestamp(window.as_at)).astype("datetime64[us]")


def _pick(values: Sequence[str], numbers: np.ndarray) -> list[str]:
    return [values[place] for place in (numbers % len(values)).tolist()]
