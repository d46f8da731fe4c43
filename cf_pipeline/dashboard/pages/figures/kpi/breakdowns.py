"""A KPI split by age, team, source and so on: the latest period, then every period."""

from __future__ import annotations

from typing import Any

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.dashboard.content import Block, Cell, Column, Links, Section, TableView
from cf_pipeline.dashboard.pages.figures.cells import band_cell, count_cell, figure_cell, value_cell
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.kpi.quarters import (
    count_cells,
    count_names,
    period_text,
    shown_cell,
)
from cf_pipeline.dashboard.pages.figures.kpi.rows import TEAM_AND, KpiRows
from cf_pipeline.outputs.charts.words import quarter_text, unit_of_groups
from cf_pipeline.outputs.report.places import COUNTS


def breakdown_section(rows: KpiRows) -> Section:
    """The choice of a breakdown, and the tables of the one that is chosen."""
    title = "Split by" if not rows.breakdown else f"By {rows.breakdowns[rows.breakdown]}"
    if not rows.breakdowns:
        return Section("breakdown", title, (_no_table("This measure is published in total alone."),))
    blocks: list[Block] = [_choices(rows)]
    if rows.breakdown in TEAM_AND:
        blocks.append(_team_table(rows))
    elif rows.breakdown:
        blocks += [_latest_table(rows), _periods_table(rows)]
    return Section("breakdown", title, tuple(blocks))


def _choices(rows: KpiRows) -> Links:
    query = {"basis": "" if rows.basis == "quarter" else rows.basis}
    links = []
    for name, words in rows.breakdowns.items():
        link = rows.scope.link(words, "kpi", {**query, "breakdown": name})
        links.append(type(link)(link.text, f"{link.href}#breakdown", name == rows.breakdown))
    return Links("Split by", tuple(links))


def _no_table(words: str) -> TableView:
    return TableView("categories", "Breakdowns", (Column("Category"),), (), words)


def _latest_table(rows: KpiRows) -> TableView:
    """A row a category: the period shown, the one before, and a year before."""
    quarter = rows.period
    is_year = rows.basis == "year"
    before = quarter.previous(QUARTERS_PER_YEAR if is_year else 1)
    year_before = [] if is_year else [quarter.previous(QUARTERS_PER_YEAR)]
    earlier = [before, *year_before]
    return TableView(
        "categories",
        f"{rows.kpi.title} by {rows.breakdowns[rows.breakdown]}, {period_text(quarter, rows.basis)}",
        (
            Column(rows.breakdowns[rows.breakdown].capitalize()),
            Column(period_text(quarter, rows.basis), is_number=True),
            *(Column(name, is_number=True) for name in count_names(rows.kpi)),
            *(Column(period_text(each, rows.basis), is_number=True) for each in earlier),
        ),
        tuple(
            (
                _name(category, rows),
                _figure(rows.of_category(category.category, quarter), rows),
                *count_cells(rows.of_category(category.category, quarter), rows),
                *(
                    _figure(rows.of_category(category.category, each), rows, is_link=False)
                    for each in earlier
                ),
            )
            for category in rows.categories
        ),
        "There is no figure of any category.",
    )


def _periods_table(rows: KpiRows) -> TableView:
    """A row a period and category, each beside last year's and the published figure of other places.

    Other places publish no figure of a category: theirs are of everyone.
    """
    places = [] if rows.kpi.kind in (*COUNTS, "distribution") else rows.figures.places()
    references = {
        quarter: [rows.figures.comparison(rows.kpi_id, against, quarter, rows.basis) for against, _ in places]
        for quarter in rows.periods
    }
    found = [
        (quarter, category, row)
        for quarter in reversed(rows.periods)
        for category in rows.categories
        if (row := rows.of_category(category.category, quarter)) is not None
    ]
    return TableView(
        "categories-by-period",
        f"{rows.kpi.title} by {rows.breakdowns[rows.breakdown]}, every period",
        (
            Column("Period"),
            Column(rows.breakdowns[rows.breakdown].capitalize()),
            Column("Figure", is_number=True),
            *(Column(name, is_number=True) for name in count_names(rows.kpi)),
            Column("A year before", is_number=True),
            *(Column(f"{name} (everyone)", is_number=True) for _, name in places),
        ),
        tuple(
            (
                Cell(period_text(quarter, rows.basis), quarter.key),
                _name(category, rows),
                _figure(row, rows),
                *count_cells(row, rows),
                value_cell(row.value_last_year, rows.kpi),
                *(
                    value_cell(None if each is None else each.reference, rows.kpi)
                    for each in references[quarter]
                ),
            )
            for quarter, category, row in found
        ),
        "There is no figure of any period.",
        is_long=True,
    )


def _team_table(rows: KpiRows) -> TableView:
    """A row a team, a column an age band or gender, as counted at the end of the quarter."""
    part = TEAM_AND[rows.breakdown]
    facts = rows.tables["fact_kpi_by_team"]
    counts = {(row.team, row.category): row.numerator for row in rows_of(facts[facts["breakdown"].eq(part)])}
    known = rows.tables["dim_category"].query("breakdown == @part").sort_values("position")
    columns = [row for row in rows_of(known) if any(key[1] == row.category for key in counts)]
    words, end = rows.breakdowns[rows.breakdown], quarter_text(rows.scope.quarter)
    return TableView(
        "categories",
        f"{rows.kpi.title} by {words}, at the end of {end}",
        (Column("Team"), *(Column(str(row.label), is_number=True) for row in columns)),
        tuple(
            (
                Cell(_team_name(team, rows), team),
                *(count_cell(counts.get((team, row.category), 0)) for row in columns),
            )
            for team in sorted({key[0] for key in counts})
        ),
        "There is no such child in any team.",
    )


def _team_name(team: str, rows: KpiRows) -> str:
    return str(rows.figures.team_labels.get(team, team))


def _figure(row: Any, rows: KpiRows, *, is_link: bool = True) -> Cell:
    if rows.kpi.kind == "distribution":
        return band_cell(row)
    return shown_cell(row, rows) if is_link else figure_cell(row, rows.kpi)


def _name(category: Any, rows: KpiRows) -> Cell:
    unit = unit_of_groups(category.code_set) if rows.breakdown == "band" else ""
    return Cell(f"{category.label} {unit}".strip(), str(category.label))
