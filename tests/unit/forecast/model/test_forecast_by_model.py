"""The method `model`: which history it needs, how it is called, and what stands in for it."""

import datetime as dt

import pandas as pd
import pytest

from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.forecast.choices import StepChange
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.support.forecast_series import AUTHORITY, monthly, quarterly

REGISTRY = load_registry()
CONTACTS, IN_ONE_DAY = "contacts_count", "contacts_1wd_pct"
STOCK, STOCK_SHARE, DIFFERENT_CHILDREN = "cla_stock", "cl_eet_pct", "short_breaks_children_count"
BOUNDS = ["lower_95", "lower_80", "forecast", "upper_80", "upper_95"]
YEAR = [20, 22, 24, 34]


def newest(figures, months=None, method="model", choices=None, registry=REGISTRY):
    """The newest forecast of a method."""
    table = forecast_year_ends(figures, registry, choices or CouncilChoices("model"), months)
    return table[table["method"].eq(method)].iloc[-1]


@pytest.mark.parametrize(
    ("years", "quarters", "label", "has_range"),
    [
        (0, 1, "no forecast: no full year before, and fewer than two quarters of this one", False),
        (0, 2, "pro rata, no seasonality", False),
        (0, 3, "pro rata, no seasonality", False),
        (1, 1, "provisional (1 year of history)", True),
        (2, 1, "model (2 years of history)", True),
        (7, 3, "model (5 years of history)", True),
        (3, 4, "outturn", True),
    ],
)
def test_minimum_history(years, quarters, label, has_range):
    row = newest(quarterly(CONTACTS, YEAR * years + YEAR[:quarters], last=f"2019/20 Q{quarters}"))
    assert row["label"] == label
    assert pd.notna(row["lower_80"]) == has_range
    assert pd.isna(row["forecast"]) == (row["symbol"] == "x") == (years == 0 and quarters < 2)


def test_with_history_the_usual_season_is_expected_and_pro_rata_stands_beside_it():
    figures = quarterly(CONTACTS, YEAR * 4 + YEAR[:3])
    assert newest(figures)["forecast"] == pytest.approx(100, abs=2)
    assert newest(figures, method="pro_rata")["forecast"] == 66 * 4 / 3
    assert newest(figures, method="last_year_remainder")["forecast"] == 100
    assert newest(figures, method="latest_value")["forecast"] == 66 + 24


def test_months_are_used_where_they_are_known():
    figures = quarterly(CONTACTS, [60] * 15)
    rising = [20] * 54 + [5, 15, 40]
    assert newest(figures, monthly(CONTACTS, rising))["forecast"] != newest(figures)["forecast"]
    assert newest(figures, monthly(CONTACTS, rising), "latest_value")["forecast"] == 60 + 60 + 2 * 60


def test_at_quarter_4_the_range_has_no_width():
    row = newest(quarterly(CONTACTS, YEAR * 3, last="2019/20 Q4"))
    assert row[BOUNDS].tolist() == [100] * 5


def test_the_range_is_ordered_and_holds_the_forecast():
    row = newest(quarterly(CONTACTS, [20, 25, 18, 30, 22, 21, 27, 33, 19, 24, 26]))
    assert row[BOUNDS].is_monotonic_increasing
    assert row["lower_95"] < row["lower_80"] < row["upper_80"] < row["upper_95"]


def test_a_year_that_is_expected_under_five_is_too_few_to_forecast():
    row = newest(quarterly(CONTACTS, [0, 1, 0, 1] * 3 + [1, 0, 0]))
    assert row["label"] == "too few to forecast"


def test_years_of_nothing_are_expected_to_go_on_and_told_as_too_few():
    row = newest(quarterly(CONTACTS, [0] * 15))
    assert (row["forecast"], row["label"]) == (0, "too few to forecast")


def test_a_percentage_is_expected_from_both_its_sides_and_exact():
    row = newest(quarterly(IN_ONE_DAY, [18, 16, 20, 18] * 3 + [18, 16, 20], [20] * 15))
    assert row["forecast"] == pytest.approx(90, abs=1)
    assert row["forecast"] == 100 * row["forecast_numerator"] / row["forecast_denominator"]
    assert 0 <= row["lower_95"] < row["upper_95"] <= 100


def test_a_percentage_of_nothing_so_far_but_with_history_is_not_missing():
    row = newest(quarterly(IN_ONE_DAY, [9, 9, 9, 9, 9, 9, 9, 9, 0], [10] * 8 + [0], last="2019/20 Q1"))
    assert row["forecast"] == pytest.approx(90, abs=3)


@pytest.mark.parametrize("kpi_id", [STOCK, STOCK_SHARE])
def test_a_stock_with_under_three_years_keeps_its_latest_value_and_says_so(kpi_id):
    below = [40] * 11 if kpi_id == STOCK_SHARE else None
    row = newest(quarterly(kpi_id, [30] * 10 + [36], below, stock=True))
    assert row["forecast"] == (36 if below is None else 90)
    assert row["label"] == "latest value (2 years of history)"
    assert pd.isna(row["lower_80"])


