from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.contracts.rounding import displayed_figure, exact, round_half_up


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "expected"),
    [
        (23, 40, 0, 58),  # 57.5: half goes up; a float or banker's rounding may say 57
        (1, 8, 0, 13),  # 12.5
        (33, 77, 0, 43),
        (70, 77, 0, 91),
        (37, 38, 1, Decimal("97.4")),
        (38, 38, 1, Decimal("100.0")),
        (1, 2000, 1, Decimal("0.1")),  # 0.05
        (0, 5, 0, 0),
        (247, None, 0, 247),
        (Fraction(988, 3), None, 0, 329),
    ],
)
def test_half_goes_up_from_the_integers(numerator, denominator, decimals, expected):
    figure = displayed_figure(numerator, denominator, decimals)
    assert figure == expected
    assert str(figure) == str(expected)


def test_a_figure_of_nothing_is_not_shown():
    with pytest.raises(ValueError, match="divided by zero"):
        displayed_figure(0, 0)
    with pytest.raises(ValueError, match="missing"):
        displayed_figure(pd.NA)


def test_an_exact_figure_is_the_one_that_is_written():
    assert exact(84.1) == Fraction(841, 10)
    assert exact(float("nan")) is None
    assert exact(None) is None
    assert exact(pd.NA) is None


@given(st.integers(-10_000, 10_000), st.integers(1, 999), st.integers(0, 3))
def test_a_rounded_figure_is_the_nearest(numerator, denominator, decimals):
    figure = Fraction(numerator, denominator)
    difference = abs(Fraction(str(round_half_up(figure, decimals))) - figure)
    assert difference <= Fraction(1, 2 * 10**decimals)
    assert round_half_up(-figure, decimals) == -round_half_up(figure, decimals)
