"""What each figure is compared with: earlier quarters, last year, its end, other places, what was published.

No reference, no row: a side that is withheld or missing gives no comparison. A KPI that is not what is
published nationally names no series and is never set beside one; where the difference is small enough to
compare, it names the series and its note is said with every comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cf_pipeline.comparators.lookup import NEIGHBOURS, PLACES, Published, PublishedFigure
from cf_pipeline.compare.figures import Figure, Figures
from cf_pipeline.compare.phrases import POINTS, mean
from cf_pipeline.contracts.quarters import Quarter
from cf_pipeline.kpi.definitions.registry import Kpi

RATE = "rate_10k"
FLOW_RATE_RULE = "rate_of_forecast"
OWN = "own_published"
FORECAST_NOTE = "The year-end forecast."
WITHIN = "Within rounding of the authority's own published figure."
BEYOND = "Further from the authority's own published figure than rounding explains."


@dataclass(frozen=True)
class Pair:
    """A figure and what it is compared with.

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


def pairs(figures: Figures, published: Published, authority_code: str) -> Iterator[Pair]:
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
        forecast = figures.forecast(kpi_id, quarter).value
        last_year = figures.last_year(kpi_id, quarter).value
        if basis == "ytd" and forecast is not None and last_year is not None:
            yield Pair(kpi, quarter, "year", "forecast_vs_last_year", forecast, last_year)
        if kpi.comparator_series is not None:
            own = published.own(kpi.comparator_series, authority_code, quarter.end)
            if basis == "year" and own is not None:
                note = distance(value, own.value, published.decimals(kpi.comparator_series))
                said = _said(note, kpi.comparator_note)
                yield Pair(kpi, quarter, basis, OWN, value, own.value, (), own.year_ending, said)
            for against in (*PLACES, NEIGHBOURS):
                found = published.latest(kpi.comparator_series, against, authority_code, quarter.end)
                if found is not None:
                    yield from _beside(kpi, quarter, basis, against, value, forecast, found)


def _beside(
    kpi: Kpi,
    quarter: Quarter,
    basis: str,
    against: str,
    value: Fraction,
    forecast: Fraction | None,
    found: PublishedFigure,
) -> Iterator[Pair]:
    """A figure beside another place's; of a flow rate before the year's end, its forecast (ruling 18)."""
    if is_comparable(kpi, basis):
        note = _said(found.note, kpi.comparator_note)
        yield Pair(kpi, quarter, basis, against, value, found.value, (), found.year_ending, note)
    elif kpi.kind == RATE and basis == "ytd" and quarter.number < 4 and forecast is not None:
        note = _said(FORECAST_NOTE, found.note, kpi.comparator_note)
        yield Pair(kpi, quarter, "year", against, forecast, found.value, (), found.year_ending, note)


def is_comparable(kpi: Kpi, basis: str) -> bool:
    """Whether a KPI may stand beside London: percentages and stock rates always, flow rates a whole year."""
    if kpi.kind == RATE:
        return kpi.forecast_rule != FLOW_RATE_RULE or basis == "year"
    return kpi.kind == "percentage"


def distance(ours: Fraction, published: Fraction, decimals: int) -> str:
    """How far ours is from the authority's own published figure: whether rounding explains it."""
    half = Fraction(1, 2 * 10**decimals)
    return WITHIN if abs(ours - published) <= half else BEYOND


def _said(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


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
