"""Keys as numbers: periods that count on, and series. Each is worked out once for every distinct value."""

from __future__ import annotations

import numpy as np
import pandas as pd

SERIES = ["authority_code", "kpi_id", "breakdown", "category"]


def month_numbers(months: pd.Series) -> np.ndarray:
    """Months such as '2019-04' as numbers, one more each month, April of year 0 being 0."""
    code, names = pd.factorize(months)
    numbers = [int(name[:4]) * 12 + int(name[5:7]) - 4 for name in names]
    return np.asarray(np.array(numbers, dtype="int64")[code])


def quarter_numbers(keys: pd.Series) -> np.ndarray:
    """Quarters such as '2019/20 Q3' as numbers, one more each quarter, the first of year 0 being 0."""
    code, names = pd.factorize(keys)
    numbers = [int(name[:4]) * 4 + int(name[-1]) - 1 for name in names]
    return np.asarray(np.array(numbers, dtype="int64")[code])


def series_numbers(rows: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """The series of each row as a number, and the series' names in the order of the numbers."""
    number = np.zeros(len(rows), dtype="int64")
    for name in SERIES:
        code, names = pd.factorize(rows[name])
        number = number * (len(names) + 1) + code
    code, _ = pd.factorize(number)
    _, first = np.unique(code, return_index=True)
    return code, rows[SERIES].iloc[first].reset_index(drop=True)
