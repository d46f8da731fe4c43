"""What Dagster's records say: the newest end of each subject, failed checks, ticks and the daemon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    InstigatorType,
    ScheduleInstigatorData,
    TickData,
    TickStatus,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.utils import make_new_run_id
from dagster._daemon.types import DaemonHeartbeat

from assets.monitoring.graph_state import read_graph_state
from assets.support.refusals import refusal
from cf_pipeline.operations.graph_state import PUBLISHING, FailedCheck, GraphState, Ticker
from cf_pipeline.project.settings import load_settings
from cf_pipeline.project.setup import prepare_project
from resources.dagster_storage import open_home
from resources.lake import PARTITION_TAG

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
CHECK = dg.AssetCheckKey(dg.AssetKey(["clean", "contacts"]), "contract")


@pytest.fixture
def instance(project: Path) -> Iterator[dg.DagsterInstance]:
    settings = load_settings(project, {"CF_ID_KEY": "k" * 40})
    prepare_project(settings)
    with open_home(settings.dagster_home) as opened:
        yield opened


def record_run(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus, job: str, authority: str = ""
) -> None:
    tags = {PARTITION_TAG: authority} if authority else {}
    instance.add_run(dg.DagsterRun(job_name=job, run_id=make_new_run_id(), status=status, tags=tags))


def state_of(instance: dg.DagsterInstance) -> GraphState:
    return read_graph_state(instance, ["camden", "hackney"], [CHECK])


def test_nothing_recorded_is_an_empty_state(instance: dg.DagsterInstance) -> None:
    assert state_of(instance) == GraphState()


def test_the_newest_run_that_has_ended_counts(instance: dg.DagsterInstance) -> None:
    record_run(instance, dg.DagsterRunStatus.FAILURE, "authority_job", "camden")
    record_run(instance, dg.DagsterRunStatus.SUCCESS, "authority_job", "camden")
    record_run(instance, dg.DagsterRunStatus.STARTED, "authority_job", "camden")
    record_run(instance, dg.DagsterRunStatus.SUCCESS, "publish_job")
    record_run(instance, dg.DagsterRunStatus.FAILURE, "__ASSET_JOB")
    record_run(instance, dg.DagsterRunStatus.FAILURE, "authority_job", "barnet")  # nobody asks for it
    state = state_of(instance)
    assert {run.subject: run.has_failed for run in state.runs} == {"camden": False, PUBLISHING: True}
    assert [run.subject for run in state.open_runs] == ["camden"]


@pytest.mark.parametrize(
    ("error", "is_refusal"),
    [(refusal("a.xlsx: damaged."), True), (dg.Failure("broken"), False), (RuntimeError("broken"), False)],
)
def test_a_run_that_refused_its_input_is_told_from_one_that_broke(
    instance: dg.DagsterInstance, error: Exception, is_refusal: bool
) -> None:
    @dg.op
    def read() -> None:
        raise error

    @dg.job(name="authority_job", tags={PARTITION_TAG: "camden"})
    def reading() -> None:
        read()

    reading.execute_in_process(instance=instance, raise_on_error=False)
    assert [(run.has_failed, run.is_refusal) for run in state_of(instance).runs] == [(True, is_refusal)]


def report_check(
    instance: dg.DagsterInstance, authority: str, severity: dg.AssetCheckSeverity, *, is_good: bool
) -> None:
    @dg.asset(
        key=CHECK.asset_key,
        partitions_def=dg.DynamicPartitionsDefinition(name="authority"),
        check_specs=[
            dg.AssetCheckSpec(
                CHECK.name,
                asset=CHECK.asset_key,
                partitions_def=dg.DynamicPartitionsDefinition(name="authority"),
            )
        ],
    )
    def contacts() -> Iterator[object]:
        yield dg.Output(1)
        yield dg.AssetCheckResult(passed=is_good, severity=severity, check_name=CHECK.name)

    instance.add_dynamic_partitions("authority", [authority])
    dg.materialize([contacts], instance=instance, partition_key=authority, resources={})


def test_checks_that_fail_at_error_are_named_by_authority(instance: dg.DagsterInstance) -> None:
    report_check(instance, "camden", dg.AssetCheckSeverity.ERROR, is_good=False)
    report_check(instance, "hackney", dg.AssetCheckSeverity.WARN, is_good=False)
    assert state_of(instance).failed_checks == (FailedCheck("camden", "contract"),)
    report_check(instance, "camden", dg.AssetCheckSeverity.ERROR, is_good=True)
    assert state_of(instance).failed_checks == ()


def record_tick(instance: dg.DagsterInstance, location: str, at: dt.datetime, status: TickStatus) -> None:
    place = ManagedGrpcPythonEnvCodeLocationOrigin(LoadableTargetOrigin(module_name="a"), location)
    origin = RemoteInstigatorOrigin(RemoteRepositoryOrigin(place, "__repository__"), "nightly")
    state = InstigatorState(
        origin, InstigatorType.SCHEDULE, InstigatorStatus.RUNNING, ScheduleInstigatorData("0 2 * * *")
    )
    instance.add_instigator_state(state)
    instance.create_tick(
        TickData(
            origin.get_id(),
            "nightly",
            InstigatorType.SCHEDULE,
            status,
            at.timestamp(),
            selector_id=state.selector_id,
        )
    )


def test_of_several_schedules_of_a_name_the_one_that_ticked_last_counts(instance: dg.DagsterInstance) -> None:
    record_tick(instance, "before the upgrade", NOON - dt.timedelta(days=9), TickStatus.STARTED)
    record_tick(instance, "now", NOON, TickStatus.SKIPPED)
    assert state_of(instance).tickers == (Ticker("nightly", "schedule", True, NOON, "skipped"),)


def test_the_daemon_was_seen_at_its_newest_heartbeat(instance: dg.DagsterInstance) -> None:
    for kind, at in (("SENSOR", NOON), ("SCHEDULER", NOON - dt.timedelta(hours=1))):
        instance.add_daemon_heartbeat(DaemonHeartbeat(at.timestamp(), kind, "an id", None))
    assert state_of(instance).daemon_seen_at == NOON


def test_a_store_of_an_older_dagster_is_named(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(instance.run_storage), "alembic_version", lambda _: ("old", "new"))
    assert state_of(instance).old_stores == ("runs",)
