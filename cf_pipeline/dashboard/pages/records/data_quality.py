"""The page of the data's quality: what to mend, by list and rule. It holds counts and no child."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.contracts.english import count_of, join_words
from cf_pipeline.dashboard.content import Cell, Column, Content, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.records.rows.cells import NOT_KNOWN, number_cell
from cf_pipeline.dashboard.pages.records.rows.filters import column_choice, narrow_rows
from cf_pipeline.dashboard.pages.records.rows.labels import list_title, text_of
from cf_pipeline.dashboard.pages.records.rows.reading import own_rows
from cf_pipeline.dashboard.visit import Visit

SEVERITIES = {"error": "Errors", "warning": "Warnings", "info": "Notes"}
"""The worst first."""
WORDS = {"error": ("error", "errors"), "warning": ("warning", "warnings"), "info": ("note", "notes")}
DATA_ERRORS = "data_errors"
SEVERAL_LISTS = "a file, or several lists"


def data_quality_content(visit: Visit) -> Content:
    """The issues in the newest delivery of each list, with the change since the delivery before.

    Raises:
        PageError: there is no such choice.
    """
    issues = visit.read_figures({"v_data_quality": own_rows(visit)})["v_data_quality"]
    issues = issues[issues["issues"].gt(0)]
    found, form = narrow_rows(visit, issues, [column_choice(issues, "list", "List", list_title)])
    sections = [Section("lists", "By list", (_list_table(visit, issues), *((form,) if form else ())))]
    for severity, title in SEVERITIES.items():
        of_severity = found[found["severity"].eq(severity)]
        if len(of_severity):
            sections.append(Section(f"{severity}s", title, (_issue_table(severity, title, of_severity),)))
    return Content(
        "Data quality: what to mend",
        (visit.link(str(visit.authority.name), "overview"),),
        (_summary(visit, issues),),
        tuple(sections),
        subject="data quality",
    )


def _summary(visit: Visit, issues: pd.DataFrame) -> Text:
    counts = [
        count_of(int(issues.loc[issues["severity"].eq(severity), "issues"].sum()), *words)
        for severity, words in WORDS.items()
    ]
    sees_children = visit.user.share_of(str(visit.authority.slug)) is not None
    links = (visit.link("Which children", "worklist", worklist=DATA_ERRORS),) if sees_children else ()
    return Text(f"In the newest delivery of each list: {join_words(counts)}.", links)


def _list_table(visit: Visit, issues: pd.DataFrame) -> TableView:
    """A row a list: its errors, warnings and notes, and the change in errors."""
    rows = []
    for name, of_list in issues.assign(
        name=issues["list"].astype(object).where(issues["list"].notna(), "")
    ).groupby("name"):
        errors = of_list[of_list["severity"].eq("error")]
        href = visit.href("data_quality", {"list": name}) if name else None
        rows.append(
            (
                Cell(list_title(name) if name else SEVERAL_LISTS, href=href),
                *(
                    number_cell(of_list.loc[of_list["severity"].eq(severity), "issues"].sum())
                    for severity in SEVERITIES
                ),
                trend_cell(errors["trend"].sum(min_count=1)),
            )
        )
    return TableView(
        "lists",
        "Issues by list, in its newest delivery",
        (
            Column("List"),
            *(Column(title, is_number=True) for title in SEVERITIES.values()),
            Column("Errors since the delivery before", is_number=True),
        ),
        tuple(rows),
        "Nothing is wrong in the newest deliveries.",
    )


def _issue_table(severity: str, title: str, issues: pd.DataFrame) -> TableView:
    return TableView(
        severity,
        f"{title}, the most frequent first",
        (
            Column("What is wrong"),
            Column("List"),
            Column("Number", is_number=True),
            Column("Since the delivery before", is_number=True),
            Column("What to do"),
        ),
        tuple(
            (
                Cell(text_of(row.message) or str(row.rule), detail=str(row.rule)),
                Cell(list_title(row.list) or SEVERAL_LISTS),
                number_cell(row.issues),
                trend_cell(row.trend),
                Cell(text_of(row.suggestion)),
            )
            for row in rows_of(issues.sort_values("issues", ascending=False, kind="stable"))
        ),
        "There is none.",
        is_long=True,
    )


def trend_cell(trend: Any) -> Cell:
    """A change in a number of issues: '+3', '-2', '0'; a dash where there was no delivery before."""
    if pd.isna(trend):
        return NOT_KNOWN
    number = int(trend)
    return Cell(f"{number:+,}" if number else "0", number)
