"""What a PostgreSQL server says of itself: version, roles, schemas, rights of the login, clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, text

from cf_pipeline.warehouse.dialects.postgresql.access import (
    ACCESS,
    LAYOUT,
    OLDEST_SERVER,
    is_set_up,
    may_become_writer,
)
from cf_pipeline.warehouse.dialects.postgresql.catalogue import SCHEMA_EXISTS
from cf_pipeline.warehouse.tables.roles import ROLES, WRITER
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED

_ROLE_EXISTS = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
_LAYOUT = text(f"SELECT max(number) FROM {ACCESS}.layout")  # noqa: S608 (our own name)
_CLOCK = text("SELECT clock_timestamp()")


@dataclass(frozen=True)
class ServerState:
    """What the server says.

    `is_set_up`: whether `init-db` was run; what is missing, and whether the login may publish, is told only
    then. `time`: its clock (UTC).
    """

    version: int
    time: dt.datetime
    is_set_up: bool = False
    missing_roles: tuple[str, ...] = ()
    missing_schemas: tuple[str, ...] = ()
    has_newer_layout: bool = False
    may_publish: bool = True
    oldest_version: int = OLDEST_SERVER
    writer: str = WRITER

    @property
    def is_new_enough(self) -> bool:
        """Whether the server has what the warehouse needs."""
        return self.version >= self.oldest_version


def read_server_state(connection: Connection) -> ServerState:
    """The state of the server and the database of a connection."""
    version = int((connection.dialect.server_version_info or (0,))[0])
    time = connection.execute(_CLOCK).scalar_one().astimezone(dt.UTC)
    if not is_set_up(connection):
        return ServerState(version, time)
    roles = tuple(name for name in ROLES if not connection.scalar(_ROLE_EXISTS, {"name": name}))
    schemas = tuple(
        schema.name
        for schema in (PUBLISHED, RESTRICTED)
        if not connection.scalar(SCHEMA_EXISTS, {"name": schema.name})
    )
    may_publish = WRITER not in roles and may_become_writer(connection)
    layout = connection.scalar(_LAYOUT) if may_publish else LAYOUT
    return ServerState(version, time, True, roles, schemas, (layout or 0) > LAYOUT, may_publish)
