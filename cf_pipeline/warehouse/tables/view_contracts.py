"""The contracts of schemas and of their views: what a consumer is told of a view as of a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer, Select, String
from sqlalchemy.types import TypeEngine

from cf_pipeline.contracts.tables import TableColumn, TableContract
from cf_pipeline.contracts.tables.schema_contract import SchemaContract
from cf_pipeline.contracts.tables.table_contract import ColumnType
from cf_pipeline.warehouse.tables.schemas import COMMITTEE, PUBLIC, PUBLISHED, RESTRICTED, Schema
from cf_pipeline.warehouse.tables.view_comments import column_comments


def schema_contract(schema: Schema) -> SchemaContract:
    """The contracts of a schema's tables and views, each by name."""
    return SchemaContract(schema.name, list(schema.contracts.values()), list(view_contracts(schema).values()))


def schema_contracts() -> list[SchemaContract]:
    """Every schema that people read; a released table that is as in `published_v1` has that contract."""
    published = schema_contract(PUBLISHED)
    same = {contract.name: contract for contract in published.contracts}

    def contract_to_read(contract: TableContract) -> TableContract:
        found = replace(contract, layer=published.name)
        return found if found == same.get(contract.name) else contract

    released = [
        SchemaContract(
            each.name, list(map(contract_to_read, each.tables)), list(map(contract_to_read, each.views))
        )
        for each in map(schema_contract, (COMMITTEE, PUBLIC))
    ]
    return [published, schema_contract(RESTRICTED), *released]


def view_contracts(schema: Schema) -> dict[str, TableContract]:
    """The contract of each view by name; it has no key, which no database holds of a view.

    Raises:
        KeyError: a column of a view has no description.
    """
    return {
        name: TableContract(schema.name, name, schema.view_comments[name], _columns(name, query))
        for name, query in schema.views(schema.tables).items()
    }


def _columns(name: str, query: Select[Any]) -> tuple[TableColumn, ...]:
    words = column_comments(name, query)
    return tuple(
        TableColumn(column.name, _type(column.type), words[column.name]) for column in query.selected_columns
    )


def _type(type_: TypeEngine[Any]) -> ColumnType:
    kinds: list[tuple[type[TypeEngine[Any]], ColumnType]] = [
        (Boolean, "boolean"),
        (Integer, "integer"),
        (DateTime, "datetime"),
        (Date, "date"),
        (String, "string"),
    ]
    return next((name for kind, name in kinds if isinstance(type_, kind)), "number")
