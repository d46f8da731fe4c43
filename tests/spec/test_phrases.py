"""The words for a difference, boundary by boundary."""

from fractions import Fraction

import pytest

from cf_pipeline.compare.differences import Difference, WordingLimits, is_consistent
from cf_pipeline.compare.phrases import difference_from_mean, difference_from_reference, phrase

COUNTS = [
    # value, reference, words, as a forecast
    (105, 100, "similar to", "mirrors"),  # exactly 5.0%
    (1051, 1000, "slightly higher", "slightly higher"),
    (115, 100, "slightly higher", "slightly higher"),  # exactly 15.0%
    (1151, 1000, "higher", "higher"),
    (95, 100, "similar to", "mirrors"),
    (949, 1000, "slightly lower", "slightly lower"),
    (85, 100, "slightly lower", "slightly lower"),
    (849, 1000, "lower", "lower"),
    (5, 6, "similar to", "similar to"),  # both under 10 and one apart, though 17% lower
    (9, 8, "similar to", "similar to"),
    (10, 9, "slightly higher", "slightly higher"),  # 10 is not under 10
    (7, 5, "higher", "higher"),  # under 10 but two apart
    (0, 0, "similar to", "similar to"),
    (1, 0, "similar to", "similar to"),
    (2, 0, "higher", "higher"),
    (0, 2, "lower", "lower"),
    (20, 0, "higher", "higher"),
]
PERCENTAGES = [
    # value and reference as numerator and denominator, words
    ((80, 100), (82, 100), "similar"),  # exactly 2.0 points
    ((80, 100), (83, 100), "slightly lower"),
    ((74, 247), (81, 324), "higher"),  # 30% and 25%, displayed: 5.0 points, though 4.96 unrounded
    ((29, 100), (25, 100), "slightly higher"),
    ((23, 40), (55, 100), "slightly higher"),  # 57.5% is displayed 58
    ((1, 3), (35, 100), "similar"),
]


@pytest.mark.parametrize(("value", "reference", "words", "forecast"), COUNTS)
def test_counts(value, reference, words, forecast):
    difference = difference_from_reference("flow_count", 0, Fraction(value), Fraction(reference))
    assert phrase("flow_count", difference) == words
    assert phrase("flow_count", difference, is_forecast=True) == forecast


@pytest.mark.parametrize(("value", "reference", "words"), PERCENTAGES)
def test_percentages_compare_as_displayed(value, reference, words):
    sides = [Fraction(100 * top, bottom) for top, bottom in (value, reference)]
    assert phrase("percentage", difference_from_reference("percentage", 0, *sides)) == words


def test_a_percentage_shown_with_a_decimal_compares_with_it():
    value, reference = Fraction(974, 10), Fraction(953, 10)
    assert difference_from_reference("percentage", 1, value, reference) == Difference.SLIGHTLY_HIGHER
    assert difference_from_reference("percentage", 0, value, reference) == Difference.SIMILAR


def test_a_forecast_is_compared_unrounded():
    # 50 x 4/3 = 66.67 is 14.9% over 58; the 67 that is shown would be 15.5%.
    assert (
        difference_from_reference("flow_count", 0, Fraction(50 * 4, 3), Fraction(58))
        == Difference.SLIGHTLY_HIGHER
    )
    assert difference_from_reference("flow_count", 0, Fraction(67), Fraction(58)) == Difference.HIGHER
    # 63 x 4/3 = 84 is exactly 5% over 80, which a float of 63 * 1.3333 is not.
    assert difference_from_reference("flow_count", 0, Fraction(63 * 4, 3), Fraction(80)) == Difference.SIMILAR


@pytest.mark.parametrize(
    ("value", "earlier", "words"),
    [
        (77, (80, 90), "slightly lower"),
        (77, (90, 80), "slightly lower"),
        (85, (80, 90), "similar to"),
        (92, (60, 100), "within the range of"),
        (90, (80, 90), "within the range of"),  # a tie is not higher than every one
        (91, (80, 90), "slightly higher"),
        (5, (0, 0), "higher"),
        (70, (60,), "higher"),
    ],
)
def test_against_the_mean_of_earlier_quarters(value, earlier, words):
    difference = difference_from_mean(
        "flow_count", 0, Fraction(value), [Fraction(other) for other in earlier]
    )
    assert phrase("flow_count", difference) == words


@pytest.mark.parametrize(
    ("values", "steady"),
    [
        ((27, 29, 28), True),
        ((5, 7), True),  # two apart
        ((5, 8), False),
        ((37, 43), True),  # exactly 15% of 40
        ((370, 431), False),
        ((0, 0), True),
    ],
)
def test_a_consistent_pattern(values, steady):
    assert is_consistent([Fraction(value) for value in values]) is steady


def test_the_limits_are_settings():
    wide = WordingLimits(similar_pct=10, similar_points=5, plain_points=10.5, small_number=0)
    assert difference_from_reference("stock", 0, Fraction(110), Fraction(100), wide) == Difference.SIMILAR
    assert difference_from_reference("stock", 0, Fraction(5), Fraction(6), wide) == Difference.LOWER
    assert (
        difference_from_reference("percentage", 0, Fraction(90), Fraction(80), wide)
        == Difference.SLIGHTLY_HIGHER
    )


def test_rates_have_no_small_number_rule():
    assert difference_from_reference("rate_10k", 1, Fraction(5), Fraction(6)) == Difference.LOWER
