import pytest

from cf_pipeline.dashboard.page import PageError
from cf_pipeline.dashboard.pages.figures.scope import choose_scope, slug_of
from tests.support.figure_visit import ANALYST, VIEWER, tables, visit


@pytest.fixture(scope="module")
def published():
    return tables()


def test_without_a_choice_the_newest_quarter_is_shown_and_links_stay_with_the_newest(published):
    scope = choose_scope(visit(published))
    assert scope.quarter.key == "2019/20 Q3"
    assert scope.quarter_keys[:2] == ("2019/20 Q3", "2019/20 Q2")
    assert scope.href("compare") == "/city-of-london/compare"


def test_links_keep_an_earlier_quarter(published):
    scope = choose_scope(visit(published, {"quarter": "2019/20 Q2"}))
    assert scope.href("compare", {"kpi": "x"}) == "/city-of-london/compare?quarter=2019%2F20+Q2&kpi=x"
    assert scope.form().fields[0].value == "2019/20 Q2"


def test_a_quarter_that_is_not_published_names_the_one_that_was_meant(published):
    with pytest.raises(PageError, match=r"Did you mean 2019/20 Q3\?"):
        choose_scope(visit(published, {"quarter": "2019-20 Q3"}))


def test_an_authority_without_figures_says_why_and_where_to_look(published):
    none_yet = published["dim_authority"].assign(latest_quarter_key=None)
    with pytest.raises(PageError, match="None of its deliveries could be read") as error:
        choose_scope(visit({**published, "dim_authority": none_yet}))
    assert [link.href for link in error.value.links] == ["/city-of-london/data-quality", "/"]


def test_records_are_seen_by_those_with_a_share(published):
    assert choose_scope(visit(published, user=ANALYST)).sees_records
    assert not choose_scope(visit(published, user=VIEWER)).sees_records


def test_the_name_of_an_area_in_an_address():
    assert slug_of("Contacts and Referrals") == "contacts-and-referrals"
    assert slug_of("Children (in care)") == "children-in-care"
