"""KPIs that cannot be forecast because a figure of theirs is faulty, each with one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.forecast.series.series_faults import find_faults
from cf_pipeline.forecast.series.series_keys import (
    SERIES_KEY,
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
BASES = ("month", "quarter", "ytd", "year")


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
    faults = [
        _first_faults(kpi_monthly, month_numbers(kpi_monthly["month"]), "month", kinds),
        _first_faults(kpi_quarterly, quarter_numbers(kpi_quarterly["quarter_key"]), "quarter_key", kinds),
    ]
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
    rows: pd.DataFrame, period_numbers: np.ndarray, period_name: str, kinds: Mapping[str, str]
) -> pd.DataFrame:
    """The first fault of each authority and KPI, bases in the order of BASES: authority_code, kpi_id, label.

    `period_name` is the column that names the period of a row.
    """
    series, names = _number_series(rows)
    kind = names["kpi_id"].map(dict(kinds)).fillna(NOT_EXTRAPOLATED)
    is_extrapolated = kind.ne(NOT_EXTRAPOLATED).to_numpy()
    is_checked = rows["symbol"].ne(NOT_COVERED).to_numpy(dtype="bool") & is_extrapolated[series]
    is_share = kind.isin([SHARE, STOCK_SHARE]).to_numpy()[series]
    numerator, denominator = (
        rows[name].to_numpy(dtype="float64", na_value=np.nan) for name in ("numerator", "denominator")
    )
    # A period that is not covered has no number, which is no fault; a median need not be a whole number.
    checked = pd.DataFrame(
        {
            "series": series,
            "period": period_numbers,
            "period_name": rows[period_name].array,
            "numerator": np.where(is_checked, numerator, 0),
            "denominator": np.where(is_checked & is_share, denominator, 0),
        }
    )
    # A year to date needs no other one, and a category without a row had no case: neither leaves a gap.
    has_every_period = names["breakdown"].isin(TOTAL_BREAKDOWNS) & names["basis"].isin(["month", "quarter"])
    require_every_period = has_every_period.take(series).reset_index(drop=True)
    faults = find_faults(checked, ["numerator", "denominator"], require_every_period=require_every_period)
    faulty = names.loc[faults.index, KPI_KEY]
    return faulty.assign(label="KPI " + faulty["kpi_id"] + ", " + faults)


def _number_series(rows: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """As `series_numbers`, for each basis apart: its series follow those of the bases before it."""
    series, names = series_numbers(rows, [*SERIES_KEY, "basis"])
    basis, bases = pd.factorize(names["basis"])
    position = np.array([BASES.index(name) for name in bases], dtype="int64")
    order = np.argsort(position[basis], kind="stable")
    number = np.empty(len(order), dtype="int64")
    number[order] = np.arange(len(order))
    return number[series], names.take(order).reset_index(drop=True)
