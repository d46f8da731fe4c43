"""The registry of output forms, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cf_pipeline.contracts.authorities import authority
from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.charts.drawing import picture
from cf_pipeline.outputs.charts.kinds.trend import trend_chart
from cf_pipeline.outputs.forms import FORMS, editions
from cf_pipeline.outputs.output_form import Edition, FormInput, FormUnavailableError
from cf_pipeline.outputs.report import content
from cf_pipeline.outputs.report.model import Report, Section
from tests.support import publication_example as example
from tests.support.chart_figures import figures, totals
from tests.support.report_example import LIMITS

README = Path(__file__).parents[3] / "README.md"


def test_a_form_has_a_name_of_its_own_and_so_has_each_file() -> None:
    assert len({form.name for form in FORMS}) == len(FORMS)
    assert len({edition.file_name for edition in editions()}) == len(editions())


@pytest.mark.parametrize("edition", editions(), ids=lambda edition: edition.file_name)
def test_a_file_with_case_ids_lies_apart_from_the_others(edition: Edition) -> None:
    assert edition.is_restricted == edition.file_name.startswith("restricted/")


def test_the_readme_has_every_file_in_the_registrys_order() -> None:
    expected = [
        f"| `data/outputs/<authority>/{edition.file_name}` | {edition.content} | {edition.readers} |"
        for edition in editions()
    ]
    rows = [line for line in README.read_text(encoding="utf-8").splitlines() if "data/outputs/<" in line]
    assert rows == expected


def test_a_machine_without_a_font_for_pictures_lacks_the_word_file_alone(monkeypatch) -> None:
    def no_font(chart: Chart, store: object) -> bytes:
        raise picture.DrawingError("Charts cannot be drawn, because this machine has no font.")

    def report_with_a_chart(*tables: object, **choices: object) -> Report:
        chart = trend_chart(figures(fact_kpi_quarterly=totals("contacts_count", [80] * 8)), "contacts_count")
        report = report_content(*tables, **choices)
        return replace(report, sections=(*report.sections, Section("charts", "Charts", (chart,))))

    report_content = content.report_content
    monkeypatch.setattr(content, "report_content", report_with_a_chart)
    monkeypatch.setattr(picture, "draw_png", no_font)
    forms = {form.name: form for form in FORMS}
    source = FormInput(authority(example.SLUG), example.report_tables(), LIMITS)
    with pytest.raises(FormUnavailableError, match="has no font"):
        forms["committee_report_docx"].render(source)
    assert b"<svg" in forms["committee_report"].render(source)
