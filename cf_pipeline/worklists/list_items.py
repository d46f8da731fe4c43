"""List what is open, due and overdue on a day, from the records that the KPIs count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.calendar import working_days
from cf_pipeline.contracts.dates.months import days_of
from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.contracts.tables.object_cells import object_cells
from cf_pipeline.history.tables.core_tables import WORKER
from cf_pipeline.history.text_categories import OWN_TEXT
from cf_pipeline.kpi.measure.counted_records import CountedRecords
from cf_pipeline.worklists.beside import columns_beside
from cf_pipeline.worklists.day import Day
from cf_pipeline.worklists.declarations import BESIDE, Worklist, load_worklists
from cf_pipeline.worklists.open_cases import OWN_TEAM

LISTS, ITEMS = table_contract("worklists/lists"), table_contract("worklists/items")
Cells = npt.NDArray[Any]
Columns = dict[str, Cells]
OF_A_RECORD = ("person_ref", "record_key", *(name for name in PROVENANCE if name != "as_at"))
"""The columns that say which record a row is, and where it was read."""
OF_AN_ISSUE = ("person_ref", "list", "severity", "message", "delivery_id", "file", "sheet", "excel_row")
ABOUT_CHILDREN = [name for name, contract in list_contracts().items() if contract.is_about_children]
SEVERITY_RANKS = {"error": 0, "warning": 1, "info": 2}
DATA_ERRORS = "data_errors"
DATA_ERRORS_TITLE = "Issues of the newest delivery about a child, worst first; the category is the rule"
NO_DAY = np.datetime64("NaT", "us")
LAST_DAY = np.datetime64("9999-12-31", "us")
"""Where a row without a due date or a start stands in a list: below those that have one."""


def list_items(day: Day, issues: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lists (LISTS) and their rows (ITEMS) on a day, in the order of their declarations.

    A list of which the newest delivery does not cover what it needs has no rows, and its reason. The last
    list has the issues of the newest delivery that are about a child.

    Args:
        day: the day of the lists.
        issues: the issues with the child that each is about: the table `core/issue_people`.
    """
    lists, parts = [], []
    for position, worklist in enumerate(load_worklists().values(), start=1):
        kpi_id = worklist.kpi
        counted, reason = day.count(worklist.side) if kpi_id is None else day.count_kpi(kpi_id)
        counted_reason, item_count = None, None
        if reason is None:
            records = _select_records(worklist, counted, day)
            is_counted, counted_reason = _is_counted(worklist, records, day)
            parts.append(_columns(worklist, records, day) | {"is_counted": is_counted})
            item_count = len(records)
        lists.append(
            {
                "worklist": worklist.name,
                "position": position,
                "title": worklist.title,
                "as_at": day.as_at,
                "item_count": item_count,
                "kpi_id": worklist.kpi,
                "counted_by": worklist.counted_by,
                "counted_reason": counted_reason,
                "due_rule": worklist.due_rule(day.intervals),
                "reason": reason,
            }
        )
    parts.append(columns_of_issues(issues, day))
    facts = {"worklist": DATA_ERRORS, "title": DATA_ERRORS_TITLE, "item_count": len(parts[-1]["rank"])}
    lists.append(dict.fromkeys(LISTS.column_names) | facts | {"position": len(lists) + 1, "as_at": day.as_at})
    return LISTS.frame(lists), join_items(parts, day)


def join_items(parts: Sequence[Columns], day: Day) -> pd.DataFrame:
    """The rows of some lists (ITEMS), numbered within each, with what follows from their columns.

    A row without a team has that of the child's open case; so has its worker, where the row's own list names
    no workers.

    Args:
        parts: for each list its columns; those of ITEMS that it lacks are missing. `rank` comes before the
            dates in the order of the rows.
        day: the day of the lists.
    """
    if not parts:
        return ITEMS.empty()
    sizes = [len(part["person_ref"]) for part in parts]
    names = dict.fromkeys([*ITEMS.column_names, *chain.from_iterable(parts)])
    rows = {
        name: np.concatenate(
            [
                part[name] if name in part else _no_cells(name, size)
                for part, size in zip(parts, sizes, strict=True)
            ]
        )
        for name in names
    }
    list_no = np.repeat(np.arange(len(parts)), sizes)
    due, start = (np.where(np.isnat(rows[each]), LAST_DAY, rows[each]) for each in ("due_date", "start_date"))
    texts = [pd.factorize(rows[name], sort=True)[0] for name in ("record_key", "person_ref")]
    order = np.lexsort((*texts, start, due, rows["rank"], list_no))
    rows = {name: cells.take(order) for name, cells in rows.items()}
    first = np.cumsum([0, *sizes[:-1]])
    rows["item_no"] = np.arange(1, len(order) + 1) - first[list_no]
    return ITEMS.cast(_complete_rows(rows, day))


