"""Runs that nobody works on any more: those of a code server that has ended.

Dagster's default launcher starts runs below the code server, and does not look after them once that server is
gone: it would show them as running until `max_runtime_seconds`, and start no other run of their authority.
The code server's unit ends its runs with it, so what is shown as running when it starts is lost.
"""

from __future__ import annotations

import os

import dagster as dg

from cf_pipeline.project.settings import load_settings
from resources.dagster_storage import open_home
from resources.settings import project_root

SESSION_TAG = "cf/session"
"""The tag of a run that a command of `cf-pipeline` makes in its own process, with the command's id."""
BELOW_THE_CODE_SERVER = (
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)


def end_lost_runs(instance: dg.DagsterInstance) -> list[str]:
    """Record the runs of a code server that has ended as failed; their ids.

    The next night runs their authorities again. Dagster tries to retry them too, which fails while the code
    server is not up yet.


    A run that was being cancelled is cancelled. Runs of commands are left alone: they are no process of the
    code server.
    """
    ended = list[str]()
    for run in instance.get_runs(dg.RunsFilter(statuses=list(BELOW_THE_CODE_SERVER))):
        if SESSION_TAG in run.tags:
            continue
        if run.status == dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run)
        else:
            instance.report_run_failed(run, "The code server ended while it worked on this run.")
        ended.append(run.run_id)
    return ended


if __name__ == "__main__":  # what the code server's unit does before it starts
    with open_home(load_settings(project_root(), os.environ, has_key=False).dagster_home) as home:
        print(f"Recorded {len(end_lost_runs(home))} runs of the code server before as failed.")
