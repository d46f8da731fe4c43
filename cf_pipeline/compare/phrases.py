"""The difference of a KPI from its reference, and the words for it (`data/phrases.toml`).

Polarity never changes the words: higher is higher, whether that is good or bad. Source:
`docs/rulings.md#12` and the committee report of 10 February 2020.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from importlib import resources

from cf_pipeline.compare.differences import (
    DEFAULT_WORDING_LIMITS,
    DOWNWARDS,
    UPWARDS,
    Difference,
    WordingLimits,
    confirm_direction,
    difference_of_counts,
    difference_of_percentages,
    difference_of_rates,
)
from cf_pipeline.compare.figures import COUNT_KINDS
from cf_pipeline.contracts.rounding import round_exactly

PERCENTAGE_KINDS = ("percentage", "distribution")


def difference_from_reference(
    kind: str,
    decimals: int,
    value: Fraction,
    reference: Fraction,
    limits: WordingLimits = DEFAULT_WORDING_LIMITS,
) -> Difference:
    """The difference of a KPI from its reference.

    Args:
        kind: of the KPI, as in the registry; it decides how the figures compare.
        decimals: with which the KPI is displayed; percentages compare as displayed.
        value: unrounded.
        reference: unrounded.
        limits: between the words.
    """
    if kind in PERCENTAGE_KINDS:
        shown_value, shown_reference = round_exactly(value, decimals), round_exactly(reference, decimals)
        return difference_of_percentages(shown_value, shown_reference, limits)
    if kind in COUNT_KINDS:
        return difference_of_counts(value, reference, limits)
    return difference_of_rates(value, reference, limits)


def difference_from_mean(
    kind: str,
    decimals: int,
    value: Fraction,
    earlier: Sequence[Fraction],
    limits: WordingLimits = DEFAULT_WORDING_LIMITS,
) -> Difference:
    """The difference of a KPI from the mean of earlier quarters; its direction must hold for each of them.

    Args:
        kind: of the KPI.
        decimals: with which the KPI is displayed.
        value: unrounded.
        earlier: the earlier quarters' values, unrounded, at least one.
        limits: between the words.
    """
    difference = difference_from_reference(kind, decimals, value, mean(earlier), limits)
    return confirm_difference(kind, decimals, difference, value, earlier)


def confirm_difference(
    kind: str, decimals: int, difference: Difference, value: Fraction, earlier: Sequence[Fraction]
) -> Difference:
    """The difference from a mean, or `within_range` where its direction does not hold for each figure of it.

    Args:
        kind: of the KPI; percentages compare as displayed.
        decimals: with which the KPI is displayed.
        difference: of the figure from the mean.
        value: unrounded.
        earlier: the figures of the mean, unrounded.
    """
    if kind in PERCENTAGE_KINDS and difference in UPWARDS | DOWNWARDS:
        value, earlier = round_exactly(value, decimals), [round_exactly(other, decimals) for other in earlier]
    return confirm_direction(difference, value, earlier)


def mean(figures: Sequence[Fraction]) -> Fraction:
    """The exact mean of at least one figure."""
    numerator, denominator = 0, 1
    for figure in figures:  # over one denominator: a sum of fractions reduces each of its steps
        numerator = numerator * figure.denominator + figure.numerator * denominator
        denominator *= figure.denominator
    return Fraction(numerator, denominator * len(figures))


def wording(style: str, difference: Difference) -> str:
    """The words for a difference in one style of `data/phrases.toml`.

    Raises:
        KeyError: the style has no words for it.
    """
    return _phrases()[style][difference]


def phrase(kind: str, difference: Difference, *, is_forecast: bool = False) -> str:
    """The phrase of a comparison row, such as 'slightly lower' or, for a forecast, 'mirrors'."""
    if kind in PERCENTAGE_KINDS:
        return wording("percentages", difference)
    return wording("forecast_counts" if is_forecast else "counts", difference)


@cache
def _phrases() -> dict[str, dict[str, str]]:
    path = resources.files("cf_pipeline.compare") / "data" / "phrases.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
