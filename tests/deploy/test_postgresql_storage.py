"""Dagster's records in PostgreSQL over connections that stay open: the same records, few connections."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest
import yaml

from resources.postgresql_storage import KEPT_CONNECTIONS
from tests.support.postgresql_cluster import Cluster
from tests.support.production_instance import ProductionInstance
from tests.support.waiting import wait_for

AUTHORITIES = dg.DynamicPartitionsDefinition(name="authority")


@dg.asset(partitions_def=AUTHORITIES)
def letters() -> None:
    """Nothing."""


@dg.asset_check(asset=letters)
def are_all_there() -> dg.AssetCheckResult:
    """Always."""
    return dg.AssetCheckResult(passed=True)


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionInstance]:
    cluster = Cluster()
    try:
        yield ProductionInstance(tmp_path_factory.mktemp("production"), cluster)
    finally:
        cluster.stop()


@pytest.fixture
def instance(production: ProductionInstance) -> Iterator[dg.DagsterInstance]:
    with production.open_dagster() as opened:
        yield opened


def materialize(instance: dg.DagsterInstance, authority: str) -> str:
    """A run that makes the asset of an authority; its id."""
    instance.add_dynamic_partitions("authority", [authority])
    definitions = dg.Definitions([letters], asset_checks=[are_all_there])
    job = definitions.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(partition_key=authority, instance=instance).run_id


def kinds(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """The kinds of a run's events."""
    return [str(entry.dagster_event_type) for entry in instance.all_logs(run_id)]


def connections(cluster: Cluster) -> tuple[int, int]:
    """How many connections to Dagster's database there have been, and how many there are."""
    with closing(cluster.connect("dagster")) as connection:
        connection.execute("SELECT pg_stat_clear_snapshot()")
        made = connection.execute(
            "SELECT sessions FROM pg_stat_database WHERE datname = 'dagster'"
        ).fetchone()
        there = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = 'dagster' AND usename = 'dagster'"
        ).fetchone()
    return int(made[0]), int(there[0])


def test_a_run_makes_no_connection_of_its_own(
    production: ProductionInstance, instance: dg.DagsterInstance
) -> None:
    materialize(instance, "camden")
    before, _ = connections(production.cluster)
    run_id = materialize(instance, "hackney")
    after, there = connections(production.cluster)
    assert len(kinds(instance, run_id)) > 10
    assert after - before <= 2  # the two of this count
    assert there <= KEPT_CONNECTIONS


def test_the_records_are_those_of_dagsters_own_storage(
    production: ProductionInstance, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    here = materialize(instance, "camden")
    shutil.copy(production.home / "dagster.yaml", tmp_path)
    written = yaml.safe_load((tmp_path / "dagster.yaml").read_text())
    written["storage"] = {"postgres": written["storage"]["custom"]["config"]}
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(written))
    with dg.DagsterInstance.from_config(str(tmp_path)) as of_dagster:
        assert of_dagster.all_logs(here) == instance.all_logs(here)
        there = materialize(of_dagster, "camden")
        assert kinds(instance, there) == kinds(of_dagster, there) == kinds(instance, here)
        newest = instance.fetch_materializations(letters.key, limit=2).records
        assert [record.run_id for record in newest] == [there, here]


def test_after_a_restart_of_the_server_the_next_statement_succeeds(
    production: ProductionInstance, instance: dg.DagsterInstance
) -> None:
    run_id = materialize(instance, "camden")
    production.cluster.kill()
    production.cluster.start()
    assert instance.get_run_by_id(run_id).is_success
    assert materialize(instance, "camden") != run_id


def test_many_threads_write_at_once(production: ProductionInstance, instance: dg.DagsterInstance) -> None:
    before = len(instance.get_dynamic_partitions("authority"))

    def add(number: int) -> None:
        instance.add_dynamic_partitions("authority", [f"thread-{number}"])

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(add, range(200)))
    assert len(instance.get_dynamic_partitions("authority")) == before + 200
    wait_for("the end of the others", lambda: connections(production.cluster)[1] <= KEPT_CONNECTIONS)
