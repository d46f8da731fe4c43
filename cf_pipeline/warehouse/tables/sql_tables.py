"""The tables of a schema in SQL, made from the table contracts.

Text with a length is `Unicode(n)`, so that SQL Server can index it; numbers are double precision, because
DuckDB's FLOAT holds only 24 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Unicode,
    UnicodeText,
)

from cf_pipeline.contracts.tables import TableColumn, TableContract
from cf_pipeline.contracts.tables.table_contract import ColumnType

SQL_TYPES: dict[ColumnType, Any] = {
    "integer": Integer,
    "big_integer": BigInteger,
    "number": Double,
    "boolean": Boolean,
    "date": Date,
    "datetime": DateTime,
}
"""The SQL type of each column type of a contract; text is `Unicode` or `UnicodeText`."""

REPEATED = "repeated"
"""Where a table's `info` has the `repeated` of its contract."""


def sql_tables(schema: str, contracts: Mapping[str, TableContract]) -> MetaData:
    """The SQLAlchemy tables of a schema, with its keys, foreign keys, lengths and comments.

    Args:
        schema: its name.
        contracts: its tables by name.
    """
    metadata = MetaData(schema=schema)
    # A table's key is one column where others refer to it.
    keys = {name: contract.key[0] for name, contract in contracts.items() if contract.key}
    for contract in contracts.values():
        columns = [_column(column, schema, keys) for column in contract.columns]
        info = {REPEATED: contract.repeated}
        Table(contract.name, metadata, *columns, comment=contract.title, info=info)
    return metadata


def _column(column: TableColumn, schema: str, keys: Mapping[str, str]) -> Column[Any]:
    place = column.references
    references = [] if place is None else [ForeignKey(f"{schema}.{place}.{keys[place]}")]
    return Column(
        column.name,
        _sql_type(column),
        *references,
        primary_key=column.is_key,
        autoincrement=False,
        nullable=not (column.is_key or column.is_required),
        comment=column.description,
    )


def _sql_type(column: TableColumn) -> Any:
    if column.type in SQL_TYPES:
        return SQL_TYPES[column.type]()
    return UnicodeText() if column.max_length is None else Unicode(column.max_length)
