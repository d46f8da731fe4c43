"""Publishes every table of a schema in one step: a reader sees the old tables or the new, never both.

Schemas that belong together are all complete before the first of them replaces an old one: a disk that fills
leaves no new records beside old figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

import pandas as pd
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import CreateView

from cf_pipeline.warehouse.conform import check
from cf_pipeline.warehouse.dialects import Build, Database, database
from cf_pipeline.warehouse.errors import with_plain_errors
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, Schema


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
    publish_schemas(url, [(schema, tables)])


def publish_schemas(url: str, schemas: Sequence[tuple[Schema, dict[str, pd.DataFrame]]]) -> None:
    """Build every schema, then replace the old ones, in the order given.

    Args:
        url: the warehouse.
        schemas: each with one frame for every table of it, by name.

    Raises:
        WarehouseError: as of `publish_tables`; no schema was replaced unless the database failed between two
            replacements, which take no space.
    """
    checked = [(schema, check(tables, schema)) for schema, tables in schemas]
    targets = [database(url, schema.name) for schema, _ in checked]

    def publish() -> None:
        with targets[0].exclusive(), ExitStack() as built:
            builds = [_build(target, *part) for target, part in zip(targets, checked, strict=True)]
            swaps = [
                built.enter_context(target.prepare(build))
                for target, build in zip(targets, builds, strict=True)
            ]
            for swap in swaps:
                swap()

    with_plain_errors(f"publishing to {targets[0].name}", publish)


def _build(target: Database, schema: Schema, tables: dict[str, pd.DataFrame]) -> Build:
    return lambda connection, staging: _build_schema(target, connection, schema, staging, tables)


def _build_schema(
    target: Database, connection: Connection, schema: Schema, staging: str, tables: dict[str, pd.DataFrame]
) -> None:
    """Create the tables and views of a schema under the name of its staging schema, and fill them."""
    metadata = MetaData(schema=staging)
    for table in schema.tables.values():
        table.to_metadata(metadata, schema=staging)
    metadata.create_all(connection)
    for table in metadata.sorted_tables:
        rows = tables[table.name]
        if len(rows):
            insert = partial(target.insert_rows, connection, table, rows)
            with_plain_errors(f"writing table {table.name}", insert)
    for name, select in schema.views({table.name: table for table in metadata.sorted_tables}).items():
        connection.execute(CreateView(select, name, schema=staging))
        comment = schema.view_comments[name].replace("'", "''")
        connection.execute(text(f"COMMENT ON VIEW {staging}.{name} IS '{comment}'"))
