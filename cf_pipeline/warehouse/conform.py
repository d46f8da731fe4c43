"""Frames held against the contract: every column there, of its type, keys complete and unique.

Errors name the table, the column and a count of rows; never a value.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Boolean, Column, Date, DateTime, Double, Integer, String, Table
from sqlalchemy.types import TypeEngine

from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, Schema


def check(tables: dict[str, pd.DataFrame], schema: Schema = PUBLISHED) -> dict[str, pd.DataFrame]:
    """Every table of the schema as its contract wants it: columns in order, dtypes, sorted by key.

    Raises:
        WarehouseError: a table or column is missing or unknown, holds another type, or a key is
            empty or not unique; the message names table and column.
    """
    known = schema.tables
    if unknown := sorted(set(tables) - set(known)):
        raise WarehouseError(f"{schema.name} has no table {unknown[0]}")
    if missing := sorted(set(known) - set(tables)):
        raise WarehouseError(f"table {missing[0]} is missing; a publication has every table of {schema.name}")
    return {name: conform(table, tables[name]) for name, table in known.items()}


def conform(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """One frame with the columns and dtypes of its table, sorted by its key; see `check`."""
    names = [column.name for column in table.columns]
    if missing := [name for name in names if name not in frame.columns]:
        raise WarehouseError(f"table {table.name}: column {missing[0]} is missing")
    if unknown := [str(name) for name in frame.columns if name not in names]:
        raise WarehouseError(f"table {table.name}: column {unknown[0]} is not in its contract")
    typed = pd.DataFrame({column.name: _typed(table, column, frame[column.name]) for column in table.columns})
    keys = [column.name for column in table.primary_key]
    if repeated := int(typed.duplicated(keys).sum()):
        raise WarehouseError(f"table {table.name}: {repeated} rows repeat a key ({', '.join(keys)})")
    return typed.sort_values(keys, kind="stable", ignore_index=True)


def dtype_of(type_: TypeEngine[object]) -> str:
    """The pandas dtype a column of this SQL type is held in."""
    if isinstance(type_, Boolean):
        return "boolean"
    if isinstance(type_, Integer):
        return "Int64"
    if isinstance(type_, Date | DateTime):
        return "datetime64[us]"
    if isinstance(type_, String):
        return "str"
    return "Float64"


def _typed(table: Table, column: Column[object], cells: pd.Series) -> pd.Series:
    where = f"table {table.name}: column {column.name}"
    typed = _converted(where, column, cells.reset_index(drop=True))
    if not column.nullable and (empty := int(typed.isna().sum())):
        raise WarehouseError(f"{where} is empty in {empty} rows")
    length = getattr(column.type, "length", None)
    if length is not None and (long := int((typed.str.len() > length).sum())):
        raise WarehouseError(f"{where} is longer than {length} characters in {long} rows")
    if isinstance(column.type, Double) and (endless := int(typed.abs().eq(float("inf")).sum())):
        raise WarehouseError(f"{where} is not a finite number in {endless} rows")
    return typed


def _converted(where: str, column: Column[object], cells: pd.Series) -> pd.Series:
    dtype = dtype_of(column.type)
    if dtype == "str" and not cells.dropna().map(lambda cell: isinstance(cell, str)).all():
        raise WarehouseError(f"{where} holds something that is not text")
    try:
        if dtype == "datetime64[us]":
            return _moments(cells)
        if dtype in {"Int64", "Float64"} and isinstance(cells.dtype, pd.StringDtype) and cells.notna().any():
            raise TypeError
        return cells.astype(pd.api.types.pandas_dtype(dtype))
    except (TypeError, ValueError, OverflowError):
        pass
    words = {"Int64": "a whole number", "Float64": "a number", "boolean": "true or false", "str": "text"}
    raise WarehouseError(f"{where} holds something that is not {words.get(dtype, 'a date')}")


def _moments(cells: pd.Series) -> pd.Series:
    if isinstance(cells.dtype, pd.StringDtype) and cells.notna().any():
        raise TypeError
    moments = pd.to_datetime(cells)
    if moments.dt.tz is not None:
        moments = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    return moments.astype("datetime64[us]")
