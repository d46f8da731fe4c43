"""What a forecast starts from: each year as far as it has gone, and the outturns of the years before."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.kpi.registry import Kpi

SERIES = ["authority_code", "kpi_id", "breakdown", "category"]
NO_RULE = "none"
NOT_COVERED = "x"


def years_so_far(kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """Each complete year to date, and at quarter 4 the year.

    Returns:
        One row a total, year and quarters elapsed: authority_code, kpi_id, breakdown, category, fiscal_year,
        year (the calendar year it starts in), quarters_used, numerator, denominator, value, symbol, rule and
        kind (of the KPI). A year to date that the deliveries do not cover has no row.
    """
    rows = _forecastable(kpi_quarterly, registry)
    is_last = rows["quarters_used"].eq(4)
    basis = rows["basis"]
    return rows[
        ((basis.eq("ytd") & ~is_last) | (basis.eq("year") & is_last)) & rows["symbol"].ne(NOT_COVERED)
    ].drop(columns="basis")


def outturns(kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """The outturn of each full year: the series' columns, year, last_year (its value; may be missing)."""
    rows = _forecastable(kpi_quarterly, registry)
    full = rows[rows["basis"].eq("year") & rows["symbol"].ne(NOT_COVERED)]
    return full[[*SERIES, "year", "value"]].rename(columns={"value": "last_year"})


def _forecastable(kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    rules = {kpi.id: kpi.forecast_rule for kpi in registry.values() if kpi.forecast_rule != NO_RULE}
    rows = kpi_quarterly[
        kpi_quarterly["breakdown"].eq("total")
        & kpi_quarterly["kpi_id"].isin(list(rules))
        & kpi_quarterly["basis"].isin(["ytd", "year"])
    ]
    key = rows["quarter_key"].str
    columns = [*SERIES, "basis", "numerator", "denominator", "value", "symbol"]
    return rows[columns].assign(
        symbol=rows["symbol"].fillna(""),
        fiscal_year=key[:7],
        year=key[:4].astype("Int64"),
        quarters_used=key[-1].astype("Int64"),
        rule=rows["kpi_id"].map(rules),
        kind=rows["kpi_id"].map({kpi.id: kpi.kind for kpi in registry.values()}),
    )
