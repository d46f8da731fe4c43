"""The tables of a DuckDB file as it stores them: created, filled, and emptied of rows that do not stay.

Most are stored as they are declared. A table that declares columns which repeat together (`repeated` of its
contract) is stored as numbers: each combination of those columns once, under a number, and rows of numbers; a
view of the table's name and columns is what readers see. Half a million members of figures are written in a
fifth of the processor time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sqlalchemy import Column, Connection, Integer, MetaData, Select, Table, func, select, text
from sqlalchemy.schema import CreateView

from cf_pipeline.warehouse.dialects.database import AUTHORITY
from cf_pipeline.warehouse.dialects.table_statements import creation_script
from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.tables.sql_tables import REPEATED
from cf_pipeline.warehouse.tables.view_comments import comment_script

Numbers = npt.NDArray[np.int64]
LARGEST = int(np.iinfo("int64").max)


class NumberedTable:
    """A table stored as numbers: a table for each group of repeated columns, and one of the rows."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._metadata = MetaData(schema=table.schema)
        groups = table.info[REPEATED]
        self._groups = {_number(name): self._declare(name, columns) for name, columns in groups.items()}
        grouped = {column for columns in groups.values() for column in columns}
        self._others = [column.name for column in table.columns if column.name not in grouped]
        self._rows = Table(
            f"{table.name}_row",
            self._metadata,
            *(Column(number, Integer, nullable=False, comment=_NUMBER) for number in self._groups),
            *map(self._column, self._others),
            comment=f"The rows of {table.name}; read that view",
        )

    @property
    def parts(self) -> list[Table]:
        """The tables that it is stored as; the rows come last."""
        return [*self._groups.values(), self._rows]

    @cached_property
    def view(self) -> Select[Any]:
        """The rows as the table declares them."""
        joined: Any = self._rows
        for number, group in self._groups.items():
            joined = joined.join(group, self._rows.columns[number] == group.columns[number])
        return select(*(self._find(column.name) for column in self._table.columns)).select_from(joined)

    def divide(self, connection: Connection, rows: pd.DataFrame) -> Iterator[tuple[Table, pd.DataFrame]]:
        """What is inserted for these rows: the combinations that they bring, and their numbers."""
        numbers = {}
        for number, group in self._groups.items():
            columns = [column.name for column in group.columns if column.name != number]
            found = number_combinations(rows[columns])
            new = rows[columns].take(_first_positions(found))
            start = 1 + (connection.scalar(select(func.max(group.columns[number]))) or 0)
            new.insert(0, number, start + np.arange(len(new)))
            yield group, new
            numbers[number] = start + found
        yield self._rows, pd.DataFrame({**numbers, **rows[self._others]})

    def remove(self, connection: Connection, codes: Sequence[str]) -> None:
        """Remove the rows of these authorities."""
        for number, group in self._groups.items():
            of_them = group.columns[AUTHORITY].in_(codes)
            numbers = select(group.columns[number]).where(of_them)
            connection.execute(self._rows.delete().where(self._rows.columns[number].in_(numbers)))
            connection.execute(group.delete().where(of_them))

    def _declare(self, name: str, columns: Iterable[str]) -> Table:
        return Table(
            f"{self._table.name}_{name}",
            self._metadata,
            Column(_number(name), Integer, nullable=False, comment=_NUMBER),
            *map(self._column, columns),
            comment=f"What rows of {self._table.name} share; read that view",
        )

    def _column(self, name: str) -> Column[Any]:
        declared = self._table.columns[name]
        return Column(name, declared.type, nullable=declared.nullable, comment=declared.comment)

    def _find(self, name: str) -> Column[Any]:
        return next(table.columns[name] for table in self.parts if name in table.columns)


_NUMBER = "number of the combination in this file; another publication may have another"


def create_tables(connection: Connection, tables: Sequence[Table]) -> None:
    """Create tables with their comments, and the views of those that are stored as numbers."""
    stored = [each for table in tables for each in _stored(table)]
    driver(connection).execute(creation_script(stored, connection.dialect))
    create_views(connection, tables)


def create_views(connection: Connection, tables: Iterable[Table]) -> None:
    """Show each table that is stored as numbers under its name and with its columns."""
    for table in filter(_is_numbered, tables):
        view = NumberedTable(table).view
        connection.execute(CreateView(view, table.name, schema=table.schema))
        script = comment_script(str(table.schema), table.name, str(table.comment), view)
        driver(connection).execute(script)


def insert_rows(connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    """Insert through Arrow: row by row, DuckDB takes a thousand times longer."""
    parts = NumberedTable(table).divide(connection, rows) if _is_numbered(table) else [(table, rows)]
    for stored, part in parts:
        driver(connection).register("incoming", pa.Table.from_pandas(part, preserve_index=False))
        name = connection.dialect.identifier_preparer.format_table(stored)
        connection.execute(text(f"INSERT INTO {name} SELECT * FROM incoming"))  # noqa: S608 (our own name)
        driver(connection).unregister("incoming")


def keep_rows(connection: Connection, table: Table, codes: Sequence[str]) -> None:
    """Remove every row but those of these authorities.

    Whose rows there are is known without reading them, and those of a few are found quickly; whether a row is
    of none of many takes as long as all the rest.
    """
    if not codes:
        for stored in reversed(_stored(table)):
            connection.execute(stored.delete())
        return
    authority = table.columns[AUTHORITY]
    others = sorted(set(connection.scalars(select(authority).distinct())) - set(codes))
    if _is_numbered(table):
        NumberedTable(table).remove(connection, others)
    else:
        connection.execute(table.delete().where(authority.in_(others)))


def number_combinations(rows: pd.DataFrame) -> Numbers:
    """The number of each row's combination of values, from 0 on in the order in which they first appear.

    Categories are numbers already: a group by the columns takes four times as long.
    """
    joined, count = np.zeros(len(rows), dtype="int64"), 1
    for name in rows:
        values = rows[name].astype("category").array
        options = len(values.categories) + 1  # an empty cell is one too
        if count * options > LARGEST:
            joined, found = pd.factorize(joined)
            count = len(found)
        joined = joined * options + values.codes + 1
        count *= options
    return pd.factorize(joined)[0]


def driver(connection: Connection) -> Any:
    """DuckDB's own connection."""
    found = connection.connection.driver_connection
    if found is None:
        raise WarehouseError("the connection to DuckDB is closed")
    return found


def _first_positions(numbers: Numbers) -> Numbers:
    """Where each of the numbers, which first appear in their order, appears first."""
    return np.flatnonzero(np.diff(np.maximum.accumulate(numbers), prepend=-1))


def _is_numbered(table: Table) -> bool:
    return bool(table.info.get(REPEATED))


def _stored(table: Table) -> list[Table]:
    return NumberedTable(table).parts if _is_numbered(table) else [table]


def _number(name: str) -> str:
    return f"{name}_no"
