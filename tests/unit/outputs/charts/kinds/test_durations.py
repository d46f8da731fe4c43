from cf_pipeline.outputs.charts.figures import trend_quarters
from cf_pipeline.outputs.charts.kinds.durations import durations_chart
from tests.support.chart_figures import QUARTER, band_rows, figures

COUNTS = {"<=3m": 8, ">3-6m": 0, ">6m": 5}


def _chart(quarters, counts=COUNTS, last=None):
    known = trend_quarters(QUARTER)[-quarters:]
    rows = [row for quarter in known[:-1] for row in band_rows(counts, quarter)]
    return durations_chart(figures(fact_kpi_quarterly=rows + band_rows(last or counts)), "cin_duration_bands")


def test_a_row_a_quarter_and_a_column_a_group():
    chart = _chart(8)
    assert chart.table.header[1:] == ("3 months or less", "Over 3 months to 6 months", "Over 6 months")
    assert chart.table.rows[0] == ("Q4 2017/18", "8", "0", "5")
    assert len(chart.table.rows) == 8


def test_groups_are_stacked_in_their_order_and_empty_ones_take_no_room():
    rows = _chart(8).spec["layer"][0]["data"]["values"]
    assert [(row["group"], row["lower"], row["upper"]) for row in rows if row["x"] == 7] == [
        ("3 months or less", 0, 8),
        ("Over 6 months", 8, 13),
    ]


def test_white_lines_tell_groups_without_their_colour():
    bars, stripes = (layer["data"]["values"] for layer in _chart(8).spec["layer"][:2])
    at = [row for row in bars if row["x"] == 7]
    lines = [
        sum(
            row["left"] < stripe["x"] < row["right"] and stripe["lower"] == row["lower"] for stripe in stripes
        )
        for row in at
    ]
    assert lines == [0, 2]  # the first group and the third


def test_the_title_compares_the_largest_group_with_a_year_before():
    assert _chart(8, last={"<=3m": 4, ">3-6m": 0, ">6m": 9}).title == (
        "Open cases by duration: the largest group in Q3 2019/20 is “Over 6 months”, 9 of 13; "
        "a year before it was 5 of 13"
    )


def test_fewer_than_six_quarters_or_cases_are_a_table_alone():
    assert _chart(5).spec is None
    assert _chart(6).spec is not None
    assert _chart(8, {"<=3m": 3, ">3-6m": 1, ">6m": 1}, COUNTS).spec is None
