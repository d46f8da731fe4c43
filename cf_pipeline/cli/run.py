"""`cf-pipeline run` and `publish`: the Dagster graph in this process, authority by authority.

An authority whose last good run says all that a run could say is not run. The one module on the domain's side
that may import `assets`, and only inside a command.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.cli.console import Progress, print_line, print_run
from cf_pipeline.cli.run_record import (
    record_publication,
    run_record,
    says_the_same,
    value_of,
    with_results,
    write_record,
)
from cf_pipeline.cli.run_results import (
    authority_results,
    notes_of,
    published_figures,
    refusals_of,
)
from cf_pipeline.ingest.refusals import may_pass
from cf_pipeline.project import lake_layout
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.input_hash import authority_hash
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.runs.good_run import is_run_news
from cf_pipeline.project.runs.last_run import (
    LastRun,
    read_last_run,
    remove_last_run,
)
from cf_pipeline.project.runs.temporary_files import temporary_folder
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.setup import prepare_project

if TYPE_CHECKING:
    from assets.support.run_end import RunEnd

OK, FAILED, REFUSED = 0, 1, 2


@dataclass(frozen=True)
class Work:
    """What a run has to do: the authorities it finds, those with something new, and how many at once."""

    authorities: Collection[str]
    with_news: list[str]
    jobs: int

    @property
    def count_without_news(self) -> int:
        """How many authorities are not run."""
        return len(self.authorities) - len(self.with_news)


@dataclass
class RunOutcome:
    """What happened in a run, in plain sentences, and the authorities that have no new figures."""

    refusals: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    without_new_figures: set[str] = field(default_factory=set)


@warehouse.keep_files_open()
def run(
    settings: Settings,
    contents: Mapping[str, str],
    refused_folders: list[str],
    *,
    insists: bool = False,
    jobs: int | None = None,
) -> int:
    """Run what is new and publish; returns the exit status.

    Args:
        settings: the project's.
        contents: authority -> `received_hash` of its files.
        refused_folders: one sentence for each folder that can be no authority's.
        insists: run every authority, new or not.
        jobs: how many authorities are worked on at once; None for one a core.
    """
    hashes = {name: authority_hash(settings, name, content) for name, content in contents.items()}
    with_news = [name for name in hashes if insists or is_run_news(settings.lake, name, hashes[name])]
    work = Work(hashes, with_news, jobs or settings.jobs or len(os.sched_getaffinity(0)))
    now = run_record(settings, contents, hashes)
    last = None if insists else read_last_run(settings.data)
    warehouse.remove_half_built(settings.warehouse_url)
    before = published_figures(settings)
    if last is not None and says_the_same(settings, last, now, before.publication):
        print_line("Nothing new since the last publication: nothing was loaded, every figure stays as it is.")
        now = replace(with_results(now, last, last.run_id), rollback_sentence=last.rollback_sentence)
        return _end(settings, now, refused_folders)
    outcome = RunOutcome()
    _run_and_publish(settings, work, outcome)
    after = published_figures(settings)
    for sentence in outcome.notes:
        print_line(sentence)
    for sentence in outcome.failures:
        print_line(f"Failed: {sentence}", error=True)
    if work.count_without_news:
        print_line(_unchanged_sentence(work))
    if not outcome.failures and _is_identical(before.publication, after.publication):
        made = "Worked out" if work.with_news else "Published"
        print_line(f"{made} again: every figure is identical to the last digit.")
    now = replace(
        now,
        run_id="" if after.publication.empty else value_of(after.publication, "run_id"),
        results=authority_results(settings, work.authorities, before, after, outcome.without_new_figures),
        refusals=tuple(outcome.refusals),
        notes=notes_of(LakeReader(settings), lake_layout.COMPARATORS),
    )
    return _end(settings, now, refused_folders, has_failed=bool(outcome.failures))


@warehouse.keep_files_open()
def publish(settings: Settings) -> int:
    """Build the warehouse and the outputs again from the lake; returns the exit status."""
    verified_id_key(settings)
    prepare_project(settings)
    with temporary_folder(settings):
        return _publish(settings)


def _publish(settings: Settings) -> int:
    _silence_libraries()
    from assets.support.in_process import session

    with session(settings) as graph, Progress(graph.count_steps("publish_job")) as progress:
        progress.start("publishing")
        ended = graph.publish(progress)
    if not ended.succeeded:
        print_line(ended.sentence, error=True)
        return FAILED
    print_line(f"Published again from the lake: {settings.warehouse_shown}")
    reader = LakeReader(settings)
    for sentence in notes_of(reader, lake_layout.PUBLISHED):
        print_line(sentence)
    refusals = refusals_of(reader, lake_layout.PUBLISHED, None)
    record_publication(settings, refusals)
    for sentence in refusals:
        print_line(f"Refused: {sentence}")
    return REFUSED if refusals else OK


def write_outputs(settings: Settings) -> int:
    """Write the outputs again from what is published; returns the exit status."""
    _silence_libraries()
    from assets.support.in_process import session

    with session(settings) as graph, Progress(graph.count_outputs()) as progress:
        progress.start("publishing")
        ended = graph.write_outputs(progress)
    if not ended.succeeded:
        print_line(f"The outputs could not be written: {ended.sentence}", error=True)
    return OK if ended.succeeded else FAILED


@warehouse.keep_files_open()
def count_again(settings: Settings, authorities: Collection[str]) -> list[str]:
    """Merge and count authorities again from their cleaned tables, and publish nothing.

    Returns:
        A sentence for each authority that could not be counted.
    """
    _silence_libraries()
    from assets.support.in_process import session

    failures = []
    with session(settings) as graph, Progress(graph.count_history_steps() * len(authorities)) as progress:
        for name in authorities:
            progress.start(name)
            ended = graph.count_authority(name, progress)
            if not ended.succeeded:
                failures.append(f"{name}: {ended.sentence}")
    return failures


def end_killed_runs(settings: Settings) -> None:
    """Record the runs of commands that were killed as failed: Dagster shows them as under way for ever."""
    _silence_libraries()
    from assets.support.in_process import session

    with session(settings):
        pass


def purge_dagster(settings: Settings) -> int:
    """Remove Dagster's own records of old runs, and say how many; returns the exit status."""
    _silence_libraries()
    from assets.upkeep import purge_home

    if not settings.dagster_home.is_dir():
        print_line("Dagster has no records yet: nothing was removed.")
        return OK
    print_line(purge_home(settings))
    return OK


