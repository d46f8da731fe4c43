"""The years that are forecast: each year to date, with the outturn of the year before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.series.series_keys import (
    SERIES_KEY,
    map_keys,
    quarter_numbers,
    quarter_parts,
    series_numbers,
)
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
    kpis = {kpi.id: kpi for kpi in registry.values() if kpi.forecast_rule != NO_FORECAST_RULE}
    is_forecast, is_outturn = _find_rows(kpi_quarterly, list(kpis))
    columns = [*SERIES_KEY, "quarter_key", "numerator", "denominator", "value", "symbol"]
    rows = kpi_quarterly.loc[is_forecast | is_outturn, columns]
    parts, (series, _) = quarter_parts(rows["quarter_key"]), series_numbers(rows)
    rows = pd.concat([rows.drop(columns="quarter_key"), parts], axis=1)
    rows = rows.rename(columns={"quarter_no": "quarters_used"}).assign(series=series)
    is_forecast, is_outturn = is_forecast[is_forecast | is_outturn], is_outturn[is_forecast | is_outturn]
    outturns = rows.loc[is_outturn, ["series", "year", "value"]].rename(columns={"value": "last_year"})
    first_years = outturns.groupby("series")["year"].min()
    found: pd.DataFrame = rows[is_forecast].merge(
        outturns.assign(year=outturns["year"] + 1),
        on=["series", "year"],
        how="left",
        validate="many_to_one",
    )
    years = (found["year"] - found["series"].map(first_years)).fillna(0).clip(lower=0)
    kpi_id = found["kpi_id"]
    kinds = {kpi.id: series_kind(kpi.forecast_rule, kpi.kind) for kpi in kpis.values()}
    return found.drop(columns="series").assign(
        symbol=found["symbol"].fillna(""),
        years=years.astype("int64"),
        rule=map_keys(kpi_id, {kpi.id: kpi.forecast_rule for kpi in kpis.values()}, "str"),
        series_kind=map_keys(kpi_id, kinds, "str"),
        scale=map_keys(kpi_id, {kpi.id: ratio_scale(kpi.kind) for kpi in kpis.values()}, "int64"),
    )


def _find_rows(kpi_quarterly: pd.DataFrame, kpi_ids: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are a year to date that is forecast, and which an outturn, of KPIs with a forecast rule."""
    basis, breakdown = kpi_quarterly["basis"], kpi_quarterly["breakdown"]
    is_covered = kpi_quarterly["kpi_id"].isin(kpi_ids) & kpi_quarterly["symbol"].ne(NOT_COVERED)
    year, quarter = np.divmod(quarter_numbers(kpi_quarterly["quarter_key"]), QUARTERS_PER_YEAR)
    is_complete = quarter == QUARTERS_PER_YEAR - 1
    is_outturn = (is_covered & basis.eq("year")).to_numpy(dtype="bool")
    is_part = (is_covered & basis.eq("ytd")).to_numpy(dtype="bool") & ~is_complete
    is_to_date = is_part | (is_outturn & is_complete)
    authority, names = pd.factorize(kpi_quarterly["authority_code"])
    newest_years = np.zeros(len(names), dtype="int64")
    np.maximum.at(newest_years, authority[is_to_date], year[is_to_date])
    is_newest = year == newest_years[authority]
    is_total = breakdown.isin(TOTAL_BREAKDOWNS).to_numpy(dtype="bool")
    return is_to_date & (is_total | is_newest), is_outturn
