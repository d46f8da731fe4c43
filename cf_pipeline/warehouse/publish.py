"""Publishing: every table of a schema at once, so that a reader sees the old or the new, whole."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import CreateView

from cf_pipeline.warehouse.conform import check
from cf_pipeline.warehouse.dialects import Database, database
from cf_pipeline.warehouse.errors import plainly
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, Schema


def publish(url: str, tables: dict[str, pd.DataFrame], schema: Schema = PUBLISHED) -> None:
    """Replace a schema by these tables, with its views and comments, in one step.

    Args:
        url: the warehouse, as in `CF_WAREHOUSE_URL`.
        tables: one frame for every table of the schema, by name.
        schema: which schema.

    Raises:
        WarehouseError: a frame breaks the contract (nothing was opened), or the database failed;
            what was published before is still there, whole.
    """
    checked = check(tables, schema)
    target = database(url, schema.name)

    def build(connection: Connection, building: str) -> None:
        _build(target, connection, schema, building, checked)

    plainly(f"publishing to {target.name}", lambda: target.swap_in(build))


def _build(
    target: Database, connection: Connection, schema: Schema, building: str, frames: dict[str, pd.DataFrame]
) -> None:
    staging = MetaData(schema=building)
    for table in schema.tables.values():
        table.to_metadata(staging, schema=building)
    staging.create_all(connection)
    for table in staging.sorted_tables:
        frame = frames[table.name]
        if len(frame):
            plainly(f"writing table {table.name}", lambda t=table, f=frame: target.load(connection, t, f))  # type: ignore[misc]
    for name, select in schema.views(staging).items():
        connection.execute(CreateView(select, name, schema=building))
        comment = schema.view_comments[name].replace("'", "''")
        connection.execute(text(f"COMMENT ON VIEW {building}.{name} IS '{comment}'"))