def _complete_rows(rows: Columns, day: Day) -> pd.DataFrame:
    """The rows with the child's team and worker where they have none, and days to and from their dates."""
    of_child = day.children.index.get_indexer(pd.Index(rows["person_ref"]))
    frame = pd.DataFrame(rows, copy=False)
    for name, column, is_open in (
        ("team", OWN_TEAM, np.full(len(frame), True)),
        ("worker", WORKER, rows["has_no_workers"].astype(bool)),
    ):
        of_case = np.full(len(day.children) + 1, None, dtype=object)  # -1 of an unknown child is the last
        of_case[:-1] = object_cells(day.children[column].array)
        frame[name] = np.where(is_open & pd.isna(rows[name]), of_case.take(of_child), rows[name])
    since = frame["last_date"].fillna(frame["start_date"])
    return frame.assign(
        as_at=day.as_at,
        worker_name=frame["worker"].map(day.worker_names) if day.worker_names else None,
        days_since=(day.as_at - since).dt.days.astype("Int64"),
        working_days_since=working_days(since, pd.Series(day.as_at, index=since.index)),
        days_left=(frame["due_date"] - day.as_at).dt.days.astype("Int64"),
    )


def _no_cells(name: str, size: int) -> Cells:
    is_date = name.endswith("_date")
    return np.full(size, NO_DAY) if is_date else np.full(size, None, dtype=object)


def _select_records(worklist: Worklist, records: CountedRecords, day: Day) -> CountedRecords:
    """The records for which the list's conditions hold, with the columns that it reads."""
    records = day.counter.add_columns(worklist.side, records, day.period, worklist.columns_at_end)
    if worklist.beside is not None:
        beside = columns_beside(worklist.beside, worklist.side.table, records, day)
        records = records.assign(**{BESIDE + name: column for name, column in beside.items()})
    for condition in worklist.where:
        records = records.where(condition.holds(records))
    return records


def _is_counted(worklist: Worklist, records: CountedRecords, day: Day) -> tuple[Cells, str | None]:
    """Whether the numerator of `counted_by` holds each record; missing, with the reason, where not known."""
    unknown = np.full(len(records), None, dtype=object)
    if worklist.counted_by is None:
        return unknown, None
    counted, reason = day.count_kpi(worklist.counted_by)
    if reason is not None:
        return unknown, str(reason)
    return np.isin(records.row, counted.row).astype(object), None


def _columns(worklist: Worklist, records: CountedRecords, day: Day) -> Columns:
    """The columns of a list's rows, besides those that follow from them or from the child."""
    table, size = worklist.side.table, len(records)
    contract = list_contracts().get(table)
    team: str | None = OWN_TEAM
    worker: str | None = WORKER
    lists = np.full(size, table, dtype=object)
    if contract is None:
        lists = _cells(records, "list")
    else:
        team, worker = contract.team and OWN_TEXT + contract.team, contract.worker
    return {name: _cells(records, name) for name in OF_A_RECORD} | {
        "worklist": np.full(size, worklist.name, dtype=object),
        "list": lists,
        "team": _cells(records, team),
        "worker": _cells(records, worker),
        "has_no_workers": np.full(size, worker is None),
        "rank": np.zeros(size, dtype="int64"),
        "start_date": _dates(records, worklist.start),
        "last_date": _dates(records, worklist.last),
        "due_date": _due_dates(worklist, records, day.intervals),
        "category": _cells(records, worklist.category),
        "number": _cells(records, worklist.number),
    }


def columns_of_issues(issues: pd.DataFrame, day: Day) -> Columns:
    """The columns of the list of data errors: the issues of the newest delivery about a child, worst first.

    Args:
        issues: as for `list_items`.
        day: the day of the lists.
    """
    is_about_child = issues["person_ref"].notna() & issues["list"].isin(ABOUT_CHILDREN)
    rows = issues[is_about_child & issues["as_at"].eq(day.as_at)].reset_index(drop=True)
    names = {"category": "rule", "number": "rows"} | {name: name for name in OF_AN_ISSUE}
    columns = {name: object_cells(rows[column].array) for name, column in names.items()}
    return columns | {
        "worklist": np.full(len(rows), DATA_ERRORS, dtype=object),
        "has_no_workers": np.full(len(rows), True),
        "rank": rows["severity"].map(SEVERITY_RANKS).to_numpy(dtype="int64"),
    }


def _cells(records: CountedRecords, name: str | None) -> Cells:
    """The cells of a column, missing ones as None; all of them for no column."""
    return np.full(len(records), None, dtype=object) if name is None else object_cells(records[name].array)


def _dates(records: CountedRecords, name: str | None) -> Cells:
    if name is None:
        return np.full(len(records), NO_DAY)
    return np.asarray(records[name].to_numpy(dtype="datetime64[us]"))


def _due_dates(worklist: Worklist, records: CountedRecords, intervals: Mapping[str, str]) -> Cells:
    """The day each record is due: by the first rule that gives one."""
    due = np.full(len(records), NO_DAY)
    for rule in worklist.due:
        term = rule.term(intervals)
        is_open = np.isnat(due)
        if term is None or not is_open.any():
            continue
        if rule.condition is not None:
            is_open &= rule.condition.holds(records).to_numpy(dtype=bool)
        dates = term.values(records)
        due = np.where(is_open, days_of(dates).astype("datetime64[us]"), due)  # type: ignore[arg-type]
    return due
