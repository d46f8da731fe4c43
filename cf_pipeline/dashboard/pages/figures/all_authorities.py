"""The page of all authorities, each with its signals, targets and newest figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.dashboard.content import Cell, Column, Content, Section, TableView
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.signals import sum_of_signals
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.outputs.charts.figures import target_in_force
from cf_pipeline.outputs.charts.words import quarter_text
from cf_pipeline.outputs.report.words import day

_COLUMNS = (
    Column("Authority"),
    Column("Newest quarter"),
    Column("Figures as at"),
    Column("Signals"),
    Column("Off target", is_number=True),
)


def home_content(visit: Visit) -> Content:
    """Every authority with figures here, by name."""
    authorities = list(visit.authorities.values())
    first = visit.read_figures({"dim_kpi": {}, "fact_target": {}})
    keys = sorted({str(row.latest_quarter_key) for row in authorities if not pd.isna(row.latest_quarter_key)})
    targets = first["fact_target"]
    tables = visit.read_figures(
        {
            "fact_control_limit": {"status": "firm", "quarter_key": keys},
            "fact_kpi_quarterly": {
                "breakdown": "total",
                "basis": "quarter",
                "quarter_key": keys,
                "kpi_id": sorted(set(targets["kpi_id"])),
            },
        }
    )
    polarity = dict(zip(first["dim_kpi"]["kpi_id"], first["dim_kpi"]["polarity"], strict=True))
    table = TableView(
        "authority-list",
        "Authorities, the newest quarter of each",
        _COLUMNS,
        tuple(_row(row, visit, tables, targets, polarity) for row in authorities),
        "Nothing is published yet: run the pipeline first.",
    )
    return Content("All authorities", sections=(Section("authorities", "Authorities", (table,)),))


def _row(
    authority: Any,
    visit: Visit,
    tables: Mapping[str, pd.DataFrame],
    targets: pd.DataFrame,
    polarity: Mapping[str, str],
) -> tuple[Cell, ...]:
    name = Cell(str(authority.name), href=visit.href("overview", authority=str(authority.slug)))
    if pd.isna(authority.latest_quarter_key):
        return (
            name,
            Cell("none", value=""),
            *(Cell("–", value="", unseen="not known") for _ in _COLUMNS[2:]),
        )
    quarter = Quarter.parse(str(authority.latest_quarter_key))
    limits, facts = (
        _of(tables[each], authority, quarter) for each in ("fact_control_limit", "fact_kpi_quarterly")
    )
    own = targets[targets["authority_code"].eq(authority.authority_code)]
    return (
        name,
        Cell(quarter_text(quarter), quarter.key),
        Cell(day(authority.latest_as_at), f"{authority.latest_as_at:%Y-%m-%d}"),
        sum_of_signals(limits),
        _off_target(facts, own, polarity, quarter),
    )


def _of(frame: pd.DataFrame, authority: Any, quarter: Quarter) -> list[Any]:
    """The rows of an authority and quarter."""
    is_own = frame["authority_code"].eq(authority.authority_code) & frame["quarter_key"].eq(quarter.key)
    return rows_of(frame[is_own])


def _off_target(
    facts: Sequence[Any], targets: pd.DataFrame, polarity: Mapping[str, str], quarter: Quarter
) -> Cell:
    """How many targets in force are not reached, of those that can be judged."""
    judged = []
    for row in facts:
        own = rows_of(targets[targets["kpi_id"].eq(row.kpi_id)])
        target = target_in_force(own, quarter.end)
        direction = polarity.get(str(row.kpi_id))
        if target is None or pd.isna(row.value) or direction not in ("higher_better", "lower_better"):
            continue
        judged.append(
            row.value >= target.value if direction == "higher_better" else row.value <= target.value
        )
    if not judged:
        return Cell("–", value="", unseen="no target")
    missed = judged.count(False)
    return Cell(str(missed), missed, detail=f"of {len(judged)}", mark="bad" if missed else "")
