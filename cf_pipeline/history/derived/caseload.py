"""Who holds which open case at a period's end, and how many children each worker has.

A case's worker and team are known only for the day of a delivery, so every delivery dated within 31 days
of a quarter's end is looked at for itself: its cases open on that last day (catalogue of KPIs: lists 4 and 6
to 9; referrals and enquiries have no end). What the columns mean is declared in `schema.JOINED`.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.months import add_months
from cf_pipeline.history.derived.care import ADULT_MONTHS, NOT_CARE_LEGAL_STATUS
from cf_pipeline.history.merge.status import CURRENT
from cf_pipeline.history.tables.core_tables import CASE_LISTS, core_columns

STATE_DAYS = 31
SUPPORTED = ("R", "FR", "Q")
"""Care leavers with a case: relevant, former relevant and qualifying; the eligible are still in care."""


def open_cases(lists: dict[str, pd.DataFrame], person: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery, list and record whose case is open: the columns of `JOINED['open_cases']`.

    A delivery's rows come in the order of the lists, so that its first row of a child tells of the child.

    Args:
        lists: for each case list every distinct row of every delivery, with person_ref and record_key.
        person: core/person, for a date of birth that a row lacks.
    """
    born = person.set_index("person_ref")["date_of_birth"]
    parts = [_open(name, lists[name], born, *dates) for name, dates in CASE_LISTS.items()]
    filled = [part for part in parts if len(part)] or parts[:1]
    columns = core_columns("open_cases")
    rows = pd.concat(filled, ignore_index=True)[list(columns)].astype(columns)
    position = rows["list"].map({name: number for number, name in enumerate(CASE_LISTS)})
    ordered = rows.assign(position=position).sort_values(
        ["delivery_id", "position", "record_key"], ignore_index=True
    )
    return ordered.drop(columns="position")


def caseloads(cases: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery and worker: the columns of `JOINED['caseloads']`.

    A child with two cases of one worker is one child. A worker of several teams is in the one with most
    of the cases, the first by name when two have as many.
    """
    columns = core_columns("caseloads")
    held = cases[cases["allocated_worker"].notna()]
    by_worker = held.groupby(["delivery_id", "as_at", "allocated_worker"])
    counts = by_worker["person_ref"].nunique().rename("children_count").reset_index()
    in_team = held.groupby(["delivery_id", "allocated_worker", "allocated_team"]).size().rename("cases")
    ordered = in_team.reset_index().sort_values(["cases", "allocated_team"], ascending=[False, True])
    teams = ordered.drop_duplicates(["delivery_id", "allocated_worker"]).drop(columns="cases")
    rows = counts.merge(teams, on=["delivery_id", "allocated_worker"], how="left")
    worker = rows["allocated_worker"]
    rows = rows.assign(person_ref=worker, record_key=worker, status=CURRENT)
    return rows[list(columns)].astype(columns)


def _open(name: str, rows: pd.DataFrame, born: pd.Series, start: str | None, end: str | None) -> pd.DataFrame:
    following = (rows["as_at"] + pd.Timedelta(days=1)).dt.to_period("Q").dt.start_time
    last_day = following - pd.Timedelta(days=1)
    holds = rows["as_at"] <= last_day + pd.Timedelta(days=STATE_DAYS)
    if start is not None and end is not None:
        holds &= (rows[start] <= last_day) & (rows[end].isna() | (rows[end] > last_day))
    if name == "children_in_care":
        known = rows["date_of_birth"].fillna(lookup(rows["person_ref"], born))
        adult = add_months(known, ADULT_MONTHS)
        holds &= ~rows["legal_status"].isin(NOT_CARE_LEGAL_STATUS) & (adult.isna() | (adult > last_day))
    if name == "care_leavers":
        holds &= rows["eligibility"].isin(SUPPORTED) & rows["in_touch"].ne("DIED").fillna(True)
    found = rows[holds.astype(bool)]
    return found.assign(list=name, status=CURRENT, record_key=name + "|" + found["record_key"])
