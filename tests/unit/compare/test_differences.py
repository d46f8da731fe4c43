from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.compare.differences import Band, against_every, count_band, points_band

COUNTS = st.integers(0, 400).map(Fraction)
UP, DOWN = (Band.HIGHER, Band.SLIGHTLY_HIGHER), (Band.LOWER, Band.SLIGHTLY_LOWER)


@given(COUNTS, COUNTS)
def test_a_band_never_points_the_wrong_way(value, reference):
    for band in (count_band(value, reference), points_band(value, reference)):
        assert value > reference if band in UP else band in DOWN or band.is_similar
        assert value < reference if band in DOWN else True


@given(COUNTS, st.lists(COUNTS, min_size=1, max_size=3))
def test_a_direction_against_earlier_quarters_holds_against_every_one(value, earlier):
    band = against_every(count_band(value, sum(earlier) / len(earlier)), value, earlier)
    assert all(value > each for each in earlier) or band not in UP
    assert all(value < each for each in earlier) or band not in DOWN


@given(COUNTS)
def test_a_figure_is_similar_to_itself(value):
    assert count_band(value, value).is_similar
    assert points_band(value, value).is_similar
