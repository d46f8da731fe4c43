"""A file of Dagster's records that cannot be used is named with what it is and what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from resources.dagster_faults import DagsterRecordsError, LockedRecordsError, named_faults
from resources.dagster_storage import SingleConnectionStorage

FILES = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")


def replace_by_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def replace_by_another_database(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE someones (thing)")
    connection.close()


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda file: file.write_text("Not a database. " * 99), "is damaged or no SQLite file"),
    "half": (lambda file: os.truncate(file, file.stat().st_size // 2), "is damaged or no SQLite file"),
    "folder": (replace_by_folder, "is a folder"),
    "another": (replace_by_another_database, "is a SQLite database of something else"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_damaged_or_something_else_is_named_and_not_written_to(
    tmp_path: Path, name: str, fault: str
) -> None:
    open_and_close(tmp_path)
    spoil, words = FAULTS[fault]
    file = tmp_path / name
    spoil(file)
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(DagsterRecordsError, match=words) as caught:
        open_and_close(tmp_path)
    folder = tmp_path / name.partition("/")[0]
    assert f"`mv {folder} {folder}.damaged`" in str(caught.value)
    assert str(caught.value).endswith("is lost, no figure is.")
    assert before == (file.read_bytes() if file.is_file() else b"")

    folder.rename(f"{folder}.damaged")
    open_and_close(tmp_path)


def test_an_empty_file_is_filled_again(tmp_path: Path) -> None:
    open_and_close(tmp_path)
    for name in FILES:
        os.truncate(tmp_path / name, 0)
    open_and_close(tmp_path)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("database is locked", LockedRecordsError, "is locked by another program"),
        ("attempt to write a readonly database", DagsterRecordsError, "mounted read-only"),
        ("unable to open database file", DagsterRecordsError, "cannot be opened to write"),
    ],
)
def test_other_faults_are_told_apart(tmp_path: Path, said: str, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words), named_faults(tmp_path / "runs.db"):
        raise sqlite3.OperationalError(said)


def test_what_has_no_name_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError), named_faults(tmp_path / "runs.db"):
        raise sqlite3.OperationalError("database or disk is full")


def open_and_close(home: Path) -> None:
    storage = SingleConnectionStorage(str(home))
    assert storage.run_storage.get_runs() == []
    storage.event_log_storage.dispose()
    storage.run_storage.dispose()
