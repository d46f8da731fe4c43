"""The band of a KPI against its reference, and the words for it (`data/phrases.toml`).

Source of the rules: kpi rules, section 3. Polarity never changes the words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from importlib import resources

from cf_pipeline.compare.differences import (
    DEFAULT_BANDS,
    Band,
    Bands,
    against_every,
    count_band,
    points_band,
    relative_band,
)
from cf_pipeline.compare.figures import COUNTS
from cf_pipeline.contracts.rounding import as_written, rounded

POINTS = ("percentage", "distribution")


def difference_band(
    kind: str, decimals: int, value: Fraction, reference: Fraction, bands: Bands = DEFAULT_BANDS
) -> Band:
    """The band of a KPI of some kind: percentages in points as displayed, counts and rates unrounded."""
    if kind in POINTS:
        return points_band(_displayed(value, decimals), _displayed(reference, decimals), bands)
    return count_band(value, reference, bands) if kind in COUNTS else relative_band(value, reference, bands)


def earlier_band(
    kind: str, decimals: int, value: Fraction, earlier: Sequence[Fraction], bands: Bands = DEFAULT_BANDS
) -> Band:
    """The band against the mean of earlier quarters; its direction must hold against every one of them."""
    band = difference_band(kind, decimals, value, mean(earlier), bands)
    if kind in POINTS:
        value, earlier = _displayed(value, decimals), [_displayed(each, decimals) for each in earlier]
    return against_every(band, value, earlier)


def mean(figures: Sequence[Fraction]) -> Fraction:
    """The exact mean of at least one figure."""
    return sum(figures, Fraction(0)) / len(figures)


def words(style: str, band: Band) -> str:
    """The words of a band in one style of `data/phrases.toml`; KeyError when the style has none for it."""
    return _phrases()[style][band.value]


def phrase(kind: str, band: Band, *, is_forecast: bool = False) -> str:
    """The phrase of a comparison row, such as 'slightly lower' or, for a forecast, 'mirrors'."""
    if kind in POINTS:
        return words("percentages", band)
    return words("forecast_counts" if is_forecast else "counts", band)


@cache
def _phrases() -> dict[str, dict[str, str]]:
    path = resources.files("cf_pipeline.compare") / "data" / "phrases.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _displayed(figure: Fraction, decimals: int) -> Fraction:
    return as_written(rounded(figure, decimals))
