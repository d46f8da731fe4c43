"""What `cf-pipeline init` makes: privately, and only what is missing."""

from __future__ import annotations

import stat
from pathlib import Path

import dagster as dg

from cf_pipeline.project.private_files import private_folder
from cf_pipeline.project.settings import load_settings
from cf_pipeline.project.setup import DAGSTER_YAML, STORAGE_YAML, prepare_project
from resources.dagster_storage import open_home
from resources.event_records import EventRecords


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_data_folder_the_key_and_dagsters_home_are_private(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    prepare_project(settings)
    assert mode(settings.data) == mode(settings.dagster_home) == 0o700
    assert mode(settings.key_file) == mode(settings.dagster_home / "dagster.yaml") == 0o600
    assert len(settings.key_file.read_text().strip()) == 64


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    prepare_project(load_settings(tmp_path, {}))
    key = (tmp_path / "data" / "id.key").read_text()
    assert prepare_project(load_settings(tmp_path, {})) == []
    assert (tmp_path / "data" / "id.key").read_text() == key


def test_a_key_in_the_environment_needs_no_file(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"CF_ID_KEY": "k" * 32})
    prepare_project(settings)
    assert not settings.key_file.exists()


def test_every_folder_on_the_way_is_private(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b" / "c")
    assert {mode(tmp_path / part) for part in ("a", "a/b", "a/b/c")} == {0o700}


def test_dagster_takes_the_configuration_sends_nothing_and_keeps_runs_of_one_authority_apart(
    tmp_path: Path,
) -> None:
    settings = load_settings(tmp_path, {})
    prepare_project(settings)
    with open_home(settings.dagster_home) as instance:
        assert not instance.telemetry_enabled
        limits = instance.get_concurrency_config().run_queue_config.tag_concurrency_limits
        assert limits == [
            {"key": "dagster/partition", "limit": 1, "value": {"applyLimitPerUniqueValue": True}}
        ]
        assert instance.get_concurrency_config().pool_config.default_pool_limit == 1


def test_the_configuration_of_an_older_version_gets_the_storage_and_its_records_stay(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    prepare_project(settings)
    settings = load_settings(tmp_path, {})
    yaml = settings.dagster_home / "dagster.yaml"
    yaml.write_text(DAGSTER_YAML)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        instance.add_dynamic_partitions("authority", ["camden"])
    assert prepare_project(settings) == [f"Added to {yaml} how Dagster keeps its records."]
    assert yaml.read_text() == DAGSTER_YAML + STORAGE_YAML
    assert prepare_project(settings) == []
    with open_home(settings.dagster_home) as instance:
        assert isinstance(instance.event_log_storage, EventRecords)
        assert instance.get_dynamic_partitions("authority") == ["camden"]


def test_a_configuration_that_says_where_records_are_stays_as_it_is(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    prepare_project(settings)
    settings = load_settings(tmp_path, {})
    yaml = settings.dagster_home / "dagster.yaml"
    own = "storage:\n  sqlite:\n    base_dir: records\n"
    yaml.write_text(own)
    assert prepare_project(settings) == []
    assert yaml.read_text() == own
