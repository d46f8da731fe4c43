"""A list's rows as a frame of text, with the place of each row.

A column of text stays as reading gave it: its distinct texts and a number for each row, a pandas category.
The texts are never written out row by row, and each later step works once for each distinct text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pandas.api.types import union_categoricals

from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.contracts.words.absence import is_blank_word
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.recognise import ListTable
from cf_pipeline.results import join_tables, pandas_type

EMPTY_CELL_WORDS = frozenset({"none", "nan", "null"})
"""How some exports print an empty cell; a row of nothing else is blank."""


def list_frame(sheet: Sheet, table: ListTable) -> pd.DataFrame:
    """The rows of a list, blank rows left out.

    Returns:
        The columns of the list's contract as categories of text, and `excel_row`. A column under several
        headers comes from the first of them with a value below it.
    """
    first = table.header_row + 1
    rows = np.flatnonzero(_is_filled(sheet, first, table.end_row)) + first
    columns: dict[str, Any] = {}
    for column in table.contract.columns:
        positions = table.positions.get(column.name)
        if positions:
            columns[column.name] = _cells(sheet, first_filled_position(sheet, positions, first), rows)
        else:
            columns[column.name] = _category([], np.full(len(rows), -1))
    columns["excel_row"] = pd.array(rows + 1, dtype="Int64")
    return pd.DataFrame(columns, copy=False)


def first_filled_position(sheet: Sheet, positions: Sequence[int], first_row: int) -> int:
    """Of several columns under one meaning, the position of the first with a value from `first_row` down.

    A word for an empty cell ('(null)') is no value.
    """
    for position in positions if len(positions) > 1 else ():
        used = np.unique(sheet.codes[position][first_row:]).tolist()
        if any(code >= 0 and not is_blank_word(sheet.texts[position][code].strip()) for code in used):
            return position
    return positions[0]


def join_frames(contract: ListContract, parts: Sequence[pd.DataFrame | pa.Table]) -> pd.DataFrame:
    """The parts of one list as one, with the columns and types of `contract.empty_text()`.

    A part is a frame of `list_frame` with its provenance, or the table of one (`text_table`). Where one is a
    table, the columns are texts written out: what is kept goes to the lake, which has them so.
    """
    if not parts:
        return contract.empty_text()
    frames = [part for part in parts if isinstance(part, pd.DataFrame)]
    if len(frames) < len(parts):
        tables = [text_table(part) if isinstance(part, pd.DataFrame) else part for part in parts]
        dtypes = PROVENANCE | dict.fromkeys(contract.column_names, "str")
        return join_tables(tables, dtypes)
    if len(frames) == 1:
        return frames[0][list(contract.empty_text().columns)].astype(PROVENANCE)
    places = pd.concat([frame[list(PROVENANCE)] for frame in frames], ignore_index=True).astype(PROVENANCE)
    texts = {name: union_categoricals([frame[name] for frame in frames]) for name in contract.column_names}
    return pd.concat([places, pd.DataFrame(texts)], axis="columns")


def text_table(frame: pd.DataFrame) -> pa.Table:
    """A frame of `list_frame` with its provenance as a table of texts written out.

    Many are kept, read again and joined: as categories each column would have its own texts in each of them.
    """
    columns = {
        name: pa.array(frame[name].astype(pandas_type(dtype)), from_pandas=True)
        for name, dtype in PROVENANCE.items()
    }
    for name in frame.columns:
        if name not in PROVENANCE:
            values = frame[name].array
            texts = pa.array(values.categories.array, pa.large_string())
            columns[name] = texts.take(pa.array(values.codes, mask=values.codes < 0))
    return pa.table(columns)


def differing_columns(sheet: Sheet, table: ListTable) -> list[str]:
    """The columns under several headers whose filled values differ in a row of the list."""
    first, end = table.header_row + 1, sheet.height if table.end_row is None else table.end_row
    rows = np.arange(first, max(end, first))
    differing = []
    for column, positions in table.positions.items():
        if len(positions) > 1:
            used = first_filled_position(sheet, positions, first)
            values = _stripped_cells(sheet, used, rows)
            others = [_stripped_cells(sheet, position, rows) for position in positions if position != used]
            if any(((other != values) & (other != "")).any() for other in others):
                differing.append(column)
    return differing


def _is_filled(sheet: Sheet, first: int, end: int | None) -> npt.NDArray[np.bool_]:
    """For each row from `first` to `end`: whether it has a cell with a value."""
    is_filled = np.zeros(max((sheet.height if end is None else end) - first, 0), dtype=bool)
    columns = zip(sheet.texts, sheet.codes, strict=True)
    for texts, codes in sorted(columns, key=lambda column: len(column[0])):  # few texts often fill all rows
        if is_filled.all():
            break
        has_value = np.array([text.strip().casefold() not in EMPTY_CELL_WORDS for text in texts] + [False])
        is_filled |= has_value[codes[first:end]]  # an empty cell is -1: the last, False
    return is_filled


def _cells(sheet: Sheet, position: int, rows: npt.NDArray[np.int_]) -> pd.Categorical[Any]:
    return _category(sheet.texts[position], sheet.codes[position][rows])


def _category(texts: list[str], codes: npt.NDArray[np.integer[Any]]) -> pd.Categorical[Any]:
    distinct = pd.Index(pandas_type("str").__from_arrow__(pa.array(texts, pa.large_string())))
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(distinct))


def _stripped_cells(sheet: Sheet, position: int, rows: npt.NDArray[np.int_]) -> pd.Series[str]:
    return pd.Series(_cells(sheet, position, rows)).astype("str").fillna("").str.strip()
