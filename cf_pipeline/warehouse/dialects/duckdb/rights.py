"""What DuckDB has of rights: the modes of its files. It has no roles and no row security."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection

from cf_pipeline.warehouse.errors import WarehouseError

NO_ROLES = (
    "DuckDB has no roles and no row security: whoever may read its files reads every row of them; who sees "
    "which team needs PostgreSQL 15 or newer in CF_WAREHOUSE_URL; nothing was changed"
)


class DuckDbRights:
    """The operations of a database that are about rights."""

    def create_roles(self, _: Any) -> list[str]:
        """DuckDB has none."""
        raise WarehouseError(NO_ROLES)

    def team_readers(self) -> AbstractContextManager[Any]:
        """DuckDB has no row security."""
        raise WarehouseError(NO_ROLES)

    def protect(self, connection: Connection, name: str) -> None:
        """Nothing: a file is for its owner, and whoever reads it reads every row."""

    def become_reader(self, connection: Connection, role: str) -> None:
        """Nothing: every connection has the rights of the user whose process it is."""
