"""The rows of a sheet as XML, as Excel and openpyxl read them.

openpyxl makes an object of every cell and writes it by itself, at 12 microseconds a cell: 6 seconds for
30,000 issues. Here a row is one string, and a value that many cells share (a rule, its message, a file) is
written once. Everything else of a workbook is openpyxl's (`outputs.workbook.xlsx`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
from openpyxl.compat import safe_string
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

KINDS = ("", "number", "date", "risky")
"""Kinds of content: text, number, date, and a text that starts like a formula."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_LETTERS = 32_767
"""Excel's limit of the text of a cell; a longer one is cut."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_VALUES_KEPT = 20_000
_ROWS_AT_ONCE = 5_000


class RowWriter:
    """Write rows as XML. A text stays text, whatever it starts with.

    Args:
        styles: look of a cell and kind of its content (one of `KINDS`) -> the number of the workbook's style.
    """

    def __init__(self, styles: Mapping[tuple[str, str], int]) -> None:
        self._styles = styles
        # typed: 1, 1.0 and True are equal, and not written alike
        self._content = lru_cache(_VALUES_KEPT, typed=True)(self._write_content)

    def row(self, number: int, values: Sequence[Any], looks: Iterable[str], height: int | None = None) -> str:
        """A row of the sheet.

        Args:
            number: its number, from 1.
            values: of its cells; None for an empty one.
            looks: of its cells.
            height: in points; None leaves it to the program that opens the workbook.
        """
        tall = "" if height is None else f' ht="{height}" customHeight="1"'
        content = self._content
        cells = [
            f'<c r="{letters}{number}"{content(value, look)}'
            for letters, value, look in zip(_letters(len(values)), values, looks, strict=False)
        ]
        return f'<row r="{number}"{tall}>{"".join(cells)}</row>'

    def _write_content(self, value: Any, look: str) -> str:
        """A cell from its style on."""
        if isinstance(value, bool | np.bool):
            value = "yes" if value else "no"
        if isinstance(value, str):
            value = _NOT_IN_XML.sub("", value)[:MOST_LETTERS] or None
        if value is None:
            return f' s="{self._styles[look, ""]}"/>'
        if isinstance(value, dt.datetime):
            days = to_excel(value)  # type: ignore[no-untyped-call]
            return f' s="{self._styles[look, "date"]}"><v>{safe_string(days)}</v></c>'
        if not isinstance(value, str):
            return f' s="{self._styles[look, "number"]}"><v>{safe_string(value)}</v></c>'
        style = self._styles[look, "risky" if value.startswith(STARTS_A_FORMULA) else ""]
        space = ' xml:space="preserve"' if value != value.strip() else ""
        return f' s="{style}" t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'


@lru_cache
def _letters(columns: int) -> list[str]:
    return [get_column_letter(number) for number in range(1, columns + 1)]


def iterate_rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows of a frame as plain values, None where there is none; some thousand at a time in memory."""
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        plain = frame.iloc[start : start + _ROWS_AT_ONCE].astype(object)
        yield from plain.where(plain.notna(), None).itertuples(index=False, name=None)
