"""How far a figure is from its reference, and a figure as a reader sees it in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

SMALL, SAME = "small", "same"
LESS_SMALL = 10
WORDS_OF_NUMBERS = ("no", "one", "two", "three", "four")


def half_up(value: Fraction, decimals: int = 0) -> str:
    """Half up (docs/rulings.md#1) from the exact figure, with all its decimals."""
    scaled = (value * 10**decimals + Fraction(1, 2)).__floor__()
    if decimals == 0:
        return str(scaled)
    return f"{scaled // 10**decimals}.{scaled % 10**decimals:0{decimals}d}"


def count_difference(now: Fraction, before: Fraction) -> str:
    """'small', 'same', 'slightly higher', 'higher', 'slightly lower' or 'lower', from unrounded counts."""
    if now < LESS_SMALL and before < LESS_SMALL and abs(now - before) <= 1:
        return SMALL
    if before == 0:
        return "higher"
    relative = abs(now - before) / before
    if relative <= Fraction(5, 100):
        return SAME
    direction = "higher" if now > before else "lower"
    return f"slightly {direction}" if relative <= Fraction(15, 100) else direction


def percentage_difference(now: Fraction, before: Fraction) -> str:
    """The same for percentages, which are compared as displayed (whole)."""
    points = int(half_up(now)) - int(half_up(before))
    if abs(points) <= 2:
        return SAME
    direction = "higher" if points > 0 else "lower"
    return f"slightly {direction}" if abs(points) < 5 else direction


def against_earlier(now: Fraction, earlier: Sequence[Fraction]) -> str:
    """The difference from the mean of earlier quarters, or 'within' when one of them gainsays it."""
    difference = count_difference(now, sum(earlier, Fraction(0)) / len(earlier))
    if difference.endswith("higher") and not all(now > each for each in earlier):
        return "within"
    if difference.endswith("lower") and not all(now < each for each in earlier):
        return "within"
    return difference


def is_alike(difference: str) -> bool:
    return difference in (SMALL, SAME)


def than(difference: str) -> str:
    """'similar to', 'slightly higher than'."""
    return "similar to" if is_alike(difference) else f"{difference} than"


def in_words(numbers: Sequence[Fraction]) -> str:
    """'80', '80 and 90', '80, 90 and 77'."""
    texts = [half_up(number) for number in numbers]
    if len(texts) == 1:
        return texts[0]
    return ", ".join(texts[:-1]) + " and " + texts[-1]


def one_or_more(number: Fraction, one: str, more: str) -> str:
    """'1 contact', '77 contacts'."""
    return f"{half_up(number)} {one if number == 1 else more}"
