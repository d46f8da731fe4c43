import pytest

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.kinds.trend import trend_chart
from tests.support.chart_figures import (
    CODE,
    QUARTER,
    comparison,
    figures,
    limits,
    published_tables_of,
    target,
    totals,
)

COUNTS = [74, 79, 81, 76, 78, 84, 80, 82, 80, 90, 77]


def _trend(counts=COUNTS, **rows):
    facts = rows.pop("fact_kpi_quarterly", totals("contacts_count", counts))
    return trend_chart(figures(fact_kpi_quarterly=facts, **rows), "contacts_count")


def _share(numerators, whole, kpi_id="contacts_1wd_pct", **rows):
    facts = totals(kpi_id, numerators, whole)
    return trend_chart(figures(fact_kpi_quarterly=facts, **rows), kpi_id)


def _line(chart, index=0):
    """The values of the lines, in the order in which they are drawn."""
    lines = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "line"]
    return [row["value"] for row in lines[index]["data"]["values"]]


def test_a_trend_begins_with_quarter_1_two_years_before():
    assert [row[0] for row in _trend().table.rows][:: len(COUNTS) - 1] == ["Q1 2017/18", "Q3 2019/20"]
    assert _line(_trend()) == COUNTS


def test_the_title_has_the_published_words_of_the_difference():
    before = comparison("contacts_count", "previous_quarters", 85.0, "slightly lower")
    assert _trend(fact_kpi_comparison=[before]).title == (
        "Contacts received: 77 in Q3 2019/20, slightly lower than the two quarters before (85 on average)"
    )


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("similar to", "similar to the two"),
        ("similar", "similar to the two"),
        ("higher", "higher than the two"),
    ],
)
def test_each_phrase_reads_as_a_sentence(phrase, words):
    before = comparison("contacts_count", "previous_quarters", 85.0, phrase)
    assert words in _trend(fact_kpi_comparison=[before]).title


def test_within_the_range_of_names_no_average():
    before = comparison("contacts_count", "previous_quarters", 85.0, "within the range of")
    assert _trend(fact_kpi_comparison=[before]).title.endswith(
        "77 in Q3 2019/20, within the range of the two quarters before"
    )


@pytest.mark.parametrize("number", [1, 2])
def test_in_quarters_1_and_2_there_is_one_quarter_before(number):
    quarter = Quarter(2019, number)
    row = comparison("contacts_count", "previous_quarters", 82.0, "lower", quarter_key=quarter.key)
    known = figures(
        quarter,
        fact_kpi_quarterly=totals("contacts_count", [82, 77], until=quarter),
        fact_kpi_comparison=[row],
    )
    assert trend_chart(known, "contacts_count").title.endswith(
        f"77 in Q{number} 2019/20, lower than the quarter before (82)"
    )


def test_without_quarters_before_the_same_quarter_last_year_is_told():
    before = comparison("contacts_count", "same_quarter_last_year", 80.0, "similar to")
    assert _trend(fact_kpi_comparison=[before]).title.endswith("similar to the same quarter last year (80)")


def test_last_years_quarter_is_marked_and_named():
    labels = [layer["mark"]["text"] for layer in _trend().spec["layer"] if "text" in layer["mark"]]
    assert ["last year 80"] in labels
    assert "The diamond is the same quarter last year." in _trend().description


@pytest.mark.parametrize(
    ("kpi_id", "value", "words"),
    [
        ("contacts_1wd_pct", 95.0, "; the target of 95% is not reached"),
        ("contacts_1wd_pct", 90.0, "; the target of 90% is reached"),
        ("rereferrals_12m_pct", 85.5, "; it is over the target of at most 85.5%"),
        ("rereferrals_12m_pct", 95.0, "; the target is at most 95%"),
    ],
)
def test_a_target_is_judged_by_the_direction_that_is_better(kpi_id, value, words):
    chart = _share([46] * 10 + [46], 50, kpi_id, fact_target=[target(kpi_id, value)])
    assert chart.title.endswith(words)
    assert chart.table.header[-1] == "Target"


def test_a_target_holds_from_its_first_day_to_its_last():
    targets = [
        target("contacts_1wd_pct", 90, valid_until="2019-03-31"),
        target("contacts_1wd_pct", 95, valid_from="2019-04-01"),
    ]
    chart = _share([46] * 11, 50, fact_target=targets)
    assert [row[-1] for row in chart.table.rows] == ["90%"] * 8 + ["95%"] * 3


