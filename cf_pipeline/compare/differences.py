"""How far a figure is from its reference, as one of a few bands. Decided exactly, never in floats.

Counts compare unrounded, percentages as they are displayed (ruling 1). The limits are settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from cf_pipeline.contracts.rounding import PERCENT, as_written


class Band(StrEnum):
    """The size and direction of a difference."""

    SMALL_NUMBERS = "small_numbers"
    SIMILAR = "similar"
    SLIGHTLY_HIGHER = "slightly_higher"
    HIGHER = "higher"
    SLIGHTLY_LOWER = "slightly_lower"
    LOWER = "lower"
    WITHIN_RANGE = "within_range"

    @property
    def is_similar(self) -> bool:
        """Whether the two figures are told as alike."""
        return self in (Band.SMALL_NUMBERS, Band.SIMILAR)


@dataclass(frozen=True)
class Bands:
    """The limits between bands. A limit belongs to the milder side, except `plain_points`.

    Exactly 5.0% is similar, 15.0% slightly, 2.0 points similar, 5.0 points plain.
    """

    small_number: float = 10
    small_difference: float = 1
    similar_pct: float = 5
    slightly_pct: float = 15
    similar_points: float = 2
    plain_points: float = 5
    consistent_count: float = 2
    consistent_pct: float = 15
    majority_pct: float = 50
    most_pct: float = 75


DEFAULT_BANDS = Bands()


def count_band(value: Fraction, reference: Fraction, bands: Bands = DEFAULT_BANDS) -> Band:
    """The band of a count: small numbers first, then the relative difference; against 0 it is higher."""
    small = as_written(bands.small_number)
    if value < small and reference < small and abs(value - reference) <= as_written(bands.small_difference):
        return Band.SMALL_NUMBERS
    return relative_band(value, reference, bands)


def relative_band(value: Fraction, reference: Fraction, bands: Bands = DEFAULT_BANDS) -> Band:
    """The band of a relative difference, for rates and for counts that are not small."""
    if value == reference:
        return Band.SIMILAR
    if reference == 0:
        return Band.HIGHER if value > 0 else Band.LOWER
    size = abs(value - reference) / abs(reference) * PERCENT
    if size <= as_written(bands.similar_pct):
        return Band.SIMILAR
    return _directed(value > reference, slightly=size <= as_written(bands.slightly_pct))


def points_band(value: Fraction, reference: Fraction, bands: Bands = DEFAULT_BANDS) -> Band:
    """The band of two percentages, both as displayed."""
    size = abs(value - reference)
    if size <= as_written(bands.similar_points):
        return Band.SIMILAR
    return _directed(value > reference, slightly=size < as_written(bands.plain_points))


def against_every(band: Band, value: Fraction, others: Sequence[Fraction]) -> Band:
    """The band against a mean, kept only when its direction holds against every figure of the mean."""
    if band in (Band.HIGHER, Band.SLIGHTLY_HIGHER) and any(value <= other for other in others):
        return Band.WITHIN_RANGE
    if band in (Band.LOWER, Band.SLIGHTLY_LOWER) and any(value >= other for other in others):
        return Band.WITHIN_RANGE
    return band


def is_consistent(values: Sequence[Fraction], bands: Bands = DEFAULT_BANDS) -> bool:
    """Whether figures stay close together: their range is at most 2, or 15% of their mean."""
    mean = sum(values, Fraction(0)) / len(values)
    allowed = max(as_written(bands.consistent_count), mean * as_written(bands.consistent_pct) / PERCENT)
    return max(values) - min(values) <= allowed


def _directed(is_higher: bool, *, slightly: bool) -> Band:
    if is_higher:
        return Band.SLIGHTLY_HIGHER if slightly else Band.HIGHER
    return Band.SLIGHTLY_LOWER if slightly else Band.LOWER
