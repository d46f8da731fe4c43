import pytest

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.outputs.charts.selection import KINDS, report_charts, selection
from tests.support.chart_figures import band_rows, figures, totals

AREA = "Contacts and Referrals"


def test_every_kpi_of_the_selection_exists_in_its_area_and_fits_its_kind():
    registry = load_registry()
    for entry in selection()["charts"]:
        assert entry["kind"] in {*KINDS, "flow", "area"}
        for kpi_id in entry.get("kpis", []):
            assert registry[kpi_id].area == entry["area"]
            is_distribution = registry[kpi_id].kind == "distribution"
            assert is_distribution == (entry["kind"] in {"bands", "durations"})
    assert all(registry[kpi_id].area == area for area, kpi_id in selection()["sparklines"].items())


@pytest.fixture
def small_selection(monkeypatch):
    chosen = {
        "charts": [
            {"area": AREA, "kind": "trend", "kpis": ["referrals_count", "contacts_count", "not_published"]},
            {"area": AREA, "kind": "flow"},
            {"area": "Children in Need", "kind": "bands", "kpis": ["cin_duration_bands"]},
        ],
        "sparklines": {AREA: "contacts_count", "Early Help": "not_published"},
    }
    monkeypatch.setattr("cf_pipeline.outputs.charts.selection.selection", lambda: chosen)


@pytest.mark.usefixtures("small_selection")
def test_charts_stand_in_the_order_of_the_selection():
    counts = [74, 79, 81, 76, 78, 84, 80]
    rows = totals("referrals_count", counts) + totals("contacts_count", counts)
    bands = band_rows({"<=3m": 9, ">3-6m": 6, ">6m": 4})
    charts = report_charts(figures(fact_kpi_quarterly=rows + bands))
    assert [chart.name for chart in charts.areas[AREA]] == ["trend-referrals-count", "trend-contacts-count"]
    assert [chart.name for chart in charts.areas["Children in Need"]] == ["bands-cin-duration-bands"]
    assert {area: chart.name for area, chart in charts.sparklines.items()} == {
        AREA: "sparkline-contacts-count"
    }


@pytest.mark.usefixtures("small_selection")
def test_a_chart_without_a_picture_is_left_out():
    charts = report_charts(figures(fact_kpi_quarterly=totals("contacts_count", [80, 77])))
    assert charts.areas == {} and charts.sparklines == {} and charts.revisions == []
