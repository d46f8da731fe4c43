"""The lines that `cf-pipeline explain` prints: a definition, figures, steps of counting, revisions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import pandas as pd

from cf_pipeline.history.tables.core_tables import title_of
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.lineage.explain import VALUES, ExplainedSide, ExplainedStep
from cf_pipeline.outputs.report.cells import format_number, is_share

BASES = {"quarter": "the quarter", "ytd": "the year to date", "year": "the year"}


def definition_lines(kpi: Kpi) -> Iterator[str]:
    """What the KPI is: its title, class, words, threshold and law."""
    yield f"{kpi.title} ({kpi.id}); {kpi.area}; {kpi.measure_class}"
    yield f"Numerator: {kpi.numerator_text}"
    words_by_name = {
        "Denominator": kpi.denominator_text,
        "Threshold": kpi.threshold,
        "Law or guidance": kpi.legal_source,
        "Differs from the published figure": kpi.comparator_note,
    }
    yield from (f"{name}: {words}" for name, words in words_by_name.items() if words)


def figure_lines(kpi: Kpi, rows: pd.DataFrame, labels: Mapping[str, str]) -> Iterator[str]:
    """The figures of one quarter, basis by basis: the total, or of a distribution a line a band.

    Args:
        kpi: the KPI of the figures.
        rows: of `measure_kpis`, the totals or the bands in their order.
        labels: band -> the label of its category.
    """
    for basis, figures in rows.groupby("basis", sort=False):
        period, first = BASES[str(basis)], figures.iloc[0]
        # The bands of a period share their denominator, so they are absent together.
        if figures["value"].isna().all():
            yield f"For {period}: no figure ({first['symbol']}). {first['reason']}"
        elif kpi.band is None:
            yield f"For {period}: {_with_unit(kpi, first['value'])}{_parts(kpi, first)}"
            if pd.notna(first["note"]):
                yield f"  {first['note']}"
        else:
            yield f"For {period}:"
            for row in figures.to_dict("records"):
                share = f"{_ratio(row)} ({_with_unit(kpi, row['value'])})"
                yield f"  {labels.get(row['category'], row['category'])}: {share}"


def side_lines(side: ExplainedSide) -> Iterator[str]:
    """How the records of one side were counted, list by list: rows left after each step."""
    were = "were" if side.role == VALUES else "was"
    yield f"How the {side.role} of the quarter {were} counted:"
    if side.note:
        yield f"  {side.note[0].upper()}{side.note[1:]}."
    for name, steps in groupby(side.steps, key=lambda step: step.list):
        yield f"  {'All these lists together' if name is None else title_of(name)}"
        yield from _steps(list(steps))
    if side.reason:
        yield f"  Not published: {side.reason}"
    else:
        yield f"  Counted: {format_number(side.amount, 0)}{_sum_words(side)}"


def revision_lines(kpi: Kpi, revisions: pd.DataFrame) -> Iterator[str]:
    """What later deliveries changed in the total, oldest first."""
    if revisions.empty:
        yield "Not revised since it was first reported."
        return
    yield "Revised:"
    for row in revisions.sort_values(["to_as_at", "basis"]).to_dict("records"):
        yield f"  {row['basis']}, as at {row['to_as_at']:%Y-%m-%d}: {_change(kpi, row)} ({row['reason']})"


def row_lines(rows: pd.DataFrame, people: pd.Series[str]) -> Iterator[str]:
    """The rows of `explain_rows`, a line each: role, case id, list, delivery, file, sheet, row of Excel, why.

    The last line says which rows are not listed.

    Args:
        rows: the rows.
        people: pseudonym -> case id.
    """
    yield "The rows of the quarter, one by one (case ids: not for publication):"
    for row in rows.assign(case=rows["person_ref"].map(people)).to_dict("records"):
        sheet = "" if pd.isna(row["sheet"]) or not row["sheet"] else f", sheet '{row['sheet']}'"
        number = "" if pd.isna(row["excel_row"]) else f", row {int(row['excel_row'])}"
        place = f"{row['delivery_id']}/{row['file']}{sheet}{number}" if pd.notna(row["file"]) else "no row"
        why = f"; {row['why']}" if pd.notna(row["why"]) and row["why"] else ""
        case = "not known" if pd.isna(row["case"]) else row["case"]
        yield f"  {row['role']:<11}  {case}  {title_of(row['list'])}: {place}{why}"
    yield "Not listed: the rows of the year to date and of the year, and which band or category a row is in."


def _steps(steps: Iterable[ExplainedStep]) -> Iterator[str]:
    for step in steps:
        left_out = f" ({step.left_out:,} left out)" if step.left_out else ""
        rule = "" if step.rule is None else f" [{step.rule}]"
        yield f"    {step.rows:>8,} {step.words}{left_out}{rule}"


def _sum_words(side: ExplainedSide) -> str:
    """What was added up and over how many rows; for values to average, their sum."""
    if side.column_sum is None:
        return ""
    if side.role == VALUES:
        return f" ({side.column_sum.label}, added up: {format_number(side.column_sum.total, 0)})"
    return f" ({side.column_sum.label}, added up over {side.records:,} row{'' if side.records == 1 else 's'})"


def _parts(kpi: Kpi, row: Any) -> str:
    """The counts behind a value: '12 of 43' for a share or rate, the number of values for a median."""
    if not kpi.has_denominator:
        return ""
    if kpi.numerator.value is None:
        return f" ({_ratio(row)})"
    total = "" if pd.isna(row["numerator"]) else f"{format_number(row['numerator'], 0)} over "
    return f" ({total}{format_number(row['denominator'], 0)} values)"


def _ratio(row: Any) -> str:
    return f"{format_number(row['numerator'], 0)} of {format_number(row['denominator'], 0)}"


def _change(kpi: Kpi, row: Mapping[Hashable, Any]) -> str:
    to = "not covered any more" if pd.isna(row["to_value"]) else _digits(kpi, row["to_value"])
    return f"from {_digits(kpi, row['from_value'])} to {to}"


def _with_unit(kpi: Kpi, value: Any) -> str:
    """A value with its unit."""
    return f"{_digits(kpi, value)}{'%' if is_share(kpi) else f' {kpi.unit}'}"


def _digits(kpi: Kpi, value: Any) -> str:
    """A count as the whole number it is; anything divided with one decimal at least."""
    return format_number(value, max(kpi.decimals, 1) if kpi.has_denominator else 0)
