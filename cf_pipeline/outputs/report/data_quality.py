"""The report's section on the data behind it: deliveries, rows, issues, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.english import sentence
from cf_pipeline.outputs.report.published_facts import PublishedFacts

SEVERITIES = {
    "error": "Figures may be wrong. Correct it in the case system and send the list again.",
    "warning": "Figures are used as they are. Check it, and correct it where it is wrong.",
    "info": "Nothing to do; it is told so that nobody is surprised.",
}
"""Severity -> what to do, the worst first."""
STATUSES_LEFT_OUT = ("refused", "held")
"""Status of a delivery that no figure uses."""


@dataclass(frozen=True)
class SeverityCount:
    """Issues of one severity, and what to do about them."""

    severity: str
    issues: int
    what_to_do: str


@dataclass(frozen=True)
class RuleCount:
    """Issues of one rule in one list."""

    list: str
    rule: str
    severity: str
    issues: int
    what_to_do: str


@dataclass(frozen=True)
class DataQualitySummary:
    """Deliveries, counts of their rows, and issues by severity and by rule.

    `left_out`, `with_held_lists`: deliveries of which all, or some lists, are not used. `accepted`: those
    that count though there was a doubt, because someone accepted it.
    """

    deliveries: list[Any]
    left_out: list[Any]
    with_held_lists: list[Any]
    accepted: list[Any]
    totals: dict[str, int]
    severities: list[SeverityCount]
    rules: list[RuleCount]


def summarise_data_quality(facts: PublishedFacts) -> DataQualitySummary:
    """The deliveries received, their rows, and issues by severity and rule, errors first."""
    counts = ("rows_read", "rows_core", "rows_quarantined", "rows_superseded")
    issues = facts.data_quality.assign(
        order=facts.data_quality["severity"].map({name: n for n, name in enumerate(SEVERITIES)}).fillna(9),
        suggestion=facts.data_quality["suggestion"].fillna(""),
    )
    by_rule = (
        issues.groupby(["order", "severity", "list", "rule"])
        .agg(issues=("issues", "sum"), suggestion=("suggestion", "max"))
        .reset_index()
        .sort_values(["order", "issues", "list", "rule"], ascending=[True, False, True, True])
        .drop(columns="order")
    )
    return DataQualitySummary(
        deliveries=facts.deliveries,
        left_out=[row for row in facts.deliveries if row.status in STATUSES_LEFT_OUT],
        with_held_lists=[
            row for row in facts.deliveries if row.status == "read" and isinstance(row.lists_held, str)
        ],
        accepted=[row for row in facts.deliveries if isinstance(row.accepted, str)],
        totals={name: sum(int(getattr(row, name)) for row in facts.deliveries) for name in counts},
        severities=[
            SeverityCount(name, int(issues.loc[issues["severity"].eq(name), "issues"].sum()), what_to_do)
            for name, what_to_do in SEVERITIES.items()
        ],
        rules=[
            RuleCount(_words(list_) or "all lists", _words(rule), severity, int(count), _advice(suggestion))
            for severity, list_, rule, count, suggestion in by_rule.itertuples(index=False, name=None)
        ],
    )


def _advice(suggestion: str) -> str:
    return sentence(suggestion) if suggestion else ""


def _words(name: Any) -> str:
    return "" if pd.isna(name) else str(name).replace("_", " ")
