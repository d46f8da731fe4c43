"""The warehouse: the schema `published_v1`, written whole and swapped in, read by everyone else.

Only this package knows a database. It holds aggregates; no row of a child belongs here.
"""

from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.publish import publish
from cf_pipeline.warehouse.read import is_published, read, read_all

__all__ = ["WarehouseError", "is_published", "publish", "read", "read_all"]
