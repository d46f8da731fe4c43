"""The page of one of today's lists: its rows, the longest overdue first, and what can be chosen of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from cf_pipeline.contracts.english import sentence
from cf_pipeline.dashboard.content import Block, Cell, Column, Content, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.records.rows.cells import (
    child_cell,
    date_cell,
    left_cell,
    number_cell,
    place_text,
    team_cell,
    worker_cell,
    yes_no_cell,
)
from cf_pipeline.dashboard.pages.records.rows.counts import count_recent, count_teams
from cf_pipeline.dashboard.pages.records.rows.event_table import make_event_table
from cf_pipeline.dashboard.pages.records.rows.filters import item_choices, narrow_rows
from cf_pipeline.dashboard.pages.records.rows.labels import code_text, list_title, text_of
from cf_pipeline.dashboard.pages.records.rows.list_words import ListWords, list_name, words_of
from cf_pipeline.dashboard.pages.records.rows.reading import own_rows, read_child_ids
from cf_pipeline.dashboard.visit import Visit, row_of
from cf_pipeline.outputs.report.words import day

ShowCell = Callable[[Any], Cell]


def worklist_content(visit: Visit) -> Content:
    """The list that the path names.

    Raises:
        PageError: there is no such list, or no such choice.
    """
    name = visit.path_values["worklist"]
    tables = visit.read_records(
        {"worklist": own_rows(visit), "worklist_item": own_rows(visit, worklist=name)}
    )
    lists = tables["worklist"]
    row = row_of(lists, worklist=name)
    if row is None:
        raise visit.unknown("list", name, [str(each) for each in lists["worklist"]])
    words, items = words_of(name), tables["worklist_item"].sort_values("item_no")
    found, form = narrow_rows(visit, items, item_choices(items, words))
    child_ids = read_child_ids(visit, found["person_ref"])
    table = _item_table(visit, row, found, _columns(visit, items, words, child_ids))
    blocks: list[Block] = [form, table] if form else [table]
    return Content(
        list_name(row),
        (visit.link(str(visit.authority.name), "overview"), visit.link("Today's lists", "today")),
        _summary(visit, row, len(items), len(found)),
        (
            Section("rows", "The list", tuple(blocks)),
            *count_recent(visit, items, words),
            *count_teams(visit, items),
            *_history(visit, found, words, child_ids),
        ),
        subject=f"list {name}",
    )


def _summary(visit: Visit, row: Any, count: int, shown_count: int) -> tuple[Text, ...]:
    """What the list holds, of which day it is, and why it is not known where it is not."""
    texts = [Text(str(row.title) if str(row.title).endswith(".") else sentence(str(row.title)))]
    if not pd.isna(row.reason):
        texts.append(Text(f"This list is not known: {sentence(str(row.reason))}", kind="notice"))
    elif pd.isna(row.item_count):
        texts.append(Text("This list is not known.", kind="notice"))
    else:
        of_all = (
            ""
            if count == int(row.item_count)
            else f" of your teams; the authority has {int(row.item_count):,}"
        )
        which = "" if shown_count == count else f"{shown_count:,} of "
        texts.append(
            Text(
                f"{which}{count:,} {'row' if count == 1 else 'rows'}{of_all}, as at {day(row.as_at)}, "
                "the day of the newest delivery: days are counted to it.",
                _kpi_links(visit, row),
            )
        )
    if not pd.isna(row.counted_reason):
        texts.append(Text(sentence(str(row.counted_reason)), kind="quiet"))
    return tuple(texts)


def _kpi_links(visit: Visit, row: Any) -> tuple[Any, ...]:
    """Links to the measures whose records the list holds and counts."""
    wanted = [str(name) for name in (row.kpi_id, row.counted_by) if not pd.isna(name)]
    if not wanted or "kpi" not in visit.path_of:
        return ()
    titles = visit.read_figures({"dim_kpi": {"kpi_id": wanted}})["dim_kpi"].set_index("kpi_id")["title"]
    return tuple(visit.link(str(titles[name]), "kpi", kpi_id=name) for name in wanted if name in titles)


def _item_table(
    visit: Visit, row: Any, items: pd.DataFrame, columns: list[tuple[Column, ShowCell]]
) -> TableView:
    return TableView(
        "rows",
        list_name(row),
        tuple(column for column, _ in columns),
        tuple(tuple(show(item) for _, show in columns) for item in rows_of(items)),
        "No row of the list is as you chose." if visit.query else "The list has no row.",
        is_long=True,
        has_children=True,
    )


def _columns(
    visit: Visit, items: pd.DataFrame, words: ListWords, child_ids: Mapping[str, str]
) -> list[tuple[Column, ShowCell]]:
    """The columns that the list has, whichever rows are chosen, each with what makes its cell."""
    columns: list[tuple[str, str, bool, ShowCell]] = [
        ("Child", "person_ref", False, lambda row: child_cell(visit, row.person_ref, child_ids)),
        ("Team", "person_ref", False, lambda row: team_cell(row.team)),
        ("Worker", "worker", False, lambda row: worker_cell(row.worker, row.worker_name)),
        ("Severity", "severity", False, lambda row: Cell(text_of(row.severity))),
        (words.category, "category", False, lambda row: Cell(code_text(row.category, words.codes))),
        (words.message, "message", False, lambda row: Cell(text_of(row.message))),
        (words.start, "start_date", False, lambda row: date_cell(row.start_date)),
        (words.last, "last_date", False, lambda row: date_cell(row.last_date)),
        (words.since, "days_since", True, lambda row: number_cell(row.days_since)),
        (
            words.working_days_since,
            "working_days_since",
            True,
            lambda row: number_cell(row.working_days_since),
        ),
        (words.number, "number", True, lambda row: number_cell(row.number)),
        ("Last day in time", "due_date", False, lambda row: date_cell(row.due_date)),
        ("Time left", "due_date", False, lambda row: left_cell(row.days_left)),
        (words.counted, "is_counted", False, lambda row: yes_no_cell(row.is_counted)),
        (
            "Where it stands",
            "person_ref",
            False,
            lambda row: Cell(list_title(row.list), detail=place_text(row)),
        ),
    ]
    own = words.own_columns
    return [
        (Column(name, is_number), show)
        for name, column, is_number, show in columns
        if name and (column in own or items[column].notna().any())
    ]


def _history(
    visit: Visit, items: pd.DataFrame, words: ListWords, child_ids: Mapping[str, str]
) -> tuple[Section, ...]:
    """The events of one delivered list of the children that are shown."""
    people = sorted({str(person) for person in items["person_ref"]})
    if not words.history or not people:
        return ()
    where = own_rows(visit, person_ref=people, list=words.history)
    events = visit.read_records({"child_timeline": where})["child_timeline"]
    title = f"Their history: {list_title(words.history).lower()}"
    table = make_event_table(visit, "history", title, events, child_ids)
    return (Section("history-of-children", title, (table,)),)
