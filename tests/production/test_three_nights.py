"""33 councils, three nights of deliveries, everything killed once: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import shutil
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from dagster._core.scheduler.instigation import SensorInstigatorData

from assets.schedules import nightly_schedule
from cf_pipeline import warehouse
from cf_pipeline.contracts.authorities import authorities
from resources.lake import PARTITION_TAG
from resources.settings import PipelineSettings
from tests.production.units import Supervisor
from tests.support.local_servers import WebServer, web_server
from tests.support.postgresql_cluster import Cluster
from tests.support.production_instance import ROOT, ProductionInstance
from tests.support.small_deliveries import deliver, deliver_damaged
from tests.support.waiting import wait_for

COUNCILS = int(os.environ.get("COUNCILS", "33"))
LONDON = [place for place in authorities().values() if place.region_code == "E12000007"]
NAMES = sorted(place.slug for place in LONDON if place.kind == "local_authority")[:COUNCILS]
UNITS = ("cf-code-server", "cf-daemon", "cf-webserver", "cf-webserver-read-only", "cf-dashboard")
SUCCESS = dg.DagsterRunStatus.SUCCESS
REFUSED = "kent"
"""The council whose first delivery is damaged."""
ALERTS_OF_REFUSED = [
    f"New: {REFUSED}: 1 file, delivery or folder is refused. `cf-pipeline doctor` names it.",
    f"Over: {REFUSED}: no longer refused: 1 of files, deliveries or folders.",
]
PAGES = {
    "cf-webserver": ("WEBSERVER_PORT", "/server_info"),
    "cf-webserver-read-only": ("READ_ONLY_WEBSERVER_PORT", "/look/server_info"),
    "cf-dashboard": ("DASHBOARD_PORT", "/"),
}
NIGHT_SECONDS = 3600.0
QUIET_SECONDS = 60.0
"""So long no run may be under way before a night counts as ended: a publish would have begun."""


class Production:
    """The running units, what Dagster and the warehouse say of them, and the alerts that they sent."""

    def __init__(self, instance: ProductionInstance, supervisor: Supervisor, channel: WebServer) -> None:
        self.instance = instance
        self.supervisor = supervisor
        self.dagster = instance.open_dagster()
        self._channel = channel

    def runs(self) -> list[dg.DagsterRun]:
        """Every run but those of the purge."""
        return [run for run in self.dagster.get_runs() if run.job_name != "purge_job"]

    def good_runs(self) -> Counter[str]:
        """Authority -> how many good runs it has had; '' for publications."""
        return Counter(run.tags.get(PARTITION_TAG, "") for run in self.runs() if run.status == SUCCESS)

    def ends(self) -> Counter[str]:
        """How many runs ended in which way, publications apart."""
        kinds = ((run, "council" if PARTITION_TAG in run.tags else "publication") for run in self.runs())
        return Counter(f"{kind} {run.status.value.lower()}" for run, kind in kinds)

    def answers(self, *units: str) -> bool:
        """Whether the pages of units answer."""
        with suppress(OSError):
            for unit in units:
                port, page = PAGES[unit]
                address = f"http://127.0.0.1:{self.instance.environment[port]}{page}"
                urllib.request.urlopen(address, timeout=10).close()
            return True
        return False

    def is_one_running(self) -> bool:
        """Whether a run of an authority is being worked on, and another waits."""
        states = Counter(run.status for run in self.runs() if PARTITION_TAG in run.tags)
        return bool(states[dg.DagsterRunStatus.STARTED])

    def wait_for_quiet(self, expected: Counter[str]) -> None:
        """Wait until the runs that are expected have ended, and nothing has begun for a while."""
        wait_for("the night's good runs", lambda: self._has(expected), NIGHT_SECONDS)
        since = datetime.now(UTC)

        def is_quiet() -> bool:
            nonlocal since
            if any(not run.is_finished for run in self.runs()):
                since = datetime.now(UTC)
            return (datetime.now(UTC) - since).total_seconds() > QUIET_SECONDS

        wait_for("a quiet minute", is_quiet, NIGHT_SECONDS)

    def _has(self, expected: Counter[str]) -> bool:
        with suppress(Exception):  # the database may have been killed
            good = self.good_runs()
            return all(good[name] >= count for name, count in expected.items())
        return False

    def table(self, name: str) -> pd.DataFrame:
        """A table of the publication that is shown."""
        return warehouse.read_table(self.instance.environment["CF_WAREHOUSE_URL"], name)

    def alerts(self, authority: str) -> list[str]:
        """The lines on an authority that were sent, the oldest first."""
        texts = [content["text"] for _, _, content in self._channel.requests]
        return [line for text in texts for line in text.splitlines() if f": {authority}: " in line]

    def let_alerts_look(self) -> None:
        """Make the daemon take its last look for alerts as long past: it looks each quarter of an hour."""
        for state in self.dagster.all_instigator_state():
            if state.instigator_name == "alerts" and isinstance(state.instigator_data, SensorInstigatorData):
                never = state.instigator_data._replace(last_tick_timestamp=0.0, last_tick_start_timestamp=0.0)
                self.dagster.update_instigator_state(state.with_data(never))


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    folder = tmp_path_factory.mktemp("production")
    cluster = Cluster()
    instance = ProductionInstance(folder, cluster)
    supervisor = Supervisor(instance.environment, folder)
    with web_server() as channel:
        instance.environment.update(CF_ALERTS_ON="true", CF_ALERTS_SLACK_URL=channel.url)
        try:
            for unit in UNITS:
                supervisor.start(unit)
            yield Production(instance, supervisor, channel)
        finally:
            supervisor.end()
            cluster.stop()


def nightly_requests(production: Production, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The authorities that the nightly schedule would run now."""
    for name, value in production.instance.environment.items():
        if name.startswith("CF_"):
            monkeypatch.setenv(name, value)
    context = dg.build_schedule_context(
        production.dagster,
        scheduled_execution_time=datetime.now(UTC),
        resources={"settings": PipelineSettings(root=str(ROOT))},
    )
    return [request.partition_key for request in nightly_schedule().evaluate_tick(context).run_requests or ()]


