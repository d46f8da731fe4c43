"""A warehouse file that cannot be read: it is named with what it is, moved aside, and built again."""

from __future__ import annotations

import os
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from cf_pipeline import warehouse
from cf_pipeline.cli.main import main
from cf_pipeline.warehouse.dialects.duckdb.faults import move_aside
from tests.support import publication_example as example
from tests.support.small_deliveries import deliver

VERSION_AT, HEADER_BYTES = 12, 4096


def spoil_header(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[8:200] = bytes(byte ^ 0x5A for byte in content[8:200])
    file.write_bytes(content)


def spoil_pages(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for start in range(3 * HEADER_BYTES, len(content), HEADER_BYTES):
        content[start + 100 : start + 160] = bytes(byte ^ 0x5A for byte in content[start + 100 : start + 160])
    file.write_bytes(content)


def cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def write_as_newer_version(file: Path) -> None:
    """Another number of the format, with the checksum that DuckDB would give the block."""
    content = bytearray(file.read_bytes())
    struct.pack_into("<Q", content, VERSION_AT, 9_999)
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", content[8:HEADER_BYTES]):
        checksum ^= word * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    struct.pack_into("<Q", content, 0, checksum)
    file.write_bytes(content)


def replace_by_sqlite(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE someones (thing)")
    connection.close()


def replace_by_another_database(file: Path) -> None:
    file.unlink()
    with duckdb.connect(file) as connection:
        connection.execute("CREATE TABLE someones AS SELECT 1 AS thing")


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "header": (spoil_header, "is damaged or no DuckDB file"),
    "pages": (spoil_pages, "is damaged;"),
    "half": (cut_in_half, "is damaged;"),
    "empty": (lambda file: os.truncate(file, 0), r"is empty \(0 bytes\)"),
    "text": (lambda file: file.write_text("Not a database. " * 99), "is damaged or no DuckDB file"),
    "newer": (write_as_newer_version, "is of a newer version of DuckDB"),
    "sqlite": (replace_by_sqlite, "is a SQLite database"),
    "another": (replace_by_another_database, "is a DuckDB file without the schema published_v1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_read_is_named_with_what_it_is_and_what_to_do(tmp_path: Path, fault: str):
    file = tmp_path / "published.duckdb"
    url = f"duckdb:///{file}"
    warehouse.publish_tables(url, example.tables(1))
    spoil, words = FAULTS[fault]
    spoil(file)
    with pytest.raises(warehouse.UnreadableFileError, match=words) as caught:
        warehouse.read_tables(url)
    assert str(caught.value).startswith(f"{file} ")
    assert str(caught.value).endswith(
        "`cf-pipeline publish` moves it aside and builds the warehouse again from the lake."
    )
    assert warehouse.read_readable_table(url, "publication").empty
    assert warehouse.count_kpis(url) == {}


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_in_the_place_of_the_file_is_named_and_never_moved(
    tmp_path: Path, make: Callable[[Path], None]
):
    file = tmp_path / "published.duckdb"
    make(file)
    with pytest.raises(warehouse.FileFaultError, match="is a folder or a device and no file") as caught:
        warehouse.read_table(f"duckdb:///{file}", "publication")
    assert not isinstance(caught.value, warehouse.UnreadableFileError)
    with pytest.raises(warehouse.FileFaultError):
        warehouse.publish_tables(f"duckdb:///{file}", example.tables(1))
    with pytest.raises(warehouse.FileFaultError):
        move_aside(file)
    assert file.exists()
    assert not file.is_file()


def test_a_file_that_another_program_has_open_for_writing_is_not_taken_for_damaged(tmp_path: Path):
    file = tmp_path / "published.duckdb"
    url = f"duckdb:///{file}"
    warehouse.publish_tables(url, example.tables(1))
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(
            warehouse.FileFaultError, match=rf"another program \(process {other.pid}\)"
        ) as caught:
            warehouse.read_table(url, "publication")
        assert not isinstance(caught.value, warehouse.UnreadableFileError)
        assert other.stdin is not None
        other.stdin.close()
    assert len(warehouse.read_table(url, "publication")) == 1


def test_publish_and_run_build_again_what_cannot_be_read_and_keep_it_beside(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(project / "raw", "camden", rows=2)
    assert main(["run"]) == 0
    folder = project / "data" / "warehouse"
    figures, records = folder / "published.duckdb", folder / "restricted_records.duckdb"
    hash_before = _figures_hash(figures)

    figures.write_text("Someone's notes. " * 99)
    cut_in_half(records)
    assert main(["publish"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"{figures} is damaged or no DuckDB file; it is now published.duckdb.unreadable-" in said
    assert f"{records} is damaged; it is now restricted_records.duckdb.unreadable-" in said
    assert _figures_hash(figures) == hash_before
    (aside,) = folder.glob("published.duckdb.unreadable-*")
    assert aside.read_text().startswith("Someone's notes.")
    assert aside.stat().st_mode & 0o077 == 0

    os.truncate(records, 0)
    assert main(["run"]) == 0
    assert "restricted_records.duckdb is empty (0 bytes); it is now" in " ".join(
        capsys.readouterr().out.split()
    )
    assert _figures_hash(figures) == hash_before
    assert main(["run"]) == 0
    assert "Nothing new since the last publication" in capsys.readouterr().out


@pytest.mark.parametrize("is_published", [True, False])
def test_lost_records_of_dagster_lose_no_figure(
    project: Path, capsys: pytest.CaptureFixture[str], *, is_published: bool
) -> None:
    deliver(project / "raw", "camden", rows=2)
    assert main(["run"]) == 0
    figures, index = (
        project / "data/warehouse/published.duckdb",
        project / "data/dagster/history/runs/index.db",
    )
    hash_before = _figures_hash(figures)
    index.write_text("Someone's notes. " * 99)
    for log in index.parent.glob("index.db-*"):  # of this process, where SQLite would find the pages again
        log.unlink()
    if not is_published:
        figures.unlink()
    capsys.readouterr()

    assert main(["publish"]) == 1
    said = capsys.readouterr().err
    assert f"{index}, where Dagster keeps its records, is damaged" in said
    assert "the history of runs is lost, no figure is" in said
    assert is_published == figures.exists()

    history = project / "data/dagster/history"
    history.rename(history.with_name("history.damaged"))
    assert main(["publish"]) == 0
    assert _figures_hash(figures) == hash_before


def _figures_hash(file: Path) -> str:
    return str(warehouse.read_table(f"duckdb:///{file}", "publication")["figures_hash"].iloc[0])
