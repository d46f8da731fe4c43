from types import SimpleNamespace

import pytest

from cf_pipeline.dashboard.pages.figures.records import records_href
from cf_pipeline.dashboard.pages.figures.scope import choose_scope
from tests.support.figure_visit import VIEWER, tables, visit


@pytest.fixture(scope="module")
def published():
    return tables()


def kpi(kind):
    return SimpleNamespace(kpi_id="some_kpi", kind=kind)


def fact(breakdown="total", category="all", numerator=3.0, denominator=4.0):
    return SimpleNamespace(
        quarter_key="2019/20 Q3",
        basis="ytd",
        breakdown=breakdown,
        category=category,
        numerator=numerator,
        denominator=denominator,
    )


def test_a_count_leads_to_the_records_of_its_period(published):
    scope = choose_scope(visit(published))
    assert records_href(scope, kpi("flow_count"), fact()) == (
        "/city-of-london/records/some_kpi?quarter=2019%2F20+Q3&basis=ytd&role=numerator"
    )
    assert "role=denominator" in records_href(scope, kpi("percentage"), fact(), "denominator")


def test_a_team_s_count_leads_to_its_own_records(published):
    scope = choose_scope(visit(published))
    assert records_href(scope, kpi("stock"), fact("team", "North & West")).endswith("team=North+%26+West")
    assert records_href(scope, kpi("stock"), fact("team", "unknown")) is None


@pytest.mark.parametrize(
    ("kind", "row", "role"),
    [
        ("rate_10k", fact(), "denominator"),  # the population
        ("median_days", fact(), "numerator"),
        ("distribution", fact("band", "2y+"), "numerator"),
        ("flow_count", fact("age_band", "5-9"), "numerator"),
        ("flow_count", fact(numerator=0.0), "numerator"),
        ("flow_count", fact(numerator=None), "numerator"),
        ("flow_count", None, "numerator"),
    ],
)
def test_what_has_no_records_leads_nowhere(published, kind, row, role):
    assert records_href(choose_scope(visit(published)), kpi(kind), row, role) is None


def test_who_sees_figures_alone_is_led_to_no_records(published):
    assert records_href(choose_scope(visit(published, user=VIEWER)), kpi("flow_count"), fact()) is None
