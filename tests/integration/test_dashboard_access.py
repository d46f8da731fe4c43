"""Every role asks every address in every way, over both databases: nobody is shown a record of another share.

The records are those of the example: each cell of a row about a child says whose it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

import psycopg
import pytest

from cf_pipeline.cli.serving.warehouse_source import WarehouseSource
from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.dashboard.access.identity import AccessSettings
from cf_pipeline.dashboard.access.users import Role, Share, User
from cf_pipeline.dashboard.app import make_app
from cf_pipeline.dashboard.site_map import LOOKUPS, PAGES
from cf_pipeline.warehouse import create_roles, grant_share, keep_files_open
from cf_pipeline.warehouse.access import Share as RecordShare
from cf_pipeline.warehouse.tables.roles import RowRule, row_rule
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from tests.support.asgi_client import AsgiClient, Reply
from tests.support.dashboard_example import KeptLog
from tests.support.postgresql import drop_schemas
from tests.support.records_example import CITY, GROUPS, TEAM_A, TEAM_B, mark, publish_records

SLUG, PROXY, HOST = "city-of-london", "10.0.0.5", ("host", "localhost")
USERS = {
    "victor": User("victor", Role.VIEWER),
    "anna": User("anna", Role.MANAGER, (Share(SLUG, frozenset({TEAM_A})),)),
    "berta": User("berta", Role.MANAGER, (Share(SLUG, frozenset({TEAM_B})),)),
    "clara": User("clara", Role.MANAGER, (Share("camden", has_every_team=True),)),
    "dora": User("dora", Role.MANAGER, (Share(SLUG, has_every_team=True),)),
    "ada": User("ada", Role.ANALYST),
}
OWN: dict[str, set[str | None]] = {
    "victor": set(), "anna": {TEAM_A}, "berta": {TEAM_B}, "clara": set(),
    "dora": {TEAM_A, TEAM_B, None}, "ada": {TEAM_A, TEAM_B, None},
}  # fmt: skip
"""The teams of the City whose records each user may see."""
SETTINGS = AccessSettings(users=USERS, proxies=frozenset({ip_address(PROXY)}))
MARKS = {mark(GROUPS.index((code, team))): (code, team) for code, team in GROUPS}
WORKLIST = RESTRICTED.contracts["worklist"].column_names
OF_CHILDREN = {
    column
    for name, contract in RESTRICTED.contracts.items()
    if row_rule(name, contract.column_names) in (RowRule.TEAM, RowRule.CHILD)
    for column in contract.column_names
} - set(WORKLIST)
"""Columns that only tables with rows about children have: a list's title is told to the whole authority."""
CELL = re.compile(rf"({'|'.join(MARKS)})[1-9]({'|'.join(sorted(OF_CHILDREN))})")
CHILD = mark(GROUPS.index((CITY, TEAM_A))) + "1"
OTHER_CHILD = mark(GROUPS.index((CITY, TEAM_B))) + "1"
VALUES = {
    "authority": SLUG,
    "area": "contacts",
    "kpi_id": "contacts_count",
    "worklist": f"{CHILD}worklist",
    "person_ref": CHILD,
}
QUERIES = (
    "?table=rows&as=csv",
    "?table=changes&as=xlsx",
    "?team=Team+B",
    "?find=YY1&sort=rows.1",
    "?team=%00",
)


@dataclass
class Dashboard:
    """The application over a warehouse, and what it wrote down."""

    client: AsgiClient
    log: KeptLog

    def ask(self, user: str, path: str, method: str = "GET", body: bytes = b"") -> Reply:
        return self.client.request(
            method, path, body, headers=(HOST, ("x-forwarded-user", user)), address=PROXY
        )


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def dashboard(request, tmp_path_factory) -> Iterator[Dashboard]:
    """On the server each manager and the analyst has a role with the rights of the same share."""
    if request.param == "duckdb":
        url = f"duckdb:///{tmp_path_factory.mktemp('shared')}/warehouse/published.duckdb"
        publish_records(url)
        with keep_files_open():
            yield made(url)
        return
    uri = request.getfixturevalue("postgres")
    drop_schemas(uri)
    url = uri.replace("postgresql://", "postgresql+psycopg://")
    create_roles(url)
    publish_records(url)
    with psycopg.connect(uri, autocommit=True) as connection:
        for name in USERS:
            connection.execute(f"DROP ROLE IF EXISTS {name}")
            connection.execute(f"CREATE ROLE {name} IN ROLE cf_list_reader")
        for name, user in USERS.items():
            for share in user.shares:
                code = authorities()[share.authority].authority_code
                grant_share(url, name, RecordShare(code, tuple(share.teams)))
        grant_share(url, "ada", RecordShare(None))
        yield made(url)
        for name in USERS:
            connection.execute(f"DROP ROLE {name}")
    drop_schemas(uri)