def _end(settings: Settings, now: LastRun, refused_folders: list[str], *, has_failed: bool = False) -> int:
    """Print the end of a run and keep what it says for the next one; returns the exit status."""
    print_run(settings, now, refused_folders)
    if has_failed:
        remove_last_run(settings.data)  # the next run publishes again, and runs what has no good run
        return FAILED
    if now.run_id and not any(map(may_pass, now.refusals)):
        write_record(settings, now)
    return REFUSED if now.refusals or refused_folders else OK


def _unchanged_sentence(work: Work) -> str:
    """How many authorities were not run, and the command that runs them."""
    return (
        f"{work.count_without_news:,} of {len(work.authorities):,} authorities had nothing new and were not "
        "run: their figures stay as they are (`cf-pipeline run --all` works them out again)."
    )


def _run_and_publish(settings: Settings, work: Work, outcome: RunOutcome) -> None:
    """Run every authority with something new, then publish once."""
    _silence_libraries()
    from assets.support.in_process import session
    from assets.support.workers import run_authorities

    reader = LakeReader(settings)
    with session(settings) as graph:
        graph.register_authorities(list(work.authorities))
        steps = graph.count_steps("authority_job") * len(work.with_news) + graph.count_steps("publish_job")
        with Progress(steps) as progress:
            ends = dict(run_authorities(graph, work.with_news, work.jobs, progress))
            for name in work.authorities:
                _add_end(reader, name, ends.get(name), outcome)
            outcome.refusals += refusals_of(reader, lake_layout.COMPARATORS, None)
            if reader.authorities_with(lake_layout.HEADLINES):
                progress.start("publishing")
                ended = graph.publish(progress)
                if ended.succeeded:
                    outcome.refusals += refusals_of(reader, lake_layout.PUBLISHED, None)
                    outcome.notes += notes_of(reader, lake_layout.PUBLISHED)
                else:
                    outcome.failures.append(f"publishing: {ended.sentence}")


def _add_end(reader: LakeReader, name: str, end: RunEnd | None, outcome: RunOutcome) -> None:
    """Add how the run of an authority ended to the outcome; None for one that was not run."""
    is_good = end is None or end.succeeded
    key = lake_layout.CLEAN_DELIVERIES if is_good else lake_layout.RAW_DELIVERIES
    refusals = refusals_of(reader, key, name)
    if end is None or end.succeeded:
        outcome.refusals += refusals
        return
    outcome.without_new_figures.add(name)
    if end.is_refusal:
        is_of_this_run = refusals and " ".join(refusals) == end.sentence
        outcome.refusals += refusals if is_of_this_run else [end.sentence]
    else:
        outcome.refusals += refusals
        outcome.failures.append(f"{name}: {end.sentence}")


def _is_identical(before: pd.DataFrame, after: pd.DataFrame) -> bool:
    """Whether two publications hold the same figures; false where one of them is missing."""
    if before.empty or after.empty:
        return False
    return value_of(before, "figures_hash") == value_of(after, "figures_hash")


def _silence_libraries() -> None:
    """Keep warnings and log lines of Dagster and other libraries off the screen."""
    warnings.simplefilter("ignore")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    logging.getLogger("alembic").setLevel(logging.CRITICAL)
