from cf_pipeline.outputs.charts.kinds.panels import area_chart, teams_chart
from tests.support.chart_figures import figures, limits, totals


def _team(name, counts, whole=None, kpi_id="contacts_count"):
    return totals(kpi_id, counts, whole, breakdown="team", category=name)


def _words(chart):
    return [
        " ".join(row["words"])
        for layer in chart.spec["layer"]
        if layer["encoding"].get("text") == {"field": "words"}
        for row in layer["data"]["values"]
    ]


def test_teams_have_a_line_each_of_one_scale():
    rows = _team("East", [60, 61, 70, 65, 64, 71]) + _team("West", [7, 9, 6, 7, 8, 6])
    chart = teams_chart(figures(fact_kpi_quarterly=rows), "contacts_count")
    assert chart.title == "Contacts received by team in Q3 2019/20: East 71 and West 6"
    assert _words(chart) == ["East", "West"]
    lines = next(layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "line")
    assert {row["largest"] for row in lines["data"]["values"]} == {71}
    assert chart.table.rows[1][-6:] == ("7", "9", "6", "7", "8", "6")


def test_a_team_of_small_shares_is_in_the_table_alone():
    kpi_id = "contacts_1wd_pct"
    rows = _team("East", [60] * 6, 70, kpi_id) + _team("West", [4] * 6, 5, kpi_id)
    chart = teams_chart(figures(fact_kpi_quarterly=rows), kpi_id)
    assert _words(chart) == ["East"] and [row[0] for row in chart.table.rows] == ["East", "West"]
    assert "in the table alone" in chart.description


def test_without_teams_there_is_no_picture():
    chart = teams_chart(figures(), "contacts_count")
    assert chart.spec is None and chart.title == "Contacts received by team: no figure for Q3 2019/20"


def test_measures_of_an_area_have_a_scale_each():
    rows = totals("contacts_count", [70, 80, 90, 85, 80, 77]) + totals(
        "referrals_count", [20, 18, 22, 21, 19, 33]
    )
    chart = area_chart(figures(fact_kpi_quarterly=rows), "Contacts")
    assert _words(chart) == ["Contacts received", "Referrals received"]
    lines = next(layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "line")
    assert {row["largest"] for row in lines["data"]["values"]} == {90, 33}


def test_a_rate_has_the_line_of_its_count_and_none_of_its_own():
    rows = totals("contacts_count", [70] * 6) + totals("contacts_rate_10k", [900] * 6, 100)
    chart = area_chart(figures(fact_kpi_quarterly=rows), "Contacts")
    assert [row[0] for row in chart.table.rows] == ["Contacts received"]


def _area(*special, common=()):
    ids = [*special, *common]
    rows = [row for kpi_id in ids for row in totals(kpi_id, [20] * 6)]
    bounds = [row for kpi_id in common for row in limits(kpi_id, 10, 30)]
    bounds += [row for kpi_id in special for row in limits(kpi_id, 10, 15, "special_high")]
    return area_chart(figures(fact_kpi_quarterly=rows, fact_control_limit=bounds), "Contacts")


def test_the_title_of_an_area_counts_what_chance_does_not_explain():
    both = _area("contacts_count", common=["referrals_count"])
    assert both.title.startswith("Contacts: 1 of the 2 measures with limits stands out from what chance")
    assert "Outside chance: Contacts received." in both.description
    assert _area(common=["contacts_count", "referrals_count"]).title.startswith(
        "Contacts: neither of the 2 measures"
    )
    assert _area("contacts_count").title.startswith("Contacts: the one measure with limits stands out")
    assert _area(common=["contacts_count"]).title.startswith("Contacts: the one measure with limits does not")
    three = _area(common=["contacts_count", "referrals_count", "assess_started_count"])
    assert three.title.startswith("Contacts: none of the 3 measures")
    unjudged = area_chart(figures(fact_kpi_quarterly=totals("contacts_count", [20] * 6)), "Contacts")
    assert unjudged.title == "Contacts: no measure has limits yet that tell change from chance"
