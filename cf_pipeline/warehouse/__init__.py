"""The warehouse: its schemas are published whole, each in one step, and read by everyone else.

Only this package knows a database. `published_v1` holds aggregates and no row about a child; the records
behind them are in `restricted`.
"""

from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.publish import AlteredRowsError, publish_schemas, publish_tables
from cf_pipeline.warehouse.read import is_published, read_table, read_tables

__all__ = [
    "AlteredRowsError",
    "WarehouseError",
    "is_published",
    "publish_schemas",
    "publish_tables",
    "read_table",
    "read_tables",
]
