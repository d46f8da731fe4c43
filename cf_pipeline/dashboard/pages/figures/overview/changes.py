"""What changed by more than chance explains, what got worse at all, and what is outside its limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, Section, TableView, Text, TextList
from cf_pipeline.dashboard.pages.figures.cells import figure_cell
from cf_pipeline.dashboard.pages.figures.overview.rows import OverviewRows
from cf_pipeline.outputs.report.cells import range_words, value_cell
from cf_pipeline.outputs.report.changes import AT_EDGE, BEYOND, TOO_FEW, Change, find_changes
from cf_pipeline.outputs.report.overview import measures
from cf_pipeline.outputs.report.places import sentences_beside_place
from cf_pipeline.outputs.report.words import count_phrase, phrase

_MARKS = {"worse": "bad", "better": "good", "higher": "notice", "lower": "notice"}
_BESIDE = (
    Column("Measure"),
    Column("Change"),
    Column("Now", is_number=True),
    Column("Before", is_number=True),
    Column("Since"),
    Column("Chance"),
    Column("Size, in standard errors", is_number=True),
)


def changes_section(rows: OverviewRows) -> Section:
    """Measures that changed by more than chance explains: worse, better, then those for context."""
    changes = find_changes(rows.facts, list(measures()["main_measures"]))
    table = TableView(
        "changed",
        "Changed by more than chance explains, the largest change first",
        _BESIDE,
        tuple(_row(change.row, change.kpi, change.value, change.reference, rows) for change in changes),
        phrase("changes", "no_change") if rows.facts.changes else phrase("changes", "none_compared"),
    )
    return Section("changes", phrase("titles", "changes"), (table, *_sentences(rows, changes)))


def _sentences(rows: OverviewRows, changes: Iterable[Change]) -> tuple[Text | TextList, ...]:
    """What did not change, what stands out beside the region or England, and what is too few to judge."""
    kinds = {change.row.change for change in changes}
    texts = [phrase("changes", f"no_{kind}") for kind in ("worse", "better") if kinds and kind not in kinds]
    too_few = len({row.kpi_id for row in rows.facts.changes if row.chance == TOO_FEW})
    texts += [count_phrase("changes", "too_few", too_few)] if too_few else []
    beside = tuple(Text(text) for text in sentences_beside_place(rows.facts))
    return (*([TextList(beside)] if beside else []), *(Text(text) for text in texts))


def worse_section(rows: OverviewRows) -> Section:
    """Every measure that is worse than the quarter before, the largest change first."""
    found = [row for row in rows.facts.changes if row.against == "previous_quarter" and row.change == "worse"]
    found.sort(key=lambda row: (-_size(row), str(row.title)))
    table = TableView(
        "worse-measures",
        f"Worse than the quarter before, {rows.facts.quarter_name}",
        _BESIDE,
        tuple(
            _row(row, kpi, value_cell(row.value, kpi).text, value_cell(row.reference, kpi).text, rows)
            for row in found
            if (kpi := rows.kpis[str(row.kpi_id)])
        ),
        "No measure is worse than the quarter before.",
    )
    return Section("worse", "Everything that is worse than the quarter before", (table,), is_folded=True)


def limits_section(rows: OverviewRows) -> Section:
    """The measures whose figure lies outside firm control limits, and on which side."""
    outside = [
        (kpi, limit)
        for kpi_id, kpi in rows.kpis.items()
        if (limit := rows.limits.get(kpi_id)) is not None and _side(limit)
    ]
    table = TableView(
        "outside-limits",
        f"Outside firm control limits, {rows.facts.quarter_name}",
        (
            Column("Measure"),
            Column("Figure", is_number=True),
            Column("Usual range"),
            Column("Side"),
            Column("To bear in mind"),
        ),
        tuple(
            (
                Cell(str(kpi.title), href=rows.kpi_href(str(kpi.kpi_id))),
                figure_cell(rows.facts.total(kpi.kpi_id, rows.facts.quarter), kpi),
                Cell(range_words(max(float(limit.lower), 0.0), limit.upper, kpi)),
                Cell(_side(limit), mark="notice"),
                Cell("" if pd.isna(limit.caveat) else str(limit.caveat)),
            )
            for kpi, limit in outside
        ),
        "No figure of the quarter is outside its firm control limits.",
    )
    return Section("limits", "Outside the usual range", (table,), is_folded=not outside)


def _side(limit: Any) -> str:
    """'above' or 'below' firm limits; '' inside them."""
    if limit.status != "firm" or pd.isna(limit.value):
        return ""
    if limit.value > limit.upper:
        return "above"
    return "below" if limit.value < limit.lower else ""


def _size(row: Any) -> float:
    return -1.0 if pd.isna(row.standard_errors) else abs(float(row.standard_errors))


def _row(row: Any, kpi: Any, value: str, reference: str, rows: OverviewRows) -> tuple[Cell, ...]:
    errors = None if pd.isna(row.standard_errors) else abs(float(row.standard_errors))
    is_judged = row.chance in (BEYOND, AT_EDGE)
    return (
        Cell(str(kpi.title), href=rows.kpi_href(str(kpi.kpi_id))),
        Cell(str(row.change), mark=_MARKS.get(str(row.change), "") if is_judged else ""),
        Cell(value, float(row.value)),
        Cell(reference, float(row.reference)),
        Cell(phrase("changes", row.against)),
        Cell(str(row.chance)),
        Cell("–", value="", unseen="not judged") if errors is None else Cell(f"{errors:.1f}", errors),
    )
