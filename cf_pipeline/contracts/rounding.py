"""Figures as readers see them: rounded half up from the integers, never from a float.

Source of the rule: docs/rulings.md#1 (23 of 40 is 57.5%, shown as 58).
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pandas as pd

PERCENT = 100


def exact(number: Any) -> Fraction | None:
    """The number as it is written (0.1 is one tenth); None when it is missing."""
    if number is None or number is pd.NA or (isinstance(number, float) and math.isnan(number)):
        return None
    return as_written(number)


def as_written(number: float | Decimal | Fraction) -> Fraction:
    """The exact number that a written figure stands for: 0.1 is one tenth, not the nearest float."""
    return number if isinstance(number, Fraction) else _read_number(number)


@lru_cache(maxsize=16384, typed=True)
def _read_number(number: float | Decimal) -> Fraction:
    return Fraction(str(number))


def displayed_figure(numerator: Any, denominator: Any = None, decimals: int = 0) -> int | Decimal:
    """A figure as readers see it: a percentage when it has a denominator, else the number itself.

    Args:
        numerator: an integer (or an exact fraction, or a number as it is written).
        denominator: what it is a share of, or None for a figure that is not a share.
        decimals: digits after the point.

    Returns:
        An int when `decimals` is 0, else a Decimal with exactly that many digits.

    Raises:
        ValueError: the numerator is missing, or the denominator is 0: neither is a figure.
    """
    top, bottom = exact(numerator), exact(denominator)
    if top is None or bottom == 0:
        raise ValueError("a figure that is missing or divided by zero cannot be shown")
    return round_half_up(top if bottom is None else top / bottom * PERCENT, decimals)


def round_half_up(figure: Fraction, decimals: int = 0) -> int | Decimal:
    """An exact figure rounded half up (away from zero): an int, or a Decimal with `decimals` digits."""
    steps = _round_to_steps(figure, decimals)
    return Decimal(f"{steps}e-{decimals}") if decimals else steps


def round_exactly(figure: Fraction, decimals: int = 0) -> Fraction:
    """The number that `round_half_up` shows."""
    return Fraction(_round_to_steps(figure, decimals), 10**decimals)


def _round_to_steps(figure: Fraction, decimals: int) -> int:
    """The figure in steps of its last digit shown, rounded half up (away from zero)."""
    scale: int = 10**decimals
    steps = (2 * abs(figure.numerator) * scale + figure.denominator) // (2 * figure.denominator)
    return -steps if figure.numerator < 0 else steps


def round_range(lower: Fraction, upper: Fraction, decimals: int = 0) -> tuple[int | Decimal, int | Decimal]:
    """Both ends of a range rounded half up; outward where half up would show both as one figure.

    So 0.1% to 0.4% is shown as 0% to 1%: '0% to 0%' would say that the year cannot end otherwise.
    """
    ends = round_half_up(lower, decimals), round_half_up(upper, decimals)
    if ends[0] != ends[1] or lower == upper:
        return ends
    step = 10**decimals
    down, up = (Fraction(whole, step) for whole in (math.floor(lower * step), math.ceil(upper * step)))
    return round_half_up(down, decimals), round_half_up(up, decimals)
