"""Figures as readers see them: rounded half up from the integers, never from a float.

Source of the rule: docs/rulings.md#1 (23 of 40 is 57.5%, shown as 58).
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
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
    return number if isinstance(number, Fraction) else Fraction(str(number))


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
    scaled = abs(figure) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    signed = -whole if figure < 0 else whole
    return Decimal(f"{signed}e-{decimals}") if decimals else signed


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
