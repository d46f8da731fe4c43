from types import SimpleNamespace

import pytest

from cf_pipeline.dashboard.content import Cell
from cf_pipeline.dashboard.pages.figures.signals import signal_cell, sum_of_signals


def limit(variation=None, status="firm", caveat=None):
    return SimpleNamespace(variation=variation, status=status, caveat=caveat)


@pytest.mark.parametrize(
    ("variation", "cell"),
    [
        ("special_concern", Cell("worse than usual", mark="bad")),
        ("special_improvement", Cell("better than usual", mark="good")),
        ("special_high", Cell("higher than usual", mark="notice")),
        ("common_cause", Cell("as usual")),
    ],
)
def test_firm_limits_say_in_words_what_a_figure_is(variation, cell):
    assert signal_cell(limit(variation)) == cell


def test_limits_that_are_not_firm_or_have_a_caveat_judge_nothing():
    assert signal_cell(limit("special_high", "trial")).text == "too early to judge"
    assert signal_cell(limit(None, "too_few")).text == "too few cases"
    assert signal_cell(limit("special_high", caveat="a stock follows itself")).text == "not judged"
    assert signal_cell(None).unseen == "no limits"


def test_many_signals_are_told_worst_first_with_how_many_are_judged():
    found = [limit("special_high"), limit("special_concern"), limit("common_cause"), limit(None, "none")]
    assert sum_of_signals(found) == Cell(
        "1 worse than usual and 1 higher than usual", 2, detail="of 3 judged", mark="bad"
    )
    assert sum_of_signals([limit("common_cause")]) == Cell("all as usual", 0, detail="1 judged")
    assert sum_of_signals([limit(None, "none"), None]).text == "none judged yet"
