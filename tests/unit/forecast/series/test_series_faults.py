"""A fault in a series is named with its period; the other series are forecast."""

import pandas as pd
import pytest

from cf_pipeline.forecast.series.series_faults import find_faults


def rows(*periods, series="KPI contacts_count"):
    return pd.DataFrame(
        [(series, period, f"2019/20 month {period}", value) for period, value in periods],
        columns=["series", "period", "period_name", "count"],
    ).astype({"count": "Float64"})


@pytest.mark.parametrize(
    ("periods", "period", "words"),
    [
        ([(1, 5), (2, None), (3, 4)], 2, "has no number"),
        ([(1, 5), (2, float("inf"))], 2, "has no number"),
        ([(1, 5), (2, -1)], 2, "has a value below zero"),
        ([(1, 5), (2, 1.5)], 2, "has a count that is not a whole number"),
        ([(1, 5), (3, 4)], 3, "comes after a period that is missing"),
        ([(1, 5), (2, 4), (2, 4)], 2, "has more than one value"),
    ],
)
def test_the_words_name_the_period_and_what_is_wrong(periods, period, words):
    (sentence,) = find_faults(rows(*periods), ["count"])
    assert sentence.startswith(f"2019/20 month {period}: {words}")


def test_a_series_without_fault_is_not_told_beside_one_with_two():
    both = pd.concat([rows((1, -5), (2, None)), rows((1, 5), (2, 0), series="KPI referrals_count")])
    assert list(find_faults(both, ["count"]).index) == ["KPI contacts_count"]


def test_amounts_need_not_be_whole():
    assert find_faults(rows((1, 1.5), (2, 2.25)), ["count"], require_whole_numbers=False).empty


def test_no_value_is_in_a_sentence():
    (sentence,) = find_faults(rows((1, 5), (2, -98765)), ["count"])
    assert "98765" not in sentence
