"""The control limits of KPIs: which have limits, how firm, what varies and what is assured."""

import datetime as dt

import pandas as pd
import pytest

from cf_pipeline.forecast.choices import CouncilChoices, StepChange
from cf_pipeline.forecast.targets import Target
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
    assert pd.isna(row["mean"]) == (status == "none")
    assert pd.isna(row["variation"]) == (status != "firm")


def test_limits_on_trial_flag_nothing_and_say_so():
    row = newest("contacts_count", [*LEVEL[:10], 500])
    assert row["status"] == "trial"
    assert row["value"] > row["upper"]
    assert pd.isna(row["variation"])
    assert pd.isna(row["cause"])
    assert "trial limits, which flag nothing" in row["caveat"]


def test_a_count_has_xmr_limits():
    row = newest("contacts_count", [10, 14, 11, 15] * 3)
    ranges = [4, 3, 4, 5, 4, 3, 4, 5, 4, 3, 4]
    half = 2.66 * sum(ranges) / len(ranges)
    assert (row["chart"], row["mean"]) == ("c", 12.5)
    assert half < 3 * 12.5**0.5  # steadier than chance: the limits are those of chance
    wide = newest("contacts_count", [10, 18, 9, 15] * 3)
    ranges = [8, 9, 6, 5, 8, 9, 6, 5, 8, 9, 6]
    assert wide["chart"] == "XmR"
    assert wide["upper"] == pytest.approx(13 + 2.66 * sum(ranges) / len(ranges))
    assert wide["variation"] == "common_cause"


def test_limits_of_events_are_never_narrower_than_chance():
    row = newest("assess_completed_count", [15, 16, 15, 17, 16, 15, 16, 14, 15, 16, 15, 16, 19])
    assert row["chart"] == "c"
    assert row["upper"] == pytest.approx(row["mean"] + 3 * row["mean"] ** 0.5)
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
    row = newest("contacts_1wd_pct", [300, 700, 350, 650] * 4, [1000] * 16)
    assert row["chart"] == "Laney p"
    assert row["variation"] == "common_cause"


def test_few_cases_are_too_few_to_judge():
    assert newest("contacts_count", [4, 5, 3, 4, 6, 4])["status"] == "too_few"
    assert newest("contacts_1wd_pct", [39, 38, 40, 39, 40, 38], [40] * 6)["status"] == "too_few"
    assert pd.isna(newest("contacts_count", [1, 2, 1, 2, 1, 15])["variation"])


@pytest.mark.parametrize(
    "kpi_id", ["cla_stock", "wf_caseload_avg", "adopt_a10_days", "short_breaks_children_count"]
)
def test_what_follows_itself_has_a_caveat(kpi_id):
    assert "read with care" in newest(kpi_id, LEVEL, stock=True)["caveat"]
    assert pd.isna(newest("contacts_count", LEVEL)["caveat"])


def test_a_stock_that_drifts_is_not_flagged_but_one_that_jumps_is():
    drift = limits("cla_stock", [20, 21, 23, 24, 26, 27, 29, 30, 32, 33, 35, 36, 38], stock=True)
    assert (drift["status"] == "firm").all()
    assert (drift["value"] > drift["upper"]).any()
    assert set(drift["variation"]) == {"common_cause"}
    row = newest("cla_stock", [20, 21, 23, 22, 24, 23, 22, 24, 25, 24, 23, 24, 38], stock=True)
    assert (row["variation"], row["cause"]) == (
        "special_high",
        "a larger change from the quarter before than usual",
    )


@pytest.mark.parametrize("kpi_id", ["pop_0_17", "dq_rejected_rows_pct", "dq_unknown_ethnicity_pct"])
def test_a_population_and_other_context_have_no_limits(kpi_id):
    row = newest(kpi_id, LEVEL, [1000] * len(LEVEL), stock=True)
    assert row["status"] == "none"
    assert row[["mean", "lower", "upper", "variation", "cause", "caveat"]].isna().all()


@pytest.mark.parametrize(
    ("tops", "status"),
    [
        ([50] * 14, "none"),  # limits of 50 to 50 would flag any other number
        ([655.27] * 14, "none"),
        ([50, 54] * 7, "trial"),
        ([50, 54, 47] * 5, "trial"),
        ([50, 54, 47, 52] * 4, "firm"),
        ([50] * 13 + [90], "none"),  # its one change is left out as a jump, and nothing else moves
    ],
)
def test_firm_limits_need_four_different_values_and_no_limits_are_of_width_zero(tops, status):
    table = limits("contacts_median_days", tops, [100] * len(tops))
    assert set(table["status"]) == {status}
    assert status == "none" or (table["upper"] - table["lower"]).min() > 0
    assert pd.isna(table["variation"]).all() == (status != "firm")


@pytest.mark.parametrize(
    ("target", "expected"), [(50, "consistent_pass"), (99, "consistent_fail"), (70, "inconsistent")]
)
def test_assurance_sets_the_limits_beside_the_councils_target(target, expected):
    choices = CouncilChoices(targets=(Target("contacts_1wd_pct", target),))
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
