"""The rows of a frame as named tuples."""

from __future__ import annotations

from typing import Any

import pandas as pd


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame as named tuples, in its order."""
    return list(frame.astype(object).itertuples(index=False))


def rows_in_order(frame: pd.DataFrame, column: str) -> list[Any]:
    """The rows of a frame as named tuples, by a column."""
    return rows_of(frame.sort_values(column, kind="stable"))
