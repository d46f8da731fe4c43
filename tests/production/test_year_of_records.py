"""A year of Dagster's records in PostgreSQL: the purge brings the store back, and the pages answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from cf_pipeline.contracts.authorities import authorities
from resources.lake import PARTITION_TAG
from tests.integration.dagster_live import LiveDagster
from tests.production.units import Supervisor
from tests.support.dagster_year import record_run
from tests.support.postgresql_cluster import Cluster
from tests.support.production_instance import ProductionInstance
from tests.support.waiting import wait_for

COUNCILS = int(os.environ.get("COUNCILS", "33"))
NAMES = sorted(authorities())[:COUNCILS]
CHECKED = dg.AssetKey(["clean", "contacts"])
ASSETS = [dg.AssetKey(["kpi", "quarterly"]), CHECKED]
NIGHTS = 365
DAYS_OF_FAILURES = {300, 200, 80, 20}
"""How many days ago the first council's run failed; failures of the last 90 days are kept."""
PAGE_OF_ASSET = """query($key: AssetKeyInput!, $names: [String!]) {
  assetOrError(assetKey: $key) { __typename ... on Asset {
    assetMaterializations(partitions: $names, limit: 1000) { runId partition } } }
  assetNodeOrError(assetKey: $key) { __typename ... on AssetNode {
    partitionStats { numMaterialized numFailed numPartitions }
    assetPartitionStatuses { ... on DefaultPartitionStatuses { materializedPartitions } }
    assetChecksOrError { ... on AssetChecks { checks {
      name executionForLatestMaterialization { status } } } } } }
}"""


@dataclass
class ServedInstance:
    """A production instance, its records, and the webserver's door."""

    production: ProductionInstance
    dagster: dg.DagsterInstance
    pages: LiveDagster

    def table_bytes(self) -> int:
        """The bytes that Dagster's tables and indexes take on the disk."""
        with closing(self.production.cluster.connect("dagster")) as connection:
            query = "SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_stat_user_tables"
            return int(connection.execute(query).fetchone()[0])


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedInstance]:
    folder = tmp_path_factory.mktemp("production")
    cluster = Cluster()
    production = ProductionInstance(folder, cluster)
    supervisor = Supervisor(production.environment, folder)
    try:
        for unit in ("cf-code-server", "cf-webserver"):
            supervisor.start(unit)
        with production.open_dagster() as dagster:
            # one connection for many events, as the webserver has it
            dagster.optimize_for_webserver(statement_timeout=60_000, pool_recycle=3600, max_overflow=2)
            yield ServedInstance(
                production, dagster, LiveDagster(int(production.environment["WEBSERVER_PORT"]))
            )
    finally:
        supervisor.end()
        cluster.stop()


def record_year(dagster: dg.DagsterInstance, now: datetime) -> set[str]:
    """Record a run of each council in each night of a year; the runs that a purge has to keep."""
    dagster.add_dynamic_partitions("authority", NAMES)
    kept = set()
    for days in range(NIGHTS, 1, -1):
        for name in NAMES:
            has_failed = name == NAMES[0] and days in DAYS_OF_FAILURES
            status = dg.DagsterRunStatus.FAILURE if has_failed else dg.DagsterRunStatus.SUCCESS
            run = record_run(dagster, now - timedelta(days=days), name, ASSETS, status, lines=6)
            if days == 2 or (has_failed and days < 90):
                kept.add(run)
    return kept


def test_a_year_is_purged_and_the_pages_of_assets_answer(served: ServedInstance) -> None:
    kept = record_year(served.dagster, datetime.now(UTC))
    good_runs = [run for run in served.dagster.get_runs() if run.is_success]
    newest = {run.tags[PARTITION_TAG]: run.run_id for run in reversed(good_runs)}
    before, runs = served.table_bytes(), served.dagster.get_runs_count()
    start = datetime.now(UTC)
    said = served.production.run("dagster-purge")
    seconds = (datetime.now(UTC) - start).total_seconds()
    after = served.table_bytes()
    print(f"{runs} runs, {before / 1e6:.1f} MB before; {said.strip()} {after / 1e6:.1f} MB, {seconds:.0f} s")
    assert {run.run_id for run in served.dagster.get_runs()} == kept
    assert after < before / 8
    wait_for("the pages", served.pages.is_up)
    for key in ASSETS:
        page = served.pages.ask(PAGE_OF_ASSET, key={"path": list(key.path)}, names=NAMES)
        made = page["assetOrError"]["assetMaterializations"]
        node = page["assetNodeOrError"]
        assert {each["partition"]: each["runId"] for each in made} == {name: newest[name] for name in NAMES}
        assert node["partitionStats"]["numMaterialized"] == len(NAMES)
        assert sorted(node["assetPartitionStatuses"]["materializedPartitions"]) == NAMES
        checks = node["assetChecksOrError"]["checks"]
        ends = {check["name"]: check["executionForLatestMaterialization"]["status"] for check in checks}
        assert ends == ({"contract": "SUCCEEDED"} if key == CHECKED else {})
    assert {run["id"] for run in served.pages.runs()} == kept
