from cf_pipeline.outputs.charts.kinds.sparkline import sparkline
from cf_pipeline.outputs.charts.kinds.trend import trend_chart
from tests.support.chart_figures import figures, totals


def test_a_sparkline_is_the_trend_without_words():
    known = figures(fact_kpi_quarterly=totals("contacts_count", [84, 80, 82, None, 90, 77, 75]))
    spark, trend = sparkline(known, "contacts_count"), trend_chart(known, "contacts_count")
    assert (spark.title, spark.table) == (trend.title, trend.table)
    assert [row["value"] for row in spark.spec["layer"][0]["data"]["values"]] == [
        84,
        80,
        82,
        None,
        90,
        77,
        75,
    ]
    assert {layer["mark"]["type"] for layer in spark.spec["layer"]} == {"line", "point"}


def test_there_is_none_where_there_is_no_trend():
    known = figures(fact_kpi_quarterly=totals("contacts_count", [80, 77]))
    assert sparkline(known, "contacts_count").spec is None
