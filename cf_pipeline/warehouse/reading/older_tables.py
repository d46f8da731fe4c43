"""Reads the tables of a warehouse that an older version of the product published.

The contract only grows, so an older warehouse lacks columns and tables of today: they are empty. The next
publication has them.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, FromClause, Table, cast, false, null, select, text


def readable_tables(
    connection: Connection, schema: str, tables: Mapping[str, Table]
) -> dict[str, FromClause]:
    """The tables of a schema by name; a column that was not published is null, such a table is empty."""
    published = _columns_by_table(connection, schema)
    return {name: _readable_table(table, published.get(name, set())) for name, table in tables.items()}


def _readable_table(table: Table, names: set[str]) -> FromClause:
    if names.issuperset(table.columns.keys()):
        return table
    columns = [
        column if column.name in names else cast(null(), column.type).label(column.name)
        for column in table.columns
    ]
    query = select(*columns) if names else select(*columns).where(false())
    return query.subquery(table.name)


def _columns_by_table(connection: Connection, schema: str) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for table, column in connection.execute(_COLUMNS, {"name": schema}):
        names.setdefault(table, set()).add(column)
    return names


# The catalogue, not information_schema: that hides a table from those who may not read it, and what may not
# be read would look empty. DuckDB and PostgreSQL have the same catalogue.
_COLUMNS = text(
    "SELECT c.relname, a.attname FROM pg_catalog.pg_attribute a "
    "JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = :name AND a.attnum > 0 AND NOT a.attisdropped"
)
