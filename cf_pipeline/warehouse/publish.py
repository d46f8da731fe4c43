"""Publishing: every table of `published_v1` at once, so that a reader sees the old or the new, whole."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import CreateView

from cf_pipeline.warehouse.dialects import Database, database
from cf_pipeline.warehouse.errors import plainly
from cf_pipeline.warehouse.frames import check
from cf_pipeline.warehouse.tables import metadata
from cf_pipeline.warehouse.views import COMMENTS, views


def publish(url: str, tables: dict[str, pd.DataFrame]) -> None:
    """Replace `published_v1` by these tables, with its views and comments, in one step.

    Args:
        url: the warehouse, as in `CF_WAREHOUSE_URL`.
        tables: one frame for every table of the schema, by name.

    Raises:
        WarehouseError: a frame breaks the contract (nothing was opened), or the database failed;
            what was published before is still there, whole.
    """
    checked = check(tables)
    target = database(url)

    def build(connection: Connection, schema: str) -> None:
        _build(target, connection, schema, checked)

    plainly(f"publishing to {target.name}", lambda: target.swap_in(build))


def _build(target: Database, connection: Connection, schema: str, frames: dict[str, pd.DataFrame]) -> None:
    staging = MetaData(schema=schema)
    for table in metadata.sorted_tables:
        table.to_metadata(staging, schema=schema)
    staging.create_all(connection)
    for table in staging.sorted_tables:
        frame = frames[table.name]
        if len(frame):
            plainly(f"writing table {table.name}", lambda t=table, f=frame: target.load(connection, t, f))  # type: ignore[misc]
    for name, select in views(staging).items():
        connection.execute(CreateView(select, name, schema=schema))
        comment = COMMENTS[name].replace("'", "''")
        connection.execute(text(f"COMMENT ON VIEW {schema}.{name} IS '{comment}'"))
