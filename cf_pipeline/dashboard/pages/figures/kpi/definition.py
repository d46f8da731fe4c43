"""What a KPI counts; how its limits judge it; whether its figure is good: each as pairs of label and text."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.dashboard.content import DefinitionList, Section
from cf_pipeline.dashboard.pages.figures.kpi.rows import KpiRows
from cf_pipeline.dashboard.pages.figures.signals import signal_cell
from cf_pipeline.outputs.charts.words import (
    difference_text,
    direction_text,
    figure_text,
    has_value,
    reason_text,
    target_text,
    value_text,
)
from cf_pipeline.outputs.report.cells import range_words

_LABELS = {
    "numerator_text": "Counted",
    "denominator_text": "Out of",
    "threshold": "Threshold",
    "legal_source": "Law or guidance",
    "comparator_note": "Comparison",
    "unit": "Unit",
}
_LIMITS = {
    "chart": "Kind of chart",
    "points": "Quarters it rests on",
    "cause": "Why it stands out",
    "caveat": "To bear in mind",
}
_ASSURANCE = {
    "consistent_pass": "the target is always reached",
    "consistent_fail": "the target is never reached unless something changes",
    "inconsistent": "chance decides whether the target is reached",
}


def definition_section(kpi: Any) -> Section:
    """The definition of a KPI."""
    pairs = [(label, str(getattr(kpi, name))) for name, label in _LABELS.items() if _has(getattr(kpi, name))]
    return Section(
        "definition", "Definition", (DefinitionList((*pairs, ("Direction", direction_text(kpi)))),)
    )


def limits_section(rows: KpiRows) -> Section:
    """The usual range of the quarter and what it says."""
    limit = rows.limits.get(rows.scope.quarter.key)
    signal = signal_cell(limit)
    pairs = [("Signal", signal.text if limit is not None else "no limits: there is no figure of the quarter")]
    if limit is not None and limit.status == "firm":
        pairs.append(("Usual range", range_words(max(float(limit.lower), 0.0), limit.upper, rows.kpi)))
    if limit is not None:
        pairs += [
            (label, str(getattr(limit, name)))
            for name, label in _LIMITS.items()
            if _has(getattr(limit, name))
        ]
        if _has(limit.assurance):
            pairs.append(("Beside the target", _ASSURANCE.get(str(limit.assurance), str(limit.assurance))))
    return Section("limits", "Is it outside its usual range?", (DefinitionList(tuple(pairs)),))


def judgement(rows: KpiRows) -> DefinitionList:
    """The figure of the quarter beside the target, last year, and other places: is it good?"""
    row, kpi, quarter = rows.total(rows.period), rows.kpi, rows.period
    pairs = [("Figure", figure_text(kpi, row))]
    if not has_value(row):
        why = reason_text(row) or "No figure was worked out for this period."
        pairs.append(("Why there is none", why))
    pairs.append(("Direction", direction_text(kpi)))
    target = rows.figures.target(rows.kpi_id, quarter.end)
    pairs.append(("Target", "none is set" if target is None else _beside_target(kpi, row, target.value)))
    last_year = rows.figures.total(rows.kpi_id, quarter.previous(QUARTERS_PER_YEAR), rows.basis)
    pairs.append(
        ("Year before" if rows.basis == "year" else "Same quarter last year", figure_text(kpi, last_year))
    )
    for against, name in rows.figures.places():
        words = _comparison(rows, against)
        if words:
            pairs.append((name, words))
    forecast = rows.figures.forecast(rows.kpi_id)
    if forecast is not None and not pd.isna(forecast.forecast):
        pairs.append(("Year-end forecast", value_text(kpi, forecast.forecast)))
    pairs.append(("Signal", signal_cell(rows.limits.get(quarter.key)).text))
    return DefinitionList(tuple(pairs))


def _beside_target(kpi: Any, row: Any, target: Any) -> str:
    text = target_text(kpi, target)
    if not has_value(row) or kpi.polarity == "context":
        return text
    meets = row.value >= target if kpi.polarity == "higher_better" else row.value <= target
    return f"{text}, which is {'reached' if meets else 'not reached'}"


def _comparison(rows: KpiRows, against: str) -> str:
    """The published figure of a place, how the council's differs, and what chance says of it."""
    row = rows.figures.comparison(rows.kpi_id, against, rows.period, rows.basis)
    if row is None:
        return ""
    year = "" if pd.isna(row.year_ending) else f" in the year to March {int(row.year_ending)}"
    chance = "" if pd.isna(row.chance) else f"; {row.chance}"
    reference = value_text(rows.kpi, row.reference)
    return f"{reference}{year}; the figure here is {difference_text(row.phrase)} that{chance}"


def _has(text: Any) -> bool:
    return not pd.isna(text) and str(text) != ""
