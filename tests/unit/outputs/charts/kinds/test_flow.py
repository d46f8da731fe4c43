from cf_pipeline.outputs.charts.kinds.flow import flow_chart
from tests.support.chart_figures import figures, totals

STEPS = {"contacts_count": (80, 77), "referrals_count": (20, 33), "assess_started_count": (16, 20)}
PLANS = {"cpp_started_count": (3, 1)}


def _chart(steps):
    rows = [
        row
        for kpi_id, (before, now) in steps.items()
        for row in totals(kpi_id, [before, None, None, None, now])
    ]
    return flow_chart(figures(fact_kpi_quarterly=rows))


def test_the_steps_are_counted_in_words():
    assert _chart(STEPS | PLANS).title == (
        "From contact to plan in Q3 2019/20: 77 contacts, 33 referrals, 20 assessments started and "
        "1 child protection plan started"
    )


def test_this_quarter_stands_beside_the_same_quarter_last_year():
    chart = _chart(STEPS | PLANS)
    assert chart.table.header == ("Step", "Q3 2019/20", "Q3 2018/19")
    assert chart.table.rows[0] == ("Contacts received", "77", "80")
    assert [row["value"] for row in chart.spec["layer"][0]["data"]["values"]] == [77, 33, 20, 1]
    assert [row["last_year"] for row in chart.spec["layer"][1]["data"]["values"]] == [80, 20, 16, 3]


def test_that_the_steps_are_not_the_same_children_is_said():
    assert "not the same children followed" in _chart(STEPS | PLANS).description


def test_a_step_without_a_figure_leaves_a_table_alone():
    chart = _chart(STEPS)
    assert chart.spec is None and chart.table.rows[-1] == (
        *("Child protection plans started", "not available", "not available"),
    )
    assert chart.title.endswith("77 contacts, 33 referrals and 20 assessments started")


def test_a_quarter_without_any_figure_says_so():
    assert flow_chart(figures()).title == "From contact to plan: no figure for Q3 2019/20"