def test_firm_limits_are_a_range_and_say_what_chance_does_not_explain():
    high = limits("contacts_count", 51.8, 75.2, "special_high", cause="outside the limits")
    chart = _trend(fact_control_limit=high)
    assert chart.title.endswith("; this is higher than chance alone would explain")
    assert {row[2] for row in chart.table.rows} == {"52 to 75"}


@pytest.mark.parametrize(
    ("variation", "words"),
    [("special_concern", "lower than chance"), ("special_improvement", "higher than chance")],
)
def test_better_and_worse_are_told_as_higher_and_lower(variation, words):
    rows = limits("contacts_1wd_pct", 70, 95, variation, cause="one side of the mean")
    assert (
        f"with the quarters before, this is {words}" in _share([46] * 11, 50, fact_control_limit=rows).title
    )


def test_limits_of_a_stock_are_not_drawn_because_a_stock_follows_itself():
    rows = [
        row | {"caveat": "a stock follows itself"} for row in limits("contacts_count", 50, 75, "special_high")
    ]
    chart = _trend(fact_control_limit=rows)
    assert "Usual range" not in chart.table.header and "chance" not in chart.title


def test_limits_that_are_not_firm_are_left_out():
    rows = [row | {"status": "trial"} for row in limits("contacts_count", 50, 75)]
    assert "Usual range" not in _trend(fact_control_limit=rows).table.header


def test_a_share_stands_beside_london_and_a_count_never_does():
    london = [comparison(kpi, "london", 83.6, "lower") for kpi in ("contacts_1wd_pct", "contacts_count")]
    chart = _share([46] * 11, 50, fact_kpi_comparison=london)
    assert chart.table.header[-1] == "London" and chart.table.rows[-1][-1] == "84%"
    assert "London" not in _trend(fact_kpi_comparison=london).table.header


def test_england_stands_in_while_nothing_of_the_region_is_published():
    england = [comparison("contacts_1wd_pct", "england", 80.0, "higher")]
    assert _share([46] * 11, 50, fact_kpi_comparison=england).table.header[-1] == "England"


def test_outside_london_a_share_stands_beside_its_own_region():
    rows = {
        "fact_kpi_quarterly": totals("contacts_1wd_pct", [46] * 11, 50),
        "fact_kpi_comparison": [comparison("contacts_1wd_pct", "region", 81.0, "higher")],
    }
    known = Figures(published_tables_of(rows, region="East Midlands"), CODE, QUARTER.key)
    assert trend_chart(known, "contacts_1wd_pct").table.header[-1] == "East Midlands"


def test_a_quarter_without_a_figure_breaks_the_line_and_says_so_in_the_table():
    chart = _trend([*COUNTS[:4], None, *COUNTS[5:]])
    assert _line(chart)[4] is None
    assert chart.table.rows[4] == ("Q1 2018/19", "not available")
    assert "A gap is a quarter without a figure." in chart.description


def test_fewer_than_six_points_are_a_table_alone():
    chart = _trend([80, 82, 80, 90, 77])
    assert chart.spec is None and len(chart.table.rows) == 5
    assert chart.description.startswith("There is no picture, because it would show fewer than 6 points.")
    assert _trend([84, 80, 82, 80, 90, 77]).spec is not None


def test_a_share_of_fewer_than_six_is_a_table_alone():
    assert _share([3] * 11, 5).spec is None
    assert _share([3] * 11, 6).spec is not None


def test_without_the_latest_figure_there_is_no_picture_and_the_reason_is_told():
    chart = _trend([*COUNTS[:-1], None])
    assert chart.title == "Contacts received: no figure for Q3 2019/20"
    assert chart.spec is None and "Nothing was received." in chart.description


def test_nothing_published_at_all_is_one_row():
    chart = trend_chart(figures(), "contacts_count")
    assert chart.spec is None and chart.table.rows == ((f"Q3 {QUARTER.fiscal_year}", "not available"),)


def test_percentages_are_drawn_as_they_are_shown():
    chart = _share([*[45] * 10, 23], 40)  # 23 of 40 is 57.5%, shown as 58%
    assert _line(chart)[-1] == 58
    assert chart.table.rows[-1][1] == "58% (23 of 40)"


def test_a_share_of_fewer_than_twenty_is_named_by_its_counts():
    chart = _share([12] * 10 + [15], 19)
    assert "15 of 19 in Q3 2019/20" in chart.title
    assert chart.table.rows[-1][1] == "15 of 19 (79%)"
