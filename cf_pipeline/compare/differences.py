"""The size and direction of the difference between two figures, computed exactly and never in floats.

Counts compare unrounded, percentages as they are displayed (`docs/rulings.md#1`). The limits between the
sizes are settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from cf_pipeline.contracts.rounding import PERCENT, as_written


class Difference(StrEnum):
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
        """Whether the two figures are worded as alike."""
        return self in (Difference.SMALL_NUMBERS, Difference.SIMILAR)


UPWARDS = frozenset({Difference.HIGHER, Difference.SLIGHTLY_HIGHER})
DOWNWARDS = frozenset({Difference.LOWER, Difference.SLIGHTLY_LOWER})


@dataclass(frozen=True)
class WordingLimits:
    """The limits between the words for a difference, as set under `[phrases]` in `pipeline.toml`.

    A limit belongs to the milder word, except `plain_points`: exactly 5.0% is similar, 15.0% slightly, 2.0
    points similar, 5.0 points plainly higher or lower.
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

    @cached_property
    def exact(self) -> dict[str, Fraction]:
        """Each limit as it is written, by name."""
        return {limit.name: as_written(getattr(self, limit.name)) for limit in fields(self)}


DEFAULT_WORDING_LIMITS = WordingLimits()


def difference_of_counts(
    value: Fraction, reference: Fraction, limits: WordingLimits = DEFAULT_WORDING_LIMITS
) -> Difference:
    """The difference of two counts: small numbers first, else as `difference_of_rates`."""
    small, close = limits.exact["small_number"], limits.exact["small_difference"]
    if value < small and reference < small and abs(value - reference) <= close:
        return Difference.SMALL_NUMBERS
    return difference_of_rates(value, reference, limits)


def difference_of_rates(
    value: Fraction, reference: Fraction, limits: WordingLimits = DEFAULT_WORDING_LIMITS
) -> Difference:
    """The relative difference of two rates, or of counts that are not small; any value above 0 is higher."""
    own, other = cross_multiply(value, reference)
    if own == other:
        return Difference.SIMILAR
    if other == 0:
        return Difference.HIGHER if own > 0 else Difference.LOWER
    size = abs(own - other) * PERCENT, abs(other)
    if _compare(*size, limits.exact["similar_pct"]) <= 0:
        return Difference.SIMILAR
    return _directed_difference(own > other, is_slight=_compare(*size, limits.exact["slightly_pct"]) <= 0)


def cross_multiply(value: Fraction, reference: Fraction) -> tuple[int, int]:
    """Both numerators over one denominator, the product of both: whole numbers compare at little cost."""
    return value.numerator * reference.denominator, reference.numerator * value.denominator


def difference_of_percentages(
    value: Fraction, reference: Fraction, limits: WordingLimits = DEFAULT_WORDING_LIMITS
) -> Difference:
    """The difference of two percentages in points, both as displayed."""
    own, other = cross_multiply(value, reference)
    size = abs(own - other), value.denominator * reference.denominator
    if _compare(*size, limits.exact["similar_points"]) <= 0:
        return Difference.SIMILAR
    return _directed_difference(own > other, is_slight=_compare(*size, limits.exact["plain_points"]) < 0)


def confirm_direction(difference: Difference, value: Fraction, others: Sequence[Fraction]) -> Difference:
    """The difference from a mean, or `within_range` when a figure of the mean contradicts its direction."""
    is_higher = difference in UPWARDS
    if is_higher and any(value <= other for other in others):
        return Difference.WITHIN_RANGE
    is_lower = difference in DOWNWARDS
    if is_lower and any(value >= other for other in others):
        return Difference.WITHIN_RANGE
    return difference


def is_consistent(values: Sequence[Fraction], limits: WordingLimits = DEFAULT_WORDING_LIMITS) -> bool:
    """Whether figures stay close together: by default their range is at most 2, or 15% of their mean."""
    mean = sum(values, Fraction(0)) / len(values)
    allowed = max(limits.exact["consistent_count"], mean * limits.exact["consistent_pct"] / PERCENT)
    return max(values) - min(values) <= allowed


def _compare(numerator: int, denominator: int, limit: Fraction) -> int:
    """Below 0 where a ratio of whole numbers is under a limit, 0 where it is the limit, above 0 beyond it."""
    return numerator * limit.denominator - limit.numerator * denominator


def _directed_difference(is_higher: bool, *, is_slight: bool) -> Difference:
    if is_higher:
        return Difference.SLIGHTLY_HIGHER if is_slight else Difference.HIGHER
    return Difference.SLIGHTLY_LOWER if is_slight else Difference.LOWER
