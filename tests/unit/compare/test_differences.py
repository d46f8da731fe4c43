from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.compare.differences import (
    Difference,
    confirm_direction,
    difference_of_counts,
    difference_of_percentages,
)

COUNTS = st.integers(0, 400).map(Fraction)
UP, DOWN = (Difference.HIGHER, Difference.SLIGHTLY_HIGHER), (Difference.LOWER, Difference.SLIGHTLY_LOWER)


@given(COUNTS, COUNTS)
def test_a_band_never_points_the_wrong_way(value, reference):
    for difference in (difference_of_counts(value, reference), difference_of_percentages(value, reference)):
        assert value > reference if difference in UP else difference in DOWN or difference.is_similar
        assert value < reference if difference in DOWN else True


@given(COUNTS, st.lists(COUNTS, min_size=1, max_size=3))
def test_a_direction_against_earlier_quarters_holds_against_every_one(value, earlier):
    difference = confirm_direction(difference_of_counts(value, sum(earlier) / len(earlier)), value, earlier)
    assert all(value > other for other in earlier) or difference not in UP
    assert all(value < other for other in earlier) or difference not in DOWN


@given(COUNTS)
def test_a_figure_is_similar_to_itself(value):
    assert difference_of_counts(value, value).is_similar
    assert difference_of_percentages(value, value).is_similar
