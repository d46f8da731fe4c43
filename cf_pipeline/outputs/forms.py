"""Every output form, one entry each.

The asset that writes a form's files, the lines at the end of a run and the README's table "What comes out"
follow from its entry. docs/adding_an_output.md shows how to add one. What makes a form is imported when it is
made: every command names the files, few make them.
"""

from __future__ import annotations

from cf_pipeline.outputs.output_form import Edition, FormInput, OutputForm, Source
from cf_pipeline.outputs.report.report_tables import TABLES, rows_of_quarter


def _committee_report(form_input: FormInput) -> bytes:
    from cf_pipeline.outputs.report.content import report_content  # noqa: PLC0415 - made when asked for
    from cf_pipeline.outputs.report.formats.html import render_html  # noqa: PLC0415 - templates

    report = report_content(
        form_input.tables,
        form_input.authority.authority_code,
        wording_limits=form_input.wording_limits,
        has_charts=False,
    )
    return render_html(report).encode("utf-8")


def _data_quality_workbook(form_input: FormInput) -> bytes:
    from cf_pipeline.outputs.workbook.data_quality import render_workbook  # noqa: PLC0415 - openpyxl

    return render_workbook(form_input.tables, is_restricted=form_input.is_restricted)


FORMS = (
    OutputForm(
        name="committee_report",
        description="The committee report, internal edition, without charts: one accessible HTML file an "
        "authority, from what was published.",
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
        tables=TABLES,
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
