"""Every text of a report, as its content holds it and as each form shows it, for comparison."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

import docx
import pypdf
from docx.oxml.ns import qn

from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.report.model import Block, Definitions, Notes, Report, Sentences, Table

UNREAD = ("style", "title", "desc", "svg")


def texts_of_report(report: Report) -> list[str]:
    """Every sentence, heading, label and figure of the content."""
    found = [report.title, report.edition.banner, report.footer.text]
    found += [text for pair in report.facts for text in pair]
    return [*(text for text in map(squeezed, found) if text), *texts_of_sections(report)]


def texts_of_sections(report: Report) -> list[str]:
    """The headings of the sections and the texts under each, in reading order."""
    found = []
    for _, section in report.all_sections():
        found.append(section.title)
        for block in section.blocks:
            found += texts_of_block(block)
    return [text for text in map(squeezed, found) if text]


def texts_of_block(block: Block) -> Iterator[str]:
    """The texts of a block."""
    if isinstance(block, Sentences):
        yield from (sentence.text for sentence in block.sentences)
    elif isinstance(block, Table):
        yield from (block.caption, block.subject, *block.columns)
        for row in block.rows:
            yield from (row.title, row.about)
            for cell in row.cells:
                yield from (cell.text, cell.detail, *cell.lines)
    elif isinstance(block, Chart):
        yield from (block.title, block.description, *block.table.header)
        yield from (text for row in block.table.rows for text in row)
    elif isinstance(block, Notes):
        yield from (note.text for note in block.notes)
    elif isinstance(block, Definitions):
        for definition in block.definitions:
            yield definition.title
            yield from (text.rstrip(".") for _, text in definition.parts)


def text_of_html(html: str) -> str:
    """The text of a page, without styles and drawings."""

    class Texts(HTMLParser):
        """Collects what stands between tags."""

        def __init__(self) -> None:
            super().__init__()
            self.parts: list[str] = []
            self.inside: list[str] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag in UNREAD:
                self.inside.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag in self.inside:
                self.inside.remove(tag)

        def handle_data(self, data: str) -> None:
            if not self.inside:
                self.parts.append(data)

    page = Texts()
    page.feed(html)
    return squeezed(" ".join(page.parts))


def blocks_of_html(html: str) -> list[str]:
    """Each sentence, heading, label and figure that a reader of the page sees, in reading order."""
    parts: list[str] = [""]
    skipped: list[str] = []

    class Blocks(HTMLParser):
        """Collects what stands between two tags, but for that of screen readers and of the contents."""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            names = str(dict(attrs).get("class", ""))
            if skipped or tag in (*UNREAD, "nav") or names in ("unseen", "skip"):
                skipped.extend([tag] if tag != "meta" else [])
            parts.append("")

        def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            """A tag of a drawing that ends at once holds nothing."""

        def handle_endtag(self, tag: str) -> None:
            if skipped:
                skipped.pop()
            parts.append("")

        def handle_data(self, data: str) -> None:
            if not skipped:
                parts[-1] += data

    Blocks().feed(html)
    return [text for text in map(squeezed, parts) if text]


def text_of_word(content: bytes) -> str:
    """The text of a Word file, its tables included, in reading order."""
    body = docx.Document(io.BytesIO(content)).element.body
    paragraphs = ("".join(text.text or "" for text in each.iter(qn("w:t"))) for each in body.iter(qn("w:p")))
    return squeezed(" ".join(paragraphs))


def text_of_pdf(content: bytes) -> str:
    """The text of a PDF, side by side; letters that the font joins are letters again."""
    sides = (side.extract_text() for side in pypdf.PdfReader(io.BytesIO(content)).pages)
    return squeezed(unicodedata.normalize("NFKC", " ".join(sides)))


def squeezed(text: str) -> str:
    """The text with one space wherever there is any."""
    return re.sub(r"\s+", " ", text).strip()


def numbers_of(texts: Iterable[str]) -> set[str]:
    """Every number, as it is written."""
    return {number for text in texts for number in re.findall(r"\d[\d,.]*\d|\d", text)}
