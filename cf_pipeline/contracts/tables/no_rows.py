"""The frame without rows of any set of columns: most lists of most deliveries are one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd


def no_rows(dtypes: Mapping[str, str]) -> pd.DataFrame:
    """A frame of its own with these columns and dtypes and no rows."""
    return _built(tuple(dtypes.items())).copy(deep=False)  # copy on write: a change stays with the caller


@cache
def _built(dtypes: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: _column(dtype) for name, dtype in dtypes})


@cache
def _column(dtype: str) -> Any:
    return pd.Series(dtype=dtype).array  # an array has no index to be aligned
