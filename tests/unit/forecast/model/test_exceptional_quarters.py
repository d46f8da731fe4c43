"""What was set aside is said: the quarter, what it was, and what it counts as."""

import numpy as np
import pytest

from cf_pipeline.forecast.model.exceptional_quarters import PastQuarters, describe_exceptional_quarters

COUNTS = np.array([[40.0, 42, 41, 43, 40, 61, 41, 43], [40, 42, 41, 43, 1200, 42, 41, 43]])


def describe(changes, side=""):
    counted = COUNTS.copy()
    for at, count in changes.items():
        counted[at] = count
    past = PastQuarters(COUNTS, counted)
    return describe_exceptional_quarters(past, np.array([2019, 2020]), np.array([side, side])).tolist()


def test_a_quarter_is_named_with_what_it_was_and_what_it_counts_as():
    assert describe({(0, 5): 43.6}) == ["2018/19 Q2, 61, counts as about 44", ""]


def test_several_are_named_from_the_oldest_on():
    assert describe({(0, 5): 43.6, (0, 0): 44.2, (1, 4): 1043})[0] == (
        "2017/18 Q1, 40, counts as about 44; 2018/19 Q2, 61, counts as about 44"
    )
    assert describe({(1, 4): 1043})[1] == "2019/20 Q1, 1,200, counts as about 1,043"


@pytest.mark.parametrize("side", ["denominator", "numerator"])
def test_a_count_that_is_not_the_figure_itself_says_what_it_is(side):
    assert describe({(0, 5): 43.6}, side)[0] == f"2018/19 Q2, {side} 61, counts as about 44"


@pytest.mark.parametrize("count", [61.0, 60.6, 61.4])
def test_a_quarter_that_still_counts_as_the_same_whole_number_is_not_named(count):
    assert describe({(0, 5): count}) == ["", ""]
