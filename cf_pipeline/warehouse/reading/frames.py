"""Makes a frame of the result of a query: its columns have the dtypes of the contracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Boolean, Date, DateTime, Integer, Select, String
from sqlalchemy.types import TypeEngine

from cf_pipeline.warehouse.dialects import Cells

_THROUGH_NUMPY = {"Float64": pa.float64(), "datetime64[us]": pa.timestamp("us")}
"""Dtypes for which a missing cell is that of numpy first, and the Arrow type of such a column."""


def to_frame(query: Select[Any], cells_by_column: Sequence[Cells]) -> pd.DataFrame:
    """The result of a query, column by column, as a frame with the dtypes of the contracts."""
    columns = [(column.name, _dtype(column.type)) for column in query.selected_columns]
    return pd.DataFrame(
        {
            name: _to_column(cells, dtype)
            for (name, dtype), cells in zip(columns, cells_by_column, strict=True)
        }
    )


def _to_column(cells: Cells, dtype: str) -> pd.Series:
    """A column of a result in its dtype; a number that is none is missing."""
    wanted: Any = pd.api.types.pandas_dtype(dtype)
    if isinstance(cells, list):
        column: pd.Series = pd.Series(cells, dtype=object).astype(wanted)
    elif dtype in _THROUGH_NUMPY:
        column = pd.Series(cells.cast(_THROUGH_NUMPY[dtype]).to_numpy()).astype(wanted)
    else:
        column = pd.Series(wanted.__from_arrow__(cells))
    return column


def _dtype(type_: TypeEngine[object]) -> str:
    """The pandas dtype of a column of a table or view."""
    if isinstance(type_, Boolean):
        return "boolean"
    if isinstance(type_, Integer):
        return "Int64"
    if isinstance(type_, Date | DateTime):
        return "datetime64[us]"
    return "str" if isinstance(type_, String) else "Float64"
