"""Checks frames against the table contracts: every column there, of its type, keys complete and unique.

A column's type is that of its dtype; its cells are looked at only where the dtype does not say what they are.
A column of text may be one of categories: where texts repeat, that takes a tenth of the time.
Errors name the table, the column and a count of rows; never a value.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cf_pipeline.contracts.tables import TableColumn, TableContract
from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, Schema

_WORDS = {"Int64": "a whole number", "Float64": "a number", "boolean": "true or false", "str": "text"}


def check(tables: dict[str, pd.DataFrame], schema: Schema = PUBLISHED) -> dict[str, pd.DataFrame]:
    """Every table of the schema as its contract wants it: columns in order, dtypes, sorted by key.

    Raises:
        WarehouseError: a table or column is missing or unknown, holds another type, or a key is
            empty or not unique; the message names table and column.
    """
    contracts = schema.contracts
    if unknown := sorted(set(tables) - set(contracts)):
        raise WarehouseError(f"{schema.name} has no table {unknown[0]}")
    if missing := sorted(set(contracts) - set(tables)):
        raise WarehouseError(f"table {missing[0]} is missing; a publication has every table of {schema.name}")
    return {name: conform(contract, tables[name]) for name, contract in contracts.items()}


def conform(contract: TableContract, frame: pd.DataFrame) -> pd.DataFrame:
    """One frame with the columns and dtypes of its contract, sorted by its key; see `check`.

    Categories of text stay; those of a key are in the order of their texts.
    """
    names, where = contract.column_names, f"table {contract.name}"
    if missing := [name for name in names if name not in frame.columns]:
        raise WarehouseError(f"{where}: column {missing[0]} is missing")
    if unknown := [str(name) for name in frame.columns if name not in names]:
        raise WarehouseError(f"{where}: column {unknown[0]} is not in its contract")
    # An index in order is that of every column, and arrays are put together without comparing indexes.
    in_order = frame if frame.index.equals(pd.RangeIndex(len(frame))) else frame.reset_index(drop=True)
    columns = {
        column.name: _conform_column(f"{where}: column {column.name}", column, in_order[column.name]).array
        for column in contract.columns
    }
    key = contract.key
    rows = sort_by_key(pd.DataFrame(columns, copy=False), key)
    if repeated := _count_repeated(rows, key):
        raise WarehouseError(f"{where}: {repeated} rows repeat a key ({', '.join(key)})")
    return rows


def sort_by_key(rows: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The rows in the order of their key; rows that are in it stay as they are, which is quickly seen."""
    return rows if _is_sorted(rows, key) else rows.sort_values(key, kind="stable", ignore_index=True)


def _is_sorted(rows: pd.DataFrame, key: Sequence[str]) -> bool:
    """Whether the rows are known to be in the order of their key: of columns of mere text it is not known."""
    is_tie = np.ones(max(len(rows) - 1, 0), dtype="bool")
    for name in key:
        cells = rows[name]
        is_category = isinstance(cells.dtype, pd.CategoricalDtype)
        if cells.hasnans or not (is_category or pd.api.types.is_integer_dtype(cells.dtype)):
            return False
        places = cells.cat.codes.to_numpy() if is_category else cells.to_numpy(dtype="int64")
        if (is_tie & (places[1:] < places[:-1])).any():
            return False
        is_tie &= places[1:] == places[:-1]
    return True


def _count_repeated(rows: pd.DataFrame, key: Sequence[str]) -> int:
    """How many rows have the key of the row before; the rows are sorted by it, and none of it is missing."""
    repeats = np.ones(max(len(rows) - 1, 0), dtype="bool")
    for name in key:
        cells = rows[name].cat.codes if isinstance(rows[name].dtype, pd.CategoricalDtype) else rows[name]
        repeats &= np.asarray(cells.array[1:] == cells.array[:-1], dtype="bool")
    return int(repeats.sum())


def _conform_column(where: str, column: TableColumn, cells: pd.Series) -> pd.Series:
    converted = _convert(where, column.dtype, cells, is_key=column.is_key)
    if (column.is_key or column.is_required) and (empty := int(converted.isna().sum())):
        raise WarehouseError(f"{where} is empty in {empty} rows")
    length = column.max_length
    if length is not None and (long := _count_longer(converted, length)):
        raise WarehouseError(f"{where} is longer than {length} characters in {long} rows")
    if column.dtype == "Float64" and (infinite := _count_infinite(converted)):
        raise WarehouseError(f"{where} is not a finite number in {infinite} rows")
    return converted


def _count_infinite(numbers: pd.Series) -> int:
    return int(np.isinf(numbers.to_numpy(dtype="float64", na_value=np.nan)).sum())


def _count_longer(texts: pd.Series, length: int) -> int:
    """How many texts have more characters than `length`."""
    if isinstance(texts.dtype, pd.CategoricalDtype):
        categories = texts.dtype.categories.to_series()
        return _count_longer(texts.astype("str"), length) if _count_longer(categories, length) else 0
    return int(pc.sum(pc.greater(pc.utf8_length(pa.array(texts, pa.large_string())), length)).as_py() or 0)


def _convert(where: str, dtype: str, cells: pd.Series, *, is_key: bool) -> pd.Series:
    wanted, found = pd.api.types.pandas_dtype(dtype), cells.dtype
    if found == wanted:
        return cells
    if dtype == "str" and isinstance(found, pd.CategoricalDtype):
        return _convert_categories(where, cells, is_key=is_key)
    is_text = isinstance(found, pd.StringDtype)
    if dtype == "str" and not is_text and not cells.dropna().map(lambda cell: isinstance(cell, str)).all():
        raise WarehouseError(f"{where} holds something that is not text")
    try:
        if is_text and dtype in {"Int64", "Float64", "datetime64[us]"} and cells.notna().any():
            raise TypeError
        return _convert_dates(cells) if dtype == "datetime64[us]" else cells.astype(wanted)
    except (TypeError, ValueError, OverflowError):
        pass
    raise WarehouseError(f"{where} holds something that is not {_WORDS.get(dtype, 'a date')}")


def _convert_categories(where: str, cells: pd.Series, *, is_key: bool) -> pd.Series:
    """The cells as categories of text; those of a key are in the order of their texts."""
    categories = cells.cat.categories
    is_text = isinstance(categories.dtype, pd.StringDtype)
    if len(categories) and not is_text:
        raise WarehouseError(f"{where} holds something that is not text")
    if is_text and not is_key:
        return cells
    return cells.cat.set_categories(pd.Index(categories.sort_values(), dtype="str"))


def _convert_dates(cells: pd.Series) -> pd.Series:
    dates = pd.to_datetime(cells)
    if dates.dt.tz is not None:
        dates = dates.dt.tz_convert("UTC").dt.tz_localize(None)
    return dates.astype("datetime64[us]")
