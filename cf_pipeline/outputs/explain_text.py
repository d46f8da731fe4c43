"""One figure explained in lines: its definition, how its records were counted, what changed it since."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from cf_pipeline.history.schema import title_of
from cf_pipeline.kpi.explained import SideExplained, StepExplained
from cf_pipeline.kpi.registry import Kpi

BASES = {"quarter": "the quarter", "ytd": "the year to date", "year": "the year"}


def definition_lines(kpi: Kpi) -> Iterator[str]:
    """What the KPI is: its title, class, words, threshold and law."""
    yield f"{kpi.title} ({kpi.id}); {kpi.area}; {kpi.measure_class}"
    yield f"Numerator: {kpi.numerator_text}"
    said = {
        "Denominator": kpi.denominator_text,
        "Threshold": kpi.threshold,
        "Law or guidance": kpi.legal_source,
        "Differs from the published figure": kpi.comparator_note,
    }
    yield from (f"{name}: {words}" for name, words in said.items() if words)


def figure_line(kpi: Kpi, row: Mapping[Hashable, Any]) -> str:
    """The total of one period: its value with numerator and denominator, or why there is none."""
    period = BASES[row["basis"]]
    if pd.isna(row["value"]):
        return f"For {period}: no figure ({row['symbol']}). {row['reason']}"
    parts = ""
    if not pd.isna(row["denominator"]):
        above = "" if pd.isna(row["numerator"]) else f"{row['numerator']:g} of "
        parts = f" ({above}{row['denominator']:g})"
    return f"For {period}: {row['value']:.{max(kpi.decimals, 1)}f} {kpi.unit}{parts}"


def side_lines(side: SideExplained) -> Iterator[str]:
    """How the records of one side were counted, list by list: rows left after each step."""
    yield f"How the {side.role} was counted:"
    if side.note:
        yield f"  {side.note[0].upper()}{side.note[1:]}."
    for name, steps in groupby(side.steps, key=lambda step: step.list):
        yield f"  {title_of(name)}"
        yield from _steps(list(steps))
    if side.reason:
        yield f"  Not published: {side.reason}"
    else:
        yield f"  Counted: {side.counted:,}"


def revision_lines(revisions: pd.DataFrame, decimals: int) -> Iterator[str]:
    """What later deliveries changed in the figure, oldest first."""
    if revisions.empty:
        yield "Not revised since it was first reported."
        return
    yield "Revised:"
    for row in revisions.sort_values(["to_as_at", "basis"]).to_dict("records"):
        yield f"  {row['basis']}, as at {row['to_as_at']:%Y-%m-%d}: {_moved(row, decimals)} ({row['reason']})"


def _steps(steps: Sequence[StepExplained]) -> Iterator[str]:
    before = steps[0].rows
    for step in steps:
        left_out = f" ({before - step.rows:,} left out)" if before != step.rows else ""
        rule = "" if step.rule is None else f" [{step.rule}]"
        yield f"    {step.rows:>8,} {step.words}{left_out}{rule}"
        before = step.rows


def _moved(row: Mapping[Hashable, Any], decimals: int) -> str:
    until = "not covered any more" if pd.isna(row["to_value"]) else f"{row['to_value']:.{decimals}f}"
    return f"from {row['from_value']:.{decimals}f} to {until}"
