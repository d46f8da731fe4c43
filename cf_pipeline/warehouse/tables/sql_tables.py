"""The tables of a schema in SQL, made from the table contracts.

Text with a length is `Unicode(n)`, so that SQL Server can index it; numbers are double precision, because
DuckDB's FLOAT holds only 24 bits.
"""

from __future__ import annotations

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

from cf_pipeline.contracts.tables import TableColumn, TableContract, table_contract, table_contracts
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


def sql_tables(schema: str) -> MetaData:
    """The SQLAlchemy tables of a schema, with its keys, foreign keys, lengths and comments."""
    metadata = MetaData(schema=schema)
    for contract in table_contracts(schema):
        _table(contract, metadata)
    return metadata


def _table(contract: TableContract, metadata: MetaData) -> Table:
    columns = [_column(column, contract.layer) for column in contract.columns]
    return Table(contract.name, metadata, *columns, comment=contract.title)


def _column(column: TableColumn, schema: str) -> Column[Any]:
    return Column(
        column.name,
        _sql_type(column),
        *_references(column, schema),
        primary_key=column.is_key,
        autoincrement=False,
        nullable=not (column.is_key or column.is_required),
        comment=column.description,
    )


def _references(column: TableColumn, schema: str) -> list[ForeignKey]:
    """That a column holds the key, which is one column, of another table of the schema."""
    if column.references is None:
        return []
    (key,) = table_contract(f"{schema}/{column.references}").key
    return [ForeignKey(f"{schema}.{column.references}.{key}")]


def _sql_type(column: TableColumn) -> Any:
    if column.type in SQL_TYPES:
        return SQL_TYPES[column.type]()
    return UnicodeText() if column.max_length is None else Unicode(column.max_length)
