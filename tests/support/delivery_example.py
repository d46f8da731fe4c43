"""What was delivered for the small publication: files read and refused, where rows went, what was wrong."""

from __future__ import annotations

import pandas as pd

AS_AT = pd.Timestamp("2019-12-31")


def manifest() -> pd.DataFrame:
    base = {
        "covers_from": pd.NaT,
        "sha256": "0" * 64,
        "bytes": 1000,
        "status": "read",
        "reason": None,
        "sheet": "Sheet1",
        "header_row": 1,
        "columns_supplied": "child_id;contact_date",
        "columns_ignored": "Notes",
        "sheets_ignored": "Cover;Lookups",
        "is_delivery_refused": False,
    }
    rows = [
        base
        | {"delivery_id": "2019-09-30", "as_at": pd.Timestamp("2019-09-30"), "file": "annex_a.xlsx"}
        | {"list": "contacts", "rows_read": 90},
        base
        | {"delivery_id": "2019-12-31", "as_at": AS_AT, "file": "annex_a.xlsx"}
        | {"list": "contacts", "rows_read": 80},
        base
        | {"delivery_id": "2020-03-31", "as_at": pd.Timestamp("2020-03-31"), "file": "broken.xlsx"}
        | {"list": None, "rows_read": 0, "status": "refused", "is_delivery_refused": True}
        | {"reason": "broken.xlsx is not a workbook: save it again as .xlsx."},
    ]
    return pd.DataFrame(rows).astype({"list": "str", "reason": "str", "rows_read": "Int64"})


def row_ledger() -> pd.DataFrame:
    rows = [
        ("2019-09-30", pd.Timestamp("2019-09-30"), "annex_a.xlsx", "contacts", 90, 80, 2, 8),
        ("2019-12-31", AS_AT, "annex_a.xlsx", "contacts", 80, 77, 3, 0),
    ]
    counts = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
    frame = pd.DataFrame(rows, columns=["delivery_id", "as_at", "file", "list", *counts])
    return frame.astype(dict.fromkeys(counts, "Int64"))


def issues() -> pd.DataFrame:
    base = {
        "list": "contacts",
        "file": "annex_a.xlsx",
        "sheet": "List 1",
        "column": "contact_date",
        "kpis": "contacts_count",
    }
    missing = {
        "rule": "key_missing",
        "severity": "error",
        "message": "A column that the row cannot do without is empty.",
        "suggestion": "fill it in the case system and send the list again",
    }
    odd = {
        "rule": "code_unknown",
        "severity": "warning",
        "message": "the code is not one of the list's codes.",
        "suggestion": "Use one of the listed codes.",
    }
    rows = [
        base | missing | {"delivery_id": "2019-09-30", "as_at": pd.Timestamp("2019-09-30"), "excel_row": 12},
        *(base | missing | {"delivery_id": "2019-12-31", "as_at": AS_AT, "excel_row": n} for n in (4, 5, 9)),
        base | odd | {"delivery_id": "2019-12-31", "as_at": AS_AT, "excel_row": 7},
    ]
    return pd.DataFrame(rows).astype({"excel_row": "Int64"})


def quarantine() -> pd.DataFrame:
    rows = [
        ("contacts", "2019-12-31", AS_AT, "annex_a.xlsx", "List 1", n, "key_missing", "The date is missing.")
        for n in (4, 5, 9)
    ]
    columns = ["list", "delivery_id", "as_at", "file", "sheet", "excel_row", "rule", "reason"]
    return pd.DataFrame(rows, columns=columns)


def deliveries() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "delivery_id": ["2019-09-30", "2019-12-31"],
            "as_at": [pd.Timestamp("2019-09-30"), AS_AT],
            "covers_from": [pd.Timestamp("2019-03-30"), pd.Timestamp("2019-06-30")],
            "lists": ["contacts", "contacts"],
            "files": pd.Series([1, 1], dtype="Int64"),
            "is_long_extract": [False, False],
        }
    )
