"""A found list of a sheet as a frame of text, with where each row came from.

A column of text stays as reading gave it, its distinct texts and a number a row (a pandas category): the
texts are never written out row by row, and whoever works on them works once for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from cf_pipeline.contracts.list_contract import PROVENANCE, ListContract
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.recognise import Found

BLANK = frozenset({"none", "nan", "null"})
"""What an empty cell is printed as by some exports; a row of nothing else is blank."""


def list_frame(sheet: Sheet, found: Found) -> pd.DataFrame:
    """The rows from the header to the list's end, blank rows left out: its columns as text, and `excel_row`.

    A column under two headers of one meaning is taken from the first that has a value.
    """
    first = found.header_row + 1
    kept = np.flatnonzero(_filled_rows(sheet, first, found.end_row)) + first
    columns: dict[str, pd.Categorical[Any] | pd.Series[int]] = {}
    for column in found.contract.columns:
        positions = found.positions.get(column.name)
        if positions:
            columns[column.name] = _text(sheet, first_with_values(sheet, positions, first), kept)
        else:
            columns[column.name] = _coded([], np.full(len(kept), -1))
    columns["excel_row"] = pd.Series(pd.array(kept + 1, dtype="Int64"))
    return pd.DataFrame(columns)


def first_with_values(sheet: Sheet, positions: Sequence[int], first: int) -> int:
    """Of several columns under one meaning, the position of the first that is not blank below the header."""
    for position in positions:
        if (sheet.codes[position][first:] >= 0).any():
            return position
    return positions[0]


def joined(contract: ListContract, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The frames of one list as one, columns and types of `contract.empty_text()`."""
    if not frames:
        return contract.empty_text()
    if len(frames) == 1:
        return frames[0][list(contract.empty_text().columns)].astype(PROVENANCE)
    places = pd.concat([frame[list(PROVENANCE)] for frame in frames], ignore_index=True).astype(PROVENANCE)
    texts = {name: union_categoricals([frame[name] for frame in frames]) for name in contract.column_names}
    return pd.concat([places, pd.DataFrame(texts)], axis="columns")


def differing_columns(sheet: Sheet, found: Found) -> list[str]:
    """The columns that stand under several headers whose values differ in a row of the list."""
    first, last = found.header_row + 1, sheet.height if found.end_row is None else found.end_row
    rows = np.arange(first, max(last, first))
    differing = []
    for column, positions in found.positions.items():
        if len(positions) > 1:
            used = first_with_values(sheet, positions, first)
            kept = _stripped(sheet, used, rows)
            others = [_stripped(sheet, at, rows) for at in positions if at != used]
            if any(((other != kept) & (other != "")).any() for other in others):
                differing.append(column)
    return differing


def _filled_rows(sheet: Sheet, first: int, end: int | None) -> npt.NDArray[np.bool_]:
    filled = np.zeros(max((sheet.height if end is None else end) - first, 0), dtype=bool)
    for texts, codes in zip(sheet.texts, sheet.codes, strict=True):
        says_something = np.array([text.strip().casefold() not in BLANK for text in texts] + [False])
        filled |= says_something[codes[first:end]]  # an empty cell is -1: the last, False
    return filled


def _text(sheet: Sheet, position: int, rows: npt.NDArray[np.int_]) -> pd.Categorical[Any]:
    """A column's cells in those rows."""
    return _coded(sheet.texts[position], sheet.codes[position][rows])


def _coded(texts: list[str], codes: npt.NDArray[np.integer[Any]]) -> pd.Categorical[Any]:
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(pd.Index(texts, dtype="str")))


def _stripped(sheet: Sheet, position: int, rows: npt.NDArray[np.int_]) -> pd.Series[str]:
    return pd.Series(_text(sheet, position, rows)).astype("str").fillna("").str.strip()
