"""Every form says what the content says, in its order, and has no sentence or figure of its own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cf_pipeline.outputs.charts.chart import Chart, ChartTable
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.formats.html import render_html
from cf_pipeline.outputs.report.formats.word import render_word
from cf_pipeline.outputs.report.model import Report, Section
from tests.support import publication_example as example
from tests.support.report_example import LIMITS
from tests.support.report_texts import (
    numbers_of,
    text_of_html,
    text_of_word,
    texts_of_report,
    texts_of_sections,
)

FORMS = {
    "html": lambda report: text_of_html(render_html(report)),
    "word": lambda report: text_of_word(render_word(report)),
}


@pytest.fixture(scope="module")
def report() -> Report:
    found = report_content(example.report_tables(), example.CODE, wording_limits=LIMITS)
    table = ChartTable(("Quarter", "Contacts", "Usual range"), (("Q1 2019/20", "80", "52 to 105"),))
    chart = Chart("c", "Contacts are steady", "A line of one quarter.", table, None)
    return replace(found, sections=(*found.sections, Section("charts", "Charts", (chart,))))


@pytest.mark.parametrize("form", FORMS)
def test_every_text_of_the_content_stands_in_the_form(report: Report, form: str) -> None:
    shown = FORMS[form](report)
    missing = [text for text in texts_of_report(report) if text not in shown]
    assert missing == []


@pytest.mark.parametrize("form", FORMS)
def test_the_form_has_no_figure_of_its_own(report: Report, form: str) -> None:
    notes = re.sub(r"\bnote \d+|(?<=\s)\d+\. (?=[A-Z])", "", FORMS[form](report))
    assert numbers_of([notes]) <= numbers_of(texts_of_report(report))


@pytest.mark.parametrize("form", FORMS)
def test_the_sections_stand_in_the_order_of_the_content(report: Report, form: str) -> None:
    shown, place = FORMS[form](report), 0
    for text in texts_of_sections(report):
        found = shown.find(text, place)
        assert found >= 0, text
        place = found + len(text)
