"""The Word file: real headings, tables that can be heard, the council's template, and the same bytes."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from cf_pipeline.outputs.charts.chart import Chart, ChartTable
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.editions import INTERNAL
from cf_pipeline.outputs.report.formats.paper_format import FormatUnavailableError, WordTemplate
from cf_pipeline.outputs.report.formats.word import render_word
from cf_pipeline.outputs.report.model import Report, Section, Sentence
from tests.support import publication_example as example
from tests.support.report_example import LIMITS

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""A PNG of one pixel."""


@pytest.fixture(scope="module")
def report() -> Report:
    return report_content(example.report_tables(), example.CODE, wording_limits=LIMITS)


@pytest.fixture(scope="module")
def content(report: Report) -> bytes:
    return render_word(report)


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def template(change: Any = lambda document: None) -> WordTemplate:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Anytown Council"
    document.add_paragraph("Text of the template.")
    change(document)
    file = io.BytesIO()
    document.save(file)
    return WordTemplate("council.docx", file.getvalue())


def test_headings_are_words_own_and_in_order(report: Report, content: bytes) -> None:
    headings = [
        (int(each.style.name[-1]), each.text)
        for each in opened(content).paragraphs
        if each.style.name.startswith("Heading")
    ]
    assert headings == [(depth, section.title) for depth, section in report.all_sections()]
    assert all(after - before <= 1 for (before, _), (after, _) in pairwise(headings))


def test_the_first_row_of_each_table_repeats_and_no_row_is_cut(content: bytes) -> None:
    tables = opened(content).tables
    assert tables
    for table in tables:
        first, *others = [row._tr.trPr for row in table.rows]
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row.find(qn("w:tblHeader")) is None for row in others)
        assert all(row.find(qn("w:cantSplit")) is not None for row in (first, *others))


def test_each_table_has_a_caption_and_says_its_columns_and_merges_nothing(content: bytes) -> None:
    for table in opened(content).tables:
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val")).strip()
        columns = properties.find(qn("w:tblDescription")).get(qn("w:val"))
        assert columns == ", ".join(cell.text for cell in table.rows[0].cells)
        assert not list(table._tbl.iter(qn("w:gridSpan"), qn("w:vMerge")))


def test_a_table_is_as_wide_as_the_page_and_headlines_have_the_room(report: Report, content: bytes) -> None:
    document = opened(content)
    page = document.sections[0]
    room = page.page_width - page.left_margin - page.right_margin
    for table in document.tables:
        assert all(abs(sum(cell.width for cell in row.cells) - room) < 0.01 * room for row in table.rows)
        # Word goes by the width of each cell, LibreOffice by that of the columns.
        columns = [column.width for column in table.columns]
        assert all([cell.width for cell in row.cells] == columns for row in table.rows)
    headlines = next(each for each in document.tables if each.rows[0].cells[1].text == "Headlines")
    area, sentences = (cell.width for cell in headlines.rows[1].cells)
    assert sentences > 3 * area


def test_the_language_is_that_of_the_report_everywhere(content: bytes) -> None:
    languages = [each.get(qn("w:val")) for each in opened(content).styles.element.iter(qn("w:lang"))]
    assert languages == ["en-GB"]


def test_a_font_that_is_not_there_has_another_named_in_its_place(content: bytes) -> None:
    package = opened(content).part.package
    (part,) = [each for each in package.iter_parts() if each.partname == "/word/fontTable.xml"]
    assert b'w:name="Arial"' in part.blob
    assert b'<w:altName w:val="Liberation Sans"/>' in part.blob


def test_a_picture_has_the_charts_title_and_description_and_its_table_follows() -> None:
    chart = Chart(
        "c", "Contacts are steady", "A line.", ChartTable(("Quarter", "Contacts"), (("Q1", "80"),)), {}
    )
    section = Section("s", "Contacts", (chart,))
    report = Report(
        "Title", "Anytown", INTERNAL, (), (section,), Sentence("End."), {"chart_table": "Figures"}
    )
    document = opened(render_word(report, draw_png=lambda _: DOT))
    (picture,) = document.inline_shapes
    properties = picture._inline.docPr
    assert (properties.get("title"), properties.get("descr")) == ("Contacts are steady", "A line.")
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["Quarter", "Contacts"],
        ["Q1", "80"],
    ]


def test_a_charts_table_of_many_columns_stands_with_its_rows_as_columns() -> None:
    quarters = tuple(f"Q{number}" for number in range(1, 9))
    table = ChartTable(("Team", *quarters), (("North", *"12345678"), ("South", *"87654321")))
    chart = Chart("c", "Contacts by team", "Small lines.", table, None)
    section = Section("s", "Contacts", (chart,))
    report = Report(
        "Title", "Anytown", INTERNAL, (), (section,), Sentence("End."), {"chart_table": "Figures"}
    )
    rows = [[cell.text for cell in row.cells] for row in opened(render_word(report)).tables[0].rows]
    assert rows[:2] == [["Team", "North", "South"], ["Q1", "1", "8"]]
    assert len(rows) == 9


def test_a_page_begins_with_its_heading_and_no_empty_line(report: Report, content: bytes) -> None:
    begins = [each for each in opened(content).paragraphs if each.paragraph_format.page_break_before]
    follows = [after for before, after in pairwise(report.sections) if before.is_page]
    assert [each.text for each in begins] == [section.title for section in follows]
    assert follows


def test_the_councils_template_gives_page_and_header_and_its_text_is_gone(report: Report) -> None:
    document = opened(render_word(report, template()))
    assert document.sections[0].header.paragraphs[0].text == "Anytown Council"
    assert "Text of the template." not in [each.text for each in document.paragraphs]


def test_a_template_without_a_style_is_one_sentence_that_names_it(report: Report) -> None:
    def without_caption(document: Any) -> None:
        document.styles["Caption"].delete()

    with pytest.raises(FormatUnavailableError, match=r"council\.docx lacks the style Caption: use"):
        render_word(report, template(without_caption))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_a_template_that_is_no_word_file_is_one_sentence(report: Report, content: bytes) -> None:
    with pytest.raises(FormatUnavailableError, match=r"council\.docx is not there or is no \.docx file"):
        render_word(report, WordTemplate("council.docx", content))


def test_it_is_the_same_bytes_every_time(report: Report, content: bytes) -> None:
    assert render_word(report) == content
