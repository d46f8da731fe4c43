"""A live `dagster dev` on loopback, asked and told through its own GraphQL door."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from assets.support.code_location import LOCATION
from tests.support.waiting import wait_for

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
REPOSITORY = "__repository__"
WORKSPACE = f"""
load_from:
  - python_module:
      module_name: live_definitions
      location_name: {LOCATION}
"""


class LiveDagster:
    """The running server and daemon of one project folder."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a GraphQL answer."""
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self._url,
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            said = json.load(answer)
        assert "errors" not in said, said["errors"]
        return dict(said["data"])

    def is_up(self) -> bool:
        """Whether the server answers and has loaded the definitions."""
        try:
            found = self.ask("{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }")
        except OSError:
            return False
        return bool(found["repositoriesOrError"].get("nodes"))

    def runs(self) -> list[dict[str, Any]]:
        """Every run, newest first: id, status, authority (or None), and whether it publishes."""
        found = self.ask(
            "{ runsOrError(limit: 500) { ... on Runs { results {"
            " runId status tags { key value } assetSelection { path } jobName } } } }"
        )
        return [
            {
                "id": run["runId"],
                "status": run["status"],
                "authority": next(
                    (tag["value"] for tag in run["tags"] if tag["key"] == "dagster/partition"), None
                ),
                "job": run["jobName"],
                "assets": sorted("/".join(key["path"]) for key in run["assetSelection"] or []),
            }
            for run in found["runsOrError"]["results"]
        ]

    def run_page(self, run: str) -> dict[str, Any]:
        """What the page of a run shows: its job and where that is defined, its tags, status and times."""
        found = self.ask(
            "query($id: ID!) { runOrError(runId: $id) { ... on Run {"
            " jobName pipelineSnapshotId status startTime endTime tags { key value }"
            " repositoryOrigin { repositoryName repositoryLocationName } } } }",
            id=run,
        )["runOrError"]
        return {**found, "tags": {tag["key"]: tag["value"] for tag in found["tags"]}}

    def materialized(self, run: str) -> dict[str, str]:
        """Asset -> partition, of everything that a run made."""
        found = self.ask(
            "query($id: ID!) { runOrError(runId: $id) { ... on Run { eventConnection(limit: 5000) {"
            " events { ... on MaterializationEvent { assetKey { path } partition } } } } } }",
            id=run,
        )["runOrError"]["eventConnection"]["events"]
        return {"/".join(each["assetKey"]["path"]): each["partition"] for each in found if each}

    def materialize_all(self) -> str:
        """A backfill of every asset and partition, as the button does; returns its id."""
        nodes = self.ask("{ assetNodes { assetKey { path } } }")["assetNodes"]
        launched = self.ask(
            "mutation($of: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $of) {"
            " __typename ... on LaunchBackfillSuccess { backfillId }"
            " ... on PythonError { message } } }",
            of={
                "assetSelection": [{"path": node["assetKey"]["path"]} for node in nodes],
                "allPartitions": True,
            },
        )["launchPartitionBackfill"]
        return str(launched["backfillId"])

    def backfill_status(self, backfill: str) -> str:
        """How a backfill stands."""
        return str(
            self.ask(
                "query($id: String!) { partitionBackfillOrError(backfillId: $id) {"
                " ... on PartitionBackfill { status } } }",
                id=backfill,
            )["partitionBackfillOrError"]["status"]
        )

    def register(self, authority: str) -> None:
        """Add a partition."""
        self.ask(
            "mutation($key: String!, $of: RepositorySelector!) { addDynamicPartition("
            ' partitionsDefName: "authority", partitionKey: $key, repositorySelector: $of) { __typename } }',
            key=authority,
            of={"repositoryName": REPOSITORY, "repositoryLocationName": LOCATION},
        )

    def sensor(self, name: str, *, on: bool) -> None:
        """Turn a sensor on or off."""
        selector = {
            "repositoryName": REPOSITORY,
            "repositoryLocationName": LOCATION,
            "sensorName": name,
        }
        if on:
            self.ask(
                "mutation($of: SensorSelector!) { startSensor(sensorSelector: $of) { __typename } }",
                of=selector,
            )
        else:
            self.ask(
                "mutation($id: String!) { stopSensor(id: $id) { __typename } }", id=self._state(selector)
            )

    def schedule(self, *, on: bool) -> None:
        """Turn the nightly schedule on or off."""
        selector = {
            "repositoryName": REPOSITORY,
            "repositoryLocationName": LOCATION,
            "scheduleName": "nightly",
        }
        if on:
            self.ask(
                "mutation($of: ScheduleSelector!) { startSchedule(scheduleSelector: $of) { __typename } }",
                of=selector,
            )
        else:
            found = self.ask(
                "query($of: ScheduleSelector!) { scheduleOrError(scheduleSelector: $of) {"
                " ... on Schedule { scheduleState { id } } } }",
                of=selector,
            )
            self.ask(
                "mutation($id: String!) { stopRunningSchedule(id: $id) { __typename } }",
                id=found["scheduleOrError"]["scheduleState"]["id"],
            )

    def stopped_schedule(self) -> bool:
        """Turn the schedule off for good: a tick under way writes its own state back when it ends."""
        self.schedule(on=False)
        time.sleep(3)
        found = self.ask(
            "query($of: ScheduleSelector!) { scheduleOrError(scheduleSelector: $of) {"
            " ... on Schedule { scheduleState { status ticks(limit: 1) { status } } } } }",
            of={
                "repositoryName": REPOSITORY,
                "repositoryLocationName": LOCATION,
                "scheduleName": "nightly",
            },
        )["scheduleOrError"]["scheduleState"]
        return bool(found["status"] == "STOPPED" and found["ticks"][0]["status"] != "STARTED")

    def check(self, authority: str) -> dict[str, Any] | None:
        """The newest evaluation of the check on what was received, of one authority's run."""
        runs = [run["id"] for run in self.runs() if run["authority"] == authority]
        found = self.ask(
            "query($of: AssetKeyInput!) { assetCheckExecutions(assetKey: $of,"
            ' checkName: "every_file_was_read", limit: 50) { runId evaluation { success description } } }',
            of={"path": ["raw", "deliveries"]},
        )["assetCheckExecutions"]
        of_authority = [each for each in found if each["runId"] in runs and each["evaluation"]]
        return dict(of_authority[0]["evaluation"]) if of_authority else None

    def _state(self, selector: dict[str, str]) -> str:
        found = self.ask(
            "query($of: SensorSelector!) { sensorOrError(sensorSelector: $of) {"
            " ... on Sensor { sensorState { id } } } }",
            of=selector,
        )
        return str(found["sensorOrError"]["sensorState"]["id"])


@contextmanager
def live_dagster(project: Path, environment: dict[str, str]) -> Iterator[LiveDagster]:
    """`dagster dev` for a project folder, stopped with everything it started when the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (project / "dagster.log").open("w")
    (project / "workspace.yaml").write_text(WORKSPACE)
    server = subprocess.Popen(
        [
            *(str(Path(sys.executable).parent / "dagster"), "dev", "--workspace", "workspace.yaml"),
            *("--host", "127.0.0.1", "--port", str(port)),
        ],
        cwd=project,
        env={**os.environ, **environment, "PYTHONPATH": f"{HERE}{os.pathsep}{ROOT}"},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    live = LiveDagster(port)
    try:
        wait_for("dagster dev", live.is_up)
        yield live
    finally:
        _stop(server)
        log.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    """The whole process group: first asked, then made to."""
    os.killpg(server.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        server.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait(10)
