"""KPIs that cannot be forecast because a figure of theirs is faulty, each with one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.forecast.series.series_faults import find_faults
from cf_pipeline.forecast.series.series_keys import (
    month_numbers,
    quarter_numbers,
    quarter_parts,
    series_numbers,
)
from cf_pipeline.forecast.series.series_kind import NOT_EXTRAPOLATED, SHARE, STOCK_SHARE, series_kind
from cf_pipeline.forecast.series.years_so_far import NOT_COVERED, TOTAL_BREAKDOWNS

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

KPI_KEY = ["authority_code", "kpi_id"]
BASES = ("quarter", "ytd", "year")


def separate_unforecastable(
    kpi_quarterly: pd.DataFrame, kpi_monthly: pd.DataFrame, registry: Mapping[str, Kpi]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The figures without the faulty KPIs, by quarter and by month, and the faulty KPIs.

    Returns:
        kpi_quarterly and kpi_monthly without the authorities' faulty KPIs, and one row an authority and
        faulty KPI: authority_code, kpi_id, breakdown 'total', category 'all', fiscal_year and quarters_used
        of its newest quarter, label (the sentence) and symbol 'x'.
    """
    kinds = {kpi.id: series_kind(kpi.forecast_rule, kpi.kind) for kpi in registry.values()}
    months = kpi_monthly["month"]
    faults = [_first_faults(kpi_monthly, month_numbers(months), months, kinds)]
    for basis in BASES:
        rows = kpi_quarterly[kpi_quarterly["basis"].eq(basis)]
        keys = rows["quarter_key"]
        faults.append(_first_faults(rows, quarter_numbers(keys), keys, kinds))
    sentences = pd.concat(faults).drop_duplicates(KPI_KEY)
    if sentences.empty:
        return kpi_quarterly, kpi_monthly, sentences
    newest = kpi_quarterly.sort_values("quarter_key").drop_duplicates(KPI_KEY, keep="last")
    unforecastable = sentences.merge(newest[[*KPI_KEY, "quarter_key"]], on=KPI_KEY)
    parts = quarter_parts(unforecastable["quarter_key"])
    unforecastable = unforecastable.drop(columns="quarter_key").assign(
        breakdown="total",
        category="all",
        fiscal_year=parts["fiscal_year"],
        quarters_used=parts["quarter_no"],
        symbol=NOT_COVERED,
    )
    faulty = pd.MultiIndex.from_frame(sentences[KPI_KEY])
    quarters, months_left = (
        rows[~pd.MultiIndex.from_frame(rows[KPI_KEY]).isin(faulty)] for rows in (kpi_quarterly, kpi_monthly)
    )
    return quarters, months_left, unforecastable


def _first_faults(
    rows: pd.DataFrame, period_numbers: np.ndarray, period_names: pd.Series, kinds: Mapping[str, str]
) -> pd.DataFrame:
    """The first fault of each authority and KPI: authority_code, kpi_id, label."""
    kind = rows["kpi_id"].map(dict(kinds)).fillna(NOT_EXTRAPOLATED)
    is_checked = rows["symbol"].fillna("").ne(NOT_COVERED) & kind.ne(NOT_EXTRAPOLATED)
    series, names = series_numbers(rows)
    # A period that is not covered has no number, which is no fault; a median need not be a whole number.
    checked = pd.DataFrame(
        {
            "series": series,
            "period": period_numbers,
            "period_name": period_names,
            "numerator": rows["numerator"].where(is_checked, 0),
            "denominator": rows["denominator"].where(is_checked & kind.isin([SHARE, STOCK_SHARE]), 0),
        }
    )
    # A year to date needs no other one, and a category without a row had no case: neither leaves a gap.
    require_every_period = rows["breakdown"].isin(TOTAL_BREAKDOWNS) & rows["basis"].isin(["month", "quarter"])
    faults = find_faults(checked, ["numerator", "denominator"], require_every_period=require_every_period)
    faulty = names.loc[faults.index, KPI_KEY]
    return faulty.assign(label="KPI " + faulty["kpi_id"] + ", " + faults)
