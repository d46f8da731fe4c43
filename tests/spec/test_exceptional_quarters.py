"""What a year-end forecast makes of a quarter that stands out, each as a tiny table (docs/forecasts.md)."""

import datetime as dt
from itertools import chain

import pandas as pd
import pytest

from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.forecast.backtest import backtest
from cf_pipeline.forecast.choices import StepChange
from cf_pipeline.forecast.explain import add_explanations
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.support.forecast_series import monthly, quarterly

REGISTRY = load_registry()
YEAR, SO_FAR = [50, 54, 47, 52], [50, 54, 47]


def newest_forecast(figures, months=None, choices=None):
    """The model's row of the newest year."""
    table = forecast_year_ends(figures, REGISTRY, choices or CouncilChoices("model"), months)
    rows = add_explanations(table, backtest(table), REGISTRY)
    return rows[rows["method"].eq("model")].iloc[-1]


EXCEPTIONS = [
    # the quarters of four years, the forecast (203 without an exception), what is said of them
    ([YEAR, YEAR, YEAR, YEAR], 203, None),
    ([YEAR, YEAR, [50, 110, 47, 52], YEAR], 203, "2017/18 Q2, 110, counts as about 52"),
    ([YEAR, YEAR, [50, 20, 47, 52], YEAR], 203, "2017/18 Q2, 20, counts as about 51"),
    ([YEAR, YEAR, [50, 76, 47, 52], YEAR], 202, "2017/18 Q2, 76, counts as about 69"),  # part of the way
    ([YEAR, YEAR, [50, 62, 47, 52], YEAR], 203, None),  # no more than chance
    ([YEAR, YEAR, YEAR, [50, 54, 47, 110]], 203, "2018/19 Q4, 110, counts as about 51"),
]


@pytest.mark.parametrize(("years", "forecast", "said"), EXCEPTIONS)
def test_an_exceptional_past_quarter_counts_as_the_others_lead_one_to_expect(years, forecast, said):
    row = newest_forecast(quarterly("contacts_count", [*chain(*years), *SO_FAR]))
    assert row["forecast"] == pytest.approx(forecast, abs=1)
    if said is None:
        assert pd.isna(row["exceptional_quarters"])
        assert "Exceptional" not in row["explanation"]
    else:
        assert row["exceptional_quarters"] == said
        assert (
            f". Exceptional past quarters count as nearer to what the others lead one to expect: {said}. "
            in row["explanation"]
        )


def test_what_is_unusual_this_year_is_believed():
    row = newest_forecast(quarterly("contacts_count", [*YEAR * 4, 50, 54, 110]))
    assert row["forecast"] > 50 + 54 + 110 + 47
    assert pd.isna(row["exceptional_quarters"])


def test_one_year_before_is_too_short_to_call_a_quarter_exceptional():
    row = newest_forecast(quarterly("contacts_count", [50, 110, 47, 52, *SO_FAR]))
    assert pd.isna(row["exceptional_quarters"])


def test_an_exceptional_month_is_told_by_its_quarter():
    months = [17, 16, 17] * 15
    months[27] = 60
    quarters = [sum(months[start : start + 3]) for start in range(0, 45, 3)]
    row = newest_forecast(quarterly("contacts_count", quarters), monthly("contacts_count", months))
    assert row["forecast"] == pytest.approx(200, abs=2)
    assert row["exceptional_quarters"] == "2018/19 Q2, 93, counts as about 52"


@pytest.mark.parametrize(
    ("kpi_id", "bottoms", "stock", "said"),
    [
        ("cla_stock", None, True, "2018/19 Q2, 110, counts as about "),
        ("referrals_rate_10k", [50_000] * 15, False, "2018/19 Q2, numerator 110, counts as about "),
    ],
)
def test_stocks_and_counts_of_a_rate_are_told_too(kpi_id, bottoms, stock, said):
    tops = [*YEAR * 2, 50, 110, 47, 52, *SO_FAR]
    row = newest_forecast(quarterly(kpi_id, tops, bottoms, stock=stock, scale=10_000))
    assert row["exceptional_quarters"].startswith(said)


def test_of_a_share_the_denominator_is_told_and_its_rates_count_as_they_are():
    row = newest_forecast(quarterly("contacts_1wd_pct", [40] * 15, [50] * 9 + [110] + [50] * 5))
    assert row["exceptional_quarters"] == "2018/19 Q2, denominator 110, counts as about 50"


def test_a_declared_step_change_wins_over_what_the_model_would_set_aside():
    figures = quarterly("contacts_count", [*[110] * 4, *YEAR * 3, *SO_FAR])
    change = StepChange("contacts_count", dt.date(2016, 4, 1), "one front door", "head of service")
    row = newest_forecast(figures, choices=CouncilChoices("model", step_changes=(change,)))
    assert row["label"] == "model (3 years of history)"
    assert pd.isna(row["exceptional_quarters"])


def test_only_the_model_sets_quarters_aside():
    figures = quarterly("contacts_count", [*YEAR * 2, 50, 110, 47, 52, *YEAR, *SO_FAR])
    table = forecast_year_ends(figures, REGISTRY, CouncilChoices("pro_rata"))
    others = table[table["method"].ne("model") | table["quarters_used"].eq(4)]
    assert others["exceptional_quarters"].isna().all()


DRIFTS = [
    # what two years and a quarter show, the quarters, the forecast, and what it would be without the prior
    ("calm quarters, then one at 230", [200, 203, 198, 201, 199, 202, 200, 198, 230], 883, 863),
    ("erratic quarters, then one at 150", [60, 35, 80, 45, 90, 100, 70, 120, 150], 450, 469),
]


@pytest.mark.parametrize(("what", "quarters", "forecast", "without"), DRIFTS, ids=[row[0] for row in DRIFTS])
def test_a_level_is_taken_to_drift_about_seven_per_cent_a_quarter(what, quarters, forecast, without):
    row = newest_forecast(quarterly("contacts_count", quarters, last="2019/20 Q1"))
    assert row["forecast"] == pytest.approx(forecast, abs=1), f"{what}: {without} without the prior"
