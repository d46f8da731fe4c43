"""Columns of facts that follow from those that the lake has: single-column keys, and last year's value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.forecast.series.series_keys import map_keys, series_numbers
from cf_pipeline.kpi.definitions.category_sets import BAND, band_code_set

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

SERIES = ("kpi_id", "basis", "breakdown", "category")
"""What tells the figures of one authority apart, but for their quarter."""
QUARTERS_A_YEAR = 4
TEAM = "team"
WITH_CATEGORIES = ("fact_kpi_quarterly", "fact_kpi_forecast", "fact_kpi_monthly", "fact_kpi_by_team")
"""The facts that have a category."""
WITH_FORECASTS = ("fact_kpi_forecast", "fact_forecast_record")
"""The facts that are of a number of quarters of a financial year."""


def add_fact_columns(
    tables: Mapping[str, pd.DataFrame], registry: Mapping[str, Kpi]
) -> dict[str, pd.DataFrame]:
    """The tables with category_key, team_key, value_last_year, and quarter_key of forecasts.

    Args:
        tables: tables of `published_v1` by name.
        registry: the KPIs by id; the bands of one that it does not have are a set of their own.
    """
    found = dict(tables)
    for name in WITH_CATEGORIES:
        if name in found:
            found[name] = found[name].assign(category_key=category_keys(found[name], registry))
    for name in WITH_FORECASTS:
        if name in found:
            found[name] = found[name].assign(quarter_key=_forecast_quarters(found[name]))
    if "fact_kpi_quarterly" in found:
        rows = found["fact_kpi_quarterly"]
        found["fact_kpi_quarterly"] = rows.assign(value_last_year=values_last_year(rows))
    if "fact_kpi_by_team" in found:
        rows = found["fact_kpi_by_team"]
        teams = rows[["kpi_id"]].assign(breakdown=TEAM, category=rows["team"])
        found["fact_kpi_by_team"] = rows.assign(team_key=category_keys(teams, registry))
    return found


def values_last_year(kpi_quarterly: pd.DataFrame) -> np.ndarray:
    """The value of the same quarter of the year before beside each row; nan where it has none.

    A view that looks each up takes two thirds of its time for that, which here is done once.

    Args:
        kpi_quarterly: the table `kpi/quarterly` of one authority.
    """
    series, distinct = series_numbers(kpi_quarterly, SERIES)
    numbers = {key: Quarter.parse(key).index for key in kpi_quarterly["quarter_key"].unique()}
    quarters = map_keys(kpi_quarterly["quarter_key"], numbers, "int64").to_numpy()
    first = min(numbers.values(), default=0) - QUARTERS_A_YEAR
    columns = quarters - first
    values = np.full((len(distinct), columns.max(initial=0) + 1), np.nan)
    values[series, columns] = kpi_quarterly["value"]
    return np.asarray(values[series, columns - QUARTERS_A_YEAR])


def category_keys(rows: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.Series:
    """The category_key of each row (kpi_id, breakdown, category), as categories of text.

    It is 'age_band:5-9'; of a band it names the code set too: 'band:duration:2y+'.
    """
    codes, distinct = series_numbers(rows, ["kpi_id", "breakdown", "category"])
    breakdown, category = distinct["breakdown"].astype("str"), distinct["category"].astype("str")
    sets = code_sets_of_bands(distinct["kpi_id"], registry)
    keys = (breakdown + ":" + category).mask(breakdown.eq(BAND), BAND + ":" + sets + ":" + category)
    return _take_texts(keys, codes, rows)


def code_sets_of_bands(kpi_ids: pd.Series, registry: Mapping[str, Kpi]) -> pd.Series:
    """The code set of the bands of each KPI; the KPI's own id where it has none."""
    sets = {name: band_code_set(kpi) or name for name, kpi in registry.items()}
    ids = kpi_ids.astype("str")
    return ids.map(sets).fillna(ids).astype("str")


def _forecast_quarters(rows: pd.DataFrame) -> pd.Series:
    codes, distinct = series_numbers(rows, ["fiscal_year", "quarters_used"])
    keys = distinct["fiscal_year"].astype("str") + " Q" + distinct["quarters_used"].astype("str")
    return _take_texts(keys, codes, rows)


def _take_texts(texts: pd.Series, codes: np.ndarray, rows: pd.DataFrame) -> pd.Series:
    """The text of each row's number, as categories."""
    places, categories = pd.factorize(texts)
    values = pd.Categorical.from_codes(places[codes], pd.Index(categories, dtype="str"))
    return pd.Series(values, index=rows.index)
