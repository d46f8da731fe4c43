from cf_pipeline.outputs.charts.kinds.bands import bands_chart
from tests.support.chart_figures import BANDS, QUARTER, band_rows, figures, total

COUNTS = {">6m": 8, "<=3m": 8, ">3-6m": 12}


def _chart(counts):
    return bands_chart(figures(fact_kpi_quarterly=band_rows(counts)), "cin_duration_bands")


def _bars(chart):
    return [row["x"] for row in chart.spec["layer"][0]["data"]["values"]]


def test_groups_stand_in_their_own_order_and_not_by_size():
    chart = _chart(COUNTS)
    assert [row[0] for row in chart.table.rows] == list(BANDS.values())
    assert _bars(chart) == [8, 12, 8]


def test_of_twenty_or_more_the_share_stands_with_the_count():
    assert [row[1] for row in _chart(COUNTS).table.rows] == ["8 (29%)", "12 (43%)", "8 (29%)"]
    assert [row[1] for row in _chart({"<=3m": 9, ">3-6m": 6, ">6m": 4}).table.rows] == ["9", "6", "4"]


def test_the_title_names_the_largest_group():
    assert _chart(COUNTS).title == (
        "Open cases by duration: the largest group is “Over 3 months to 6 months”, 12 of 28"
    )


def test_groups_of_the_same_size_are_all_named():
    assert _chart({"<=3m": 10, ">3-6m": 10, ">6m": 2}).title == (
        "Open cases by duration: the largest groups are “3 months or less” and “Over 3 months to 6 months”, "
        "10 of 22 each"
    )


def test_a_whole_of_fewer_than_six_is_a_table_alone():
    assert _chart({"<=3m": 3, ">3-6m": 1, ">6m": 1}).spec is None
    assert _chart({"<=3m": 3, ">3-6m": 2, ">6m": 1}).spec is not None


def test_a_distribution_without_figures_says_why():
    row = total("cin_duration_bands", QUARTER, None, breakdown="band", category="<=3m")
    chart = bands_chart(figures(fact_kpi_quarterly=[row]), "cin_duration_bands")
    assert chart.spec is None and "Nothing was received." in chart.description
    assert chart.title == "Open cases by duration: no figure for Q3 2019/20"
