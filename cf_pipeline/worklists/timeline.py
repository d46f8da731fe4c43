"""The timeline of every child: the dated events of all lists, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.months import days_of
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.merge.status import WITHDRAWN
from cf_pipeline.history.text_categories import OWN_TEXT
from cf_pipeline.worklists.day import Day
from cf_pipeline.worklists.declarations import Event, load_events
from cf_pipeline.worklists.open_cases import OWN_TEAM

TIMELINE = table_contract("worklists/timeline")
Positions = npt.NDArray[np.int64]
NO_CODE = -1


def list_events(day: Day) -> pd.DataFrame:
    """Every event of every child in order: the columns of TIMELINE.

    Events of one day stand in the order of their declarations. What a later delivery withdrew is no event;
    what every delivery of a state says again (a care leaver's latest contact) is one.
    """
    events = load_events()
    tables = [day.counter.tables[event.list] for event in events]
    rows = [_rows_with_event(table, event) for table, event in zip(tables, events, strict=True)]
    event_no = np.repeat(np.arange(len(events)), [len(each) for each in rows])
    children, child = _join_texts(tables, rows, "person_ref")
    dates = [table[event.date] for table, event in zip(tables, events, strict=True)]
    date = _join([days_of(each) for each in dates], rows)
    order = np.lexsort((event_no, date, children.argsort().argsort()[child]))
    child, date, event_no = child[order], date[order], event_no[order]
    is_state = np.array([list_contracts()[event.list].kind == "state" for event in events], dtype=bool)
    is_first = _changes(child, date, event_no) | ~is_state[event_no]
    order, child, date, event_no = (each[is_first] for each in (order, child, date, event_no))
    lists = list(dict.fromkeys(event.list for event in events))
    list_no = np.array([lists.index(event.list) for event in events], dtype="int64")
    columns = {
        "person_ref": pd.Categorical.from_codes(child, children),
        "event_no": pd.array(_numbers_from_one(child), dtype="Int64"),
        "event_date": date.astype("datetime64[us]"),
        "event": pd.Categorical.from_codes(event_no, pd.Index([event.name for event in events])),
        "category": _join_categories(tables, [event.category for event in events], rows)[order],
        "list": pd.Categorical.from_codes(list_no[event_no], pd.Index(lists)),
        "event_team": _join_categories(tables, [_team(event) for event in events], rows)[order],
        "team": pd.Categorical(day.children[OWN_TEAM].reindex(children).array)[child],
        "as_at": _join([table["as_at"].to_numpy(dtype="datetime64[us]") for table in tables], rows)[order],
        "excel_row": _join([table["excel_row"].to_numpy(dtype="int64") for table in tables], rows)[order],
    }
    return TIMELINE.cast(pd.DataFrame(columns, copy=False))


def _rows_with_event(table: pd.DataFrame, event: Event) -> Positions:
    """The positions of the rows of a core table that hold an event."""
    is_event = ~np.isnat(days_of(table[event.date])) & table["status"].ne(WITHDRAWN).to_numpy(dtype=bool)
    if event.where is not None:
        is_event &= event.where.holds(table).to_numpy(dtype=bool)
    return np.flatnonzero(is_event)


def _team(event: Event) -> str | None:
    """The column with the team of an event's record as it is written; None where its list has none."""
    team = list_contracts()[event.list].team
    return None if team is None else OWN_TEXT + team


def _join_categories(
    tables: Sequence[pd.DataFrame], names: Sequence[str | None], rows: Sequence[Positions]
) -> pd.Categorical:
    """Some rows of a column of few texts of each table, one below the other; missing for no column."""
    positions: dict[str, int] = {}
    codes = []
    for table, name, row in zip(tables, names, rows, strict=True):
        if name is None or not len(row):
            codes.append(np.full(len(row), NO_CODE))
            continue
        values = pd.Categorical(table[name])
        texts = [positions.setdefault(str(text), len(positions)) for text in values.categories]
        codes.append(np.array([*texts, NO_CODE])[values.codes[row]])
    joined = np.concatenate(codes).astype("int64")
    return pd.Categorical.from_codes(joined, pd.Index(list(positions), dtype="str"))


def _join_texts(
    tables: Sequence[pd.DataFrame], rows: Sequence[Positions], name: str
) -> tuple[pd.Index, npt.NDArray[Any]]:
    """The different texts of a column in some rows of several tables, and the position of each row's."""
    parts = [table[name].take(row) for table, row in zip(tables, rows, strict=True)]
    codes, texts = pd.factorize(pd.concat(parts))
    return pd.Index(texts, dtype="str"), codes


def _join(columns: Sequence[npt.NDArray[Any]], rows: Sequence[Positions]) -> npt.NDArray[Any]:
    """Some rows of several columns, one below the other."""
    return np.concatenate([column[row] for column, row in zip(columns, rows, strict=True)])


def _numbers_from_one(child: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The number of each row among those of its child, which stand together."""
    position = np.arange(len(child))
    return np.asarray(position - np.maximum.accumulate(np.where(_changes(child), position, 0)) + 1)


def _changes(*columns: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which rows differ from the row before in one of some columns."""
    found = np.ones(len(columns[0]), dtype=bool)
    found[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return found
