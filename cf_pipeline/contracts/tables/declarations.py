"""Reads the table contracts from their TOML files and checks each one.

A file has `title`, `key` and `[columns]`. A column is declared in the file, or by its name alone (`{}`) where
`columns.toml` declares it for several tables; what the file says then takes precedence. A column that holds
the key of another table of the schema names that table in `references`. A table that holds the columns of
another names it in `like` and declares what it adds; `without` lists what it leaves out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, get_args

from cf_pipeline.contracts.tables.table_contract import ColumnType, TableColumn, TableContract

SHARED = "columns.toml"
_TABLE_KEYS = {"title", "key", "like", "without", "columns", "repeated"}
_COLUMN_KEYS = {"type", "description", "required", "max_length", "references"}


@cache
def table_contract(path: str) -> TableContract:
    """The contract of a table.

    Args:
        path: its layer or schema and its name, as in 'kpi/quarterly' or 'published_v1/dim_kpi'.

    Raises:
        KeyError: no table of that name.
        ValueError: its declaration is wrong; the message names the file and the column.
    """
    file = _folder().joinpath(f"{path}.toml")
    if not file.is_file():
        raise KeyError(f"no table contract {path}")
    record = _read(file)
    _refuse_unknown(f"{path}.toml", record, _TABLE_KEYS)
    if not record.get("title"):
        raise ValueError(f"{path}.toml: title is missing")
    base = table_contract(record["like"]).without(*record.get("without", ())) if "like" in record else None
    columns = {} if base is None else {column.name: column for column in base.columns}
    for column, attributes in record.get("columns", {}).items():
        columns[column] = _column(f"{path}.toml: column {column}", column, attributes, columns.get(column))
    layer, _, name = path.rpartition("/")
    contract = TableContract(
        layer, name, record["title"], tuple(columns.values()), record.get("repeated", {})
    )
    return _with_key(contract, record["key"]) if "key" in record else contract


@cache
def table_contracts(layer: str) -> tuple[TableContract, ...]:
    """The contracts of a layer or schema, in the order of their names."""
    files = (file.name for file in _folder().joinpath(layer).iterdir())
    names = sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))
    return tuple(table_contract(f"{layer}/{name}") for name in names)


def shared_column(name: str) -> TableColumn:
    """A column that several tables have, as `columns.toml` declares it; KeyError when it does not."""
    return _column(f"{SHARED}: column {name}", name, _shared()[name], None)


@cache
def _shared() -> dict[str, dict[str, Any]]:
    return _read(_folder().joinpath(SHARED))


def _column(where: str, name: str, attributes: Mapping[str, Any], base: TableColumn | None) -> TableColumn:
    _refuse_unknown(where, attributes, _COLUMN_KEYS)
    values = {**_shared().get(name, {}), **_attributes(base), **attributes}
    if values.get("type") not in get_args(ColumnType):
        raise ValueError(f"{where}: type must be one of {', '.join(get_args(ColumnType))}")
    if not values.get("description"):
        raise ValueError(f"{where}: description is missing")
    if values["type"] != "string" and "max_length" not in attributes:
        values["max_length"] = None  # that of the text which several tables have
    if values.get("max_length") is not None and values["type"] != "string":
        raise ValueError(f"{where}: only a string has a max_length")
    return TableColumn(
        name,
        values["type"],
        values["description"],
        is_key=base is not None and base.is_key,
        is_required=values.get("required", False),
        max_length=values.get("max_length"),
        references=attributes.get("references"),  # those of another layer's table are not this one's
    )


def _attributes(base: TableColumn | None) -> dict[str, Any]:
    if base is None:
        return {}
    values = {"type": base.type, "description": base.description, "required": base.is_required}
    return values | {"max_length": base.max_length}


def _with_key(contract: TableContract, key: list[str]) -> TableContract:
    in_order = [name for name in contract.column_names if name in key]
    if in_order != key:
        raise ValueError(f"{contract.path}.toml: the key must name columns of the table, in their order")
    columns = (replace(column, is_key=column.name in key) for column in contract.columns)
    return replace(contract, columns=tuple(columns))


def _refuse_unknown(where: str, record: Mapping[str, Any], known_keys: set[str]) -> None:
    unknown = sorted(set(record) - known_keys)
    if unknown:
        raise ValueError(f"{where}: {unknown[0]} is not known here; use {', '.join(sorted(known_keys))}")


def _read(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _folder() -> Traversable:
    return resources.files("cf_pipeline.contracts.tables")
