"""A file that stays open between reads is opened once, and what replaced it is read as it is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from cf_pipeline.warehouse import UnreadableFileError, keep_files_open, publish_tables, read_table
from tests.support import publication_example as example


def versions(url: str) -> list[int]:
    return read_table(url, "publication")["version"].tolist()


def open_files() -> list[str]:
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the folder itself, while it is listed
            found.append(str(link.readlink()))
    return found


def test_a_file_that_was_replaced_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "published.duckdb"
    url = f"duckdb:///{file}"
    publish_tables(url, example.tables(1))
    with keep_files_open():
        assert versions(url) == [1]
        assert any(path.startswith(str(file)) for path in open_files())
        publish_tables(url, example.tables(2))
        assert versions(url) == [2]
        with keep_files_open():
            assert versions(url) == [2]
        assert any(path.startswith(str(file)) for path in open_files())
    assert not any(path.startswith(str(file)) for path in open_files())
    assert versions(url) == [2]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "published.duckdb"
    url = f"duckdb:///{file}"
    publish_tables(url, example.tables(1))
    with keep_files_open():
        assert versions(url) == [1]
        damaged = tmp_path / "damaged"
        damaged.write_bytes(file.read_bytes()[:20_000])
        damaged.replace(file)
        with pytest.raises(UnreadableFileError):
            versions(url)
