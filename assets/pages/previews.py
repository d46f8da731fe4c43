"""What Dagster's pages show of a table: some of its newest rows, of the tables and columns named here alone.

Belongs here: aggregates. Does not belong here: a table of records, or a column that tells one child, record
or worker from another. These pages have no login, and Dagster keeps what they show with each run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg
import pandas as pd

from cf_pipeline.contracts.rounding import as_written, round_half_up
from cf_pipeline.headlines.table import AREAS
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import TableKey

MOST_ROWS = 30
PREVIEW = "preview"
"""The name under which a page shows it."""
KPI = "kpi_id"
HEADLINE_KPIS = frozenset(kpi_id for area in AREAS for kpi_id in area.kpi_ids)


@dataclass(frozen=True)
class Preview:
    """Which rows and columns of a table are shown; of a table with KPIs, those of the headlines.

    Attributes:
        columns: in their order.
        where: column -> the value that the rows shown have there.
        newest: columns, of each of which only rows with the largest value are shown: '2019/20 Q3'.
    """

    columns: tuple[str, ...]
    where: Mapping[str, str | bool] = field(default_factory=dict)
    newest: tuple[str, ...] = ()


OF_TOTALS = {"breakdown": "total"}
PREVIEWS: Mapping[TableKey, Preview] = {
    lake_layout.QUARTERLY: Preview(
        (KPI, "numerator", "denominator", "value", "symbol"),
        {"basis": "quarter", **OF_TOTALS},
        ("quarter_key",),
    ),
    lake_layout.FORECAST: Preview(
        (KPI, "method", "forecast", "lower_80", "upper_80", "last_year", "symbol"),
        {"is_selected": True, **OF_TOTALS},
        ("fiscal_year", "quarters_used"),
    ),
    lake_layout.CONTROL_LIMITS: Preview(
        (KPI, "value", "mean", "lower", "upper", "status", "variation", "assurance"), newest=("quarter_key",)
    ),
    lake_layout.COMPARISON: Preview(
        (KPI, "value", "reference", "difference", "phrase"),
        {"against": "forecast_vs_last_year"},
        ("quarter_key",),
    ),
    lake_layout.HEADLINES: Preview(("area", "text"), newest=("quarter_key",)),
    lake_layout.PUBLISHED: Preview(("table", "rows")),
}


def preview_metadata(key: TableKey, frame: pd.DataFrame) -> dict[str, dg.MetadataValue[Any]]:
    """The preview of a table as Dagster records it; nothing of a table that has none."""
    if key not in PREVIEWS:
        return {}
    return {PREVIEW: dg.MetadataValue.md(preview_text(frame, PREVIEWS[key]))}


def preview_text(frame: pd.DataFrame, preview: Preview) -> str:
    """A line that says which rows these are, and a table of them, in Markdown."""
    is_shown = pd.Series(data=True, index=frame.index)
    for column, value in preview.where.items():
        is_shown &= frame[column].eq(value)
    if KPI in preview.columns:
        is_shown &= frame[KPI].isin(HEADLINE_KPIS)
    caption = list[str]()
    for column in preview.newest if is_shown.any() else ():
        newest = frame.loc[is_shown, column].max()
        is_shown &= frame[column].eq(newest)
        caption.append(f"{column} {newest}")
    rows = frame.loc[is_shown, list(preview.columns)].head(MOST_ROWS)
    caption.append(f"{len(rows):,} of {len(frame):,} rows")
    return f"{', '.join(caption)}:\n\n{markdown_table(rows)}"


def markdown_table(frame: pd.DataFrame) -> str:
    """The rows of a frame as a table in Markdown; numbers with at most one digit after the point.

    It has no blanks for its looks: what is shorter than 1,000 characters a page shows without a click.
    """
    lines = [list(frame.columns), ["-"] * len(frame.columns)]
    lines += [[_cell(value) for value in row] for row in frame.astype(object).itertuples(index=False)]
    return "\n".join(f"|{'|'.join(line)}|" for line in lines)


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, int | float):
        return f"{round_half_up(as_written(value), 1):,}".removesuffix(".0")
    return " ".join(str(value).split()).replace("|", "\\|")
