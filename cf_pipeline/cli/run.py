"""`cf-pipeline run` and `publish`: the Dagster graph in this process, authority by authority.

An authority whose last good run says all that a run could say is not run. The one module on the domain's side
that may import `assets`, and only inside a command.
"""

from __future__ import annotations

import logging
import os
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.cli.console import Progress, print_line, print_run
from cf_pipeline.cli.run_results import authority_results, published_figures, refusals_of
from cf_pipeline.ingest.receive import find_authorities, misnamed_folders
from cf_pipeline.ingest.refusals import may_pass
from cf_pipeline.outputs.forms import editions
from cf_pipeline.project import lake_layout
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.input_hash import authority_hash, inputs_hash
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.runs.good_run import is_run_news
from cf_pipeline.project.runs.last_run import (
    AuthorityResult,
    LastRun,
    read_last_run,
    remove_last_run,
    write_last_run,
)
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.setup import prepare_project

if TYPE_CHECKING:
    from assets.support.run_end import RunEnd

OK, FAILED, REFUSED = 0, 1, 2


@dataclass(frozen=True)
class Work:
    """What a run has to do: the authorities it finds, those with something new, and how many at once."""

    authorities: list[str]
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
    without_new_figures: set[str] = field(default_factory=set)


def run(settings: Settings, *, insists: bool = False, jobs: int | None = None) -> int:
    """Run what is new in the drop zone; returns the exit status.

    Args:
        settings: the project's.
        insists: run every authority, new or not.
        jobs: how many authorities are worked on at once; None for one a core.
    """
    verified_id_key(settings)
    authorities, refused_folders = find_authorities(settings.raw), misnamed_folders(settings.raw)
    if not authorities:
        for sentence in refused_folders:
            print_line(f"Refused: {sentence}")
        print_line(
            f"{settings.raw} holds no authority's folder: put files in {settings.raw.name}/<authority>/"
            "<as-at date>/, or run `cf-pipeline sample` for a synthetic one.",
            error=True,
        )
        return REFUSED if refused_folders else FAILED
    prepare_project(settings)
    lock = RunLock(settings.data / "locks", "_run")
    if not lock.try_acquire():
        print_line("Another run is under way; waiting for it to end.")
        lock.acquire()
    try:
        hashes = {name: authority_hash(settings, name) for name in authorities}
        inputs = inputs_hash(hashes, settings.settings_that_move_figures())
        with_news = [
            name for name in authorities if insists or is_run_news(settings.lake, name, hashes[name])
        ]
        work = Work(authorities, with_news, jobs or settings.jobs or len(os.sched_getaffinity(0)))
        return _run_unless_nothing_new(settings, work, inputs, refused_folders, insists=insists)
    finally:
        lock.release()


def publish(settings: Settings) -> int:
    """Build the warehouse and the outputs again from the lake; returns the exit status."""
    verified_id_key(settings)
    prepare_project(settings)
    _silence_libraries()
    from assets.support.in_process import session

    with session(settings) as graph, Progress(graph.count_steps("publish_job")) as progress:
        progress.start("publishing")
        ended = graph.publish(progress)
    if not ended.succeeded:
        print_line(ended.sentence, error=True)
        return FAILED
    print_line(f"Published again from the lake: {settings.warehouse_shown}")
    refusals = refusals_of(LakeReader(settings), lake_layout.PUBLISHED, None)
    for sentence in refusals:
        print_line(f"Refused: {sentence}")
    return REFUSED if refusals else OK


