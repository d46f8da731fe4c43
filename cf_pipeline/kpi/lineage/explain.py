"""Why one figure is what it is: the steps from the rows of a list to the records counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.contracts.quarters import Quarter
from cf_pipeline.kpi.definitions.column_labels import column_label
from cf_pipeline.kpi.definitions.condition_labels import condition_label, presence_label
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side, values_of
from cf_pipeline.kpi.measure.count_steps import HAS_VALUE, WITHIN, single_list
from cf_pipeline.kpi.measure.periods import Periods

NUMERATOR, DENOMINATOR, VALUES = "numerator", "denominator", "values"
"""The sides of a figure; a median or average has its values instead of both."""


@dataclass(frozen=True)
class StepExplained:
    """One step of counting: the list, what had to hold in words, its rule, the rows left and left out.

    The `rule` is as the KPI's record has it, for analysts; None where the words are not those of a rule.
    `list` is None where the rows of several lists are counted together.
    """

    list: str | None
    words: str
    rule: str | None
    rows: int
    left_out: int


@dataclass(frozen=True)
class Added:
    """The sum of a column over the counted records, and what the column holds in words."""

    words: str
    total: float


@dataclass(frozen=True)
class SideExplained:
    """One side of a figure: which it is, its steps list by list, and how many records they leave.

    `added` is the sum where records are not counted but added up (or averaged). `reason` says why the side is
    absent, `note` that another list was counted because its own does not cover the period. Each of them is
    None where it is not so.
    """

    role: str
    steps: tuple[StepExplained, ...]
    records: int
    added: Added | None
    reason: str | None
    note: str | None

    @property
    def counted(self) -> float:
        """What the figure has on this side: the sum where there is one, else the records (or values)."""
        return self.records if self.added is None or self.role == VALUES else self.added.total


def explain(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], kpi: Kpi, quarter: Quarter, basis: str
) -> list[SideExplained]:
    """The numerator of a KPI in one period and the denominator where records are counted for it.

    A median or average has its values as the one side: their number is the figure's denominator.

    Args:
        tables: the core tables of one authority, at the delivery that is asked about.
        registry: the KPIs.
        kpi: the one that is asked about.
        quarter: the period's last quarter.
        basis: quarter, ytd or year.
    """
    counter = RecordCounter(tables, registry, Availability(tables["coverage"]))
    period = one_period(quarter, basis)
    sides = [(NUMERATOR if kpi.numerator.value is None else VALUES, kpi.numerator)]
    if kpi.denominator is not None:
        sides.append((DENOMINATOR, kpi.denominator))
    return [_side(counter, kpi, role, side, period) for role, side in sides]


def one_period(quarter: Quarter, basis: str) -> Periods:
    """The period of a basis that ends with a quarter."""
    start = quarter.start if basis == "quarter" else quarter.year_start
    first, last = (np.array([day], dtype="datetime64[D]") for day in (start, quarter.end))
    return Periods(basis, (quarter,), first, last)


def _side(counter: RecordCounter, kpi: Kpi, role: str, side: Side, period: Periods) -> SideExplained:
    band_columns = kpi.band.columns if kpi.band is not None and role == NUMERATOR else ()
    counted = count_side(counter, side, period, band_columns)
    records, reason, note = counted.records, counted.reasons[0], counted.notes[0]
    side = side.fallback if note is not None and side.fallback is not None else side
    column = side.value if kpi.kind == "average" else side.sum
    added = None
    if column is not None:
        total = float(values_of(records, column).sum())
        added = Added(column_label(side.table, column).noun, total)
    steps = tuple(_steps(counter, side, period))
    return SideExplained(role, steps, len(records), added, reason, note)


def _steps(counter: RecordCounter, side: Side, period: Periods) -> Iterator[StepExplained]:
    plain = _words(side, counter.registry)
    for step in counter.count_with_steps(side, period):
        words, rule = plain.get((step.list, step.words), (step.words, None))
        yield StepExplained(step.list, words, rule, step.rows, step.left_out)


def _words(side: Side, registry: Mapping[str, Kpi]) -> dict[tuple[str | None, str], tuple[str, str | None]]:
    """Words and rule of each step of a side, its base and its union, by the step's list and own words."""
    found: dict[tuple[str | None, str], tuple[str, str | None]] = {}
    for other in (*side.union, *(() if side.base is None else (side.base,))):
        found |= _words(other, registry)
    name = single_list(side)
    for condition in side.where:
        found[name, condition.text] = (condition_label(condition, side.table), condition.text)
    if side.value is not None:
        found[name, HAS_VALUE.format(side.value)] = (presence_label(side.value, side.table), side.value)
    if side.within is not None:
        title = registry[side.within].title
        found[name, WITHIN.format(side.within)] = (WITHIN.format(f'"{title}"'), side.within)
    return found
