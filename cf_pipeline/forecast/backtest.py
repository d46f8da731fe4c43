"""How forecasts did before: each past year's forecasts beside its outturn, from the authority's own history.

A forecast of a past year knows nothing of what came after it, so the stored forecasts of the years that have
ended are the back-test.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.forecast.methods.pro_rata import QUARTERS
from cf_pipeline.forecast.series.years_so_far import TOTALS

PLACE = ["authority_code", "kpi_id", "fiscal_year"]
DTYPES = {
    "authority_code": "str",
    "kpi_id": "str",
    "fiscal_year": "str",
    "quarters_used": "Int64",
    "method": "str",
    "forecast": "Float64",
    "outturn": "Float64",
    "abs_pct_error": "Float64",
    "in_80": "boolean",
    "in_95": "boolean",
}
LEAST_OUTTURN = 1
"""Of a smaller outturn an error has no percentage."""
MOST_ERROR = 200.0
"""An error is averaged as no more than this, so that one tiny year does not decide."""


def record(forecasts: pd.DataFrame) -> pd.DataFrame:
    """The forecasts of totals at one, two and three quarters of each year that has ended.

    Args:
        forecasts: as `forecast` gives them.

    Returns:
        The columns of fact_forecast_record. abs_pct_error is in percent of the outturn, missing for outturns
        under 1; in_80 and in_95 tell whether the outturn was inside the range, missing without a range.
    """
    totals = forecasts[forecasts["breakdown"].eq(TOTALS[0]) & forecasts["forecast"].notna()]
    is_outturn = totals["quarters_used"].eq(QUARTERS)
    ends = totals[is_outturn].drop_duplicates(PLACE)[[*PLACE, "forecast"]]
    rows = totals[~is_outturn].merge(ends.rename(columns={"forecast": "outturn"}), on=PLACE)
    outturn = rows["outturn"]
    error = (rows["forecast"] - outturn).abs() * 100 / outturn
    inside = {
        f"in_{level}": outturn.between(rows[f"lower_{level}"], rows[f"upper_{level}"]).mask(
            rows[f"lower_{level}"].isna()
        )
        for level in (80, 95)
    }
    return (
        rows.assign(abs_pct_error=error.mask(outturn < LEAST_OUTTURN), **inside)[list(DTYPES)]
        .astype(DTYPES)
        .sort_values([*PLACE, "quarters_used", "method"], ignore_index=True)
    )


def standing(records: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """How each method did: by the given columns and method, the years, error, in_80 and in_95 (percent).

    `error` is the mean of errors of at most 200%; a mean of nothing is missing.
    """
    scored = records.assign(
        error=records["abs_pct_error"].clip(upper=MOST_ERROR),
        in_80=100 * records["in_80"].astype("Float64"),
        in_95=100 * records["in_95"].astype("Float64"),
    )
    grouped = scored.groupby([*by, "method"], observed=True)
    means = grouped[["error", "in_80", "in_95"]].mean()
    return means.assign(years=grouped.size().astype("Int64")).reset_index()[
        [*by, "method", "years", "error", "in_80", "in_95"]
    ]


def losing(records: pd.DataFrame, selected: pd.Series, against: str = "pro_rata") -> pd.DataFrame:
    """The KPIs whose chosen method did worse than pro rata on the authority's own record.

    Args:
        records: as `record` gives them.
        selected: the method shown, by KPI.
        against: the method to compare with.

    Returns:
        kpi_id, error (of the chosen method, percent) and against (that of pro rata), the worst first. Only
        years and quarters that both methods forecast are compared.
    """
    at = ["authority_code", "kpi_id", "fiscal_year", "quarters_used"]
    scored = records.assign(error=records["abs_pct_error"].clip(upper=MOST_ERROR)).dropna(subset="error")
    chosen = scored[scored["method"].eq(scored["kpi_id"].map(selected))]
    beside = chosen.merge(scored[scored["method"].eq(against)], on=at, suffixes=("", "_against"))
    means = beside.groupby("kpi_id", as_index=False)[["error", "error_against"]].mean()
    worse = means[means["error"] > means["error_against"]].rename(columns={"error_against": "against"})
    return worse.assign(lost=worse["error"] - worse["against"]).sort_values(
        ["lost", "kpi_id"], ascending=[False, True], ignore_index=True
    )[["kpi_id", "error", "against"]]
