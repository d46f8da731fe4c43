"""`init-db`, `access` and `publish --rollback`: one sentence for what is wrong, and nothing changed by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.cli.main import main


def run(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit status of a command, and what it printed."""
    status = main(words)
    out, err = capfd.readouterr()
    return status, (out + err).strip()


@pytest.mark.parametrize(
    "words", [("init-db",), ("access", "list"), ("access", "grant", "anna", "--every-authority")]
)
def test_roles_of_duckdb_are_refused_in_words(project: Path, capfd, words):
    status, text = run(capfd, *words)
    assert (status, text) == (
        1,
        "cf-pipeline: DuckDB has no roles and no row security: whoever may read its files reads every row of "
        "them; who sees which team needs PostgreSQL 15 or newer in CF_WAREHOUSE_URL; nothing was changed",
    )
    assert not (project / "data").exists()


@pytest.mark.parametrize("words", [("init-db",), ("access", "list"), ("publish", "--rollback")])
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+psycopg://somebody@127.0.0.1:1/none", "no server answers at the host and port"),
        ("mysql://somebody@127.0.0.1/none", "mysql is not supported; use duckdb or postgresql"),
        ("nonsense", "CF_WAREHOUSE_URL is not a database URL"),
    ],
)
def test_a_wrong_address_is_one_sentence(project: Path, capfd, monkeypatch, words, url, sentence):
    monkeypatch.setenv("CF_WAREHOUSE_URL", url)
    status, text = run(capfd, *words)
    assert status == 1
    assert sentence in text
    assert len(text.splitlines()) == 1
    assert not (project / "data").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--team", "Team A"),
        ("--authority", "camden"),
        ("--authority", "camden", "--team", "Team A", "--every-team"),
        ("--authority", "camden", "--every-authority"),
        ("--every-team",),
    ],
)
def test_what_may_be_seen_is_said_in_full(project: Path, capfd, options):
    for action in ("grant", "revoke"):
        status, text = run(capfd, "access", action, "anna", *options)
        assert status == 1
        assert "Say either --authority A with --team TEAM or --every-team, or --every-authority alone" in text
    assert "Say what the role may see" in run(capfd, "access", "grant", "anna")[1]


def test_an_authority_that_is_none_is_named(project: Path, capfd):
    status, text = run(capfd, "access", "grant", "anna", "--authority", "camdem", "--every-team")
    assert (status, text) == (
        1,
        "cf-pipeline: camdem is not the folder name of an English local authority; nothing was changed. "
        "Did you mean camden?",
    )


def test_a_rollback_without_a_publication_is_one_sentence(project: Path, capfd):
    status, text = run(capfd, "publish", "--rollback")
    assert status == 1
    assert text.startswith("cf-pipeline: nothing is published")
    assert not (project / "data").exists()
