"""`cf-pipeline rotate-key` that is under way or was stopped: what other commands do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.cli.operations import rotate_key
from cf_pipeline.project.lake_layout import PERSON
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.privacy.key_change import (
    BUILDING,
    PUBLISHING,
    REPLACING,
    KeyChange,
    find_key_change,
    write_key_change,
)
from cf_pipeline.project.settings import Settings, load_settings
from tests.support.loaded_lake import SLUG, load_person

NEW = "another-key-for-tests-only-of-32-characters-or-more"
REASONS = ["--by", "DPO", "--because", "a loss"]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A project with its key in the file, and one authority with one child."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipeline.toml").touch()
    assert main(["init"]) == 0
    found = load_settings(tmp_path, {})
    load_person(found)
    return found


@pytest.fixture
def at_work(settings: Settings) -> Iterator[None]:
    """Another command changes the key, or runs."""
    lock = RunLock(settings.data / "locks", "_run")
    assert lock.try_acquire()
    yield
    lock.release()


def leave(settings: Settings, phase: str) -> KeyChange:
    """A change of the key as a process leaves it."""
    assert settings.id_key is not None
    change = KeyChange(
        settings.id_key.decode(), NEW, True, "a loss", "DPO", "2026-03-01T12:00:00+00:00", (SLUG,), {}, phase
    )
    write_key_change(settings.data, change)
    return change


def ref_of(settings: Settings) -> str:
    return str(LakeReader(settings).read(PERSON, SLUG)["person_ref"].item())


@pytest.mark.usefixtures("at_work")
def test_while_it_is_building_a_command_without_the_key_goes_on_and_one_with_it_waits(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(settings, BUILDING)
    assert main(["init"]) == 1
    assert "The key for child ids is being changed: try again" in capsys.readouterr().err
    assert main(["alert"]) == 0
    assert find_key_change(settings.data) is not None


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("phase", [REPLACING, PUBLISHING])
def test_while_stores_are_replaced_every_command_waits(
    settings: Settings, phase: str, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(settings, phase)
    for command in (["alert"], ["publish"], ["audit"]):
        assert main(command) == 1
        assert capsys.readouterr().err == (
            "cf-pipeline: The key for child ids is being changed by another command: try again when that has "
            "ended.\n"
        )


@pytest.mark.usefixtures("at_work")
def test_it_does_not_begin_while_a_run_is_under_way(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rotate-key", *REASONS]) == 1
    assert "A run is under way" in capsys.readouterr().err
    assert find_key_change(settings.data) is None


def test_one_that_was_stopped_before_anything_was_replaced_is_taken_back_by_the_next_command(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    change, before = leave(settings, BUILDING), ref_of(settings)
    (settings.data / "lake/new_key/core").mkdir(parents=True)
    assert main(["alert"]) == 0
    shown = capsys.readouterr()
    assert "taken back" in shown.err and "taken back" not in shown.out
    assert find_key_change(settings.data) is None
    assert not (settings.data / "lake/new_key").exists()
    assert ref_of(settings) == before
    assert settings.key_file.read_text().strip() == change.old_key


def test_while_publishing_fails_it_stays_and_the_next_command_tries_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(settings, REPLACING)
    with monkeypatch.context() as patch:
        patch.setattr(rotate_key, "publish", lambda _: 1)
        assert main(["alert"]) == 1
        assert "publishing failed: put that right" in capsys.readouterr().err
        found = find_key_change(settings.data)
        assert found is not None and found.phase == PUBLISHING
        assert settings.key_file.read_text().strip() == found.old_key
        patch.setattr(rotate_key, "publish", lambda _: 0)
        assert main(["alert"]) == 0
    assert find_key_change(settings.data) is None
    assert settings.key_file.read_text().strip() == NEW


def test_an_authority_that_cannot_be_counted_leaves_everything_as_it_was(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, key = ref_of(settings), settings.key_file.read_text()
    monkeypatch.setattr(rotate_key, "count_again", lambda *_: [f"{SLUG}: the disk is full."])
    assert main(["rotate-key", *REASONS]) == 1
    assert capsys.readouterr().err == f"cf-pipeline: {SLUG}: the disk is full. Nothing was changed.\n"
    assert find_key_change(settings.data) is None
    assert not (settings.data / "lake/new_key").exists()
    assert (ref_of(settings), settings.key_file.read_text()) == (before, key)
