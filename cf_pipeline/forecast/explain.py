"""One sentence a forecast: what is known, what is expected, and how such forecasts did before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.forecast.backtest import MOST_ERROR
from cf_pipeline.forecast.methods.pro_rata import OUTTURN, QUARTERS

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

LIKE = ["authority_code", "kpi_id", "quarters_used", "method"]
QUARTER_WORDS = {1: "After one quarter", 2: "After two quarters", 3: "After three quarters"}


def explained(forecasts: pd.DataFrame, records: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """The forecasts with `explanation`.

    Args:
        forecasts: as `forecast` gives them.
        records: as `record` gives them; each forecast is told the record of the years before it.
        registry: the KPIs, for units and decimals.
    """
    before = _before(forecasts, records)
    texts = {
        name: shown(forecasts[name], forecasts["kpi_id"], registry)
        for name in ("forecast", "lower_80", "upper_80", "last_year")
    }
    used = forecasts["quarters_used"]
    start = used.map(QUARTER_WORDS) + " the year is expected to end at " + texts["forecast"]
    ranged = ", between " + texts["lower_80"] + " and " + texts["upper_80"] + " in 8 years of 10"
    words = start + ranged.where(forecasts["lower_80"].notna(), "")
    words += (" (" + forecasts["label"] + ")").where(forecasts["label"].notna(), "")
    last_year = "; last year ended at " + texts["last_year"] + _beside_range(forecasts)
    words += last_year.where(forecasts["last_year"].notna(), "") + "."
    words += " " + _record_words(before)
    ended = "The year has ended at " + texts["forecast"] + "."
    none = forecasts["label"].str[:1].str.upper() + forecasts["label"].str[1:] + "."
    is_none = forecasts["forecast"].isna()
    told = words.mask(used.eq(QUARTERS) & forecasts["label"].eq(OUTTURN), ended).mask(is_none, none)
    return forecasts.assign(explanation=told.str.replace("..", ".", regex=False))


def _beside_range(forecasts: pd.DataFrame) -> pd.Series:
    """Where last year lies beside the range: only outside it is this year expected to differ."""
    last_year = forecasts["last_year"]
    below, above = last_year < forecasts["lower_80"], last_year > forecasts["upper_80"]
    words = pd.Series(", within that range", forecasts.index, dtype="str")
    words = words.mask(below.fillna(False), ", below that range").mask(
        above.fillna(False), ", above that range"
    )
    return words.where(forecasts["lower_80"].notna(), "")


def _before(forecasts: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """For each forecast: years of record before it, their mean error, and how many were inside the range."""
    ordered = records.sort_values("fiscal_year", kind="stable")
    ordered = ordered.assign(
        error=ordered["abs_pct_error"].clip(upper=MOST_ERROR),
        scored=ordered["abs_pct_error"].notna().astype("int64"),
        ranged=ordered["in_80"].notna().astype("int64"),
        inside=ordered["in_80"].fillna(False).astype("int64"),
    )
    sums = ["error", "scored", "ranged", "inside"]
    until = ordered.assign(error=ordered["error"].fillna(0)).groupby(LIKE)[sums].cumsum()
    table = pd.concat([ordered[[*LIKE, "fiscal_year"]], until], axis=1).assign(
        year=ordered["fiscal_year"].str[:4].astype("int64")
    )
    wanted = forecasts[LIKE].assign(
        row=range(len(forecasts)), year=forecasts["fiscal_year"].str[:4].astype("int64")
    )
    found = pd.merge_asof(
        wanted.sort_values("year", kind="stable"),
        table.sort_values("year", kind="stable").drop(columns="fiscal_year"),
        on="year",
        by=LIKE,
        allow_exact_matches=False,
    )
    return found.sort_values("row")[sums].set_axis(forecasts.index).fillna(0)


def _record_words(before: pd.DataFrame) -> pd.Series:
    years = before["scored"].astype("int64")
    error = (before["error"] / years.where(years > 0)).astype("float64")
    many = years.astype("str") + " earlier years"
    words = "Such forecasts missed by " + pd.Series(_half_up(error, 0), before.index) + "% on average in "
    words += many.mask(years.eq(1), "the one earlier year")
    ranged = before["ranged"].astype("int64")
    inside = before["inside"].astype("int64").astype("str") + " of " + ranged.astype("str")
    words += (", and " + inside + " ended within the range").where(ranged > 0, "") + "."
    return words.mask(years.eq(0), "There is no record of such forecasts yet.")


def shown(values: pd.Series, kpi_ids: pd.Series, registry: Mapping[str, Kpi]) -> pd.Series:
    """The figures as read: half up, to the KPI's decimals, with % where that is its unit."""
    decimals = kpi_ids.map({kpi.id: kpi.decimals for kpi in registry.values()}).fillna(0).astype("int64")
    unit = kpi_ids.map({kpi.id: "%" if kpi.unit == "%" else "" for kpi in registry.values()}).fillna("")
    shown = pd.Series("", index=values.index, dtype="str")
    numbers = values.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    for places in decimals.unique():
        at = (decimals == places).to_numpy()
        shown[at] = _half_up(pd.Series(numbers[at]), int(places))
    return (shown + unit).where(values.notna(), "")


def _half_up(values: pd.Series, places: int) -> np.ndarray:
    """Texts of numbers rounded half up; '' for a missing one."""
    scale = 10**places
    # A hair more than half a step: 57.5 may be held as 57.49999999999999.
    rounded = np.floor(values.to_numpy(dtype="float64") * scale + 0.5 + 1e-9) / scale
    texts = pd.Series(rounded).map(lambda number: f"{number:,.{places}f}", na_action="ignore")
    return texts.astype("str").fillna("").to_numpy(dtype="object")
