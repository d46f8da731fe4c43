"""The cells of a column as objects: rows of few columns and many sources are put together fastest so."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def object_cells(array: Any) -> npt.NDArray[Any]:
    """The cells of a column's array as objects, missing ones as None."""
    if isinstance(array, pd.Categorical):
        texts = np.full(len(array.categories) + 1, None, dtype=object)  # -1 of a missing one is the last
        texts[:-1] = array.categories
        return np.asarray(texts.take(array.codes))
    return np.asarray(array.to_numpy(dtype=object, na_value=None))
