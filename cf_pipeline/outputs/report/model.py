"""The content of the committee report: what every form of it shows, and in which order.

A form (HTML, Word, PDF, Excel) renders these blocks and adds no words and no figures of its own, so that all
forms say the same. Belongs here: the parts of a report. Does not belong here: where they come from
(`content`), and how they look (`formats`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import pandas as pd

from cf_pipeline.outputs.charts.chart import Chart


@dataclass(frozen=True)
class ReportEdition:
    """Who may read a report, and where its figures come from.

    `schema`: the schema of the warehouse whose figures it shows; what small numbers are withheld is decided
    there, never by a form. `banner`: said at the top of it.
    """

    name: str
    schema: str
    banner: str


@dataclass(frozen=True)
class Sentence:
    """One message, with the number of its note."""

    text: str
    note: int | None = None


@dataclass(frozen=True)
class Sentences:
    """Sentences one after the other: paragraphs, or the points of a list."""

    sentences: tuple[Sentence, ...]
    is_list: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell: its text, a detail in smaller type, the number of its note, and whether it is a figure.

    Screen readers read `unseen` in the place of the text: of an empty one, shown as a dash, where no
    comparison is made, or of the symbol of a hidden figure. `lines`: the paragraphs of a cell of sentences.
    `chart`: a small one, in the place of a text.
    """

    text: str
    detail: str = ""
    note: int | None = None
    is_figure: bool = True
    unseen: str = ""
    lines: tuple[str, ...] = ()
    chart: Chart | None = None

    @property
    def in_brackets(self) -> str:
        """The detail as it stands behind the text."""
        return f"({self.detail})" if self.detail else ""


@dataclass(frozen=True)
class Row:
    """One row of a table: what it is about, its unit and direction, and its cells in column order."""

    title: str
    cells: tuple[Cell, ...]
    about: str = ""


@dataclass(frozen=True)
class Table:
    """One table: caption, the name of its first column, the names of the others, and its rows.

    `kind`: how wide its columns are: `headlines` (one of sentences), `measures`, `bands` or `plain`.
    `chart_names`: the charts whose table shows the same figures.
    """

    caption: str
    subject: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: str = "plain"
    chart_names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Note:
    """The reason of a missing or unusual figure, which figures and sentences refer to by its number."""

    number: int
    text: str


@dataclass(frozen=True)
class Notes:
    """The notes of the report, in the order of their numbers."""

    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Definition:
    """What a KPI counts, in words: pairs of label and text."""

    title: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Definitions:
    """The definitions of an area's KPIs."""

    definitions: tuple[Definition, ...]


Block: TypeAlias = Sentences | Table | Chart | Notes | Definitions
"""What a section holds."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, then the sections below it.

    `key` is unique in the report. `is_page`: it starts the report on a page of its own.
    """

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    is_page: bool = False


@dataclass(frozen=True)
class Area(Section):
    """The section of one area of the service: its charts, its measures, and what has no figure."""


@dataclass(frozen=True)
class DataTable:
    """Figures as data: one row a figure; each cell a number as it is published, a text, or a symbol.

    `name`: unique in the report, of letters, digits and underscores. `label`: its short name for people, also
    unique. `title`, `about`: what it holds and how to read it. `figures`: the columns whose numbers have
    `decimals` digits, which differ from row to row; `counts`: those of whole numbers.
    """

    name: str
    label: str
    title: str
    about: str
    frame: pd.DataFrame
    figures: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    decimals: tuple[int, ...] = ()


@dataclass(frozen=True)
class ReportData:
    """The figures as data: what must be known to use them, the tables, and the words of their list."""

    title: str
    about: tuple[str, ...]
    tables: tuple[DataTable, ...]
    words: dict[str, str]


@dataclass(frozen=True)
class Report:
    """One report: its title and edition, what it is of, its sections in reading order, and its last line.

    `facts`: pairs of label and text (authority, period, data cut, run). `language`: as in BCP 47. `data`: the
    figures as data, for the formats that show them.
    """

    title: str
    subtitle: str
    edition: ReportEdition
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: Sentence
    words: dict[str, str] = field(default_factory=dict)
    language: str = "en-GB"
    data: ReportData | None = None

    def all_sections(self) -> Iterator[tuple[int, Section]]:
        """Each section with its depth from 1, in reading order."""
        pending = [(1, section) for section in reversed(self.sections)]
        while pending:
            depth, section = pending.pop()
            yield depth, section
            pending += [(depth + 1, each) for each in reversed(section.sections)]

    def charts(self) -> Iterator[Chart]:
        """Each chart, those of cells included, in reading order."""
        for _, section in self.all_sections():
            for block in section.blocks:
                if isinstance(block, Chart):
                    yield block
                elif isinstance(block, Table):
                    yield from (cell.chart for row in block.rows for cell in row.cells if cell.chart)
