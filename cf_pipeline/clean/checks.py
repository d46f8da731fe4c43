"""Rules between the cells of one cleaned row, and between a row and its delivery. Flagged, never dropped."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.clean.issues import Issues
from cf_pipeline.contracts.lists import ListContract

PREGNANCY = pd.DateOffset(months=9)
ADULTS_LISTED = frozenset({"children_in_care", "care_leavers"})
"""Lists that hold no unborn child."""
COVERS_A_WINDOW = ("event", "period")
YEAR_DAYS = 365.2425


def check_rows(
    contract: ListContract,
    rows: pd.DataFrame,
    manifest: pd.DataFrame,
    blank_key_date: pd.Series[bool],
    issues: Issues,
) -> None:
    """Adds an issue for every row of a cleaned list that breaks a rule between its own cells or dates.

    `blank_key_date` marks the rows whose key date was left blank in the file (one that could not be read
    has its own issue).
    """
    if contract.key_date is not None:
        _check_key_date(contract, rows, manifest, blank_key_date, issues)
    if "date_of_birth" in contract.column_names:
        _check_birth(contract, rows, issues)


def _check_key_date(
    contract: ListContract, rows: pd.DataFrame, manifest: pd.DataFrame, blank: pd.Series[bool], issues: Issues
) -> None:
    key = str(contract.key_date)
    date = rows[key].dt.normalize()
    due = f"{key.removesuffix('_date')}_due_date"
    not_made = rows[due].notna() if due in rows else False  # a visit or review due and not held
    issues.add("key_date_missing", rows, blank & ~(blank & not_made), key)
    issues.add("event_after_as_at", rows, date > rows["as_at"], key)
    last = date
    if contract.end_date is not None:
        last = rows[contract.end_date].dt.normalize()
        issues.add("end_before_start", rows, rows[contract.end_date] < rows[key], contract.end_date)
    if contract.kind in COVERS_A_WINDOW:
        column = contract.end_date if contract.end_date and contract.kind == "period" else key
        when = last if column == contract.end_date else date
        issues.add("event_before_window", rows, when < window_start(contract, rows, manifest), column)


def _check_birth(contract: ListContract, rows: pd.DataFrame, issues: Issues) -> None:
    born, as_at = rows["date_of_birth"], rows["as_at"]
    too_late = born > as_at + PREGNANCY
    unborn = (born > as_at) & ~too_late
    issues.add("birth_date_too_late", rows, too_late, "date_of_birth")
    issues.add(
        "unborn_in_care" if contract.name in ADULTS_LISTED else "unborn_child", rows, unborn, "date_of_birth"
    )
    if contract.key_date is not None:
        issues.add("event_before_birth", rows, rows[contract.key_date] < born - PREGNANCY, contract.key_date)
    if "age_reported" in contract.column_names:
        years = (as_at - born).dt.days / YEAR_DAYS
        differs = (rows["age_reported"].astype("float64") - np.floor(years)).abs() > 1
        issues.add("age_differs", rows, differs, "age_reported")


def window_start(
    contract: ListContract, rows: pd.DataFrame, manifest: pd.DataFrame
) -> pd.Series[pd.Timestamp]:
    """The first day each row's delivery covers: what its folder says, else the list's window (ruling 5)."""
    stated = manifest.dropna(subset=["covers_from"]).drop_duplicates("delivery_id")
    by_delivery = stated.set_index("delivery_id")["covers_from"]
    from_window = rows["as_at"] - pd.DateOffset(months=contract.window_months)
    if by_delivery.empty:
        return from_window
    return rows["delivery_id"].map(by_delivery).fillna(from_window)
