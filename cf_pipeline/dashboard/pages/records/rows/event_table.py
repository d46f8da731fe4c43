"""The table of events of a timeline: of one child, or of several."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, TableView
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.records.rows.cells import child_cell, date_cell
from cf_pipeline.dashboard.pages.records.rows.labels import event_text, list_title, text_of
from cf_pipeline.dashboard.visit import Visit

EMPTY = "No event is recorded."


def make_event_table(
    visit: Visit,
    name: str,
    caption: str,
    events: pd.DataFrame,
    child_ids: Mapping[str, str] | None = None,
) -> TableView:
    """The table of events, of each child in the order in which they happened.

    Args:
        visit: the visit.
        name: of the table.
        caption: what it shows.
        events: rows of `child_timeline`.
        child_ids: pseudonym -> case id, where the events are of several children.
    """
    ids = child_ids or {}
    in_order = events.assign(child=events["person_ref"].astype(str).map(ids))
    columns = [Column("Child")] if child_ids is not None else []
    rows = []
    for row in rows_of(in_order.sort_values(["child", "person_ref", "event_no"])):
        start = (child_cell(visit, row.person_ref, ids),) if child_ids is not None else ()
        where = "" if pd.isna(row.excel_row) else f"row {int(row.excel_row)} as at {row.as_at:%Y-%m-%d}"
        rows.append(
            (
                *start,
                date_cell(row.event_date),
                Cell(str(row.event)),
                Cell(event_text(str(row.event), row.category)),
                Cell(text_of(row.event_team)),
                Cell(list_title(row.list), detail=where),
            )
        )
    return TableView(
        name,
        caption,
        (*columns, Column("Day"), Column("Event"), Column("What"), Column("Team"), Column("Where it stands")),
        tuple(rows),
        EMPTY,
        is_long=True,
        has_children=True,
    )
