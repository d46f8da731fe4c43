"""Reads what was published, as frames with the dtypes of the contracts. Read-only; nothing stays open.

A warehouse that an older version of the product published is read too: a column that it lacks is empty, and
so is a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import pandas as pd
from sqlalchemy import (
    Connection,
    FromClause,
    Select,
    distinct,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError

import cf_pipeline
from cf_pipeline.warehouse.dialects import Database, database
from cf_pipeline.warehouse.errors import UnreadableFileError, WarehouseError, with_plain_errors
from cf_pipeline.warehouse.reading.frames import to_frame
from cf_pipeline.warehouse.reading.older_tables import readable_tables
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED, Schema

Tables: TypeAlias = Mapping[str, FromClause]
Queries: TypeAlias = Mapping[str, Select[Any]]


def is_published(url: str) -> bool:
    """Whether anything was ever published there."""
    target = database(url, PUBLISHED.name)

    def connect() -> bool:
        engine = target.reader()
        if engine is None:
            return False
        with target.named_faults(), engine.connect():
            return True

    return with_plain_errors(f"reading from {target.name}", connect)


def file_state(url: str) -> tuple[int, ...] | None:
    """What changes with the file of the published figures, found without opening it.

    None where there is no file, or where only a query tells.

    Raises:
        WarehouseError: the folder may not be read.
    """
    target = database(url, PUBLISHED.name)
    return with_plain_errors(f"reading from {target.name}", target.file_state)


def read_table(
    url: str, table: str, where: Mapping[str, object] | None = None, schema: Schema = PUBLISHED
) -> pd.DataFrame:
    """One table or view of a schema, tables sorted by key; empty when nothing is published.

    Args:
        url: the warehouse.
        table: name of the table or view.
        where: column -> the value it must have, or a list of those it may have.
        schema: which schema.

    Raises:
        WarehouseError: no such table, or the database failed.
    """
    return _read(url, schema, {table: where or {}})[table]


def read_readable_table(url: str, table: str, schema: Schema = PUBLISHED) -> pd.DataFrame:
    """A whole table of a schema; empty too where the file cannot be read, which a publication replaces.

    Raises:
        WarehouseError: the database failed in another way.
    """
    return read_readable_tables(url, [table], schema)[table]


def read_readable_tables(
    url: str, tables: Sequence[str], schema: Schema = PUBLISHED
) -> dict[str, pd.DataFrame]:
    """Whole tables of a schema, all of one publication; empty ones as of `read_readable_table`.

    Raises:
        WarehouseError: the database failed in another way.
    """
    with suppress(UnreadableFileError):
        return _read(url, schema, {name: {} for name in tables})
    return {name: schema.contracts[name].empty() for name in tables}


def read_tables(
    url: str,
    where_by_table: Mapping[str, Mapping[str, object]] | None = None,
    schema: Schema = PUBLISHED,
) -> dict[str, pd.DataFrame]:
    """Tables and views of a schema, all of one publication; empty frames when nothing is published.

    Args:
        url: the warehouse.
        where_by_table: the tables to read, each with the values its columns must have, as of `read_table`;
            None for every table, whole.
        schema: which schema.
    """
    everything: Mapping[str, Mapping[str, object]] = {name: {} for name in schema.contracts}
    return _read(url, schema, everything if where_by_table is None else where_by_table)


def count_kpis(url: str) -> dict[str, int]:
    """Authority code -> the number of KPIs that have a published value.

    Empty when nothing is published, and where the file cannot be read, which a publication replaces.
    """
    with suppress(UnreadableFileError):
        return with_plain_errors("reading published figures", lambda: _count_kpis(url))
    return {}


def is_pair(url: str) -> bool:
    """Whether the figures and the records behind them are of one publication.

    Raises:
        WarehouseError: the database failed, or one of them may not be read.
    """
    figures, records = (
        read_table(url, "publication", schema=schema)[["version", "run_id"]]
        for schema in (PUBLISHED, RESTRICTED)
    )
    return figures.equals(records)


def next_version(url: str) -> int:
    """The number of the next publication: one more than that of any that is there, from 1.

    Where the figures are lost, the records behind them still say which publication they are of. A version
    that a rollback withdrew counts too: its number is not used again.

    Raises:
        WarehouseError: the database failed, or a newer version of the product published there.
    """
    publications = [read_table(url, "publication", schema=schema) for schema in (PUBLISHED, RESTRICTED)]
    _check_product(publications[0])
    newest = [publication["version"].max() for publication in publications]
    target = database(url, PUBLISHED.name)
    kept = with_plain_errors(f"reading from {target.name}", target.kept_versions)
    return 1 + max([int(version) for version in newest if pd.notna(version)] + kept, default=0)


def _check_product(publication: pd.DataFrame) -> None:
    """Refuse to publish over what a newer version of the product published: columns of it would be lost."""
    for found in publication["product_version"].dropna():
        if _parts(found) > _parts(cf_pipeline.__version__):
            raise WarehouseError(
                f"the warehouse was published by version {found} of the product, and this is "
                f"{cf_pipeline.__version__}: update the product, or go back to a version that this one "
                "published with `cf-pipeline publish --rollback`; nothing was changed"
            )


def _parts(version: str) -> list[int]:
    """The numbers of a version, as in 0.1.0."""
    return [int(part) for part in re.findall(r"\d+", version)]


def _read(
    url: str, schema: Schema, where_by_table: Mapping[str, Mapping[str, object]]
) -> dict[str, pd.DataFrame]:
    def make_queries(tables: Tables) -> Queries:
        return {name: query_of(schema, tables, name, where) for name, where in where_by_table.items()}

    return fetch_frames(url, schema, make_queries)


def fetch_frames(
    url: str, schema: Schema, make_queries: Callable[[Tables], Queries], role: str | None = None
) -> dict[str, pd.DataFrame]:
    """The results of queries in one transaction, so that all are of one publication.

    Args:
        url: the warehouse.
        schema: which schema.
        make_queries: makes the queries by name, given the tables as the database has them.
        role: of a reader of lists, whose rights the transaction has.

    Returns:
        A frame a query, empty when nothing is published; of a table of the schema in the order of its key.

    Raises:
        WarehouseError: the database failed, or the role may not be taken.
    """
    current = make_queries(schema.tables)
    target = database(url, schema.name)

    def begin(connection: Connection) -> None:
        if role is not None:
            target.become_reader(connection, role)

    def fetch() -> dict[str, pd.DataFrame]:
        engine = target.reader()
        if engine is None:
            return {name: _empty_frame(query) for name, query in current.items()}
        try:
            # Until it ends, this transaction's locks (PostgreSQL) or open file (DuckDB) hold back the swap.
            with target.named_faults(), engine.connect() as connection:
                begin(connection)
                with suppress(DBAPIError):  # an older warehouse lacks a table or a column
                    return _fetch(target, connection, current)
                connection.rollback()
                begin(connection)
                return _fetch(
                    target, connection, make_queries(readable_tables(connection, schema.name, schema.tables))
                )
        finally:
            engine.dispose()

    frames = with_plain_errors(f"reading from {target.name}", fetch)
    return {name: _in_key_order(schema, name, frame) for name, frame in frames.items()}


def _count_kpis(url: str) -> dict[str, int]:
    target = database(url, PUBLISHED.name)
    engine = target.reader()
    if engine is None:
        return {}
    facts = PUBLISHED.tables["fact_kpi_quarterly"].columns
    authority = facts["authority_code"]
    kpis = select(authority, func.count(distinct(facts["kpi_id"])))
    try:
        with target.named_faults(), engine.connect() as connection:
            found = connection.execute(kpis.where(facts["value"].is_not(None)).group_by(authority))
            return {str(code): int(number) for code, number in found}
    finally:
        engine.dispose()


def query_of(
    schema: Schema, tables: Mapping[str, FromClause], name: str, where: Mapping[str, object]
) -> Select[Any]:
    """The query of a table or view; `where` as of `read_table`, `tables` as the database has them.

    Raises:
        WarehouseError: no such table or view.
    """
    table = tables.get(name)
    query = schema.views(tables).get(name) if table is None else select(table)
    if query is None:
        raise WarehouseError(f"{schema.name} has no table or view {name}")
    columns = query.selected_columns
    return query.where(
        *(
            columns[column].in_(value) if isinstance(value, list) else columns[column] == value
            for column, value in where.items()
        )
    )


def _in_key_order(schema: Schema, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A table sorted by its key, here and not in SQL: databases order text by their own collation."""
    contract = schema.contracts.get(name)
    return frame if contract is None else frame.sort_values(contract.key, kind="stable", ignore_index=True)


def _fetch(target: Database, connection: Connection, queries: Queries) -> dict[str, pd.DataFrame]:
    return {name: to_frame(query, target.fetch_columns(connection, query)) for name, query in queries.items()}


def _empty_frame(query: Select[Any]) -> pd.DataFrame:
    return to_frame(query, [[] for _ in query.selected_columns])
