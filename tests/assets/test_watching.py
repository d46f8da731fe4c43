"""The sensor on `raw/` and the nightly schedule: who is run, and when nobody is."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.definitions import defs
from assets.sensors import good_runs, raw_deliveries
from assets.support.run_requests import INPUTS_TAG
from cf_pipeline.project.input_hash import authority_hash
from cf_pipeline.project.runs.good_run import FINGERPRINT
from cf_pipeline.project.settings import load_settings
from cf_pipeline.project.setup import prepare_project
from resources.dagster_storage import open_home
from resources.lake import PARTITION_TAG
from resources.settings import PipelineSettings
from tests.support.odd_folders import CLOSED, close_folders, deliver_odd_folders
from tests.support.small_deliveries import deliver


@pytest.fixture
def instance(project: Path) -> Iterator[dg.DagsterInstance]:
    settings = load_settings(project, os.environ)
    prepare_project(settings)
    with open_home(settings.dagster_home) as home:
        yield home


class Watch:
    """The sensor, tick after tick."""

    def __init__(self, instance: dg.DagsterInstance, project: Path) -> None:
        self._instance, self._project, self._cursor = instance, project, None

    def tick(self) -> list[str]:
        """The authorities it asks to run, after which their partitions exist."""
        with dg.build_sensor_context(
            instance=self._instance,
            cursor=self._cursor,
            definitions=defs,
            resources={"settings": PipelineSettings(root=str(self._project))},
        ) as context:
            result = raw_deliveries(context)
        assert isinstance(result, dg.SensorResult)
        self._cursor = result.cursor
        requests = list(result.run_requests or [])
        added = [key for asked in result.dynamic_partitions_requests or [] for key in asked.partition_keys]
        assert added == [request.partition_key for request in requests]
        return [str(request.partition_key) for request in requests]


def test_a_delivery_is_taken_once_it_has_looked_the_same_twice(
    instance: dg.DagsterInstance, project: Path
) -> None:
    watch = Watch(instance, project)
    deliver(project / "raw", "camden")
    assert [watch.tick() for _ in range(4)] == [[], ["camden"], [], []]


def test_a_copy_under_way_is_left_alone(instance: dg.DagsterInstance, project: Path) -> None:
    watch = Watch(instance, project)
    seen = []
    for rows in (1, 2, 3):
        deliver(project / "raw", "camden", rows=rows)
        seen.append(watch.tick())
    assert [*seen, watch.tick()] == [[], [], [], ["camden"]]


def test_only_the_authority_with_something_new_is_run(instance: dg.DagsterInstance, project: Path) -> None:
    watch = Watch(instance, project)
    deliver(project / "raw", "camden")
    deliver(project / "raw", "hackney")
    watch.tick()
    assert watch.tick() == ["camden", "hackney"]
    deliver(project / "raw", "hackney", "2020-03-31")
    assert [watch.tick(), watch.tick()] == [[], ["hackney"]]


def test_a_touched_file_with_the_same_content_starts_nothing(
    instance: dg.DagsterInstance, project: Path
) -> None:
    watch = Watch(instance, project)
    file = deliver(project / "raw", "camden")
    watch.tick(), watch.tick()
    os.utime(file, (1, 1))
    assert [watch.tick(), watch.tick()] == [[], []]


def test_the_same_content_after_another_is_new_again(instance: dg.DagsterInstance, project: Path) -> None:
    watch = Watch(instance, project)
    for rows in (3, 2, 3):
        deliver(project / "raw", "camden", rows=rows)
        assert [watch.tick(), watch.tick()] == [[], ["camden"]]


def test_what_the_command_line_has_read_is_not_run_again(instance: dg.DagsterInstance, project: Path) -> None:
    deliver(project / "raw", "camden")
    instance.report_runless_asset_event(
        dg.AssetMaterialization(
            ["raw", "deliveries"],
            partition="camden",
            metadata={FINGERPRINT: authority_hash(load_settings(project, os.environ), "camden")},
        )
    )
    watch = Watch(instance, project)
    assert [watch.tick(), watch.tick()] == [[], []]


def test_an_empty_delivery_folder_is_something_new(instance: dg.DagsterInstance, project: Path) -> None:
    watch = Watch(instance, project)
    deliver(project / "raw", "camden")
    watch.tick(), watch.tick()
    (project / "raw" / "camden" / "2020-03-31").mkdir()
    assert [watch.tick(), watch.tick()][-1] == ["camden"]


def test_a_new_published_file_is_news_for_every_authority(
    instance: dg.DagsterInstance, project: Path
) -> None:
    watch = Watch(instance, project)
    deliver(project / "raw", "camden")
    deliver(project / "raw", "hackney")
    watch.tick(), watch.tick()
    (project / "raw" / "_reference").mkdir()
    (project / "raw" / "_reference" / "population.csv").write_text("time_period\n2031\n")
    assert [watch.tick(), watch.tick()] == [[], ["camden", "hackney"]]


def test_folders_that_are_no_authority_are_passed_over(instance: dg.DagsterInstance, project: Path) -> None:
    deliver(project / "raw", "_reference")
    deliver(project / "raw", "Big Council")
    watch = Watch(instance, project)
    assert [watch.tick(), watch.tick()] == [[], []]


def test_folders_and_names_that_cannot_be_read_stop_neither_the_sensor_nor_the_schedule(
    instance: dg.DagsterInstance, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_odd_folders(project / "raw")
    close_folders(monkeypatch)
    everyone = ["barnet", "camden", CLOSED, "islington", "lambeth"]
    watch = Watch(instance, project)
    assert [watch.tick(), watch.tick(), watch.tick()] == [[], everyone, []]
    asked = nightly_tick(instance, project)
    assert [request.partition_key for request in asked.run_requests] == everyone


def test_a_good_run_of_the_same_inputs_is_not_made_again(
    instance: dg.DagsterInstance, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster's records may be lost; the record of the run lies beside the tables."""
    deliver(project / "raw", "camden")
    deliver(project / "raw", "hackney")
    monkeypatch.setattr("assets.sensors.is_run_news", lambda lake, name, inputs: name == "hackney")
    watch = Watch(instance, project)
    assert [watch.tick(), watch.tick()] == [[], ["hackney"]]


