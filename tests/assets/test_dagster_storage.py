"""Dagster's records over connections that stay open: the same files, several writers, few open files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import text

from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.setup import DAGSTER_YAML, STORAGE_YAML
from resources.dagster_storage import OPEN_FILES, Connections, open_home

ADD_PARTITIONS = """
import sys
from pathlib import Path
from resources.dagster_storage import open_home
with open_home(Path(sys.argv[1])) as instance:
    for number in range(30):
        instance.add_dynamic_partitions("authority", [f"{sys.argv[2]}-{number}"])
"""


@dg.op
def work() -> None:
    """Nothing."""


@dg.job
def small_job() -> None:
    work()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_private(tmp_path / "dagster.yaml", DAGSTER_YAML + STORAGE_YAML)
    return tmp_path


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with open_home(home) as opened:
        yield opened


def test_dagsters_own_storage_reads_what_this_one_wrote_and_the_other_way_round(home: Path) -> None:
    with open_home(home) as instance:
        here = small_job.execute_in_process(instance=instance).run_id
    (home / "dagster.yaml").write_text(DAGSTER_YAML)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert "SqliteEventLogStorage" in str(type(instance.event_log_storage))
        events = [entry.dagster_event for entry in instance.all_logs(here)]
        assert any(event is not None and event.is_job_success for event in events)
        there = small_job.execute_in_process(instance=instance).run_id
    (home / "dagster.yaml").write_text(DAGSTER_YAML + STORAGE_YAML)
    with open_home(home) as instance:
        assert {run.run_id for run in instance.get_runs()} == {here, there}
        assert len(instance.all_logs(there)) == len(events)


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


def test_connections_to_old_runs_are_closed(instance: dg.DagsterInstance, home: Path) -> None:
    for _ in range(OPEN_FILES + 2):
        small_job.execute_in_process(instance=instance)
    logs = list((home / "history" / "runs").glob("*.db-wal"))
    assert len(logs) <= OPEN_FILES
    instance.dispose()
    assert list((home / "history").rglob("*.db-wal")) == []


def test_a_connection_that_met_an_error_is_not_used_again(tmp_path: Path) -> None:
    connections, address = Connections(), f"sqlite:///{tmp_path}/one.db"
    with connections.transaction(address, lambda: None) as first:
        first.execute(text("create table words (word text)"))
    with pytest.raises(KeyError), connections.transaction(address, lambda: None) as used:
        used.execute(text("insert into words values ('lost')"))
        raise KeyError
    with connections.transaction(address, lambda: None) as second:
        assert first is used
        assert used.closed
        assert second.execute(text("select count(*) from words")).scalar() == 0
    connections.close()
