"""What a reader of the dashboard is given of `restricted`: on both databases, for every table of it.

On a server the rows are those of the reader's own role too, whatever the application asks for.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from cf_pipeline.warehouse import WarehouseError, create_roles, grant_share
from cf_pipeline.warehouse.access import Share
from cf_pipeline.warehouse.reading.shared_records import read_shared_records
from cf_pipeline.warehouse.tables.roles import RowRule, row_rule
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from tests.support.postgresql import drop_schemas
from tests.support.records_example import (
    CAMDEN,
    CHILDREN,
    CITY,
    GROUPS,
    TEAM_A,
    TEAM_B,
    mark,
    publish_records,
)

EVERY_TABLE = {name: {} for name in RESTRICTED.contracts}
RULES = {name: row_rule(name, contract.column_names) for name, contract in RESTRICTED.contracts.items()}
SHARES: dict[str, tuple[list[Share], set[tuple[str, str | None]]]] = {
    "a team": ([Share(CAMDEN, (TEAM_A,))], {(CAMDEN, TEAM_A)}),
    "two teams of two authorities": (
        [Share(CAMDEN, (TEAM_A,)), Share(CITY, (TEAM_B,))],
        {(CAMDEN, TEAM_A), (CITY, TEAM_B)},
    ),
    "two teams": ([Share(CAMDEN, (TEAM_A, TEAM_B))], {(CAMDEN, TEAM_A), (CAMDEN, TEAM_B)}),
    "an authority": ([Share(CAMDEN)], {group for group in GROUPS if group[0] == CAMDEN}),
    "everything": ([Share(None)], set(GROUPS)),
    "a team that nobody has": ([Share(CAMDEN, ("Team Z",))], set()),
    "nothing": ([], set()),
}
ODD = 'o\'dd "%s" one'
LOGINS = {"anna": True, "dora": True, "nobody": False, ODD: True}
"""Roles of the server, and whether they read lists."""


def children(groups: set[tuple[str, str | None]]) -> set[str]:
    return {f"{mark(GROUPS.index(group))}{n}" for group in groups for n in range(1, CHILDREN + 1)}


@pytest.mark.parametrize("share", SHARES)
def test_the_rows_of_a_share_and_no_others(url: str, share: str) -> None:
    publish_records(url)
    shares, groups = SHARES[share]
    tables = read_shared_records(url, EVERY_TABLE, shares)
    for name, frame in tables.items():
        if RULES[name] in (RowRule.TEAM, RowRule.CHILD):
            assert set(frame["person_ref"]) == children(groups), name
            assert len(frame) == len(groups) * CHILDREN
        elif RULES[name] is RowRule.AUTHORITY and name != "authority_source":
            own = {share.authority_code for share in shares}
            assert set(frame["authority_code"]) == ({CAMDEN, CITY} if own == {None} else own)
    assert len(tables["publication"]) == 1


def test_a_child_of_another_team_is_not_found_by_the_pseudonym_or_the_case_id(url: str) -> None:
    publish_records(url)
    own, other = (f"{mark(GROUPS.index((CAMDEN, team)))}1" for team in (TEAM_A, TEAM_B))
    shares = [Share(CAMDEN, (TEAM_A,))]
    for person, rows in ((own, 1), (other, 0)):
        where = {"person_ref": person, "authority_code": CAMDEN}
        found = read_shared_records(url, {"person": where, "child_timeline": where}, shares)
        assert {name: len(frame) for name, frame in found.items()} == {"person": rows, "child_timeline": rows}
    ids = [f"{person}child_id" for person in (own, other)]
    found = read_shared_records(url, {"person": {"child_id": ids}}, shares)["person"]
    assert list(found["person_ref"]) == [own]


@pytest.fixture(scope="module")
def server(postgres: str) -> Iterator[str]:
    """The URL of a database with roles and records; anna and the odd one are granted team A of Camden."""
    drop_schemas(postgres)
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    create_roles(url)
    publish_records(url)
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name, reads_lists in LOGINS.items():
            quoted = psycopg.sql.Identifier(name)
            connection.execute(psycopg.sql.SQL("DROP ROLE IF EXISTS {}").format(quoted))
            ending = psycopg.sql.SQL(" IN ROLE cf_list_reader" if reads_lists else "")
            connection.execute(psycopg.sql.SQL("CREATE ROLE {} LOGIN{}").format(quoted, ending))
        connection.execute("DROP ROLE IF EXISTS dashboard")
        connection.execute("CREATE ROLE dashboard LOGIN IN ROLE cf_reader, anna")
    for name in ("anna", ODD):
        grant_share(url, name, Share(CAMDEN, (TEAM_A,)))
    yield url
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name in ("dashboard", *LOGINS):
            quoted = psycopg.sql.Identifier(name)
            connection.execute(psycopg.sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(quoted))
    drop_schemas(postgres)


@pytest.mark.parametrize("name", ["anna", ODD])
def test_the_role_s_own_rights_hold_though_the_application_asks_for_more(server: str, name: str) -> None:
    tables = read_shared_records(server, EVERY_TABLE, [Share(None)], name)
    for table, frame in tables.items():
        if RULES[table] in (RowRule.TEAM, RowRule.CHILD):
            assert set(frame["person_ref"]) == children({(CAMDEN, TEAM_A)}), table


def test_the_share_holds_though_the_role_may_see_more(server: str) -> None:
    grant_share(server, "dora", Share(None))
    frame = read_shared_records(server, {"person": {}}, [Share(CITY, (TEAM_B,))], "dora")["person"]
    assert set(frame["person_ref"]) == children({(CITY, TEAM_B)})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("berta", "no role of the reader's name"),
        ("Anna", "no role of the reader's name"),
        ("none", "no role of the reader's name"),
        ("", "no role of the reader's name"),
        ('anna"; RESET ROLE; --', "no role of the reader's name"),
        ("nobody", "not in cf_list_reader"),
        ("postgres", "row security does not bind"),
    ],
)
def test_a_role_that_is_not_a_reader_s_is_refused(server: str, name: str, said: str) -> None:
    with pytest.raises(WarehouseError, match=said):
        read_shared_records(server, {"person": {}}, [Share(None)], name)


def test_a_login_that_may_not_take_the_role_is_told_so(server: str) -> None:
    login = server.replace("postgres:@", "dashboard:@").replace("postgres@", "dashboard@")
    assert login != server
    frame = read_shared_records(login, {"person": {}}, [Share(None)], "anna")["person"]
    assert set(frame["person_ref"]) == children({(CAMDEN, TEAM_A)})
    with pytest.raises(WarehouseError, match="may not take the reader's role"):
        read_shared_records(login, {"person": {}}, [Share(None)], "dora")


def test_a_database_without_roles_has_no_readers(postgres_url: str) -> None:
    publish_records(postgres_url)
    with pytest.raises(WarehouseError, match="no roles yet"):
        read_shared_records(postgres_url, {"person": {}}, [Share(None)], "anna")
