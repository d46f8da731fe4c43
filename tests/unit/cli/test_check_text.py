"""What `check` says of a file."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.cli.check_text import issue_lines, proposal_lines, unused_lines
from cf_pipeline.quality.mapping_proposals import PROPOSALS


def issue(rule: str, severity: str, row: int | None, column: str = "contact_date", **more: object) -> dict:
    return {
        "list": "contacts",
        "file": "a.xlsx",
        "sheet": "List 1",
        "excel_row": row,
        "rule": rule,
        "severity": severity,
        "column": column,
        "message": f"'{column}' is wrong",
        "suggestion": "correct it",
        "kpis": "",
        "rows": 1,
    } | more


def said(*issues: dict) -> list[str]:
    return issue_lines(pd.DataFrame(issues).astype({"excel_row": "Int64", "rows": "Int64"}))


def proposals(*rows: dict) -> pd.DataFrame:
    return PROPOSALS.frame(rows)


def test_a_rule_says_how_many_what_it_means_what_to_do_and_where() -> None:
    rows = (12, 40, 77, *range(100, 310))
    assert said(*(issue("r", "error", row) for row in rows)) == [
        "Errors: figures may be wrong until they are corrected.",
        "  r (213): 'contact_date' is wrong.",
        "    What to do: Correct it.",
        "    Where: contacts, sheet 'List 1', rows 12, 40, 77 and 210 more",
    ]


def test_errors_come_first_then_warnings_then_what_is_only_told() -> None:
    lines = said(issue("i", "info", 2), issue("w", "warning", 3), issue("e", "error", 4))
    assert [line.split()[0] for line in lines if not line.startswith("    ")] == [
        "Errors:",
        "e",
        "Warnings:",
        "w",
        "For",
        "i",
    ]


def test_the_most_frequent_rule_of_a_severity_comes_first() -> None:
    lines = said(issue("few", "error", 2), issue("many", "error", None, rows=900))
    assert [line.split()[0] for line in lines if line.endswith("wrong.")] == ["many", "few"]
    assert "    Where: contacts, sheet 'List 1', 900 rows" in lines


def test_a_rule_of_several_columns_names_them() -> None:
    lines = said(issue("r", "error", 2, "a"), issue("r", "error", 3, "b"), issue("r", "error", 4, "b"))
    assert "    Columns: b (2); a (1)" in lines


def test_many_places_are_counted() -> None:
    lines = said(*(issue("r", "error", 2, sheet=f"S{n}") for n in range(5)))
    assert lines[-1].endswith("sheet 'S2', row 2; and 2 more")


def test_a_csv_has_no_sheet_to_name() -> None:
    assert said(issue("r", "error", 2, sheet=""))[-1] == "    Where: contacts, row 2"


def test_nothing_wrong_says_nothing() -> None:
    assert issue_lines(pd.DataFrame([issue("r", "error", 2)]).iloc[:0]) == []
    assert proposal_lines(proposals()) == []


def test_a_header_is_named_with_our_guess_and_a_wording_is_only_counted() -> None:
    lines = proposal_lines(
        proposals(
            {"kind": "header", "list": "contacts", "wording": "Contact Dt", "rows": 80}
            | {"guess": "contact_date (Date of Contact)", "table": "headers.contacts"},
            {"kind": "code", "list": "contacts", "wording": "Zebra", "rows": 7, "table": "codes.gender"},
            {"kind": "code", "list": "contacts", "wording": "Okapi", "rows": 1, "table": "codes.gender"},
        )
    )
    assert "  contacts: 'Contact Dt' (80 rows); our best guess: contact_date (Date of Contact)" in lines
    assert "  gender in contacts: 2 wordings in 8 rows" in lines
    assert not any(word in line for line in lines for word in ("Zebra", "Okapi"))


def test_what_is_not_used_is_listed_and_a_sheet_left_out_says_why() -> None:
    read = {"list": "contacts", "sheet": "List 1", "status": "read", "columns_ignored": "Notes;LA"}
    left = {"list": None, "sheet": "List 2", "status": "refused", "reason": "the headers fit two lists"}
    manifest = pd.DataFrame([read | {"sheets_ignored": "Cover", "reason": None}, left])
    manifest["is_delivery_refused"] = False
    assert unused_lines(manifest) == [
        "Not used:",
        "  Columns not used in contacts: Notes; LA",
        "  Sheets not read: Cover",
        "  Sheet 'List 2' is left out: the headers fit two lists",
    ]
