"""What holds of every year end, whatever the series."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cf_pipeline.forecast.methods.simple_methods import SIMPLE_METHODS
from cf_pipeline.forecast.model.rest_of_year import expect_rest_of_counts
from cf_pipeline.forecast.model.year_end import (
    flow_year_ends,
    percentage_year_ends,
    stock_percentage_year_ends,
    stock_year_ends,
)
from cf_pipeline.forecast.series.known_periods import KnownPeriods

NARROW, WIDE = 0.80, 0.95
anytime = settings(deadline=None, max_examples=60)
SHAPES = st.tuples(st.sampled_from([4, 12]), st.integers(1, 6), st.integers(1, 4))


@st.composite
def flows(draw, most=400, least=0, whole_years=SHAPES):
    """Counts of some series of one shape, some of them all zero or constant."""
    season, years, quarters = draw(whole_years)
    elapsed = quarters * season // 4
    shape = (draw(st.integers(1, 4)), years * season + elapsed)
    values = st.integers(least, most).map(float)
    known = draw(
        st.one_of(arrays("float64", shape, elements=values), values.map(lambda value: np.full(shape, value)))
    )
    return KnownPeriods(known, season, elapsed)


@st.composite
def shares(draw):
    """Numerators within their denominators; some series without a case."""
    known = draw(flows())
    part = draw(arrays("float64", known.numerators.shape, elements=st.floats(0, 1)))
    return KnownPeriods(
        np.floor(known.numerators * part), known.season_length, known.elapsed_periods, known.numerators
    )


def everything(ends):
    return [ends.point, *ends.lower.values(), *ends.upper.values()]


@anytime
@given(flows())
def test_a_flow_never_ends_below_what_has_happened(known):
    so_far = known.sum_to_date(known.numerators)
    for figures in everything(flow_year_ends(known)):
        assert (figures >= so_far).all()


@anytime
@given(flows())
def test_ranges_are_ordered_and_the_narrow_one_is_inside_the_wide(known):
    for method in (flow_year_ends, stock_year_ends):
        ends = method(known)
        ordered = [ends.lower[WIDE], ends.lower[NARROW], ends.point, ends.upper[NARROW], ends.upper[WIDE]]
        assert (np.diff(np.stack(ordered), axis=0) >= 0).all()


@anytime
@given(flows())
def test_year_ends_of_counts_are_whole_numbers_and_never_missing(known):
    for method in (flow_year_ends, stock_year_ends):
        for figures in everything(method(known)):
            assert np.isfinite(figures).all()
            assert (figures == np.floor(figures)).all()


@anytime
@given(shares())
def test_percentages_lie_between_0_and_100_and_their_ranges_are_nested(known):
    has_cases = known.sum_to_date(known.require_denominators()) > 0
    for method, measured in (
        (percentage_year_ends, has_cases),
        (stock_percentage_year_ends, known.require_denominators()[:, -1] > 0),
    ):
        ends = method(known)
        figures = (ends.lower[WIDE], ends.lower[NARROW], ends.point, ends.upper[NARROW], ends.upper[WIDE])
        ordered = np.stack(figures)[:, measured]
        assert ((ordered >= 0) & (ordered <= 100)).all()
        assert (np.diff(ordered, axis=0) >= 0).all()


@anytime
@given(shares())
def test_a_percentage_is_one_that_is_still_possible(known):
    ends = percentage_year_ends(known)
    top, whole = known.sum_to_date(known.numerators), known.sum_to_date(known.require_denominators())
    if known.remaining_periods == 0:
        has_cases = whole > 0
        assert ends.point[has_cases] == pytest.approx(100 * top[has_cases] / whole[has_cases])
    # All the rest of the year in time: no more than everything but what was late already.
    late = whole - top
    measured = np.isfinite(ends.point)
    assert (ends.upper[WIDE][measured & (late > 0)] < 100 + 1e-9).all()
    assert (ends.lower[WIDE][measured & (top > 0)] > 0).all()


@anytime
@given(flows(whole_years=st.tuples(st.sampled_from([4, 12]), st.integers(1, 6), st.just(4))))
def test_at_the_fourth_quarter_every_method_says_the_outturn_and_the_range_has_no_width(known):
    outturn = known.sum_to_date(known.numerators)
    for figures in everything(flow_year_ends(known)):
        assert (figures == outturn).all()
    for figures in everything(stock_year_ends(known)):
        assert (figures == known.numerators[:, -1]).all()
    for method in SIMPLE_METHODS.values():
        assert (method.flow(known.numerators, known) == outturn).all()
        assert (method.stock(known.numerators, known) == known.numerators[:, -1]).all()


@anytime
@given(flows(least=2000, most=9000, whole_years=st.tuples(st.just(4), st.integers(2, 5), st.integers(1, 3))))
def test_large_counts_times_ten_give_a_year_end_times_ten(known):
    # Chance is a larger part of the smaller counts. It decides most after years without any: 20 quarters of
    # 2,000 and then one of 2,376 differ by 2.7 per cent, the most that was found.
    times_ten = KnownPeriods(known.numerators * 10, known.season_length, known.elapsed_periods)
    assert flow_year_ends(times_ten).point == pytest.approx(10 * flow_year_ends(known).point, rel=0.05)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_large_counts_that_vary_as_real_ones_do_times_ten_give_the_same_within_half_a_per_cent(quarters):
    # Only chance in a count depends on its size, and 3,000 cases leave little of it.
    noise = np.random.default_rng(quarters).normal(0, 0.15, (2000, 20 + quarters))
    series = np.round(3000 * np.exp(noise))
    found, times_ten = (flow_year_ends(KnownPeriods(series * size, 4, quarters)).point for size in (1, 10))
    assert times_ten == pytest.approx(10 * found, rel=0.005)


@anytime
@given(
    flows(whole_years=st.tuples(st.sampled_from([4, 12]), st.integers(1, 5), st.integers(1, 3))), st.data()
)
def test_one_per_cent_more_in_one_past_period_moves_what_is_expected_by_less_than_five(known, data):
    # Between its edges the damping moves a period by twice its own change, the other way. The most that was
    # found, in series with seasons, drift and exceptions of every size, is 2.4 per cent.
    more = known.numerators.copy()
    more[:, data.draw(st.integers(0, known.past_numerators.shape[1] - 1))] *= 1.01
    before, after = (
        expect_rest_of_counts(KnownPeriods(counts, known.season_length, known.elapsed_periods)).count
        for counts in (known.numerators, more)
    )
    assert np.abs(np.log1p(after) - np.log1p(before)).max() < 0.05


@anytime
@given(flows(), st.randoms(use_true_random=False))
def test_the_order_of_series_is_irrelevant(known, random):
    order = list(range(len(known.numerators)))
    random.shuffle(order)
    shuffled = flow_year_ends(
        KnownPeriods(known.numerators[order], known.season_length, known.elapsed_periods)
    )
    assert (shuffled.point == flow_year_ends(known).point[order]).all()


@anytime
@given(flows(), shares())
def test_a_rerun_gives_the_same_bits(known, share):
    assert flow_year_ends(known).point.tobytes() == flow_year_ends(known).point.tobytes()
    first, second = percentage_year_ends(share), percentage_year_ends(share)
    for one, other in zip(everything(first), everything(second), strict=True):
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("season", [4, 12])
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_year_of_nothing_after_years_of_nothing_is_expected_to_end_at_nothing(season, quarters):
    elapsed = quarters * season // 4
    ends = flow_year_ends(KnownPeriods(np.zeros((1, 3 * season + elapsed)), season, elapsed))
    assert [ends.point[0], ends.lower[NARROW][0], ends.lower[WIDE][0]] == [0, 0, 0]
    # A first case can always come: a range of 0 to 0 would rule it out.
    assert [ends.upper[NARROW][0], ends.upper[WIDE][0]] == [1, 1]


@pytest.mark.parametrize("value", [1, 7, 40, 5000])
def test_a_constant_series_goes_on(value):
    ends = flow_year_ends(KnownPeriods(np.full((1, 14), float(value)), 4, 2))
    assert ends.point[0] == 4 * value


def test_one_year_of_history_is_enough_for_a_year_end_and_a_range():
    ends = flow_year_ends(KnownPeriods(np.array([[12.0, 8, 10, 14, 11]]), 4, 1))
    assert 11 < ends.lower[NARROW][0] < ends.point[0] < ends.upper[NARROW][0]


def test_without_a_whole_year_before_there_is_no_model():
    with pytest.raises(ValueError, match="whole year before"):
        flow_year_ends(KnownPeriods(np.array([[12.0, 8]]), 4, 2))


def test_years_beyond_the_latest_five_say_nothing():
    recent = np.tile([10.0, 20, 30, 40], 5)
    before = KnownPeriods(np.concatenate([[900.0] * 8, recent, [10, 20]])[None], 4, 2)
    after = KnownPeriods(np.concatenate([recent, [10, 20]])[None], 4, 2)
    assert flow_year_ends(before).point == flow_year_ends(after).point


def test_a_year_with_a_steady_season_is_forecast_by_it_and_not_by_its_pace():
    known = KnownPeriods(np.concatenate([np.tile([100.0, 100, 100, 20], 4), [100, 100, 100]])[None], 4, 3)
    assert flow_year_ends(known).point[0] == pytest.approx(320, abs=8)
    assert SIMPLE_METHODS["pro_rata"].flow(known.numerators, known)[0] == 400