def test_a_stock_with_three_years_is_expected_where_it_is_by_the_years_end():
    row = newest(quarterly(STOCK, [30] * 14 + [36], stock=True))
    assert row["label"] == "model (3 years of history)"
    assert row["lower_80"] <= row["forecast"] <= row["upper_80"]


def test_different_children_are_carried_as_they_are_by_every_method():
    figures = quarterly(DIFFERENT_CHILDREN, [5, 6, 7, 8] * 3 + [9], last="2019/20 Q1")
    for method in ("model", "pro_rata", "last_year_remainder", "latest_value"):
        assert newest(figures, method=method)["forecast"] == 9


def test_a_period_that_was_not_covered_ends_the_history_before_it():
    tops = YEAR * 2 + [20, None, 24, 34] + YEAR + YEAR[:3]
    assert newest(quarterly(CONTACTS, tops))["label"] == "provisional (1 year of history)"


def test_years_before_a_declared_step_change_are_not_used():
    tops = [900] * 8 + YEAR * 2 + YEAR[:3]
    change = StepChange(CONTACTS, dt.date(2017, 4, 1), "one front door", "head of service")
    row = newest(quarterly(CONTACTS, tops), choices=CouncilChoices("model", step_changes=(change,)))
    assert row["label"] == "model (2 years of history)"
    assert row["forecast"] == pytest.approx(100, abs=5)


@pytest.mark.parametrize(
    ("day", "first_year"), [("2017-04-01", 2017), ("2017-04-02", 2018), ("2018-03-31", 2018)]
)
def test_a_step_change_within_a_year_leaves_the_next_as_the_first_whole_one(day, first_year):
    assert StepChange(CONTACTS, dt.date.fromisoformat(day), "", "").first_year == first_year


def test_a_step_change_of_another_authority_or_kpi_changes_nothing():
    figures = quarterly(CONTACTS, YEAR * 3 + YEAR[:3])
    others = (
        StepChange(CONTACTS, dt.date(2018, 4, 1), "", "", "E09000007"),
        StepChange("referrals_count", dt.date(2018, 4, 1), "", ""),
        StepChange(CONTACTS, dt.date(2017, 4, 1), "", "", AUTHORITY),
    )
    assert newest(figures, choices=CouncilChoices("model", step_changes=others))["label"].startswith(
        "model (2"
    )


def test_the_method_shown_is_chosen_overall_and_for_a_kpi():
    figures = pd.concat([quarterly(CONTACTS, YEAR * 2), quarterly("referrals_count", YEAR * 2)])
    table = forecast_year_ends(figures, REGISTRY, CouncilChoices("model", {"referrals_count": "pro_rata"}))
    shown = table[table["is_selected"]].groupby("kpi_id")["method"].unique()
    assert (list(shown[CONTACTS]), list(shown["referrals_count"])) == (["model"], ["pro_rata"])


def test_breakdowns_are_forecast_from_their_own_series():
    girls = quarterly(CONTACTS, [10, 11, 12, 17] * 3 + [10, 11, 12], breakdown=("gender", "F"))
    table = forecast_year_ends(
        pd.concat([quarterly(CONTACTS, YEAR * 3 + YEAR[:3]), girls]), REGISTRY, CouncilChoices("model")
    )
    row = table[table["breakdown"].eq("gender") & table["method"].eq("model")].iloc[-1]
    assert (row["quarters_used"], row["forecast"]) == (3, pytest.approx(50, abs=2))


def test_an_earlier_years_forecast_knows_nothing_of_later_years():
    early = quarterly(CONTACTS, YEAR * 3 + YEAR[:2], last="2018/19 Q2")
    late = quarterly(CONTACTS, YEAR * 3 + YEAR[:2] + [90, 95] + [400, 10, 3], last="2019/20 Q3")
    table = forecast_year_ends(late, REGISTRY, CouncilChoices("model"))
    then = table[table["fiscal_year"].eq("2018/19") & table["quarters_used"].eq(2)]
    now = forecast_year_ends(early, REGISTRY, CouncilChoices("model"))
    now = now[now["fiscal_year"].eq("2018/19") & now["quarters_used"].eq(2)]
    pd.testing.assert_frame_equal(then.reset_index(drop=True), now.reset_index(drop=True))


def test_a_rate_is_expected_from_its_count_over_its_population():
    registry = {
        kpi.id: kpi
        for kpi in REGISTRY.values()
        if kpi.kind == "rate_10k" and kpi.forecast_rule == "rate_of_forecast"
    }
    for kpi_id in registry:
        figures = quarterly(kpi_id, YEAR * 3 + YEAR[:3], [50_000] * 15, scale=10_000)
        figures["denominator"] = figures["denominator"].mask(figures["denominator"].notna(), 50_000)
        figures["value"] = 10_000 * figures["numerator"] / figures["denominator"]
        row = newest(figures, registry=registry)
        assert row["forecast"] == pytest.approx(20, abs=0.5)
        assert row["forecast"] == 10_000 * row["forecast_numerator"] / row["forecast_denominator"]
