"""The totals of every KPI as data: by quarter, by year, and the latest quarter with all beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.contracts.rounding import as_written, round_half_up, round_range
from cf_pipeline.outputs.charts.figures import target_in_force
from cf_pipeline.outputs.report.data_tables.symbols import NOT_APPLICABLE, NOT_AVAILABLE, number_or_symbol
from cf_pipeline.outputs.report.places import COUNTS
from cf_pipeline.outputs.report.published_facts import LAST_QUARTER, PublishedFacts

KEYS = ["kpi_id", "quarter_key"]
FORECAST = ["forecast", "likely_from", "likely_to", "method", "last_year"]
_BASES = ("quarter", "ytd", "year")
"""In the order in which a comparison of them is preferred."""


def quarter_totals(
    totals: pd.DataFrame, tables: Mapping[str, pd.DataFrame], places: Sequence[tuple[str, str]]
) -> pd.DataFrame:
    """One row a KPI and quarter, with what stands beside its total.

    Columns: those of `totals`, `year_to_date`, `target`, and for each place `<against>` (its figure) and
    `<against>_year` (the March in which the year of that figure ends).

    Args:
        totals: the authority's totals of every basis, with `kind`, as `figures_or_symbols` gives them.
        tables: fact_kpi_comparison and fact_target of the authority.
        places: pairs of what a comparison is against and the place's name.
    """
    rows = totals[totals["basis"].eq("quarter")]
    to_date = totals[totals["basis"].eq("ytd")].set_index(KEYS)["value"]
    rows = rows.assign(
        year_to_date=_at(to_date, rows), target=_targets(rows, tables["fact_target"]).to_numpy()
    )
    return _beside_places(rows, tables["fact_kpi_comparison"], [against for against, _ in places])


def year_totals(totals: pd.DataFrame) -> pd.DataFrame:
    """One row a KPI and complete financial year; columns: those of `totals`, and `year`."""
    rows = totals[totals["basis"].eq("year")]
    return rows.assign(year=rows["quarter_key"].str.split(" ").str[0])


def latest_totals(quarters: pd.DataFrame, years: pd.DataFrame, facts: PublishedFacts) -> pd.DataFrame:
    """The rows of the report's quarter with last year's figures and the year-end forecast.

    More columns: `same_quarter_last_year`, `last_year`, `forecast`, `likely_from`, `likely_to` (between them
    the year should end in 8 years of 10) and `method` (how the forecast is made).

    Args:
        quarters: as `quarter_totals` gives them.
        years: as `year_totals` gives them.
        facts: what was published of the quarter.
    """
    rows = quarters[quarters["quarter_key"].eq(facts.quarter.key)]
    year_ago = facts.quarter.previous(QUARTERS_PER_YEAR).key
    last_year = years[years["quarter_key"].eq(Quarter(facts.quarter.year - 1, LAST_QUARTER).key)]
    outturns = last_year.set_index("kpi_id")["value"].reindex(rows["kpi_id"])
    forecasts = pd.DataFrame(
        [
            _forecast(facts, str(kpi_id), int(decimals))
            for kpi_id, decimals in zip(rows["kpi_id"], rows["decimals"], strict=True)
        ],
        index=rows.index,
        columns=FORECAST,
    )
    # A release holds the year of few KPIs; the outturn that a forecast stands beside is released with it.
    has_outturn = rows["kpi_id"].isin(last_year["kpi_id"].tolist())
    outturns = outturns.set_axis(rows.index).where(has_outturn, forecasts["last_year"])
    return rows.assign(
        same_quarter_last_year=_at(quarters.set_index(KEYS)["value"], rows, year_ago),
        **forecasts.assign(last_year=outturns),
    )


def _forecast(facts: PublishedFacts, kpi_id: str, decimals: int) -> dict[str, Any]:
    """The selected forecast, the model's range, and last year's figure as the forecast knows it.

    Of a release they have the digits that its papers show: the quarters that they follow from are rounded.
    """
    row, model = facts.forecast(kpi_id), facts.range(kpi_id)
    digits = None if facts.release is None else decimals
    has_forecast = row is not None and pd.isna(row.symbol) and not pd.isna(row.forecast)
    is_complete = facts.quarter.number == LAST_QUARTER
    ends: tuple[Any, Any] = (NOT_APPLICABLE if is_complete else NOT_AVAILABLE,) * 2
    if has_forecast and model is not None and not is_complete:
        ends = _range(model, digits)
    return {
        "forecast": _rounded(row.forecast, digits) if has_forecast else NOT_AVAILABLE,
        "likely_from": ends[0],
        "likely_to": ends[1],
        "method": NOT_AVAILABLE if row is None or pd.isna(row.label) else str(row.label),
        "last_year": NOT_AVAILABLE
        if row is None or pd.isna(row.last_year)
        else _rounded(row.last_year, digits),
    }


def _rounded(figure: Any, digits: int | None) -> float:
    return float(figure) if digits is None else float(round_half_up(as_written(figure), digits))


def _range(model: Any, digits: int | None) -> tuple[float, float]:
    if digits is None:
        return float(model.lower_80), float(model.upper_80)
    lower, upper = round_range(as_written(model.lower_80), as_written(model.upper_80), digits)
    return float(lower), float(upper)


def _at(values: pd.Series, rows: pd.DataFrame, quarter_key: str | None = None) -> Any:
    """The value of each row's KPI in its quarter, or in another; not available where there is none."""
    keys = rows["quarter_key"] if quarter_key is None else [quarter_key] * len(rows)
    found = values.reindex(pd.MultiIndex.from_arrays([rows["kpi_id"], keys], names=KEYS))
    return number_or_symbol(found, NOT_AVAILABLE).to_numpy()


def _targets(rows: pd.DataFrame, targets: pd.DataFrame) -> pd.Series:
    """The target that holds on the last day of each row's quarter."""
    by_kpi = {kpi_id: list(found.itertuples(index=False)) for kpi_id, found in targets.groupby("kpi_id")}
    ends = {key: Quarter.parse(str(key)).end for key in rows["quarter_key"].unique()}
    in_force = (
        target_in_force(by_kpi.get(kpi_id, []), ends[key])
        for kpi_id, key in zip(rows["kpi_id"], rows["quarter_key"], strict=True)
    )
    values = [NOT_AVAILABLE if target is None else float(target.value) for target in in_force]
    return pd.Series(values, index=rows.index, dtype=object)


def _beside_places(rows: pd.DataFrame, comparisons: pd.DataFrame, against: Sequence[str]) -> pd.DataFrame:
    """The rows with the published figure of each place; counts are never compared (docs/rulings.md#18).

    Before quarter 4 the comparison of the year is that of a forecast, and left out.
    """
    found = comparisons[comparisons["reference"].notna() & comparisons["against"].isin(against)]
    is_whole = found["basis"].ne("year") | found["quarter_key"].str.endswith(f"Q{LAST_QUARTER}")
    found = found[is_whole & found["basis"].isin(_BASES)]
    found = found.assign(order=found["basis"].map(_BASES.index)).sort_values("order")
    found = found.drop_duplicates([*KEYS, "against"])
    for place in against:
        here = found[found["against"].eq(place)].set_index(KEYS)
        for column, name in (("reference", place), ("year_ending", f"{place}_year")):
            values = pd.Series(_at(here[column], rows), index=rows.index, dtype=object)
            rows = rows.assign(**{name: values.mask(rows["kind"].isin(COUNTS), NOT_APPLICABLE)})
    return rows
