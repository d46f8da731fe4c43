"""The page of caseloads: the open cases of each worker, children by their status."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.dashboard.content import Cell, Column, Content, Section, TableView, Text
from cf_pipeline.dashboard.pages.records.rows.cells import number_cell, worker_cell
from cf_pipeline.dashboard.pages.records.rows.filters import NOBODY, narrow_rows, team_choice
from cf_pipeline.dashboard.pages.records.rows.labels import list_title, text_of
from cf_pipeline.dashboard.pages.records.rows.reading import own_rows, whose_words
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.outputs.report.words import day

CASELOAD = "caseload"


def caseload_content(visit: Visit) -> Content:
    """Workers with their children by status, each count with the way to its cases.

    Raises:
        PageError: there is no such choice.
    """
    where = own_rows(visit, worklist=CASELOAD)
    tables = visit.read_records({"worklist": where, "worklist_item": where})
    items = tables["worklist_item"]
    found, form = narrow_rows(visit, items, [team_choice(items)])
    table = _worker_table(visit, found)
    return Content(
        "Caseload by worker",
        (visit.link(str(visit.authority.name), "overview"),),
        (
            Text(
                _summary(visit, tables["worklist"], items),
                (visit.link("Every open case", "worklist", worklist=CASELOAD),),
            ),
        ),
        (Section("workers", "Workers", (form, table) if form else (table,)),),
        subject="caseload by worker",
    )


def _summary(visit: Visit, lists: pd.DataFrame, items: pd.DataFrame) -> str:
    if lists.empty or pd.isna(lists["item_count"].iloc[0]):
        reason = text_of(lists["reason"].iloc[0]) if len(lists) else ""
        return f"Who has which case is not known. {reason}".strip()
    children, workers = items["person_ref"].nunique(), items["worker"].nunique()
    return (
        f"{children:,} children with an open case{whose_words(visit)} and {workers:,} workers, as at "
        f"{day(lists['as_at'].iloc[0])}. A child with two workers is counted with each."
    )


def _worker_table(visit: Visit, items: pd.DataFrame) -> TableView:
    """A row a worker, a column a status; those without a worker are in a row of their own."""
    statuses = [name for name in list_contracts() if items["category"].eq(name).any()]
    statuses += sorted({text_of(code) for code in items["category"].dropna()} - set(statuses))
    by_worker = items.assign(worker=items["worker"].astype(object).where(items["worker"].notna(), NOBODY))
    team = visit.query.get("team", "")
    rows = []
    for worker, cases in by_worker.groupby("worker", sort=True):
        choice = {"worker": str(worker), "team": team}
        name = next(iter(cases["worker_name"].dropna()), None)
        counts = [int(cases.loc[cases["category"].eq(status), "person_ref"].nunique()) for status in statuses]
        rows.append(
            (
                worker_cell(None if worker == NOBODY else worker, name),
                Cell("; ".join(sorted({text_of(each) for each in cases["team"].dropna()}))),
                number_cell(cases["person_ref"].nunique(), visit.href("worklist", choice, worklist=CASELOAD)),
                *(
                    number_cell(
                        count,
                        visit.href("worklist", {**choice, "category": status}, worklist=CASELOAD)
                        if count
                        else None,
                    )
                    for status, count in zip(statuses, counts, strict=True)
                ),
            )
        )
    return TableView(
        "workers",
        "Children with an open case, by worker and status",
        (
            Column("Worker"),
            Column("Team"),
            Column("Children", is_number=True),
            *(Column(list_title(status), is_number=True) for status in statuses),
        ),
        tuple(rows),
        "No case is open.",
        is_long=True,
    )
