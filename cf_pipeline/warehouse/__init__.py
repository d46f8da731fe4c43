"""The warehouse: its schemas are published whole, each in one step, and read by everyone else.

Only this package knows a database. `published_v1` holds aggregates and no row about a child; the records
behind them are in `restricted`.
"""

from cf_pipeline.warehouse.access import create_roles, find_access, grant_share, revoke_share
from cf_pipeline.warehouse.dialects import ServerState, keep_files_open, server_state
from cf_pipeline.warehouse.errors import FileFaultError, KeptRowsError, UnreadableFileError, WarehouseError
from cf_pipeline.warehouse.publish import publish_schemas, publish_tables, remove_half_built
from cf_pipeline.warehouse.read import (
    count_kpis,
    file_state,
    is_pair,
    is_published,
    read_readable_table,
    read_readable_tables,
    read_table,
    read_tables,
)
from cf_pipeline.warehouse.reading.shared_records import read_shared_records
from cf_pipeline.warehouse.rollback import forget_versions, roll_back

__all__ = [
    "FileFaultError",
    "KeptRowsError",
    "ServerState",
    "UnreadableFileError",
    "WarehouseError",
    "count_kpis",
    "create_roles",
    "file_state",
    "find_access",
    "forget_versions",
    "grant_share",
    "is_pair",
    "is_published",
    "keep_files_open",
    "publish_schemas",
    "publish_tables",
    "read_readable_table",
    "read_readable_tables",
    "read_shared_records",
    "read_table",
    "read_tables",
    "remove_half_built",
    "revoke_share",
    "roll_back",
    "server_state",
]
