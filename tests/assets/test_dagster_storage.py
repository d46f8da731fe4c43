"""Dagster's records over connections that stay open: each event once, several writers, few open files."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from sqlalchemy import text

from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.setup import DAGSTER_YAML, STORAGE_YAML
from resources.dagster_connections import OPEN_FILES, Connections
from resources.dagster_storage import SingleConnectionStorage, open_home
from resources.event_records import EventRecords

ADD_PARTITIONS = """
import sys
from pathlib import Path
from resources.dagster_storage import open_home
with open_home(Path(sys.argv[1])) as instance:
    for number in range(30):
        instance.add_dynamic_partitions("authority", [f"{sys.argv[2]}-{number}"])
"""


FILES = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")


@dg.asset
def letters() -> None:
    """Nothing."""


def materializations(instance: dg.DagsterInstance) -> list[str]:
    """The runs that made the asset, the newest first."""
    records = instance.fetch_materializations(letters.key, limit=10).records
    return [record.run_id for record in records]


def kinds(entries: Sequence[dg.EventLogEntry]) -> list[str]:
    return [str(entry.dagster_event_type) for entry in entries]


def contents(path: Path) -> dict[str, object]:
    """The tables and indexes of a file with their statements, its revision and its finished migrations."""
    with contextlib.closing(sqlite3.connect(path)) as file:
        schema = file.execute("select name, sql from sqlite_master where sql is not null").fetchall()
        return dict(schema) | {
            "revision": file.execute("select version_num from alembic_version").fetchall(),
            "journal": file.execute("PRAGMA journal_mode").fetchone(),
            "migrations": sorted(file.execute("select name from secondary_indexes").fetchall()),
        }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_private(tmp_path / "dagster.yaml", DAGSTER_YAML + STORAGE_YAML)
    return tmp_path


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with open_home(home) as opened:
        yield opened


def test_what_dagsters_own_storage_recorded_is_read_and_gone_on_with(home: Path) -> None:
    (home / "dagster.yaml").write_text(DAGSTER_YAML)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert "SqliteEventLogStorage" in str(type(instance.event_log_storage))
        instance.add_dynamic_partitions("authority", ["camden"])
        there = dg.materialize([letters], instance=instance).run_id
        events = instance.all_logs(there)
    (home / "dagster.yaml").write_text(DAGSTER_YAML + STORAGE_YAML)
    with open_home(home) as instance:
        assert instance.get_dynamic_partitions("authority") == ["camden"]
        assert instance.all_logs(there) == events
        assert materializations(instance) == [there]
        here = dg.materialize([letters], instance=instance).run_id
        assert materializations(instance) == [here, there]
        assert kinds(instance.all_logs(here)) == kinds(events)
        assert {run.run_id for run in instance.get_runs()} == {here, there}
        instance.delete_run(there)
        assert materializations(instance) == [here]
        assert instance.all_logs(there) == []


def test_a_run_that_dagsters_own_storage_left_under_way_ends_among_its_own_events(home: Path) -> None:
    (home / "dagster.yaml").write_text(DAGSTER_YAML)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        run = instance.create_run_for_job(dg.Definitions([letters]).resolve_implicit_global_asset_job_def())
        instance.report_run_canceling(run)
    (home / "dagster.yaml").write_text(DAGSTER_YAML + STORAGE_YAML)
    with open_home(home) as instance:
        instance.report_run_failed(run)
        ends = [kind.rpartition(".")[2] for kind in kinds(instance.all_logs(run.run_id))]
        assert ends[-2:] == ["RUN_CANCELING", "RUN_FAILURE"]


def test_the_newest_tags_of_a_partition_are_those_that_dagsters_own_query_finds(
    instance: dg.DagsterInstance,
) -> None:
    tag, kind = "dagster/data_version", dg.DagsterEventType.ASSET_MATERIALIZATION
    partitions = ["camden", "hackney", "nowhere"]
    records = instance.event_log_storage
    assert isinstance(records, EventRecords)

    def materialize(partition: str, version: str) -> None:
        instance.report_runless_asset_event(
            dg.AssetMaterialization(letters.key, partition=partition, tags={tag: version})
        )

    def tags() -> Mapping[str, Mapping[str, str]]:
        ours, dagsters = (
            storage.get_latest_tags_by_partition(
                records, letters.key, kind, [tag], asset_partitions=partitions
            )
            for storage in (EventRecords, ConsolidatedSqliteEventLogStorage)
        )
        assert ours == dagsters
        return ours

    materialize("camden", "1")
    materialize("camden", "2")
    materialize("hackney", "1")
    assert tags() == {"camden": {tag: "2"}, "hackney": {tag: "1"}}
    instance.wipe_assets([letters.key])
    assert tags() == {}
    materialize("camden", "3")
    assert tags() == {"camden": {tag: "3"}}


def test_every_event_is_in_the_file_once(instance: dg.DagsterInstance, home: Path) -> None:
    run = dg.materialize([letters], instance=instance)
    with sqlite3.connect(home / "history" / "runs" / "index.db") as file:
        stored = file.execute("select count(*) from event_logs where run_id = ?", [run.run_id])
        assert stored.fetchone() == (len(instance.all_logs(run.run_id)),)
    assert [path.name for path in (home / "history" / "runs").glob("*.db")] == ["index.db"]


def test_an_event_is_kept_without_tags_that_repeat_it(instance: dg.DagsterInstance) -> None:
    run = dg.materialize([letters], instance=instance)
    made = {event.step_key for event in run.all_events if event.logging_tags}
    kept = [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.dagster_event]
    assert made == {"letters"}
    assert not any(event.logging_tags for event in kept)
    assert [event._replace(logging_tags={}) for event in run.all_events] == kept[-len(run.all_events) :]


def test_a_run_is_followed_while_it_is_under_way(instance: dg.DagsterInstance) -> None:
    seen, ended = list[str](), threading.Event()
    run = dg.materialize([letters], instance=instance)

    def follow(entry: dg.EventLogEntry, cursor: str) -> None:
        seen.append(cursor)
        if entry.dagster_event is not None and entry.dagster_event.is_job_success:
            ended.set()

    instance.watch_event_logs(run.run_id, None, follow)
    assert ended.wait(30)
    instance.end_watch_event_logs(run.run_id, follow)
    assert len(seen) == len(instance.all_logs(run.run_id))


def test_a_new_home_has_dagsters_own_tables_and_revision(tmp_path: Path) -> None:
    homes = {}
    for name, settings in (("ours", DAGSTER_YAML + STORAGE_YAML), ("dagsters", DAGSTER_YAML)):
        home = tmp_path / name
        home.mkdir()
        write_private(home / "dagster.yaml", settings)
        with open_home(home) as instance:
            instance.add_dynamic_partitions("authority", ["camden"])
        homes[name] = {file: contents(home / file) for file in FILES}
    assert homes["ours"] == homes["dagsters"]


def test_a_file_whose_tables_were_never_finished_gets_them(home: Path) -> None:
    for file in FILES:
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (home / file).touch()
    with open_home(home) as instance:
        instance.add_dynamic_partitions("authority", ["camden"])
        assert instance.get_dynamic_partitions("authority") == ["camden"]
        assert instance.get_runs() == []


def test_two_processes_write_to_one_home_at_once(home: Path) -> None:
    with open_home(home):
        pass
    started = [
        subprocess.Popen([sys.executable, "-c", ADD_PARTITIONS, str(home), name], cwd=Path.cwd())
        for name in ("camden", "hackney")
    ]
    assert [process.wait(timeout=300) for process in started] == [0, 0]
    with open_home(home) as instance:
        assert len(instance.get_dynamic_partitions("authority")) == 60


def test_a_home_that_is_closed_leaves_no_write_ahead_log(instance: dg.DagsterInstance, home: Path) -> None:
    dg.materialize([letters], instance=instance)
    instance.dispose()
    assert list(home.rglob("*.db-wal")) == []


def test_the_oldest_connections_are_closed(tmp_path: Path) -> None:
    connections = Connections()
    for number in range(OPEN_FILES + 2):
        with connections.transaction(f"sqlite:///{tmp_path}/{number}.db") as connection:
            connection.execute(text("PRAGMA journal_mode=WAL"))
            connection.execute(text("create table words (word text)"))
    assert len(list(tmp_path.glob("*.db-wal"))) <= OPEN_FILES
    connections.close()
    assert list(tmp_path.glob("*.db-wal")) == []


def test_a_connection_that_met_an_error_is_not_used_again(tmp_path: Path) -> None:
    connections, address = Connections(), f"sqlite:///{tmp_path}/one.db"
    with connections.transaction(address) as first:
        first.execute(text("create table words (word text)"))
    with pytest.raises(KeyError), connections.transaction(address) as used:
        used.execute(text("insert into words values ('lost')"))
        raise KeyError
    with connections.transaction(address) as second:
        assert first is used
        assert used.closed
        assert second.execute(text("select count(*) from words")).scalar() == 0
    connections.close()


def test_records_are_their_owner_s_alone_those_of_an_older_home_too(tmp_path: Path) -> None:
    older = tmp_path / "home" / "history" / "runs"
    older.mkdir(parents=True)
    for name in ("0a.db", "0a.db-wal"):
        (older / name).touch(mode=0o644)
    (tmp_path / "outside").touch(mode=0o644)
    (older / "link").symlink_to(tmp_path / "outside")
    storage = SingleConnectionStorage(str(tmp_path / "home"))
    storage.event_log_storage.has_table("event_logs")
    modes = {
        path.relative_to(tmp_path).as_posix(): f"{path.stat().st_mode & 0o777:o}"
        for path in (tmp_path / "home", *(tmp_path / "home").rglob("*"))
        if not path.is_symlink()
    }
    assert {"home/history/runs/index.db-wal", "home/history/runs/0a.db-wal", "home/schedules"} < modes.keys()
    assert {name: mode for name, mode in modes.items() if mode not in ("600", "700")} == {}
    assert {mode for name, mode in modes.items() if ".db" in name} == {"600"}
    assert (tmp_path / "outside").stat().st_mode & 0o777 == 0o644
    storage.event_log_storage.dispose()
    storage.run_storage.dispose()
