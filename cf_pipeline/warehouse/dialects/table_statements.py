"""The statements that create tables with their comments, and those that give them their keys.

A key is a primary key, or one that refers to another table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from sqlalchemy import Connection, Dialect, Table
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


def separate_references(tables: Iterable[Table]) -> list[AddConstraint]:
    """What declares the foreign keys of each table; the statement that creates it has none from now on."""
    return [
        AddConstraint(constraint)
        for table in tables
        for constraint in sorted(table.foreign_key_constraints, key=lambda each: tuple(each.column_keys))
    ]


def execute_named(connection: Connection, keys: Sequence[AddConstraint]) -> None:
    """Give each table its keys; an error names the table."""
    for key in keys:
        with_plain_errors(f"writing table {key.element.table.name}", partial(connection.execute, key))


def creation_script(tables: Iterable[Table], dialect: Dialect) -> str:
    """One text of all the statements that create the tables: run one by one, they take ten times as long."""
    statements: list[ExecutableDDLElement] = []
    for table in tables:
        statements += [CreateTable(table), SetTableComment(table), *map(SetColumnComment, table.columns)]
    return ";\n".join(str(statement.compile(dialect=dialect)) for statement in statements)
