"""A distribution as bars in the order of its groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.english import join_words
from cf_pipeline.contracts.rounding import displayed_figure, exact
from cf_pipeline.outputs.charts.chart import Chart, ChartTable, Spec
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.parts.marks import layer
from cf_pipeline.outputs.charts.parts.palette import OWN
from cf_pipeline.outputs.charts.parts.row_frame import figures_beside, row_frame
from cf_pipeline.outputs.charts.words import (
    FEWEST_CASES,
    SMALL_WHOLE,
    figure_text,
    has_value,
    join_sentences,
    quarter_text,
    reason_text,
    sentence_of,
    unit_of_groups,
)
from cf_pipeline.outputs.report.cells import format_number

MANY_GROUPS = 12
"""With more groups those of none are left out of the picture."""
_THICKNESS = 18


@dataclass(frozen=True)
class Group:
    """One group of a distribution: its words and its published row."""

    label: str
    row: Any

    @property
    def count(self) -> int:
        """How many it holds; 0 where there is no figure."""
        return int(self.row.numerator) if has_value(self.row) else 0


def groups_of(figures: Figures, kpi_id: str, quarter: Quarter) -> list[Group]:
    """The groups of a distribution that have a row in a quarter, in their order."""
    code_set = figures.kpis[kpi_id].band_code_set
    labels = {band.category: str(band.label) for band in figures.bands if band.code_set == code_set}
    rows = {category: figures.band(kpi_id, category, quarter) for category in labels}
    return [Group(labels[category], row) for category, row in rows.items() if row is not None]


def bands_chart(figures: Figures, kpi_id: str) -> Chart:
    """The distribution of a quarter; the table has each group's count and, of 20 or more, its share."""
    kpi, quarter = figures.kpis[kpi_id], figures.quarter
    groups = groups_of(figures, kpi_id, quarter)
    whole = whole_of(groups)
    drawn = [group for group in groups if group.count or len(groups) <= MANY_GROUPS]
    reason = _reason(groups, whole)
    return Chart(
        name=f"bands-{kpi_id.replace('_', '-')}",
        title=_title(kpi, groups, whole, quarter),
        description=reason
        or join_sentences(
            sentence_of("bands", "picture", quarter=quarter_text(quarter)),
            sentence_of("bands", "left_out") if len(drawn) < len(groups) else "",
        ),
        table=ChartTable(
            (unit_of_groups(kpi.band_code_set).capitalize() or "Group", quarter_text(quarter)),
            tuple((group.label, _count_text(kpi, group)) for group in groups),
        ),
        spec=None if reason else _spec(drawn),
    )


def whole_of(groups: list[Group]) -> int:
    """How many all groups hold together, as published; 0 where there is no figure."""
    known = [exact(group.row.denominator) for group in groups if has_value(group.row)]
    return int(known[0]) if known and known[0] is not None else 0


def largest_groups(groups: list[Group]) -> list[Group]:
    """The group that holds most, or all that do; none where every group is empty."""
    most = max((group.count for group in groups), default=0)
    return [group for group in groups if group.count == most] if most else []


def _reason(groups: list[Group], whole: int) -> str:
    missing = next((group.row for group in groups if not has_value(group.row)), None)
    if not groups or (missing is not None and not whole):
        return sentence_of("shared", "no_figure", reason=reason_text(missing)).strip()
    return sentence_of("shared", "small_share", fewest=FEWEST_CASES) if whole < FEWEST_CASES else ""


def _title(kpi: Any, groups: list[Group], whole: int, quarter: Quarter) -> str:
    largest = largest_groups(groups)
    words: dict[str, Any] = {"measure": kpi.title, "whole": f"{whole:,}", "quarter": quarter_text(quarter)}
    if not whole or not largest:
        known = any(has_value(group.row) or group.row.symbol == "z" for group in groups)
        return sentence_of("bands", "none" if known else "missing", **words)
    labels = [f"{group.label} {unit_of_groups(kpi.band_code_set)}".strip() for group in largest]
    words["count"] = f"{largest[0].count:,}"
    if len(largest) > 1:
        joined = join_words(f"“{label}”" for label in labels)
        return sentence_of("bands", "title_of_several", **words, largest=joined)
    return sentence_of("bands", "title", **words, largest=labels[0])


def _count_text(kpi: Any, group: Group) -> str:
    """A group's count; of a whole of 20 or more with its share."""
    if not has_value(group.row):
        return figure_text(kpi, group.row)
    count = format_number(group.row.numerator, 0)
    if group.row.denominator < SMALL_WHOLE:
        return count
    return f"{count} ({displayed_figure(group.row.numerator, group.row.denominator)}%)"


def _spec(groups: list[Group]) -> Spec:
    figures = [_count_text(None, group) if has_value(group.row) else "" for group in groups]
    largest = max(group.count for group in groups)
    frame = row_frame([group.label for group in groups], figures, (0, largest))
    rows = [
        {"x": group.count, "y": y, "figure": figure}
        for group, y, figure in zip(groups, frame.centres, figures, strict=True)
    ]
    bars = {"type": "bar", "color": OWN, "orient": "horizontal", "height": _THICKNESS}
    encoding = {"x": {**frame.x(), "stack": None}, "y": frame.y()}
    return frame.canvas.spec(
        [layer(rows, bars, encoding), figures_beside(rows, frame), *frame.words_layers()]
    )
