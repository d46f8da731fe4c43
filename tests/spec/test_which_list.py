"""Which list a sheet is: its headers decide, and its name between equals only (docs/rulings.md#33)."""

import pytest

from cf_pipeline.ingest.tables.recognise import AmbiguousHeaders, ListTable, NearMiss, find_list
from tests.support.workbooks import header_row

EARLY_HELP = ["Child Unique ID", "Assessment start date", "Organisation completing assessment"]
DATES_ALONE = ["Child ID", "Gender", "Date of Birth", "Assessment start date", "Assessment completion date"]
WITH_A_TEAM = [*DATES_ALONE, "Allocated Team", "Allocated Worker", "Disability"]
STATUTORY = ["Mosaic ID", "Workflow step start date", "Workflow step end date", "Responsible Team"]
REFERRALS = ["Child Unique ID", "Date of referral", "Referral Source"]
VISITS = ["Child Unique ID", "Visit date", "Child seen", "Seen alone"]
CARE_VISITS = [*VISITS, "Visit type", "Visit frequency in care/pathway plan", "In time"]
CARE = header_row("children_in_care")
REVIEWS = ["Child ID", "Review date", "Review due date"]

HEADERS_DECIDE = [
    # the sheet's name, its headers, the list it is
    ("EH Assessments", EARLY_HELP, "early_help_assessments"),
    ("CAF Assessments", EARLY_HELP, "early_help_assessments"),
    ("Early Help Assessment 2019", EARLY_HELP, "early_help_assessments"),
    ("Assessments", EARLY_HELP, "early_help_assessments"),
    ("List 4", EARLY_HELP, "early_help_assessments"),
    ("EH Assessments", STATUTORY, "assessments"),
    ("List 2", [*DATES_ALONE, "Child Seen During Assessment"], "assessments"),
    ("Contacts", REFERRALS, "referrals"),
    ("List 1", header_row("referrals"), "referrals"),
    ("EH Referrals", REFERRALS, "referrals"),
    ("Care leavers", header_row("children_in_care"), "children_in_care"),
    ("Child protection", header_row("children_in_need"), "children_in_need"),
    ("Adopters", header_row("adoptions"), "adoptions"),
    ("Missing", header_row("contacts"), "contacts"),
    ("CP Visits", CARE_VISITS, "cla_visits"),
    ("CP Reviews", header_row("cla_reviews"), "cla_reviews"),
    ("Placements", header_row("cla_episodes"), "cla_episodes"),
    ("Sheet1", EARLY_HELP, "early_help_assessments"),
]
NAME_DECIDES = [
    ("EH Assessments", DATES_ALONE, "early_help_assessments"),
    ("Early Help Assessment 2019", WITH_A_TEAM, "early_help_assessments"),
    ("CAF assessments Q3", DATES_ALONE, "early_help_assessments"),
    ("EHA", DATES_ALONE, "early_help_assessments"),
    ("Assessments", DATES_ALONE, "assessments"),
    ("C&F assessments", WITH_A_TEAM, "assessments"),
    ("List 4", WITH_A_TEAM, "assessments"),
    ("Single Assessment", DATES_ALONE, "assessments"),
    ("CP visit 2019", VISITS, "cp_visits"),
    ("LAC Visits", VISITS, "cla_visits"),
    ("CP Visits", [*VISITS, "Visit type"], "cp_visits"),
    ("RCPC", REVIEWS, "cp_reviews"),
    ("LAC Reviews", REVIEWS, "cla_reviews"),
]


def recognise(headers, *names):
    found = find_list([headers], names)
    assert isinstance(found, ListTable)
    return found


@pytest.mark.parametrize(("sheet", "headers", "expected"), HEADERS_DECIDE)
def test_the_headers_decide(sheet, headers, expected):
    assert recognise(headers, sheet).contract.name == expected


@pytest.mark.parametrize(("sheet", "headers", "expected"), NAME_DECIDES)
def test_the_name_decides_between_equals(sheet, headers, expected):
    assert recognise(headers, sheet).contract.name == expected


@pytest.mark.parametrize(("file", "headers", "expected"), NAME_DECIDES)
def test_the_name_of_a_csv_file_counts_as_a_sheet_s(file, headers, expected):
    assert recognise(headers, file.replace(" ", "_")).contract.name == expected


@pytest.mark.parametrize("headers", [VISITS, REVIEWS])
@pytest.mark.parametrize("names", [["Sheet1"], ["Export", "Q3"], ["CLA and CP", "extract"]])
def test_equals_that_no_name_decides_between_are_refused(headers, names):
    assert isinstance(find_list([headers], names), AmbiguousHeaders)


@pytest.mark.parametrize(
    ("names", "headers", "is_otherwise"),
    [
        (["EH Assessments"], EARLY_HELP, False),
        (["List 2"], EARLY_HELP, False),
        (["Sheet1"], EARLY_HELP, False),
        (["Sheet1", "annex_a"], EARLY_HELP, False),
        (["Contacts and referrals"], REFERRALS, False),
        (["List 4"], EARLY_HELP, True),
        (["Assessments"], EARLY_HELP, True),
        (["Contacts"], REFERRALS, True),
        (["Sheet1", "contacts_2019"], REFERRALS, True),
    ],
)
def test_a_name_that_is_another_list_s_is_told(names, headers, is_otherwise):
    assert recognise(headers, *names).is_named_otherwise is is_otherwise


def test_a_misspelt_key_date_does_not_make_a_sheet_of_another_list():
    headers = ["Date Startd to be Looked Aftr" if "Started" in text else text for text in CARE]
    assert recognise(headers, "Sheet1").contract.name == "children_in_care"


def test_a_list_without_its_key_date_is_no_list_of_care_leavers():
    headers = ["Came to us" if "Started" in text else text for text in CARE]
    found = find_list([[*headers, "LA in Touch", "Type of Accommodation"]], ["Sheet1"])
    assert found == NearMiss("children_in_care", ("Date Started to be Looked After",))
