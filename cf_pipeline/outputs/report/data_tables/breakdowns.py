"""The figures of categories as data: which rows, and what their periods are called."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter

TOTAL = "total"
QUARTERS = QUARTERS_PER_YEAR + 1
"""How many quarters a breakdown has, the same quarter last year the oldest of them."""


def breakdown_rows(figures: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """The rows of breakdowns of the last five quarters; of a KPI without quarters those of its years.

    A category of a KPI without a case and without a hidden figure in any of these periods is left out: most
    categories of most KPIs are.

    Args:
        figures: the authority's rows of `fact_kpi_quarterly`.
        quarter: the latest of the quarters.
    """
    quarters = [quarter.previous(back).key for back in range(QUARTERS)]
    is_quarter = figures["basis"].eq("quarter")
    by_quarter = figures.loc[is_quarter, "kpi_id"].unique().tolist()
    is_recent = is_quarter & figures["quarter_key"].isin(quarters)
    is_year_alone = figures["basis"].eq("year") & ~figures["kpi_id"].isin(by_quarter)
    rows = figures[figures["breakdown"].ne(TOTAL) & (is_recent | is_year_alone)]
    number = rows["numerator"].fillna(rows["value"]).fillna(0)
    has_case = number.ne(0) | rows["symbol"].isin(["c", "k", "u"])
    return rows[has_case.groupby([rows["kpi_id"], rows["category_key"]]).transform("any")]


def period_names(rows: pd.DataFrame) -> pd.Series:
    """'2019/20 Q3' of a quarter, '2018/19' of a year."""
    return rows["quarter_key"].where(rows["basis"].eq("quarter"), rows["quarter_key"].str.split(" ").str[0])
