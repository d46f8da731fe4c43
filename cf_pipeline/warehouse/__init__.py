"""The warehouse: its schemas are written whole and swapped in, and read by everyone else.

Only this package knows a database. `published_v1` holds aggregates and no row of a child; the records
behind them are in `restricted`.
"""

from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.publish import publish
from cf_pipeline.warehouse.read import is_published, read, read_all

__all__ = ["WarehouseError", "is_published", "publish", "read", "read_all"]
