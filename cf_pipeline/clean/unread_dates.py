"""Mark the rows with a date that is filled and cannot be read (docs/rulings.md#22).

The cell becomes null like a blank one, but it is not blank: an end that cannot be read is no open case.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.values.dates import UNREADABLE
from cf_pipeline.contracts.list_contract import DATE_TYPES, ListContract

UNREAD_RULES = (UNREADABLE, "cell_error", "formula_not_calculated")
"""Rules of a cell that is filled and gives no date."""
END_UNREAD = "end_unread"
PLACE = ["delivery_id", "file", "sheet", "excel_row"]


def unread_dates(
    contract: ListContract,
    text: pd.DataFrame,
    unreadable: Mapping[str, npt.NDArray[np.bool_]],
    findings: pd.DataFrame | None,
) -> pd.Series[str]:
    """For each row the names of the columns whose date is filled and unread, joined by ';'; else missing.

    Args:
        contract: the list's contract.
        text: the list as ingested.
        unreadable: column -> the rows whose text gives no date.
        findings: what reading the files found; an Excel error is an unread date too.
    """
    names_by_row: dict[int, list[str]] = {}
    if findings is not None and len(findings):
        findings = findings[findings["list"].eq(contract.name) & findings["rule"].isin(UNREAD_RULES)]
    found_in = set() if findings is None else set(findings["column"])
    for column in contract.names_of_type(*DATE_TYPES):
        if column not in found_in and column not in unreadable:
            continue
        is_unread = _is_found_unread(column, text, findings)
        if column in unreadable:
            is_unread |= unreadable[column]
        for row in np.flatnonzero(is_unread).tolist():
            names_by_row.setdefault(row, []).append(column)
    names = np.full(len(text), None, dtype=object)
    for row, columns in names_by_row.items():
        names[row] = ";".join(columns)
    return pd.Series(names, index=text.index, dtype="str")


def is_unread(names: pd.Series[str], columns: tuple[str, ...]) -> pd.Series[bool]:
    """Which rows have an unread date in one of the columns.

    Args:
        names: as `unread_dates` returns them.
        columns: the columns asked for.
    """
    found = pd.Series(False, index=names.index)
    marked = names.dropna()
    if len(marked) and columns:
        found.loc[marked.index] = marked.str.split(";").map(lambda own: not set(columns).isdisjoint(own))
    return found


def _is_found_unread(column: str, text: pd.DataFrame, findings: pd.DataFrame | None) -> npt.NDArray[np.bool_]:
    """Which rows have a cell of the column that reading the file found to hold no value (`UNREAD_RULES`)."""
    nothing = np.zeros(len(text), dtype=bool)
    if findings is None or findings.empty:
        return nothing
    own = findings.loc[findings["column"].eq(column), PLACE]
    if own.empty:
        return nothing
    places = [frame[PLACE].fillna({"sheet": ""}) for frame in (text, own)]
    found: npt.NDArray[np.bool_] = pd.MultiIndex.from_frame(places[0]).isin(
        pd.MultiIndex.from_frame(places[1])
    )
    return found
