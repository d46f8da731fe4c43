"""The tables of one area: its KPIs with this quarter, the year so far, its forecast and comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from cf_pipeline.contracts.quarters import Quarter
from cf_pipeline.outputs.report.cells import (
    NOT_AVAILABLE,
    NOTHING,
    Cell,
    Notes,
    band_cell,
    figure_cell,
    value_cell,
)
from cf_pipeline.outputs.report.published_facts import Facts

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
"""What a reader calls each method."""
LAST = 4
"""The quarter at which a forecast is the outturn."""
_NO_FORECAST = "No forecast: it needs every quarter of the year so far to be complete."


@dataclass(frozen=True)
class Line:
    """One row of a table: what it is, its unit and direction, and its cells in column order."""

    title: str
    about: str
    cells: list[Cell]


@dataclass(frozen=True)
class Figures:
    """One table: caption, the name of its first column, the names of the others, and rows."""

    caption: str
    subject: str
    columns: list[str]
    lines: list[Line]


@dataclass(frozen=True)
class Missing:
    """A KPI without any figure in the report, and why."""

    title: str
    reason: str


@dataclass(frozen=True)
class Definition:
    """What a KPI counts, in words, as label and text."""

    title: str
    parts: list[tuple[str, str]]


@dataclass(frozen=True)
class Area:
    """One area of the service."""

    name: str
    table: Figures | None
    distributions: list[Figures]
    missing: list[Missing]
    definitions: list[Definition]


def areas(facts: Facts, notes: Notes) -> list[Area]:
    """Every area in the order of the registry."""
    ordered = sorted(facts.kpis, key=lambda kpi: int(kpi.position))
    grouped: dict[str, list[Any]] = {}
    for area, kpis in groupby(ordered, key=lambda kpi: str(kpi.area)):
        grouped.setdefault(area, []).extend(kpis)
    return [_area(name, kpis, facts, notes) for name, kpis in grouped.items()]


def _area(name: str, kpis: list[Any], facts: Facts, notes: Notes) -> Area:
    lines: list[Line] = []
    missing: list[Missing] = []
    distributions: list[Figures] = []
    for kpi in kpis:
        found = _distribution(kpi, facts, notes) if kpi.kind == "distribution" else _line(kpi, facts, notes)
        if found is None:
            missing.append(Missing(str(kpi.title), _reason(kpi, facts)))
        elif isinstance(found, Figures):
            distributions.append(found)
        else:
            lines.append(found)
    caption = f"{name}: the measures, {_quarter_words(facts.quarter)}"
    table = Figures(caption, "Measure", _columns(facts), lines) if lines else None
    return Area(name, table, distributions, missing, [_definition(kpi) for kpi in kpis])


def _columns(facts: Facts) -> list[str]:
    quarter = facts.quarter
    return [
        _quarter_words(quarter),
        *(_column(each, quarter) for each in reversed(_earlier(quarter))),
        "Year to date",
        "Year-end forecast",
        f"Last year ({Quarter(quarter.year - 1, 4).fiscal_year})",
        "London",
    ]


def _line(kpi: Any, facts: Facts, notes: Notes) -> Line | None:
    """The row of one KPI; None when it has no figure at all (its reason is then told once)."""
    trial = _cells(kpi, facts, Notes())
    if not any(cell.is_figure or cell.text == "none in the period" for cell in trial[:-1]):
        return None
    unit = "percentage" if kpi.unit == "%" else kpi.unit
    about = "; ".join(str(text) for text in (unit, POLARITY[kpi.polarity]) if _has(text))
    return Line(str(kpi.title), about, _cells(kpi, facts, notes))


def _cells(kpi: Any, facts: Facts, notes: Notes) -> list[Cell]:
    quarter = facts.quarter
    return [
        figure_cell(facts.total(kpi.kpi_id, quarter), kpi, notes, in_full=True),
        *(figure_cell(facts.total(kpi.kpi_id, each), kpi, notes) for each in reversed(_earlier(quarter))),
        figure_cell(facts.total(kpi.kpi_id, quarter, "ytd"), kpi, notes),
        _forecast(kpi, facts, notes),
        _last_year(kpi, facts, notes),
        _london(kpi, facts),
    ]


def _forecast(kpi: Any, facts: Facts, notes: Notes) -> Cell:
    row = facts.forecast(kpi.kpi_id)
    if row is None or not pd.isna(row.symbol) or pd.isna(row.forecast):
        label = None if row is None or not _has(row.label) else str(row.label)
        return Cell(NOT_AVAILABLE, note=notes.number(label or _NO_FORECAST), is_figure=False)
    cell = value_cell(row.forecast, kpi)
    # The label, not the method: a method carries some figures as they are, and an outturn needs none.
    called = str(row.label)
    expected = facts.range(kpi.kpi_id)
    if expected is None or facts.quarter.number == LAST:
        return Cell(cell.text, detail=called)
    ends = [value_cell(bound, kpi).text for bound in (expected.lower_80, expected.upper_80)]
    beside = METHODS["model"] if row.method == "model" else f"{called}; {METHODS['model']}"
    return Cell(cell.text, detail=f"{beside} {ends[0]} to {ends[1]}")


def _last_year(kpi: Any, facts: Facts, notes: Notes) -> Cell:
    row, forecast = facts.last_year(kpi.kpi_id), facts.forecast(kpi.kpi_id)
    if row is None and forecast is not None and not pd.isna(forecast.last_year):
        return value_cell(forecast.last_year, kpi)
    return figure_cell(row, kpi, notes)


def _london(kpi: Any, facts: Facts) -> Cell:
    """London's published percentage; counts of an authority are never set beside London's (ruling 18)."""
    row = None if kpi.kind in {"flow_count", "stock"} else facts.london(kpi.kpi_id)
    if row is None:
        return NOTHING
    cell = value_cell(row.reference, kpi)
    year = "" if pd.isna(row.year_ending) else f"year to March {int(row.year_ending)}"
    return Cell(cell.text, detail=year)


def _distribution(kpi: Any, facts: Facts, notes: Notes) -> Figures | None:
    quarters = [facts.quarter, *reversed(_earlier(facts.quarter))]
    bands = [
        row
        for row in facts.categories
        if row.breakdown == "band"
        and any(facts.band(kpi.kpi_id, row.category, each) is not None for each in quarters)
    ]
    columns = [_quarter_words(facts.quarter), *(_column(each, facts.quarter) for each in quarters[1:])]

    def lines(where: Notes) -> list[Line]:
        return [
            Line(
                str(band.label),
                "",
                [band_cell(facts.band(kpi.kpi_id, band.category, each), where) for each in quarters],
            )
            for band in bands
        ]

    if not any(cell.is_figure for line in lines(Notes()) for cell in line.cells):
        return None
    return Figures(f"{kpi.title}, {_quarter_words(facts.quarter)}", "Category", columns, lines(notes))


def _reason(kpi: Any, facts: Facts) -> str:
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


def _earlier(quarter: Quarter) -> list[Quarter]:
    """The earlier quarters of the year; in quarter 1 last year's quarter 4 (ruling 12)."""
    return quarter.year_quarters()[:-1] or [quarter.previous()]


def _column(earlier: Quarter, quarter: Quarter) -> str:
    return f"Q{earlier.number}" if earlier.year == quarter.year else _quarter_words(earlier)


def _quarter_words(quarter: Quarter) -> str:
    return f"Q{quarter.number} {quarter.fiscal_year}"


def _has(text: Any) -> bool:
    return not pd.isna(text) and bool(text)
