"""Headers to columns: exact, then by pattern, then close; a wrong match is worse than none."""

import pytest

from cf_pipeline.contracts.header_words import is_header_of
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.ingest.tables.match_headers import match_headers

CARE = list_contracts()["children_in_care"]
CONTACTS = list_contracts()["contacts"]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Child Unique ID", "child_id"),
        ("childuniqueid", "child_id"),
        ("Mosaic Child ID", "child_id"),
        ("1. Child's reference number", "child_id"),
        ("Date of Birth (or expected date of birth)", "date_of_birth"),
        ("D.O.B.", "date_of_birth"),
        ("Age", "age_reported"),
        ("Age at 31 December 2019", "age_reported"),
        ("Date of Contact (dd/mm/yyyy)", "contact_date"),
        ("DATE  OF\nCONTACT", "contact_date"),
    ],
)
def test_a_known_way_to_write_a_header_is_its_column(header, column):
    assert match_headers(CONTACTS, [header]) == {column: [0]}


@pytest.mark.parametrize(
    "header", ["Language", "Stage 1 started", "Percentage", "Manager", "Child's name", "Care ID number plate"]
)
def test_words_within_words_are_nobody_s_column(header):
    assert match_headers(CONTACTS, [header], guess=True) == {}


def test_curly_quotes_and_double_brackets_are_as_straight_ones():
    header = "Number of Episodes the Child has been ‘Missing’ from their Placement in the last 12 months"
    assert match_headers(CARE, [header]) == {"missing_episodes_12m": [0]}


def test_a_misspelling_is_guessed_only_when_asked_and_only_when_close():
    assert match_headers(CONTACTS, ["Date of Contat"]) == {}
    assert match_headers(CONTACTS, ["Date of Contat"], guess=True) == {"contact_date": [0]}
    assert match_headers(CONTACTS, ["Data of Contract"], guess=True) == {}


def test_a_misspelling_never_crosses_to_the_opposite_column():
    adopters = list_contracts()["adopters"]
    assert match_headers(adopters, ["Date Stage 1 startd"], guess=True) == {"stage1_start_date": [0]}
    assert match_headers(adopters, ["Date Stage 3 ended"], guess=True) == {}
    half = "Number of Episodes the Child has been 'Absent' from thier Placement in the last 12 months"
    assert match_headers(CARE, [half], guess=True) == {"absent_episodes_12m": [0]}


def test_two_columns_under_one_name_are_both_found_in_order():
    assert match_headers(CONTACTS, ["Gender", "Child Unique ID", "Gender"])["gender"] == [0, 2]


def test_an_exact_header_keeps_its_column_from_a_looser_one():
    assert match_headers(CONTACTS, ["Client reference", "Child Unique ID"]) == {"child_id": [1]}


def test_a_cell_is_a_repeated_header_only_when_it_is_the_column_s_own():
    assert is_header_of(CONTACTS, "child_id", "CHILD UNIQUE ID")
    assert not is_header_of(CONTACTS, "child_id", "Gender")
    assert not is_header_of(CONTACTS, "child_id", "12345")


@pytest.mark.parametrize(
    "header",
    ["Unique Pupil Number", "UPN", "Pupil ID", "pers_upn", "Child's UPN", "Unique Pupil Number (UPN)"],
)
def test_the_pupil_number_is_the_id_only_without_another(header):
    assert match_headers(CONTACTS, [header]) == {"child_id": [0]}
    for own in ("Person Number", "Child Unique ID", "Mosaic ID", "Case Number", "PID", "Chlid Unique ID"):
        assert match_headers(CONTACTS, [header, own])["child_id"] == [1]


@pytest.mark.parametrize(
    "header",
    ["Former UPN", "NHS Number", "NHS No", "ULN", "Unique Learner Number", "Previous UPN", "UPN reason"],
)
def test_other_numbers_of_a_child_are_never_the_id(header):
    assert "child_id" not in match_headers(CONTACTS, [header], guess=True)
    assert match_headers(CONTACTS, [header, "Person Number"])["child_id"] == [1]


def test_the_number_of_a_case_gives_way_to_that_of_a_person():
    assert match_headers(CONTACTS, ["Case Number", "Person Number"])["child_id"] == [1]
    assert match_headers(CONTACTS, ["Case Number"]) == {"child_id": [0]}


def test_the_council_s_own_header_of_the_id_wins_over_the_pupil_number():
    council = {"ournumber": "child_id"}
    assert match_headers(CONTACTS, ["UPN", "Our number"], council_headers=council)["child_id"] == [1]
