"""The table of what the newest delivery changed of records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, TableView
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.records.rows.cells import child_cell, date_cell, place_text, team_cell
from cf_pipeline.dashboard.pages.records.rows.labels import column_title, list_title, text_of, worker_text
from cf_pipeline.dashboard.visit import Visit

TEAM_MOVE, WORKER_MOVE = "team", "worker"
CHANGE_TEXTS = {TEAM_MOVE: "moved team", WORKER_MOVE: "moved worker", "placement": "moved placement"}
"""The changes whose word needs another beside it."""
_COLUMNS = (
    "Child",
    "Change",
    "List",
    "Team",
    "From",
    "To",
    "What changed",
    "Date",
    "Ended",
    "Where it stands",
)


def make_change_table(visit: Visit, changes: pd.DataFrame, child_ids: Mapping[str, str]) -> TableView:
    """The table of rows of `change_since`, in their order."""
    return TableView(
        "changes",
        "What the newest delivery changed",
        tuple(Column(name) for name in _COLUMNS),
        tuple(_row(visit, row, child_ids) for row in rows_of(changes.sort_values("change_no"))),
        "Nothing was changed.",
        is_long=True,
        has_children=True,
    )


def change_text(change: Any) -> str:
    """A change in words: 'new', 'closed', 'moved team'."""
    return CHANGE_TEXTS.get(str(change), str(change))


def _row(visit: Visit, row: Any, child_ids: Mapping[str, str]) -> tuple[Cell, ...]:
    columns = [column_title(str(row.list), name) for name in text_of(row.columns_changed).split(";") if name]
    return (
        child_cell(visit, row.person_ref, child_ids),
        Cell(change_text(row.change)),
        Cell(list_title(row.list)),
        team_cell(row.team),
        Cell(_moved_text(row, row.from_text)),
        Cell(_moved_text(row, row.to_text)),
        Cell("; ".join(columns)),
        date_cell(row.record_date),
        date_cell(row.end_date),
        Cell(list_title(row.list), detail=place_text(row)),
    )


def _moved_text(row: Any, value: Any) -> str:
    if str(row.change) == WORKER_MOVE:
        return worker_text(value)
    if str(row.change) == TEAM_MOVE:
        return team_cell(value).text
    return text_of(value)
