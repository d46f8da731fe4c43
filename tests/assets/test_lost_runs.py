"""Runs of a code server that has ended are recorded as failed: they block their authority no longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg

from resources.dagster_storage import SESSION_TAG
from resources.lost_runs import end_lost_runs, wait_for_code_server
from tests.support.dagster_year import JOB
from tests.support.postgresql_cluster import free_port

STATUSES = dg.DagsterRunStatus

LATER = datetime.now(UTC) + timedelta(hours=1)


def record(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, **tags: str) -> str:
    run = dg.DagsterRun(job_name=JOB, status=status, tags=tags)
    instance.add_run(run)
    return run.run_id


def test_what_a_code_server_worked_on_has_failed_once_it_has_ended() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        lost = [record(instance, status) for status in (STATUSES.STARTING, STATUSES.STARTED)]
        cancelled = record(instance, STATUSES.CANCELING)
        others = {
            record(instance, status): status
            for status in (STATUSES.NOT_STARTED, STATUSES.SUCCESS, STATUSES.FAILURE, STATUSES.CANCELED)
        }
        assert set(end_lost_runs(instance, LATER)) == {*lost, cancelled}
        ended = {run.run_id: run.status for run in instance.get_runs()}
    assert ended == {**dict.fromkeys(lost, STATUSES.FAILURE), cancelled: STATUSES.CANCELED, **others}


def test_a_run_of_a_command_is_no_code_server_s() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = record(instance, STATUSES.STARTED, **{SESSION_TAG: "1"})
        assert end_lost_runs(instance, LATER) == []
        assert [run.status for run in instance.get_runs()] == [STATUSES.STARTED]
        assert instance.get_run_by_id(run_id) is not None


def test_a_run_of_the_new_code_server_goes_on() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        lost = record(instance, STATUSES.STARTED)
        started = datetime.now(UTC) + timedelta(seconds=1)  # a new run's time is cut to the second
        own = record(instance, STATUSES.STARTING)
        begun = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, JOB)
        instance.run_storage.handle_run_event(own, begun, started + timedelta(seconds=1))
        assert end_lost_runs(instance, started) == [lost]
        assert {run.run_id: run.status for run in instance.get_runs()} == {
            lost: STATUSES.FAILURE,
            own: STATUSES.STARTED,
        }


def test_a_code_server_that_does_not_answer_is_given_up() -> None:
    assert not wait_for_code_server(free_port(), 0.1)
