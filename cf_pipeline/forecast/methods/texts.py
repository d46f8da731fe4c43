"""What rows of forecasts are made of: labels and symbols, which are few, and rows of another method."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray


def select_texts(
    conditions: Sequence[np.ndarray],
    texts: Sequence[str | None],
    others: Sequence[str | None] = (None,),
    other: np.ndarray | int = 0,
) -> ExtensionArray:
    """The text of the first condition that holds in each row, like `np.select`, as an array of type `str`.

    Args:
        conditions: whether each row has a text.
        texts: one for each condition.
        others: the texts of rows where no condition holds.
        other: which of these a row has.
    """
    codes = np.select(list(conditions), list(range(len(texts))), len(texts) + np.asarray(other))
    return pd.array([*texts, *others], dtype="str").take(codes)


def replace_rows(frame: pd.DataFrame, other: pd.DataFrame, is_other: pd.Series) -> pd.DataFrame:
    """The frame with some of its rows from another one of the same columns and index."""
    places = np.arange(len(frame)) + np.where(is_other, len(frame), 0)
    return pd.concat([frame, other[list(frame)]], ignore_index=True).take(places).set_axis(frame.index)
