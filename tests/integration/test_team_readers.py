"""A reader of lists sees the rows of the teams that it was granted, and by no query a row of another."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from cf_pipeline.warehouse import create_roles, find_access, grant_share, revoke_share, roll_back
from cf_pipeline.warehouse.access import Share
from cf_pipeline.warehouse.tables.roles import RowRule, row_rule
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from tests.support.postgresql import drop_schemas
from tests.support.random_queries import random_query
from tests.support.records_example import (
    CAMDEN,
    CHILDREN,
    CITY,
    FIRST_DAY,
    GROUPS,
    RANGE,
    TEAM_A,
    TEAM_B,
    mark,
    publish_records,
)

LOGINS = ("anna", "berta", "clara", "dora", "team_a_staff", "emil")
OF_CHILDREN = [
    name
    for name, contract in RESTRICTED.contracts.items()
    if row_rule(name, contract.column_names) in (RowRule.TEAM, RowRule.CHILD)
]
SEEN = {
    "anna": {(CAMDEN, TEAM_A)},
    "berta": {(CAMDEN, TEAM_A), (CAMDEN, TEAM_B), (CAMDEN, None)},
    "clara": set(GROUPS),
    "dora": set(),
    "emil": {(CITY, TEAM_B)},
}
"""Who sees the rows of which authority and team."""


@pytest.fixture(scope="module")
def uri(postgres: str) -> Iterator[str]:
    """A database with roles, records, and readers of which each was granted something else."""
    drop_schemas(postgres)
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    create_roles(url)
    publish_records(url, 1)
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name in LOGINS:
            connection.execute(f"DROP ROLE IF EXISTS {name}")
            connection.execute(f"CREATE ROLE {name} LOGIN IN ROLE cf_list_reader")
        connection.execute("GRANT team_a_staff TO emil")
    grant_share(url, "anna", Share(CAMDEN, (TEAM_A,)))
    grant_share(url, "berta", Share(CAMDEN))
    grant_share(url, "clara", Share(None))
    grant_share(url, "team_a_staff", Share(CITY, (TEAM_B,)))
    yield postgres
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name in LOGINS:
            connection.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
    drop_schemas(postgres)


def url_of(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+psycopg://")


def connect(uri: str, login: str) -> psycopg.Connection:
    return psycopg.connect(uri.replace("postgres:@", f"{login}:@").replace("postgres@", f"{login}@"))


def assert_seen(connection: psycopg.Connection, reader: str) -> None:
    """Every table with rows about children shows those of the reader's groups, all of them and no others."""
    own = {f"{mark(GROUPS.index(group))}{n}" for group in SEEN[reader] for n in range(1, CHILDREN + 1)}
    for table in OF_CHILDREN:
        found = connection.execute(f"SELECT person_ref FROM restricted.{table}").fetchall()  # noqa: S608
        assert {person for (person,) in found} == own, table
        assert len(found) == len(own)


@pytest.mark.parametrize("reader", SEEN)
def test_a_reader_sees_every_row_of_its_teams_and_no_other(uri, reader):
    with connect(uri, reader) as connection:
        assert_seen(connection, reader)


@pytest.mark.parametrize("reader", SEEN)
def test_an_application_that_takes_the_role_of_a_reader_sees_as_much(uri, reader):
    with psycopg.connect(uri) as connection:
        connection.execute(f"SET LOCAL ROLE {reader}")
        assert_seen(connection, reader)


def test_what_is_seen_stays_so_after_a_publication_and_a_rollback(uri):
    publish_records(url_of(uri), 2)
    for reader in SEEN:
        with connect(uri, reader) as connection:
            assert_seen(connection, reader)
    roll_back(url_of(uri))
    for reader in SEEN:
        with connect(uri, reader) as connection:
            assert_seen(connection, reader)


