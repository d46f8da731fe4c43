"""The data-quality workbook: what is wrong in which file, sheet and row, and what to do about it.

It is for the people who enter and export the records, so it speaks of files and Excel rows. It holds no
cell's value: whoever may see the record looks it up in the file. Two exceptions, each on purpose: the
wordings that a council has to decide, and in the restricted copy the case system's own id of a child.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cf_pipeline.outputs.workbook.xlsx import MOST_ROWS, Sheet, write_workbook
from cf_pipeline.quality.summary import (
    SEVERITIES,
    by_child,
    by_file,
    by_rule,
    fix_first,
    in_sentences,
)
from cf_pipeline.quality.trend import issue_rows

_COUNTS = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
_KINDS = {"header": "Column header", "code": "Wording of a code"}


HEADERS = {
    "delivery_id": "Delivery",
    "as_at": "As at",
    "covers_from": "Covers from",
    "file": "File",
    "list": "List",
    "lists": "Lists",
    "sheet": "Sheet",
    "excel_row": "Excel row",
    "column": "Column",
    "columns": "Columns",
    "rule": "Rule",
    "rules": "Rules",
    "severity": "Severity",
    "now": "Count now",
    "before": "Delivery before",
    "change": "Change",
    "issues": "All deliveries",
    "newest": "In the newest delivery",
    "error": "Errors",
    "warning": "Warnings",
    "info": "For information",
    "message": "What it means",
    "suggestion": "What to do",
    "kpis": "KPIs it touches",
    "person_ref": "Child (pseudonym)",
    "child_id": "Case id",
    "where": "Where to look first",
    "kind": "What",
    "wording": "Header or wording",
    "rows": "Rows",
    "guess": "Our best guess",
    "table": "Table in mapping.toml",
    "line": "Line to paste",
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
    "sheets_ignored": "Sheets not read",
    "is_delivery_refused": "Delivery refused",
}
"""Headers as people read them."""


@dataclass(frozen=True)
class DataQuality:
    """What the workbook is made from, of one authority or of the files that are checked.

    `issues`: one row an issue, with person_ref and child_id (`history.people_of_issues`) where children are
    known. `row_ledger`: rows read, loaded, quarantined and superseded of every file and list. `manifest`:
    every file received, refused and ignored ones included. `quarantine`: rows set aside. `to_decide`:
    headers and wordings that fit nothing (`to_decide.TO_DECIDE`).
    """

    issues: pd.DataFrame
    row_ledger: pd.DataFrame
    manifest: pd.DataFrame
    quarantine: pd.DataFrame
    to_decide: pd.DataFrame

    @property
    def knows_children(self) -> bool:
        """Whether the issues say which child they are about."""
        return "person_ref" in self.issues.columns


def write_data_quality_workbook(path: Path, found: DataQuality, *, is_restricted: bool = False) -> None:
    """Write Read me, Summary by rule, By child, By file, Issues, To decide, Quarantine, Files.

    By child is left out where no child is known. Only the restricted copy has the case system's own id, in
    By child and Issues. The file is replaced in one step and readable by its owner only; the same frames
    give the same bytes.
    """
    rules = by_rule(found.issues, found.manifest)
    issues = _ordered(found.issues, rules)
    child_id = ["child_id"] if is_restricted and found.knows_children else []
    sheets = [
        _read_me(found, rules, is_restricted=bool(child_id)),
        _summary(rules, issues),
        *([_by_child(found, child_id)] if found.knows_children else []),
        _by_file(found),
        _issues(issues, child_id),
        _to_decide(found.to_decide),
        _quarantine(found.quarantine),
        _files(found.manifest),
    ]
    copy = " (restricted: names children by case id)" if child_id else ""
    write_workbook(path, f"Data quality{copy}", sheets)


def _read_me(found: DataQuality, rules: pd.DataFrame, *, is_restricted: bool) -> Sheet:
    counts = {name: int(found.row_ledger[name].sum()) for name in _COUNTS}
    issues = issue_rows(found.issues).groupby(found.issues["severity"]).sum()
    now = rules.groupby("severity")["now"].sum()

    def count(severity: str) -> str:
        return f"{int(now.get(severity, 0)):,} now, {int(issues.get(severity, 0)):,} in all deliveries"

    refused = found.manifest[found.manifest["status"].eq("refused")]
    held = found.manifest[found.manifest["status"].eq("held")]
    first = fix_first(rules)
    lines = [
        ("What this is", "What is wrong in the spreadsheets received, where, and what to do about it."),
        *((f"Fix first, {number}", text) for number, text in enumerate(first, start=1)),
        (
            "How to use it",
            "Start with Summary by rule, errors first; a rule leads to its issues. Filter Issues by rule or "
            "file, open the file named there and go to its sheet and Excel row. Correct the record in the "
            "case system, then export and deliver again.",
        ),
        ("Errors", f"{count('error')}: figures may be wrong."),
        ("Warnings", f"{count('warning')}: figures are used as they are; check them."),
        ("For information", f"{count('info')}: nothing to do."),
        ("Now", "In the newest delivery of each list. Delivery before: the one before that held the list."),
        (
            "Rows",
            f"{counts['rows_read']:,} read = {counts['rows_core']:,} loaded + "
            f"{counts['rows_quarantined']:,} quarantined + {counts['rows_superseded']:,} superseded.",
        ),
        ("Quarantined", "Set aside because a rule was broken; such a row is in no figure."),
        ("Superseded", "A newer delivery holds the same record; the newer one is used."),
        (
            "Refused files",
            f"{refused['file'].nunique():,}. A file that cannot be read refuses its whole delivery: "
            "see Files.",
        ),
        (
            "Held deliveries",
            f"{held['delivery_id'].nunique():,}. Left out until someone accepts them; Files says why.",
        ),
        (
            "To decide",
            f"{len(found.to_decide):,} headers and wordings fit nothing. Paste the line under the table "
            "named beside it into mapping.toml in the authority's folder, correct it where the guess is "
            "wrong, and run again.",
        ),
        (
            "What is here of children",
            "This copy is restricted: it holds the case system's own id of each child. Keep it where only "
            "staff with a right to the record can open it."
            if is_restricted
            else "No value of any cell but the wordings to decide, and no child's id: look the record up "
            "in the file.",
        ),
    ]
    return Sheet("Read me", pd.DataFrame(lines, columns=["About", "Text"]), {"Text": 100, "About": 26})


def _ordered(issues: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """The issues of a rule together, rules as in the summary, the newest delivery first."""
    rank = {key: number for number, key in enumerate(zip(rules["rule"], rules["severity"], strict=True))}
    keys = zip(issues["rule"], issues["severity"], strict=True)
    ranked = in_sentences(issues).assign(rank=[rank[key] for key in keys])
    by = ["rank", "as_at", "delivery_id", "file", "sheet", "excel_row", "list", "column"]
    return ranked.sort_values(by, ascending=[True, False, *([True] * (len(by) - 2))], ignore_index=True)


def _summary(rules: pd.DataFrame, issues: pd.DataFrame) -> Sheet:
    first = issues.reset_index().groupby("rank")["index"].first()
    rows = [first.get(rank) for rank in range(len(rules))]
    links = [f"'Issues'!A{row + 2}" if row is not None and row < MOST_ROWS else None for row in rows]
    counts = ["now", "before", "change", "issues"]
    columns = ["severity", "rule", *counts, "message", "suggestion", "lists", "columns", "kpis"]
    widths = {"message": 50, "suggestion": 50, "lists": 30, "columns": 30, "kpis": 40}
    return _sheet("Summary by rule", rules, columns, widths=widths, links={"rule": links})


def _by_child(found: DataQuality, child_id: list[str]) -> Sheet:
    rows = by_child(found.issues, found.manifest)
    columns = ["person_ref", *child_id, "lists", *SEVERITIES, "newest", "rules", "where"]
    return _sheet("By child", rows, columns, widths={"where": 70, "person_ref": 36})


def _by_file(found: DataQuality) -> Sheet:
    ordered = found.row_ledger.sort_values(["delivery_id", "file", "list"])
    keys = ["delivery_id", "file", "list"]
    counts = [*_COUNTS, *SEVERITIES]
    rows = ordered.merge(by_file(found.issues).reset_index(), on=keys, how="left")
    rows[counts] = rows[counts].astype("Int64").fillna(0)
    columns = ["delivery_id", "as_at", "file", "list", *counts]
    total = {name: [int(rows[name].sum())] for name in counts}
    footer = pd.DataFrame({"delivery_id": ["Total"], **total}, columns=columns, dtype=object)
    both = pd.concat([rows[columns].astype(object), footer], ignore_index=True)
    return _sheet("By file", both, columns, has_total=True)


def _issues(issues: pd.DataFrame, child_id: list[str]) -> Sheet:
    person = [name for name in ("person_ref", *child_id) if name in issues.columns]
    place = ["delivery_id", "list", "file", "sheet", "excel_row", "column"]
    columns = ["severity", "rule", *place, "message", "suggestion", "kpis", *person]
    shown = issues.assign(kpis=_spaced(issues["kpis"]))
    return _sheet("Issues", shown, columns, widths={"kpis": 40})


def _to_decide(to_decide: pd.DataFrame) -> Sheet:
    shown = to_decide.assign(
        kind=to_decide["kind"].map(_KINDS), table=("[" + to_decide["table"] + "]").astype("str")
    )
    columns = ["kind", "list", "column", "wording", "rows", "guess", "table", "line", "where"]
    return _sheet("To decide", shown, columns)


def _quarantine(quarantine: pd.DataFrame) -> Sheet:
    ordered = quarantine.sort_values(["delivery_id", "file", "sheet", "excel_row", "rule"])
    return _sheet(
        "Quarantine", ordered, ["delivery_id", "list", "file", "sheet", "excel_row", "rule", "reason"]
    )


def _files(manifest: pd.DataFrame) -> Sheet:
    ordered = manifest.sort_values(["delivery_id", "file", "list"])
    several = ["columns_supplied", "columns_ignored", "sheets_ignored"]
    ordered[several] = ordered[several].apply(_spaced)
    columns = ["delivery_id", "as_at", "covers_from", "file", "status", "reason", "list", "sheet"]
    more = ["header_row", "rows_read", *several, "bytes", "sha256", "is_delivery_refused"]
    return _sheet("Files", ordered, [*columns, *more], widths={"sha256": 68})


def _spaced(names: pd.Series[str]) -> pd.Series[str]:
    """Names joined by ';' with room to wrap between them."""
    return names.str.replace(";", "; ", regex=False)


def _sheet(
    title: str,
    frame: pd.DataFrame,
    columns: list[str],
    *,
    has_total: bool = False,
    widths: dict[str, int] | None = None,
    links: dict[str, list[str | None]] | None = None,
) -> Sheet:
    return Sheet(
        title,
        frame[columns].rename(columns=HEADERS),
        {HEADERS[name]: width for name, width in (widths or {}).items()},
        has_total,
        {HEADERS[name]: targets for name, targets in (links or {}).items()},
    )
