import pandas as pd
import pytest

from tests.support.figure_visit import cell_of, content_of, table_of, tables, texts
from tests.support.publication_example import SLUG

HACKNEY = "E09000012"


@pytest.fixture(scope="module")
def published():
    return tables()


@pytest.fixture(scope="module")
def two_authorities(published):
    """The same figures of a second authority, each one more."""

    def of_other(frame):
        other = frame.assign(authority_code=HACKNEY)
        return other.assign(value=other["value"] + 1) if "value" in other else other

    dims = published["dim_authority"]
    own = dims[dims["slug"].eq(SLUG)]
    other = own.assign(authority_code=HACKNEY, slug="hackney", name="Hackney")
    facts = published["fact_kpi_quarterly"]
    return {
        **published,
        "dim_authority": pd.concat([dims, other], ignore_index=True),
        "fact_kpi_quarterly": pd.concat([facts, of_other(facts)], ignore_index=True),
    }


def test_measures_stand_side_by_side_with_places_beside_shares_alone(published):
    query = {"kpi": "contacts_count", "kpi2": "assess_45wd_pct"}
    table = table_of(content_of("compare", published, query), "comparison")
    share = "Child and Family Assessments authorised within 45 working days"
    assert [column.name for column in table.columns] == [
        "Period",
        "Contacts received",
        share,
        f"{share}, London",
        f"{share}, England",
    ]
    assert texts(table)[0] == ["Q3 2019/20", "77", "58%", "83%", "–"]
    assert cell_of(table, "Q3 2019/20", "Contacts received").href.endswith("role=numerator")


def test_months_are_shown_by_team(published):
    query = {"kpi": "contacts_count", "period": "month", "breakdown": "team"}
    table = table_of(content_of("compare", published, query), "comparison")
    assert texts(table) == [
        ["2019-12", "West", "22"],
        ["2019-11", "West", "25"],
        ["2019-10", "West", "30"],
    ]
    assert {cell.href for row in table.rows for cell in row} == {None}


def test_years_are_those_that_ended(published):
    table = table_of(
        content_of("compare", published, {"kpi": "contacts_count", "period": "year"}), "comparison"
    )
    assert texts(table) == [["2018/19", "324"]]


def test_authorities_stand_side_by_side_and_the_other_s_count_leads_to_no_record(two_authorities):
    content = content_of("compare", two_authorities, {"kpi": "contacts_count", "with": "hackney"})
    table = table_of(content, "comparison")
    assert [column.name for column in table.columns][1:] == [
        "Contacts received, City of London",
        "Contacts received, Hackney",
    ]
    assert cell_of(table, "Q3 2019/20", "Contacts received, Hackney").value == 78
    assert cell_of(table, "Q3 2019/20", "Contacts received, Hackney").href is None
    assert texts(table_of(content, "authority-list")) == [["City of London", "77"], ["Hackney", "78"]]


def test_every_authority_may_be_chosen_where_there_are_several(two_authorities, published):
    content = content_of("compare", two_authorities, {"kpi": "contacts_count", "with": "all"})
    assert len(table_of(content, "authority-list").rows) == 2
    names = {
        field.name
        for block in content_of("compare", published).summary
        for field in getattr(block, "fields", ())
    }
    assert "with" not in names