def made(url: str) -> Dashboard:
    log = KeptLog()
    return Dashboard(AsgiClient(make_app(WarehouseSource(url), log, SETTINGS, lambda chart: "")), log)


def text_of(reply: Reply) -> str:
    """What a reply holds, that of a workbook unpacked."""
    if not reply.content.startswith(b"PK"):
        return reply.text
    with zipfile.ZipFile(io.BytesIO(reply.content)) as workbook:
        return "".join(workbook.read(name).decode() for name in workbook.namelist())


def shares_in(reply: Reply) -> set[tuple[str, str | None]]:
    """Whose cells a reply holds."""
    return {MARKS[found[1]] for found in CELL.finditer(text_of(reply))}


def address(path: str, **values: str) -> str:
    for name, value in {**VALUES, **values}.items():
        path = path.replace(f"{{{name}}}", value)
    return path


RECORD_PATHS = [
    *(address(page.path) for page in PAGES if page.shows_records),
    f"/{SLUG}/child/{OTHER_CHILD}",
    f"/{SLUG}/child/{'0' * 32}",
    f"/{SLUG}/today/{OTHER_CHILD}worklist",
    f"/{SLUG}/records/contacts_count?quarter=2019/20+Q3&role=denominator",
]
OTHER_SPELLINGS = (
    "{}/", "/{}", "{}//", "/.{}", "/camden/..{}", "{}%00", "{}%2f", "{}/..", "{}?authority=camden", "{};a=1",
)  # fmt: skip


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_with_records_shows_those_of_the_own_teams_and_is_written_down(
    dashboard: Dashboard, user: str, method: str
) -> None:
    for path in RECORD_PATHS:
        for query in ("", *(QUERIES if "?" not in path and method == "GET" else ())):
            dashboard.log.entries.clear()
            reply = dashboard.ask(user, f"{path}{query}", method)
            (entry,) = dashboard.log.entries
            assert shares_in(reply) <= {(CITY, team) for team in OWN[user]}, path
            assert (entry.user, entry.address, entry.authority) == (user, PROXY, SLUG)
            if OWN[user]:
                assert reply.status_code in (200, 404), (path, query, reply.text)
            else:
                assert reply.status_code == 403
            assert (entry.row_count is None) == (reply.status_code != 200)
            assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("user", [user for user in USERS if OWN[user]])
def test_the_own_records_are_all_there(dashboard: Dashboard, user: str) -> None:
    own = {(CITY, team) for team in OWN[user]}
    assert shares_in(dashboard.ask(user, f"/{SLUG}/changes")) == own
    for team in (TEAM_A, TEAM_B):
        child = mark(GROUPS.index((CITY, team))) + "2"
        reply = dashboard.ask(user, f"/{SLUG}/child/{child}")
        if team in OWN[user]:
            assert reply.status_code == 200
            assert f"Child {child}child_id" in reply.text
            assert shares_in(reply) == {(CITY, team)}
        else:
            assert reply.status_code == 404
            assert "None of the children whose records you may see" in reply.text


def test_a_child_of_another_team_looks_like_one_that_is_not_there(dashboard: Dashboard) -> None:
    other, none = (dashboard.ask("anna", f"/{SLUG}/child/{name}") for name in (OTHER_CHILD, "0" * 32))
    assert (other.status_code, other.text) == (none.status_code, none.text)


