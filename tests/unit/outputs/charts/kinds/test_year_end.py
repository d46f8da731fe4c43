import pytest

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.charts.kinds.year_end import year_end_chart
from tests.support.chart_figures import comparison, figures, forecast, target, total

LAST, THIS = (78, 162, 242, 324), (80, 170, 247)


def _to_date(kpi_id="contacts_count", whole=None, last=LAST, this=THIS):
    quarters = [Quarter(2018, number) for number in range(1, 5)] + [
        Quarter(2019, number) for number in range(1, 4)
    ]
    return [
        total(kpi_id, quarter, count, whole, basis="ytd")
        for quarter, count in zip(quarters, (*last, *this), strict=True)
    ]


def _chart(kpi_id="contacts_count", rows=None, **tables):
    facts = _to_date(kpi_id) if rows is None else rows
    tables.setdefault("fact_kpi_forecast", [forecast(kpi_id, 329.33)])
    return year_end_chart(figures(fact_kpi_quarterly=facts, **tables), kpi_id)


def _model(**more):
    row = forecast("contacts_count", 327.0, lower_80=316.0, upper_80=340.0, lower_95=310.0, upper_95=348.0)
    return row | {"method": "model", "is_selected": False} | more


def test_the_table_has_both_years_to_date_and_the_forecast():
    assert _chart().table.rows == (
        ("Q1", "78", "80"),
        ("Q2", "162", "170"),
        ("Q3", "242", "247"),
        ("Q4", "324", ""),
        ("Year-end forecast (pro rata)", "", "329"),
    )


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("mirrors", "much the same as last year (324)"),
        ("slightly higher", "slightly higher than last year (324)"),
        ("similar to", "similar to last year (324)"),
    ],
)
def test_the_title_compares_with_last_year_in_the_published_words(phrase, words):
    row = comparison("contacts_count", "forecast_vs_last_year", 324.0, phrase, basis="year")
    assert _chart(fact_kpi_comparison=[row]).title == (
        f"Contacts received: the year is expected to end at 329, {words}"
    )


def test_the_fan_opens_to_the_models_ranges():
    chart = _chart(fact_kpi_forecast=[forecast("contacts_count", 329.33), _model()])
    assert chart.table.rows[-2:] == (
        ("Range of 8 years in 10", "", "316 to 340"),
        ("Range of 19 years in 20", "", "310 to 348"),
    )
    areas = [layer["data"]["values"] for layer in chart.spec["layer"] if layer["mark"]["type"] == "area"]
    assert [(rows[0]["lower"], rows[-1]["lower"], rows[-1]["upper"]) for rows in areas] == [
        (247, 310, 348),
        (247, 316, 340),
    ]


def test_how_right_such_forecasts_were_is_told_as_published():
    assert "After three quarters the year ends there." in _chart().description


def test_a_target_of_a_quarter_is_none_of_a_years_sum():
    assert "Target" not in [row[0] for row in _chart(fact_target=[target("contacts_count", 300)]).table.rows]


def test_a_share_has_its_target_at_the_years_end():
    rows = _to_date("contacts_1wd_pct", 400, last=(350, 352, 356, 360), this=(340, 344, 348))
    chart = _chart(
        "contacts_1wd_pct",
        rows,
        fact_kpi_forecast=[forecast("contacts_1wd_pct", 87.0)],
        fact_target=[target("contacts_1wd_pct", 90)],
    )
    assert chart.table.rows[-1] == ("Target", "", "90%")


def test_without_a_forecast_there_is_a_table_alone():
    chart = _chart(fact_kpi_forecast=[forecast("contacts_count", None, symbol="x")])
    assert chart.spec is None and chart.title == "Contacts received: there is no year-end forecast"


def test_fewer_than_six_points_are_a_table_alone():
    assert _chart(rows=_to_date(last=(None, None, None, 324), this=(80, 170, 247))).spec is None
    assert _chart(rows=_to_date(last=(None, None, 242, 324), this=(80, 170, 247))).spec is not None
