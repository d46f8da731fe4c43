"""What differs between databases: where a schema is built, how it replaces the old one, and bulk loading.

Nothing else asks which database it is.
"""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from cf_pipeline.warehouse.dialects.database import AUTHORITY, Build, Cells, Database, Kept
from cf_pipeline.warehouse.dialects.duckdb.database import DuckDb
from cf_pipeline.warehouse.dialects.duckdb.reader import keep_files_open
from cf_pipeline.warehouse.dialects.postgresql.database import PostgreSql
from cf_pipeline.warehouse.dialects.postgresql.state import ServerState, read_server_state
from cf_pipeline.warehouse.errors import WarehouseError, with_plain_errors

__all__ = [
    "AUTHORITY",
    "Build",
    "Cells",
    "Database",
    "DuckDb",
    "Kept",
    "PostgreSql",
    "ServerState",
    "database",
    "keep_files_open",
    "server_of",
    "server_state",
]


def database(url: str, schema: str) -> Database:
    """One schema in the database of a warehouse URL.

    Args:
        url: as in `CF_WAREHOUSE_URL`; DuckDB keeps `published_v1` in that file and any other schema in
            a file of its own beside it, so that each can be given to those who may read it.
        schema: the schema's name.

    Raises:
        WarehouseError: the URL is not one, or of a database that is not supported.
    """
    address = _address(url)
    kind = address.get_backend_name()
    if kind == "duckdb":
        return DuckDb(address, schema)
    if kind == "postgresql":
        return PostgreSql(address, schema)
    raise WarehouseError(f"CF_WAREHOUSE_URL: {kind} is not supported; use duckdb or postgresql")


def server_of(url: str) -> tuple[str, str] | None:
    """Host, with its port where one is named, and database of the server of a URL; None for an embedded file.

    Raises:
        WarehouseError: as of `database`.
    """
    address = _address(url)
    if not isinstance(database(url, ""), PostgreSql):
        return None
    port = f":{address.port}" if address.port else ""
    return f"{address.host or 'localhost'}{port}", address.database or ""


def server_state(url: str) -> ServerState | None:
    """What the server of a URL says of itself; None for an embedded file.

    Raises:
        WarehouseError: as of `database`, or the server does not answer.
    """
    target = database(url, "")
    if not isinstance(target, PostgreSql):
        return None

    def ask() -> ServerState:
        with target.connection() as connection:
            return read_server_state(connection)

    return with_plain_errors("asking the server", ask)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: of a port that is no number
        address = None
    if address is None:
        raise WarehouseError(
            "CF_WAREHOUSE_URL is not a database URL; write it as duckdb:///folder/file.duckdb, or as "
            "postgresql+psycopg://user@host/database with any @ : / % of a password as %40 %3A %2F %25"
        )
    return address
