import pandas as pd
import pytest

from tests.support import publication_example as example
from tests.support.figure_visit import cell_of, content_of, table_of, tables, texts


@pytest.fixture(scope="module")
def published():
    rows = example.kpi_quarterly()
    late = rows.query("kpi_id == 'contacts_1wd_pct' and basis == 'quarter'")
    teams = [
        late.assign(breakdown="team", category=team, numerator=count, denominator=20.0, value=5.0 * count)
        for team, count in (("East", 12.0), ("unknown", 0.0))
    ]
    return tables(kpi_quarterly=pd.concat([rows, *teams], ignore_index=True))


def test_categories_stand_beside_earlier_periods_and_lead_to_their_records(published):
    content = content_of("kpi", published, {"breakdown": "team"}, kpi_id="contacts_1wd_pct")
    table = table_of(content, "categories")
    assert cell_of(table, "East", "Q3 2019/20").text == "60%"
    assert cell_of(table, "East", "Counted").href.endswith("role=numerator&team=East")
    assert cell_of(table, "East", "Q2 2019/20").value == 60
    assert cell_of(table, "East", "Q3 2018/19").text == "not available"
    nobody = next(row for row in table.rows if row[0].text != "East")
    assert nobody[1].value == 0
    assert nobody[2].href is None


def test_every_period_of_every_category_is_a_row_of_the_long_table(published):
    content = content_of("kpi", published, {"breakdown": "team"}, kpi_id="contacts_1wd_pct")
    table = table_of(content, "categories-by-period")
    assert table.is_long
    assert len(table.rows) == 6
    assert {row[0] for row in texts(table)} == {"Q1 2019/20", "Q2 2019/20", "Q3 2019/20"}


def test_a_distribution_is_shown_by_its_groups_in_their_order(published):
    content = content_of("kpi", published, kpi_id="cin_duration_bands")
    assert [row[:2] for row in texts(table_of(content, "categories"))] == [
        ["3 months or less", "8"],
        ["Over 3 months to 6 months", "8"],
        ["Over 6 months to under 1 year", "6"],
        ["1 year to under 2 years", "4"],
        ["2 years or more", "2"],
    ]


def test_a_stock_is_split_by_team_and_age(published):
    content = content_of("kpi", published, {"breakdown": "team_age_band"}, kpi_id="cin_open_stock")
    table = table_of(content, "categories")
    assert [column.name for column in table.columns] == ["Team", "Under 1", "5 to 9"]
    assert texts(table) == [["West", "8", "20"]]


def test_a_measure_that_is_published_in_total_alone_says_so(published):
    content = content_of("kpi", published, kpi_id="contacts_count")
    assert table_of(content, "categories").empty == "This measure is published in total alone."
