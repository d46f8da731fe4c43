"""The report's tables of each area: this quarter, the year to date, the forecast and comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.report.cells import (
    NOT_AVAILABLE,
    NOT_COMPARED,
    Cell,
    Notes,
    band_cell,
    figure_cell,
    range_words,
    value_cell,
)
from cf_pipeline.outputs.report.published_facts import LAST_QUARTER, PublishedFacts

POLARITY = {
    "higher_better": "higher is better",
    "lower_better": "lower is better",
    "context": "for context",
}
DIRECTION = {
    "higher_better": "Higher is better.",
    "lower_better": "Lower is better.",
    "context": "Neither higher nor lower is better; it is told for context.",
}
METHODS = {
    "model": "model",
    "pro_rata": "pro rata",
    "last_year_remainder": "rest as last year",
    "latest_value": "latest quarter repeated",
}
"""The name of each forecast method in the report."""
_NO_FORECAST = "No forecast: it needs every quarter of the year so far to be complete."


@dataclass(frozen=True)
class FigureRow:
    """One row of a table: the measure, its unit and direction, and its cells in column order."""

    title: str
    about: str
    cells: list[Cell]


@dataclass(frozen=True)
class FigureTable:
    """One table: caption, the name of its first column, the names of the others, and its rows."""

    caption: str
    subject: str
    columns: list[str]
    rows: list[FigureRow]


@dataclass(frozen=True)
class MissingKpi:
    """A KPI that has no figure in the report, and why."""

    title: str
    reason: str


@dataclass(frozen=True)
class Definition:
    """What a KPI counts, in words: pairs of label and text."""

    title: str
    parts: list[tuple[str, str]]


@dataclass(frozen=True)
class Area:
    """One area of the service: its table, distributions, KPIs without figures, and definitions."""

    name: str
    table: FigureTable | None
    distributions: list[FigureTable]
    missing: list[MissingKpi]
    definitions: list[Definition]


def areas(facts: PublishedFacts, notes: Notes) -> list[Area]:
    """Every area in the order of `dim_kpi`; reasons of missing or unusual figures go to `notes`."""
    kpis = sorted(facts.kpis, key=lambda kpi: int(kpi.position))
    kpis_by_area: dict[str, list[Any]] = {}
    for kpi in kpis:
        kpis_by_area.setdefault(str(kpi.area), []).append(kpi)
    return [_area(name, members, facts, notes) for name, members in kpis_by_area.items()]


def _area(name: str, kpis: list[Any], facts: PublishedFacts, notes: Notes) -> Area:
    rows: list[FigureRow] = []
    missing: list[MissingKpi] = []
    distributions: list[FigureTable] = []
    for kpi in kpis:
        row_or_table = (
            _distribution(kpi, facts, notes) if kpi.kind == "distribution" else _row(kpi, facts, notes)
        )
        if row_or_table is None:
            missing.append(MissingKpi(str(kpi.title), _reason(kpi, facts)))
        elif isinstance(row_or_table, FigureTable):
            distributions.append(row_or_table)
        else:
            rows.append(row_or_table)
    caption = f"{name}: the measures, {_quarter_words(facts.quarter)}"
    table = FigureTable(caption, "Measure", _columns(facts), rows) if rows else None
    return Area(name, table, distributions, missing, [_definition(kpi) for kpi in kpis])


def _columns(facts: PublishedFacts) -> list[str]:
    quarter = facts.quarter
    return [
        _quarter_words(quarter),
        *(_column(earlier, quarter) for earlier in reversed(_earlier_quarters(quarter))),
        "Year to date",
        "Year-end forecast",
        f"Last year ({Quarter(quarter.year - 1, LAST_QUARTER).fiscal_year})",
        facts.place,
    ]


def _row(kpi: Any, facts: PublishedFacts, notes: Notes) -> FigureRow | None:
    """The row of one KPI; None when it has no figure in any column."""
    trial = _cells(kpi, facts, Notes())
    if not any(cell.is_figure or cell.text == "none in the period" for cell in trial[:-1]):
        return None
    unit = "percentage" if kpi.unit == "%" else kpi.unit
    about = "; ".join(str(text) for text in (unit, POLARITY[kpi.polarity]) if _has(text))
    return FigureRow(str(kpi.title), about, _cells(kpi, facts, notes))


def _cells(kpi: Any, facts: PublishedFacts, notes: Notes) -> list[Cell]:
    quarter = facts.quarter
    return [
        figure_cell(facts.total(kpi.kpi_id, quarter), kpi, notes, in_full=True),
        *(
            figure_cell(facts.total(kpi.kpi_id, earlier), kpi, notes)
            for earlier in reversed(_earlier_quarters(quarter))
        ),
        figure_cell(facts.total(kpi.kpi_id, quarter, "ytd"), kpi, notes),
        _forecast(kpi, facts, notes),
        _last_year(kpi, facts, notes),
        _beside_place(kpi, facts),
    ]


def _forecast(kpi: Any, facts: PublishedFacts, notes: Notes) -> Cell:
    row = facts.forecast(kpi.kpi_id)
    if row is None or not pd.isna(row.symbol) or pd.isna(row.forecast):
        reason = str(row.label) if row is not None and _has(row.label) else _NO_FORECAST
        return Cell(NOT_AVAILABLE, note=notes.number(reason), is_figure=False)
    cell = value_cell(row.forecast, kpi)
    # The label, not the method: some methods repeat a figure as it is, and an outturn has no method.
    label = str(row.label)
    model = facts.range(kpi.kpi_id)
    if model is None or facts.quarter.number == LAST_QUARTER:
        return Cell(cell.text, detail=label)
    ends = range_words(model.lower_80, model.upper_80, kpi)
    methods = METHODS["model"] if row.method == "model" else f"{label}; {METHODS['model']}"
    note = notes.number(f"{kpi.title}. {row.outside_range}") if _has(row.outside_range) else None
    return Cell(cell.text, detail=f"{methods} {ends}", note=note)


def _last_year(kpi: Any, facts: PublishedFacts, notes: Notes) -> Cell:
    row, forecast = facts.last_year(kpi.kpi_id), facts.forecast(kpi.kpi_id)
    if row is None and forecast is not None and not pd.isna(forecast.last_year):
        return value_cell(forecast.last_year, kpi)
    return figure_cell(row, kpi, notes)


def _beside_place(kpi: Any, facts: PublishedFacts) -> Cell:
    """The region's published percentage or rate; counts are never compared (docs/rulings.md#18)."""
    row = None if kpi.kind in {"flow_count", "stock"} else facts.beside_place(kpi.kpi_id)
    if row is None:
        return NOT_COMPARED
    cell = value_cell(row.reference, kpi)
    year = "" if pd.isna(row.year_ending) else f"year to March {int(row.year_ending)}"
    return Cell(cell.text, detail=year)


