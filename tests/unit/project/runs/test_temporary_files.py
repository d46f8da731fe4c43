"""Temporary files lie in the data folder, and what a killed process left there goes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cf_pipeline.project.private_files import replacement, write_private
from cf_pipeline.project.runs.temporary_files import remove_leftovers, temporary_folder
from cf_pipeline.project.settings import Settings, load_settings
from cf_pipeline.warehouse.dialects import database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    return load_settings(tmp_path, {})


def test_temporary_files_of_the_process_and_those_it_starts_are_private_and_go(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    before = tempfile.tempdir
    ask = [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"]
    with temporary_folder(settings) as folder:
        assert folder.parent == settings.data / "tmp"
        assert tempfile.gettempdir() == str(folder)
        assert subprocess.run(ask, capture_output=True, check=True, text=True).stdout.strip() == str(folder)
        assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)} == {0o700}
        (folder / "a").write_text("x")
        with temporary_folder(settings) as again:
            assert again == folder
    assert list((settings.data / "tmp").iterdir()) == []
    assert (tempfile.tempdir, os.environ.get("TMPDIR")) == (before, None)


def test_without_a_data_folder_none_is_made(tmp_path: Path) -> None:
    with temporary_folder(load_settings(tmp_path, {})) as folder:
        assert folder == Path(tempfile.gettempdir())
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_living_process_stays_and_that_of_a_killed_one_goes(settings: Settings) -> None:
    program = (
        "import os, pathlib, sys, tempfile\n"
        "from cf_pipeline.project.runs.temporary_files import temporary_folder\n"
        "from cf_pipeline.project.settings import load_settings\n"
        f"with temporary_folder(load_settings(pathlib.Path({str(settings.root)!r}), {{}})) as folder:\n"
        "    (folder / 'rows').write_text('x'); print(folder, flush=True); sys.stdin.read()\n"
    )
    root = Path(__file__).parents[4]
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        remove_leftovers(settings)
        assert (folder / "rows").is_file()
        process.kill()
    assert (folder / "rows").is_file()
    remove_leftovers(settings)
    assert not folder.exists()


def test_a_half_written_file_goes_unless_someone_writes_it(settings: Settings) -> None:
    lake = settings.data / "lake" / "kpi" / "quarterly"
    write_private(lake / "camden.parquet", b"whole")
    left = lake / ".part-camden.parquet"
    left.write_bytes(b"half")
    with replacement(lake / "hackney.parquet") as part:
        remove_leftovers(settings)
        assert part.is_file()
    assert not left.exists()
    assert sorted(path.name for path in lake.iterdir()) == ["camden.parquet", "hackney.parquet"]


def test_a_half_built_warehouse_goes_unless_someone_builds_it(settings: Settings) -> None:
    warehouse = database(settings.warehouse_url, "published_v1")
    folder = settings.data / "warehouse" / ".restricted_records.duckdb.building-x"
    with warehouse.exclusive():
        folder.mkdir()
        (folder / "restricted_records.duckdb").write_bytes(b"half")
        remove_leftovers(settings)
        assert folder.is_dir()
    remove_leftovers(settings)
    assert not folder.exists()
