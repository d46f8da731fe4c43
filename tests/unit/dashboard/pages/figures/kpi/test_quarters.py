import pytest

from tests.support.figure_visit import VIEWER, cell_of, content_of, table_of, tables, target, texts


@pytest.fixture(scope="module")
def published():
    return tables(targets=[target("contacts_1wd_pct", 95)])


def periods(published, kpi_id, query=None, *, user=None):
    more = {} if user is None else {"user": user}
    return table_of(content_of("kpi", published, query, kpi_id=kpi_id, **more), "periods")


def test_twelve_quarters_stand_newest_first_each_with_a_note_where_there_is_no_figure(published):
    table = periods(published, "contacts_count")
    assert len(table.rows) == 12
    assert [row[0].text for row in table.rows[:2]] == ["Q3 2019/20", "Q2 2019/20"]
    assert cell_of(table, "Q2 2019/20", "Figure").value == 90
    missing = cell_of(table, "Q4 2018/19", "Figure")
    assert (missing.text, missing.value) == ("not available", None)
    assert cell_of(table, "Q4 2018/19", "Note").text == "No figure was worked out for this period."


def test_the_counts_of_a_share_lead_to_their_lists(published):
    table = periods(published, "contacts_1wd_pct")
    assert cell_of(table, "Q3 2019/20", "Counted").href.endswith("role=numerator")
    assert cell_of(table, "Q3 2019/20", "Out of").href.endswith("role=denominator")
    assert cell_of(table, "Q3 2019/20", "Target").value == 95
    plain = periods(published, "contacts_1wd_pct", user=VIEWER)
    assert cell_of(plain, "Q3 2019/20", "Counted").text == "70"
    assert cell_of(plain, "Q3 2019/20", "Counted").href is None


def test_the_year_to_date_has_its_own_figures_and_no_limits(published):
    table = periods(published, "contacts_count", {"basis": "ytd"})
    assert texts(table)[0][:2] == ["to Q3 2019/20", "247"]
    assert "Signal" not in [column.name for column in table.columns]


def test_of_whole_years_those_are_shown_that_ended(published):
    table = periods(published, "contacts_count", {"basis": "year"})
    assert [row[:2] for row in texts(table)] == [["2018/19", "324"]]


def test_a_place_stands_beside_the_quarter_that_it_is_compared_with(published):
    table = periods(published, "assess_45wd_pct")
    assert cell_of(table, "Q3 2019/20", "London").value == 83
    assert cell_of(table, "Q2 2019/20", "London").unseen == "not compared"
