"""Explanation of one figure: the steps from the rows of a list to the records counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.kpi.definitions.column_labels import column_label
from cf_pipeline.kpi.definitions.condition_labels import condition_label, presence_label
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side, values_of
from cf_pipeline.kpi.measure.count_steps import HAS_VALUE, WITHIN, single_list
from cf_pipeline.kpi.measure.periods import Periods
from cf_pipeline.kpi.measure.population import add_populations

NUMERATOR, DENOMINATOR, VALUES = "numerator", "denominator", "values"
"""The sides of a figure; a median or average has its values instead of both."""


@dataclass(frozen=True)
class ExplainedStep:
    """One step of counting: the list, what had to hold in words, its rule, the rows that remain and left out.

    The `rule` is as the KPI's record has it, for analysts; None for a step that is no rule of the record.
    `list` is None where the rows of several lists are counted together.
    """

    list: str | None
    words: str
    rule: str | None
    rows: int
    left_out: int


@dataclass(frozen=True)
class ColumnSum:
    """The sum of a column over the counted records, and the column's label."""

    label: str
    total: float


@dataclass(frozen=True)
class ExplainedSide:
    """One side of a figure: its role, its steps list by list, and the number of records that remain.

    `column_sum` is there where a column is added up or averaged, `reason` where the side is absent, `note`
    where a fallback was counted because the side's own list does not cover the period; else they are None.
    """

    role: str
    steps: tuple[ExplainedStep, ...]
    records: int
    column_sum: ColumnSum | None
    reason: str | None
    note: str | None

    @property
    def amount(self) -> float:
        """The figure's number on this side: the sum where a column is added up, else the records."""
        return self.records if self.column_sum is None or self.role == VALUES else self.column_sum.total


def explain_figure(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], kpi: Kpi, quarter: Quarter, basis: str
) -> list[ExplainedSide]:
    """Explain the numerator of a KPI in one period, and the denominator where records are counted for it.

    A median or average has its values as the one side: their number is the figure's denominator.

    Args:
        tables: the core tables of one authority as at the delivery in question.
        registry: the KPIs.
        kpi: the KPI in question.
        quarter: the period's last quarter.
        basis: quarter, ytd or year.
    """
    tables = add_populations(tables, [quarter])
    counter = RecordCounter(tables, registry, Availability.from_tables(tables))
    period = period_of(quarter, basis)
    sides = [(NUMERATOR if kpi.numerator.value is None else VALUES, kpi.numerator)]
    if kpi.denominator is not None:
        sides.append((DENOMINATOR, kpi.denominator))
    return [_explain_side(counter, kpi, role, side, period) for role, side in sides]


def period_of(quarter: Quarter, basis: str) -> Periods:
    """The period of a basis that ends with a quarter."""
    start = quarter.start if basis == "quarter" else quarter.year_start
    first, last = (np.array([day], dtype="datetime64[D]") for day in (start, quarter.end))
    return Periods(basis, (quarter,), first, last)


def _explain_side(counter: RecordCounter, kpi: Kpi, role: str, side: Side, period: Periods) -> ExplainedSide:
    band_columns = kpi.band.columns if kpi.band is not None and role == NUMERATOR else ()
    counted = count_side(counter, side, period, band_columns)
    records, reason, note = counted.records, counted.reasons[0], counted.notes[0]
    side = side.fallback if note is not None and side.fallback is not None else side
    column = side.value if kpi.kind == "average" else side.sum
    column_sum = None
    if column is not None:
        total = float(values_of(records, column).sum())
        column_sum = ColumnSum(column_label(side.table, column).noun, total)
    steps = tuple(_steps(counter, side, period))
    return ExplainedSide(role, steps, len(records), column_sum, reason, note)


def _steps(counter: RecordCounter, side: Side, period: Periods) -> Iterator[ExplainedStep]:
    labels = step_labels(side, counter.registry)
    for step in counter.count_with_steps(side, period):
        words, rule = labels.get((step.list, step.words), (step.words, None))
        yield ExplainedStep(step.list, words, rule, step.rows, step.left_out)


def step_labels(
    side: Side, registry: Mapping[str, Kpi]
) -> dict[tuple[str | None, str], tuple[str, str | None]]:
    """Label and rule of each step of a side, its base and its union, by the step's list and words."""
    found: dict[tuple[str | None, str], tuple[str, str | None]] = {}
    for part in (*side.union, *(() if side.base is None else (side.base,))):
        found |= step_labels(part, registry)
    name = single_list(side)
    for condition in side.where:
        found[name, condition.text] = (condition_label(condition, side.table), condition.text)
    if side.value is not None:
        found[name, HAS_VALUE.format(side.value)] = (presence_label(side.value, side.table), side.value)
    if side.within is not None:
        title = registry[side.within].title
        found[name, WITHIN.format(side.within)] = (WITHIN.format(f'"{title}"'), side.within)
    return found
