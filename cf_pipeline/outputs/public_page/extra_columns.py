"""The columns beside the quarters: the year-end forecast, and the published figure of another place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.outputs.public_page.cells import PublicCell, value_text
from cf_pipeline.outputs.public_release import COUNTS, TOTAL, PublicRelease, rows_of


@dataclass(frozen=True)
class ExtraColumn:
    """A column beside the quarters: its name, and the cells of the KPIs that have one."""

    name: str
    cells: dict[str, PublicCell]


def extra_columns(release: PublicRelease) -> list[ExtraColumn]:
    """The year-end forecast and the published figure of another place, where they may be said."""
    kpis = {kpi.kpi_id: kpi for kpi in release.kpis}
    return [_forecast_column(release, kpis), _place_column(release, kpis)]


def place_column(release: PublicRelease) -> tuple[str, pd.DataFrame]:
    """The place that figures stand beside, and the rows of `fact_kpi_comparison` with it.

    It is the authority's region, or England while no figure of the region is there (docs/rulings.md#35).
    """
    rows = release.comparisons
    now = rows[rows["quarter_key"].eq(release.quarter.key) & rows["reference"].notna()]
    name = release.authority.region_name
    region = [] if pd.isna(name) else [("london" if name == "London" else "region", str(name))]
    for against, place in (*region, ("england", "England")):
        found = now[now["against"].eq(against)].sort_values("basis")  # quarter, else year
        if len(found):
            return place, found.drop_duplicates("kpi_id")
    return "England", now.iloc[:0]


def _forecast_column(release: PublicRelease, kpis: dict[str, Any]) -> ExtraColumn:
    rows = release.forecasts
    now = rows[
        rows["fiscal_year"].eq(release.quarter.fiscal_year)
        & rows["quarters_used"].eq(release.quarter.number)
        & rows["breakdown"].eq(TOTAL)
        & rows["is_selected"].astype(bool)
        & rows["forecast"].notna()
        & rows["symbol"].isna()
        & rows["kpi_id"].isin(list(kpis))
    ]
    cells = {
        row.kpi_id: PublicCell(
            value_text(row.forecast, kpis[row.kpi_id]), "" if pd.isna(row.label) else str(row.label), True
        )
        for row in rows_of(now)
    }
    if release.quarter.number == QUARTERS_PER_YEAR:  # the year is complete: nothing is forecast
        return ExtraColumn(f"Year to March {release.quarter.year + 1}", cells)
    return ExtraColumn("Year-end forecast", cells)


def _place_column(release: PublicRelease, kpis: dict[str, Any]) -> ExtraColumn:
    place, rows = place_column(release)
    cells = {}
    for row in rows_of(rows):
        kpi = kpis.get(row.kpi_id)
        if kpi is None or kpi.kind in COUNTS:  # counts are never compared (docs/rulings.md#18)
            continue
        year = "" if pd.isna(row.year_ending) else f"year to March {int(row.year_ending)}"
        cells[row.kpi_id] = PublicCell(value_text(row.reference, kpi), year, True)
    return ExtraColumn(place, cells)
