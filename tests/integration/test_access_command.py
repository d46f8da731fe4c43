"""`cf-pipeline access` on a server: granted, listed, revoked, and refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from cf_pipeline.cli.main import main
from tests.support.records_example import publish_records

TABLE = "SELECT reader, authority_code, team FROM cf_access.team_reader ORDER BY 1, 2, 3"


@pytest.fixture
def server(postgres: str, postgres_url: str, project: Path, monkeypatch: pytest.MonkeyPatch):
    """The administrator's connection; anna reads lists, berta may do nothing yet."""
    monkeypatch.setenv("CF_WAREHOUSE_URL", postgres_url)
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name in ("anna", "berta"):
            connection.execute(f"DROP ROLE IF EXISTS {name}")
            connection.execute(f"CREATE ROLE {name} LOGIN")
        yield connection
        connection.execute("DROP ROLE anna; DROP ROLE berta")


def run(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    """The exit status of a command, and the lines that it printed."""
    status = main(words)
    out, err = capfd.readouterr()
    return status, (out + err).splitlines()


def test_from_an_empty_server_to_what_each_reader_sees(server, postgres_url, capfd):
    assert run(capfd, "access", "list") == (
        1,
        ["cf-pipeline: the database has no roles yet: run `cf-pipeline init-db` first; nothing was changed"],
    )
    status, lines = run(capfd, "init-db")
    assert status == 0
    assert lines[1].startswith("  cf_writer publishes; owns every schema")
    assert run(capfd, "init-db")[1][1:4] == [line.removesuffix(" (new)") for line in lines[1:4]]
    server.execute("GRANT cf_list_reader TO anna")
    publish_records(postgres_url)
    assert run(capfd, "access", "list")[1] == [
        "Nobody was granted anything: only who publishes sees records and lists.",
        "Nobody sees of city-of-london: children without a team, Team A, Team B.",
        "Nobody sees of camden: children without a team, Team A, Team B.",
    ]
    of_a = ("--authority", "camden", "--team", "Team A")
    for _ in range(2):  # once more changes nothing
        assert run(capfd, "access", "grant", "anna", *of_a) == (
            0,
            ["anna was granted camden: Team A."],
        )
    assert run(capfd, "access", "grant", "anna", "--authority", "city-of-london", "--every-team")[1] == [
        "anna was granted city-of-london: every team, and children without one."
    ]
    assert run(capfd, "access", "grant", "berta", "--every-authority")[1] == [
        "berta was granted every authority.",
        "berta sees nothing yet: an administrator runs GRANT cf_list_reader TO berta.",
    ]
    assert run(capfd, "access", "list")[1] == [
        "anna: city-of-london: every team, and children without one",
        "anna: camden: Team A",
        "berta: every authority",
        "berta sees nothing yet: an administrator runs GRANT cf_list_reader TO berta.",
        "Nobody sees of camden: children without a team, Team B.",
    ]
    assert run(capfd, "access", "revoke", "anna", *of_a)[1] == ["anna no longer has camden: Team A."]
    assert run(capfd, "access", "revoke", "berta")[1] == ["berta no longer has anything."]
    assert server.execute(TABLE).fetchall() == [("anna", "E09000001", None)]


def test_what_cannot_be_granted_or_revoked_is_one_sentence_and_changes_nothing(server, postgres_url, capfd):
    assert run(capfd, "init-db")[0] == 0
    publish_records(postgres_url)
    assert run(capfd, "access", "grant", "anna", "--authority", "camden", "--team", "Team A")[0] == 0
    before = server.execute(TABLE).fetchall()
    camden = ("--authority", "camden")
    for words, sentence in {
        (
            "grant",
            "anna",
            *camden,
            "--team",
            "Tem A",
        ): "no published record of the authority has the team "
        "'Tem A'; nothing was changed. Did you mean Team A?",
        ("grant", "anna", *camden, "--team", "Team B", "--team", "none"): "has the team 'none'",
        ("grant", "anna", "--authority", "hackney", "--team", "Team A"): "has the team 'Team A'",
        ("grant", "ana", *camden, "--every-team"): "the server has no role ana: create it first; nothing was "
        "changed. Did you mean anna?",
        ("grant", "postgres", *camden, "--every-team"): "postgres is a superuser or has BYPASSRLS",
        ("revoke", "berta"): "berta was granted nothing",
        ("revoke", "anna", *camden, "--team", "Team B"): "anna was granted not that",
        ("revoke", "anna", "--every-authority"): "anna was granted not that",
    }.items():
        status, lines = run(capfd, "access", *words)
        assert status == 1
        assert len(lines) == 1
        assert sentence in lines[0]
    assert server.execute(TABLE).fetchall() == before
    server.execute("INSERT INTO cf_access.layout VALUES (2)")
    for words in (("init-db",), ("access", "list")):
        status, lines = run(capfd, *words)
        assert (status, len(lines)) == (1, 1)
        assert "set up by a newer version of the product" in lines[0]
