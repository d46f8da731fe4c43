"""A column that a sheet lacks: an error where Annex A asks for it, else for information."""

import pandas as pd

from tests.support.workbooks import narrow_table
from tests.unit.clean.test_lists import CONTACT, DAY, cleaned, found

MISSING = {"child_id": "A1", "missing_start": DAY}


def test_a_missing_column_costs_itself_and_one_issue(raw):
    result = cleaned(raw, {"List 1": narrow_table("contacts", CONTACT)})
    assert len(result.lists["contacts"]) == 1
    columns = {column for rule, _, column in found(result, "column_missing", "optional_column_missing")}
    assert {"gender", "contact_completed_date"} <= columns
    assert not columns & set(CONTACT)
    issue = result.issues.query("column == 'contact_completed_date'").iloc[0]
    assert "'Date Contact Completed', which is optional" in issue["message"]
    assert pd.isna(issue["excel_row"])


def test_a_column_that_annex_a_asks_for_is_an_error_and_an_optional_one_is_not(raw):
    sheets = {
        "List 1": narrow_table("contacts", CONTACT),
        "Missing": narrow_table("missing_episodes", MISSING),
    }
    issues = cleaned(raw, sheets).issues
    assert set(issues.query("rule == 'column_missing'")["severity"]) == {"error"}
    assert set(issues.query("rule == 'column_missing'")["list"]) == {"contacts"}
    optional = issues.query("rule == 'optional_column_missing'")
    assert set(optional["severity"]) == {"info"}
    assert {("contacts", "contact_outcome"), ("missing_episodes", "missing_type")} <= set(
        zip(optional["list"], optional["column"], strict=True)
    )