def test_a_reader_writes_nothing_and_does_not_learn_what_others_see(uri):
    with connect(uri, "anna") as connection:
        connection.autocommit = True
        for statement in (
            "SELECT * FROM cf_access.team_reader",
            "INSERT INTO cf_access.team_reader VALUES ('anna', NULL, NULL)",
            "SET ROLE cf_writer",
            "SET ROLE clara",
            "ALTER TABLE restricted.person DISABLE ROW LEVEL SECURITY",
            "SET row_security = off; SELECT * FROM restricted.person",
            "DELETE FROM restricted.person",
            "CREATE OR REPLACE FUNCTION cf_access.seen_teams() RETURNS TABLE (a text, b text) "
            "LANGUAGE sql AS 'SELECT 1, 2'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        found = connection.execute("SELECT * FROM cf_access.seen_teams()").fetchall()
        assert found == [(CAMDEN, TEAM_A)]
        histograms = connection.execute("SELECT count(*) FROM pg_stats WHERE schemaname = 'restricted'")
        assert histograms.fetchone() == (0,)


def test_what_was_granted_is_taken_again(uri):
    url = url_of(uri)
    grant_share(url, "dora", Share(CAMDEN, (TEAM_B,)))
    with connect(uri, "dora") as connection:
        assert connection.execute("SELECT DISTINCT team FROM restricted.kpi_member").fetchall() == [(TEAM_B,)]
    assert revoke_share(url, "dora", None) == 1
    with connect(uri, "dora") as connection:
        assert_seen(connection, "dora")


def test_a_role_that_is_gone_hides_nothing_from_others(uri):
    url = url_of(uri)
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("CREATE ROLE gone LOGIN IN ROLE cf_list_reader")
        grant_share(url, "gone", Share(CITY))
        connection.execute("DROP ROLE gone")
    with connect(uri, "anna") as connection:
        assert_seen(connection, "anna")
    access = find_access(url)
    assert access.unbound == {
        "gone": "gone is no role of the server any more; `cf-pipeline access revoke gone` removes it."
    }
    revoke_share(url, "gone", None)


def is_of_others(cell: Any, group: int) -> bool:
    """Whether a cell is of a row of another group than this one."""
    others = [other for other in range(len(GROUPS)) if other != group]
    if isinstance(cell, str):
        return any(mark(other) in cell for other in others) or CITY in cell or TEAM_B in cell
    if isinstance(cell, list | tuple):
        return any(is_of_others(each, group) for each in cell)
    if isinstance(cell, dict):
        return any(is_of_others(each, group) for each in cell.values())
    if isinstance(cell, datetime | date):
        return (datetime(cell.year, cell.month, cell.day) - FIRST_DAY).days >= RANGE  # noqa: DTZ001
    return isinstance(cell, int | float | Decimal) and cell >= RANGE


def test_the_search_finds_a_cell_of_another_team():
    assert is_of_others(f"x {mark(1)}2", 0) and is_of_others([{"a": RANGE + 1}], 0)
    assert is_of_others(FIRST_DAY.to_pydatetime().replace(year=2023), 0)
    assert not is_of_others(f"{mark(0)}2", 0) and not is_of_others(3, 0)


def run_queries(uri: str, reader: str, count: int, seed: int) -> tuple[int, list[str]]:
    """Run random queries; the rows that came back, and what showed a cell of another team."""
    die, rows, faults, noticed = random.Random(seed), 0, [], []
    with connect(uri, reader) as connection:
        connection.autocommit = True
        connection.add_notice_handler(lambda notice: noticed.append(str(notice.message_primary)))
        connection.execute("SET statement_timeout = '5s'")
        connection.execute(
            "CREATE FUNCTION pg_temp.spy(cell text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS "
            "$$ BEGIN RAISE NOTICE '%', cell; RETURN true; END $$"
        )
        for _ in range(count):
            query = random_query(die)
            try:
                found = connection.execute(query).fetchall()
            except psycopg.Error as error:
                found = [(str(error).partition("LINE ")[0],)]
            rows += len(found)
            shown = [cell for row in [*found, tuple(noticed)] for cell in row if is_of_others(cell, 0)]
            noticed.clear()
            if shown:
                faults.append(f"{query}: {shown[:3]}")
    return rows, faults


def test_none_of_two_thousand_random_queries_shows_a_row_of_another_team(uri):
    rows, faults = run_queries(uri, "anna", 2_000, 1)
    assert faults == []
    assert rows > 2_000


def test_the_same_queries_of_someone_who_sees_everything_show_rows_of_others(uri):
    assert len(run_queries(uri, "clara", 200, 1)[1]) > 100
