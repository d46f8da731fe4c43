"""Keys of periods and of series as whole numbers, so that series can be laid out in arrays.

Each distinct key is parsed once, however often it occurs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter

SERIES_KEY = ["authority_code", "kpi_id", "breakdown", "category"]
"""The columns that name one series."""
MONTHS_PER_YEAR, FIRST_MONTH = 12, 4


def month_numbers(months: pd.Series) -> np.ndarray:
    """Months such as '2019-04' as numbers that rise by 1 each month; April of year 0 is 0."""
    return _numbers(months, lambda month: int(month[:4]) * MONTHS_PER_YEAR + int(month[5:7]) - FIRST_MONTH)


def quarter_numbers(quarter_keys: pd.Series) -> np.ndarray:
    """Quarters such as '2019/20 Q3' as numbers that rise by 1 each quarter; quarter 1 of year 0 is 0."""
    return _numbers(quarter_keys, lambda key: Quarter.parse(key).index)


def quarter_parts(quarter_keys: pd.Series) -> pd.DataFrame:
    """The parts of each key: fiscal_year ('2019/20'), year (the calendar year it starts in), quarter_no."""
    codes, keys = pd.factorize(quarter_keys)
    parts = [(quarter.fiscal_year, quarter.year, quarter.number) for quarter in map(Quarter.parse, keys)]
    table = pd.DataFrame(parts, columns=["fiscal_year", "year", "quarter_no"]).astype(
        {"fiscal_year": "str", "year": "Int64", "quarter_no": "Int64"}
    )
    return table.take(codes).set_axis(quarter_keys.index)


def series_numbers(rows: pd.DataFrame, key: Sequence[str] = SERIES_KEY) -> tuple[np.ndarray, pd.DataFrame]:
    """The series of each row as a number from 0 on, and the key's columns of each number, in order."""
    codes = {name: pd.factorize(rows[name], use_na_sentinel=False) for name in key}
    code, distinct = pd.factorize(combine_codes(codes.values()))
    first = np.empty(len(distinct), dtype="int64")
    first[code[::-1]] = np.arange(len(code))[::-1]  # of several rows the first one is written last
    names = {name: values.take(position[first]) for name, (position, values) in codes.items()}
    return code, pd.DataFrame(names)


def combine_codes(codes: Iterable[tuple[np.ndarray, pd.Index]]) -> np.ndarray:
    """One number for what several columns hold in a row, from the codes of each column and what they mean."""
    number = np.zeros(1, dtype="int64")
    for code, names in codes:
        number = number * len(names) + code
    return number


def as_categories(rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The rows with some columns of text as categories in order: each text is then read once."""
    return rows.assign(**{name: _categories(rows[name]) for name in names})


def as_texts(rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The rows with columns of categories as text again: `astype` takes eight times as long."""
    columns = {name: rows[name].cat for name in names}
    return rows.assign(
        **{
            name: column.categories.array.take(column.codes.to_numpy(), allow_fill=True)
            for name, column in columns.items()
        }
    )


def _categories(texts: pd.Series) -> pd.Categorical:
    """As `astype("category")` makes them, without sorting the rows' own codes."""
    codes, names = pd.factorize(texts)
    order = names.argsort()
    places = np.full(len(names) + 1, -1, dtype="int32")
    places[order] = np.arange(len(names))
    return pd.Categorical.from_codes(places[codes], names.take(order))


def map_keys(keys: pd.Series, values: Mapping[str, Any], dtype: str) -> pd.Series:
    """The value of each key, which is looked up once for each distinct key; KeyError for one without."""
    codes, distinct = pd.factorize(keys)
    found = pd.Series([values[key] for key in distinct], dtype=dtype)
    return found.take(codes).set_axis(keys.index)


def _numbers(keys: pd.Series, to_number: Callable[[str], int]) -> np.ndarray:
    codes, distinct = pd.factorize(keys)
    numbers = np.array([to_number(key) for key in distinct], dtype="int64")
    return np.asarray(numbers[codes])
