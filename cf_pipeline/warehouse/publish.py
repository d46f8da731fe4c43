"""Publishes every table of a schema in one step: a reader sees the old tables or the new, never both."""

from __future__ import annotations

from functools import partial

import pandas as pd
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import CreateView

from cf_pipeline.warehouse.conform import check
from cf_pipeline.warehouse.dialects import Database, database
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
    checked = check(tables, schema)
    target = database(url, schema.name)

    def build(connection: Connection, staging: str) -> None:
        _build_schema(target, connection, schema, staging, checked)

    with_plain_errors(f"publishing to {target.name}", lambda: target.swap_in(build))


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
