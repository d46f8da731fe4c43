"""The rows behind a figure: as many as it counts, and every other row with the step that it fails."""

import pytest

from cf_pipeline.cli.explain_text import row_lines
from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.explain_rows import explain_rows
from cf_pipeline.kpi.lineage.records_behind import find_records_behind
from tests.spec.casebook import Delivery, core

REGISTRY = load_registry()
QUARTER = Quarter.parse("2019/20 Q3")
LISTS = {
    "contacts": [
        {"child_id": "A", "contact_date": "2019-10-02", "contact_source": "1A"},
        {"child_id": "B", "contact_date": "2019-12-31", "contact_source": "2B"},
        {"child_id": "A", "contact_date": "2019-09-30", "contact_source": "1A"},
    ],
    "children_in_need": [
        {
            "child_id": "A",
            "cin_start_date": "2019-01-01",
            "case_status": "CIN",
            "last_seen_date": "2019-12-30",
        },
        {
            "child_id": "B",
            "cin_start_date": "2019-01-01",
            "case_status": "CIN",
            "last_seen_date": "2019-01-30",
        },
        {"child_id": "C", "cin_start_date": "2019-01-01", "case_status": "CP"},
        {"child_id": "D", "cin_start_date": "2019-01-01", "cin_closure_date": "2019-11-30"},
    ],
    "child_protection_plans": [],
    "children_in_care": [],
    "care_leavers": [
        {"child_id": "A", "eligibility": "F", "in_touch": "YES"},
        {"child_id": "B", "eligibility": "F", "in_touch": "NO"},
    ],
}
EXAMPLES = {
    "contacts_count": [
        ("numerator", "contacts", 2, ""),
        ("numerator", "contacts", 3, ""),
        ("left out", "contacts", 4, "does not hold: in the period"),
    ],
    "contacts_children_count": [
        ("numerator", "contacts", 2, ""),
        ("numerator", "contacts", 3, ""),
        ("left out", "contacts", 4, "does not hold: in the period"),
    ],
}


@pytest.fixture(scope="module")
def tables():
    return core(Delivery("2019-12-31", LISTS, "2017-04-01")).tables


@pytest.mark.parametrize(("kpi_id", "expected"), EXAMPLES.items())
def test_each_row_has_its_role_its_place_and_why_it_is_left_out(tables, kpi_id, expected):
    rows = explain_rows(tables, REGISTRY, REGISTRY[kpi_id], QUARTER)
    assert list(rows[["role", "list", "excel_row", "why"]].itertuples(index=False, name=None)) == expected
    assert set(rows["file"]) == {"book.xlsx"}


def test_a_row_of_the_denominator_alone_says_what_it_fails(tables):
    rows = explain_rows(tables, REGISTRY, REGISTRY["cin_seen_in_time_pct"], QUARTER)
    assert rows["role"].tolist() == ["numerator", "denominator", "left out", "left out"]
    assert rows["excel_row"].tolist() == [2, 3, 4, 5]
    assert rows["why"].str.startswith("does not hold: ").tolist() == [False, True, True, True]


@pytest.mark.parametrize(
    "kpi_id", ["contacts_count", "cin_open_stock", "cin_seen_in_time_pct", "cin_all_stock", "cl_in_touch_pct"]
)
def test_there_are_as_many_rows_as_the_figure_counts(tables, kpi_id):
    rows = explain_rows(tables, REGISTRY, REGISTRY[kpi_id], QUARTER)
    members = find_records_behind(tables, REGISTRY, {kpi_id})
    members = members[members["quarter_key"].eq(QUARTER.key) & members["basis"].eq("quarter")]
    counted = members["role"].value_counts()
    assert rows["role"].eq("numerator").sum() == counted.get("numerator", 0)
    others = counted.get("denominator", 0)
    assert rows["role"].isin(["numerator", "denominator"]).sum() == max(others, counted.get("numerator", 0))


def test_an_absent_figure_counts_no_row_and_says_why():
    lists = {name: rows for name, rows in LISTS.items() if name != "children_in_care"}
    tables = core(Delivery("2019-12-31", lists, "2017-04-01")).tables
    rows = explain_rows(tables, REGISTRY, REGISTRY["cin_all_stock"], QUARTER)
    assert set(rows["role"]) == {"left out"}
    assert "The list Children in care was not delivered." in set(rows["why"])


def test_a_line_names_the_case_and_the_row(tables):
    rows = explain_rows(tables, REGISTRY, REGISTRY["contacts_count"], QUARTER)
    people = tables["person"].set_index("person_ref")["child_id"]
    lines = list(row_lines(rows, people))
    assert lines[1] == "  numerator    A  Contacts: 2017-04-01_2019-12-31/book.xlsx, sheet 'contacts', row 2"
    assert lines[3].endswith("row 4; does not hold: in the period")
    assert lines[-1].startswith("Not listed: the rows of the year to date and of the year")
