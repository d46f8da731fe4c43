"""The page of the records behind a figure: a count equals its number of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, Content, Form, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.records.rows.cells import child_cell, team_cell
from cf_pipeline.dashboard.pages.records.rows.filters import column_choice, narrow_rows, team_choice
from cf_pipeline.dashboard.pages.records.rows.labels import list_title, text_of
from cf_pipeline.dashboard.pages.records.rows.reading import own_rows, read_child_ids, whose_words
from cf_pipeline.dashboard.visit import Visit, row_of
from cf_pipeline.outputs.report.cells import format_number

BASES = {"quarter": "the quarter", "ytd": "the year to date", "year": "the whole year"}
ROLES = {"numerator": "counted", "denominator": "in the whole that the figure is of"}
_SEPARATOR, _COPY = "|", "#"
_ID = "id:"


def members_content(visit: Visit) -> Content:
    """The records behind the figure that the path and the query name.

    Raises:
        PageError: there is no such measure, quarter, basis or role.
    """
    kpi_id = visit.path_values["kpi_id"]
    totals = own_rows(visit, kpi_id=kpi_id, breakdown="total", category="all")
    tables = visit.read_figures({"dim_kpi": {}, "dim_quarter": {}, "fact_kpi_quarterly": totals})
    kpi = row_of(tables["dim_kpi"], kpi_id=kpi_id)
    if kpi is None:
        raise visit.unknown("measure", kpi_id, [str(each) for each in tables["dim_kpi"]["kpi_id"]])
    quarters = [str(key) for key in tables["dim_quarter"]["quarter_key"]]
    quarter = visit.choice("quarter", quarters, str(visit.authority.latest_quarter_key), "quarter")
    basis = visit.choice("basis", list(BASES), "quarter", "basis")
    role = visit.choice("role", list(ROLES), "numerator", "kind of records")
    where = own_rows(visit, kpi_id=kpi_id, quarter_key=quarter, basis=basis, role=role)
    members = visit.read_records({"kpi_member": where})["kpi_member"].sort_values("member_no")
    row = row_of(tables["fact_kpi_quarterly"], quarter_key=quarter, basis=basis)
    choices = [team_choice(members), column_choice(members, "list", "List", list_title)]
    found, form = narrow_rows(visit, members, choices)
    table = _member_table(visit, found, read_child_ids(visit, found["person_ref"]))
    summary = f"{quarter}, {BASES[basis]}: {_summary(visit, row, role, len(members), len(found))}"
    return Content(
        f"Records behind: {kpi.title}",
        (
            visit.link(str(visit.authority.name), "overview"),
            visit.link(str(kpi.title), "kpi", {"quarter": quarter}),
        ),
        (Text(summary), *_note_of_category(visit)),
        (Section("records", "The records", (_with_choices(form, visit), table) if form else (table,)),),
        subject=f"{role} of {kpi_id}, {quarter}, {basis}",
    )


def _with_choices(form: Form, visit: Visit) -> Form:
    """The form, which keeps the figure that the records are behind."""
    kept = ((name, visit.query.get(name, "")) for name in ("quarter", "basis", "role"))
    return replace(form, kept=tuple((name, value) for name, value in kept if value))


def _summary(visit: Visit, row: Any, role: str, visible_count: int, shown_count: int) -> str:
    """How many records the figure has, and how many of them are shown, in words."""
    count = None if row is None else getattr(row, role)
    if count is None or pd.isna(count):
        reason = "" if row is None else text_of(row.reason)
        return f"the figure has no such count. {reason}".strip()
    parts = [f"{format_number(count, 0)} {'record is' if count == 1 else 'records are'} {ROLES[role]}"]
    if visible_count < count:
        parts.append(f"{visible_count:,} of them are{whose_words(visit) or ' found'}")
    parts.append("all of these are shown" if shown_count == visible_count else f"{shown_count:,} are shown")
    return f"{'; '.join(parts)}."


def _note_of_category(visit: Visit) -> tuple[Text, ...]:
    """Where a breakdown was asked for that the records do not tell apart."""
    breakdown = visit.query.get("breakdown", "")
    if breakdown in ("", "total", "team"):
        return ()
    return (
        Text("The records are not told apart by this breakdown: these are all of the total.", kind="notice"),
    )


def _member_table(visit: Visit, members: pd.DataFrame, child_ids: Mapping[str, str]) -> TableView:
    return TableView(
        "records",
        "Records behind the figure",
        (Column("Child"), Column("Team"), Column("List"), Column("Record"), Column("Number", is_number=True)),
        tuple(
            (
                child_cell(visit, row.person_ref, child_ids),
                team_cell(row.team),
                Cell(list_title(row.list)),
                Cell(record_text(row.record_key, str(row.person_ref))),
                Cell(f"{int(row.member_no):,}", int(row.member_no)),
            )
            for row in rows_of(members)
        ),
        "You may see none of the records behind this figure, or it counts none.",
        is_long=True,
        has_children=True,
    )


def record_text(record_key: Any, person_ref: str) -> str:
    """What tells a record from the child's others: its number in the case system, or the day it began."""
    parts = text_of(record_key).rpartition(_COPY)[0].split(_SEPARATOR)
    words = [part for part in parts if part and part != person_ref and not part.isidentifier()]
    return " ".join(
        part.removeprefix(_ID) if part.startswith(_ID) else part.removesuffix("T00:00") for part in words
    )