@pytest.mark.parametrize("user", USERS)
def test_another_spelling_of_an_address_shows_no_more(dashboard: Dashboard, user: str) -> None:
    for path in RECORD_PATHS[:5]:
        for spelling in OTHER_SPELLINGS:
            reply = dashboard.ask(user, spelling.format(path))
            assert reply.status_code in (200, 303, 307, 403, 404), (path, spelling)
            assert shares_in(reply) <= {(CITY, team) for team in OWN[user]}
            assert reply.status_code != 200 or OWN[user]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_shows_nothing(dashboard: Dashboard, user: str, method: str) -> None:
    for path in RECORD_PATHS:
        reply = dashboard.ask(user, path, method)
        assert reply.status_code in (404, 405)
        assert shares_in(reply) == set()


@pytest.mark.parametrize("user", USERS)
def test_a_case_id_is_found_among_the_own_children_and_stands_in_no_address(
    dashboard: Dashboard, user: str
) -> None:
    (lookup,) = LOOKUPS
    for child, team in ((CHILD, TEAM_A), (OTHER_CHILD, TEAM_B)):
        dashboard.log.entries.clear()
        reply = dashboard.ask(user, address(lookup.path), "POST", f"text={child}child_id".encode())
        (entry,) = dashboard.log.entries
        assert "child_id" not in f"{entry.path}{entry.subject}"
        if team in OWN[user]:
            assert (reply.status_code, reply.headers["location"]) == (303, f"/{SLUG}/child/{child}")
        else:
            assert reply.status_code == (404 if OWN[user] else 403)
            assert "child_id" not in reply.text


@pytest.mark.parametrize("user", USERS)
def test_figures_are_for_every_user(dashboard: Dashboard, user: str) -> None:
    for page in PAGES:
        if not page.shows_records:
            reply = dashboard.ask(user, address(page.path))
            assert reply.status_code in (200, 303, 404), page.path
            assert shares_in(reply) == set()
    reply = dashboard.ask(user, f"/{SLUG}")
    assert ("today" in re.findall(rf'href="/{SLUG}/([a-z]*)"', reply.text)) == bool(OWN[user])


NOT_FROM_THE_PROXY: dict[str, tuple[str, tuple[tuple[str, str], ...], int]] = {
    "forged from this computer": ("127.0.0.1", (HOST, ("x-forwarded-user", "ada")), 403),
    "forged from elsewhere": ("10.0.0.6", (HOST, ("x-forwarded-user", "ada")), 403),
    "forged address": ("10.0.0.6", (HOST, ("x-forwarded-user", "ada"), ("x-forwarded-for", PROXY)), 403),
    "no header": (PROXY, (HOST,), 401),
    "empty header": (PROXY, (HOST, ("x-forwarded-user", "")), 401),
    "header twice": (PROXY, (HOST, ("x-forwarded-user", "ada"), ("x-forwarded-user", "victor")), 401),
    "another header": (PROXY, (HOST, ("x-remote-user", "ada")), 401),
    "two names": (PROXY, (HOST, ("x-forwarded-user", "ada,victor")), 403),
    "unknown user": (PROXY, (HOST, ("x-forwarded-user", "mallory")), 403),
    "name of another case": (PROXY, (HOST, ("x-forwarded-user", "ADA")), 403),
    "another host": (PROXY, (("host", "evil.example"), ("x-forwarded-user", "ada")), 421),
    "no host": (PROXY, (("x-forwarded-user", "ada"),), 421),
}


@pytest.mark.parametrize("way", NOT_FROM_THE_PROXY)
def test_whoever_is_not_signed_in_by_the_proxy_sees_nothing(dashboard: Dashboard, way: str) -> None:
    peer, headers, status = NOT_FROM_THE_PROXY[way]
    (lookup,) = LOOKUPS
    paths = [address(page.path) for page in PAGES] + ["/", "/static/dashboard.css", "/nothing"]
    for path in paths:
        for method in ("GET", "HEAD"):
            reply = dashboard.client.request(method, path, headers=headers, address=peer)
            assert reply.status_code == status, path
            assert shares_in(reply) == set()
            assert "contacts" not in reply.text
    body = f"text={CHILD}child_id".encode()
    assert dashboard.client.request("POST", address(lookup.path), body, headers, peer).status_code == status
