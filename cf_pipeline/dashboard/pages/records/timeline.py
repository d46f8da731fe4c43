"""The page of one child: the lists it is on today, and every event in order."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, Content, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.records.child_search import no_child
from cf_pipeline.dashboard.pages.records.rows.cells import date_cell, left_cell, team_cell, worker_cell
from cf_pipeline.dashboard.pages.records.rows.change_table import make_change_table
from cf_pipeline.dashboard.pages.records.rows.event_table import make_event_table
from cf_pipeline.dashboard.pages.records.rows.filters import column_choice, narrow_rows
from cf_pipeline.dashboard.pages.records.rows.labels import code_text, list_title
from cf_pipeline.dashboard.pages.records.rows.list_words import words_of
from cf_pipeline.dashboard.pages.records.rows.reading import own_rows
from cf_pipeline.dashboard.visit import Visit

TABLES = ("person", "worklist_item", "child_timeline", "change_since")


def child_content(visit: Visit) -> Content:
    """The child that the path names by its pseudonym.

    Raises:
        PageError: there is no such child among those that the reader may see.
    """
    person_ref = visit.path_values["person_ref"]
    tables = visit.read_records({name: own_rows(visit, person_ref=person_ref) for name in TABLES})
    if all(frame.empty for frame in tables.values()):
        raise no_child(visit)
    person = tables["person"]
    case_id = str(person["child_id"].iloc[0]) if len(person) else "id not known"
    events = tables["child_timeline"]
    found, form = narrow_rows(visit, events, [column_choice(events, "list", "Events of", list_title)])
    table = make_event_table(visit, "events", f"Every event of child {case_id}, in order", found)
    changes = make_change_table(visit, tables["change_since"], {person_ref: case_id})
    return Content(
        f"Child {case_id}",
        (visit.link(str(visit.authority.name), "overview"), visit.link("Today's lists", "today")),
        (Text(f"{len(events):,} {'event' if len(events) == 1 else 'events'} in the deliveries received."),),
        (
            Section("today", "On today's lists", (_list_table(visit, tables["worklist_item"]),)),
            Section("journey", "Every event", (form, table) if form else (table,)),
            Section("changes", "Changed by the newest delivery", (changes,)),
        ),
        subject=f"child {person_ref}",
    )


def _list_table(visit: Visit, items: pd.DataFrame) -> TableView:
    rows = []
    for row in rows_of(items):
        words = words_of(str(row.worklist))
        title = words.title or str(row.worklist).replace("_", " ")
        rows.append(
            (
                Cell(title, href=visit.href("worklist", worklist=str(row.worklist))),
                team_cell(row.team),
                worker_cell(row.worker, row.worker_name),
                Cell(code_text(row.category, words.codes)),
                date_cell(row.start_date),
                date_cell(row.last_date),
                date_cell(row.due_date),
                left_cell(row.days_left),
            )
        )
    names = ("List", "Team", "Worker", "What", "Since", "Last", "Last day in time", "Time left")
    return TableView(
        "today",
        "Today's lists with this child",
        tuple(Column(name) for name in names),
        tuple(rows),
        "The child is on none of today's lists.",
        has_children=True,
    )
