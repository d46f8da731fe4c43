"""A run or publication that is killed leaves nothing behind once `cf-pipeline run` has run again."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from benchmarks.compare_publications import compare_publications
from cf_pipeline.warehouse import is_pair
from tests.support.killed_command import Death, Project
from tests.support.small_deliveries import deliver

AUTHORITY = "city-of-london"
READING = Death("cf_pipeline.ingest.files.read_file", "_load_sheets")
BUILDING = Death("cf_pipeline.warehouse.dialects.duckdb.database", "check_file", 2)


def put_in_place(call: int) -> Death:
    return Death("pathlib:Path", "replace", call)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of one small council after its first run."""
    project = Project(tmp_path_factory.mktemp("undisturbed"))
    deliver(project.root / "raw", AUTHORITY)
    assert project.run("run")[0] == 0
    assert project.leftovers() == []
    return project


def url_of(project: Project) -> str:
    return f"duckdb:///{project.data}/warehouse/published.duckdb"


def differences(before: Project, after: Project) -> list[str]:
    """The tables that differ, but for `authority_source`, which hashes the files of a run."""
    tables = compare_publications(before.data, after.data)
    return [
        table.name for table in tables if not (table.is_equal or table.name.endswith(".authority_source"))
    ]


def assert_mended(project: Project, undisturbed: Project) -> None:
    status, screen = project.run("run")
    assert status == 0, screen
    assert project.leftovers() == []
    assert is_pair(url_of(project))
    assert differences(undisturbed, project) == []
    assert project.run("run")[1].startswith("Nothing new since the last publication")


@pytest.mark.parametrize("death", [READING, BUILDING, put_in_place(5)], ids=["reading", "building", "lake"])
def test_a_killed_run_leaves_nothing_once_it_was_run_again(
    tmp_path: Path, undisturbed: Project, death: Death
) -> None:
    project = Project(tmp_path)
    deliver(tmp_path / "raw", AUTHORITY)
    assert project.run("run", death=death)[0] == -signal.SIGKILL
    assert list(project.temporary.iterdir()) == []
    assert_mended(project, undisturbed)


def test_publishing_killed_between_records_and_figures_is_noticed_and_mended(
    tmp_path: Path, undisturbed: Project
) -> None:
    project = Project(tmp_path)
    shutil.copytree(undisturbed.root, project.root, dirs_exist_ok=True)
    moved_second = Death("cf_pipeline.warehouse.dialects.duckdb.database:DuckDb", "_move_into_place", 2)
    assert project.run("publish", death=moved_second)[0] == -signal.SIGKILL
    assert not is_pair(url_of(project))
    status, screen = project.run("explain", "contacts_count", "2019/20 Q3", "--rows")
    assert status == 1
    assert "are of two publications" in screen
    assert_mended(project, undisturbed)
    assert project.run("explain", "contacts_count", "2019/20 Q3", "--rows")[0] == 0


def test_a_run_after_a_publication_has_nothing_new_and_a_publication_leaves_the_reports(
    tmp_path: Path, undisturbed: Project
) -> None:
    project = Project(tmp_path)
    deliver(tmp_path / "raw", AUTHORITY)
    assert project.run("run")[0] == 0
    files = [path for path in (project.data / "outputs").rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in files}
    assert project.run("publish")[0] == 0
    assert {path: path.stat().st_mtime_ns for path in files} == before
    assert differences(undisturbed, project) == []
    status, screen = project.run("run")
    assert (status, screen.splitlines()[0]) == (
        0,
        "Nothing new since the last publication: nothing was loaded, every figure stays as it is.",
    )