def _distribution(kpi: Any, facts: PublishedFacts, notes: Notes) -> FigureTable | None:
    quarters = [facts.quarter, *reversed(_earlier_quarters(facts.quarter))]
    bands = [
        row
        for row in facts.categories
        if row.breakdown == "band"
        and row.code_set == kpi.band_code_set
        and any(facts.band(kpi.kpi_id, row.category, quarter) is not None for quarter in quarters)
    ]
    columns = [_quarter_words(facts.quarter), *(_column(earlier, facts.quarter) for earlier in quarters[1:])]

    def rows(notes: Notes) -> list[FigureRow]:
        return [
            FigureRow(
                str(band.label),
                "",
                [band_cell(facts.band(kpi.kpi_id, band.category, quarter), notes) for quarter in quarters],
            )
            for band in bands
        ]

    if not any(cell.is_figure for row in rows(Notes()) for cell in row.cells):
        return None
    return FigureTable(f"{kpi.title}, {_quarter_words(facts.quarter)}", "Category", columns, rows(notes))


def _reason(kpi: Any, facts: PublishedFacts) -> str:
    row = facts.total(kpi.kpi_id, facts.quarter)
    if row is None or not _has(row.reason):
        bands = (facts.band(kpi.kpi_id, band.category, facts.quarter) for band in facts.categories)
        row = next((band for band in bands if band is not None and _has(band.reason)), row)
    return str(row.reason) if row is not None and _has(row.reason) else "No figure was worked out."


def _definition(kpi: Any) -> Definition:
    parts = [
        ("Counts", kpi.numerator_text),
        ("Out of", kpi.denominator_text),
        ("Threshold", kpi.threshold),
        ("Legal source", kpi.legal_source),
        ("Comparison", kpi.comparator_note),
        ("Direction", DIRECTION[kpi.polarity]),
    ]
    return Definition(str(kpi.title), [(label, str(text)) for label, text in parts if _has(text)])


def _earlier_quarters(quarter: Quarter) -> list[Quarter]:
    """The earlier quarters of the year; in quarter 1 last year's quarter 4 (docs/rulings.md#12)."""
    return quarter.year_quarters()[:-1] or [quarter.previous()]


def _column(earlier: Quarter, quarter: Quarter) -> str:
    return f"Q{earlier.number}" if earlier.year == quarter.year else _quarter_words(earlier)


def _quarter_words(quarter: Quarter) -> str:
    return f"Q{quarter.number} {quarter.fiscal_year}"


def _has(text: Any) -> bool:
    return not pd.isna(text) and bool(text)
