"""Dagster's own records of old runs go; what the pages of assets show, and what failed lately, stays."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.definitions import defs
from assets.upkeep import purge_job
from cf_pipeline.cli.main import main
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.setup import DAGSTER_YAML, STORAGE_YAML
from resources.dagster_purge import purge_runs
from resources.dagster_storage import open_home
from tests.support.dagster_year import record_run

NOW = datetime(2026, 11, 29, 5, 30, tzinfo=UTC)
FIGURES, LISTS = dg.AssetKey(["kpi", "quarterly"]), dg.AssetKey(["core", "contacts"])
AUTHORITIES = ("camden", "hackney")
FAILURE = dg.DagsterRunStatus.FAILURE


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_private(tmp_path / "dagster.yaml", DAGSTER_YAML + STORAGE_YAML)
    return tmp_path


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with open_home(home) as opened:
        opened.add_dynamic_partitions("authority", list(AUTHORITIES))
        yield opened


def kept(instance: dg.DagsterInstance) -> set[str]:
    return {run.run_id for run in instance.get_runs()}


def rows(home: Path) -> dict[str, int]:
    """Table -> how many rows it has, of those that grow with every run."""
    counts = {}
    for file, tables in (
        ("runs/index.db", ("event_logs", "asset_event_tags", "asset_check_executions")),
        ("runs.db", ("runs", "run_tags")),
    ):
        with contextlib.closing(sqlite3.connect(home / "history" / file)) as opened:
            for table in tables:
                counts[table] = opened.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608
    return counts


def size(home: Path) -> int:
    return sum(path.stat().st_size for path in (home / "history").rglob("*.db*"))


def test_the_newest_good_run_of_each_authority_stays_however_old(instance: dg.DagsterInstance) -> None:
    older = [record_run(instance, days_ago(200), name, [FIGURES]) for name in AUTHORITIES]
    newest = {record_run(instance, days_ago(100), name, [FIGURES]) for name in AUTHORITIES}
    published = record_run(instance, days_ago(99), None, [])
    counts = purge_runs(instance, NOW, 90)
    assert kept(instance) == newest | {published}
    assert (counts.removed_runs, counts.kept_runs) == (len(older), 3)


def test_what_failed_stays_for_as_many_days_as_are_set(instance: dg.DagsterInstance) -> None:
    runs = {
        (status, days): record_run(instance, days_ago(days), "camden", [], status)
        for status in (FAILURE, dg.DagsterRunStatus.CANCELED)
        for days in (29, 31)
    }
    purge_runs(instance, NOW, 30)
    assert kept(instance) == {run for (_, days), run in runs.items() if days == 29}


def test_runs_of_the_last_day_and_those_under_way_stay(instance: dg.DagsterInstance) -> None:
    gone = record_run(instance, days_ago(2), "camden", [FIGURES])
    under_way = record_run(instance, days_ago(300), "camden", [], dg.DagsterRunStatus.STARTED)
    lately = {
        record_run(instance, days_ago(0.5), "camden", [FIGURES]),
        record_run(instance, days_ago(0.4), "camden", [], FAILURE),
        record_run(instance, days_ago(0.1), "camden", [FIGURES]),
    }
    purge_runs(instance, NOW, 0)
    assert kept(instance) == lately | {under_way}
    assert gone not in kept(instance)


def test_a_run_that_holds_the_newest_record_of_an_asset_stays(instance: dg.DagsterInstance) -> None:
    of_lists = record_run(instance, days_ago(300), "camden", [LISTS, FIGURES])
    record_run(instance, days_ago(250), "camden", [FIGURES])
    newest = record_run(instance, days_ago(200), "camden", [FIGURES])
    purge_runs(instance, NOW, 90)
    assert kept(instance) == {of_lists, newest}


def test_a_year_of_runs_leaves_what_one_night_made_and_the_pages_of_assets_answer(
    instance: dg.DagsterInstance, home: Path
) -> None:
    assets = [FIGURES, LISTS]
    record_run(instance, days_ago(2), "camden", assets, lines=20)
    record_run(instance, days_ago(2), "hackney", assets, lines=20)
    after_one_night = rows(home)
    for days in range(365, 3, -1):
        for name in AUTHORITIES:
            status = FAILURE if days % 50 == 0 and name == "hackney" else dg.DagsterRunStatus.SUCCESS
            record_run(instance, days_ago(days), name, assets, status, lines=20)
    latest = {name: record_run(instance, days_ago(1.5), name, assets, lines=20) for name in AUTHORITIES}
    full = size(home)
    counts = purge_runs(instance, NOW, 90)
    assert counts.removed_runs > 700
    purge_runs(instance, NOW, 40)  # the last failure is 50 days old
    assert rows(home) == after_one_night
    assert size(home) < full / 8
    for key in assets:
        newest = instance.get_latest_materialization_event(key)
        assert newest is not None
        assert newest.run_id in latest.values()
        made = instance.event_log_storage.get_latest_storage_id_by_partition(
            key, dg.DagsterEventType.ASSET_MATERIALIZATION
        )
        assert set(made) == set(AUTHORITIES)
        for name in AUTHORITIES:
            record = instance.fetch_materializations(
                dg.AssetRecordsFilter(asset_key=key, asset_partitions=[name]), limit=1
            ).records[0]
            assert record.run_id == latest[name]
            checked = instance.event_log_storage.get_latest_asset_check_execution_by_key(
                [dg.AssetCheckKey(key, "contract")]
            )
            assert checked[dg.AssetCheckKey(key, "contract")].run_id in latest.values()


def test_a_second_purge_finds_nothing_more(instance: dg.DagsterInstance) -> None:
    for days in (300, 200, 100):
        record_run(instance, days_ago(days), "camden", [FIGURES])
    assert purge_runs(instance, NOW, 90).removed_runs == 2
    assert purge_runs(instance, NOW, 90).sentence.startswith("Removed 0 runs with 0 events")


def test_the_job_purges_and_says_how_many(instance: dg.DagsterInstance) -> None:
    for days in (300, 200):
        record_run(instance, datetime.now(UTC) - timedelta(days=days), "camden", [FIGURES])
    ended = defs.resolve_job_def("purge_job").execute_in_process(instance=instance)
    assert ended.success
    said = [entry.user_message for entry in instance.all_logs(ended.run_id)]
    assert any(text.startswith("Removed 1 runs with 3 events") for text in said)


def test_records_are_purged_every_morning_after_the_night_s_runs() -> None:
    schedule = defs.get_schedule_def("purge")
    assert schedule.job_name == purge_job.name
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 5 * * *", "Europe/London")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_the_command_purges_the_home_of_the_project(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dagster-purge"]) == 0
    assert capsys.readouterr().out == "Dagster has no records yet: nothing was removed.\n"
    assert main(["init"]) == 0
    with open_home(project / "data" / "dagster") as instance:
        for days in (80, 70):
            record_run(instance, datetime.now(UTC) - timedelta(days=days), "camden", [], FAILURE)
    (project / "pipeline.toml").write_text("failed_run_days = 75\n")
    capsys.readouterr()
    assert main(["dagster-purge"]) == 0
    assert capsys.readouterr().out == (
        "Removed 1 runs with 0 events from Dagster's records; 1 runs with 0 events stay.\n"
    )


def test_days_that_are_no_number_are_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pipeline.toml").write_text('failed_run_days = "ninety"\n')
    assert main(["dagster-purge"]) == 1
    assert capsys.readouterr().err == (
        "cf-pipeline: Setting failed_run_days: 'ninety' is not a whole number of 0 or more.\n"
    )
