"""The lines that `cf-pipeline check` prints of one file: what to correct before it is delivered.

No cell's value is ever in them: rows are named by number, wordings that fit no code are counted.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.kpi.lineage.missing_figures import MissingFigures
from cf_pipeline.quality.issue_places import describe_places, issue_places
from cf_pipeline.quality.rule_texts import rule_texts
from cf_pipeline.quality.summary import SEVERITIES, to_sentences
from cf_pipeline.quality.trend import row_counts

HEADINGS = {
    "error": "Errors: figures may be wrong until they are corrected.",
    "warning": "Warnings: figures are used as they are; check them.",
    "info": "For information: nothing to do.",
}
MOST_PLACES = 3
MOST_COLUMNS = 6


def issue_lines(issues: pd.DataFrame) -> list[str]:
    """Each broken rule under its severity: how many rows, what it means, what to do, where first."""
    by = ["severity", "rule"]
    counts = row_counts(issues).groupby([issues[name] for name in by]).sum().rename("number").reset_index()
    rules = rule_texts(issues, by).merge(counts, on=by)
    for name in ("message", "suggestion"):
        rules[name] = to_sentences(rules[name])
    places = issue_places(issues, by)
    places["line"] = describe_places(places.assign(file="")).str.replace(", , ", ", ")
    lines = []
    for severity in SEVERITIES:
        broken = rules[rules["severity"].eq(severity)].sort_values(
            ["number", "rule"], ascending=[False, True]
        )
        lines += [HEADINGS[severity]] if len(broken) else []
        for rule in broken.itertuples(index=False):
            is_here = places["rule"].eq(str(rule.rule)) & places["severity"].eq(severity)
            lines += _rule_lines(rule, places.loc[is_here, "line"].tolist())
    return lines


def _rule_lines(rule: Any, places: list[str]) -> list[str]:
    lines = [f"  {rule.rule} ({rule.number:,}): {rule.message}"]
    if rule.severity != "info":
        lines.append(f"    What to do: {rule.suggestion}")
    if "; " in rule.columns:
        lines.append(f"    Columns: {_first(rule.columns.split('; '), MOST_COLUMNS)}")
    return [*lines, f"    Where: {_first(places, MOST_PLACES)}"]


def proposal_lines(proposals: pd.DataFrame) -> list[str]:
    """Headers that fit no column with our guess, and how many wordings of which code set fit no code."""
    headers = proposals[proposals["kind"].eq("header")]
    wordings = proposals[proposals["kind"].eq("code")]
    lines = ["Columns not recognised:"] if len(headers) else []
    columns = ["list", "wording", "rows", "guess"]
    for name, header, rows, guess in headers[columns].itertuples(index=False, name=None):
        lines.append(f"  {_words(name)}: '{header}' ({int(rows):,} rows); our best guess: {guess}")
    lines += ["Wordings that fit no code:"] if len(wordings) else []
    for table, some in wordings.groupby("table"):
        where = "; ".join(dict.fromkeys(some["list"].map(_words)))
        lines.append(
            f"  {str(table).removeprefix('codes.')} in {where}: {_count(len(some), 'wording')} "
            f"in {_count(int(some['rows'].sum()), 'row')}"
        )
    if lines:
        lines.append("  To settle them, write the workbook (--workbook): its sheet To decide has the lines.")
    return lines


def missing_lines(missing: MissingFigures) -> list[str]:
    """What missing columns and headers cost: how many figures, and which by column."""
    by_column: dict[str, list[str]] = {}
    for figure in missing.figures:
        by_column.setdefault(f"{_words(figure.list)}: '{figure.header}'", []).append(figure.kpi_id)
    lines = [f"  {column} ({len(kpis)}): {_first(kpis, MOST_COLUMNS)}" for column, kpis in by_column.items()]
    return ["Figures missing:", f"  {missing.sentence}", *lines] if lines else []


def unused_lines(manifest: pd.DataFrame) -> list[str]:
    """What the file holds and a run would not use: columns list by list, sheets, and why."""
    read = usable_rows(manifest)
    lines = []
    for name, columns in zip(read["list"], read["columns_ignored"].fillna(""), strict=True):
        if columns:
            lines.append(f"  Columns not used in {_words(name)}: {_first(columns.split(';'), MOST_COLUMNS)}")
    others = [sheets.split(";") for sheets in read["sheets_ignored"].dropna().unique() if sheets]
    lines += [f"  Sheets not read: {_first(sheets, MOST_COLUMNS)}" for sheets in others]
    refused = manifest[manifest["status"].eq("refused")]
    for sheet, reason in zip(refused["sheet"].fillna(""), refused["reason"], strict=True):
        lines.append(f"  Sheet '{sheet}' is left out: {reason}" if sheet else f"  Left out: {reason}")
    return ["Not used:", *lines] if lines else []


def _first(names: list[str], most: int) -> str:
    more = f"; and {len(names) - most:,} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _words(name: str) -> str:
    return name.replace("_", " ")
