"""The graph under a live daemon: Materialize all, refused files (docs/rulings.md#19), runs, publishes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline import warehouse
from cf_pipeline.project.settings import load_settings
from cf_pipeline.project.setup import prepare_project
from tests.integration.dagster_live import LiveDagster, live_dagster
from tests.support.small_deliveries import deliver, deliver_damaged
from tests.support.waiting import wait_for

KEY = "a-key-for-tests-only-of-32-characters-or-more"
ENDED = ("SUCCESS", "FAILURE", "CANCELED")
QUIET_SECONDS = 20.0
REFUSED = 2


class Scene:
    """A live Dagster with its folders, and what is asked of them again and again."""

    def __init__(self, live: LiveDagster, root: Path, url: str, environment: dict[str, str]) -> None:
        self.live, self.root, self.raw, self._url = live, root, root / "raw", url
        self._environment = {**os.environ, **environment}

    def published(self, table: str) -> pd.DataFrame:
        return warehouse.read_table(self._url, table)

    def contacts(self, slug: str) -> float | None:
        """The contacts of 2019/20 Q3 as published, or None."""
        authorities = self.published("dim_authority").set_index("slug")
        codes = authorities.loc[authorities["has_figures"], "authority_code"]
        if slug not in codes.index:
            return None
        facts = self.published("fact_kpi_quarterly")
        row = facts[
            facts["authority_code"].eq(codes[slug])
            & facts["kpi_id"].eq("contacts_count")
            & facts["quarter_key"].eq("2019/20 Q3")
            & facts["basis"].eq("quarter")
            & facts["breakdown"].eq("total")
        ]
        return float(row["value"].iloc[0])

    def settled(self, since: set[str], runs: int) -> list[dict[str, object]]:
        """The runs since then, once there are that many, all have ended and no further one comes."""

        def calm() -> list[dict[str, object]]:
            new = [run for run in self.live.runs() if run["id"] not in since]
            return new if len(new) >= runs and all(run["status"] in ENDED for run in new) else []

        wait_for(f"{runs} runs", calm)
        time.sleep(QUIET_SECONDS)
        return list(wait_for("the end of every run", calm))

    def command(self, *words: str) -> int:
        """The exit status of `cf-pipeline` in the project's folder."""
        program = str(Path(sys.executable).parent / "cf-pipeline")
        ended = subprocess.run([program, *words], cwd=self.root, env=self._environment, check=False)
        return ended.returncode

    def run_ids(self) -> set[str]:
        return {str(run["id"]) for run in self.live.runs()}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Two authorities delivered, registered and never materialised; the watching sensor is off."""
    folders = {"CF_RAW": str(tmp_path / "raw"), "CF_DATA": str(tmp_path / "data"), "CF_ID_KEY": KEY}
    settings = load_settings(tmp_path, folders)
    prepare_project(settings)
    (tmp_path / "pipeline.toml").touch()
    deliver(settings.raw, "camden")
    deliver(settings.raw, "hackney", rows=2)
    environment = {**folders, "DAGSTER_HOME": str(settings.dagster_home)}
    for name in [name for name in os.environ if name.startswith("CF_")]:
        environment.setdefault(name, os.environ[name])
    with live_dagster(tmp_path, environment) as live:
        live.sensor("raw_deliveries", on=False)
        live.schedule(on=False)
        live.register("camden")
        live.register("hackney")
        yield Scene(live, tmp_path, settings.warehouse_url, environment)


@pytest.mark.slow
def test_the_graph_under_a_live_daemon(scene: Scene) -> None:
    _materialize_all_publishes_two_authorities(scene)
    _refused_files_are_named_and_nothing_published_is_lost(scene)
    _one_delivery_is_one_run_and_one_publish(scene)
    _one_tick_is_one_run_of_each_authority_with_news_and_one_publish(scene)
    _a_run_of_the_command_is_shown_as_one_of_the_daemon(scene)


def _materialize_all_publishes_two_authorities(scene: Scene) -> None:
    shutil.rmtree(scene.root / "data" / "lake", ignore_errors=True)
    backfill = scene.live.materialize_all()
    status = wait_for(
        "the end of Materialize all",
        lambda: (
            (s := scene.live.backfill_status(backfill)) in ("COMPLETED_SUCCESS", "COMPLETED_FAILED") and s
        ),
        240,
    )
    assert status == "COMPLETED_SUCCESS"
    assert (scene.contacts("camden"), scene.contacts("hackney")) == (3, 2)


def _refused_files_are_named_and_nothing_published_is_lost(scene: Scene) -> None:
    before = scene.run_ids()
    deliver_damaged(scene.raw, "islington", "2019-12-31")
    deliver_damaged(scene.raw, "camden", "2020-03-31")
    scene.live.sensor("raw_deliveries", on=True)
    runs = scene.settled(before, 3)
    ended = {run["authority"]: run["status"] for run in runs if run["authority"]}
    assert ended == {"islington": "FAILURE", "camden": "SUCCESS"}
    assert (scene.contacts("camden"), scene.contacts("hackney"), scene.contacts("islington")) == (3, 2, None)
    for authority, delivery in (("camden", "2020-03-31"), ("islington", "2019-12-31")):
        check = scene.live.check(authority)
        assert check is not None
        assert not check["success"]
        assert f"{authority}/{delivery}/annex_a.xlsx" in check["description"]
    refused = scene.published("delivery").set_index("delivery_id")
    assert refused.loc["2020-03-31", "status"] == "refused"


def _one_delivery_is_one_run_and_one_publish(scene: Scene) -> None:
    before, version = scene.run_ids(), int(scene.published("publication")["version"].iloc[0])
    deliver(scene.raw, "hackney", rows=3)
    runs = scene.settled(before, 2)
    assert sorted(str(run["authority"]) for run in runs) == ["None", "hackney"]
    assert {run["status"] for run in runs} == {"SUCCESS"}
    assert int(scene.published("publication")["version"].iloc[0]) == version + 1
    assert scene.contacts("hackney") == 3


def _one_tick_is_one_run_of_each_authority_with_news_and_one_publish(scene: Scene) -> None:
    """Camden has had a good run; islington's was refused, and hackney has a delivery."""
    scene.live.sensor("raw_deliveries", on=False)
    deliver(scene.raw, "hackney", rows=2)
    before, version = scene.run_ids(), int(scene.published("publication")["version"].iloc[0])
    scene.live.schedule(on=True)
    wait_for("the tick", lambda: len(scene.run_ids() - before) >= 2)
    wait_for("the end of the schedule", scene.live.stopped_schedule)
    runs = scene.settled(before, 3)
    assert sorted(str(run["authority"]) for run in runs) == ["None", "hackney", "islington"]
    assert int(scene.published("publication")["version"].iloc[0]) == version + 1


def _a_run_of_the_command_is_shown_as_one_of_the_daemon(scene: Scene) -> None:
    """The two runs of hackney differ in how they began, and in nothing that a page links by."""
    by_daemon = next(run["id"] for run in scene.live.runs() if run["authority"] == "hackney")
    before = scene.run_ids()
    deliver(scene.raw, "hackney", rows=3)
    assert scene.command("run") == REFUSED
    new = [run for run in scene.live.runs() if run["id"] not in before]
    by_command = next(run["id"] for run in new if run["authority"] == "hackney")
    one, other = (scene.live.run_page(str(run)) for run in (by_daemon, by_command))
    for linked in ("jobName", "pipelineSnapshotId", "status", "repositoryOrigin"):
        assert one[linked] == other[linked], linked
    for tag in ("dagster/partition", "dagster/code_location", ".dagster/repository"):
        assert one["tags"].get(tag) == other["tags"].get(tag), tag
    assert other["startTime"] <= other["endTime"]
    assert scene.live.materialized(str(by_daemon)) == scene.live.materialized(str(by_command))
    assert scene.live.materialized(str(by_command))["kpi/headlines"] == "hackney"
