"""The page of the records behind a figure: a count equals its number of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Block, Cell, Column, Content, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.records.item_cells import child_cell, team_cell
from cf_pipeline.dashboard.pages.records.item_filters import column_choice, narrow_rows, team_choice
from cf_pipeline.dashboard.pages.records.item_rows import own_rows, read_child_ids
from cf_pipeline.dashboard.pages.records.labels import list_title, text_of
from cf_pipeline.dashboard.visit import Visit, row_of
from cf_pipeline.outputs.report.cells import format_number

BASES = {"quarter": "the quarter", "ytd": "the year to date", "year": "the whole year"}
ROLES = {"numerator": "the records that are counted", "denominator": "the records that it is a share of"}
_SEPARATOR, _COPY = "|", "#"
_ID = "id:"


def members_content(visit: Visit) -> Content:
    """The records behind the figure that the path and the query name.

    Raises:
        PageError: there is no such measure, quarter, basis or role.
    """
    kpi_id = visit.path_values["kpi_id"]
    kpis = visit.read_figures({"dim_kpi": {}, "dim_quarter": {}})
    kpi = row_of(kpis["dim_kpi"], kpi_id=kpi_id)
    if kpi is None:
        raise visit.unknown("measure", kpi_id, [str(each) for each in kpis["dim_kpi"]["kpi_id"]])
    quarters = [str(key) for key in kpis["dim_quarter"]["quarter_key"]]
    quarter = visit.choice("quarter", quarters, str(visit.authority.latest_quarter_key), "quarter")
    basis = visit.choice("basis", list(BASES), "quarter", "basis")
    role = visit.choice("role", list(ROLES), "numerator", "kind of records")
    where = own_rows(visit, kpi_id=kpi_id, quarter_key=quarter, basis=basis)
    members = visit.read_records({"kpi_member": {**where, "role": role}})["kpi_member"].sort_values(
        "member_no"
    )
    figure = visit.read_figures({"fact_kpi_quarterly": {**where, "breakdown": "total", "category": "all"}})[
        "fact_kpi_quarterly"
    ]
    found, form = narrow_rows(
        visit, members, [team_choice(members), column_choice(members, "list", "List", list_title)]
    )
    table = _member_table(visit, found, read_child_ids(visit, found["person_ref"]))
    blocks: tuple[Block, ...] = (form, table) if form else (table,)
    return Content(
        f"Records behind: {kpi.title}",
        (
            visit.link(str(visit.authority.name), "overview"),
            visit.link(str(kpi.title), "kpi", {"quarter": quarter}),
        ),
        (
            Text(_summary(row_of(figure), role, quarter, basis, members, found)),
            *_note_of_category(visit),
        ),
        (Section("records", "The records", blocks),),
        subject=f"{role} of {kpi_id}, {quarter}, {basis}",
    )


def _summary(
    row: Any, role: str, quarter: str, basis: str, members: pd.DataFrame, found: pd.DataFrame
) -> str:
    """What the figure counts and how many of it the reader sees, in words."""
    period = f"{quarter}, {BASES[basis]}"
    count = None if row is None else getattr(row, role)
    if row is None or pd.isna(count):
        reason = "" if row is None else text_of(row.reason)
        return f"{period}: the figure has no count of {ROLES[role]}. {reason}".strip()
    shown = f"{len(found):,} of them are shown" if len(found) < len(members) else "all of them are shown"
    if len(members) < count:
        shown = f"{len(found):,} of them are of your teams"
    return f"{period}: {ROLES[role]} are {format_number(count, 0)}; {shown}."


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
