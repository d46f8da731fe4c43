"""The control limits of KPIs: which have limits, how firm, what varies and what is assured."""

import datetime as dt

import pandas as pd
import pytest

from cf_pipeline.forecast.choices import CouncilChoices, StepChange
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.spc.control_limits import CONTROL_LIMITS, control_limits
from tests.support.forecast_series import AUTHORITY, quarterly

REGISTRY = load_registry()
LEVEL = [50, 54, 47, 52, 49, 53, 48, 51, 50, 55, 46, 52, 50]


def limits(kpi_id, tops, bottoms=None, choices=None, **other):
    return control_limits(quarterly(kpi_id, tops, bottoms, **other), REGISTRY, choices)


def newest(*arguments, **other):
    return limits(*arguments, **other).iloc[-1]


@pytest.mark.parametrize(("points", "status"), [(4, "none"), (5, "trial"), (11, "trial"), (12, "firm")])
def test_limits_need_five_points_and_are_firm_with_twelve(points, status):
    row = newest("contacts_count", LEVEL[:points])
    assert (row["status"], row["points"]) == (status, points)
    assert pd.isna(row["mean"]) == pd.isna(row["variation"]) == (status == "none")


def test_a_count_has_xmr_limits():
    row = newest("contacts_count", [10, 14] * 6)
    assert (row["chart"], row["mean"], row["upper"]) == ("XmR", 12, pytest.approx(12 + 2.66 * 4))
    assert row["lower"] == pytest.approx(12 - 2.66 * 4)
    assert row["variation"] == "common_cause"


def test_no_limit_of_a_count_is_below_zero():
    assert newest("contacts_count", [1, 14] * 6)["lower"] == 0


def test_a_count_that_jumps_is_a_special_cause_and_neither_good_nor_bad():
    row = newest("contacts_count", [*LEVEL, 120])
    assert (row["variation"], row["cause"]) == ("special_high", "outside the limits")


@pytest.mark.parametrize(("share", "variation"), [(40, "special_concern"), (99, "special_improvement")])
def test_a_percentage_where_higher_is_better_is_judged_by_its_direction(share, variation):
    row = newest("contacts_1wd_pct", [70, 71, 69, 70, 72, 68, 70, 71, 69, 70, 71, 69, share], [100] * 13)
    assert (row["variation"], row["chart"]) == (variation, "p")


def test_a_percentage_that_moves_more_than_chance_has_laney_limits():
    row = newest("contacts_1wd_pct", [300, 700] * 7, [1000] * 14)
    assert row["chart"] == "Laney p"
    assert row["variation"] == "common_cause"


def test_few_cases_are_too_few_to_judge():
    assert newest("contacts_count", [4, 5, 3, 4, 6, 4])["status"] == "too_few"
    assert newest("contacts_1wd_pct", [39, 38, 40, 39, 40, 38], [40] * 6)["status"] == "too_few"
    assert pd.isna(newest("contacts_count", [1, 2, 1, 2, 1, 15])["variation"])


def test_a_stock_has_a_caveat():
    assert "read with care" in newest("cla_stock", LEVEL, stock=True)["caveat"]
    assert pd.isna(newest("contacts_count", LEVEL)["caveat"])


@pytest.mark.parametrize(
    ("target", "expected"), [(50, "consistent_pass"), (99, "consistent_fail"), (70, "inconsistent")]
)
def test_assurance_sets_the_limits_beside_the_councils_target(target, expected):
    choices = CouncilChoices(targets={"contacts_1wd_pct": target})
    assert (
        newest("contacts_1wd_pct", [70, 71, 69, 70, 72, 68, 70], [100] * 7, choices)["assurance"] == expected
    )


def test_without_a_target_nothing_is_assured():
    assert pd.isna(newest("contacts_1wd_pct", [70, 71, 69, 70, 72, 68, 70], [100] * 7)["assurance"])


def test_limits_begin_anew_at_a_declared_step_change_and_never_by_themselves():
    tops = [50, 52] * 4 + [90, 92] * 3
    change = StepChange("contacts_count", dt.date(2018, 7, 1), "one front door", "head of service", AUTHORITY)
    once = newest("contacts_count", tops)
    anew = newest("contacts_count", tops, choices=CouncilChoices(step_changes=(change,)))
    assert (once["points"], anew["points"]) == (14, 6)
    assert anew["mean"] == 91


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        ("2018-07-01", "2018/19 Q2"), ("2018-07-02", "2018/19 Q3"), ("2018-09-01", "2018/19 Q3"),
        ("2019-01-01", "2018/19 Q4"), ("2019-01-15", "2019/20 Q1"), ("2018-04-01", "2018/19 Q1"),
    ],
)  # fmt: skip
def test_a_step_change_within_a_quarter_leaves_the_next_as_the_first_whole_one(day, quarter):
    assert StepChange("contacts_count", dt.date.fromisoformat(day), "", "").first_quarter == quarter


def test_a_quarter_that_is_not_covered_has_no_row_and_breaks_a_run():
    table = limits("contacts_count", [50, 52, 50, 52, 50, 52, None, 53, 54, 55, 56, 57])
    assert len(table) == 11
    assert "trend" not in set(table["cause"])


def test_every_column_has_its_type_even_when_empty():
    for table in (control_limits(quarterly("contacts_count", []), REGISTRY), limits("contacts_count", LEVEL)):
        assert {name: str(dtype) for name, dtype in table.dtypes.items()} == CONTROL_LIMITS.dtypes
