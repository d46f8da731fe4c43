"""What if a quarter were so: the year follows, and the forecasts from it."""

import pandas as pd
import pytest

from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.forecast.scenario import ScenarioError, apply_scenario, parse_scenario
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.support.forecast_series import monthly, quarterly

REGISTRY = load_registry()
NO_MONTHS = monthly("contacts_count", [])


def year_end(kpi_id, figures, months=NO_MONTHS, method="model", **sets):
    values = parse_scenario([f"{quarter}={value}" for quarter, value in sets.items()])
    table = forecast_year_ends(
        *(changed := apply_scenario(figures, months, REGISTRY[kpi_id], values))[:1],
        REGISTRY,
        CouncilChoices("model"),
        changed[1],
    )
    return table[table["method"].eq(method)].iloc[-1]


def test_the_last_quarter_set_makes_the_outturn():
    row = year_end("contacts_count", quarterly("contacts_count", [20, 22, 24, 34] * 2 + [20, 22, 24]), Q4=25)
    assert (row["quarters_used"], row["forecast"], row["last_year"]) == (4, 91, 100)


def test_a_quarter_set_before_the_last_moves_what_is_expected_after_it():
    figures = quarterly("contacts_count", [20, 22, 24, 34] * 4 + [20, 22], last="2019/20 Q2")
    row = year_end("contacts_count", figures, method="pro_rata", Q3=48)
    assert (row["quarters_used"], row["forecast"]) == (3, 90 * 4 / 3)


def test_a_known_quarter_may_be_set_too():
    figures = quarterly("contacts_count", [20, 22, 24, 34] * 2 + [20, 22, 24])
    assert year_end("contacts_count", figures, method="pro_rata", Q2=52)["forecast"] == 96 * 4 / 3


def test_the_months_of_a_set_quarter_share_it_and_lose_none_of_it():
    figures = quarterly("contacts_count", [30] * 8 + [30, 30], last="2019/20 Q2")
    months = monthly("contacts_count", [10] * 30, last="2019-09")
    _, changed = apply_scenario(figures, months, REGISTRY["contacts_count"], {3: (25, None)})
    assert changed["numerator"].tolist()[-3:] == [9, 8, 8]
    assert changed["month"].tolist()[-3:] == ["2019-10", "2019-11", "2019-12"]


def test_a_share_is_set_by_both_its_sides():
    figures = quarterly("contacts_1wd_pct", [18] * 11, [20] * 11)
    assert year_end("contacts_1wd_pct", figures, Q4="8/20")["forecast"] == 100 * 62 / 80


def test_a_stock_is_set_to_its_value_on_the_last_day():
    figures = quarterly("cla_stock", [30] * 11, stock=True)
    assert year_end("cla_stock", figures, Q4=41)["forecast"] == 41


def test_nothing_of_what_was_stored_is_changed():
    figures = quarterly("contacts_count", [20, 22, 24, 34, 20, 22, 24])
    before = figures.copy()
    year_end("contacts_count", figures, Q4=25)
    pd.testing.assert_frame_equal(figures, before)


@pytest.mark.parametrize(
    ("kpi_id", "sets", "message"),
    [
        ("contacts_count", {"Q4": "8/20"}, "write --set Q4=25"),
        ("contacts_1wd_pct", {"Q4": 8}, "the part and the whole"),
        ("contacts_1wd_pct", {"Q4": "30/20"}, "a part above its whole"),
        ("short_breaks_children_count", {"Q4": 8}, "does not follow from its quarters"),
        ("contacts_count", {"Q4": "many"}, "write a quarter and a count as Q4=25"),
        ("contacts_count", {"Q4": 8, "Q5": 8}, "write a quarter and a count as Q4=25"),
    ],
)
def test_what_cannot_be_set_is_told_in_one_sentence(kpi_id, sets, message):
    with pytest.raises(ScenarioError, match=message):
        year_end(kpi_id, quarterly(kpi_id, [18] * 11, [20] * 11), **sets)


def test_a_quarter_that_would_leave_a_gap_is_told():
    figures = quarterly("contacts_count", [20, 22, 24, 34, 20], last="2019/20 Q1")
    with pytest.raises(ScenarioError, match="Q2 is not known; set it as well"):
        year_end("contacts_count", figures, Q4=25)


def test_a_kpi_without_a_figure_is_told():
    with pytest.raises(ScenarioError, match="nothing to go on from"):
        year_end("contacts_count", quarterly("contacts_count", [None] * 3), Q4=25)