def _run_unless_nothing_new(
    settings: Settings, work: Work, inputs: str, refused_folders: list[str], *, insists: bool
) -> int:
    before = warehouse.read_table(settings.warehouse_url, "publication")
    last = None if insists else read_last_run(settings.data)
    if last is not None and last.inputs_hash == inputs and _is_all_there(settings, before, last, work):
        print_line("Nothing new since the last publication: nothing was loaded, every figure stays as it is.")
        print_run(settings, last, refused_folders)
        _print_reference_notes(settings)
        return REFUSED if last.refusals or refused_folders else OK
    outcome = RunOutcome()
    results = _run_and_publish(settings, work, outcome)
    after = warehouse.read_table(settings.warehouse_url, "publication")
    for sentence in outcome.failures:
        print_line(f"Failed: {sentence}", error=True)
    if work.count_without_news:
        print_line(_unchanged_sentence(work))
    if not outcome.failures and _is_identical(before, after):
        made = "Worked out" if work.with_news else "Published"
        print_line(f"{made} again: every figure is identical to the last digit.")
    run_id = "" if after.empty else _value(after, "run_id")
    now = LastRun(run_id, inputs, results, tuple(outcome.refusals))
    print_run(settings, now, refused_folders)
    _print_reference_notes(settings)
    if outcome.failures:
        remove_last_run(settings.data)  # the next run publishes again, and runs what has no good run
        return FAILED
    if now.run_id and not any(map(may_pass, now.refusals)):
        write_last_run(settings.data, now)
    return REFUSED if now.refusals or refused_folders else OK


def _unchanged_sentence(work: Work) -> str:
    """How many authorities were not run, and the command that runs them."""
    return (
        f"{work.count_without_news:,} of {len(work.authorities):,} authorities had nothing new and were not "
        "run: their figures stay as they are (`cf-pipeline run --all` works them out again)."
    )


def _is_all_there(settings: Settings, publication: pd.DataFrame, last: LastRun, work: Work) -> bool:
    """Whether that run's publication is the one in the warehouse, and its tables and files still exist."""
    if publication.empty or _value(publication, "run_id") != last.run_id:
        return False
    authorities = [result.authority for result in last.results if result.files_read is not None]
    files = [settings.outputs / name / edition.file_name for name in authorities for edition in editions()]
    return not {*authorities} & {*work.with_news} and all(path.is_file() for path in files)


def _run_and_publish(settings: Settings, work: Work, outcome: RunOutcome) -> tuple[AuthorityResult, ...]:
    """Run every authority with something new, then publish once; returns the rows of the table."""
    _silence_libraries()
    from assets.support.in_process import session
    from assets.support.workers import run_authorities

    before, reader = published_figures(settings).as_at, LakeReader(settings)
    with session(settings) as graph:
        graph.register_authorities(work.authorities)
        steps = graph.count_steps("authority_job") * len(work.with_news) + graph.count_steps("publish_job")
        with Progress(steps) as progress:
            ends = dict(run_authorities(graph, work.with_news, work.jobs, progress))
            for name in work.authorities:
                _add_end(reader, name, ends.get(name), outcome)
            outcome.refusals += refusals_of(reader, lake_layout.COMPARATORS, None)
            if any(reader.has(lake_layout.HEADLINES, name) for name in graph.registered_authorities()):
                progress.start("publishing")
                ended = graph.publish(progress)
                if ended.succeeded:
                    outcome.refusals += refusals_of(reader, lake_layout.PUBLISHED, None)
                else:
                    outcome.failures.append(f"publishing: {ended.sentence}")
        published = published_figures(settings)
    return authority_results(reader, work.authorities, before, published, outcome.without_new_figures)


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


def _print_reference_notes(settings: Settings) -> None:
    """Print what of the published files is not used, one sentence each."""
    for sentence in LakeReader(settings).attributes(lake_layout.COMPARATORS, None).get("notes", []):
        print_line(f"Published figures: {sentence}")


def _is_identical(before: pd.DataFrame, after: pd.DataFrame) -> bool:
    """Whether two publications hold the same figures; false where one of them is missing."""
    if before.empty or after.empty:
        return False
    return _value(before, "figures_hash") == _value(after, "figures_hash")


def _value(publication: pd.DataFrame, column: str) -> str:
    return str(publication[column].iloc[0])


def _silence_libraries() -> None:
    """Keep warnings and log lines of Dagster and other libraries off the screen."""
    warnings.simplefilter("ignore")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    logging.getLogger("alembic").setLevel(logging.CRITICAL)
