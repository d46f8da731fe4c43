"""The warehouse: its schemas are published whole, each in one step, and read by everyone else.

Only this package knows a database. `published_v1` holds aggregates and no row about a child; the records
behind them are in `restricted`.
"""

from cf_pipeline.warehouse.errors import KeptRowsError, WarehouseError
from cf_pipeline.warehouse.publish import publish_schemas, publish_tables
from cf_pipeline.warehouse.read import count_kpis, is_published, read_table, read_tables

__all__ = [
    "KeptRowsError",
    "WarehouseError",
    "count_kpis",
    "is_published",
    "publish_schemas",
    "publish_tables",
    "read_table",
    "read_tables",
]
