"""A found list of a sheet as a frame of text, with where each row came from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from cf_pipeline.contracts.lists import ListContract
from cf_pipeline.ingest.find_lists import Found
from cf_pipeline.ingest.reading import Sheet

BLANK = frozenset({"none", "nan", "null"})
"""What an empty cell is printed as by some exports; a row of nothing else is blank."""


def list_frame(sheet: Sheet, found: Found) -> pd.DataFrame:
    """The rows from the header to the list's end, blank rows left out: its columns as text, and `excel_row`.

    A column under two headers of one meaning is taken from the first that has a value.
    """
    first = found.header_row + 1
    kept = np.flatnonzero(_filled_rows(sheet, first, found.end_row)) + first
    columns: dict[str, pd.Series[str]] = {}
    for column in found.contract.columns:
        positions = found.positions.get(column.name)
        if positions:
            columns[column.name] = _text(sheet, first_with_values(sheet, positions, first), kept)
        else:
            columns[column.name] = pd.Series(pd.array([None], dtype="str").take(np.zeros(len(kept), int)))
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
    empty = contract.empty_text()
    if not frames:
        return empty
    order = list(empty.columns)
    return pd.concat([frame[order] for frame in frames], ignore_index=True).astype(empty.dtypes.to_dict())


def differing_columns(sheet: Sheet, found: Found) -> list[str]:
    """The columns that stand under several headers whose values differ in a row of the list."""
    first, last = found.header_row + 1, sheet.height if found.end_row is None else found.end_row
    rows = np.arange(first, max(last, first))
    differing = []
    for column, positions in found.positions.items():
        if len(positions) > 1:
            used = first_with_values(sheet, positions, first)
            kept = _text(sheet, used, rows).fillna("").str.strip()
            others = [_text(sheet, at, rows).fillna("").str.strip() for at in positions if at != used]
            if any(((other != kept) & (other != "")).any() for other in others):
                differing.append(column)
    return differing


def _filled_rows(sheet: Sheet, first: int, end: int | None) -> npt.NDArray[np.bool_]:
    filled = np.zeros(max((sheet.height if end is None else end) - first, 0), dtype=bool)
    for texts, codes in zip(sheet.texts, sheet.codes, strict=True):
        says_something = np.array([text.strip().casefold() not in BLANK for text in texts] + [False])
        filled |= says_something[codes[first:end]]  # an empty cell is -1: the last, False
    return filled


def _text(sheet: Sheet, position: int, rows: npt.NDArray[np.int_]) -> pd.Series[str]:
    """A column's cells in those rows. Taken by pyarrow from one array: half the cost of pandas' own take."""
    texts, codes = pa.array(sheet.texts[position], pa.large_string()), sheet.codes[position][rows]
    return pd.Series(pd.array(texts.take(pa.array(codes, mask=codes < 0)), dtype="str"))