def test_three_nights(production: Production, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, expected = production.instance.raw, Counter[str]()
    wait_for("Dagster's pages", lambda: production.answers("cf-webserver", "cf-webserver-read-only"))
    damaged = deliver_damaged(raw, REFUSED, "2019-12-31")
    nights = {
        "2019-12-31": (NAMES, ["cf-webserver", "cf-daemon"]),
        "2020-03-31": ([*NAMES[::3], REFUSED], ["cf-code-server"]),
        "2020-06-30": (NAMES[1::3], ["postgresql"]),
    }
    for number, (as_at, (delivered, killed)) in enumerate(nights.items(), start=1):
        is_refused = number == 1
        if not is_refused:
            shutil.rmtree(damaged.parent, ignore_errors=True)
        for name in delivered:
            deliver(raw, name, as_at)
        expected.update([*delivered, ""])
        for unit in killed:
            wait_for("a run under way", production.is_one_running, NIGHT_SECONDS, pause=0.5)
            if unit == "postgresql":
                production.instance.cluster.kill()
                production.instance.cluster.start()
            else:
                production.supervisor.kill(unit)
        production.wait_for_quiet(expected)
        print(f"{as_at}: {production.ends()}")
        assert production.good_runs() == expected, as_at
        assert production.table("publication")["version"].iloc[-1] == number
        assert nightly_requests(production, monkeypatch) == ([REFUSED] if is_refused else []), as_at
        shown = production.table("dim_authority").dropna(subset=["latest_as_at"]).set_index("slug")
        newest = shown["latest_as_at"].map("{:%Y-%m-%d}".format)
        assert set(newest.index) == {name for name in expected if name}
        assert set(newest.index[newest == as_at]) == set(delivered)
        production.let_alerts_look()
        alerts = ALERTS_OF_REFUSED[: min(number, 2)]
        wait_for("the alert", lambda alerts=alerts: production.alerts(REFUSED) == alerts)
    wait_for("every page", lambda: production.answers(*PAGES))
    assert all(
        production.supervisor.starts[unit] >= 2 for unit in ("cf-webserver", "cf-daemon", "cf-code-server")
    )
    _no_file_is_readable_by_others(production.instance.data)


def _no_file_is_readable_by_others(folder: Path) -> None:
    open_to_others = [
        path.relative_to(folder)
        for path in folder.rglob("*")
        if not path.is_symlink() and path.stat().st_mode & 0o077 and path.name != "dagster.yaml"
    ]
    assert open_to_others == []