def nightly_tick(instance: dg.DagsterInstance, project: Path) -> Any:
    schedule = defs.get_repository_def().get_schedule_def("nightly")
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=dt.datetime(2020, 1, 2, 2, tzinfo=dt.UTC),
        repository_def=defs.get_repository_def(),
        resources={"settings": PipelineSettings(root=str(project))},
    ) as context:
        return schedule.evaluate_tick(context)


def test_the_nightly_tick_runs_only_authorities_with_something_new_and_says_when_there_are_none(
    instance: dg.DagsterInstance, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(project / "raw", "camden")
    deliver(project / "raw", "hackney")
    monkeypatch.setattr("assets.schedules.is_run_news", lambda lake, name, inputs: name == "hackney")
    requests = nightly_tick(instance, project).run_requests
    assert [request.partition_key for request in requests or []] == ["hackney"]
    monkeypatch.setattr("assets.schedules.is_run_news", lambda lake, name, inputs: False)
    tick = nightly_tick(instance, project)
    assert not tick.run_requests
    assert "No authority has anything new" in str(tick.skip_message)


def test_the_nightly_tick_asks_for_one_run_an_authority_and_registers_new_folders(
    instance: dg.DagsterInstance, project: Path
) -> None:
    deliver(project / "raw", "camden")
    deliver(project / "raw", "hackney")
    requests = nightly_tick(instance, project).run_requests
    assert [request.partition_key for request in requests or []] == ["camden", "hackney"]
    assert set(instance.get_dynamic_partitions("authority")) == {"camden", "hackney"}


def record_asked_run(
    instance: dg.DagsterInstance, project: Path, authority: str, status: dg.DagsterRunStatus
) -> None:
    """A run that was asked for with the authority's inputs as they are now."""
    inputs = authority_hash(load_settings(project, os.environ), authority)
    tags = {PARTITION_TAG: authority, INPUTS_TAG: inputs}
    instance.add_run(dg.DagsterRun(job_name="authority_job", status=status, tags=tags))


@pytest.mark.parametrize(
    "status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.SUCCESS]
)
def test_what_is_on_its_way_is_asked_for_by_neither_the_sensor_nor_the_schedule(
    instance: dg.DagsterInstance, project: Path, status: dg.DagsterRunStatus
) -> None:
    """A delivery shortly before 02:00; a run that has just ended may not be recorded as a good one yet."""
    deliver(project / "raw", "camden")
    deliver(project / "raw", "hackney")
    record_asked_run(instance, project, "camden", status)
    watch = Watch(instance, project)
    assert [watch.tick(), watch.tick()] == [[], ["hackney"]]
    requests = nightly_tick(instance, project).run_requests
    assert [request.partition_key for request in requests or []] == ["hackney"]


def test_a_run_that_failed_is_asked_for_again_the_next_night(
    instance: dg.DagsterInstance, project: Path
) -> None:
    deliver(project / "raw", "camden")
    record_asked_run(instance, project, "camden", dg.DagsterRunStatus.FAILURE)
    requests = nightly_tick(instance, project).run_requests
    assert [request.partition_key for request in requests or []] == ["camden"]


def test_other_files_than_those_of_the_newest_run_are_run_though_an_earlier_one_read_them(
    instance: dg.DagsterInstance, project: Path
) -> None:
    for rows in (3, 2):
        deliver(project / "raw", "camden", rows=rows)
        record_asked_run(instance, project, "camden", dg.DagsterRunStatus.STARTED)
    deliver(project / "raw", "camden", rows=3)
    watch = Watch(instance, project)
    assert [watch.tick(), watch.tick()] == [[], ["camden"]]


@dg.op
def nothing() -> None:
    """A step that does nothing."""


@dg.job
def nothing_at_all() -> None:
    """A run that does nothing."""
    nothing()


@pytest.mark.parametrize(("tags", "is_recorded"), [({}, True), ({"cf/session": "1"}, False)])
def test_a_run_that_succeeded_is_recorded_unless_its_command_does_so(
    project: Path, monkeypatch: pytest.MonkeyPatch, tags: dict[str, str], is_recorded: bool
) -> None:
    recorded: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "assets.sensors.record_good_run", lambda lake, name, run_id: recorded.append((name, run_id))
    )
    home = dg.DagsterInstance.ephemeral()
    ended = nothing_at_all.execute_in_process(instance=home, tags={"dagster/partition": "camden", **tags})
    context = dg.build_run_status_sensor_context(
        sensor_name="good_runs",
        dagster_instance=home,
        dagster_run=ended.dagster_run,
        dagster_event=next(event for event in ended.all_events if event.is_job_success),
        resources={"settings": PipelineSettings(root=str(project))},
    )
    good_runs(context)
    assert recorded == ([("camden", ended.run_id)] if is_recorded else [])
