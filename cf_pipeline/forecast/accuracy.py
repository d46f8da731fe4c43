"""How accurate the forecasts of the years before were, as a sentence beside each forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cf_pipeline.forecast.backtest import LARGEST_ERROR
from cf_pipeline.forecast.series.series_keys import series_numbers

COMPARABLE = ["authority_code", "kpi_id", "quarters_used", "method"]
"""Forecasts that share these are back-tested together."""


def accuracy_sentences(forecasts: pd.DataFrame, records: pd.DataFrame) -> ExtensionArray:
    """How accurate such forecasts were in the years before, in the order of `forecasts`.

    Args:
        forecasts: as `forecast_year_ends` returns them, with keys as categories (`as_categories`).
        records: as `backtest` returns them.
    """
    figures = _figures_before(forecasts, records).astype("int64")
    number = np.ravel_multi_index(figures, figures.max(axis=1, initial=0) + 1)
    _, first, place = np.unique(number, return_index=True, return_inverse=True)  # few differ
    texts = [_accuracy_sentence(*map(int, each)) for each in figures[:, first].T]
    return pd.array(texts, dtype="str").take(place)


def _figures_before(forecasts: pd.DataFrame, records: pd.DataFrame) -> np.ndarray:
    """The back-test of the years before each forecast, one column each.

    The rows are the mean error in whole percent (0 without one), the years with an error, those with a range,
    and those whose outturn was inside it.
    """
    dtypes = {name: forecasts[name].dtype for name in COMPARABLE}
    both = pd.concat([records[COMPARABLE].astype(dtypes), forecasts[COMPARABLE]], ignore_index=True)
    series, names = series_numbers(both, COMPARABLE)
    year, first_year = _start_years(records), _start_years(records).min(initial=9999)
    cells = (series[: len(records)], year - first_year + 1)
    error = records["abs_pct_error"].clip(upper=LARGEST_ERROR).to_numpy(dtype="float64", na_value=np.nan)
    is_inside = records["in_80"].to_numpy(dtype="float64", na_value=np.nan)
    sums = np.zeros((4, len(names), year.max(initial=first_year) - first_year + 2))
    for total, values in zip(sums, (error, ~np.isnan(error), ~np.isnan(is_inside), is_inside), strict=True):
        np.add.at(total, cells, np.nan_to_num(values))
    years_before = np.clip(_start_years(forecasts) - first_year, 0, sums.shape[2] - 1)
    error, *others = sums.cumsum(axis=2)[:, series[len(records) :], years_before]
    mean = np.divide(error, others[0], out=np.zeros(len(error)), where=others[0] > 0)
    # A hair more than half a percent: 57.5 may be held as 57.49999999999999.
    return np.stack([np.floor(mean + 0.5 + 1e-9), *others])


def _start_years(rows: pd.DataFrame) -> np.ndarray:
    """The calendar year in which each row's financial year starts."""
    codes, names = pd.factorize(rows["fiscal_year"])
    return np.asarray(np.array([int(name[:4]) for name in names], dtype="int64")[codes])


def _accuracy_sentence(error: int, years: int, ranges: int, inside: int) -> str:
    if not years:
        return ". There is no record of such forecasts yet."
    many = "the one earlier year" if years == 1 else f"{years} earlier years"
    within = f", and {inside} of {ranges} ended within the range" if ranges else ""
    return f". Such forecasts missed by {error:,}% on average in {many}{within}."
