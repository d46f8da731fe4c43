"""The report as a Word file, on the council's own template where one is given.

Headings, lists, captions and tables are Word's own, so that its navigation, contents and screen readers work.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.shared import Mm, Pt

from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.report.formats.paper_format import FormatUnavailableError, WordTemplate
from cf_pipeline.outputs.report.formats.word_marks import (
    mark_picture,
    mark_table,
    set_fallback_font,
    set_language,
)
from cf_pipeline.outputs.report.model import (
    Block,
    Cell,
    Definitions,
    Notes,
    Report,
    Section,
    Sentence,
    Sentences,
    Table,
)
from cf_pipeline.outputs.report.words import phrase

TITLE, NORMAL, BULLET, CAPTION, GRID = "Title", "Normal", "List Bullet", "Caption", "Table Grid"
HEADINGS = ("Heading 1", "Heading 2", "Heading 3")
STYLES = (TITLE, NORMAL, BULLET, CAPTION, GRID, *HEADINGS)
"""The styles that a template must have."""
FONT, FALLBACK_FONT = "Arial", "Liberation Sans"
BODY, IN_TABLE, DETAIL = Pt(12), Pt(9), Pt(8)
MARGIN, FULL_WIDTH, CHART_WIDTH = Mm(18), Mm(174), Mm(125)
TREND_COLUMN, SPARKLINE_WIDTH = Mm(36), Mm(31)
FIRST_COLUMN, HEADLINE_AREA = Mm(52), Mm(32)
LETTER, CELL_MARGINS = Mm(1.8), Mm(4)
"""Of a letter in a table, on average; both sides of a cell."""
MOST_COLUMNS = 7
"""Of a chart's table; one of more columns stands with its rows as columns, so that no word is broken."""
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of each part in the file: the same report is the same bytes."""

DrawPng = Callable[[Chart], bytes]
"""Draws a chart as PNG; b'' for one without a drawing."""


def no_drawing(_: Chart) -> bytes:
    """No drawing: the table of a chart stands alone."""
    return b""


def render_word(
    report: Report, template: WordTemplate | None = None, draw_png: DrawPng = no_drawing
) -> bytes:
    """The report as the content of a .docx file.

    Args:
        report: its content.
        template: the council's own; its page, styles, header and footer are kept, its text is not.
        draw_png: draws its charts.

    Raises:
        FormatUnavailableError: the template is no .docx file, or lacks a style that the report needs.
    """
    document = _open(template)
    set_language(document, report.language)
    set_fallback_font(document, FONT, FALLBACK_FONT)
    _set_properties(document, report)
    document.add_paragraph(report.edition.banner, NORMAL).runs[0].bold = True
    document.add_paragraph(report.title, TITLE)
    for label, text in report.facts:
        paragraph = document.add_paragraph(style=NORMAL)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(text)
    follows_page = False
    for depth, section in report.all_sections():
        heading = _add_section(document, depth, section, report, draw_png)
        heading.paragraph_format.page_break_before = depth == 1 and follows_page
        follows_page = section.is_page if depth == 1 else follows_page
    document.add_paragraph(report.footer.text, NORMAL)
    return _saved(document)


def _open(template: WordTemplate | None) -> Document:
    if template is None:
        return _plain_document()
    try:
        document = docx.Document(io.BytesIO(template.content))
    except (BadZipFile, KeyError, ValueError):
        document = None
    if document is None:
        raise FormatUnavailableError(
            f"The Word template {template.name} is not there or is no .docx file: save it in Word as .docx "
            "and run `cf-pipeline report`."
        )
    known = {style.name for style in document.styles}
    missing = [name for name in STYLES if name not in known]
    if missing:
        raise FormatUnavailableError(
            f"The Word template {template.name} lacks the style{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)}: use each of them once in the template, save it and run "
            "`cf-pipeline report`."
        )
    body = document.element.body
    for element in list(body):
        if not element.tag.endswith("}sectPr"):
            body.remove(element)
    return document


def _plain_document() -> Document:
    """A4, one plain font, no blue headings in another."""
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    sizes = {NORMAL: BODY, BULLET: BODY, CAPTION: Pt(11), TITLE: Pt(20)}
    sizes |= dict(zip(HEADINGS, (Pt(16), Pt(14), Pt(12)), strict=True))
    for name, size in sizes.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, size, None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [each for each in fonts.attrib if "Theme" in str(each)]:
            del fonts.attrib[attribute]
        style.paragraph_format.space_after = Pt(4)
    return document


def _set_properties(document: Document, report: Report) -> None:
    properties = document.core_properties
    properties.title, properties.subject = report.title, report.edition.banner
    properties.language, properties.author = report.language, report.subtitle
    properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = datetime(*EARLIEST)  # noqa: DTZ001 - no zone
    properties.revision = 1


def _add_section(document: Document, depth: int, section: Section, report: Report, draw_png: DrawPng) -> Any:
    """Add a section; returns the paragraph of its heading."""
    heading = document.add_paragraph(section.title, HEADINGS[min(depth, len(HEADINGS)) - 1])
    for block in section.blocks:
        _add_block(document, block, report, draw_png)
    return heading


def _add_block(document: Document, block: Block, report: Report, draw_png: DrawPng) -> None:
    if isinstance(block, Sentences):
        for sentence in block.sentences:
            document.add_paragraph(_written(sentence), BULLET if block.is_list else NORMAL)
    elif isinstance(block, Table):
        _add_table(document, block, draw_png)
    elif isinstance(block, Chart):
        _add_chart(document, block, report, draw_png)
    elif isinstance(block, Notes):
        for note in block.notes:
            document.add_paragraph(f"{note.number}. {note.text}", NORMAL)
    else:
        _add_definitions(document, block)


def _written(sentence: Sentence) -> str:
    if sentence.note is None:
        return sentence.text
    return f"{sentence.text} {phrase('report', 'note', number=sentence.note)}"


def _add_definitions(document: Document, block: Definitions) -> None:
    for definition in block.definitions:
        paragraph = document.add_paragraph(style=NORMAL)
        paragraph.paragraph_format.keep_together = True
        runs = [paragraph.add_run(f"{definition.title}. ")]
        runs[0].bold = True
        runs += [
            paragraph.add_run(f"{label}: {text.rstrip('.')}. " if label else f"{text.rstrip('.')}. ")
            for label, text in definition.parts
        ]
        for run in runs:
            run.font.size = IN_TABLE


def _add_table(document: Document, block: Table, draw_png: DrawPng) -> None:
    _add_caption(document, block.caption)
    table = document.add_table(rows=1, cols=len(block.columns) + 1, style=GRID)
    for cell, name in zip(table.rows[0].cells, (block.subject, *block.columns), strict=True):
        _write(cell, name, is_bold=True)
    for row in block.rows:
        first, *cells = table.add_row().cells
        _write(first, row.title, is_bold=True, detail=row.about)
        for cell, content in zip(cells, row.cells, strict=True):
            _write_cell(cell, content, draw_png)
    _set_widths(table, block)
    mark_table(table, block.caption, ", ".join((block.subject, *block.columns)))
    document.add_paragraph(style=NORMAL).paragraph_format.space_after = Pt(0)


def _set_widths(table: Any, block: Table) -> None:
    """Room for what a row is about, and in the table of headlines for the sentences."""
    if block.kind == "headlines":
        trends = [TREND_COLUMN] * (len(block.columns) - 1)
        widths = [HEADLINE_AREA, FULL_WIDTH - HEADLINE_AREA - sum(trends), *trends]
    else:
        share = (FULL_WIDTH - FIRST_COLUMN) // len(block.columns)
        _, *words = [max(_longest_word(cell.text) for cell in column.cells) for column in table.columns]
        others = [max(share, letters * LETTER + CELL_MARGINS) for letters in words]
        widths = [FULL_WIDTH - sum(others), *others]
    table.autofit = False
    # Word goes by the width of each cell, LibreOffice by that of the columns.
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _add_caption(document: Document, text: str) -> None:
    document.add_paragraph(text, CAPTION).paragraph_format.keep_with_next = True


def _write_cell(cell: Any, content: Cell, draw_png: DrawPng) -> None:
    if content.chart is not None:
        drawing = draw_png(content.chart)
        if drawing:
            picture = cell.paragraphs[0].add_run().add_picture(io.BytesIO(drawing), width=SPARKLINE_WIDTH)
            mark_picture(picture, content.chart.title, content.chart.description)
        return
    if content.unseen:
        _write(cell, content.text or "–")
        return
    texts = content.lines or (content.text,)
    for number, text in enumerate(texts):
        _write(cell, text, detail=content.in_brackets, is_first=number == 0)
    if content.note is not None:
        cell.paragraphs[-1].add_run(f" {phrase('report', 'note', number=content.note)}").font.size = DETAIL


def _write(cell: Any, text: str, *, is_bold: bool = False, detail: str = "", is_first: bool = True) -> None:
    paragraph = cell.paragraphs[0] if is_first else cell.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(1)
    run = paragraph.add_run(text)
    run.bold, run.font.size = is_bold, IN_TABLE
    if detail:
        paragraph.add_run(f" {detail}").font.size = DETAIL


def _add_chart(document: Document, chart: Chart, report: Report, draw_png: DrawPng) -> None:
    _add_caption(document, chart.title)
    drawing = draw_png(chart)
    if drawing:
        picture = document.add_picture(io.BytesIO(drawing), width=CHART_WIDTH)
        mark_picture(picture, chart.title, chart.description)
    document.add_paragraph(chart.description, NORMAL)
    header, rows = chart.table.header, chart.table.rows
    if len(header) > MOST_COLUMNS:
        header, *others = zip(header, *rows, strict=True)
        rows = tuple(others)
    caption = f"{report.words['chart_table']}: {chart.title}"
    table = document.add_table(rows=1, cols=len(header), style=GRID)
    for cell, name in zip(table.rows[0].cells, header, strict=True):
        _write(cell, name, is_bold=True)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _write(cell, text)
    mark_table(table, caption, ", ".join(header))
    document.add_paragraph(style=NORMAL).paragraph_format.space_after = Pt(0)


def _saved(document: Document) -> bytes:
    """The file's content, each part with the same date."""
    first, content = io.BytesIO(), io.BytesIO()
    document.save(first)
    with ZipFile(first) as made, ZipFile(content, "w") as fixed:
        for name, part in _parts(made):
            info = ZipInfo(name, EARLIEST)
            info.compress_type = 8
            fixed.writestr(info, part)
    return content.getvalue()


def _parts(file: ZipFile) -> Iterator[tuple[str, bytes]]:
    return ((name, file.read(name)) for name in file.namelist())
