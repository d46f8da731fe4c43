"""A file of several councils: only this authority's rows are loaded, the others are counted."""

import datetime as dt

import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support.workbooks import AUTHORITY, deliver, narrow_table

CONTACT = {"child_id": "A1", "contact_date": dt.date(2019, 11, 5), "contact_source": "Police"}


def with_authority(header, *names):
    rows = narrow_table("contacts", *[CONTACT | {"child_id": f"A{at}"} for at in range(len(names))])
    return [[*rows[0], header], *([*row, name] for row, name in zip(rows[1:], names, strict=True))]


def loaded_and_set_aside(raw, rows):
    deliver(raw, {"List 1": rows})
    received = receive_deliveries(raw, AUTHORITY)
    cleaned = clean_lists(received.lists, received.manifest, received.findings)
    aside = cleaned.quarantine[["rule", "excel_row"]].to_numpy().tolist()
    return cleaned.lists["contacts"]["excel_row"].tolist(), aside


def authority_issues(raw):
    received = receive_deliveries(raw, AUTHORITY)
    issues = clean_lists(received.lists, received.manifest, received.findings).issues
    rows = issues[issues["rule"].isin(["authority_unknown", "other_authority"])]
    return list(zip(rows["rule"], rows["excel_row"], strict=True))


@pytest.mark.mess(24)
@pytest.mark.parametrize("header", ["LA", "Local Authority", "LA Name", "LA code", "Council", "ONS Code"])
def test_rows_of_another_authority_are_set_aside_and_counted(raw, header):
    rows = with_authority(header, "City of London", "Hackney", "E09000012", 201, "city-of-london", None)
    assert loaded_and_set_aside(raw, rows) == ([2, 5, 6, 7], [["other_authority", 3], ["other_authority", 4]])


@pytest.mark.mess(24)
def test_a_wording_that_is_no_authority_s_is_loaded_and_told_once(raw):
    rows = with_authority("LA", "City of London", "Children's Services", "Nowhere", "Nowhere")
    assert loaded_and_set_aside(raw, rows) == ([2, 3, 4, 5], [])
    assert authority_issues(raw) == [("authority_unknown", 3), ("authority_unknown", 4)]


@pytest.mark.mess(24)
@pytest.mark.parametrize("nothing", [None, "  ", "-", "N/A", "Not known"])
def test_a_blank_authority_says_nothing(raw, nothing):
    assert loaded_and_set_aside(raw, with_authority("LA", "City of London", nothing)) == ([2, 3], [])
    assert authority_issues(raw) == []


@pytest.mark.mess(24)
def test_the_authority_of_a_placement_is_not_the_authority_of_the_row(raw):
    child = {"child_id": "A1", "cla_start_date": dt.date(2019, 1, 2), "la_of_placement": "Hackney"}
    deliver(raw, {"List 8": narrow_table("children_in_care", child)})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.findings.empty


@pytest.mark.mess(24)
@pytest.mark.parametrize(
    ("header", "other"),
    [
        ("LA Code", "E06000065"),  # North Yorkshire since 2023
        ("LA Code", "E10000023"),  # and before
        ("GSS Code", "e08000038"),
        ("Local Authority", "North Yorkshire (815)"),
        ("old_la_code", "825"),
        ("DfE number", "825.0"),
        ("LEA", "Northamptonshire"),
        ("LA", "Hackney and Camden"),
        ("ONS code", "W06000015"),
    ],
)
def test_an_authority_by_any_of_its_codes_and_one_that_is_no_more_is_another(raw, header, other):
    rows = with_authority(header, "City of London", other)
    assert loaded_and_set_aside(raw, rows) == ([2], [["other_authority", 3]])


@pytest.mark.mess(24)
def test_the_column_that_names_the_authority_is_not_left_to_the_council_to_decide(raw):
    rows = with_authority("LA Code", "E09000012")
    deliver(raw, {"List 1": [[*rows[0], "A column of our own"], [*rows[1], "x"]]})
    unmatched = receive_deliveries(raw, AUTHORITY).unmatched_headers
    assert unmatched["header"].tolist() == ["A column of our own"]


@pytest.mark.mess(24)
def test_a_row_of_this_authority_and_another_together_is_loaded_and_told(raw):
    rows = with_authority("LA", "City of London", "City of London and Hackney")
    assert loaded_and_set_aside(raw, rows) == ([2, 3], [])
    assert authority_issues(raw) == [("authority_unknown", 3)]
