from tests.support.figure_visit import cell_of, content_of, table_of, tables, target


def test_an_area_has_its_headlines_its_signals_and_what_is_off_target():
    published = tables(targets=[target("contacts_1wd_pct", 95)])
    table = table_of(content_of("overview", published), "area-list")
    assert [row[0].text for row in table.rows][:2] == ["Contacts and Referrals", "Assessments"]
    assert table.rows[0][0].href == "/city-of-london/area/contacts-and-referrals"
    assert cell_of(table, "Contacts and Referrals", "Headlines").text.startswith("77 contacts in Q3")
    assert cell_of(table, "Contacts and Referrals", "Off target").value == 1
    assert cell_of(table, "Assessments", "Off target").unseen == "no target"
    assert cell_of(table, "Assessments", "Signals").text == "none judged yet"
    assert cell_of(table, "Assessments", "Trend").unseen == "no chart"
