"""Rules that compare the dates of a row with each other, the child's birth and the delivery's as-at date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.clean.rules.rule import (
    ONE_DAY,
    PREGNANCY_MONTHS,
    BrokenRows,
    ListRows,
    RowRule,
    lists_with,
)
from cf_pipeline.contracts.dates.months import months_before
from cf_pipeline.contracts.lists import list_contracts

KINDS_WITH_WINDOW = ("event", "period")
TOO_OLD = 27
"""The age in years from which a date of birth is told; a care leaver is one until 25."""
LISTS_WITH_BIRTH_DATE = lists_with("date_of_birth")
AGE_COLUMNS = tuple(
    dict.fromkeys(
        age for name in LISTS_WITH_BIRTH_DATE for age in list_contracts()[name].names_of_type("age")
    )
)
"""The columns for an age as the export prints it, of all lists with a date of birth."""


def _key_date_missing(list_rows: ListRows) -> BrokenRows:
    contract, is_blank = list_rows.contract, list_rows.blank_key_date
    if contract.key_date is not None:
        due = contract.due_date or contract.slot_date
        # a visit or review that is due and was not held has no date
        yield contract.key_date, is_blank if due is None else is_blank & list_rows.is_missing(due)


def _after_as_at(list_rows: ListRows) -> BrokenRows:
    key_date = list_rows.contract.key_date
    if key_date is not None:
        yield key_date, list_rows.moments(key_date) >= list_rows.moments("as_at") + ONE_DAY


def is_after_as_at(rows: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Which rows have a date after the as-at date; a time on the as-at date is not after it."""
    is_after: pd.Series[bool] = rows[column] >= rows["as_at"] + ONE_DAY
    return is_after


def _end_before_start(list_rows: ListRows) -> BrokenRows:
    contract = list_rows.contract
    for start, end in ((contract.key_date, contract.end_date), *contract.ordered_dates):
        if start is not None and end is not None:
            yield end, list_rows.moments(end) < list_rows.moments(start)


def _before_window(list_rows: ListRows) -> BrokenRows:
    contract = list_rows.contract
    if contract.key_date is not None and contract.kind in KINDS_WITH_WINDOW:
        end_date = contract.end_date if contract.kind == "period" else None
        column = end_date or contract.key_date
        yield column, list_rows.moments(column) < list_rows.window_start


def _before_birth(list_rows: ListRows) -> BrokenRows:
    key_date, rows = list_rows.contract.key_date, list_rows.rows
    if key_date is not None:
        first = months_before(rows["date_of_birth"], PREGNANCY_MONTHS).to_numpy(dtype="datetime64[us]")
        yield key_date, list_rows.moments(key_date) < first


def _unborn(list_rows: ListRows) -> BrokenRows:
    born = list_rows.moments("date_of_birth")
    yield "date_of_birth", (born > list_rows.moments("as_at")) & (born <= list_rows.latest_birth)


def _born_too_late(list_rows: ListRows) -> BrokenRows:
    yield "date_of_birth", list_rows.moments("date_of_birth") > list_rows.latest_birth


def _born_too_early(list_rows: ListRows) -> BrokenRows:
    yield "date_of_birth", list_rows.ages >= TOO_OLD


def _age_differs(list_rows: ListRows) -> BrokenRows:
    is_born = ~list_rows.is_missing("date_of_birth")
    for age in list_rows.contract.names_of_type("age"):
        reported = list_rows.rows[age].to_numpy(dtype="float64", na_value=np.nan)
        yield age, is_born & (np.abs(reported - list_rows.ages) > 1)


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
        lists=LISTS_WITH_BIRTH_DATE,
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
        check=_unborn,
    ),
    RowRule(
        "unborn_in_care",
        "error",
        "the date of birth is after the as-at date in a list that holds no unborn child",
        "correct the date of birth",
        lists=lists_with("date_of_birth", condition=lambda contract: not contract.holds_unborn),
        columns=("date_of_birth",),
        check=_unborn,
    ),
    RowRule(
        "birth_date_too_late",
        "error",
        "the date of birth is more than nine months after the as-at date",
        "correct the date of birth",
        lists=LISTS_WITH_BIRTH_DATE,
        columns=("date_of_birth",),
        check=_born_too_late,
    ),
    RowRule(
        "birth_date_too_early",
        "error",
        "by the date of birth this is an adult of 27 or more: the record is in no age band of children, and"
        " never in care",
        "correct the date of birth; a program's own number for a day (R's, SAS's) is read as Excel's",
        lists=LISTS_WITH_BIRTH_DATE,
        columns=("date_of_birth",),
        check=_born_too_early,
    ),
    RowRule(
        "age_differs",
        "info",
        "'{column}' differs by more than a year from the age by the date of birth",
        "check the date of birth",
        lists=lists_with("date_of_birth", condition=lambda contract: bool(contract.names_of_type("age"))),
        columns=(*AGE_COLUMNS, "date_of_birth"),
        check=_age_differs,
    ),
)
"""Rules about the dates of a row, the child's birth and the delivery's as-at date."""
