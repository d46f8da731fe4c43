"""The years that are forecast: each year to date, with the outturn of the year before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.series.series_keys import SERIES_KEY, map_keys, quarter_parts
from cf_pipeline.forecast.series.series_kind import ratio_scale, series_kind

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

NO_FORECAST_RULE = "none"
NOT_COVERED = "x"
TOTAL_BREAKDOWNS = ("total", "band")
"""Breakdowns that are forecast for every year; the others only for the newest year."""


def years_so_far(kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """Each complete year to date (at quarter 4 the year), with last year's outturn.

    Returns:
        One row a series, year and number of elapsed quarters: authority_code, kpi_id, breakdown, category,
        fiscal_year, year (the calendar year it starts in), quarters_used, numerator, denominator, value,
        symbol, last_year (last year's outturn, or missing), years (whole years before that have an outturn),
        and of the KPI rule (its forecast rule), series_kind and scale (`ratio_scale`). A year to date that
        the deliveries do not cover has no row.
    """
    rows = _cumulative_figures(kpi_quarterly, registry)
    is_complete, basis = rows["quarters_used"].eq(QUARTERS_PER_YEAR), rows["basis"]
    to_date = rows[(basis.eq("ytd") & ~is_complete) | (basis.eq("year") & is_complete)].drop(columns="basis")
    newest_year = to_date.groupby("authority_code")["year"].transform("max")
    to_date = to_date[to_date["breakdown"].isin(TOTAL_BREAKDOWNS) | to_date["year"].eq(newest_year)]
    outturns = rows[basis.eq("year")][[*SERIES_KEY, "year", "value"]].rename(columns={"value": "last_year"})
    first_outturns = outturns.groupby(SERIES_KEY, as_index=False).agg(first=("year", "min"))
    found = to_date.merge(
        outturns.assign(year=outturns["year"] + 1),
        on=[*SERIES_KEY, "year"],
        how="left",
        validate="many_to_one",
    ).merge(first_outturns, on=SERIES_KEY, how="left", validate="many_to_one")
    years = (found["year"] - found["first"]).fillna(0).clip(lower=0)
    return found.drop(columns="first").assign(years=years.astype("int64"))


def _cumulative_figures(kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """The covered years to date and years of the KPIs that have a forecast rule."""
    kpis = {kpi.id: kpi for kpi in registry.values() if kpi.forecast_rule != NO_FORECAST_RULE}
    rows = kpi_quarterly[
        kpi_quarterly["kpi_id"].isin(list(kpis))
        & kpi_quarterly["basis"].isin(["ytd", "year"])
        & kpi_quarterly["symbol"].ne(NOT_COVERED)
    ]
    parts = quarter_parts(rows["quarter_key"])
    kpi_id = rows["kpi_id"]
    columns = [*SERIES_KEY, "basis", "numerator", "denominator", "value", "symbol"]
    return rows[columns].assign(
        symbol=rows["symbol"].fillna(""),
        fiscal_year=parts["fiscal_year"],
        year=parts["year"],
        quarters_used=parts["quarter_no"],
        rule=map_keys(kpi_id, {kpi.id: kpi.forecast_rule for kpi in kpis.values()}, "str"),
        series_kind=map_keys(
            kpi_id, {kpi.id: series_kind(kpi.forecast_rule, kpi.kind) for kpi in kpis.values()}, "str"
        ),
        scale=map_keys(kpi_id, {kpi.id: ratio_scale(kpi.kind) for kpi in kpis.values()}, "int64"),
    )
