"""Reads every table and view of a schema in parts that fit in memory, those of one authority at a time.

No part holds back a publication for longer than it takes to read it. A publication may therefore come between
two parts; `check_unchanged` tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pandas as pd
from sqlalchemy import Connection, Select, or_

from cf_pipeline.contracts.tables import TableContract
from cf_pipeline.warehouse.dialects import AUTHORITY, Database, database
from cf_pipeline.warehouse.errors import WarehouseError, with_plain_errors
from cf_pipeline.warehouse.read import query_of
from cf_pipeline.warehouse.reading.frames import to_frame
from cf_pipeline.warehouse.reading.older_tables import readable_tables
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, Schema
from cf_pipeline.warehouse.tables.view_contracts import schema_contract


class NothingPublishedError(WarehouseError):
    """There is no publication to read."""

    may_pass = False


class ChangedPublicationError(WarehouseError):
    """A new version was published while the earlier one was read."""


class PublicationReader:
    """A schema that is open for reading."""

    def __init__(self, target: Database, connection: Connection, schema: Schema) -> None:
        """`connection`: to the database, read-only."""
        self._target, self._connection = target, connection
        self._schema, self._tables = schema, readable_tables(connection, schema.name, schema.tables)
        connection.commit()
        self.publication = self.read_whole("publication")
        authorities = self.read_whole("dim_authority").dropna(subset=["latest_quarter_key"])
        self._codes = sorted(authorities[AUTHORITY])

    def contracts(self) -> list[TableContract]:
        """The contract of each table and view, tables first, by name."""
        return schema_contract(self._schema).contracts

    def parts(self, contract: TableContract) -> Iterator[pd.DataFrame]:
        """The rows of a table or view, one authority after the other, each part in the order of the key.

        A part has the contract's columns and dtypes; there is at least one, be it without rows.

        Raises:
            WarehouseError: the database failed.
        """
        query = query_of(self._schema, self._tables, contract.name, {})
        for part in self._queries(query):
            frame = self._fetch(part)
            yield frame.sort_values(contract.key or contract.column_names, kind="stable", ignore_index=True)

    def check_unchanged(self) -> None:
        """Raise ChangedPublicationError where what was read is not of one publication."""
        if not self.read_whole("publication").equals(self.publication):
            raise ChangedPublicationError(
                "A new version was published while the earlier one was read; run the command again."
            )

    def _queries(self, query: Select[tuple[object, ...]]) -> Sequence[Select[tuple[object, ...]]]:
        """The query narrowed to each authority that has figures, then to all other rows."""
        if AUTHORITY not in query.selected_columns:
            return [query]
        code = query.selected_columns[AUTHORITY]
        others = or_(code.not_in(self._codes), code.is_(None))
        return [*(query.where(code == own) for own in self._codes), query.where(others)]

    def read_whole(self, name: str) -> pd.DataFrame:
        """A small table, whole, in no order; errors as of `parts`."""
        return self._fetch(query_of(self._schema, self._tables, name, {}))

    def _fetch(self, query: Select[tuple[object, ...]]) -> pd.DataFrame:
        def fetch() -> pd.DataFrame:
            with self._target.named_faults():
                frame = to_frame(query, self._target.fetch_columns(self._connection, query))
                self._connection.commit()  # a publication waits for nobody between two parts
                return frame

        return with_plain_errors(f"reading from {self._target.name}", fetch)


@contextmanager
def open_publication(url: str, schema: Schema = PUBLISHED) -> Iterator[PublicationReader]:
    """What is published, open for reading until the block ends.

    Raises:
        NothingPublishedError: nothing is published.
        WarehouseError: the database failed.
    """
    target = database(url, schema.name)
    task = f"reading from {target.name}"
    engine = with_plain_errors(task, target.reader)
    if engine is None:
        raise NothingPublishedError("Nothing is published yet: run `cf-pipeline run` first.")

    def connect() -> Connection:
        with target.named_faults():
            return engine.connect()

    connection = with_plain_errors(task, connect)
    try:
        yield with_plain_errors(task, lambda: PublicationReader(target, connection, schema))
    finally:
        connection.close()
        engine.dispose()
