"""A guess for a header, taken over as it is, makes nothing worse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.ingest.tables.guess_columns import guess_columns
from tests.unit.quality.test_mapping_proposals import codes, headers, propose_mappings

DAYS = ["2019-11-05", "12/12/2019"]
ID = ["child_id"]


def guess(name, known, **cells):
    return guess_columns(list_contracts()[name], known, {key.replace("_", " "): cells[key] for key in cells})


@pytest.mark.parametrize(
    ("name", "header", "texts", "column"),
    [
        ("contacts", "Contact Dt", DAYS, "contact_date"),
        ("contacts", "Came from", ["1A", "2B"], "contact_source"),
        ("children_in_need", "CIN Strt Dte", DAYS, "cin_start_date"),
        ("children_in_need", "Status of Case", ["open", "shut"], "case_status"),
        ("children_in_care", "Plcmt Type", ["U6"], "placement_type"),
        ("children_in_care", "LAC end dt", DAYS, "cla_end_date"),
        ("early_help_assessments", "Assmt start dt", DAYS, "eh_assessment_start_date"),
    ],
)
def test_the_nearest_column_of_the_cells_type_is_the_guess(name, header, texts, column):
    assert guess_columns(list_contracts()[name], ID, {header: texts}) == {header: column}


@pytest.mark.parametrize(
    ("name", "header", "texts"),
    [
        ("contacts", "Date of Death", DAYS),
        ("contacts", "Mother's Date of Birth", DAYS),
        ("contacts", "Contact created date", DAYS),
        ("contacts", "Contact Dte", ["Police", "School"]),
        ("children_in_need", "CIN Review Date", ["a", "b"]),
        ("children_in_care", "Placement end date", DAYS),
        ("care_leavers", "Suitable", ["1", "2"]),
    ],
)
def test_a_word_or_a_cell_that_speaks_against_it_leaves_no_guess(name, header, texts):
    assert guess_columns(list_contracts()[name], ID, {header: texts}) == {}


def test_a_column_that_another_header_holds_is_no_guess():
    assert guess("contacts", ["child_id", "contact_date"], Contact_Dt=DAYS) == {}


def test_of_two_headers_as_near_neither_is_the_column():
    assert guess("contacts", ID, Contact_Dt=DAYS, Contact_Dte=DAYS) == {}


@given(
    st.lists(
        st.sampled_from(["Contact Dt", "Source of it", "Sex of child", "Ethn", "Team", "Ref"]), unique=True
    )
)
def test_no_column_is_guessed_twice_and_none_that_is_known(texts):
    found = guess_columns(list_contracts()["contacts"], ["gender"], dict.fromkeys(texts, ()))
    assert len(set(found.values())) == len(found)
    assert "gender" not in found.values()


def test_a_header_that_files_disagree_about_is_left_to_choose():
    entries = [("contacts", "Contact Dt", 9, "contact_date"), ("contacts", "Contact Dt", 9, "")]
    (row,) = propose_mappings(headers(*entries), codes()).to_dict("records")
    assert row["line"].startswith("#")
