from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.charts.kinds.revisions import revisions_charts
from tests.support.chart_figures import figures, total

Q1, Q2 = Quarter(2019, 1), Quarter(2019, 2)


def _row(kpi_id, before, after, quarter=Q2, **more):
    row = {"quarter_key": quarter.key, "basis": "quarter", "kpi_id": kpi_id, "reason": "correction: 2"}
    return row | {"from_value": before, "to_value": after} | more


SHARES = [
    _row("contacts_1wd_pct", 90.0, 95.0),
    _row("rereferrals_12m_pct", 10.0, 24.0),
    _row("rereferrals_12m_pct", 12.0, 10.0, Q1),
]


def test_each_unit_has_a_chart_of_its_own():
    charts = revisions_charts(figures(kpi_revision=[*SHARES, _row("contacts_count", 89.0, 90.0)]))
    assert [chart.name for chart in charts] == ["revisions-percentages", "revisions-contacts"]


def test_the_title_names_the_largest_change():
    (chart,) = revisions_charts(figures(kpi_revision=SHARES))
    assert chart.title == (
        "3 figures of earlier quarters have changed since they were reported, "
        "most of all Re-referrals within 12 months, Q2 2019/20: from 10% to 24%"
    )
    assert chart.table.rows[0] == (
        *("Contacts completed within one working day", "Q2 2019/20", "90%", "95%", "correction: 2"),
    )


def test_from_and_to_are_drawn_as_ring_and_dot():
    (chart,) = revisions_charts(figures(kpi_revision=SHARES))
    rule, ring, dot = chart.spec["layer"][:3]
    assert [(row["before"], row["after"]) for row in rule["data"]["values"]] == [(90, 95), (10, 24), (12, 10)]
    assert ring["encoding"]["x"]["field"] == "before" and ring["mark"]["fill"] != dot["mark"]["fill"]


def test_a_share_of_fewer_than_six_is_in_the_table_alone():
    small = [total("contacts_1wd_pct", Q2, 3, 5)]
    (chart,) = revisions_charts(
        figures(kpi_revision=[*SHARES, _row("rereferrals_12m_pct", 1.0, 2.0)], fact_kpi_quarterly=small)
    )
    assert len(chart.table.rows) == 4
    assert len(chart.spec["layer"][0]["data"]["values"]) == 3
    assert "fewer than 6 cases are in the table alone" in chart.description


def test_under_six_points_there_is_a_table_alone():
    (chart,) = revisions_charts(figures(kpi_revision=SHARES[:2]))
    assert chart.spec is None and len(chart.table.rows) == 2


def test_a_figure_that_is_not_covered_any_more_has_none():
    (chart,) = revisions_charts(figures(kpi_revision=[_row("contacts_count", 89.0, None)]))
    assert chart.table.rows[0][2:4] == ("89", "no figure")
    assert chart.title.endswith("Contacts received, Q2 2019/20, from 89 to no figure")


def test_nothing_revised_is_no_chart():
    assert revisions_charts(figures()) == []
