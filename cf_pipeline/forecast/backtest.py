"""The back-test: the forecasts of past years with their outturns, from the authority's own history.

A forecast of a past year uses nothing that came after it, so the stored forecasts of the years that have
ended are the back-test. Source: `docs/forecasts.md`, "The back-test".
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.forecast.choices import CouncilChoices
from cf_pipeline.forecast.series.years_so_far import TOTAL_BREAKDOWNS

YEAR_KEY = ["authority_code", "kpi_id", "fiscal_year"]
BACKTEST = table_contract("kpi/forecast_record")
LEAST_OUTTURN = 1
"""The error of a smaller outturn has no percentage."""
LARGEST_ERROR = 200.0
"""Larger errors are averaged as this many percent, so that one tiny year does not decide."""


def backtest(forecasts: pd.DataFrame) -> pd.DataFrame:
    """The forecasts of totals at one, two and three quarters of each year that has ended.

    Args:
        forecasts: as `forecast_year_ends` returns them.

    Returns:
        The columns of fact_forecast_record. abs_pct_error is in percent of the outturn, missing for outturns
        under 1; in_80 and in_95 are whether the outturn was inside the range, missing without a range.
    """
    totals = forecasts[forecasts["breakdown"].eq(TOTAL_BREAKDOWNS[0]) & forecasts["forecast"].notna()]
    is_outturn = totals["quarters_used"].eq(QUARTERS_PER_YEAR)
    outturns = totals[is_outturn].drop_duplicates(YEAR_KEY)[[*YEAR_KEY, "forecast"]]
    rows = totals[~is_outturn].merge(outturns.rename(columns={"forecast": "outturn"}), on=YEAR_KEY)
    outturn = rows["outturn"]
    error = (rows["forecast"] - outturn).abs() * 100 / outturn
    is_inside = {
        f"in_{level}": outturn.between(rows[f"lower_{level}"], rows[f"upper_{level}"]).mask(
            rows[f"lower_{level}"].isna()
        )
        for level in (80, 95)
    }
    return BACKTEST.cast(
        rows.assign(abs_pct_error=error.mask(outturn < LEAST_OUTTURN), **is_inside)
    ).sort_values([*YEAR_KEY, "quarters_used", "method"], ignore_index=True)


def accuracy_by_method(records: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The mean error of each method, and how often its ranges held.

    Args:
        records: as `backtest` returns them.
        by: columns to group by, besides the method.

    Returns:
        The columns of `by`, method, years (the number of forecasts), error (mean of errors of at most 200
        percent), in_80 and in_95 (percent of outturns inside). A mean of nothing is missing.
    """
    scored = records.assign(
        error=records["abs_pct_error"].clip(upper=LARGEST_ERROR),
        in_80=100 * records["in_80"].astype("Float64"),
        in_95=100 * records["in_95"].astype("Float64"),
    )
    grouped = scored.groupby([*by, "method"], observed=True)
    means = grouped[["error", "in_80", "in_95"]].mean()
    return means.assign(years=grouped.size().astype("Int64")).reset_index()[
        [*by, "method", "years", "error", "in_80", "in_95"]
    ]


def worse_than_pro_rata(records: pd.DataFrame, choices: CouncilChoices) -> pd.DataFrame:
    """The KPIs whose selected method had a larger mean error than pro rata in the back-test.

    Args:
        records: as `backtest` returns them.
        choices: the selected methods.

    Returns:
        kpi_id, error (of the selected method, percent) and pro_rata_error (percent), the largest difference
        first. Only years and quarters that both methods forecast are compared.
    """
    key = [*YEAR_KEY, "quarters_used"]
    errors = records.assign(error=records["abs_pct_error"].clip(upper=LARGEST_ERROR)).dropna(subset="error")
    selected = errors[errors["method"].eq(choices.selected_methods(errors))]
    pro_rata = errors[errors["method"].eq("pro_rata")]
    pairs = selected.merge(pro_rata, on=key, suffixes=("", "_pro_rata"))
    means = pairs.groupby("kpi_id", as_index=False)[["error", "error_pro_rata"]].mean()
    means = means.rename(columns={"error_pro_rata": "pro_rata_error"})
    worse = means[means["error"] > means["pro_rata_error"]]
    return worse.assign(difference=worse["error"] - worse["pro_rata_error"]).sort_values(
        ["difference", "kpi_id"], ascending=[False, True], ignore_index=True
    )[["kpi_id", "error", "pro_rata_error"]]
