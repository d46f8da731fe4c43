import pytest

from cf_pipeline.dashboard.content import DefinitionList
from tests.support.figure_visit import content_of, tables, target


@pytest.fixture(scope="module")
def published():
    return tables(targets=[target("assess_45wd_pct", 85)])


def pairs(content, key=None):
    sections = {section.key: section for section in content.sections}
    blocks = content.summary if key is None else sections[key].blocks
    return next(dict(block.pairs) for block in blocks if isinstance(block, DefinitionList))


def test_a_figure_stands_beside_its_target_last_year_and_the_region(published):
    found = pairs(content_of("kpi", published, kpi_id="assess_45wd_pct"))
    assert found["Figure"] == "58% (23 of 40)"
    assert found["Target"] == "85%, which is not reached"
    assert found["Same quarter last year"] == "not available"
    assert found["London"].startswith("83%")
    assert "lower than that" in found["London"]
    assert found["Direction"] == "Higher is better."


def test_a_measure_without_a_figure_says_why(published):
    found = pairs(content_of("kpi", published, kpi_id="cla_3plus_placements_count"))
    assert found["Figure"] == "not available"
    assert found["Why there is none"].startswith("The deliveries do not cover this period")


def test_a_definition_says_what_is_counted_and_by_which_law(published):
    found = pairs(content_of("kpi", published, kpi_id="assess_45wd_pct"), "definition")
    assert found["Counted"] == "What assess_45wd_pct counts."
    assert found["Law or guidance"] == "Working Together to Safeguard Children"


def test_limits_say_that_there_are_none(published):
    found = pairs(content_of("kpi", published, kpi_id="contacts_count"), "limits")
    assert found == {"Signal": "no limits: there is no figure of the quarter"}
