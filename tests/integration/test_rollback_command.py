"""`cf-pipeline publish --rollback`: the version before is shown, with its report, until something is new."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.project.locks import RunLock
from cf_pipeline.warehouse import is_pair, read_table
from tests.support.postgresql import drop_schemas
from tests.support.small_deliveries import deliver

AUTHORITY = "hackney"
REPORT = Path("data/outputs") / AUTHORITY / "committee_report.html"


def run(capfd: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The lines of a command that ends well."""
    status = main(words)
    out, err = capfd.readouterr()
    assert status == 0, out + err
    return out.splitlines()


def version(url: str) -> int:
    assert is_pair(url)
    return int(read_table(url, "publication")["version"].iloc[0])


@pytest.mark.parametrize("database", ["duckdb", "postgresql"])
def test_a_rollback_is_shown_until_something_is_new(database, request, project: Path, monkeypatch, capfd):
    url = f"duckdb:///{project}/data/warehouse/published.duckdb"
    if database == "postgresql":
        drop_schemas(request.getfixturevalue("postgres"))
        url = request.getfixturevalue("postgres").replace("postgresql://", "postgresql+psycopg://")
        monkeypatch.setenv("CF_WAREHOUSE_URL", url)
    deliver(project / "raw", AUTHORITY, "2019-12-31", rows=2)
    run(capfd, "run")
    figures, report = read_table(url, "publication")["figures_hash"], (project / REPORT).read_bytes()
    deliver(project / "raw", AUTHORITY, "2020-03-31")
    run(capfd, "run")
    assert (project / REPORT).read_bytes() != report
    lines = run(capfd, "publish", "--rollback")
    assert lines[0].startswith("Version 1 is shown in the place of version 2: published ")
    assert lines[1] == "  hackney: as at 2019-12-31"
    assert version(url) == 1
    assert read_table(url, "publication")["figures_hash"].equals(figures)
    assert (project / REPORT).read_bytes() == report

    lines = run(capfd, "run")
    assert lines[0].startswith("Nothing new since the last publication")
    assert any(line.startswith("After a rollback: Version 1 is shown") for line in lines)
    assert any("hackney" in line and "2019-12-31" in line for line in lines)
    assert version(url) == 1

    run(capfd, "publish")
    assert version(url) == 3
    lines = run(capfd, "run")
    assert lines[0].startswith("Nothing new since the last publication")
    assert not any("After a rollback" in line for line in lines)
    assert any("hackney" in line and "2020-03-31" in line for line in lines)

    run(capfd, "publish", "--rollback")
    assert version(url) == 1  # the second was withdrawn
    deliver(project / "raw", AUTHORITY, "2020-06-30")
    assert not any("After a rollback" in line for line in run(capfd, "run"))
    assert version(url) == 4


def test_a_run_that_is_under_way_keeps_a_rollback_away(project: Path, capfd):
    lock = RunLock(project / "data" / "locks", "_run")
    assert lock.try_acquire()
    assert main(["publish", "--rollback"]) == 1
    assert "A run is under way: try again when it has ended; nothing was changed." in capfd.readouterr().err
    lock.release()
