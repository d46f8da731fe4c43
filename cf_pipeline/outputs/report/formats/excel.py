"""The report's figures as an Excel workbook: cover, contents, notes, and one marked table a sheet.

gptables writes it as the Government Analysis Function asks ("Releasing statistics in spreadsheets"): a title
in the first cell, a named table with one row of names, no merged and no empty cells. The same content gives
the same bytes.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from gptables import Cover, GPTable, GPWorkbook
from pandas.errors import Pandas4Warning
from xlsxwriter.worksheet import Worksheet

from cf_pipeline.outputs.report.model import DataTable, Report, ReportData
from cf_pipeline.outputs.workbook.xlsx import (
    CREATED,
    LINE_POINTS,
    STARTS_A_FORMULA,
    count_lines,
    visible_text,
)

OPTIONS = {
    "in_memory": True,  # no temporary file
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
LONGEST_LABEL = 31
"""Letters that Excel allows in the name of a sheet."""
NARROW, WIDE = 10, 60
ROWS_ABOVE = 2
"""Of the cover, above its facts: the title and a heading."""
_A4 = 9
_NO_WORD = re.compile(r"[^a-zA-Z0-9]*")


def render_excel(report: Report) -> bytes:
    """The content of an .xlsx file of the report's `data`.

    Raises:
        ValueError: the report has no data.
    """
    if report.data is None:
        raise ValueError("a workbook shows the figures as data, and this report has none")
    content = io.BytesIO()
    with GPWorkbook(content, OPTIONS) as book:
        book.set_properties({"title": report.data.title, "author": "cf-pipeline", "created": CREATED})
        cover = _cover(report, report.data)
        page = book.add_worksheet(cover.cover_label)
        page.write_cover(cover)
        for first, texts in ((ROWS_ABOVE, cover.intro), (ROWS_ABOVE + len(cover.intro) + 1, cover.about)):
            _set_heights(page, first, [(texts, cover.width)])
        tables = {table.label: table for table in report.data.tables}
        sheets = {label: _sheet(table) for label, table in tables.items()}
        words = report.data.words
        titles = [table.title for table in report.data.tables]
        listed = pd.DataFrame({words["sheet"]: list(tables), words["holds"]: titles})
        _write(book, words["contents"], _contents(book, sheets, words), listed)
        for label, sheet in sheets.items():
            _write(book, label, sheet, tables[label].frame)
    return content.getvalue()


def _cover(report: Report, data: ReportData) -> Cover:
    """Title, edition, facts (authority, period, data cut, release) and what must be known to use the data."""
    facts = [f"{label}: {text}" for label, text in report.facts]
    return Cover(title=data.title, intro=[report.edition.banner, *facts], about=list(data.about))


def _contents(book: Any, sheets: dict[str, Any], words: dict[str, str]) -> Any:
    return book.make_table_of_contents(
        sheets,
        column_names=[words["sheet"], words["holds"]],
        table_name="contents",
        title=words["contents"],
        instructions=words["contents_about"],
    )


def _sheet(table: DataTable) -> Any:
    texts = table.frame.select_dtypes(exclude="number")
    frame = table.frame.assign(**{name: _texts(texts[name]) for name in texts.columns})
    return GPTable(
        frame,
        table_name=table.name,
        title=table.title,
        instructions=table.about,
        additional_formatting=[*_number_formats(table), *_text_formats(frame)],
    )


def _number_formats(table: DataTable) -> Iterator[dict[str, Any]]:
    """The digits of each row's figures; counts are whole."""
    digits = pd.Series(table.decimals, dtype=int)
    for decimals, rows in digits.groupby(digits):
        places = f".{'0' * int(decimals)}" if decimals else ""
        shown = {"format": {"num_format": f"#,##0{places}"}, "rows": [row + 1 for row in rows.index]}
        yield {"row": shown}
    if table.counts:
        yield {"column": {"columns": list(table.counts), "format": {"num_format": "#,##0"}}}
    years = [name for name in table.frame.columns if name not in (*table.figures, *table.counts)]
    if digits.size and years:
        yield {"column": {"columns": years, "format": {"num_format": "0"}}}


def _text_formats(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """A text that could be taken for a formula stays text when somebody edits its cell."""
    for column, name in enumerate(frame.columns):
        formulas = [cell for cell in _texts_of(frame[name]) if cell.startswith(STARTS_A_FORMULA)]
        if formulas:
            for row in np.flatnonzero(frame[name].isin(formulas)):
                yield {"cell": {"format": {"quote_prefix": True}, "cells": (int(row) + 1, column)}}


def _texts(column: pd.Series) -> pd.Series:
    """The column with its texts as gptables may be given them; numbers stay."""
    plain = {text: _plain(text) for text in _texts_of(column)}
    return column.astype(object).map(lambda cell: plain.get(cell, cell))


def _texts_of(column: pd.Series) -> list[str]:
    """The different texts of a column."""
    return [cell for cell in column.unique() if isinstance(cell, str)]


def _plain(text: str) -> str:
    """A council's text without what gptables would take for a link, and with a letter that it demands."""
    text = visible_text(text).replace("](", "] (")
    return f"{text} (as written)" if _NO_WORD.fullmatch(text) else text


def _write(book: Any, label: str, table: Any, frame: pd.DataFrame) -> None:
    page = book.add_worksheet(label)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Pandas4Warning)  # gptables calls pandas in ways that pandas 4 ends
        page.write_gptable(table, auto_width=False)
    widths = {name: _width(str(name), frame[name]) for name in frame.columns}
    for number, width in enumerate(widths.values()):
        page.set_column(number, number, width)
    header = table.data_range[0]
    _set_heights(page, header, [([str(name)], width) for name, width in widths.items()])
    texts = frame.select_dtypes(exclude="number")
    _set_heights(page, header + 1, [(texts[name].tolist(), widths[name]) for name in texts.columns])
    _set_up_print(page, table)


def _set_heights(page: Worksheet, first: int, columns: Sequence[tuple[Sequence[Any], int]]) -> None:
    """The heights of rows whose texts wrap: Excel finds them itself, other programs show one line.

    Args:
        page: the sheet.
        first: number of the first row, from 0.
        columns: the cells of each column, and its width in letters.
    """
    lines = zip(*(count_lines(cells, width) for cells, width in columns), strict=True)
    for row, of_row in enumerate(lines, start=first):
        if max(of_row) > 1:
            page.set_row(row, max(of_row) * LINE_POINTS)


def _set_up_print(page: Worksheet, table: Any) -> None:
    """A4 landscape, all columns on a side, the row of names on each."""
    header = table.data_range[0]
    page.repeat_rows(header)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&RPage &P of &N")


def _width(name: str, column: pd.Series) -> int:
    """Room for the longest text of a column; numbers and symbols are short."""
    longest = max(map(len, _texts_of(column)), default=0)
    words = max(map(len, name.split()), default=0)
    return min(max(longest, words, NARROW) + 2, WIDE)
