"""Publishes every table of a schema in one step: a reader sees the old tables or the new, never both.

Schemas that belong together are all complete before the first of them replaces an old one: a disk that fills
leaves no new records beside old figures. A server replaces them in one transaction. Files are moved one after
the other: a process killed between leaves new records beside old figures, and `is_pair` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial

import pandas as pd
from sqlalchemy import DDL, Connection, MetaData, Table, select
from sqlalchemy.schema import AddConstraint, CreateView

from cf_pipeline.warehouse.conform import check
from cf_pipeline.warehouse.dialects import AUTHORITY, Build, Database, database
from cf_pipeline.warehouse.errors import KeptRowsError, WarehouseError, with_plain_errors
from cf_pipeline.warehouse.load import SOURCES, Load, LoadedRows
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED, Schema
from cf_pipeline.warehouse.tables.view_comments import comment_script

ROWS_AT_ONCE = 500_000
"""So many rows are written before the next authority's: each writing costs time, and until then the rows are
in memory."""


def publish_tables(url: str, tables: dict[str, pd.DataFrame], schema: Schema = PUBLISHED) -> None:
    """Replace a schema by these tables, with its views and comments, in one step.

    Args:
        url: the warehouse, as in `CF_WAREHOUSE_URL`.
        tables: one frame for every table of the schema, by name.
        schema: which schema.

    Raises:
        WarehouseError: a frame breaks its contract (nothing was opened), or the database failed;
            what was published before is still there, whole.
    """
    checked = check(tables, schema)
    publish_schemas(url, [Load(schema, (), lambda _: checked)])


def publish_schemas(
    url: str, loads: Sequence[Load], before_replacing: Callable[[], None] | None = None
) -> dict[str, int]:
    """Build every schema, then replace the old ones, in the order given.

    Args:
        url: the warehouse.
        loads: what each schema is filled with.
        before_replacing: called when every schema is complete, and before readers see the first.

    Returns:
        The rows of each table of the last schema.

    Raises:
        KeptRowsError: rows that were to be kept cannot be; a load that keeps none can be published.
        WarehouseError: as of `publish_tables`; no schema was replaced unless the database failed between two
            replacements, which take no space.
    """
    targets = [database(url, load.schema.name) for load in loads]
    rows_by_table: dict[str, int] = {}

    def publish() -> None:
        with targets[0].exclusive(), ExitStack() as built:
            complete = [
                built.enter_context(
                    target.prepare(_build(target, load, rows_by_table), keeps_rows=bool(load.kept))
                )
                for target, load in zip(targets, loads, strict=True)
            ]
            if before_replacing is not None:
                before_replacing()
            targets[0].replace(list(zip(targets, complete, strict=True)))

    with_plain_errors(f"publishing to {targets[0].name}", publish)
    return {name: rows_by_table[name] for name in loads[-1].schema.contracts}


def remove_half_built(url: str) -> None:
    """Remove what killed publications built in the database, and nothing of one that is under way.

    Raises:
        WarehouseError: the database failed.
    """
    for schema in (PUBLISHED, RESTRICTED):
        target = database(url, schema.name)
        with_plain_errors(f"clearing up in {target.name}", target.remove_half_built)


def _build(target: Database, load: Load, rows_by_table: dict[str, int]) -> Build:
    """What fills a schema; the rows of its tables are in `rows_by_table` afterwards."""

    def build(connection: Connection, staging: str) -> Mapping[str, int]:
        fill = partial(_build_schema, target, connection, load, staging)
        with suppress(*([WarehouseError] if load.kept else [])):
            counts = with_plain_errors("keeping published rows", fill)
            rows_by_table.update(counts)
            return counts
        raise KeptRowsError("published rows cannot be kept as they are")

    return build


def _build_schema(target: Database, connection: Connection, load: Load, staging: str) -> dict[str, int]:
    """Create the tables and views of a schema under the name of its staging schema, and fill them.

    Returns:
        The rows of each table.
    """
    metadata = MetaData(schema=staging)
    for table in load.schema.tables.values():
        table.to_metadata(metadata, schema=staging)
    tables = {table.name: table for table in metadata.sorted_tables}
    loaded = LoadedRows(target, connection, tables)
    keys = _keep_rows(target, connection, load, metadata)
    hash_by_code: dict[str, str | None] = {}
    unwritten = 0
    for authority in load.authorities:
        if unwritten >= ROWS_AT_ONCE:
            target.write_rows(connection)
            unwritten = 0
        for name, rows in authority.tables.items():
            _insert(target, connection, tables[name], rows)
            unwritten += len(rows)
        hash_by_code[authority.authority_code] = authority.sources_hash
        del authority  # the next one is made while these names would still hold its rows
    target.write_rows(connection)
    target.add_keys(connection, keys)
    _insert_sources(connection, load, loaded, tables[SOURCES], hash_by_code)
    for name, rows in load.common(loaded).items():
        _insert(target, connection, tables[name], rows)
    target.add_references(connection, metadata)
    comments = []
    for name, query in load.schema.views(tables).items():
        connection.execute(CreateView(query, name, schema=staging))
        comments.append(comment_script(staging, name, load.schema.view_comments[name], query))
    if comments:
        script = ";\n".join(comments).replace("%", "%%")
        connection.execute(DDL(script))  # type: ignore[no-untyped-call]
    if load.check is not None:
        load.check(loaded)
    target.protect(connection, staging)
    return loaded.count()


def _keep_rows(
    target: Database, connection: Connection, load: Load, metadata: MetaData
) -> Sequence[AddConstraint]:
    """Create the tables with the rows that stay, and make sure that these are as they were written.

    Returns:
        What gives the tables their keys, as `Database.create_tables` returns it.

    Raises:
        KeptRowsError: they are not.
    """
    names = [*load.schema.by_authority, SOURCES]
    if not load.kept:
        return target.create_tables(connection, metadata, {})
    tables = {table.name: table for table in metadata.sorted_tables}
    keys = target.create_tables(connection, metadata, dict.fromkeys(names, load.kept))
    found = LoadedRows(target, connection, tables).hash_rows(
        load.schema.by_authority, load.kept, has_others=False
    )
    sources = tables[SOURCES].columns
    written = connection.execute(select(sources[AUTHORITY], sources["rows_hash"]))
    if found != dict(map(tuple, written)):
        raise KeptRowsError("published rows are not as they were written")
    connection.commit()
    return keys


def _insert_sources(
    connection: Connection,
    load: Load,
    staging_rows: LoadedRows,
    sources: Table,
    hash_by_code: Mapping[str, str | None],
) -> None:
    """Say what the rows that were inserted were made from; all are hashed at once, each table read once."""
    if not hash_by_code:
        return
    codes, has_others = list(hash_by_code), bool(load.kept)
    hashes = staging_rows.hash_rows(load.schema.by_authority, codes, has_others=has_others)
    rows = [
        {AUTHORITY: code, "sources_hash": sources_hash, "rows_hash": hashes[code]}
        for code, sources_hash in hash_by_code.items()
    ]
    connection.execute(sources.insert(), rows)


def _insert(target: Database, connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    if len(rows):
        insert = partial(target.insert_rows, connection, table, rows)
        with_plain_errors(f"writing table {table.name}", insert)
