"""Every role, every table, every verb: a role may do what is declared, whatever was published before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import psycopg
import pytest
from psycopg import sql

from cf_pipeline.warehouse import WarehouseError, create_roles, roll_back
from cf_pipeline.warehouse.dialects.postgresql import access
from cf_pipeline.warehouse.tables.roles import RowRule, row_rule
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from cf_pipeline.warehouse.tables.views import views
from tests.support.postgresql import drop_schemas
from tests.support.records_example import publish_records
from tests.support.versions_example import publish

READERS = {"cf_reader": "published_v1", "cf_list_reader": "restricted"}
ROLES = ("cf_writer", *READERS, "of_no_role")
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
STATEMENTS = {
    "SELECT": "SELECT count(*) FROM {0}",
    "INSERT": "INSERT INTO {0} SELECT * FROM {0} WHERE false",
    "DELETE": "DELETE FROM {0} WHERE false",
    "TRUNCATE": "TRUNCATE {0}",
    "ALTER": "ALTER TABLE {0} ADD COLUMN more text",
    "DROP": "DROP TABLE {0}",
}
OURS = "SELECT 1 FROM pg_namespace WHERE nspname ~ '^(cf_|published|restricted)'"
REFUSALS = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.WrongObjectType,
    psycopg.errors.ObjectNotInPrerequisiteState,
)
"""The last two: a view is no table, and takes no rows."""
PLACES = [
    *(("published_v1", name) for name in [*PUBLISHED.tables, *views(PUBLISHED.tables)]),
    *(("restricted", name) for name in [*RESTRICTED.tables, *RESTRICTED.views(RESTRICTED.tables)]),
    *(("cf_access", name) for name in ("team_reader", "layout")),
]


@pytest.fixture
def server(postgres: str) -> Iterator[psycopg.Connection]:
    """A connection of the administrator, to a database without anything of the product."""
    drop_schemas(postgres)
    with psycopg.connect(postgres, autocommit=True) as connection:
        for role in ("of_no_role", "pipeline", "administrator"):
            connection.execute(f"DROP ROLE IF EXISTS {role}")
        connection.execute("CREATE ROLE of_no_role")
        yield connection
        connection.execute("RESET ROLE")
    drop_schemas(postgres)


def url_of(connection: psycopg.Connection) -> str:
    """The administrator's address, for `CF_WAREHOUSE_URL`."""
    host = connection.info.get_parameters()["host"]
    return f"postgresql+psycopg://postgres@/{connection.info.dbname}?host={host}"


def may(role: str, schema: str, verb: str) -> bool:
    """Whether a role may: the writer everything, each reader reads its one schema, nobody else anything."""
    return role == "cf_writer" or (verb == "SELECT" and READERS.get(role) == schema)


def assert_rights(connection: psycopg.Connection) -> None:
    """The whole matrix, by the catalogue and by statements that are tried."""
    wrong = []
    for role, (schema, name), verb in product(ROLES, PLACES, VERBS):
        place = f"{schema}.{name}"
        query = "SELECT has_schema_privilege(%s, %s, 'USAGE') AND has_table_privilege(%s, %s, %s)"
        (found,) = connection.execute(query, (role, schema, role, place, verb)).fetchone()
        if found != may(role, schema, verb):
            wrong.append((role, place, verb, found))
    for role, (schema, name), verb in product(ROLES[1:], PLACES, STATEMENTS):
        if (ended := try_statement(connection, role, schema, name, verb)) != may(role, schema, verb):
            wrong.append((role, f"{schema}.{name}", f"{verb} tried", ended))
    assert wrong == []


def try_statement(connection: psycopg.Connection, role: str, schema: str, name: str, verb: str) -> bool:
    """Whether a role is let do it; what it does is undone."""
    place = sql.Identifier(schema, name)
    with connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        try:
            with connection.transaction():
                connection.execute(sql.SQL(STATEMENTS[verb]).format(place))
        except REFUSALS:
            return False
    return True


def test_rights_are_the_same_whatever_came_first_and_after_every_publication_and_rollback(server):
    url = url_of(server)
    create_roles(url)
    assert create_roles(url) == []
    assert_schemas(server)
    publish(url, 1)
    assert_rights(server)
    publish(url, 2)
    assert_rights(server)
    roll_back(url)
    assert_rights(server)
    create_roles(url)
    assert_rights(server)


def test_rights_come_to_what_was_published_before_the_roles(server):
    url = url_of(server)
    publish(url, 1)
    publish(url, 2)
    server.execute("GRANT ALL ON SCHEMA published_v1, restricted TO PUBLIC, cf_reader")
    server.execute("GRANT ALL ON ALL TABLES IN SCHEMA restricted, published_v1 TO PUBLIC, cf_reader")
    create_roles(url)
    assert_rights(server)
    owners = server.execute(
        "SELECT DISTINCT pg_get_userbyid(nspowner) FROM pg_namespace "
        "WHERE nspname ~ '^(published_v1|restricted)'"
    ).fetchall()
    assert owners == [("cf_writer",)]
    roll_back(url)
    assert_rights(server)


def assert_schemas(connection: psycopg.Connection) -> None:
    names = connection.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname ~ '^(published|restricted|cf_)' ORDER BY 1"
    ).fetchall()
    assert [name for (name,) in names] == ["cf_access", "published_v1", "restricted"]


