"""KPIs whose figures cannot be forecast because something is wrong with them, told in one sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.forecast.series.series_faults import faults
from cf_pipeline.forecast.series.series_keys import month_numbers, quarter_numbers, series_numbers
from cf_pipeline.forecast.series.series_kind import CARRIED, SHARE, STOCK_SHARE, family_of
from cf_pipeline.forecast.series.years_so_far import NOT_COVERED, TOTALS

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

KPI = ["authority_code", "kpi_id"]
BASES = ("quarter", "ytd", "year")


def forecastable(
    kpi_quarterly: pd.DataFrame, kpi_monthly: pd.DataFrame, registry: Mapping[str, Kpi]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The figures without the KPIs at fault, by quarter and by month, and the refusals.

    Returns:
        kpi_quarterly and kpi_monthly, and one refusal an authority and KPI at fault: the series' columns of
        its total, fiscal_year and quarters_used of its newest period, label (the sentence) and symbol 'x'.
    """
    families = {kpi.id: family_of(kpi.forecast_rule, kpi.kind) for kpi in registry.values()}
    found = [_at_fault(kpi_monthly, month_numbers(kpi_monthly["month"]), kpi_monthly["month"], families)]
    for basis in BASES:
        rows = kpi_quarterly[kpi_quarterly["basis"].eq(basis)]
        found.append(_at_fault(rows, quarter_numbers(rows["quarter_key"]), rows["quarter_key"], families))
    sentences = pd.concat(found).drop_duplicates(KPI)
    if sentences.empty:
        return kpi_quarterly, kpi_monthly, sentences
    newest = kpi_quarterly.sort_values("quarter_key").drop_duplicates(KPI, keep="last")
    refused = sentences.merge(newest[[*KPI, "quarter_key"]], on=KPI)
    refused = refused.assign(
        breakdown="total",
        category="all",
        fiscal_year=refused["quarter_key"].str[:7],
        quarters_used=refused["quarter_key"].str[-1].astype("Int64"),
        symbol=NOT_COVERED,
    )
    wrong = pd.MultiIndex.from_frame(sentences[KPI])
    sound = [rows[~pd.MultiIndex.from_frame(rows[KPI]).isin(wrong)] for rows in (kpi_quarterly, kpi_monthly)]
    return sound[0], sound[1], refused.drop(columns="quarter_key")


def _at_fault(
    rows: pd.DataFrame, period: np.ndarray, shown: pd.Series, families: Mapping[str, str]
) -> pd.DataFrame:
    """The first fault of each authority and KPI: authority_code, kpi_id, label."""
    family = rows["kpi_id"].map(dict(families)).fillna(CARRIED)
    covered = rows["symbol"].fillna("").ne(NOT_COVERED) & family.ne(CARRIED)
    series, names = series_numbers(rows)
    # What is not covered has no number and is no fault; what is carried as it is need not be a count.
    checked = pd.DataFrame(
        {
            "series": series,
            "period": period,
            "shown": shown,
            "numerator": rows["numerator"].where(covered, 0),
            "denominator": rows["denominator"].where(covered & family.isin([SHARE, STOCK_SHARE]), 0),
        }
    )
    # A year to date stands for itself, and a category without a row had no case: neither leaves a gap.
    in_line = rows["breakdown"].isin(TOTALS) & rows["basis"].isin(["month", "quarter"])
    wrong = faults(checked, ["numerator", "denominator"], gaps=in_line)
    named = names.loc[wrong.index, KPI]
    return named.assign(label="KPI " + named["kpi_id"] + ", " + wrong)
