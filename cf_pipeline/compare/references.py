"""What each figure is compared with: earlier quarters, last year, its end, other places, published figures.

Without a reference there is no row: where either figure is withheld or missing nothing is compared. A KPI
that differs from what is published nationally names no series and is not compared with one. Where the
difference is small enough to compare, the KPI names the series and its note comes with every comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from cf_pipeline.comparators.lookup import ComparatorLookup, PublishedFigure
from cf_pipeline.compare.figures import AuthorityFigures, Figure
from cf_pipeline.compare.phrases import PERCENTAGE_KINDS, mean
from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.kpi.definitions.registry import Kpi

RATE = "rate_10k"
FLOW_RATE_RULE = "rate_of_forecast"
OWN_PUBLISHED = "own_published"
FORECAST_VS_LAST_YEAR = "forecast_vs_last_year"
FORECAST_NOTE = "The year-end forecast."
WITHIN_ROUNDING = "Within rounding of the authority's own published figure."
BEYOND_ROUNDING = "Further from the authority's own published figure than rounding explains."


class Comparison(NamedTuple):
    """A figure and its reference.

    `earlier` holds the quarters behind a mean; `year_ending` and `note` belong to a published reference.
    """

    kpi: Kpi
    quarter: Quarter
    basis: str
    against: str
    value: Fraction
    reference: Fraction
    earlier: tuple[Fraction, ...] = ()
    year_ending: int | None = None
    note: str = ""


def find_comparisons(
    figures: AuthorityFigures, lookup: ComparatorLookup, authority_code: str, year: int
) -> Iterator[Comparison]:
    """Every comparison of an authority's figures of a financial year, in their order.

    They look at the figures of that year and of the year before, and at published ones.
    """
    for kpi_id, basis, quarter, value in figures.totals_with_value(year):
        kpi = figures.registry[kpi_id]
        yield from _compare_with_own_figures(figures, kpi, basis, quarter, value)
        series = kpi.comparator_series
        if series is None:
            continue
        own = lookup.own_figure(series, authority_code, quarter.end)
        if basis == "year" and own is not None:
            note = _join(rounding_note(value, own.value, lookup.decimals(series)), kpi.comparator_note)
            yield Comparison(kpi, quarter, basis, OWN_PUBLISHED, value, own.value, (), own.year_ending, note)
        forecast = figures.forecast(kpi_id, quarter).value
        for against in lookup.places(authority_code):
            reference = lookup.latest_figure(series, against, authority_code, quarter.end)
            if reference is None:
                continue
            if is_comparable(kpi, basis):
                yield _compare_with_place(kpi, quarter, basis, against, value, reference)
            elif _is_part_of_year(kpi, basis, quarter) and forecast is not None:
                yield _compare_with_place(kpi, quarter, "year", against, forecast, reference, FORECAST_NOTE)


def _compare_with_own_figures(
    figures: AuthorityFigures, kpi: Kpi, basis: str, quarter: Quarter, value: Fraction
) -> Iterator[Comparison]:
    """The comparisons with earlier periods, and of the forecast with last year's outturn."""
    if basis == "quarter":
        earlier = _values_if_complete(figures.earlier_quarters(kpi.id, quarter))
        if earlier:
            yield Comparison(kpi, quarter, basis, "previous_quarters", value, mean(earlier), earlier)
    for against, reference in _earlier_references(figures, kpi, basis, quarter):
        if reference.value is not None:
            yield Comparison(kpi, quarter, basis, against, value, reference.value)
    forecast = figures.forecast(kpi.id, quarter).value
    last_year = figures.last_year(kpi.id, quarter).value
    if basis == "ytd" and forecast is not None and last_year is not None:
        yield Comparison(kpi, quarter, "year", FORECAST_VS_LAST_YEAR, forecast, last_year)


def _compare_with_place(
    kpi: Kpi,
    quarter: Quarter,
    basis: str,
    against: str,
    value: Fraction,
    reference: PublishedFigure,
    forecast_note: str = "",
) -> Comparison:
    note = _join(forecast_note, reference.note, kpi.comparator_note)
    return Comparison(kpi, quarter, basis, against, value, reference.value, (), reference.year_ending, note)


def is_comparable(kpi: Kpi, basis: str) -> bool:
    """Whether a figure may be compared with another place's.

    Percentages and stock rates always, flow rates for a whole year. Source: `docs/rulings.md#18`.
    """
    if kpi.kind == RATE:
        return kpi.forecast_rule != FLOW_RATE_RULE or basis == "year"
    return kpi.kind == "percentage"


def _is_part_of_year(kpi: Kpi, basis: str, quarter: Quarter) -> bool:
    """Whether it is a rate before the year's end, whose forecast is compared (`docs/rulings.md#18`)."""
    return kpi.kind == RATE and basis == "ytd" and quarter.number < QUARTERS_PER_YEAR


def rounding_note(own_value: Fraction, published_value: Fraction, decimals: int) -> str:
    """Whether rounding explains the distance of our value from the authority's own published one."""
    half_step = Fraction(1, 2 * 10**decimals)
    return WITHIN_ROUNDING if abs(own_value - published_value) <= half_step else BEYOND_ROUNDING


def _join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _earlier_references(
    figures: AuthorityFigures, kpi: Kpi, basis: str, quarter: Quarter
) -> Iterator[tuple[str, Figure]]:
    if basis != "year":
        yield "same_quarter_last_year", figures.same_quarter_last_year(kpi.id, quarter, basis)
    if kpi.kind == "stock":
        yield "last_year_end", figures.last_year_end(kpi.id, quarter)
    elif basis == "year" or (basis == "ytd" and kpi.kind in PERCENTAGE_KINDS):
        # Part of a year's events is always lower than a whole year's; a percentage is not.
        yield "last_year", figures.last_year(kpi.id, quarter)


def _values_if_complete(figures: Sequence[Figure]) -> tuple[Fraction, ...]:
    """The values of all figures, or none when one is missing: a mean of some quarters would mislead."""
    values = tuple(figure.value for figure in figures if figure.value is not None)
    return values if len(values) == len(figures) else ()
