"""Every output form, one entry each.

The asset that writes a form's files, the lines at the end of a run and the README's table "What comes out"
follow from its entry. docs/adding_an_output.md shows how to add one. What makes a form is imported when it is
made: every command names the files, few make them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cf_pipeline.outputs.charts import figures as chart_figures
from cf_pipeline.outputs.output_form import (
    Edition,
    FormInput,
    FormUnavailableError,
    OutputForm,
    RowsByTable,
    Source,
)
from cf_pipeline.outputs.report.published_facts import rows_of_quarter

if TYPE_CHECKING:
    from cf_pipeline.outputs.charts.chart import Chart
    from cf_pipeline.outputs.report.model import Report


def _report(form_input: FormInput) -> Report:
    """The report's content, the same for each of its forms."""
    from cf_pipeline.outputs.report.content import report_content  # noqa: PLC0415 - made when asked for
    from cf_pipeline.outputs.report.editions import edition_of  # noqa: PLC0415

    return report_content(
        form_input.tables,
        form_input.authority.authority_code,
        wording_limits=form_input.wording_limits,
        edition=edition_of(form_input.schema),
    )


def _committee_report(form_input: FormInput) -> bytes:
    from cf_pipeline.outputs.charts.drawing.picture import draw_svg  # noqa: PLC0415 - vl-convert
    from cf_pipeline.outputs.report.formats.html import render_html  # noqa: PLC0415 - templates

    def draw(chart: Chart) -> str:
        return draw_svg(chart, form_input.drawings)

    return render_html(_report(form_input), draw).encode("utf-8")


def _committee_report_docx(form_input: FormInput) -> bytes:
    from cf_pipeline.outputs.charts.drawing.picture import DrawingError, draw_png  # noqa: PLC0415 - vl-convert
    from cf_pipeline.outputs.report.formats.word import render_word  # noqa: PLC0415 - python-docx

    def draw(chart: Chart) -> bytes:
        try:
            return draw_png(chart, form_input.drawings)
        except DrawingError as error:
            raise FormUnavailableError(str(error)) from None

    return render_word(_report(form_input), form_input.template, draw)


def _committee_report_pdf(form_input: FormInput) -> bytes:
    from cf_pipeline.outputs.report.formats.pdf import render_pdf  # noqa: PLC0415 - made when asked for

    return render_pdf(_committee_report(form_input).decode("utf-8"))


def _data_quality_workbook(form_input: FormInput) -> bytes:
    from cf_pipeline.outputs.workbook.data_quality import render_workbook  # noqa: PLC0415 - openpyxl

    return render_workbook(form_input.tables, is_restricted=form_input.is_restricted)


REPORT_TABLES: RowsByTable = {
    **chart_figures.TABLES,
    "fact_headline": {},
    "fact_forecast_record": {},
    "delivery": {},
    "data_quality": {},
    "kpi_revision": {},
    "v_kpi_change": {},
    "v_kpi_trend": {"breakdown": "total", "basis": "quarter"},
}
"""What the report shows of the publication."""
FORMS = (
    OutputForm(
        name="committee_report",
        description="The committee report, internal edition: one accessible HTML file an authority, "
        "from what was published.",
        kinds=frozenset({"html"}),
        source=Source.PUBLISHED,
        editions=(
            Edition(
                file_name="committee_report.html",
                title="Committee report",
                content="what matters on one page, headlines, each area, definitions; internal edition",
                readers="managers, committee officers",
            ),
        ),
        render=_committee_report,
        tables=REPORT_TABLES,
        rows_of_quarter=rows_of_quarter,
    ),
    OutputForm(
        name="committee_report_docx",
        description="The committee report as a Word file, on the council's own template where one is set.",
        kinds=frozenset({"word"}),
        source=Source.PUBLISHED,
        editions=(
            Edition(
                file_name="committee_report.docx",
                title="Committee report (Word)",
                content="the same as a Word file, on the council's own template where one is set",
                readers="committees, committee officers",
                is_optional=True,
            ),
        ),
        render=_committee_report_docx,
        draws_every_chart=True,
        tables=REPORT_TABLES,
        rows_of_quarter=rows_of_quarter,
    ),
    OutputForm(
        name="committee_report_pdf",
        description="The committee report as a tagged PDF with bookmarks, printed by Chromium.",
        kinds=frozenset({"pdf"}),
        source=Source.PUBLISHED,
        editions=(
            Edition(
                file_name="committee_report.pdf",
                title="Committee report (PDF)",
                content="the same as a tagged PDF, where this machine has Chromium",
                readers="committees, committee officers",
                is_optional=True,
            ),
        ),
        render=_committee_report_pdf,
        tables=REPORT_TABLES,
        rows_of_quarter=rows_of_quarter,
    ),
    OutputForm(
        name="data_quality_workbook",
        description="What to correct in the source system: issues by rule, child, file and cell, and what to "
        "decide; a restricted copy names children by case id.",
        kinds=frozenset({"excel"}),
        source=Source.DATA_QUALITY,
        editions=(
            Edition(
                file_name="data_quality.xlsx",
                title="Data-quality workbook",
                content="what to fix first; every issue by rule, child and cell, and what to decide",
                readers="administrators",
            ),
            Edition(
                file_name="restricted/data_quality_by_child.xlsx",
                title="with case ids",
                content="the same with the case system's own id of each child and the wordings to decide",
                readers="staff with a right to the records",
                is_restricted=True,
            ),
        ),
        render=_data_quality_workbook,
    ),
)
"""In the order in which a run names their files."""


def editions() -> list[Edition]:
    """Every file that a run writes for an authority, in the order in which they are named."""
    return [edition for form in FORMS for edition in form.editions]
