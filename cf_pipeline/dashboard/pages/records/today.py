"""The page of today's lists: each with its rows, those over their last day, and those that soon are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, Content, Section, TableView, Text
from cf_pipeline.dashboard.pages.child_form import child_form
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.records.rows.cells import NONE_DUE, SOON_DAYS, number_cell
from cf_pipeline.dashboard.pages.records.rows.filters import find_due
from cf_pipeline.dashboard.pages.records.rows.list_words import list_name, list_words, words_of
from cf_pipeline.dashboard.pages.records.rows.reading import own_rows, whose_words
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.outputs.report.words import day

NOT_KNOWN = "not known"


def today_content(visit: Visit) -> Content:
    """Every list with the counts of the rows that the reader may see."""
    tables = visit.read_records({"worklist": own_rows(visit), "worklist_item": own_rows(visit)})
    lists = sorted(rows_of(tables["worklist"]), key=_place)
    groups: dict[str, list[Any]] = {}
    for row in lists:
        groups.setdefault(words_of(str(row.worklist)).group, []).append(row)
    items = tables["worklist_item"]
    as_at = lists[0].as_at if lists else None
    return Content(
        "Today's lists",
        (visit.link(str(visit.authority.name), "overview"),),
        (
            Text(
                f"Children{whose_words(visit)} as at {day(as_at)}, the day of the newest delivery: days are "
                "counted to it."
            ),
            child_form(visit),
        ),
        tuple(
            Section(f"group-{number}", title, (_table(visit, f"lists-{number}", title, rows, items),))
            for number, (title, rows) in enumerate(groups.items(), 1)
        ),
        subject="counts of today's lists",
    )


def _place(row: Any) -> tuple[int, int]:
    """The order of the lists: as they are listed here, then those that are not."""
    names = list(list_words())
    name = str(row.worklist)
    return (names.index(name) if name in names else len(names), int(row.position))


def _table(visit: Visit, name: str, title: str, lists: list[Any], items: pd.DataFrame) -> TableView:
    return TableView(
        name,
        title,
        (
            Column("List"),
            Column("Rows", is_number=True),
            Column("Over the last day", is_number=True),
            Column(f"Due within {SOON_DAYS} days", is_number=True),
        ),
        tuple(_row(visit, row, items[items["worklist"].eq(row.worklist)]) for row in lists),
        "There is no list.",
    )


def _row(visit: Visit, row: Any, items: pd.DataFrame) -> tuple[Cell, ...]:
    worklist = str(row.worklist)
    link = Cell(list_name(row), href=visit.href("worklist", worklist=worklist))
    if pd.isna(row.item_count):
        reason = "" if pd.isna(row.reason) else str(row.reason)
        unknown = Cell(NOT_KNOWN, value="", detail=reason)
        return (link, unknown, NONE_DUE, NONE_DUE)
    counts = [number_cell(len(items), visit.href("worklist", worklist=worklist))]
    for choice in ("over", "week"):
        if items["due_date"].isna().all() and pd.isna(row.due_rule):
            counts.append(NONE_DUE)
            continue
        count = int(find_due(items, choice).fillna(value=False).sum())
        counts.append(number_cell(count, visit.href("worklist", {"due": choice}, worklist=worklist)))
    return (link, *counts)
