"""Count one numerator or denominator, or its fallback, with the reason of each period that lacks it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.counted_records import CountedRecords, concat_records
from cf_pipeline.kpi.measure.periods import Periods, Reasons, first_reason, has_reason, set_reason


@dataclass(frozen=True)
class CountedSide:
    """The records of a side, the reason of each period that lacks it, and the note on each that fell back."""

    records: CountedRecords
    reasons: Reasons
    notes: Reasons


def count_side(
    counter: RecordCounter, side: Side, periods: Periods, further_columns: tuple[str, ...] = ()
) -> CountedSide:
    """Count a side; in periods that its own list does not cover, count its fallback.

    A side without a fallback is counted once, however many KPIs have it.

    Args:
        counter: the core tables and the registry.
        side: the numerator or denominator.
        periods: the periods.
        further_columns: columns of the side's table that are needed besides its own.
    """
    if side.fallback is not None:  # the records may be a table of their own, too large to be kept
        return _count_side(counter, side, periods, further_columns)
    key = (side, periods.basis, further_columns)
    if key not in counter.sides:
        counter.sides[key] = _count_side(counter, side, periods, further_columns)
    found: CountedSide = counter.sides[key]
    return found


def _count_side(
    counter: RecordCounter, side: Side, periods: Periods, further_columns: tuple[str, ...]
) -> CountedSide:
    reasons = counter.availability.reasons(side, periods, further_columns)
    for part in side.parts:
        if part.within is not None:
            other = counter.registry[part.within].numerator
            reasons = first_reason(reasons, counter.availability.reasons(other, periods))
    records = counter.count(side, periods)
    notes = counter.availability.notes(side, periods)
    if side.fallback is not None:
        fallback_reasons = counter.availability.reasons(side.fallback, periods)
        falls_back = has_reason(reasons) & ~has_reason(fallback_reasons)
        if not falls_back.any():
            return CountedSide(records, reasons, notes)
        fallback = counter.count(side.fallback, periods)
        records = records.where(~falls_back[records.period])
        fallback = fallback.where(falls_back[fallback.period])
        records = concat_records([(side.table, records), (side.fallback.table, fallback)])
        notes = set_reason(notes, falls_back, side.fallback.note)
        reasons = set_reason(reasons, falls_back, None)
    return CountedSide(records, reasons, notes)


def values_of(records: CountedRecords, column: str) -> pd.Series:
    """The numbers of a column, or the days from its dates to the period's end."""
    values = records[column]
    return (records["period_end"] - values).dt.days if values.dtype.kind == "M" else values
