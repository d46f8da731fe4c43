"""The rows behind one figure: those it counts, those it leaves out, and at which step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.lineage.explain import DENOMINATOR, NUMERATOR, VALUES, period_of, step_labels
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side
from cf_pipeline.kpi.measure.count_steps import FIRST_STEPS, KeptRows
from cf_pipeline.kpi.measure.counted_records import LIST
from cf_pipeline.kpi.measure.periods import Periods

LEFT_OUT = "left out"
PLACE = ["delivery_id", "file", "sheet", "excel_row"]
RECORD = ["list", "person_ref", "record_key"]
ROLES = (NUMERATOR, VALUES, DENOMINATOR, LEFT_OUT)
COLUMNS = ["role", *RECORD, *PLACE, "why"]


def explain_rows(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], kpi: Kpi, quarter: Quarter
) -> pd.DataFrame:
    """Every row of the lists that a KPI counts in a quarter, once each.

    Args:
        tables: the core tables of one authority.
        registry: the KPIs.
        kpi: the KPI in question.
        quarter: the quarter.

    Returns:
        role (numerator, values, denominator, or left out), list, person_ref, record_key, the place of the row
        (delivery_id, file, sheet, excel_row), and why: of a row left out the step that it fails; of one that
        the denominator alone counts, the step of the numerator that it fails. A side that is absent counts no
        row, for its reason.
    """
    counter = RecordCounter(tables, registry, Availability.from_tables(tables))
    period = period_of(quarter, "quarter")
    sides = [(NUMERATOR if kpi.numerator.value is None else VALUES, kpi.numerator)]
    sides += [] if kpi.denominator is None else [(DENOMINATOR, kpi.denominator)]
    parts = [rows for role, side in sides for rows in _rows_of_side(counter, role, side, period)]
    found = pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS)
    failed = found[found["role"].eq(LEFT_OUT)].drop_duplicates(RECORD).set_index(RECORD)["why"]
    order = found["role"].map({role: number for number, role in enumerate(ROLES)})
    rows = found.assign(order=order).sort_values("order", kind="stable").drop_duplicates(RECORD)
    reasons = failed.reindex(pd.MultiIndex.from_frame(rows[RECORD])).to_numpy()
    rows["why"] = rows["why"].where(~rows["role"].eq(DENOMINATOR), reasons)
    rows = _with_places(rows, tables)
    return rows.sort_values(["order", "list", "file", "sheet", "excel_row"]).reset_index(drop=True)[COLUMNS]


def _rows_of_side(counter: RecordCounter, role: str, side: Side, period: Periods) -> Iterator[pd.DataFrame]:
    """The rows that a side counts, and those it leaves out at each of its steps."""
    counted = count_side(counter, side, period)
    is_fallback = counted.notes[0] is not None and side.fallback is not None
    side = side.fallback if is_fallback and side.fallback is not None else side
    labels = step_labels(side, counter.registry)
    reason = counted.reasons[0]
    kept = _identify(counted.records, counted.records.row, side.table)
    yield kept.assign(role=role, why="") if reason is None else kept.assign(role=LEFT_OUT, why=reason)
    for before, step in pairwise(counter.count_with_steps(side, period)):
        if step.words not in FIRST_STEPS and before.kept.table is step.kept.table:
            words = labels.get((step.list, step.words), (step.words, None))[0]
            dropped = np.setdiff1d(before.kept.row, step.kept.row)
            rows = _identify(step.kept, dropped, side.table if step.list is None else step.list)
            yield rows.assign(role=LEFT_OUT, why=f"does not hold: {words}")


def _identify(rows: KeptRows, positions: np.ndarray, name: str) -> pd.DataFrame:
    """List, child, record and place of some rows of a table; a table of several lists names each row's."""
    table = rows.table.take(positions)
    own_list = next((table[column] for column in (LIST, "list") if column in table.columns), name)
    columns = [column for column in (*RECORD[1:], *PLACE) if column in table.columns]
    return table[columns].assign(list=own_list).astype({"list": "str"}).reset_index(drop=True)


def _with_places(rows: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows; those of a table that joins lists with the place of their record in its list."""
    for name in rows.loc[rows["file"].isna(), "list"].unique():
        if name not in list_contracts() or name not in tables:
            continue
        is_of_list = rows["list"].eq(name) & rows["file"].isna()
        places = tables[name].drop_duplicates("record_key", keep="last").set_index("record_key")[PLACE]
        rows.loc[is_of_list, PLACE] = places.reindex(rows.loc[is_of_list, "record_key"]).to_numpy()
    return rows
