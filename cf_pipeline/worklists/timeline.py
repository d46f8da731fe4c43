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
    events, tables = load_events(), day.counter.tables
    rows = [_rows_with_event(tables[event.list], event) for event in events]
    sizes = [len(each) for each in rows]
    event_no = np.repeat(np.arange(len(events)), sizes)
    children, child = _join_texts([tables[event.list] for event in events], rows, "person_ref")
    date = _concat(
        [days_of(tables[event.list][event.date])[row] for event, row in zip(events, rows, strict=True)]
    )
    rank = children.argsort().argsort()[child]
    order = np.lexsort((event_no, date, rank))
    child, date, event_no = child[order], date[order], event_no[order]
    is_stated_again = np.array([list_contracts()[event.list].kind == "state" for event in events], dtype=bool)
    is_first = _changes(child, date, event_no) | ~is_stated_again[event_no]
    order, child, date, event_no = (each[is_first] for each in (order, child, date, event_no))
    is_new_child = _changes(child)
    start = np.maximum.accumulate(np.where(is_new_child, np.arange(len(child)), 0))
    lists = list(dict.fromkeys(event.list for event in events))
    list_no = np.array([lists.index(event.list) for event in events], dtype="int64")
    teams = day.children[OWN_TEAM].reindex(children).array
    record_keys = pd.concat(
        [tables[event.list]["record_key"].take(row) for event, row in zip(events, rows, strict=True)]
    )
    return TIMELINE.cast(
        pd.DataFrame(
            {
                "person_ref": pd.Categorical.from_codes(child, children),
                "event_no": pd.array(np.arange(len(child)) - start + 1, dtype="Int64"),
                "event_date": date.astype("datetime64[us]"),
                "event": pd.Categorical.from_codes(event_no, pd.Index([event.name for event in events])),
                "category": _categories(tables, events, rows)[order],
                "list": pd.Categorical.from_codes(list_no[event_no], pd.Index(lists)),
                "record_key": record_keys.array.take(order),
                "event_team": _teams(tables, events, rows)[order],
                "team": pd.Categorical(teams)[child],
            },
            copy=False,
        )
    )


def _rows_with_event(table: pd.DataFrame, event: Event) -> Positions:
    """The positions of the rows of a core table that hold an event."""
    is_event = ~np.isnat(days_of(table[event.date])) & table["status"].ne(WITHDRAWN).to_numpy(dtype=bool)
    if event.where is not None:
        is_event &= event.where.holds(table).to_numpy(dtype=bool)
    return np.flatnonzero(is_event)


def _categories(
    tables: dict[str, pd.DataFrame], events: Sequence[Event], rows: Sequence[Positions]
) -> pd.Categorical:
    """The code that stands with each event."""
    columns = [None if event.category is None else tables[event.list][event.category] for event in events]
    return _join_categories(columns, rows)


def _teams(
    tables: dict[str, pd.DataFrame], events: Sequence[Event], rows: Sequence[Positions]
) -> pd.Categorical:
    """The team of each event's record as it is written; missing where its list has none."""
    names = [list_contracts()[event.list].team for event in events]
    columns = [
        None if name is None else tables[event.list][OWN_TEXT + name]
        for event, name in zip(events, names, strict=True)
    ]
    return _join_categories(columns, rows)


def _join_categories(columns: Sequence[pd.Series | None], rows: Sequence[Positions]) -> pd.Categorical:
    """Some rows of several columns of few texts, one below the other; missing where there is no column."""
    positions: dict[str, int] = {}
    codes = []
    for column, row in zip(columns, rows, strict=True):
        if column is None or not len(row):
            codes.append(np.full(len(row), NO_CODE))
            continue
        values = pd.Categorical(column)
        texts = [positions.setdefault(str(text), len(positions)) for text in values.categories]
        codes.append(np.array([*texts, NO_CODE])[values.codes[row]])
    return pd.Categorical.from_codes(_concat(codes).astype("int64"), pd.Index(list(positions), dtype="str"))


def _join_texts(
    tables: Sequence[pd.DataFrame], rows: Sequence[Positions], name: str
) -> tuple[pd.Index, npt.NDArray[Any]]:
    """The different texts of a column in some rows of several tables, and the position of each row's."""
    codes, texts = pd.factorize(
        pd.concat([table[name].take(row) for table, row in zip(tables, rows, strict=True)])
    )
    return pd.Index(texts, dtype="str"), codes


def _concat(parts: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype="int64")


def _changes(*columns: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which rows differ from the row before in one of some columns."""
    found = np.ones(len(columns[0]), dtype=bool)
    found[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return found
