"""The data-quality workbook: what is wrong in which file, sheet and row, and what to do about it.

It is for the people who enter and export the records, so it speaks of files and Excel rows. It holds no
cell's value: whoever may see the record looks it up in the file.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cf_pipeline.compare.wording import sentence
from cf_pipeline.outputs.sheets import Sheet, write_workbook

_COUNTS = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
_SEVERITIES = {"error": 0, "warning": 1, "info": 2}
_BY_FILE = ["delivery_id", "file", "sheet", "excel_row", "list", "column", "rule"]


HEADERS = {
    "delivery_id": "Delivery",
    "as_at": "As at",
    "covers_from": "Covers from",
    "file": "File",
    "list": "List",
    "sheet": "Sheet",
    "excel_row": "Excel row",
    "column": "Column",
    "rule": "Rule",
    "severity": "Severity",
    "issues": "Count",
    "message": "What it means",
    "suggestion": "What to do",
    "kpis": "KPIs it touches",
    "reason": "Reason",
    "status": "Status",
    "bytes": "Bytes",
    "sha256": "Fingerprint (SHA-256)",
    "header_row": "Header row",
    "rows_read": "Rows read",
    "rows_core": "Rows loaded",
    "rows_quarantined": "Rows quarantined",
    "rows_superseded": "Rows superseded",
    "columns_supplied": "Columns used",
    "columns_ignored": "Columns not used",
    "is_delivery_refused": "Delivery refused",
}
"""Headers as people read them."""


def write_data_quality_workbook(
    path: Path,
    issues: pd.DataFrame,
    row_ledger: pd.DataFrame,
    manifest: pd.DataFrame,
    quarantine: pd.DataFrame,
) -> None:
    """Write the workbook: Read me, Summary by rule, By file, Issues, Quarantine, Files.

    Args:
        path: where to; replaced in one step, readable by its owner only. The same frames give the same bytes.
        issues: one row an issue (list, rule, severity, delivery, file, sheet, Excel row, column, texts).
        row_ledger: rows read, loaded, quarantined and superseded of every file and list.
        manifest: every file received, refused and ignored ones included.
        quarantine: rows set aside, by file and Excel row.
    """
    write_workbook(
        path,
        [
            _read_me(issues, row_ledger, manifest),
            _summary(issues),
            _by_file(row_ledger),
            _issues(issues),
            _quarantine(quarantine),
            _files(manifest),
        ],
    )


def _read_me(issues: pd.DataFrame, row_ledger: pd.DataFrame, manifest: pd.DataFrame) -> Sheet:
    counts = {name: int(row_ledger[name].sum()) for name in _COUNTS}
    by_severity = issues["severity"].value_counts()
    refused = manifest[manifest["status"].eq("refused")]
    lines = {
        "What this is": "What is wrong in the spreadsheets received, where, and what to do about it.",
        "How to use it": (
            "Start with Summary by rule, errors first. Filter Issues by rule, open the file named "
            "there and go to its sheet and Excel row. Correct the record in the case system, then export "
            "and deliver again."
        ),
        "Errors": f"{int(by_severity.get('error', 0)):,}: figures may be wrong.",
        "Warnings": f"{int(by_severity.get('warning', 0)):,}: figures are used as they are; check them.",
        "For information": f"{int(by_severity.get('info', 0)):,}: nothing to do.",
        "Rows": (
            f"{counts['rows_read']:,} read = {counts['rows_core']:,} loaded + "
            f"{counts['rows_quarantined']:,} quarantined + {counts['rows_superseded']:,} superseded."
        ),
        "Quarantined": "Set aside because a rule was broken; such a row is in no figure.",
        "Superseded": "A newer delivery holds the same record; the newer one is used.",
        "Refused files": (
            f"{refused['file'].nunique():,}. A file that cannot be read refuses its whole delivery: "
            "see Files."
        ),
        "What is not here": "No value of any cell: look the record up in the file.",
    }
    return Sheet(
        "Read me", pd.DataFrame(list(lines.items()), columns=["About", "Text"]), {"Text": 100, "About": 20}
    )


def _summary(issues: pd.DataFrame) -> Sheet:
    keys = ["rule", "severity"]
    texts = _in_sentences(issues)
    counted = texts.groupby([*keys, "message", "suggestion"]).size().reset_index(name="issues")
    most = counted.sort_values(["issues", "message", "suggestion"], ascending=[False, True, True])
    rows = most.drop_duplicates(keys).drop(columns="issues")
    totals = texts.groupby(keys).agg(issues=("list", "size"), column=("column", _joined)).reset_index()
    summary = totals.merge(rows, on=keys).assign(order=lambda frame: frame["severity"].map(_SEVERITIES))
    ordered = summary.sort_values(["order", "issues", "rule"], ascending=[True, False, True])
    return _sheet(
        "Summary by rule", ordered, ["rule", "severity", "issues", "message", "suggestion", "column"]
    )


def _in_sentences(issues: pd.DataFrame) -> pd.DataFrame:
    """The issues with their texts as sentences; each distinct text is turned once."""
    texts = {name: issues[name].fillna("") for name in ("message", "suggestion")}
    return issues.assign(
        **{
            name: text.map({words: sentence(words) if words else "" for words in text.unique()}).astype("str")
            for name, text in texts.items()
        }
    )


def _joined(columns: pd.Series) -> str:
    return "; ".join(sorted(name for name in columns.dropna().unique() if name))


def _by_file(row_ledger: pd.DataFrame) -> Sheet:
    ordered = row_ledger.sort_values(["delivery_id", "file", "list"])
    total = {name: [int(ordered[name].sum())] for name in _COUNTS}
    columns = ["delivery_id", "as_at", "file", "list", *_COUNTS]
    rows = ordered[columns].astype(object)
    footer = pd.DataFrame({"delivery_id": ["Total"], **total}, columns=columns, dtype=object)
    return _sheet("By file", pd.concat([rows, footer], ignore_index=True), columns, has_total=True)


def _issues(issues: pd.DataFrame) -> Sheet:
    texts = _in_sentences(issues).assign(order=issues["severity"].map(_SEVERITIES))
    ordered = texts.sort_values(["order", *_BY_FILE])
    columns = ["file", "sheet", "excel_row", "column", "rule", "severity", "suggestion"]
    return _sheet("Issues", ordered, ["delivery_id", "list", *columns, "kpis"])


def _quarantine(quarantine: pd.DataFrame) -> Sheet:
    ordered = quarantine.sort_values(["delivery_id", "file", "sheet", "excel_row", "rule"])
    return _sheet(
        "Quarantine", ordered, ["delivery_id", "list", "file", "sheet", "excel_row", "rule", "reason"]
    )


def _files(manifest: pd.DataFrame) -> Sheet:
    ordered = manifest.sort_values(["delivery_id", "file", "list"])
    columns = [
        "delivery_id",
        "as_at",
        "covers_from",
        "file",
        "status",
        "reason",
        "list",
        "sheet",
        "header_row",
    ]
    more = ["rows_read", "columns_supplied", "columns_ignored", "bytes", "sha256", "is_delivery_refused"]
    return _sheet("Files", ordered, [*columns, *more])


def _sheet(title: str, frame: pd.DataFrame, columns: list[str], *, has_total: bool = False) -> Sheet:
    return Sheet(title, frame[columns].rename(columns=HEADERS), has_total=has_total)
