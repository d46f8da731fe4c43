"""Every format of the report, one entry each; docs/adding_an_output.md shows how to add one.

What makes a format is imported when it is made: every command names the formats, few make one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cf_pipeline.outputs.report.formats.paper_format import (
    FormatUnavailableError,
    PaperFormat,
    PaperSupplies,
)

if TYPE_CHECKING:
    from cf_pipeline.outputs.charts.chart import Chart
    from cf_pipeline.outputs.report.model import Report


def _html(report: Report, supplies: PaperSupplies) -> bytes:
    from cf_pipeline.outputs.charts.drawing.picture import draw_svg  # noqa: PLC0415 - vl-convert
    from cf_pipeline.outputs.report.formats.html import render_html  # noqa: PLC0415 - templates

    def draw(chart: Chart) -> str:
        return draw_svg(chart, supplies.drawings)

    return render_html(report, draw).encode("utf-8")


def _word(report: Report, supplies: PaperSupplies) -> bytes:
    from cf_pipeline.outputs.charts.drawing.picture import DrawingError, draw_png  # noqa: PLC0415 - vl-convert
    from cf_pipeline.outputs.report.formats.word import render_word  # noqa: PLC0415 - python-docx

    def draw(chart: Chart) -> bytes:
        try:
            return draw_png(chart, supplies.drawings)
        except DrawingError as error:
            raise FormatUnavailableError(str(error)) from None

    return render_word(report, supplies.template, draw)


def _pdf(report: Report, supplies: PaperSupplies) -> bytes:
    from cf_pipeline.outputs.report.formats.pdf import render_pdf  # noqa: PLC0415 - made when asked for

    return render_pdf(_html(report, supplies).decode("utf-8"))


def _excel(report: Report, _: PaperSupplies) -> bytes:
    from cf_pipeline.outputs.report.formats.excel import render_excel  # noqa: PLC0415 - gptables

    return render_excel(report)


FORMATS = {
    each.name: each
    for each in (
        PaperFormat("html", ".html", _html),
        PaperFormat("word", ".docx", _word),
        PaperFormat("pdf", ".pdf", _pdf),
        PaperFormat("excel", ".xlsx", _excel, has_data=True),
    )
}
"""By name, in the order in which they are written."""
