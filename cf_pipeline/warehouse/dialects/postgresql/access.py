"""Roles, grants and row security of a PostgreSQL database.

`cf_access` stands beside the schemas that are published, and no publication replaces it: its table says who
sees which team. A schema is protected while it is built, so that it is never shown without its policies.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

from cf_pipeline.warehouse.dialects.postgresql.catalogue import COLUMNS, SCHEMA_EXISTS, VIEWS
from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.tables.roles import (
    LIST_READER,
    READER_BY_SCHEMA,
    ROLES,
    WRITER,
    RowRule,
    row_rule,
)

ACCESS = "cf_access"
LAYOUT = 1
"""The number of the layout of `cf_access`; a later one may have other tables."""
OLDEST_SERVER = 15
"""Views with the rights of those who read them (`security_invoker`) came with PostgreSQL 15."""

_ACCESS_TABLE = f"""
CREATE SCHEMA IF NOT EXISTS {ACCESS} AUTHORIZATION {WRITER};
COMMENT ON SCHEMA {ACCESS} IS 'Who sees which team; no publication replaces it';
SET LOCAL ROLE {WRITER};
CREATE TABLE IF NOT EXISTS {ACCESS}.layout (number integer PRIMARY KEY);
COMMENT ON TABLE {ACCESS}.layout IS 'The layout of this schema';
COMMENT ON COLUMN {ACCESS}.layout.number IS 'number of the layout, from 1';
INSERT INTO {ACCESS}.layout VALUES ({LAYOUT}) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS {ACCESS}.team_reader (
    reader text NOT NULL,
    authority_code varchar(9),
    team text,
    granted_by text NOT NULL DEFAULT session_user,
    granted_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (reader, authority_code, team),
    CHECK (authority_code IS NOT NULL OR team IS NULL)
);
COMMENT ON TABLE {ACCESS}.team_reader IS 'Who sees the records and lists of which team';
COMMENT ON COLUMN {ACCESS}.team_reader.reader IS 'role of the server; its members see what it sees';
COMMENT ON COLUMN {ACCESS}.team_reader.authority_code IS 'GSS code; null for every authority';
COMMENT ON COLUMN {ACCESS}.team_reader.team IS 'null for every team, and children without one';
COMMENT ON COLUMN {ACCESS}.team_reader.granted_by IS 'login that granted it';
COMMENT ON COLUMN {ACCESS}.team_reader.granted_at IS 'when it was granted';
"""  # noqa: S608 (our own names)
# In the function current_user is its owner; who asks is the role that was set, else the login.
_SEEN_TEAMS = f"""
CREATE OR REPLACE FUNCTION {ACCESS}.seen_teams() RETURNS TABLE (authority_code text, team text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.authority_code::text, t.team
    FROM {ACCESS}.team_reader t
    JOIN pg_catalog.pg_roles r ON r.rolname = t.reader
   WHERE pg_catalog.pg_has_role(
           CASE pg_catalog.current_setting('role') WHEN 'none' THEN session_user
                ELSE pg_catalog.current_setting('role')::name END, r.oid, 'USAGE')
$$;
COMMENT ON FUNCTION {ACCESS}.seen_teams() IS 'The teams that the one who asks sees';
REVOKE ALL ON FUNCTION {ACCESS}.seen_teams() FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA {ACCESS} FROM PUBLIC, {LIST_READER};
REVOKE ALL ON SCHEMA {ACCESS} FROM PUBLIC;
GRANT USAGE ON SCHEMA {ACCESS} TO {LIST_READER};
GRANT EXECUTE ON FUNCTION {ACCESS}.seen_teams() TO {LIST_READER};
RESET ROLE;
"""  # noqa: S608 (our own names)
_SEEN = f"{ACCESS}.seen_teams() AS s"
_OF_EVERYTHING = f"EXISTS (SELECT FROM {_SEEN} WHERE s.authority_code IS NULL)"
_OF_A_TEAM = f"""
(authority_code, team) IN (SELECT s.authority_code, s.team FROM {_SEEN} WHERE s.team IS NOT NULL)
OR authority_code IN (SELECT s.authority_code FROM {_SEEN} WHERE s.team IS NULL)
OR {_OF_EVERYTHING}
"""  # noqa: S608 (our own names)
_HAS_ROW = (
    "EXISTS (SELECT FROM {1} m WHERE m.person_ref = {0}.person_ref AND m.authority_code = {0}.authority_code)"
)
_OF_AN_AUTHORITY = f"authority_code IN (SELECT s.authority_code FROM {_SEEN}) OR {_OF_EVERYTHING}"  # noqa: S608 (our own)


def is_set_up(connection: Connection) -> bool:
    """Whether `cf-pipeline init-db` was run on this database."""
    return bool(connection.scalar(SCHEMA_EXISTS, {"name": ACCESS}))


def check_server(connection: Connection) -> None:
    """Refuse a server that is too old.

    Raises:
        WarehouseError: it is.
    """
    found = int((connection.dialect.server_version_info or (0,))[0])
    if found < OLDEST_SERVER:
        raise WarehouseError(
            f"the server in CF_WAREHOUSE_URL is PostgreSQL {found}: the warehouse needs PostgreSQL "
            f"{OLDEST_SERVER} or newer; nothing was changed"
        )


def check_layout(connection: Connection) -> None:
    """Refuse a database that a newer version of the product set up.

    Raises:
        WarehouseError: one did.
    """
    found = connection.scalar(text(f"SELECT max(number) FROM {ACCESS}.layout"))  # noqa: S608 (our own name)
    if found is not None and found > LAYOUT:
        raise WarehouseError(
            f"the database was set up by a newer version of the product (its schema {ACCESS} has layout "
            f"{found}, this version knows {LAYOUT}): update the product; nothing was changed"
        )


def become_writer(connection: Connection) -> None:
    """Act as the role that publishes, where the database has roles; what is made is owned by it.

    Raises:
        WarehouseError: the login may not.
    """
    if not is_set_up(connection):
        return
    if not may_become_writer(connection):
        raise WarehouseError(
            f"the user in CF_WAREHOUSE_URL is not in the role {WRITER}, which publishes: an administrator "
            f"grants it with GRANT {WRITER} TO the user; nothing was changed"
        )
    connection.execute(text(f"SET ROLE {WRITER}"))
    connection.commit()  # rolled back later, the role would be the login's again


def may_become_writer(connection: Connection) -> bool:
    """Whether the login may act as the role that publishes, which has to exist."""
    version = int((connection.dialect.server_version_info or (0,))[0])
    right = "SET" if version >= 16 else "MEMBER"  # from 16 on a member may be allowed to administer alone
    names = {"role": WRITER, "right": right}
    return bool(connection.scalar(text("SELECT pg_has_role(current_user, :role, :right)"), names))


def create_roles(connection: Connection) -> list[str]:
    """Create the roles that are not there; returns their names.

    Raises:
        WarehouseError: a role of such a name sees every row, whatever the policies say, or the login may not
            create roles.
    """
    may_create = connection.scalar(
        text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    )
    created = []
    for role, purpose in ROLES.items():
        found = connection.execute(
            text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = :name"), {"name": role}
        ).scalar_one_or_none()
        if found:
            raise WarehouseError(
                f"the role {role} is a superuser or has BYPASSRLS, and would see every row: take that from "
                "it (ALTER ROLE ... NOSUPERUSER NOBYPASSRLS); nothing was changed"
            )
        if found is None:
            if not may_create:
                raise WarehouseError(
                    f"the server has no role {role} and the user in CF_WAREHOUSE_URL may not create one: run "
                    "`cf-pipeline init-db` as a user with CREATEROLE or as a superuser; nothing was changed"
                )
            connection.execute(text(f"CREATE ROLE {role} NOLOGIN"))
            connection.execute(text(f"COMMENT ON ROLE {role} IS 'cf-pipeline: {purpose}'"))
            created.append(role)
    return created


def prepare_writer(connection: Connection) -> None:
    """Let the role that publishes make schemas here, and the login act as that role.

    Raises:
        WarehouseError: the login may not grant that.
    """
    if not may_become_writer(connection):
        connection.execute(text(f"GRANT {WRITER} TO CURRENT_USER"))
    name = connection.scalar(text("SELECT quote_ident(current_database())"))
    connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {name} TO {', '.join(ROLES)}")
    connection.exec_driver_sql(f"GRANT CREATE ON DATABASE {name} TO {WRITER}")
    right = text("SELECT has_database_privilege(:role, current_database(), 'CREATE')")
    if not connection.scalar(right, {"role": WRITER}):  # a grant without the right to it only warns
        raise WarehouseError(
            "the user in CF_WAREHOUSE_URL may not grant rights on the database: run `cf-pipeline init-db` as "
            "the owner of the database or as a superuser; nothing was changed"
        )


def create_access_schema(connection: Connection) -> None:
    """Create the schema that says who sees which team; what is in it stays."""
    for statements in (_ACCESS_TABLE, _SEEN_TEAMS):
        connection.exec_driver_sql(statements)


def protect_schema(connection: Connection, schema: str, name: str) -> None:
    """Give the tables and views of a schema their rights and policies, and take every other right of PUBLIC.

    Nothing in a database without roles: there only the owner of the tables reads them. Rows have to be there
    already: nothing is copied into a table with row security.

    Args:
        connection: of the owner of the tables.
        schema: the schema that it is, or will be: `published_v1` or `restricted`.
        name: what it is called now.
    """
    views = connection.scalars(VIEWS, {"name": name}).all()
    for view in views:
        connection.execute(text(f"ALTER VIEW {name}.{view} SET (security_invoker = true)"))
    connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA {name} FROM PUBLIC"))
    connection.execute(text(f"REVOKE ALL ON SCHEMA {name} FROM PUBLIC"))
    if not is_set_up(connection):
        return
    reader = READER_BY_SCHEMA[schema]
    for role in ROLES.keys() - {WRITER}:
        connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA {name} FROM {role}"))
    connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO {reader}"))
    if reader == LIST_READER:
        found = connection.execute(COLUMNS, {"name": name}).all()
        protect_rows(connection, name, {table: set(columns) for table, columns in found})


def protect_rows(connection: Connection, name: str, columns_by_table: Mapping[str, set[str]]) -> None:
    """Give every table of a schema the policy that its columns ask for.

    Whether the reader sees a row of a child is asked child by child, through an index: measured on 1,500,000
    rows, one query for all children was worked out again for each.
    """
    rules = {table: row_rule(table, columns) for table, columns in columns_by_table.items()}
    with_teams = [
        table
        for table, rule in sorted(rules.items())
        if rule is RowRule.TEAM and "person_ref" in columns_by_table[table]
    ]
    for table in with_teams:
        index = f"{table}_child ON {name}.{table} (person_ref, authority_code)"
        connection.execute(text(f"CREATE INDEX IF NOT EXISTS {index}"))
    for table, rule in rules.items():
        place = f"{name}.{table}"
        has_row = " OR ".join(_HAS_ROW.format(place, f"{name}.{other}") for other in with_teams)
        seen_by_rule = {
            RowRule.TEAM: _OF_A_TEAM,
            RowRule.CHILD: f"({_OF_AN_AUTHORITY}) AND ({has_row or 'false'})",
            RowRule.AUTHORITY: _OF_AN_AUTHORITY,
            RowRule.EVERYONE: "true",
        }
        for statement in (
            f"ALTER TABLE {place} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS writer ON {place}",
            f"DROP POLICY IF EXISTS list_reader ON {place}",
            f"CREATE POLICY writer ON {place} TO {WRITER} USING (true) WITH CHECK (true)",
            f"CREATE POLICY list_reader ON {place} FOR SELECT TO {LIST_READER} USING ({seen_by_rule[rule]})",
        ):
            connection.execute(text(statement))


def open_schema(connection: Connection, schema: str) -> None:
    """Let the role that reads a schema into it, when it is shown."""
    if is_set_up(connection):
        connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {READER_BY_SCHEMA[schema]}"))
