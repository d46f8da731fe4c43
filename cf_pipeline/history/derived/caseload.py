"""List the open cases at a quarter's end with their workers, and count the children of each worker.

The worker and the team of a case are known only for the as-at date of a delivery. So each delivery dated
within 31 days of a quarter's end gives the cases that were open on the quarter's last day (lists 4 and 6 to
9; referrals and enquiries have no end). The columns are declared in `core_tables.JOINED_TABLES`.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.clean.unread_dates import is_unread
from cf_pipeline.contracts.dates.birthdays import birthday
from cf_pipeline.contracts.dates.quarters import latest_quarter_ends
from cf_pipeline.contracts.list_contract import UNREAD_DATES, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history.coverage import STATE_DAYS
from cf_pipeline.history.merge.status import CURRENT
from cf_pipeline.history.tables.core_tables import CASE_LISTS, TEAM, WORKER, core_columns


def list_open_cases(lists: dict[str, pd.DataFrame], person: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery, list and open case: the columns of `JOINED_TABLES['open_cases']`.

    A delivery's rows are in the order of the lists: a child in several lists is counted by its first row.

    Args:
        lists: for each case list every distinct row of every delivery, with person_ref and record_key.
        person: core/person, for a date of birth that a row lacks.
    """
    birth_dates = person.set_index("person_ref")["date_of_birth"]
    parts = [_open_cases_of_list(list_contracts()[name], lists[name], birth_dates) for name in CASE_LISTS]
    non_empty = [part for part in parts if len(part)] or parts[:1]
    columns = core_columns("open_cases")
    rows = pd.concat(non_empty, ignore_index=True)[list(columns)].astype(columns)
    position = rows["list"].map({name: number for number, name in enumerate(CASE_LISTS)})
    rows = rows.assign(position=position).sort_values(
        ["delivery_id", "position", "record_key"], ignore_index=True
    )
    return rows.drop(columns="position")


def count_caseloads(cases: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery and worker: the columns of `JOINED_TABLES['caseloads']`.

    A child with two cases of one worker counts once. A worker of several teams belongs to the team with most
    of the cases, or to the first by name when two have as many.
    """
    columns = core_columns("caseloads")
    allocated = cases[cases[WORKER].notna()]
    by_worker = allocated.groupby(["delivery_id", "as_at", WORKER])
    counts = by_worker["person_ref"].nunique().rename("children_count").reset_index()
    team_cases = allocated.groupby(["delivery_id", WORKER, TEAM]).size().rename("cases")
    largest_first = team_cases.reset_index().sort_values(["cases", TEAM], ascending=[False, True])
    teams = largest_first.drop_duplicates(["delivery_id", WORKER]).drop(columns="cases")
    rows = counts.merge(teams, on=["delivery_id", WORKER], how="left")
    worker = rows[WORKER]
    rows = rows.assign(person_ref=worker, record_key=worker, status=CURRENT)
    return rows[list(columns)].astype(columns)


def is_open_case(
    contract: ListContract, rows: pd.DataFrame, last_day: pd.Series, birth_dates: pd.Series
) -> pd.Series[bool]:
    """Which rows of a case list are cases that were open on a day.

    Args:
        contract: the list's contract.
        rows: its rows as a delivery states them.
        last_day: the day for each row.
        birth_dates: the date of birth by person_ref, for those that a row lacks.
    """
    is_open = contract.is_counted(rows)
    start, end = contract.key_date, contract.end_date
    if start is not None and end is not None:
        is_open &= (rows[start] <= last_day) & (rows[end].isna() | (rows[end] > last_day))
        is_open &= ~is_unread(rows[UNREAD_DATES], contract.ends)
    if contract.until_age is not None:
        birth_date = rows["date_of_birth"].fillna(lookup(rows["person_ref"], birth_dates))
        last_birthday = birthday(birth_date, contract.until_age)
        is_open &= last_birthday.isna() | (last_birthday > last_day)
    for column, codes in contract.case_codes.items():
        is_open &= rows[column].isin(codes)
    return is_open.astype(bool)


def _open_cases_of_list(contract: ListContract, rows: pd.DataFrame, birth_dates: pd.Series) -> pd.DataFrame:
    """The rows of a case list that were open at the last quarter's end, if that is at most 31 days before."""
    last_day = latest_quarter_ends(rows["as_at"])
    is_open = is_open_case(contract, rows, last_day, birth_dates)
    is_open &= rows["as_at"] <= last_day + pd.Timedelta(days=STATE_DAYS)
    columns = ["person_ref", "record_key", "delivery_id", "as_at", contract.worker, contract.team]
    cases = rows[[name for name in columns if name is not None]][is_open]
    return cases.assign(
        list=contract.name,
        status=CURRENT,
        record_key=contract.name + "|" + cases["record_key"],
        **{WORKER: cases[contract.worker], TEAM: None if contract.team is None else cases[contract.team]},
    )
