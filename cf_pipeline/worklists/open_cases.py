"""The cases that are open on the day of the lists, and the team, worker and status of each child by them.

The rows and the order are those of `core/open_cases`, which has the last day of a quarter in place of that
day: so a list of cases and the KPIs of workers agree where the two days are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.list_contract import PROVENANCE, UNREAD_DATES, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.derived.caseload import is_open_case
from cf_pipeline.history.merge.status import CURRENT
from cf_pipeline.history.tables.core_tables import CASE_LISTS, TEAM, WORKER
from cf_pipeline.history.text_categories import OWN_TEXT

STATUS_ORDER = (
    "children_in_care",
    "child_protection_plans",
    "children_in_need",
    "care_leavers",
    "assessments",
)
"""What a child with several open cases is: the first of these lists that has one."""
OWN_TEAM = OWN_TEXT + TEAM
NO_START = np.datetime64("NaT", "us")


def list_cases_open_at(
    tables: Mapping[str, pd.DataFrame], delivery_id: str | None, day: pd.Timestamp
) -> pd.DataFrame:
    """The cases open on a day as a delivery states them, in the order of `CASE_LISTS`.

    Args:
        tables: the core tables, their own texts kept (`hide_rare_texts`).
        delivery_id: the delivery; None for no case.
        day: its as-at date.

    Returns:
        A row a case with person_ref, record_key (which begins with the list), status, its place, list,
        worker, team as published and as written, start_date, and child_status: the first list of
        `STATUS_ORDER` in which the child has an open case.
    """
    people = tables["person"]
    parts = [_cases_of_list(name, tables[name], delivery_id, day, people) for name in CASE_LISTS]
    cases = pd.concat(parts, ignore_index=True)
    rank, (child, children) = _status_ranks(cases), pd.factorize(cases["person_ref"])
    first = np.full(len(children), len(STATUS_ORDER))
    np.minimum.at(first, child, rank)
    return cases.assign(child_status=np.array([*STATUS_ORDER, None], dtype=object)[first[child]])


def children_with_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """The team (own text) and the worker of each child with an open case, by person_ref.

    They are those of the first case by `STATUS_ORDER`; a team or worker that it lacks is that of the next.
    """
    ordered = cases.take(_status_ranks(cases).argsort(kind="stable"))
    return ordered.groupby("person_ref")[[OWN_TEAM, WORKER]].first()


def _status_ranks(cases: pd.DataFrame) -> np.ndarray:
    return pd.Index(STATUS_ORDER).get_indexer(pd.Index(cases["list"]))


def _cases_of_list(
    name: str, table: pd.DataFrame, delivery_id: str | None, day: pd.Timestamp, people: pd.DataFrame
) -> pd.DataFrame:
    contract = list_contracts()[name]
    names = {TEAM: str(contract.team), OWN_TEAM: f"{OWN_TEXT}{contract.team}", WORKER: str(contract.worker)}
    shown = np.flatnonzero(table["as_at"].eq(day))
    shown = shown[table["delivery_id"].array.take(shown) == delivery_id] if delivery_id else shown[:0]
    rows = _take_rows(table, ["person_ref", *_columns_that_decide(contract)], shown)
    # Only dates of birth that a row lacks are looked up.
    lacks = rows["person_ref"][rows["date_of_birth"].isna()] if contract.until_age else rows["person_ref"][:0]
    births = people[people["person_ref"].isin(lacks)].set_index("person_ref")["date_of_birth"]
    is_open = is_open_case(contract, rows, pd.Series(day, rows.index, dtype="datetime64[us]"), births)
    start = contract.key_date
    read = ["person_ref", "record_key", *PROVENANCE, *names.values(), *([] if start is None else [start])]
    rows = _take_rows(table, read, shown[is_open.to_numpy(dtype=bool)])
    columns = {each: rows[each] for each in ("person_ref", *PROVENANCE)}
    columns |= {each: rows[column].astype("str") for each, column in names.items()}
    return pd.DataFrame(
        columns
        | {
            "record_key": name + "|" + rows["record_key"],
            "status": np.full(len(rows), CURRENT, dtype=object),
            "list": np.full(len(rows), name, dtype=object),
            "start_date": np.full(len(rows), NO_START) if start is None else rows[start],
        }
    ).sort_values("record_key")


def _take_rows(table: pd.DataFrame, columns: Iterable[str], positions: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Some rows of some columns, each column once."""
    return pd.DataFrame({each: table[each].array.take(positions) for each in columns}, copy=False)


def _columns_that_decide(contract: ListContract) -> list[str]:
    """The columns by which a row is a case that is open."""
    named = [contract.key_date, *contract.ends, *contract.not_counted, *contract.case_codes]
    named += ["date_of_birth"] if contract.until_age else []
    return [UNREAD_DATES, *(name for name in named if name is not None)]
