"""The published figures of other places, year by year, beside the council's own as published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cf_pipeline.contracts.authorities import PLACE_NAMES, places_beside
from cf_pipeline.dashboard.content import Cell, Column, TableView
from cf_pipeline.dashboard.pages.figures.cells import value_cell
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.scope import Scope
from cf_pipeline.outputs.report.places import COUNTS

_MEDIAN = "-N"
"""The end of the code under which the median of an authority's neighbours stands."""


def published_table(kpi: Any, rows: pd.DataFrame, names: Mapping[str, str]) -> TableView:
    """A row a year, the newest first; a column a place of which anything was published.

    Args:
        kpi: its row of `dim_kpi`.
        rows: those of `fact_comparator` of the KPI.
        names: code -> name of the places, in order.
    """
    values = {
        (int(row.year_ending), str(row.authority_code)): row.value
        for row in rows_of(rows)
        if row.authority_code in names and row.category == "all"
    }
    codes = [code for code in names if any(key[1] == code for key in values)]
    return TableView(
        "published-figures",
        f"{kpi.title}: published figures, by the year to March",
        (Column("Year to March"), *(Column(names[code], is_number=True) for code in codes)),
        tuple(
            (Cell(str(year), year), *(value_cell(values.get((year, code)), kpi) for code in codes))
            for year in sorted({key[0] for key in values}, reverse=True)
        ),
        "No figure of another place is published that this measure can be compared with.",
    )


def place_names(kpi: Any, scope: Scope, tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Code -> name of the places shown: the council, its region, England, its statistical neighbours.

    A count is never set beside that of another place (docs/rulings.md#18): of it the council alone.

    Args:
        kpi: its row of `dim_kpi`.
        scope: the authority.
        tables: `dim_authority` whole, and `dim_neighbour` of the authority.
    """
    places = rows_of(tables["dim_authority"])
    known = {str(row.authority_code): str(row.name) for row in places}
    own = {scope.code: f"{scope.authority.name}, as published"}
    if kpi.kind in COUNTS:
        return own
    beside = places_beside(scope.code).items()
    neighbours = tables["dim_neighbour"].sort_values("rank")
    return {
        **own,
        **{code: known.get(code, PLACE_NAMES[against]) for against, code in beside},
        f"{scope.code}{_MEDIAN}": "Statistical neighbours (median)",
        **dict(zip(neighbours["neighbour_code"], neighbours["neighbour"], strict=True)),
    }
