"""Schemas of a PostgreSQL database by their names: the one that is shown, and the versions that are kept.

A kept version is `<schema>_version_<number>`, one that a rollback withdrew `<schema>_withdrawn_<number>`.
Nobody but the owner has any right there. A schema is exchanged by renaming both in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from sqlalchemy import Connection, text
from sqlalchemy.schema import DropSchema

from cf_pipeline.warehouse.dialects.database import NO_EARLIER_VERSION, NOTHING_PUBLISHED
from cf_pipeline.warehouse.dialects.postgresql.access import is_set_up, open_schema, protect_schema
from cf_pipeline.warehouse.dialects.postgresql.catalogue import (
    DEPENDANTS,
    GRANTEES,
    GRANTS,
    RELATIONS,
    SCHEMA_EXISTS,
    SCHEMAS_LIKE,
    TABLES,
)
from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.tables.roles import ROLES, WRITER

MOST_KEPT = 2
"""The versions before the one that is shown."""
VERSION, WITHDRAWN = "version", "withdrawn"


def create_schema(connection: Connection, schema: str) -> None:
    """Make a schema; one that is there becomes the writer's, with its kept versions, and is protected."""
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {WRITER}"))
    pattern = f"^{schema}(_({VERSION}|{WITHDRAWN})_[0-9]+)?$"
    for name in connection.scalars(SCHEMAS_LIKE, {"pattern": pattern}).all():
        connection.execute(text(f"ALTER SCHEMA {name} OWNER TO {WRITER}"))
        for relation in connection.scalars(RELATIONS, {"name": name}).all():
            connection.exec_driver_sql(f"ALTER {relation} OWNER TO {WRITER}")
    protect_schema(connection, schema, schema)
    open_schema(connection, schema)


def lock_tables(connection: Connection, schema: str) -> None:
    """Lock every table of a schema against readers, until the transaction ends."""
    quoted = connection.dialect.identifier_preparer.quote
    if names := connection.scalars(TABLES, {"name": schema}).all():
        tables = ", ".join(f"{schema}.{quoted(name)}" for name in names)
        connection.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))


def replace_schema(connection: Connection, schema: str, new: str) -> None:
    """Show another schema in the place of one, which is kept as a version.

    Raises:
        WarehouseError: a view of someone else's is built on the schema.
    """
    shown = shown_version(connection, schema)
    aside = f"{schema}_leaving" if shown is None else _kept_name(schema, VERSION, shown)
    _exchange(connection, schema, aside, new)
    if shown is None:
        connection.execute(DropSchema(aside, cascade=True, if_exists=True))


def roll_back_schema(connection: Connection, schema: str, number: int) -> None:
    """Show a kept version; the schema that is shown is set aside, until the next publication.

    Raises:
        WarehouseError: a view of someone else's is built on the schema.
    """
    shown, kept = shown_version(connection, schema), _kept_name(schema, VERSION, number)
    if shown != number:
        protect_schema(connection, schema, kept)
        _exchange(connection, schema, _kept_name(schema, WITHDRAWN, shown or 0), kept)


def forget_versions(connection: Connection, schema: str) -> None:
    """Drop every version of a schema but the one that is shown, and commit."""
    sweep_versions(connection, schema, most_kept=0)
    connection.commit()


def version_numbers(connection: Connection, schema: str) -> list[int]:
    """The numbers of the versions that are kept, and of those withdrawn since the last publication."""
    return sorted(chain(*kept_versions(connection, schema).values()))


def sweep_versions(connection: Connection, schema: str, most_kept: int = MOST_KEPT) -> None:
    """Drop what was withdrawn and all but the newest versions."""
    shown, kept = shown_version(connection, schema) or 0, kept_versions(connection, schema)
    earlier = [number for number in kept[VERSION] if number < shown]
    earlier = earlier[max(len(earlier) - most_kept, 0) :]
    for kind, numbers in kept.items():
        for number in numbers:
            if kind == WITHDRAWN or number not in earlier:
                connection.execute(DropSchema(_kept_name(schema, kind, number), cascade=True, if_exists=True))


def kept_versions(connection: Connection, schema: str) -> dict[str, list[int]]:
    """The numbers of the versions that are kept, and of those withdrawn, each in order."""
    numbers: dict[str, list[int]] = {VERSION: [], WITHDRAWN: []}
    pattern = f"^{schema}_({VERSION}|{WITHDRAWN})_[0-9]+$"
    for name in connection.scalars(SCHEMAS_LIKE, {"pattern": pattern}):
        kind, _, number = name.removeprefix(f"{schema}_").partition("_")
        numbers[kind].append(int(number))
    return {kind: sorted(found) for kind, found in numbers.items()}


def shown_version(connection: Connection, schema: str) -> int | None:
    """The number of the version that is shown; None when there is none."""
    if "publication" not in connection.scalars(TABLES, {"name": schema}).all():
        return None
    number = connection.scalar(text(f"SELECT max(version) FROM {schema}.publication"))  # noqa: S608 (our own)
    return None if number is None else int(number)


def earlier_version(connection: Connection, schemas: Sequence[str]) -> int:
    """The number of the newest version before the one that is shown, which all schemas have.

    Raises:
        WarehouseError: nothing is published, or no such version is kept.
    """
    shown = [shown_version(connection, schema) for schema in schemas]
    numbers = [number for number in shown if number is not None]
    if not numbers:
        raise WarehouseError(NOTHING_PUBLISHED)
    highest = numbers[0] - 1 if len(set(shown)) == 1 else min(numbers)
    kept = [
        {*kept_versions(connection, schema)[VERSION], number}
        for schema, number in zip(schemas, shown, strict=True)
    ]
    earlier = [number for number in set.intersection(*kept) if number is not None and number <= highest]
    if not earlier:
        raise WarehouseError(NO_EARLIER_VERSION)
    return max(earlier)


def _kept_name(schema: str, kind: str, number: int) -> str:
    return f"{schema}_{kind}_{number}"


def _exchange(connection: Connection, schema: str, aside: str, new: str) -> None:
    """Rename a schema, if it is there, and show a new one under its name with the grants of others."""
    grants: list[str] = []
    if connection.scalar(SCHEMA_EXISTS, {"name": schema}):
        _refuse_to_break_views(connection, schema)
        own_roles = list(ROLES) if is_set_up(connection) else []
        names = {"old": schema, "new": new, "own_roles": own_roles}
        grants = list(connection.scalars(GRANTS, names))
        connection.execute(DropSchema(aside, cascade=True, if_exists=True))
        connection.execute(text(f"ALTER SCHEMA {schema} RENAME TO {aside}"))
        _close_schema(connection, aside)
    connection.execute(text(f"ALTER SCHEMA {new} RENAME TO {schema}"))
    open_schema(connection, schema)
    for grant in grants:  # a rename leaves the grants with the old tables
        connection.exec_driver_sql(grant)


def _close_schema(connection: Connection, schema: str) -> None:
    """Take every right in a schema from everyone but its owner."""
    for grantee in connection.scalars(GRANTEES, {"name": schema}).all():
        connection.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {grantee} CASCADE")
        connection.exec_driver_sql(f"REVOKE ALL ON SCHEMA {schema} FROM {grantee} CASCADE")


def _refuse_to_break_views(connection: Connection, schema: str) -> None:
    dependants = connection.scalars(DEPENDANTS, {"name": schema}).all()
    if dependants:
        raise WarehouseError(
            f"{dependants[0]} is built on {schema} and would be lost; drop it, publish, and create it again"
        )
