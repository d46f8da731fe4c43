"""A visit of a page with figures, over the tables of the small publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.access.users import Role, User
from cf_pipeline.dashboard.content import Cell, Content, TableView
from cf_pipeline.dashboard.page import Page
from cf_pipeline.dashboard.pages.figures.pages import FIGURE_PAGES
from cf_pipeline.dashboard.source import Publication, Rows
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.forecast.targets import Target
from tests.support import publication_example as example
from tests.support.published_tables import with_views

ANALYST, VIEWER = User("ann", Role.ANALYST), User("vic", Role.VIEWER)
RECORD_PATHS = {
    "records": "/{authority}/records/{kpi_id}",
    "today": "/{authority}/today",
    "worklist": "/{authority}/today/{worklist}",
    "changes": "/{authority}/changes",
    "data_quality": "/{authority}/data-quality",
    "find_child": "/{authority}/find-child",
}
"""The pages of records, and the search for a child, that pages with figures lead to."""
PAGES = {page.name: page for page in FIGURE_PAGES}


def target(kpi_id: str, value: float) -> Target:
    """A target of the authority since 2018."""
    return Target(kpi_id, value, dt.date(2018, 4, 1), None, None, "head of service", dt.date(2018, 3, 1))


def tables(**changed: Any) -> dict[str, pd.DataFrame]:
    """The tables of the small publication; arguments as of `publication_example.tables`."""
    targets = changed.pop("targets", ())
    return with_views(example.tables(targets=targets, **changed), "v_kpi_change")


def visit(
    published: Mapping[str, pd.DataFrame],
    query: Mapping[str, str] | None = None,
    user: User = ANALYST,
    **path_values: str,
) -> Visit:
    """A visit of the authority of the small publication."""
    known = published["dim_authority"]
    rows = known[known["has_figures"].astype(bool)].sort_values("name").itertuples(index=False)
    return Visit(
        user=user,
        publication=Publication(1, "run-1", dt.datetime(2020, 1, 6, tzinfo=dt.UTC)),
        authorities={str(row.slug): row for row in rows},
        path_values={"authority": example.SLUG, **path_values},
        query=query or {},
        path_of={**RECORD_PATHS, **{page.name: page.path for page in FIGURE_PAGES}},
        read_figures=lambda rows: select_rows(published, rows),
        read_records=lambda rows: select_rows(published, rows),
    )


def select_rows(published: Mapping[str, pd.DataFrame], rows: Rows) -> dict[str, pd.DataFrame]:
    """The rows that the warehouse would read."""
    found = {}
    for name, where in rows.items():
        frame = published[name]
        for column, value in where.items():
            frame = frame[frame[column].isin(value if isinstance(value, list) else [value])]
        found[name] = frame.reset_index(drop=True)
    return found


def content_of(page: str, published: Mapping[str, pd.DataFrame], *arguments: Any, **more: Any) -> Content:
    """The content of a page by its name; arguments as of `visit`."""
    made: Page = PAGES[page]
    return made.make_content(visit(published, *arguments, **more))


def table_of(content: Content, name: str) -> TableView:
    """A table of a page."""
    return next(table for table in content.tables() if table.name == name)


def texts(table: TableView) -> list[list[str]]:
    """What is read in a table, row by row."""
    return [[cell.text for cell in row] for row in table.rows]


def cell_of(table: TableView, row: str, column: str) -> Cell:
    """The cell of the row that begins with a text, in the column of a name."""
    names = [each.name for each in table.columns]
    found = next(each for each in table.rows if each[0].text == row)
    return found[names.index(column)]
