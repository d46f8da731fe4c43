"""The data-quality workbook: what is wrong in which file, sheet and row, and what to do about it.

It is for the people who enter and export the records, so it names files and Excel rows. It holds no
cell's value: whoever may see the record looks it up in the file. Two exceptions, in the restricted copy alone
and on purpose: the wordings of codes that a council has to decide, which may be about a person, and the case
system's own id of a child. The open copy counts the wordings (docs/rulings.md#31).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.outputs.workbook.xlsx import MOST_ROWS, Sheet, workbook_bytes

_ROW_COUNTS = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
_SEVERITIES = ["error", "warning", "info"]
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
"""Column -> its header on the sheets."""


def render_workbook(tables: Mapping[str, pd.DataFrame], *, is_restricted: bool = False) -> bytes:
    """The workbook: Read me, Summary by rule, By child, By file, Issues, To decide, Quarantine, Files.

    By child is left out where no child is known. The same tables give the same bytes.

    Args:
        tables: rules, files, issues, proposals, quarantine, manifest, and children where they are known, as
            `quality.workbook_tables` prepares them.
        is_restricted: add the case system's own id of a child to By child and Issues, and the wordings that
            fit no code to To decide.
    """
    knows_children = "children" in tables
    child_id = ["child_id"] if is_restricted and knows_children else []
    sheets = [
        _read_me(tables, is_restricted=bool(child_id)),
        _summary(tables["rules"], tables["issues"]),
        *([_by_child(tables["children"], child_id)] if knows_children else []),
        _by_file(tables["files"]),
        _issues(tables["issues"], child_id),
        _to_decide(tables["proposals"] if is_restricted else count_wordings(tables["proposals"])),
        _quarantine(tables["quarantine"]),
        _files(tables["manifest"]),
    ]
    edition = " (restricted: names children by case id)" if child_id else ""
    return workbook_bytes(f"Data quality{edition}", sheets)


def _read_me(tables: Mapping[str, pd.DataFrame], *, is_restricted: bool) -> Sheet:
    rules, manifest = tables["rules"], tables["manifest"]
    issues = rules.groupby("severity")[["now", "issues"]].sum()
    refused = manifest[manifest["status"].eq("refused")]
    held = manifest[manifest["status"].eq("held")]
    lines = [
        ("What this is", "What is wrong in the spreadsheets received, where, and what to do about it."),
        *((f"Fix first, {number}", text) for number, text in enumerate(fix_first(rules), start=1)),
        (
            "How to use it",
            "Start with Summary by rule, errors first; a rule leads to its issues. Filter Issues by rule or "
            "file, open the file named there and go to its sheet and Excel row. Correct the record in the "
            "case system, then export and deliver again.",
        ),
        ("Errors", f"{_counts_of(issues, 'error')}: figures may be wrong."),
        ("Warnings", f"{_counts_of(issues, 'warning')}: figures are used as they are; check them."),
        ("For information", f"{_counts_of(issues, 'info')}: nothing to do."),
        ("Now", "In the newest delivery of each list. Delivery before: the one before that held the list."),
        ("Rows", _row_counts(tables["files"])),
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
            f"{len(tables['proposals']):,} headers and wordings fit nothing. Paste the line under the table "
            "named beside it into mapping.toml in the authority's folder, correct it where the guess is "
            "wrong, and run again. Wordings of codes stand in the restricted copy; this one may count them.",
        ),
        (
            "What is here of children",
            "This copy is restricted: it holds the case system's own id of each child. Keep it where only "
            "staff with a right to the record can open it."
            if is_restricted
            else "No value of any cell and no child's id: look the record up in the file.",
        ),
    ]
    return Sheet("Read me", pd.DataFrame(lines, columns=["About", "Text"]), {"Text": 100, "About": 26})


def fix_first(rules: pd.DataFrame, most: int = 3) -> list[str]:
    """What to correct first: the most frequent errors of the newest deliveries, a sentence or two each.

    Args:
        rules: one row a rule, errors first, the most frequent now first.
        most: how many rules at most.
    """
    errors = rules[rules["severity"].eq("error") & rules["now"].gt(0)].head(most)
    columns = ["now", "rule", "lists", "message", "suggestion"]
    return [
        f"{int(now):,} x {rule} in {lists or 'the files'}. {message} {suggestion}"
        for now, rule, lists, message, suggestion in errors[columns].itertuples(index=False, name=None)
    ]


def _counts_of(issues: pd.DataFrame, severity: str) -> str:
    counts = issues.reindex([severity], fill_value=0)
    return f"{int(counts['now'].iloc[0]):,} now, {int(counts['issues'].iloc[0]):,} in all deliveries"


def _row_counts(files: pd.DataFrame) -> str:
    read, loaded, quarantined, superseded = (int(files[name].sum()) for name in _ROW_COUNTS)
    return f"{read:,} read = {loaded:,} loaded + {quarantined:,} quarantined + {superseded:,} superseded."


def _summary(rules: pd.DataFrame, issues: pd.DataFrame) -> Sheet:
    first = issues.reset_index().groupby("rank")["index"].first()
    rows = [first.get(rank) for rank in range(len(rules))]
    links = [f"'Issues'!A{row + 2}" if row is not None and row < MOST_ROWS else None for row in rows]
    counts = ["now", "before", "change", "issues"]
    columns = ["severity", "rule", *counts, "message", "suggestion", "lists", "columns", "kpis"]
    widths = {"message": 50, "suggestion": 50, "lists": 30, "columns": 30, "kpis": 40}
    return _sheet("Summary by rule", rules, columns, widths=widths, links={"rule": links})


def _by_child(children: pd.DataFrame, child_id: list[str]) -> Sheet:
    columns = ["person_ref", *child_id, "lists", *_SEVERITIES, "newest", "rules", "where"]
    return _sheet("By child", children, columns, widths={"where": 70, "person_ref": 36})


def _by_file(files: pd.DataFrame) -> Sheet:
    counts = [*_ROW_COUNTS, *_SEVERITIES]
    columns = ["delivery_id", "as_at", "file", "list", *counts]
    total = {name: [int(files[name].sum())] for name in counts}
    footer = pd.DataFrame({"delivery_id": ["Total"], **total}, columns=columns, dtype=object)
    rows = pd.concat([files[columns].astype(object), footer], ignore_index=True)
    return _sheet("By file", rows, columns, has_total=True)


def _issues(issues: pd.DataFrame, child_id: list[str]) -> Sheet:
    person = [name for name in ("person_ref", *child_id) if name in issues.columns]
    place = ["delivery_id", "list", "file", "sheet", "excel_row", "column"]
    columns = ["severity", "rule", *place, "message", "suggestion", "kpis", *person]
    spaced = issues.assign(kpis=_with_spaces(issues["kpis"]))
    return _sheet("Issues", spaced, columns, widths={"kpis": 40})


def count_wordings(proposals: pd.DataFrame) -> pd.DataFrame:
    """The proposals with one row a column in place of the wordings that fit no code, which it counts."""
    is_code = proposals["kind"].eq("code")
    groups = proposals[is_code].groupby(["kind", "list", "column", "table"], as_index=False, sort=False)
    counted = groups.agg(number=("wording", "size"), rows=("rows", "sum"))
    texts = counted["number"].map(lambda number: f"{number:,} wording{'' if number == 1 else 's'}")
    lines = counted.assign(wording=texts, guess="", line="# see the restricted copy", where="")
    shown = [proposals[~is_code], lines[proposals.columns]]
    return pd.concat([part for part in shown if len(part)] or shown[:1], ignore_index=True)


def _to_decide(proposals: pd.DataFrame) -> Sheet:
    labelled = proposals.assign(
        kind=proposals["kind"].map(_KINDS), table=("[" + proposals["table"] + "]").astype("str")
    )
    columns = ["kind", "list", "column", "wording", "rows", "guess", "table", "line", "where"]
    return _sheet("To decide", labelled, columns)


def _quarantine(quarantine: pd.DataFrame) -> Sheet:
    columns = ["delivery_id", "list", "file", "sheet", "excel_row", "rule", "reason"]
    return _sheet("Quarantine", quarantine, columns)


def _files(manifest: pd.DataFrame) -> Sheet:
    several = ["columns_supplied", "columns_ignored", "sheets_ignored"]
    spaced = manifest.assign(**{name: _with_spaces(manifest[name]) for name in several})
    columns = ["delivery_id", "as_at", "covers_from", "file", "status", "reason", "list", "sheet"]
    more = ["header_row", "rows_read", *several, "bytes", "sha256", "is_delivery_refused"]
    return _sheet("Files", spaced, [*columns, *more], widths={"sha256": 68})


def _with_spaces(names: pd.Series[str]) -> pd.Series[str]:
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
