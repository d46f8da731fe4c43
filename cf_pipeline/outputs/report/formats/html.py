"""The report as one HTML file without links to other files, for the screen, the phone and paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from cf_pipeline.outputs.charts.chart import Chart, DrawSvg
from cf_pipeline.outputs.html_template import html_template
from cf_pipeline.outputs.report.model import Block, Report, Table
from cf_pipeline.outputs.report.words import phrase


def no_drawing(_: Chart) -> str:
    """No drawing: the table of a chart stands alone."""
    return ""


def render_html(report: Report, draw_svg: DrawSvg = no_drawing) -> str:
    """The report as HTML.

    Args:
        report: its content.
        draw_svg: draws its charts.
    """
    return html_template("report.html").render(
        report=report,
        words=report.words,
        draw=lambda chart: Markup(draw_svg(chart)),  # noqa: S704 - drawn by this product
        runs_of=_runs,
        kind_of=lambda block: type(block).__name__,
        note_words=lambda number: phrase("report", "note", number=number),
    )


def _runs(blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    """The blocks, those that may stand side by side (charts, tables of bands) together."""

    def name(block: Block) -> str:
        if isinstance(block, Chart):
            return "charts"
        return block.kind if isinstance(block, Table) else ""

    return [(kind, list(run)) for kind, run in groupby(blocks, key=name)]
