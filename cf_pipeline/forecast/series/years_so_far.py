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
    year, quarter = np.divmod(quarter_numbers(kpi_quarterly["quarter_key"]), QUARTERS_PER_YEAR)
    is_forecast, is_outturn = _find_rows(kpi_quarterly, list(kpis), year, quarter)
    last_year, years = _years_before(kpi_quarterly, year, is_forecast, is_outturn)
    columns = [*SERIES_KEY, "quarter_key", "numerator", "denominator", "value", "symbol"]
    found = kpi_quarterly.loc[is_forecast, columns].reset_index(drop=True)
    kpi_id, parts = found["kpi_id"], quarter_parts(found.pop("quarter_key"))
    kinds = {kpi.id: series_kind(kpi.forecast_rule, kpi.kind) for kpi in kpis.values()}
    return found.assign(
        symbol=found["symbol"].fillna(""),
        fiscal_year=parts["fiscal_year"],
        year=parts["year"],
        quarters_used=parts["quarter_no"],
        last_year=pd.array(last_year, dtype="Float64"),
        years=years,
        rule=map_keys(kpi_id, {kpi.id: kpi.forecast_rule for kpi in kpis.values()}, "category"),
        series_kind=map_keys(kpi_id, kinds, "category"),
        scale=map_keys(kpi_id, {kpi.id: ratio_scale(kpi.kind) for kpi in kpis.values()}, "int64"),
    )


def _years_before(
    kpi_quarterly: pd.DataFrame, year: np.ndarray, is_forecast: np.ndarray, is_outturn: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of each row that is forecast: last year's outturn (NaN for none), and the years since the first one."""
    is_read = is_forecast | is_outturn
    series, names = series_numbers(kpi_quarterly.loc[is_read, SERIES_KEY])
    column = year[is_read] - (year.min() if len(year) else 0)
    outturn, is_forecast = np.flatnonzero(is_outturn[is_read]), is_forecast[is_read]
    values = np.full((len(names), column.max(initial=0) + 2), np.nan)  # the last column stays empty
    values[series[outturn], column[outturn]] = kpi_quarterly["value"].to_numpy(
        dtype="float64", na_value=np.nan
    )[is_outturn]
    first = np.full(len(names), values.shape[1])
    np.minimum.at(first, series[outturn], column[outturn])
    series, column = series[is_forecast], column[is_forecast]
    return values[series, column - 1], np.maximum(column - first[series], 0)


def _find_rows(
    kpi_quarterly: pd.DataFrame, kpi_ids: list[str], year: np.ndarray, quarter: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are a year to date that is forecast, and which an outturn, of KPIs with a forecast rule."""
    basis, breakdown = kpi_quarterly["basis"], kpi_quarterly["breakdown"]
    is_covered = kpi_quarterly["kpi_id"].isin(kpi_ids) & kpi_quarterly["symbol"].ne(NOT_COVERED)
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
