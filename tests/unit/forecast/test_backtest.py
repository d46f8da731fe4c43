"""The back-test: past forecasts compared with their outturns, and the explanation that cites it."""

import pandas as pd
import pytest

from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.forecast.accuracy import COMPARABLE, accuracy_sentences
from cf_pipeline.forecast.backtest import accuracy_by_method, backtest, worse_than_pro_rata
from cf_pipeline.forecast.explain import add_explanations
from cf_pipeline.forecast.series.series_keys import as_categories
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.support.forecast_series import quarterly

REGISTRY = load_registry()
SEASON = [20, 22, 24, 34]
STEADY = quarterly("contacts_count", SEASON * 4 + SEASON[:3])


@pytest.fixture(scope="module")
def steady():
    return forecast_year_ends(STEADY, REGISTRY, CouncilChoices("model"))


def of(records, method, year, quarters):
    at = (
        records["method"].eq(method) & records["fiscal_year"].eq(year) & records["quarters_used"].eq(quarters)
    )
    (row,) = records[at].to_dict("records")
    return row


def test_a_past_year_is_scored_against_its_outturn(steady):
    row = of(backtest(steady), "pro_rata", "2018/19", 2)
    assert (row["forecast"], row["outturn"], row["abs_pct_error"]) == (84, 100, 16)
    assert pd.isna(row["in_80"])


def test_the_model_has_its_ranges_scored(steady):
    row = of(backtest(steady), "model", "2018/19", 3)
    assert (row["in_80"], row["in_95"]) == (True, True)


def test_the_year_that_goes_on_and_the_outturn_itself_are_no_record(steady):
    records = backtest(steady)
    assert records["fiscal_year"].max() == "2018/19"
    assert set(records["quarters_used"]) == {1, 2, 3}


def test_an_outturn_outside_the_range_is_told(steady):
    jump = quarterly("contacts_count", SEASON * 3 + [20, 22, 24, 300] + SEASON[:1], last="2019/20 Q1")
    row = of(backtest(forecast_year_ends(jump, REGISTRY, CouncilChoices("model"))), "model", "2018/19", 3)
    assert (row["in_80"], row["in_95"]) == (False, False)


def test_an_outturn_of_nothing_has_no_percentage_error():
    nothing = quarterly("contacts_count", SEASON + [0] * 4 + [1], last="2019/20 Q1")
    records = backtest(forecast_year_ends(nothing, REGISTRY))
    assert records[records["fiscal_year"].eq("2018/19")]["abs_pct_error"].isna().all()
    assert len(records)


def test_the_standing_of_a_method_is_the_mean_over_its_years(steady):
    table = accuracy_by_method(backtest(steady), ["quarters_used"]).set_index(["quarters_used", "method"])
    assert table.loc[(2, "pro_rata"), ["years", "error"]].tolist() == [4, 16]
    assert table.loc[(2, "last_year_remainder"), ["years", "error"]].tolist() == [3, 0]


def test_a_single_wild_year_counts_as_two_hundred_percent():
    records = backtest(forecast_year_ends(STEADY, REGISTRY))
    wild = records.assign(abs_pct_error=records["abs_pct_error"].mask(records.index == 0, 5000.0))
    assert accuracy_by_method(wild, ["kpi_id"])["error"].max() < 200


def test_a_chosen_method_that_loses_to_pro_rata_is_found():
    shown = CouncilChoices(method_by_kpi={"contacts_count": "last_year_remainder"})
    level = quarterly("contacts_count", [25] * 4 + [50] * 4 + [25] * 4 + [50] * 4, last="2019/20 Q4")
    lost = worse_than_pro_rata(backtest(forecast_year_ends(level, REGISTRY)), shown)
    assert lost["kpi_id"].tolist() == ["contacts_count"]
    assert (lost["error"] > lost["pro_rata_error"]).all()


def test_a_chosen_method_that_wins_is_not_told(steady):
    assert worse_than_pro_rata(backtest(steady), CouncilChoices("model")).empty
    assert worse_than_pro_rata(backtest(steady), CouncilChoices("pro_rata")).empty


def explanation(figures, method="model", choices=None):
    table = forecast_year_ends(figures, REGISTRY, choices or CouncilChoices("model"))
    rows = add_explanations(table, backtest(table), REGISTRY)
    return rows[rows["method"].eq(method)]["explanation"].iloc[-1]


def test_the_sentence_says_what_is_expected_and_how_such_forecasts_did():
    # The first year had no history and was carried on pro rata: it is part of the record all the same.
    text = explanation(STEADY)
    assert text.startswith("After three quarters the year is expected to end at 100, between ")
    assert "in 8 years of 10 (model (4 years of history)); last year ended at 100, within that range." in text
    assert text.endswith(
        "Such forecasts missed by 4% on average in 4 earlier years, and 3 of 3 ended within the range."
    )


def test_the_sentence_is_told_of_any_number_of_records(steady):
    records = backtest(steady)
    many = records.loc[records.index.repeat(9_000)]
    sentences = accuracy_sentences(as_categories(steady, COMPARABLE), many)
    assert sentences[-1].endswith("in 36000 earlier years.")


@pytest.mark.parametrize(("last_year", "place"), [([10, 11, 12, 17], "below"), ([40, 44, 48, 68], "above")])
def test_last_year_is_told_beside_the_range(last_year, place):
    assert f"{place} that range." in explanation(
        quarterly("contacts_count", SEASON * 3 + last_year + SEASON[:3])
    )


def test_pro_rata_is_told_without_a_range():
    assert explanation(STEADY, "pro_rata") == (
        "After three quarters the year is expected to end at 88 (pro rata); last year ended at 100. "
        "Such forecasts missed by 12% on average in 4 earlier years."
    )


def test_children_who_are_carried_as_they_are_are_not_told_as_pro_rata():
    assert explanation(quarterly("short_breaks_children_count", [1] * 7), "pro_rata").startswith(
        "After three quarters the year is expected to end at 3 (children so far this year); last year"
    )


def test_a_first_year_is_told_to_have_no_record():
    assert explanation(quarterly("contacts_count", SEASON[:3])).endswith(
        "(pro rata, no seasonality). There is no record of such forecasts yet."
    )


def test_without_a_forecast_the_sentence_says_why():
    assert explanation(quarterly("contacts_count", [20], last="2019/20 Q1")) == (
        "No forecast: no full year before, and fewer than two quarters of this one."
    )


def test_an_outturn_is_told_as_one():
    assert (
        explanation(quarterly("contacts_count", SEASON * 2, last="2019/20 Q4"))
        == "The year has ended at 100."
    )


def test_the_record_of_a_year_does_not_know_the_years_after_it():
    table = forecast_year_ends(STEADY, REGISTRY, CouncilChoices("model"))
    rows = add_explanations(table, backtest(table), REGISTRY)
    second = rows[
        rows["fiscal_year"].eq("2016/17") & rows["method"].eq("pro_rata") & rows["quarters_used"].eq(3)
    ]
    assert second["explanation"].iloc[0].endswith("in the one earlier year.")


def test_a_percentage_is_told_with_its_sign_and_decimals():
    text = explanation(quarterly("contacts_1wd_pct", [19] * 11, [20] * 11), "pro_rata")
    assert "expected to end at 95%" in text
