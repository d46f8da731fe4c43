"""What `cf-pipeline check` says of one file, line by line: what to correct before it is delivered.

No cell's value is ever here: rows are named by number, wordings that fit no code are counted.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.quality.places import place_lines, places
from cf_pipeline.quality.rule_texts import rule_texts
from cf_pipeline.quality.summary import SEVERITIES, to_sentences
from cf_pipeline.quality.trend import issue_rows

HEADINGS = {
    "error": "Errors: figures may be wrong until they are corrected.",
    "warning": "Warnings: figures are used as they are; check them.",
    "info": "For information: nothing to do.",
}
MOST_PLACES = 3
MOST_COLUMNS = 6


def issue_lines(issues: pd.DataFrame) -> list[str]:
    """Each broken rule under its severity: how many, what it means, what to do, where first."""
    by = ["severity", "rule"]
    totals = issue_rows(issues).groupby([issues[name] for name in by]).sum().rename("number").reset_index()
    rules = rule_texts(issues, by).merge(totals, on=by)
    found = places(issues, by)
    found = found.assign(line=place_lines(found.assign(file="")).str.replace(", , ", ", "))
    lines = []
    for severity in SEVERITIES:
        of_severity = rules[rules["severity"].eq(severity)].sort_values(
            ["number", "rule"], ascending=[False, True]
        )
        lines += [HEADINGS[severity]] if len(of_severity) else []
        texts = of_severity.assign(
            message=to_sentences(of_severity["message"]), suggestion=to_sentences(of_severity["suggestion"])
        )
        for rule, number, message, suggestion, columns in texts[
            ["rule", "number", "message", "suggestion", "columns"]
        ].itertuples(index=False, name=None):
            lines.append(f"  {rule} ({number:,}): {message}")
            if severity != "info":
                lines.append(f"    What to do: {suggestion}")
            if "; " in columns:
                lines.append(f"    Columns: {_some(columns.split('; '), MOST_COLUMNS)}")
            where = found.loc[found["rule"].eq(rule) & found["severity"].eq(severity), "line"].tolist()
            lines.append(f"    Where: {_some(where, MOST_PLACES)}")
    return lines


def decision_lines(to_decide: pd.DataFrame) -> list[str]:
    """Headers that fit no column with our guess, and how many wordings of which code set fit no code."""
    headers = to_decide[to_decide["kind"].eq("header")]
    wordings = to_decide[to_decide["kind"].eq("code")]
    lines = ["Columns not recognised:"] if len(headers) else []
    shown = headers[["list", "wording", "rows", "guess"]]
    for name, header, rows, guess in shown.itertuples(index=False, name=None):
        lines.append(f"  {_words(name)}: '{header}' ({int(rows):,} rows); our best guess: {guess}")
    lines += ["Wordings that fit no code:"] if len(wordings) else []
    for table, some in wordings.groupby("table"):
        where = "; ".join(dict.fromkeys(some["list"].map(_words)))
        lines.append(
            f"  {str(table).removeprefix('codes.')} in {where}: {_of(len(some), 'wording')} "
            f"in {_of(int(some['rows'].sum()), 'row')}"
        )
    if lines:
        lines.append("  To settle them, write the workbook (--workbook): its sheet To decide has the lines.")
    return lines


def file_lines(manifest: pd.DataFrame) -> list[str]:
    """What the file holds that is not used: columns list by list, and sheets."""
    read = manifest[manifest["status"].eq("read")]
    lines = []
    for name, columns in zip(read["list"], read["columns_ignored"].fillna(""), strict=True):
        if columns:
            lines.append(f"  Columns not used in {_words(name)}: {_some(columns.split(';'), MOST_COLUMNS)}")
    others = [sheets.split(";") for sheets in read["sheets_ignored"].dropna().unique() if sheets]
    lines += [f"  Sheets not read: {_some(sheets, MOST_COLUMNS)}" for sheets in others]
    refused = manifest[manifest["status"].eq("refused")]
    for sheet, reason in zip(refused["sheet"].fillna(""), refused["reason"], strict=True):
        lines.append(f"  Sheet '{sheet}' is left out: {reason}" if sheet else f"  Left out: {reason}")
    return ["Not used:", *lines] if lines else []


def _some(names: list[str], most: int) -> str:
    more = f"; and {len(names) - most:,} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more


def _of(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _words(name: str) -> str:
    return name.replace("_", " ")
