"""Small multiples: a KPI by team, or the measures of an area, each as a small line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.english import join_words
from cf_pipeline.outputs.charts.chart import Chart, ChartTable
from cf_pipeline.outputs.charts.figures import Figures, trend_quarters
from cf_pipeline.outputs.charts.parts.panel_grid import Panel, panel_spec
from cf_pipeline.outputs.charts.words import (
    FEWEST_CASES,
    direction_text,
    drawn_value,
    figure_text,
    has_value,
    join_sentences,
    quarter_text,
    reason_for_no_picture,
    sentence_of,
    short_text,
)

_NOT_BESIDE = ("distribution", "rate_10k")
"""A distribution is no line, and a rate has the line of its count."""
Line = tuple[str, Any, list[Any]]
"""The words of a line, its KPI, and a row of `fact_kpi_quarterly` a quarter."""


def teams_chart(figures: Figures, kpi_id: str) -> Chart:
    """A KPI by team over nine to twelve quarters, all of one scale; the table has a row a team.

    A team whose figures are too few, or rest on fewer than six cases, stands in the table alone.
    """
    kpi, quarters = figures.kpis[kpi_id], trend_quarters(figures.quarter)
    lines: list[Line] = [
        (
            figures.team_labels.get(team, team),
            kpi,
            [figures.team(kpi_id, team, quarter) for quarter in quarters],
        )
        for team in figures.teams(kpi_id)
    ]
    latest = [(words, rows[-1]) for words, _, rows in lines if has_value(rows[-1])]
    values = join_words(f"{words} {short_text(kpi, row)}" for words, row in latest) if latest else ""
    name = "teams" if values else "teams_missing"
    lines_to_draw = _lines_to_draw(lines)
    largest = max(
        (value for each in lines_to_draw for value in _values(each) if value is not None), default=0
    )
    panels = [_panel(each, largest) for each in lines_to_draw]
    title = sentence_of(
        "panels", name, measure=kpi.title, quarter=quarter_text(figures.quarter), values=values
    )
    words = sentence_of("panels", "picture_teams", **_span(quarters))
    table = _table("Team", quarters, lines)
    return _chart(f"teams-{kpi_id}", title, join_sentences(words, direction_text(kpi)), table, panels)


def area_chart(figures: Figures, area: str) -> Chart:
    """The measures of an area over nine to twelve quarters, each of its own scale; the table has a row each.

    Rates of the population are left out, because each has the line of its count.

    The title says how many of those drawn chance alone does not explain, by their firm control limits.
    """
    quarters = trend_quarters(figures.quarter)
    lines: list[Line] = [
        (str(kpi.title), kpi, [figures.total(kpi.kpi_id, quarter) for quarter in quarters])
        for kpi in figures.kpis.values()
        if kpi.area == area and kpi.kind not in _NOT_BESIDE
    ]
    known = [each for each in lines if any(map(has_value, each[2]))]
    lines_to_draw = _lines_to_draw(known)
    largest = [
        max((value for value in _values(each) if value is not None), default=0) for each in lines_to_draw
    ]
    panels = [_panel(each, most) for each, most in zip(lines_to_draw, largest, strict=True)]
    special, limit_count = _special(figures, lines_to_draw)
    words = join_sentences(
        sentence_of("panels", "picture_area", **_span(quarters)),
        sentence_of("panels", "special", names=join_words(special)) if special else "",
    )
    title = _area_title(figures, area, special, limit_count)
    table = _table("Measure", quarters, known)
    return _chart(f"area-{area.lower().replace(' ', '-')}", title, words, table, panels)


def _span(quarters: Sequence[Quarter]) -> dict[str, str]:
    return {"first": quarter_text(quarters[0]), "last": quarter_text(quarters[-1])}


def _lines_to_draw(lines: list[Line]) -> list[Line]:
    """The lines that a picture may show."""
    return [each for each in lines if has_value(each[2][-1]) and not reason_for_no_picture(each[1], each[2])]


def _values(line: Line) -> tuple[float | None, ...]:
    return tuple(drawn_value(line[1], row) for row in line[2])


def _panel(line: Line, largest: float) -> Panel:
    words, kpi, rows = line
    return Panel(words, _values(line), short_text(kpi, rows[-1]), largest or 1)


def _special(figures: Figures, lines_to_draw: list[Line]) -> tuple[list[str], int]:
    """The measures that stand out from chance by their firm limits, and how many have such limits.

    A stock's limits do not tell by themselves, which their caveat says, so it is not among them.
    """
    limits = {words: figures.limits(kpi.kpi_id, figures.quarter) for words, kpi, _ in lines_to_draw}
    firm = {words: row for words, row in limits.items() if row is not None and pd.isna(row.caveat)}
    special = [words for words, row in firm.items() if str(row.variation).startswith("special")]
    return special, len(firm)


def _area_title(figures: Figures, area: str, special: list[str], limit_count: int) -> str:
    words = {"area": area, "count": limit_count, "quarter": quarter_text(figures.quarter)}
    if not limit_count:
        return sentence_of("panels", "area_unjudged", **words)
    if limit_count == 1:
        return sentence_of("panels", "area_one" if special else "area_one_common", **words)
    if not special:
        return sentence_of("panels", "area_neither" if limit_count == 2 else "area_common", **words)
    stands = "stands" if len(special) == 1 else "stand"
    return sentence_of("panels", "area", **words, special=len(special), stands=stands)


def _table(subject: str, quarters: Sequence[Quarter], lines: list[Line]) -> ChartTable:
    return ChartTable(
        (subject, *map(quarter_text, quarters)),
        tuple((words, *(figure_text(kpi, row) for row in rows)) for words, kpi, rows in lines),
    )


def _chart(name: str, title: str, words: str, table: ChartTable, panels: list[Panel]) -> Chart:
    left_out = len(panels) < len(table.rows)
    return Chart(
        name=name.replace("_", "-"),
        title=title,
        description=join_sentences(
            words if panels else sentence_of("shared", "not_drawn"),
            sentence_of("panels", "left_out", fewest=FEWEST_CASES) if left_out else "",
        ),
        table=table,
        spec=panel_spec(panels) if panels else None,
    )
