"""The overview of one authority: the first page that anybody sees of it."""

from __future__ import annotations

from cf_pipeline.dashboard.content import Block, Content, Section, Text
from cf_pipeline.dashboard.pages.figures.overview.areas import areas_section
from cf_pipeline.dashboard.pages.figures.overview.changes import (
    changes_section,
    limits_section,
    worse_section,
)
from cf_pipeline.dashboard.pages.figures.overview.deliveries import corrected_section, newest_section
from cf_pipeline.dashboard.pages.figures.overview.rows import OverviewRows, read_overview
from cf_pipeline.dashboard.pages.figures.overview.targets import main_section, targets_section
from cf_pipeline.dashboard.pages.figures.overview.unknown import unknown_section, without_figure_section
from cf_pipeline.dashboard.pages.figures.report_blocks import text_blocks
from cf_pipeline.dashboard.pages.figures.scope import choose_scope
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.outputs.report.overview import measures
from cf_pipeline.outputs.report.year_end import year_end_section


def overview_content(visit: Visit) -> Content:
    """The overview of the authority of the address and the quarter chosen."""
    scope = choose_scope(visit)
    rows = read_overview(scope)
    return Content(
        title=f"{scope.authority.name}: {rows.facts.quarter_name}",
        summary=_summary(rows),
        sections=(
            changes_section(rows),
            targets_section(rows),
            areas_section(rows),
            main_section(rows),
            _year_end(rows),
            limits_section(rows),
            newest_section(rows),
            unknown_section(rows),
            worse_section(rows),
            corrected_section(rows),
            without_figure_section(rows),
        ),
    )


def _summary(rows: OverviewRows) -> tuple[Block, ...]:
    words = f"Figures as at {rows.scope.as_at_text}, the latest known. A measure leads to its own page."
    return rows.scope.form(), Text(words)


def _year_end(rows: OverviewRows) -> Section:
    """The sentences of the report, and the way to every forecast."""
    kpis = [rows.kpis[kpi_id] for kpi_id in measures()["year_end_measures"] if kpi_id in rows.kpis]
    found = year_end_section(rows.facts, kpis)
    more = Text("", (rows.scope.link("Every forecast, and how right such forecasts were", "forecasts"),))
    return Section("year-end", found.title, (*text_blocks(found.blocks), more))
