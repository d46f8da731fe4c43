"""The page of what the newest delivery changed: new, closed, moved and corrected records."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, Content, Section, TableView, Text
from cf_pipeline.dashboard.pages.records.rows.cells import number_cell
from cf_pipeline.dashboard.pages.records.rows.change_table import change_text, make_change_table
from cf_pipeline.dashboard.pages.records.rows.filters import column_choice, narrow_rows, team_choice
from cf_pipeline.dashboard.pages.records.rows.labels import list_title
from cf_pipeline.dashboard.pages.records.rows.reading import own_rows, read_child_ids, whose_words
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.outputs.report.words import day


def changes_content(visit: Visit) -> Content:
    """Every change that the reader may see.

    Raises:
        PageError: there is no such choice.
    """
    changes = visit.read_records({"change_since": own_rows(visit)})["change_since"]
    choices = [
        column_choice(changes, "change", "Change", change_text),
        column_choice(changes, "list", "List", list_title),
        team_choice(changes),
    ]
    found, form = narrow_rows(visit, changes, choices)
    table = make_change_table(visit, found, read_child_ids(visit, found["person_ref"]))
    return Content(
        "What changed since the last delivery",
        (visit.link(str(visit.authority.name), "overview"),),
        (Text(_summary(visit, changes)),),
        (
            Section("counts", "How many of each", (_count_table(visit, changes),)),
            Section("records", "The records", (form, table) if form else (table,)),
        ),
        subject="changes of the newest delivery",
    )


def _summary(visit: Visit, changes: pd.DataFrame) -> str:
    if changes.empty:
        return f"The newest delivery changed no record{whose_words(visit)}, or there was none before it."
    first, word = changes.iloc[0], "change" if len(changes) == 1 else "changes"
    return (
        f"{len(changes):,} {word} of records{whose_words(visit)} between "
        f"the delivery as at {day(first['from_as_at'])} and the newest as at {day(first['to_as_at'])}."
    )


def _count_table(visit: Visit, changes: pd.DataFrame) -> TableView:
    counts = changes.groupby(changes["change"].astype(str)).size()
    return TableView(
        "kinds",
        "Changes by kind",
        (Column("Change"), Column("Records", is_number=True)),
        tuple(
            (Cell(change_text(change)), number_cell(count, visit.href("changes", {"change": change})))
            for change, count in counts.items()
        ),
        "Nothing was changed.",
    )
