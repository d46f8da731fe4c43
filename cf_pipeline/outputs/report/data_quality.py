"""The report's section on the data behind it: deliveries, rows, issues, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from cf_pipeline.contracts.english import sentence
from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.report.cells import NOT_AVAILABLE, value_cell
from cf_pipeline.outputs.report.model import Block, Cell, Row, Section, Table
from cf_pipeline.outputs.report.published_facts import PublishedFacts
from cf_pipeline.outputs.report.words import day, paragraph, phrase, phrases, points

SEVERITIES = ("error", "warning", "info")
"""The worst first."""
STATUSES_LEFT_OUT = ("refused", "held")
"""Status of a delivery that no figure uses."""


@dataclass(frozen=True)
class RuleCount:
    """Issues of one rule, and in which lists."""

    rule: str
    severity: str
    issues: int
    lists: str


@dataclass(frozen=True)
class DataQualitySummary:
    """Deliveries, counts of their rows, and issues by severity and by rule.

    `left_out`, `with_held_lists`: deliveries of which all, or some lists, are not used. `accepted`: those
    that count though there was a doubt, because someone accepted it. `newest_errors`: errors in the newest
    delivery of each list.
    """

    deliveries: list[Any]
    left_out: list[Any]
    with_held_lists: list[Any]
    accepted: list[Any]
    totals: dict[str, int]
    severities: dict[str, int]
    rules: list[RuleCount]
    newest_errors: int


def summarise_data_quality(facts: PublishedFacts) -> DataQualitySummary:
    """The deliveries received, their rows, and issues by severity and rule, errors first."""
    counts = ("rows_read", "rows_core", "rows_quarantined", "rows_superseded")
    issues = facts.data_quality
    newest = issues[issues["is_newest"].fillna(value=False).astype(bool) & issues["severity"].eq("error")]
    return DataQualitySummary(
        deliveries=facts.deliveries,
        left_out=[row for row in facts.deliveries if row.status in STATUSES_LEFT_OUT],
        with_held_lists=[
            row for row in facts.deliveries if row.status == "read" and isinstance(row.lists_held, str)
        ],
        accepted=[row for row in facts.deliveries if isinstance(row.accepted, str)],
        totals={name: sum(int(getattr(row, name)) for row in facts.deliveries) for name in counts},
        severities={
            name: int(issues.loc[issues["severity"].eq(name), "issues"].sum()) for name in SEVERITIES
        },
        rules=_rule_counts(issues[issues["severity"].isin(SEVERITIES[:2])]),
        newest_errors=int(newest["issues"].sum()),
    )


def _rule_counts(issues: pd.DataFrame) -> list[RuleCount]:
    """One row a rule, errors first, the most frequent first; notes are counted by severity alone."""
    by_rule = issues.assign(
        order=issues["severity"].map(SEVERITIES.index), lists=issues["list"].map(_list_words)
    )
    found = (
        by_rule.groupby(["order", "severity", "rule"])
        .agg(issues=("issues", "sum"), lists=("lists", lambda lists: ", ".join(sorted(set(lists)))))
        .reset_index()
        .sort_values(["order", "issues", "rule"], ascending=[True, False, True])
    )
    return [
        RuleCount(row.rule.replace("_", " "), row.severity, int(row.issues), row.lists)
        for row in cast("Iterable[Any]", found.itertuples(index=False))
    ]


def _list_words(name: Any) -> str:
    return phrase("data", "all_lists") if pd.isna(name) else str(name).replace("_", " ")


def data_section(
    facts: PublishedFacts, summary: DataQualitySummary, revisions: Sequence[Chart] = ()
) -> Section:
    """What was delivered and left out, what is wrong in it, and which figures were corrected since."""
    sections = [
        *_doubts(summary),
        Section("deliveries", phrase("data", "received"), tuple(_deliveries(summary))),
        Section("issues", phrase("data", "issues"), tuple(_issues(summary))),
    ]
    revised = _revised(facts)
    if revised.rows:
        sections.append(Section("revised", phrase("data", "revised"), (*revisions, revised)))
    return Section("data", phrase("titles", "data"), (), tuple(sections))


def _doubts(summary: DataQualitySummary) -> list[Section]:
    """Deliveries and lists that are left out, and what someone accepted, with the reasons."""
    reasons = {
        "left_out": [(row.delivery_id, row.reason) for row in summary.left_out],
        "held_lists": [(row.delivery_id, row.reason) for row in summary.with_held_lists],
        "accepted": [(row.delivery_id, row.accepted) for row in summary.accepted],
    }
    return [
        Section(
            name.replace("_", "-"),
            phrase("data", name),
            (paragraph(phrase("data", f"{name}_why")), points(*(_doubt(*each) for each in found))),
        )
        for name, found in reasons.items()
        if found
    ]


def _doubt(delivery: str, reason: Any) -> str:
    text = reason if isinstance(reason, str) else phrase("data", "unread")
    return phrase("data", "left_out_one", delivery=delivery, reason=text)


def _deliveries(summary: DataQualitySummary) -> list[Block]:
    if not summary.deliveries:
        return [paragraph(phrase("data", "nothing_received"))]
    totals = {name: f"{count:,}" for name, count in summary.totals.items()}
    subject, *columns = phrases("data", "received_columns")
    rows = tuple(
        Row(
            str(row.delivery_id),
            (
                Cell(day(row.as_at), is_figure=False),
                Cell(f"{int(row.files):,}"),
                Cell(str(row.status), is_figure=False),
                *(Cell(f"{int(getattr(row, name)):,}") for name in summary.totals),
            ),
        )
        for row in summary.deliveries
    )
    table = Table(phrase("data", "received_caption"), subject, tuple(columns), rows)
    return [paragraph(phrase("data", "received_totals", **totals)), table]


def _issues(summary: DataQualitySummary) -> list[Block]:
    subject, *columns = phrases("data", "severity_columns")
    rows = tuple(
        Row(name, (Cell(f"{count:,}"), Cell(phrase("severities", name), is_figure=False)))
        for name, count in summary.severities.items()
    )
    blocks: list[Block] = [Table(phrase("data", "severity_caption"), subject, tuple(columns), rows)]
    if not summary.rules:
        return blocks
    subject, *columns = phrases("data", "rules_columns")
    rules = tuple(
        Row(
            rule.rule,
            (
                Cell(rule.severity, is_figure=False),
                Cell(f"{rule.issues:,}"),
                Cell(rule.lists, is_figure=False),
            ),
        )
        for rule in summary.rules
    )
    table = Table(phrase("data", "rules_caption"), subject, tuple(columns), rules)
    return [*blocks, paragraph(phrase("data", "workbook")), table]


def _revised(facts: PublishedFacts) -> Table:
    """The totals that a later delivery corrected, with what was first reported and why."""
    kpis = {kpi.kpi_id: kpi for kpi in facts.kpis}
    subject, *columns = phrases("data", "revised_columns")
    rows = tuple(
        Row(
            str(kpis[row.kpi_id].title),
            (
                Cell(_period(row), is_figure=False),
                _value(row.from_value, kpis[row.kpi_id]),
                _value(row.to_value, kpis[row.kpi_id]),
                Cell(sentence(str(row.reason)), is_figure=False),
            ),
        )
        for row in facts.revisions
        if row.kpi_id in kpis
    )
    return Table(phrase("data", "revised_caption"), subject, tuple(columns), rows)


def _period(revision: Any) -> str:
    year, _, quarter = str(revision.quarter_key).partition(" ")
    return phrase("bases", revision.basis, quarter=f"{quarter} {year}", year=year)


def _value(value: Any, kpi: Any) -> Cell:
    return Cell(NOT_AVAILABLE, is_figure=False) if pd.isna(value) else value_cell(value, kpi)
