"""The operations of a database that the warehouse needs; one class a database has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Engine, MetaData, Select, Table
from sqlalchemy.schema import AddConstraint

Build = Callable[[Connection, str], Mapping[str, int]]
"""Fills a schema that no reader sees yet, given the connection and the name of the schema.

Returns the rows of each table."""
Kept = Mapping[str, Sequence[str]]
"""Table -> codes of the authorities whose published rows stay in it; nothing of a table that is not named."""
Cells: TypeAlias = "list[Any] | pa.ChunkedArray"
"""The cells of one column of a result."""
AUTHORITY = "authority_code"
"""The column that says whose a row is."""
NOTHING_PUBLISHED = "nothing is published: there is nothing to go back from"
NO_EARLIER_VERSION = (
    "no version before the one that is shown is kept: the last three are, from the first publication of this "
    "version of the product on; nothing was changed"
)


class Database(Protocol):
    """The operations of a database that the warehouse needs."""

    name: str

    def exclusive(self) -> AbstractContextManager[None]:
        """Keep other publications of the same files away; a server keeps them away schema by schema."""

    def prepare(self, build: Build, *, keeps_rows: bool = False) -> AbstractContextManager[Any]:
        """Build the schema where no reader sees it; gives what `replace` takes.

        Args:
            build: fills the schema; it may commit.
            keeps_rows: whether rows of the published version are to be kept.
        """

    def remove_half_built(self) -> None:
        """Remove what a killed publication built, and nothing of one that is under way."""

    def replace(self, builds: Sequence[tuple[Any, Any]]) -> None:
        """Replace old schemas by new ones.

        A server replaces all of them in one transaction, files are moved one after the other.

        Args:
            builds: databases of this class, each with what its `prepare` gave, in the order of replacement.
        """

    def roll_back(self, targets: Sequence[Any]) -> None:
        """Show the version before the one that is shown, of all schemas; a publication withdrew it.

        The version that was shown stays aside, so that its number is not used again, until the next
        publication.

        Args:
            targets: databases of this class, in the order of replacement by a publication.

        Raises:
            WarehouseError: no earlier version is kept; nothing was changed.
        """

    def kept_versions(self) -> list[int]:
        """The numbers of the versions that are kept of the schema, and of those that were withdrawn."""

    def forget_versions(self) -> None:
        """Remove every kept version of the schema but the one that is shown: nobody can go back to one."""

    def create_roles(self, targets: Sequence[Any]) -> list[str]:
        """Make the roles, the schemas of these databases and the table that says who sees which team.

        What is there already stays as it is, so that it may be called again.

        Returns:
            The roles that were created.

        Raises:
            WarehouseError: the database has no roles, is too old or was set up by a newer version of the
                product, or the login may not do it; nothing was changed.
        """

    def team_readers(self) -> AbstractContextManager[Any]:
        """Who sees which team of the schema; what is changed is there when the block ends.

        Raises:
            WarehouseError: the database has no row security, or no roles yet.
        """

    def become_reader(self, connection: Connection, role: str) -> None:
        """Have the rights of a reader of lists and no others, until the transaction ends.

        Args:
            connection: to the database, in a transaction.
            role: of the reader; a database without roles has nothing to do.

        Raises:
            WarehouseError: there is no such role, it reads no lists or is bound by no row security, or the
                login may not take it.
        """

    def file_state(self) -> tuple[int, ...] | None:
        """What changes with the schema's file; None where only a query tells, or there is no file."""

    def protect(self, connection: Connection, name: str) -> None:
        """Say who may read the schema that was filled, under the name that it has now."""

    def create_tables(
        self, connection: Connection, metadata: MetaData, codes_by_table: Kept
    ) -> Sequence[AddConstraint]:
        """Create the tables; they hold the published rows that are kept and no others.

        Returns:
            What gives the tables their keys, for `add_keys`.
        """

    def write_rows(self, connection: Connection) -> None:
        """Write the rows that were inserted, and let go of the memory that they take.

        It may commit, and rows that are committed are read in less time.
        """

    def add_keys(self, connection: Connection, keys: Sequence[AddConstraint]) -> None:
        """Give the tables their keys, when the rows of all authorities are there.

        A row that is inserted into a table with its key takes twice the time.

        Raises:
            WarehouseError: two rows of a table share a key; the message names the table.
        """

    def add_references(self, connection: Connection, metadata: MetaData) -> None:
        """Declare the foreign keys, when the rows of all tables are there.

        Raises:
            WarehouseError: a row has a key that is not in the table it refers to; the message names the
                table of the row.
        """

    def insert_rows(self, connection: Connection, table: Table, rows: pd.DataFrame) -> None:
        """Insert all rows of a frame into a table; its columns are those of the table, in order."""

    def row_hash(self, table: Table) -> ColumnElement[Any]:
        """A whole number that depends on every cell of a row."""

    def fetch_columns(self, connection: Connection, query: Select[Any]) -> Sequence[Cells]:
        """The result of a query, column by column."""

    def reader(self) -> Engine | None:
        """An engine that only reads; None when nothing has been published."""

    def named_faults(self) -> AbstractContextManager[None]:
        """Raise a fault of the database's file inside the block in plain words; a server has none."""
