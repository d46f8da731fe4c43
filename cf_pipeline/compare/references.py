"""What each figure is compared with: earlier quarters, last year, its end, London, England.

No reference, no row: a side that is withheld or missing gives no comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from cf_pipeline.compare.figures import Figure, Figures
from cf_pipeline.compare.phrases import POINTS, mean
from cf_pipeline.compare.rounding import exact
from cf_pipeline.contracts.authorities import ENGLAND, LONDON
from cf_pipeline.kpi.quarters import Quarter
from cf_pipeline.kpi.registry import Kpi

RATE = "rate_10k"
FLOW_RATE_RULE = "rate_of_forecast"
PLACES = {"london": LONDON, "england": ENGLAND}


@dataclass(frozen=True)
class Pair:
    """A figure and what it is compared with; `earlier` holds the quarters behind a mean."""

    kpi: Kpi
    quarter: Quarter
    basis: str
    against: str
    value: Fraction
    reference: Fraction
    earlier: tuple[Fraction, ...] = ()


Published = Mapping[tuple[str, str], Sequence[tuple[int, Fraction]]]
"""Published figures by series and place: (year ending, value), oldest year first."""


def published_by_series(comparators: pd.DataFrame) -> Published:
    """The published figures of London and England over all ages and bands that have a value."""
    rows = comparators[
        comparators["category"].eq("all")
        & comparators["authority_code"].isin([LONDON, ENGLAND])
        & comparators["value"].notna()
    ].sort_values(["year_ending", "release"])
    found: dict[tuple[str, str], list[tuple[int, Fraction]]] = {}
    columns = ["kpi_id", "authority_code", "year_ending", "value"]
    for series, place, year, value in rows[columns].itertuples(index=False):
        figure = exact(value)
        if figure is not None:
            found.setdefault((series, place), []).append((int(year), figure))
    return found


def pairs(figures: Figures, published: Published) -> Iterator[Pair]:
    """Every comparison of an authority, in the order of its figures."""
    for (kpi_id, basis, quarter), figure in figures.known().items():
        kpi, value = figures.registry[kpi_id], figure.value
        if value is None:
            continue
        if basis == "quarter":
            earlier = _values(figures.earlier(kpi_id, quarter))
            if earlier:
                yield Pair(kpi, quarter, basis, "previous_quarters", value, mean(earlier), earlier)
        for against, reference in _own_references(figures, kpi, basis, quarter):
            if reference.value is not None:
                yield Pair(kpi, quarter, basis, against, value, reference.value)
        for against, place in PLACES.items():
            published_value = _latest(published.get((kpi.comparator_series or "", place), ()), quarter)
            if published_value is not None and is_comparable(kpi, basis):
                yield Pair(kpi, quarter, basis, against, value, published_value)
        forecast = figures.forecast(kpi_id, quarter).value
        last_year = figures.last_year(kpi_id, quarter).value
        if basis == "ytd" and forecast is not None and last_year is not None:
            yield Pair(kpi, quarter, "year", "forecast_vs_last_year", forecast, last_year)


def is_comparable(kpi: Kpi, basis: str) -> bool:
    """Whether a KPI may stand beside London: percentages and stock rates always, flow rates a whole year."""
    if kpi.kind == RATE:
        return kpi.forecast_rule != FLOW_RATE_RULE or basis == "year"
    return kpi.kind == "percentage"


def _own_references(figures: Figures, kpi: Kpi, basis: str, quarter: Quarter) -> Iterator[tuple[str, Figure]]:
    if basis != "year":
        yield "same_quarter_last_year", figures.same_quarter_last_year(kpi.id, quarter, basis)
    if kpi.kind == "stock":
        yield "last_year_end", figures.last_year_end(kpi.id, quarter)
    elif basis == "year" or (basis == "ytd" and kpi.kind in POINTS):
        # Part of a year's events against a whole year's would always be "lower"; a share is not.
        yield "last_year", figures.last_year(kpi.id, quarter)


def _values(earlier: Sequence[Figure]) -> tuple[Fraction, ...]:
    """The values of all of them, or nothing when one is missing: a mean of some quarters misleads."""
    values = tuple(figure.value for figure in earlier if figure.value is not None)
    return values if len(values) == len(earlier) else ()


def _latest(years: Sequence[tuple[int, Fraction]], quarter: Quarter) -> Fraction | None:
    """The latest published year that ended on or before the quarter's end (years end on 31 March)."""
    last = quarter.end.year if (quarter.end.month, quarter.end.day) >= (3, 31) else quarter.end.year - 1
    ended = [value for year, value in years if year <= last]
    return ended[-1] if ended else None
