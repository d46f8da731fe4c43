"""Limits and signals agree with NHSRplotthedots and with exact arithmetic, to every printed digit."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from cf_pipeline.spc.charts import (
    Limits,
    funnel,
    is_overdispersed,
    laney_chart,
    p_chart,
    share_error,
    u_chart,
    xmr_chart,
)
from cf_pipeline.spc.special_causes import (
    ONE_SIDE,
    OUTSIDE,
    TREND,
    TWO_OF_THREE,
    assurance,
    ends_of_shifts,
    ends_of_trends,
    runs_of_seven,
    special_causes,
    two_of_three,
)


def numbers(text):
    return np.array([[float(number) for number in text.split()]])


def oracle(samples, name):
    return pd.read_csv(samples / "forecast_series" / f"spc_oracle_{name}.csv", dtype="str")


def agrees(figure, printed):
    """Whether a figure is the printed one: to its decimals, or to its significant digits when it has more."""
    shown = Decimal(printed)
    return abs(Decimal(float(figure)) - shown) <= Decimal(1).scaleb(shown.as_tuple().exponent) / 2


@pytest.mark.samples
def test_xmr_limits_are_those_that_nhsrplotthedots_prints(samples):
    for case in oracle(samples, "limits").itertuples():
        limits = xmr_chart(numbers(case.y), drop_outlying_ranges=case.screen_outliers == "True")
        for figure, printed in ((limits.mean, case.mean), (limits.lower, case.lpl), (limits.upper, case.upl)):
            assert agrees(figure[0, 0], printed), case.case


@pytest.mark.samples
def test_funnel_limits_are_the_exact_ones(samples):
    cases = oracle(samples, "funnel")
    target, sizes = cases["target"].to_numpy(dtype=float), cases["n"].to_numpy(dtype=float)
    lower_95, upper_95 = funnel(target, sizes, 0.95)
    lower_998, upper_998 = funnel(target, sizes, 0.998)
    # A chart whose pooled share is the target: one point of the size, among very many of the target's own.
    many = 1e15
    chart = p_chart(
        np.stack([target * sizes, target * many], 1), np.stack([sizes, np.full_like(sizes, many)], 1)
    )
    computed = {
        "exact_lo998": lower_998,
        "exact_lo95": lower_95,
        "exact_hi95": upper_95,
        "exact_hi998": upper_998,
        "pchart_lcl3": chart.lower[:, 0],
        "pchart_ucl3": chart.upper[:, 0],
    }
    for name, figures in computed.items():
        for figure, printed in zip(figures, cases[name], strict=True):
            assert agrees(figure, printed), name


RULES = {
    "seven_point_one_side_mean": lambda text: ends_of_shifts(numbers(text).astype(int)),
    "part_of_seven_trend": lambda text: runs_of_seven(numbers(text).astype(int)),
    "seven_point_trend": lambda text: ends_of_trends(numbers(text)),
    "two_in_three(close;same side)": lambda text: two_of_three(
        numbers(text) > 0, np.ones_like(numbers(text), dtype=int)
    ),
    "two_in_three(close;alternating sides)": lambda text: two_of_three(
        numbers(text) > 0, np.where(np.arange(numbers(text).shape[1]) % 2, 1, -1)[None]
    ),
    "assurance increase (lpl,upl,target)": lambda text: assurance(*numbers(text)[0], True),
    "assurance decrease (lpl,upl,target)": lambda text: assurance(*numbers(text)[0], False),
}


@pytest.mark.samples
def test_signals_are_those_of_nhsrplotthedots(samples):
    for case in oracle(samples, "rules").itertuples():
        found = RULES[case.rule](case.input)
        if found.ndim == 0:
            assert str(found) == case.expected
        else:
            assert (found * 1).astype(int).tolist() == numbers(case.expected).astype(int).tolist()


FLAT = Limits(np.array([[0.0]]), np.array([[-3.0]]), np.array([[3.0]]))


@pytest.mark.parametrize(
    ("points", "causes", "directions"),
    [
        ("0 4 0 -4", ["", OUTSIDE, "", OUTSIDE], [0, 1, 0, -1]),
        ("2.5 0.5 2.5 0", [TWO_OF_THREE, "", TWO_OF_THREE, ""], [1, 0, 1, 0]),
        ("2.5 -0.5 2.5 0", ["", "", "", ""], [0, 0, 0, 0]),
        ("1 1 1 1 1 1 0", [""] * 7, [0] * 7),
        ("-1 -1 -1 -1 -1 -1 -1", [ONE_SIDE] * 7, [-1] * 7),
        ("-1.5 -1 -.5 .5 1 1.5 1.9 0", [TREND] * 7 + [""], [1] * 7 + [0]),
        ("-1.5 -1 -.5 .5 1 1.5 9", [TREND] * 6 + [OUTSIDE], [1] * 7),
    ],
)
def test_the_first_rule_that_holds_gives_the_cause(points, causes, directions):
    cause, direction = special_causes(numbers(points), FLAT)
    assert cause[0].tolist() == causes
    assert direction[0].tolist() == directions


def test_a_missing_point_breaks_a_run():
    values = np.array([[1, 1, 1, np.nan, 1, 1, 1, 1]], dtype=float)
    assert (special_causes(values, FLAT)[0] == "").all()


def test_a_shorter_series_beside_a_longer_one_has_the_limits_it_has_alone():
    short, long = [4.0, 6, 5, 7, 3], [10.0, 12, 9, 11, 10, 13]
    both = xmr_chart(np.array([[*short, np.nan], long]))
    alone = xmr_chart(np.array([short]))
    assert both.upper[0, 0] == alone.upper[0, 0]
    assert both.mean[1, 0] == xmr_chart(np.array([long])).mean[0, 0]


def test_a_constant_series_has_limits_of_no_width():
    limits = xmr_chart(np.full((1, 8), 6.0))
    assert (limits.lower, limits.mean, limits.upper) == (6, 6, 6)


def test_a_rate_has_poisson_limits_by_its_size():
    limits = u_chart(np.array([[90.0, 110, 400]]), np.array([[10.0, 10, 40]]))
    assert limits.mean[0, 0] == 10
    assert limits.upper[0].tolist() == [13, 13, 11.5]
    assert limits.lower[0].tolist() == [7, 7, 8.5]


def test_laney_limits_are_as_wide_as_the_shares_move():
    sizes = np.full((1, 5), 100.0)
    cases = np.array([[50.0, 60, 50, 60, 50]])
    # Standardised moves of 10 points are 2.003 standard errors of 4.99 points; 2.003 / 1.128 = 1.776.
    ordinary, wide = p_chart(cases, sizes), laney_chart(cases, sizes, share_error)
    stretch = (wide.upper - wide.mean) / (ordinary.upper - ordinary.mean)
    assert stretch[0, 0] == pytest.approx(10 / (100 * np.sqrt(0.54 * 0.46 / 100)) / 1.128)


def test_shares_that_move_more_than_chance_are_overdispersed():
    sizes = np.full((2, 8), 100.0)
    cases = np.array([[50.0, 52, 47, 51, 49, 50, 53, 48], [20, 80, 35, 70, 20, 80, 30, 65]])
    assert is_overdispersed(cases, sizes, share_error)[:, 0].tolist() == [False, True]


@pytest.mark.parametrize(("jump", "is_dropped"), [(3.70, False), (3.72, True)])
def test_a_moving_range_is_dropped_from_three_and_a_quarter_means_on(jump, is_dropped):
    # Twenty moving ranges, nineteen of 1: 3.70 is 3.260 times their mean, 3.72 is 3.274 times.
    steps = [1.0, -1.0] * 9 + [1.0, jump]
    limits = xmr_chart(np.cumsum([[0.0, *steps]], axis=1))
    half = limits.upper[0, 0] - limits.mean[0, 0]
    assert half == pytest.approx(2.66 * (1 if is_dropped else (19 + jump) / 20))


def test_funnel_limits_are_those_of_scipys_binomial_to_the_last_bit() -> None:
    sizes = np.array([1.0, 5, 20, 333, 5000] * 5)
    target = np.repeat([0.0, 0.01, 0.5, 0.973, 1.0], 5)
    tail = (1 - 0.998) / 2
    for probability, limits in zip((tail, 1 - tail), funnel(target, sizes, 0.998), strict=True):
        count = binom.ppf(probability, sizes, target)
        below, up_to = binom.cdf(count - 1, sizes, target), binom.cdf(count, sizes, target)
        fraction = (up_to - probability) / (up_to - below)
        assert np.array_equal(limits, np.clip((count - fraction) / sizes, 0, 1))
