"""Run the graph in this process, for the command line.

Events go to the same Dagster home that the UI shows. The run queue is bypassed; the lake's own lock
keeps two runs of one authority apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run

from assets.core import core
from assets.definitions import build_definitions, defs
from assets.forecasts import year
from assets.kpis import figures
from assets.support.code_location import job_origin
from assets.support.interruptible import run_interruptibly
from assets.support.partitions import AUTHORITY
from assets.support.progress import notify_of_steps
from assets.support.run_end import Listener, RunEnd, run_end
from assets.support.screen import without_notes_of_dagster
from cf_pipeline.outputs.forms import FORMS
from cf_pipeline.outputs.output_form import Source
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import check_slug
from cf_pipeline.project.runs.good_run import record_good_run
from cf_pipeline.project.runs.sessions import command_session
from cf_pipeline.project.settings import Settings
from resources.dagster_storage import SESSION_TAG, open_home
from resources.lake import PARTITION_TAG, asset_key
from resources.settings import project_root

_OUTPUTS = [
    asset_key(lake_layout.output_files(form.name)) for form in FORMS if form.source is Source.PUBLISHED
]
"""The outputs that show what is published."""

_FROM_HISTORY = (core, figures, year)
"""The steps that make tables of an authority from the cleaned ones."""


class Session:
    """Runs of the graph for one command, on one Dagster home; `id` marks them as that command's."""

    def __init__(self, settings: Settings, instance: dg.DagsterInstance, session_id: str) -> None:
        self.settings = settings
        self._instance = instance
        self._definitions = _definitions_of(settings)
        self.id = session_id

    def register_authorities(self, authorities: list[str]) -> None:
        """Make a partition of every authority that has none."""
        self._instance.add_dynamic_partitions(AUTHORITY, [check_slug(name) for name in authorities])

    def run_authority(self, name: str, listener: Listener) -> RunEnd:
        """Run the job of one authority, from its files to its figures; a good run is recorded as one."""
        run_id = str(uuid4())
        ended = self._run("authority_job", name, listener, run_id)
        if ended.succeeded:
            record_good_run(self.settings.lake, name, run_id)
        return ended

    def count_authority(self, name: str, listener: Listener) -> RunEnd:
        """Run the steps of one authority from its history to its figures, on its cleaned tables."""
        keys = [key for each in _FROM_HISTORY for key in each.keys]
        return self._run("authority_job", name, listener, str(uuid4()), keys)

    def count_history_steps(self) -> int:
        """The number of steps of `count_authority`."""
        return len(_FROM_HISTORY)

    def publish(self, listener: Listener) -> RunEnd:
        """Publish every authority's figures, then write the outputs."""
        return self._run("publish_job", None, listener, str(uuid4()))

    def write_outputs(self, listener: Listener) -> RunEnd:
        """Write the outputs that show what is published."""
        return self._run("publish_job", None, listener, str(uuid4()), _OUTPUTS)

    def count_outputs(self) -> int:
        """The number of steps of `write_outputs`."""
        return len(_OUTPUTS)

    def count_steps(self, job: str) -> int:
        """The number of steps of a job."""
        return len(self._definitions.resolve_job_def(job).graph.node_dict)

    @contextmanager
    def _cancelled_when_stopped(self) -> Iterator[None]:
        """Record a run that Ctrl-C stopped as cancelled: Dagster would show it as under way for ever."""
        try:
            yield
        except KeyboardInterrupt:
            for run in self._instance.get_runs(dg.RunsFilter(tags={SESSION_TAG: self.id})):
                if not run.is_finished:
                    self._instance.report_run_canceled(run)
            raise

    def report_stopped(self, name: str) -> None:
        """Record the run of an authority whose process was ended as failed: nothing else would."""
        _report_failed(self._instance, dg.RunsFilter(tags={SESSION_TAG: self.id, PARTITION_TAG: name}))

    def _run(
        self,
        job: str,
        authority: str | None,
        listener: Listener,
        run_id: str,
        selection: Sequence[dg.AssetKey] = (),
    ) -> RunEnd:
        subject = authority or "publishing"

        def tell(step: str) -> None:
            listener.step(subject, step)

        with without_notes_of_dagster(), notify_of_steps(tell), self._cancelled_when_stopped():
            return run_interruptibly(lambda: run_end(self._execute(job, authority, run_id, selection)))

    def _execute(
        self, job: str, authority: str | None, run_id: str, selection: Sequence[dg.AssetKey]
    ) -> dg.JobExecutionResult:
        """Record a run as Dagster's daemon records those that it starts, and execute it here."""
        definition = self._definitions.resolve_job_def(job)
        run = self._instance.create_run_for_job(
            definition,
            run_id=run_id,
            run_config={"loggers": {"progress": {}}},
            tags={SESSION_TAG: self.id} | ({PARTITION_TAG: authority} if authority else {}),
            asset_selection=frozenset(selection) or None,
            remote_job_origin=job_origin(job),
        )
        return execute_run(InMemoryJob(definition), run, self._instance)


def _definitions_of(settings: Settings) -> dg.Definitions:
    """The definitions of the project: those that the UI loads there, so that a run has the same job."""
    return defs if settings.root == project_root() else build_definitions(str(settings.root))


@contextmanager
def session(settings: Settings, session_id: str | None = None) -> Iterator[Session]:
    """A session on the project's own Dagster home; a worker process has the id of its command.

    The runs of a command that was killed are recorded as failed first.
    """
    with open_home(settings.dagster_home) as instance:
        if session_id is not None:
            yield Session(settings, instance, session_id)
            return

        def end_killed(session_id: str) -> None:
            _report_failed(instance, dg.RunsFilter(tags={SESSION_TAG: session_id}))

        with command_session(settings.data, end_killed) as own:
            yield Session(settings, instance, own)


def _report_failed(instance: dg.DagsterInstance, runs: dg.RunsFilter) -> None:
    """Record runs that nobody works on any more as failed: Dagster would show them as under way for ever."""
    for run in instance.get_runs(runs):
        if not run.is_finished:
            instance.report_run_failed(run)
