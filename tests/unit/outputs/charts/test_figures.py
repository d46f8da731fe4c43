import datetime as dt

import pytest

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.charts.figures import TABLES, Figures, rows_of_charts, trend_quarters
from cf_pipeline.outputs.charts.kinds.bands import bands_chart
from cf_pipeline.outputs.charts.kinds.trend import trend_chart
from cf_pipeline.outputs.charts.kinds.year_end import year_end_chart
from cf_pipeline.outputs.charts.selection import report_charts
from cf_pipeline.warehouse.tables.schemas import PUBLISHED
from tests.support import publication_example as example
from tests.support.chart_figures import figures, forecast, target, totals


def test_the_tables_and_columns_that_are_read_are_published():
    for where_by_table in (TABLES, rows_of_charts("2019/20 Q3")):
        for table, where in where_by_table.items():
            assert set(where) <= set(PUBLISHED.contracts[table].column_names)


@pytest.mark.parametrize(("number", "count"), [(1, 9), (2, 10), (3, 11), (4, 12)])
def test_a_trend_has_nine_to_twelve_quarters_and_begins_with_a_quarter_1(number, count):
    quarters = trend_quarters(Quarter(2019, number))
    assert len(quarters) == count
    assert (quarters[0], quarters[-1]) == (Quarter(2017, 1), Quarter(2019, number))


def test_charts_are_made_of_tables_as_the_warehouse_gives_them():
    known = Figures(example.tables(), example.CODE, example.QUARTER)
    assert trend_chart(known, "contacts_count").table.rows == (
        ("Q1 2019/20", "80"),
        ("Q2 2019/20", "90"),
        ("Q3 2019/20", "77"),
    )
    assert trend_chart(known, "assess_45wd_pct").table.rows[-1][:2] == ("Q3 2019/20", "58% (23 of 40)")
    assert "there is no year-end forecast" in year_end_chart(known, "cla_3plus_placements_count").title
    assert bands_chart(known, "cin_duration_bands").spec
    assert all(chart.spec for charts in report_charts(known).areas.values() for chart in charts)


def test_rows_of_another_authority_are_nobodys_business():
    rows = [row | {"authority_code": "E09000007"} for row in totals("contacts_count", [80, 77])]
    assert figures(fact_kpi_quarterly=rows).total("contacts_count", Quarter(2019, 3)) is None


def test_a_target_holds_on_its_first_and_on_its_last_day():
    known = figures(fact_target=[target("cla_stock", 12, "2019-04-01", "2019-06-30")])
    days = [dt.date(2019, 3, 31), dt.date(2019, 4, 1), dt.date(2019, 6, 30), dt.date(2019, 7, 1)]
    assert [known.target("cla_stock", day) is not None for day in days] == [False, True, True, False]


def test_forecasts_are_those_that_stood_at_the_quarter():
    rows = [forecast("contacts_count", 320.0, quarters_used=2), forecast("contacts_count", 329.0)]
    assert figures(fact_kpi_forecast=rows).forecast("contacts_count").forecast == 329
