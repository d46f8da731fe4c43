"""Who holds which open case at a period's end, and how many children each worker has.

A case's worker and team are known only for the day of a delivery, so every delivery dated within 31 days
of a quarter's end is looked at for itself: its cases open on that last day (catalogue of KPIs: lists 4 and 6
to 9; referrals and enquiries have no end). What the columns mean is declared in `schema.JOINED`.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.months import add_months
from cf_pipeline.contracts.quarters import latest_quarter_ends
from cf_pipeline.history.coverage import STATE_DAYS
from cf_pipeline.history.merge.status import CURRENT
from cf_pipeline.history.tables.core_tables import CASE_LISTS, TEAM, WORKER, core_columns


def list_open_cases(lists: dict[str, pd.DataFrame], person: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery, list and record whose case is open: the columns of `JOINED['open_cases']`.

    A delivery's rows come in the order of the lists, so that its first row of a child tells of the child.

    Args:
        lists: for each case list every distinct row of every delivery, with person_ref and record_key.
        person: core/person, for a date of birth that a row lacks.
    """
    born = person.set_index("person_ref")["date_of_birth"]
    parts = [_open_cases_of_list(list_contracts()[name], lists[name], born) for name in CASE_LISTS]
    filled = [part for part in parts if len(part)] or parts[:1]
    columns = core_columns("open_cases")
    rows = pd.concat(filled, ignore_index=True)[list(columns)].astype(columns)
    position = rows["list"].map({name: number for number, name in enumerate(CASE_LISTS)})
    ordered = rows.assign(position=position).sort_values(
        ["delivery_id", "position", "record_key"], ignore_index=True
    )
    return ordered.drop(columns="position")


def count_caseloads(cases: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery and worker: the columns of `JOINED['caseloads']`.

    A child with two cases of one worker is one child. A worker of several teams is in the one with most
    of the cases, the first by name when two have as many.
    """
    columns = core_columns("caseloads")
    held = cases[cases[WORKER].notna()]
    by_worker = held.groupby(["delivery_id", "as_at", WORKER])
    counts = by_worker["person_ref"].nunique().rename("children_count").reset_index()
    in_team = held.groupby(["delivery_id", WORKER, TEAM]).size().rename("cases")
    ordered = in_team.reset_index().sort_values(["cases", TEAM], ascending=[False, True])
    teams = ordered.drop_duplicates(["delivery_id", WORKER]).drop(columns="cases")
    rows = counts.merge(teams, on=["delivery_id", WORKER], how="left")
    worker = rows[WORKER]
    rows = rows.assign(person_ref=worker, record_key=worker, status=CURRENT)
    return rows[list(columns)].astype(columns)


def _open_cases_of_list(contract: ListContract, rows: pd.DataFrame, born: pd.Series) -> pd.DataFrame:
    """The rows of a case list that are open at the quarter's end nearest before their delivery."""
    last_day = latest_quarter_ends(rows["as_at"])
    holds = contract.is_counted(rows) & (rows["as_at"] <= last_day + pd.Timedelta(days=STATE_DAYS))
    start, end = contract.key_date, contract.end_date
    if start is not None and end is not None:
        holds &= (rows[start] <= last_day) & (rows[end].isna() | (rows[end] > last_day))
    if contract.until_age is not None:
        known = rows["date_of_birth"].fillna(lookup(rows["person_ref"], born))
        birthday = add_months(known, contract.until_age * 12)
        holds &= birthday.isna() | (birthday > last_day)
    for column, codes in contract.case_codes.items():
        holds &= rows[column].isin(codes)
    found = rows[holds.astype(bool)]
    return found.assign(
        list=contract.name,
        status=CURRENT,
        record_key=contract.name + "|" + found["record_key"],
        **{WORKER: found[contract.worker], TEAM: None if contract.team is None else found[contract.team]},
    )
