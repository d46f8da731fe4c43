"""What is said of a rule, all its issues together."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.quality.rule_texts import rule_texts


def issue(rule: str, column: str, message: str, *, rows: int = 1, kpis: str = "") -> dict[str, object]:
    return {
        "rule": rule,
        "column": column,
        "message": message,
        "suggestion": "write the date as dd/mm/yyyy",
        "kpis": kpis,
        "rows": rows,
    }


def said(*found: dict[str, object]) -> dict[str, object]:
    (row,) = rule_texts(pd.DataFrame(found), ["rule"]).to_dict("records")
    return row


def test_one_column_is_named_as_the_council_knows_it() -> None:
    row = said(issue("date_unreadable", "contact_date", "'Date of Contact' cannot be read as a date"))
    assert row["message"] == "'Date of Contact' cannot be read as a date"
    assert row["columns"] == "contact_date (1)"


def test_several_columns_are_listed_and_the_message_is_about_any() -> None:
    row = said(
        issue("date_unreadable", "contact_date", "'Date of Contact' cannot be read as a date"),
        issue("date_unreadable", "birth_date", "'Date of Birth' cannot be read as a date", rows=1200),
    )
    assert row["message"] == (
        "a column cannot be read as a date, which is not the same as blank: figures that need it leave the "
        "record out"
    )
    assert row["columns"] == "birth_date (1,200); contact_date (1)"


def test_a_missing_column_reads_as_english() -> None:
    missing = "optional_column_missing"
    row = said(issue(missing, "a", "x"), issue(missing, "b", "y"))
    assert (
        row["message"]
        == "a column, which is optional, is not in the sheet: figures that need it are left out"
    )


def test_the_kpis_are_put_together() -> None:
    row = said(issue("r", "a", "x", kpis="b;a"), issue("r", "a", "x", kpis="c;b"), issue("r", "a", "y"))
    assert row["kpis"] == "a;b;c"


def test_no_issue_no_text() -> None:
    none = pd.DataFrame([issue("r", "a", "x")]).iloc[:0]
    assert rule_texts(none, ["rule"]).empty
