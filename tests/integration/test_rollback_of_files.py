"""Going back between two files: hard links, what is left by a kill at any place, and disks that cannot."""

from __future__ import annotations

import os
import stat

import pytest

from cf_pipeline.warehouse import WarehouseError, is_pair, publish_tables, roll_back
from cf_pipeline.warehouse.dialects.duckdb import database, versions
from cf_pipeline.warehouse.read import next_version
from tests.support import publication_example as example
from tests.support.versions_example import folder_of, kept_names, publish, shown_numbers


@pytest.fixture
def file_url(tmp_path):
    return f"duckdb:///{tmp_path}/warehouse/published.duckdb"


def test_a_kept_version_takes_no_copy_and_is_for_its_owner_only(file_url):
    publish(file_url, 1)
    publish(file_url, 2)
    folder = folder_of(file_url)
    for name in ("published.duckdb", "restricted_records.duckdb"):
        assert (folder / "versions" / "2" / name).samefile(folder / name)
        assert stat.S_IMODE((folder / "versions" / "1" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "versions" / "1").stat().st_mode) == 0o700


class KilledError(BaseException):
    """A process that ends in the middle."""


def kill_at(monkeypatch, owner, name, call):
    """Stop before a call of a function, counted from 1."""
    function, calls = getattr(owner, name), []

    def stop_or_go_on(*arguments, **named):
        calls.append(1)
        if len(calls) == call:
            raise KilledError
        return function(*arguments, **named)

    monkeypatch.setattr(owner, name, stop_or_go_on)


PLACES = [
    (database.DuckDb, "_move_into_place", 1),
    (database.DuckDb, "_move_into_place", 2),
    (database, "link_file", 1),
    (database, "link_file", 2),
]


@pytest.mark.parametrize(("owner", "name", "call"), PLACES)
def test_a_rollback_killed_anywhere_is_told_and_mended_by_the_next(file_url, monkeypatch, owner, name, call):
    publish(file_url, 1)
    publish(file_url, 2)
    kill_at(monkeypatch, owner, name, call)
    with pytest.raises(KilledError):
        roll_back(file_url)
    monkeypatch.undo()
    figures, records = shown_numbers(file_url)
    assert records >= figures
    assert is_pair(file_url) == (figures == records)
    roll_back(file_url)
    assert shown_numbers(file_url) == (1, 1)
    assert not list(folder_of(file_url).glob(".*"))
    publish(file_url, 3)
    assert kept_names(file_url) == ["1", "3"]


STEPS = [("remove_unshown", 1), ("add", 1), ("_move_into_place", 1), ("_move_into_place", 2), ("sweep", 1)]


@pytest.mark.parametrize(("step", "call"), STEPS)
def test_a_publication_that_was_killed_before_it_was_shown_is_never_gone_back_to(
    file_url, monkeypatch, step, call
):
    publish(file_url, 1)
    publish(file_url, 2)
    is_move = step == "_move_into_place"
    owner = database.DuckDb if is_move else versions.DuckDbVersions
    kill_at(monkeypatch, owner, step, call)
    with pytest.raises(KilledError):
        publish(file_url, 3)
    monkeypatch.undo()
    was_shown = shown_numbers(file_url)
    number = next_version(file_url)
    publish(file_url, number)
    assert shown_numbers(file_url) == (number, number)
    roll_back(file_url)
    assert shown_numbers(file_url) == ((3, 3) if was_shown == (3, 3) else (2, 2))


def test_after_a_publication_killed_between_its_files_a_rollback_shows_the_version_before_it(
    file_url, monkeypatch
):
    publish(file_url, 1)
    publish(file_url, 2)
    kill_at(monkeypatch, database.DuckDb, "_move_into_place", 2)
    with pytest.raises(KilledError):
        publish(file_url, 3)
    monkeypatch.undo()
    assert shown_numbers(file_url) == (2, 3)
    roll_back(file_url)
    assert shown_numbers(file_url) == (2, 2)


def test_a_version_that_cannot_be_read_is_passed_over(file_url):
    for version in (1, 2, 3):
        publish(file_url, version)
    (folder_of(file_url) / "versions" / "2" / "published.duckdb").write_bytes(b"\0" * 4096)
    roll_back(file_url)
    assert shown_numbers(file_url) == (1, 1)


def test_where_the_figures_are_lost_the_same_version_is_shown_again(file_url):
    publish(file_url, 1)
    publish(file_url, 2)
    (folder_of(file_url) / "published.duckdb").unlink()
    roll_back(file_url)
    assert shown_numbers(file_url) == (2, 2)


def test_a_disk_without_hard_links_publishes_and_keeps_no_version(file_url, monkeypatch):
    def no_links(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    publish(file_url, 1)
    publish(file_url, 2)
    assert shown_numbers(file_url) == (2, 2)
    with pytest.raises(WarehouseError, match="no version before the one that is shown is kept"):
        roll_back(file_url)


def test_a_full_disk_while_a_version_is_kept_leaves_the_one_before(file_url, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    publish(file_url, 1)
    monkeypatch.setattr(os, "link", full)
    with pytest.raises(WarehouseError, match="the disk is full"):
        publish(file_url, 2)
    assert shown_numbers(file_url) == (1, 1)


def test_figures_published_alone_are_no_version_to_go_back_to(file_url):
    publish_tables(file_url, example.tables(1))
    publish(file_url, 2)
    with pytest.raises(WarehouseError, match="no version before the one that is shown is kept"):
        roll_back(file_url)
