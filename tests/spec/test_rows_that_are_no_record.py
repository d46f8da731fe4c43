"""What stands between and below the records of an export is no child; a child is never set aside for it.

Each example is the rows of one list as they stand in the file, with what becomes of them: None for a record.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.holds.unread import find_unread_doubts
from tests.support.ingested_rows import Records, clean_list

FULL = {"gender": "F", "ethnicity": "WBRI", "date_of_birth": "01/05/2010", "contact_date": "02/10/2019"}
CHILDREN = [FULL | {"child_id": f"10000{number}"} for number in range(1, 10)]
LEAVERS = [
    {"child_id": f"10000{number}", "gender": "F", "date_of_birth": "01/05/2000", "in_touch": "Y"}
    for number in range(1, 10)
]
Row = dict[str, str]


def fate_of(row: Row, list_name: str = "contacts", others: Records = CHILDREN) -> str | None:
    """The rule that sets the row aside when it stands below nine children; None when it is loaded."""
    result = clean_list(list_name, *others, row)
    rules = result.quarantine["rule"].tolist()
    assert len(result.lists[list_name]) + len(rules) == len(others) + 1
    assert len(result.lists[list_name]) >= len(others), "a child was set aside"
    return rules[0] if rules else None


@pytest.mark.mess(26)
@pytest.mark.parametrize(
    "row",
    [
        {"child_id": "(2 rows affected)"},
        {"child_id": "(1 row affected)"},
        {"child_id": "(2 rows)"},
        {"child_id": "2 rows selected."},
        {"child_id": "2 rows in set (0.00 sec)"},
        {"child_id": "Query OK", "gender": " 2 rows affected (0.01 sec)"},
        {"child_id": "Completion time: 2020-01-06T09:12:44.1234567+00:00"},
        {"child_id": "No filters applied"},
        {"child_id": "Applied filters:\nTeam is East\nStatus is Open"},
        {"child_id": "Applied filters: Team is East", "gender": " Status is Open", "ethnicity": " Age is 9"},
        {"child_id": "Run date:", "contact_date": "06/01/2020"},
        {"child_id": "SQL> spool off"},
        {"child_id": "9"},
        {"child_id": "9", "gender": "contacts"},
        {"gender": "Printed by somebody"},
    ],
    ids=lambda row: " ".join(row.values())[:30],
)
def test_what_tools_write_below_a_table_is_a_footer(row: Row) -> None:
    assert fate_of(row) == "footer_row"


@pytest.mark.parametrize(
    "row",
    [
        dict.fromkeys(("child_id", "gender", "ethnicity", "contact_date"), "-----"),
        {"child_id": "---------------", "gender": "---", "ethnicity": "-", "contact_date": "----------"},
        {"child_id": "===========", "gender": "=====", "contact_date": "======"},
        {"child_id": "-----------+--------+-------------"},
        {"child_id": "___________"},
    ],
)
def test_a_line_of_dashes_is_a_footer(row: Row) -> None:
    assert fate_of(row) == "footer_row"


@pytest.mark.parametrize(
    "row",
    [
        {"child_id": "North Team"},
        {"child_id": "East"},
        {"child_id": "Team: East", "gender": "9 contacts"},
        {"child_id": "October 2019"},
        {"child_id": "Q3"},
        {"child_id": "Police", "ethnicity": "(3)"},
    ],
)
def test_a_row_that_names_a_group_is_a_footer(row: Row) -> None:
    assert fate_of(row) == "footer_row"


@pytest.mark.parametrize(
    "row",
    [
        {"child_id": "text", "gender": "code", "date_of_birth": "dd/mm/yyyy", "contact_date": "dd/mm/yyyy"},
        {"child_id": "(number)", "gender": "(code)", "date_of_birth": "(date)", "contact_date": "(date)"},
        {"child_id": "int", "gender": "char(1)", "date_of_birth": "datetime", "contact_date": "datetime"},
        {"gender": "M/F", "age_reported": "years", "contact_date": "dd/mm/yyyy"},
        {"child_id": "(1)", "gender": "(2)", "date_of_birth": "(4)", "contact_date": "(6)"},
        {"child_id": "1", "gender": "2", "ethnicity": "3", "contact_date": "6"},
    ],
)
def test_a_row_of_units_types_or_column_numbers_is_a_footer(row: Row) -> None:
    assert fate_of(row) == "footer_row"


@pytest.mark.parametrize(
    "row",
    [
        {"child_id": "Total", "gender": "9", "ethnicity": "9", "age_reported": "81"},
        {"child_id": "Grand total: 9"},
        {"child_id": "Count", "contact_date": "9"},
        {"gender": "Total", "age_reported": "9"},
    ],
)
def test_a_totals_row_is_told_as_such(row: Row) -> None:
    assert fate_of(row) == "total_row"


@pytest.mark.parametrize("text", ["(null)", "\\N", "NULL", "-", "--", "None", "<NA>", ""])
def test_a_row_of_nothing_is_blank_however_nothing_is_written(text: str) -> None:
    row = dict.fromkeys(("child_id", "gender", "contact_date"), text)
    assert fate_of(row) == "blank_row"


@pytest.mark.mess(28)
@pytest.mark.parametrize(
    "child_id",
    [
        "-1",
        "0",
        "00",
        "-1.0",
        "TRUE",
        "False",
        "TEST",
        "Test Child",
        "DUMMY",
        "2010-05-01",
        "01/05/2010",
        "(null)",
        "\\N",
        "<NULL>",
        "NaT",
        "unknown",
        "---",
        "n/a",
    ],
)
@pytest.mark.parametrize("list_name", ["contacts", "care_leavers"])
def test_a_record_without_an_id_is_an_error(child_id: str, list_name: str) -> None:
    others = CHILDREN if list_name == "contacts" else LEAVERS
    assert fate_of({**others[0], "child_id": child_id}, list_name, others) == "no_child_id"


@pytest.mark.parametrize("child_id", ["1.23457E+15", "1.2E+07", "1.23456789012346E+15", "1234567890123456.0"])
def test_a_record_whose_id_lost_digits_is_an_error(child_id: str) -> None:
    assert fate_of(FULL | {"child_id": child_id}) == "id_digits_lost"


ODD_IDS = [
    "NOTE-12",
    "A",
    "P 12",
    "SOURCE 3",
    "TOTAL-7",
    "East",
    "PAGE 4",
    "100,001",
    "1000001",
    "2 rows",
    "C/2019/7",
]


@pytest.mark.parametrize("child_id", ODD_IDS)
def test_a_child_with_an_odd_id_stays_when_the_row_is_a_record(child_id: str) -> None:
    assert fate_of(FULL | {"child_id": child_id}) is None
    assert fate_of({**LEAVERS[0], "child_id": child_id}, "care_leavers", LEAVERS) is None


@pytest.mark.parametrize(
    "row",
    [
        {"child_id": "100010", "contact_date": "02/10/2019"},  # two cells, one of them the key date
        {"child_id": "X-7", "contact_date": "02/10/2019"},
        {"child_id": "100010"},  # an id like the others, and its date is missing
        {"child_id": "100010", "gender": "F"},
        {"child_id": "X-7", "gender": "F", "ethnicity": "WBRI"},  # three cells: a record without its date
    ],
)
def test_a_short_row_stays_with_its_key_date_or_an_id_like_the_others(row: Row) -> None:
    assert fate_of(row) is None


def test_where_ids_have_no_shape_in_common_only_a_space_makes_one_unlike() -> None:
    mixed = [FULL | {"child_id": child} for child in ("1", "22", "A3", "B-4", "C/5/6", "ZZ", "77-X")]
    assert fate_of({"child_id": "XY-9"}, others=mixed) is None
    assert fate_of({"child_id": "North Team"}, others=mixed) == "footer_row"


def test_ids_of_different_lengths_have_one_shape_of_letters_and_digits() -> None:
    lengths = [FULL | {"child_id": "1" * length} for length in range(3, 12)]
    assert fate_of({"child_id": "42"}, others=lengths) is None
    assert fate_of({"child_id": "East"}, others=lengths) == "footer_row"


def test_where_no_date_of_a_short_list_can_be_read_its_children_are_no_footers() -> None:
    rows = [{"child_id": f"LCS {n}", "pathway_plan_review_date": f"week {n}"} for n in range(10, 30)]
    result = clean_list("pathway_plans", *rows, {"child_id": "No filters applied"})
    assert len(result.lists["pathway_plans"]) == len(rows)
    assert result.quarantine["rule"].tolist() == ["footer_row"]


@pytest.mark.mess(26)
@pytest.mark.parametrize("list_name", sorted(list_contracts()))
@pytest.mark.parametrize("text", ["No records found", "NIL RETURN", "There were none in this period"])
def test_a_list_that_says_that_it_is_empty_is_empty(list_name: str, text: str) -> None:
    result = clean_list(list_name, {list_contracts()[list_name].person: text})
    assert result.lists[list_name].empty
    assert result.quarantine["rule"].tolist() == ["footer_row"]
    assert find_unread_doubts(result) == {}


def test_children_whose_ids_hold_spaces_are_no_words_for_an_empty_list() -> None:
    rows = [{"child_id": name, "pathway_plan_review_date": "week 12"} for name in ("SMITH JO", "LOW ALEX")]
    assert len(clean_list("pathway_plans", *rows).lists["pathway_plans"]) == 2


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=20), min_size=1))
def test_no_row_with_its_key_date_and_more_cells_is_ever_a_footer(ids: list[str]) -> None:
    result = clean_list("contacts", *CHILDREN, *(FULL | {"child_id": child_id} for child_id in ids))
    assert set(result.quarantine["rule"]) <= {"no_child_id", "id_digits_lost", "repeated_header", "total_row"}
    assert len(result.lists["contacts"]) + len(result.quarantine) == len(CHILDREN) + len(ids)
