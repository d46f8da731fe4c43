"""Words for nothing, for no identifier and for nobody."""

import pytest

from cf_pipeline.contracts.words import absence


@pytest.mark.parametrize(
    "text",
    [
        "(null)",
        "<NULL>",
        "[NULL]",
        "{null}",
        "null",
        "'NULL'",
        '"NULL"',
        "\\N",
        "\\\\N",
        "NaT",
        "nan",
        "<NA>",
        "#N/A",
        "#NULL!",
        "<nil>",
        "undefined",
        "DBNull",
        "[(null)]",
        "NA_character_",
        ".A",
    ],
)
def test_what_databases_write_is_blank_in_every_column(text):
    assert absence.is_database_null(text)
    assert absence.is_blank_word(text)


@pytest.mark.parametrize(
    "text", ["NONE", "NA", "N/A", "(none)", "(Blank)", "-", "--", ".", "...", "__/__/____", "/  /"]
)
def test_a_blank_word_may_be_a_code_of_its_own(text):
    assert absence.is_blank_word(text)
    assert not absence.is_database_null(text)


@pytest.mark.parametrize("text", ["N", "No", "Y", "0", "1", "########", "Nathan", "Nullah", "nan Smith", "A"])
def test_other_texts_are_not_blank(text):
    assert not absence.is_blank_word(text)


@pytest.mark.parametrize(
    "text", ["#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "########", "#MULTIVALUE"]
)
def test_an_error_is_something_that_cannot_be_read(text):
    assert absence.is_spreadsheet_error(text)
    assert not absence.is_blank_or_not_known(text)


@pytest.mark.parametrize("text", ["not recorded", "(Unknown)", "TBC", "[not known]"])
def test_not_known_is_blank_where_it_is_no_code(text):
    assert absence.is_blank_or_not_known(text)
    assert not absence.is_blank_word(text)


@pytest.mark.parametrize(
    "text",
    [
        "Unallocated",
        "UNALLOCATED",
        "Un-allocated",
        "Not allocated",
        "Awaiting allocation",
        "Awaiting Allocation (North)",
        "To be allocated",
        "Allocation pending",
        "Pending allocation",
        "TBC",
        "Duty",
        "Duty Team",
        "Duty Social Worker",
        "MASH Duty",
        "Duty Team 2",
        "Vacant",
        "Vacant post",
        "Vacancy",
        "VACANT - SW 3",
        "Agency vacancy",
        "No",
        "None",
        "N/A",
        "N",
        "No worker",
        "No allocated worker",
        "No PA",
        "Unknown",
        "nobody",
        "No-one",
        "No one",
        "0",
        "-1",
        "(null)",
        "Unassigned",
        "Worker to be confirmed",
        "Unknown worker",
        "PA TBC",
        "Duty & Assessment Team",
        "zz Unallocated",
        "Awaiting re-allocation",
        "Not yet assigned",
        "Awaiting personal adviser",
        "",
        "No longer allocated",
        "Duty/Unallocated",
    ],
)
def test_words_for_nobody(text):
    assert absence.is_nobody(text)


@pytest.mark.parametrize(
    "text",
    [
        "Grace Duty",
        "N West",
        "Na Li",
        "Young, L",
        "Jane Smith (Duty)",
        "Leaving Care Team",
        "Duty, Grace",
        "J Vacant-Hill",
        "Norma No",
        "Noelle Jones",
        "Anna Nowak",
        "Yes",
        "Y",
        "TRUE",
        "12345",
        "Vacant Street Team",
        "Allocated",
        "Oliver North",
        "Duty-Smith",
        "J Smith (agency)",
        "SW1",
        "Team Manager",
    ],
)
def test_a_name_with_such_a_word_in_it_is_a_name(text):
    assert not absence.is_nobody(text)
