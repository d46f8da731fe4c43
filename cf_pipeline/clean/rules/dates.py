"""Rules about the dates of a row: against each other, the child's birth and the delivery it came in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cf_pipeline.clean.rules.rule import ListRows, RowRule, lists_with, where
from cf_pipeline.contracts.lists import list_contracts

Found = Iterator[tuple[str, "pd.Series[bool]"]]

PREGNANCY = pd.DateOffset(months=9)
COVERS_A_WINDOW = ("event", "period")
YEAR_DAYS = 365.2425
WITH_BIRTH = lists_with("date_of_birth")
AGES = tuple(dict.fromkeys(age for name in WITH_BIRTH for age in list_contracts()[name].names_of_type("age")))
"""The columns for an age as the export prints it, of all lists with a date of birth."""


def _key_date_missing(of: ListRows) -> Found:
    key = of.contract.key_date
    if key is not None:
        due = of.contract.due_date or of.contract.slot_date
        blank = of.blank_key_date
        # What is due and was not held has no date.
        yield key, blank if due is None else blank & of.rows[due].isna()


def _after_as_at(of: ListRows) -> Found:
    if of.contract.key_date is not None:
        yield of.contract.key_date, is_after_as_at(of.rows, of.contract.key_date)


def is_after_as_at(rows: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Which rows have the date after the as-at date; a time on that day is not."""
    after: pd.Series[bool] = rows[column].dt.normalize() > rows["as_at"]
    return after


def _end_before_start(of: ListRows) -> Found:
    own = ((of.contract.key_date, of.contract.end_date),)
    for start, end in (*own, *of.contract.ordered_dates):
        if start is not None and end is not None:
            yield end, of.rows[end] < of.rows[start]


def _before_window(of: ListRows) -> Found:
    contract = of.contract
    if contract.key_date is not None and contract.kind in COVERS_A_WINDOW:
        ends = contract.end_date if contract.kind == "period" else None
        column = ends or contract.key_date
        yield column, of.rows[column].dt.normalize() < of.window_start


def _before_birth(of: ListRows) -> Found:
    if of.contract.key_date is not None:
        yield of.contract.key_date, of.rows[of.contract.key_date] < of.rows["date_of_birth"] - PREGNANCY


def _is_unborn(rows: pd.DataFrame) -> pd.Series[bool]:
    born, as_at = rows["date_of_birth"], rows["as_at"]
    return (born > as_at) & (born <= as_at + PREGNANCY)


def _age_differs(of: ListRows) -> Found:
    years = (of.rows["as_at"] - of.rows["date_of_birth"]).dt.days / YEAR_DAYS
    for age in of.contract.names_of_type("age"):
        yield age, (of.rows[age].astype("float64") - np.floor(years)).abs() > 1


DATE_RULES = (
    RowRule(
        "key_date_missing",
        "error",
        "'{column}' is blank: the row cannot be placed in time and counts in no period",
        "enter the date in the case system",
        check=_key_date_missing,
    ),
    RowRule(
        "end_before_start",
        "error",
        "'{column}' is before the date that it follows; both are kept and no duration is taken from them",
        "correct whichever of the two dates is wrong",
        check=_end_before_start,
    ),
    RowRule(
        "event_before_birth",
        "error",
        "'{column}' is more than nine months before the date of birth",
        "correct the date or the date of birth",
        lists=WITH_BIRTH,
        check=_before_birth,
    ),
    RowRule(
        "event_after_as_at",
        "warning",
        "'{column}' is after the delivery's as-at date",
        "correct the year, or the delivery's as-at date",
        check=_after_as_at,
    ),
    RowRule(
        "event_before_window",
        "info",
        "'{column}' is older than the period the delivery covers; the row is kept",
        "nothing, when the export is meant to reach back further",
        check=_before_window,
    ),
    RowRule(
        "unborn_child",
        "info",
        "the date of birth is after the as-at date: taken as an unborn child",
        "nothing, when it is the expected date of birth",
        lists=lists_with("date_of_birth", condition=lambda contract: contract.holds_unborn),
        columns=("date_of_birth",),
        check=where("date_of_birth", _is_unborn),
    ),
    RowRule(
        "unborn_in_care",
        "error",
        "the date of birth is after the as-at date in a list that holds no unborn child",
        "correct the date of birth",
        lists=lists_with("date_of_birth", condition=lambda contract: not contract.holds_unborn),
        columns=("date_of_birth",),
        check=where("date_of_birth", _is_unborn),
    ),
    RowRule(
        "birth_date_too_late",
        "error",
        "the date of birth is more than nine months after the as-at date",
        "correct the date of birth",
        lists=WITH_BIRTH,
        columns=("date_of_birth",),
        check=where("date_of_birth", lambda rows: rows["date_of_birth"] > rows["as_at"] + PREGNANCY),
    ),
    RowRule(
        "age_differs",
        "info",
        "'{column}' differs by more than a year from the age by the date of birth",
        "check the date of birth",
        lists=lists_with("date_of_birth", condition=lambda contract: bool(contract.names_of_type("age"))),
        columns=(*AGES, "date_of_birth"),
        check=_age_differs,
    ),
)
"""Dates a row holds, its child's birth and the delivery's as-at date, held against each other."""