def test_every_table_of_records_has_forced_row_security_and_every_view_the_rights_of_its_reader(server):
    create_roles(url_of(server))
    publish(url_of(server), 1)
    tables = server.execute(
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class JOIN pg_namespace n "
        "ON n.oid = relnamespace WHERE nspname = 'restricted' AND relkind = 'r'"
    ).fetchall()
    assert dict(tables) == dict.fromkeys(RESTRICTED.tables, True)
    found = server.execute(
        "SELECT relname, reloptions FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE nspname IN ('published_v1', 'restricted') AND relkind = 'v'"
    ).fetchall()
    names = [*views(PUBLISHED.tables), *RESTRICTED.views(RESTRICTED.tables)]
    assert sorted(found) == [(name, ["security_invoker=true"]) for name in sorted(names)]


def test_nothing_is_for_everyone_and_no_role_passes_by_the_policies(server):
    create_roles(url_of(server))
    publish(url_of(server), 1)
    of_public = server.execute(
        """SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
                  aclexplode(c.relacl) a WHERE a.grantee = 0 AND n.nspname ~ '^(published|restricted|cf_)'
           UNION ALL
           SELECT n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
                  aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) a
            WHERE a.grantee = 0 AND n.nspname = 'cf_access'"""
    ).fetchall()
    assert of_public == []
    roles = server.execute(
        "SELECT rolname FROM pg_roles WHERE rolname ~ '^cf_' AND (rolsuper OR rolbypassrls OR rolcanlogin)"
    ).fetchall()
    assert roles == []
    functions = server.execute(
        "SELECT proname, prosecdef, proconfig FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace "
        "WHERE nspname = 'cf_access'"
    ).fetchall()
    assert functions == [("seen_teams", True, ["search_path=pg_catalog, pg_temp"])]


def test_the_rule_of_a_table_follows_from_its_columns():
    assert row_rule("a_list", {"authority_code", "person_ref", "team"}) is RowRule.TEAM
    assert row_rule("person", {"authority_code", "person_ref", "child_id"}) is RowRule.CHILD
    assert row_rule("authority_source", {"authority_code", "rows_hash"}) is RowRule.AUTHORITY
    assert row_rule("publication", {"version"}) is RowRule.EVERYONE
    with pytest.raises(ValueError, match="a_list is about children and has no authority_code"):
        row_rule("a_list", {"person_ref", "team"})


def test_whatever_names_a_child_is_seen_by_team():
    for name, contract in RESTRICTED.contracts.items():
        rule, columns = row_rule(name, contract.column_names), set(contract.column_names)
        assert (rule in (RowRule.TEAM, RowRule.CHILD)) == bool({"person_ref", "child_id", "team"} & columns)
        assert (rule is RowRule.EVERYONE) == (name == "publication")


def test_a_login_of_the_writer_publishes_and_nobody_else(server):
    url = url_of(server)
    create_roles(url)
    server.execute("CREATE ROLE pipeline LOGIN")
    of_pipeline = url.replace("postgres@", "pipeline@")
    with pytest.raises(WarehouseError, match="is not in the role cf_writer, which publishes"):
        publish(of_pipeline, 1)
    server.execute("GRANT cf_writer TO pipeline")
    publish_records(of_pipeline, 1)
    publish_records(of_pipeline, 2)
    roll_back(of_pipeline)
    create_roles(url)
    publish_records(of_pipeline, 3)
    assert_rights(server)
    server.execute("REVOKE cf_writer FROM pipeline")
    server.execute("DROP ROLE pipeline")


def test_an_administrator_who_is_no_superuser_sets_the_database_up(server):
    name = server.info.dbname
    server.execute("CREATE ROLE administrator LOGIN CREATEROLE")
    url = url_of(server).replace("postgres@", "administrator@")
    with pytest.raises(WarehouseError):  # no right on the database, nor on roles that another made
        create_roles(url)
    assert not server.execute(OURS).fetchall()
    server.execute(f"GRANT ALL ON DATABASE {name} TO administrator WITH GRANT OPTION")
    server.execute("GRANT cf_writer TO administrator WITH ADMIN OPTION")
    create_roles(url)
    publish_schemas_as(url)
    assert_rights(server)
    server.execute("DROP OWNED BY administrator; DROP ROLE administrator")


def publish_schemas_as(url: str) -> None:
    publish_records(url, 1)


def test_bad_input_changes_nothing(server, monkeypatch, tmp_path):
    url = url_of(server)
    with pytest.raises(WarehouseError, match="DuckDB has no roles and no row security"):
        create_roles(f"duckdb:///{tmp_path}/data/published.duckdb")
    assert list(tmp_path.iterdir()) == []
    server.execute("CREATE ROLE pipeline LOGIN")
    if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = 'cf_reader'").fetchone():
        create_roles(url)
    with pytest.raises(WarehouseError, match="setting up the database failed"):
        create_roles(url.replace("postgres@", "pipeline@"))
    monkeypatch.setattr(access, "OLDEST_SERVER", 99)
    for act in (create_roles, lambda url: publish(url, 1), roll_back):
        with pytest.raises(WarehouseError, match="needs PostgreSQL 99 or newer"):
            act(url)
    monkeypatch.undo()
    assert not server.execute(OURS).fetchall()
    create_roles(url)
    server.execute("INSERT INTO cf_access.layout VALUES (2)")
    with pytest.raises(WarehouseError, match="set up by a newer version of the product"):
        create_roles(url)
    server.execute("DROP ROLE pipeline")


def test_a_role_that_would_see_everything_is_refused(server):
    create_roles(url_of(server))
    server.execute("ALTER ROLE cf_list_reader BYPASSRLS")
    try:
        with pytest.raises(WarehouseError, match="cf_list_reader is a superuser or has BYPASSRLS"):
            create_roles(url_of(server))
    finally:
        server.execute("ALTER ROLE cf_list_reader NOBYPASSRLS")
