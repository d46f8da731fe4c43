"""The statements that create tables with their comments, and those that give them their keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from sqlalchemy import Connection, Dialect, MetaData, Table
from sqlalchemy.schema import (
    AddConstraint,
    CreateTable,
    ExecutableDDLElement,
    SetColumnComment,
    SetTableComment,
)

from cf_pipeline.warehouse.errors import with_plain_errors


def separate_keys(tables: Iterable[Table]) -> list[AddConstraint]:
    """What gives each table its key; the statement that creates the table has no key from now on."""
    return [AddConstraint(table.primary_key) for table in tables]


def execute_named(connection: Connection, keys: Sequence[AddConstraint]) -> None:
    """Give each table its key; an error names the table."""
    for key in keys:
        with_plain_errors(f"writing table {key.element.table.name}", partial(connection.execute, key))


def creation_script(metadata: MetaData, dialect: Dialect) -> str:
    """One text of all the statements that create the tables: run one by one, they take ten times as long."""
    statements: list[ExecutableDDLElement] = []
    for table in metadata.sorted_tables:
        statements += [CreateTable(table), SetTableComment(table), *map(SetColumnComment, table.columns)]
    return ";\n".join(str(statement.compile(dialect=dialect)) for statement in statements)
