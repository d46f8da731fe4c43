from tests.support.figure_visit import cell_of, content_of, table_of, tables, target, texts

LATE = "Contacts completed within one working day"
ASSESSMENTS = "Child and Family Assessments authorised within 45 working days"


def test_what_misses_its_target_comes_first_and_says_so():
    published = tables(
        targets=[
            target("contacts_1wd_pct", 90),
            target("assess_45wd_pct", 85),
            target("contacts_count", 70),
            target("cla_3plus_placements_count", 2),
        ]
    )
    table = table_of(content_of("overview", published), "target-list")
    reached = {row[0]: row[3] for row in texts(table)}
    assert reached[ASSESSMENTS] == "not reached"
    assert reached[LATE] == "reached"
    assert reached["Contacts received"] == "for context"
    assert [words for title, words in reached.items() if "placements" in title] == ["no figure"]
    assert texts(table)[0][0] == ASSESSMENTS
    assert texts(table)[-1][0] == LATE
    assert cell_of(table, ASSESSMENTS, "Reached").mark == "bad"
    assert cell_of(table, ASSESSMENTS, "Figure").detail == "23 of 40"


def test_without_a_target_the_section_says_so():
    table = table_of(content_of("overview", tables()), "target-list")
    assert table.rows == ()
    assert table.empty.startswith("No target is set for this quarter")


def test_the_main_measures_stand_beside_last_year_and_the_region():
    table = table_of(content_of("overview", tables()), "main-measure-list")
    london = "London, year to March 2019"
    assert cell_of(table, ASSESSMENTS, london).text == "83%"
    assert cell_of(table, ASSESSMENTS, "Same quarter last year").text == "not available"
    assert cell_of(table, LATE, london).unseen == "not compared"
