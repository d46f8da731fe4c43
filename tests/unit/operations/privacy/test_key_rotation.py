"""When a change of the key may begin, and what it leaves of the old key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cf_pipeline.operations.audit import read_actions
from cf_pipeline.operations.privacy.key_rotation import (
    plan_key_change,
    record_good_runs,
    record_key_change,
    replace_key_file,
)
from cf_pipeline.operations.privacy.pending_erasures import Pending, begin
from cf_pipeline.project.input_hash import authority_hash
from cf_pipeline.project.lake_layout import CLEAN_DELIVERIES, clean_list
from cf_pipeline.project.privacy.key_change import KeyChangeError
from cf_pipeline.project.runs.good_run import is_run_news, write_good_run
from cf_pipeline.project.runs.last_run import LastRun, write_last_run
from cf_pipeline.project.settings import Settings, SettingsError, load_settings
from cf_pipeline.project.setup import prepare_project
from tests.support.loaded_lake import SLUG, load_person, put_table
from tests.support.small_deliveries import deliver

NEW = "another-key-for-tests-only-of-32-characters-or-more"
REASONS: dict[str, Any] = {"because": "a loss", "by": "DPO", "has_key_file": True}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A project with its key in the file, and one authority."""
    prepare_project(load_settings(tmp_path, {}))
    found = load_settings(tmp_path, {})
    load_person(found)
    return found


def own_key(settings: Settings, text: str = NEW, mode: int = 0o600) -> Path:
    file = settings.root / "new.key"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_a_new_key_is_made_and_every_authority_with_people_is_named(settings: Settings) -> None:
    change = plan_key_change(settings, **REASONS, key_file=None)
    assert change.old_key.encode() == settings.id_key
    assert len(change.new_key) == 64 and change.new_key != change.old_key
    assert (change.has_key_file, change.authorities, change.unchanged) == (True, (SLUG,), {})


def test_the_key_of_a_file_is_taken_without_the_end_of_its_line(settings: Settings) -> None:
    assert plan_key_change(settings, **REASONS, key_file=own_key(settings, f"{NEW}\n")).new_key == NEW


def show_an_earlier_version(settings: Settings) -> None:
    last = LastRun("run", "hash", (), (), rollback_sentence="Version 1 is shown.")
    write_last_run(settings.data, last)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            lambda each: begin(each.data, SLUG, Pending("DPO", [], [])),
            "An erasure or purge of camden is not completed",
        ),
        (show_an_earlier_version, "An earlier version of the warehouse is shown"),
        (lambda each: put_table(each, clean_list("contacts"), "run-2"), "do not belong together"),
        (lambda each: put_table(each, CLEAN_DELIVERIES, "run-2"), "take that delivery out of the drop zone"),
    ],
)
def test_what_has_to_be_done_first_is_told_and_nothing_is_changed(
    settings: Settings, fault: Callable[[Settings], None], sentence: str
) -> None:
    fault(settings)
    with pytest.raises(KeyChangeError, match=f"{sentence}.*nothing was changed"):
        plan_key_change(settings, **REASONS, key_file=None)


def test_an_empty_lake_has_nothing_to_change(tmp_path: Path) -> None:
    prepare_project(load_settings(tmp_path, {}))
    with pytest.raises(KeyChangeError, match="holds no history yet"):
        plan_key_change(load_settings(tmp_path, {}), **REASONS, key_file=None)


def test_somebody_decides_it_for_a_reason(settings: Settings) -> None:
    with pytest.raises(KeyChangeError, match="Say who decided"):
        plan_key_change(settings, **REASONS | {"because": " "}, key_file=None)


def test_a_file_that_holds_no_new_key_is_refused(settings: Settings) -> None:
    def plan(file: Path) -> None:
        plan_key_change(settings, **REASONS, key_file=file)

    with pytest.raises(KeyChangeError, match="There is no file"):
        plan(settings.root / "absent.key")
    with pytest.raises(SettingsError, match="fewer than 32 characters"):
        plan(own_key(settings, "short"))
    with pytest.raises(SettingsError, match="can be read by others"):
        plan(own_key(settings, mode=0o644))
    assert settings.id_key is not None
    with pytest.raises(KeyChangeError, match="the key that is used now"):
        plan(own_key(settings, settings.id_key.decode()))


def test_a_key_of_the_environment_is_not_made_here(settings: Settings) -> None:
    reasons = REASONS | {"has_key_file": False}
    with pytest.raises(KeyChangeError, match="comes from CF_ID_KEY, which only you can change"):
        plan_key_change(settings, **reasons, key_file=None)
    change = plan_key_change(settings, **reasons, key_file=own_key(settings))
    assert not change.has_key_file
    replace_key_file(settings, change)
    assert not settings.key_file.exists()  # it held the old key, which no variable needs any more


def test_the_new_key_takes_the_place_of_the_old_one_for_the_owner_alone(settings: Settings) -> None:
    change = plan_key_change(settings, **REASONS, key_file=None)
    replace_key_file(settings, change)
    assert load_settings(settings.root, {}).id_key == change.new_key.encode()
    assert settings.key_file.stat().st_mode & 0o777 == 0o600


def test_an_authority_with_nothing_new_has_nothing_new_afterwards(settings: Settings) -> None:
    write_good_run(settings.lake, SLUG, authority_hash(settings, SLUG))
    change = plan_key_change(settings, **REASONS, key_file=None)
    put_table(settings, CLEAN_DELIVERIES)  # the tables are other files after a change
    assert is_run_news(settings.lake, SLUG, authority_hash(settings, SLUG))
    record_good_runs(settings, change)
    assert not is_run_news(settings.lake, SLUG, authority_hash(settings, SLUG))


def test_a_delivery_that_arrives_while_the_key_is_changed_is_new_afterwards(settings: Settings) -> None:
    write_good_run(settings.lake, SLUG, authority_hash(settings, SLUG))
    change = plan_key_change(settings, **REASONS, key_file=None)
    deliver(settings.raw, SLUG)
    record_good_runs(settings, change)
    assert is_run_news(settings.lake, SLUG, authority_hash(settings, SLUG))


def test_a_change_that_is_completed_twice_is_logged_once(settings: Settings) -> None:
    change = plan_key_change(settings, **REASONS, key_file=None)
    for _ in range(2):
        record_key_change(settings, change, {"authorities": 1})
    later = replace(change, started_at=(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)).isoformat())
    assert [entry.action for entry in read_actions(settings.data)] == ["rotate key"]
    record_key_change(settings, later, {"authorities": 1})
    assert len(list(read_actions(settings.data))) == 2
