import pytest

from tests.support.figure_visit import cell_of, content_of, table_of, tables, target, texts


@pytest.fixture(scope="module")
def published():
    return tables(targets=[target("contacts_1wd_pct", 95)])


def test_the_measures_of_an_area_stand_beside_earlier_quarters_and_the_target(published):
    table = table_of(content_of("area", published, area="contacts-and-referrals"), "measure-list")
    assert cell_of(table, "Contacts received", "Q3 2019/20").value == 77
    assert cell_of(table, "Contacts received", "Q2 2019/20").value == 90
    assert cell_of(table, "Contacts received", "Year-end forecast").text == "329"
    late = "Contacts completed within one working day"
    assert cell_of(table, late, "Q3 2019/20").detail == "70 of 77"
    assert cell_of(table, late, "Target").text == "95%"
    assert cell_of(table, late, "Same quarter last year").text == "not available"
    assert cell_of(table, "Contacts received", "London").unseen == "not compared"


def test_a_percentage_stands_beside_the_region_a_count_never(published):
    comparison = published["fact_kpi_comparison"]
    counts = comparison.assign(kpi_id="contacts_count", against="london", basis="quarter").head(1)
    table = table_of(
        content_of("area", {**published, "fact_kpi_comparison": counts}, area="contacts-and-referrals"),
        "measure-list",
    )
    assert cell_of(table, "Contacts received", "London").unseen == "not compared"
    table = table_of(content_of("area", published, area="assessments"), "measure-list")
    assert [row[4] for row in texts(table)] == ["83%"]


def test_a_distribution_is_reached_by_its_name(published):
    content = content_of("area", published, area="children-in-need")
    links = [link for block in content.blocks() for link in getattr(block, "links", ())]
    assert "/city-of-london/kpi/cin_duration_bands" in [link.href for link in links]
    assert [row[0] for row in texts(table_of(content, "measure-list"))] == ["Children in need cases open"]


def test_the_headlines_of_the_area_alone_are_told(published):
    words = [block.text for block in content_of("area", published, area="assessments").summary[1:3]]
    assert words == [
        "Year to date figure for assessments authorised within 45 days at end of Q3 was 80%.",
        "Signals: none judged yet.",
    ]
