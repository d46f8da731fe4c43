"""Why one figure is what it is: the steps from the rows of a list to the records counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.kpi.availability import Availability
from cf_pipeline.kpi.condition_words import condition_words, known_words
from cf_pipeline.kpi.measure import side_of
from cf_pipeline.kpi.members import HAS_VALUE, WITHIN, Counting
from cf_pipeline.kpi.periods import Periods
from cf_pipeline.kpi.quarters import Quarter
from cf_pipeline.kpi.registry import Kpi
from cf_pipeline.kpi.sides import Side


@dataclass(frozen=True)
class StepExplained:
    """One step of counting: the list, what had to hold in words, the rule it is from, and the rows left.

    The `rule` is as the KPI's record has it, for analysts; None where the words are not those of a rule.
    """

    list: str
    words: str
    rule: str | None
    rows: int


@dataclass(frozen=True)
class SideExplained:
    """One side of a figure: which it is, its steps list by list, and how many records were counted.

    `reason` says why it is absent, `note` that another list was counted because its own does not cover the
    period; both are None where neither is so.
    """

    role: str
    steps: tuple[StepExplained, ...]
    counted: int
    reason: str | None
    note: str | None


def explain(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], kpi: Kpi, quarter: Quarter, basis: str
) -> list[SideExplained]:
    """The numerator and, where there is one, the denominator of a KPI's total in one period.

    Args:
        tables: the core tables of one authority, at the delivery that is asked about.
        registry: the KPIs.
        kpi: the one that is asked about.
        quarter: the period's last quarter.
        basis: quarter, ytd or year.
    """
    counting = Counting(tables, registry, Availability(tables["coverage"]))
    period = one_period(quarter, basis)
    sides = [("numerator", kpi.numerator)]
    if kpi.denominator is not None:
        sides.append(("denominator", kpi.denominator))
    return [_side(counting, role, side, period) for role, side in sides]


def one_period(quarter: Quarter, basis: str) -> Periods:
    """The period of a basis that ends with a quarter."""
    start = quarter.start if basis == "quarter" else quarter.year_start
    first, last = (np.array([day], dtype="datetime64[D]") for day in (start, quarter.end))
    return Periods(basis, (quarter,), first, last)


def _side(counting: Counting, role: str, side: Side, period: Periods) -> SideExplained:
    members, reasons, notes = side_of(counting, side, period)
    counted = side.fallback if notes[0] is not None and side.fallback is not None else side
    steps = tuple(step for part in counted.union or (counted,) for step in _steps(counting, part, period))
    return SideExplained(role, steps, len(members), reasons[0], notes[0])


def _steps(counting: Counting, side: Side, period: Periods) -> list[StepExplained]:
    plain = _words(side, counting.registry)
    steps = []
    for step in counting.sieved(side, period):
        words, rule = plain.get(step.words, (step.words, None))
        steps.append(StepExplained(step.list, words, rule, step.rows))
    return steps


def _words(side: Side, registry: Mapping[str, Kpi]) -> dict[str, tuple[str, str | None]]:
    """Words and rule of each step that the record of a side or its base asks for, by the step's own words."""
    found: dict[str, tuple[str, str | None]] = {} if side.base is None else _words(side.base, registry)
    for condition in side.where:
        found[condition.text] = (condition_words(condition, side.table), condition.text)
    if side.value is not None:
        found[HAS_VALUE.format(side.value)] = (known_words(side.value, side.table), side.value)
    if side.within is not None:
        found[WITHIN.format(side.within)] = (WITHIN.format(f'"{registry[side.within].title}"'), side.within)
    return found
