import pytest

from tests.support.figure_visit import cell_of, content_of, table_of, tables, texts


@pytest.fixture(scope="module")
def published():
    return tables()


def with_change(published, **values):
    """The rows of `v_kpi_change` of the percentage of contacts in time, with other values."""
    rows = published["v_kpi_change"].query("kpi_id == 'contacts_1wd_pct'")
    return {**published, "v_kpi_change": rows.assign(**values)}


def test_what_got_worse_is_told_with_chance_and_size_the_largest_first(published):
    table = table_of(content_of("overview", published), "worse-measures")
    late, assessments = (row[0] for row in texts(table))
    assert late == "Child and Family Assessments authorised within 45 working days"
    assert cell_of(table, assessments, "Now").value == pytest.approx(100 * 70 / 77)
    sizes = [row[-1].value for row in table.rows]
    assert sizes == sorted(sizes, reverse=True)


def test_a_change_beyond_chance_stands_on_top_with_its_mark(published):
    content = content_of("overview", with_change(published, chance="beyond chance"))
    (row,) = table_of(content, "changed").rows
    assert (row[0].text, row[1].text, row[1].mark) == (
        "Contacts completed within one working day",
        "worse",
        "bad",
    )
    assert row[0].href == "/city-of-london/kpi/contacts_1wd_pct"


def test_a_change_within_chance_is_no_change(published):
    table = table_of(content_of("overview", with_change(published, chance="within chance")), "changed")
    assert table.rows == ()
    assert table.empty == "No measure changed by more than chance explains."


def test_what_is_outside_firm_limits_is_told_with_its_side(published):
    limits = (
        published["fact_control_limit"]
        .reindex(range(3))
        .assign(
            authority_code="E09000001",
            quarter_key="2019/20 Q3",
            kpi_id=["contacts_count", "contacts_1wd_pct", "cin_open_stock"],
            value=[77.0, 90.9, 28.0],
            lower=[80.0, 80.0, 10.0],
            upper=[95.0, 95.0, 20.0],
            status=["firm", "firm", "trial"],
        )
    )
    content = content_of("overview", {**published, "fact_control_limit": limits})
    table = table_of(content, "outside-limits")
    assert [row[:4] for row in texts(table)] == [["Contacts received", "77", "80 to 95", "below"]]
