"""What a page holds: headings, sentences, tables, charts and forms, as data.

A page's module makes these from published rows; one template shows them all, so that each page is as easy to
use as the others, and each table can be sorted, filtered and saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cf_pipeline.outputs.charts.chart import Chart

Value: TypeAlias = "str | int | float | None"


@dataclass(frozen=True)
class Link:
    """A text that leads to an address; `is_current`: the page or choice that is shown."""

    text: str
    href: str
    is_current: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: what is read.
        value: what the files hold, and what the table is sorted by: a number, or a text. The text when None.
        href: where the text leads to.
        detail: a second line in smaller type.
        unseen: what screen readers read in the place of the text, as of a dash.
        chart: a small chart in the place of the text.
        lines: sentences that stand one below the other, in the place of the text.
        mark: 'good', 'bad' or 'notice': a coloured bar beside the text, which says the same in words.
    """

    text: str
    value: Value = None
    href: str | None = None
    detail: str = ""
    unseen: str = ""
    chart: Chart | None = None
    lines: tuple[str, ...] = ()
    mark: str = ""

    @property
    def file_value(self) -> Value:
        """What a file holds."""
        return self.text if self.value is None else self.value


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, and whether it holds numbers (which stand to the right)."""

    name: str
    is_number: bool = False


@dataclass(frozen=True)
class TableView:
    """One table. The first cell of a row says what the row is about.

    Attributes:
        name: unique in the page, of lower-case letters, digits and hyphens.
        caption: what it shows, in words.
        columns: in order.
        rows: each with a cell a column.
        empty: the sentence that stands in the place of a table without rows.
        is_long: many rows, as of a list: it has a filter of its own and pages of a hundred rows.
        has_children: a row is about a child.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    is_long: bool = False
    has_children: bool = False


@dataclass(frozen=True)
class Text:
    """One paragraph, and the links at its end. `kind`: 'plain', 'notice' (a box) or 'quiet' (smaller)."""

    text: str
    links: tuple[Link, ...] = ()
    kind: str = "plain"


@dataclass(frozen=True)
class TextList:
    """The points of a list, each with its links."""

    points: tuple[Text, ...]


@dataclass(frozen=True)
class Links:
    """Links side by side: to pages of the same kind."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class ChartView:
    """A chart with its table and links."""

    chart: Chart
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class DefinitionList:
    """Pairs of label and text."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """One choice of a form: a list of values with their texts, or a text field where there are none."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """The choices of a page, sent as part of its address.

    `kept`: values that go along unseen. `is_sent_apart`: the values may not stand in an
    address, as a case id.
    """

    label: str
    fields: tuple[Field, ...]
    button: str = "Show"
    kept: tuple[tuple[str, str], ...] = ()
    action: str = ""
    is_sent_apart: bool = False


Block: TypeAlias = Text | TextList | Links | TableView | ChartView | DefinitionList | Form


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it. `key` is unique in the page: letters, digits and hyphens."""

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    is_folded: bool = False


@dataclass(frozen=True)
class Content:
    """What one page shows.

    Attributes:
        title: its heading.
        trail: the pages above it, from the overview down.
        summary: what stands at the top, before the sections.
        sections: in reading order.
        subject: for a page about children: what was read, for the log of accesses.
    """

    title: str
    trail: tuple[Link, ...] = ()
    summary: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    subject: str = ""

    def blocks(self) -> list[Block]:
        """Every block, in reading order."""
        return [*self.summary, *(block for section in self.sections for block in section.blocks)]

    def tables(self) -> list[TableView]:
        """Every table, in reading order."""
        return [block for block in self.blocks() if isinstance(block, TableView)]
