"""What a forecast starts from: each year as far as it has gone, and last year's outturn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.forecast.series.series_keys import SERIES
from cf_pipeline.forecast.series.series_kind import family_of, scale_of

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

NO_RULE = "none"
NOT_COVERED = "x"
TOTALS = ("total", "band")
"""Breakdowns that are forecast for every year; others for the newest, to which a reader turns."""


def years_so_far(kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """Each complete year to date, and at quarter 4 the year, beside last year's outturn.

    Returns:
        One row a series, year and quarters elapsed: authority_code, kpi_id, breakdown, category, fiscal_year,
        year (the calendar year it starts in), quarters_used, numerator, denominator, value, symbol, last_year
        (its outturn; may be missing), years (whole years before that have an outturn), rule, family and scale
        (of the KPI). A year to date that the deliveries do not cover has no row.
    """
    rows = _forecastable(kpi_quarterly, registry)
    is_last, basis = rows["quarters_used"].eq(4), rows["basis"]
    so_far = rows[(basis.eq("ytd") & ~is_last) | (basis.eq("year") & is_last)].drop(columns="basis")
    newest = so_far.groupby("authority_code")["year"].transform("max")
    so_far = so_far[so_far["breakdown"].isin(TOTALS) | so_far["year"].eq(newest)]
    full = rows[basis.eq("year")][[*SERIES, "year", "value"]].rename(columns={"value": "last_year"})
    first = full.groupby(SERIES, as_index=False).agg(first=("year", "min"))
    beside = so_far.merge(
        full.assign(year=full["year"] + 1), on=[*SERIES, "year"], how="left", validate="many_to_one"
    ).merge(first, on=SERIES, how="left", validate="many_to_one")
    years = (beside["year"] - beside["first"]).fillna(0).clip(lower=0)
    return beside.drop(columns="first").assign(years=years.astype("int64"))


def _forecastable(kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    kpis = {kpi.id: kpi for kpi in registry.values() if kpi.forecast_rule != NO_RULE}
    rows = kpi_quarterly[
        kpi_quarterly["kpi_id"].isin(list(kpis))
        & kpi_quarterly["basis"].isin(["ytd", "year"])
        & kpi_quarterly["symbol"].fillna("").ne(NOT_COVERED)
    ]
    key = rows["quarter_key"].str
    columns = [*SERIES, "basis", "numerator", "denominator", "value", "symbol"]
    return rows[columns].assign(
        symbol=rows["symbol"].fillna(""),
        fiscal_year=key[:7],
        year=key[:4].astype("Int64"),
        quarters_used=key[-1].astype("Int64"),
        rule=rows["kpi_id"].map({kpi.id: kpi.forecast_rule for kpi in kpis.values()}),
        family=rows["kpi_id"].map({kpi.id: family_of(kpi.forecast_rule, kpi.kind) for kpi in kpis.values()}),
        scale=rows["kpi_id"].map({kpi.id: scale_of(kpi.kind) for kpi in kpis.values()}),
    )
