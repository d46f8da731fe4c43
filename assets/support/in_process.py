"""Run the graph in this process, for the command line.

Events go to the same Dagster home that the UI shows. The run queue is bypassed; the lake's own lock
keeps two runs of one authority apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import dagster as dg

from assets.definitions import build_definitions
from assets.support.hooks import failure_sentence
from assets.support.interruptible import run_interruptibly
from assets.support.partitions import AUTHORITY
from assets.support.progress import notify_of_steps
from assets.support.refusals import REFUSED
from assets.support.screen import without_notes_of_dagster
from cf_pipeline.project.lake_layout import check_slug
from cf_pipeline.project.settings import Settings
from resources.dagster_storage import open_home

SESSION_TAG = "cf/session"


@dataclass(frozen=True)
class RunEnd:
    """How a run ended: whether it succeeded; if not, why, and whether that is a refusal of its input."""

    succeeded: bool
    sentence: str = ""
    is_refusal: bool = False


class Session:
    """Runs of the graph for one command, on one Dagster home."""

    def __init__(self, settings: Settings, instance: dg.DagsterInstance) -> None:
        self._instance = instance
        self._definitions = build_definitions(str(settings.root))
        self._id = uuid4().hex

    def register_authorities(self, authorities: list[str]) -> None:
        """Make a partition of every authority that has none."""
        self._instance.add_dynamic_partitions(AUTHORITY, [check_slug(name) for name in authorities])

    def registered_authorities(self) -> list[str]:
        """Every authority that has a partition, sorted."""
        return sorted(self._instance.get_dynamic_partitions(AUTHORITY))

    def run_authority(self, name: str, on_step: Callable[[str], None]) -> RunEnd:
        """Run the job of one authority, from its files to its figures."""
        return self._run("authority_job", name, on_step)

    def publish(self, on_step: Callable[[str], None]) -> RunEnd:
        """Publish every authority's figures, then write the outputs."""
        return self._run("publish_job", None, on_step)

    def count_steps(self, job: str) -> int:
        """The number of steps of a job."""
        return len(self._definitions.resolve_job_def(job).graph.node_dict)

    @contextmanager
    def _cancelled_when_stopped(self) -> Iterator[None]:
        """Record a run that Ctrl-C stopped as cancelled: Dagster would show it as under way for ever."""
        try:
            yield
        except KeyboardInterrupt:
            for run in self._instance.get_runs(dg.RunsFilter(tags={SESSION_TAG: self._id})):
                if not run.is_finished:
                    self._instance.report_run_canceled(run)
            raise

    def _run(self, job: str, authority: str | None, on_step: Callable[[str], None]) -> RunEnd:
        with without_notes_of_dagster(), notify_of_steps(on_step), self._cancelled_when_stopped():
            result = run_interruptibly(
                lambda: self._definitions.resolve_job_def(job).execute_in_process(
                    instance=self._instance,
                    partition_key=authority,
                    raise_on_error=False,
                    tags={SESSION_TAG: self._id},
                    run_config={"loggers": {"progress": {}}},
                )
            )
        return RunEnd(succeeded=True) if result.success else _run_end(result.all_events)


@contextmanager
def session(settings: Settings) -> Iterator[Session]:
    """A session on the project's own Dagster home."""
    with open_home(settings.dagster_home) as instance:
        yield Session(settings, instance)


def _run_end(events: Sequence[dg.DagsterEvent]) -> RunEnd:
    blocked = [
        f"check {check.check_name} of {check.asset_key.to_user_string()} stopped it: {check.description}"
        for event in events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        and (check := event.asset_check_evaluation_data)
        and not check.passed
        and check.blocking
    ]
    if blocked:
        return RunEnd(False, " ".join(blocked))
    for event in events:
        if event.is_step_failure:
            failure = event.step_failure_data
            known = failure.user_failure_data
            if known is not None and known.description:
                return RunEnd(False, known.description, REFUSED in (known.metadata or {}))
            kind = failure.error.cls_name if failure.error else "error"
            return RunEnd(False, failure_sentence(str(event.step_key), str(kind)))
    return RunEnd(False, "the run could not start; see the Dagster UI (make ui) for its events.")
