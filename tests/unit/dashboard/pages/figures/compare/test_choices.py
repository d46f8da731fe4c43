import pytest

from cf_pipeline.dashboard.pages.figures.compare.choices import (
    KPI_NAMES,
    PERIODS,
    chosen_kpis,
    comparison_query,
    ready_made,
    ready_made_links,
)
from cf_pipeline.dashboard.pages.figures.scope import choose_scope
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.support.figure_visit import tables, visit


@pytest.mark.parametrize("entry", ready_made(), ids=lambda entry: entry["title"])
def test_a_ready_made_comparison_is_of_measures_and_periods_that_there_are(entry):
    assert 1 <= len(entry["kpis"]) <= len(KPI_NAMES)
    assert set(entry["kpis"]) <= set(load_registry())
    assert entry["period"] in PERIODS
    assert list(comparison_query(entry))[: len(entry["kpis"])] == list(KPI_NAMES[: len(entry["kpis"])])


def test_a_measure_named_twice_is_shown_once():
    scope = choose_scope(visit(tables(), {"kpi": "contacts_count", "kpi3": "contacts_count"}))
    assert [kpi.kpi_id for kpi in chosen_kpis(scope)] == ["contacts_count"]


def test_comparisons_of_measures_that_are_not_published_are_left_out():
    links = ready_made_links(choose_scope(visit(tables()))).links
    assert [link.text for link in links] == [
        "Contacts by team and month, with the share completed in one working day"
    ]
