"""The tables of the data-quality workbook, prepared: `outputs/workbook` only lays them out on sheets."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.quality.data_quality import DataQuality
from cf_pipeline.quality.summary import (
    SEVERITIES,
    count_by_file,
    summarise_by_child,
    summarise_by_rule,
    with_sentences,
)

ROW_COUNTS = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
_FILE_KEYS = ["delivery_id", "file", "list"]


def workbook_tables(quality: DataQuality) -> dict[str, pd.DataFrame]:
    """The workbook's tables by name, each in the order in which it is shown.

    `rules`: one row a rule (`summarise_by_rule`). `children`: one row a child with issues; left out where no
    child is known. `files`: rows and issues of each file and list. `issues`: every issue, those of a rule
    together; `rank` is the rule's position in `rules`. `proposals`, `quarantine` and `manifest` as they come.
    """
    rules = summarise_by_rule(quality.issues, quality.manifest)
    tables = {
        "rules": rules,
        "files": _count_by_file(quality),
        "issues": _sort_issues(quality.issues, rules),
        "proposals": quality.proposals,
        "quarantine": quality.quarantine.sort_values(["delivery_id", "file", "sheet", "excel_row", "rule"]),
        "manifest": quality.manifest.sort_values(_FILE_KEYS),
    }
    if quality.knows_children:
        tables["children"] = summarise_by_child(quality.issues, quality.manifest)
    return tables


def _count_by_file(quality: DataQuality) -> pd.DataFrame:
    ledger = quality.row_ledger.sort_values(_FILE_KEYS)
    rows = ledger.merge(count_by_file(quality.issues).reset_index(), on=_FILE_KEYS, how="left")
    counts = [*ROW_COUNTS, *SEVERITIES]
    return rows.assign(**{name: rows[name].astype("Int64").fillna(0) for name in counts})


def _sort_issues(issues: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """The issues of a rule together, rules as in the summary, the newest delivery first."""
    rank = {key: number for number, key in enumerate(zip(rules["rule"], rules["severity"], strict=True))}
    keys = zip(issues["rule"], issues["severity"], strict=True)
    ranked = with_sentences(issues).assign(rank=[rank[key] for key in keys])
    by = ["rank", "as_at", "delivery_id", "file", "sheet", "excel_row", "list", "column"]
    return ranked.sort_values(by, ascending=[True, False, *([True] * (len(by) - 2))], ignore_index=True)
