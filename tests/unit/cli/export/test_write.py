"""`cf-pipeline export`: what goes wrong is one sentence, and nothing is changed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.outputs.data_package import table_files
from cf_pipeline.warehouse import publish_tables
from tests.support import publication_example as example


@pytest.fixture
def published_project(project: Path) -> Path:
    publish_tables(f"duckdb:///{project}/data/warehouse/published.duckdb", example.tables())
    return project


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit status, and what was written to the error output."""
    status = main(["export", *arguments])
    return status, capsys.readouterr().err


def test_csv_is_written_for_its_owner_alone_and_the_reader_is_told(published_project, capsys):
    assert main(["export", "out"]) == 0
    said = capsys.readouterr().out
    assert f"in {published_project / 'out'}." in said
    assert "must not be published" in said
    assert stat.S_IMODE((published_project / "out").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (published_project / "out").iterdir()} == {0o600}
    assert (published_project / "out" / "v_kpi_wide.csv").exists()


def test_an_unknown_format_is_a_failure(published_project, capsys):
    with pytest.raises(SystemExit, match="1"):
        main(["export", "out", "--format", "xlsx"])
    assert "invalid choice: 'xlsx'" in capsys.readouterr().err
    assert not (published_project / "out").exists()


def test_nothing_published_is_one_sentence(project, capsys):
    status, said = run(capsys, "out")
    assert (status, said) == (1, "cf-pipeline: Nothing is published yet: run `cf-pipeline run` first.\n")
    assert not (project / "out").exists()


def test_a_folder_of_someone_else_is_one_sentence(published_project, capsys):
    (published_project / "out").mkdir()
    (published_project / "out" / "mine.txt").write_text("mine")
    status, said = run(capsys, "out")
    assert status == 1
    assert said.count("\n") == 1
    assert "holds mine.txt, which no export wrote" in said


def test_a_full_disk_is_one_sentence_and_the_earlier_export_stays(published_project, capsys, monkeypatch):
    assert main(["export", "out"]) == 0
    capsys.readouterr()
    before = {path.name: path.read_bytes() for path in (published_project / "out").iterdir()}

    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(table_files.pa.csv, "CSVWriter", fail)
    status, said = run(capsys, "out")
    assert status == 1
    assert said.count("\n") == 1
    assert "the disk is full" in said
    assert {path.name: path.read_bytes() for path in (published_project / "out").iterdir()} == before
    assert [path.name for path in published_project.iterdir() if path.name.startswith(".")] == []


def test_a_place_that_may_not_be_written_to_is_one_sentence(published_project, capsys, monkeypatch):
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    status, said = run(capsys, "out")
    assert status == 1
    assert said.count("\n") == 1
    assert "permission denied" in said


def test_another_s_file_in_the_way_is_named(published_project, capsys):
    (published_project / "out").write_text("mine")
    status, said = run(capsys, "out")
    assert (status, said.count("\n")) == (1, 1)
    assert "is a file; name a folder" in said


def test_a_wrong_address_of_the_warehouse_is_one_sentence(project, capsys, monkeypatch):
    monkeypatch.setenv("CF_WAREHOUSE_URL", "mssql://somewhere/db")
    for form in ("csv", "power-bi"):
        status, said = run(capsys, "out", "--format", form)
        assert (status, said.count("\n")) == (1, 1)
        assert "mssql is not supported" in said
    assert list(project.glob("out*")) == []
