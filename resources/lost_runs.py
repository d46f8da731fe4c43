"""Runs that nobody works on any more: those of a code server that has ended.

Dagster's default launcher starts runs below the code server, and does not look after them once that server is
gone: it would show them as running until `max_runtime_seconds`, and start no other run of their authority.
The code server's unit ends its runs with it, so what was under way before it started again is lost.

Dagster retries a run as soon as it is recorded as failed, once, and gives up where no code server answers.
So the lost runs are recorded when the new server answers, and the daemon has had time to notice.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime

import dagster as dg
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._grpc.client import DagsterGrpcClient

from cf_pipeline.project.settings import load_settings
from resources.dagster_storage import SESSION_TAG, open_home
from resources.settings import project_root

BELOW_THE_CODE_SERVER = (
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)
HOST, PORT = "127.0.0.1", "CODE_SERVER_PORT"
SECONDS_TO_ANSWER = 240.0
"""How long a code server may take to load the definitions; less than `TimeoutStartSec` of its unit."""
SECONDS_TO_NOTICE = 30.0
"""The daemon asks for the server once a second, gives up a question after two, and loads the definitions."""


def end_lost_runs(instance: dg.DagsterInstance, before: datetime) -> list[str]:
    """Record the runs of a code server that has ended as failed; their ids.

    A run that was being cancelled is cancelled.
    """
    lost = find_lost_runs(instance, before)
    for run in lost:
        if run.status == dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run)
        else:
            instance.report_run_failed(run, "The code server ended while it worked on this run.")
    return [run.run_id for run in lost]


def find_lost_runs(instance: dg.DagsterInstance, before: datetime) -> list[dg.DagsterRun]:
    """The runs of a code server that has ended, but no runs of commands: they are no process of it.

    Args:
        instance: Dagster's.
        before: when the new code server started: what has changed since is its own.
    """
    under_way = dg.RunsFilter(statuses=list(BELOW_THE_CODE_SERVER), updated_before=before.astimezone(UTC))
    return [run for run in instance.get_runs(under_way) if SESSION_TAG not in run.tags]


def wait_for_code_server(port: int, seconds: float) -> bool:
    """Whether the code server of this machine answers within so many seconds."""
    client = DagsterGrpcClient(port=port, host=HOST)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            client.get_server_id(timeout=2)
        except DagsterUserCodeUnreachableError:
            time.sleep(1)
        else:
            return True
    return False


def main() -> int:
    """What the code server's unit does after it has started the server; the exit status."""
    start = datetime.now(UTC)
    if not wait_for_code_server(int(os.environ[PORT]), SECONDS_TO_ANSWER):
        print(f"The code server did not answer within {SECONDS_TO_ANSWER:.0f} seconds.", file=sys.stderr)
        return 1
    with open_home(load_settings(project_root(), os.environ, has_key=False).dagster_home) as home:
        if find_lost_runs(home, start):
            time.sleep(SECONDS_TO_NOTICE)
        print(f"Recorded {len(end_lost_runs(home, start))} runs of the code server before as failed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
