"""What a run leaves for the next one to find that nothing is new; `publish` leaves it too.

Belongs here: the record of a run, and whether the last one says all that this one could. Does not belong
here: what a run does (`run`), and what is found without opening a table (`start_run`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.run_results import published_figures
from cf_pipeline.cli.start_run import are_files_there, publication_state
from cf_pipeline.ingest.receive import find_authorities
from cf_pipeline.outputs.forms import editions
from cf_pipeline.project.input_hash import authority_hash, content_hash, decided_hash, inputs_hash
from cf_pipeline.project.runs.last_run import LastRun, OutputFile, read_last_run, write_last_run
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse.tables.schemas import RESTRICTED


def record_publication(settings: Settings, refusals: Collection[str]) -> None:
    """Where the last run says all that one could now, let its record name what `publish` made of it.

    The next run then has nothing new. Any other record stays: the next run finds out what is new.
    """
    last = read_last_run(settings.data)
    if last is None or not set(refusals) <= set(last.refusals):
        return
    contents = {name: decided_hash(settings, name) for name in find_authorities(settings.raw)}
    hashes = {name: authority_hash(settings, name, content) for name, content in contents.items()}
    now = run_record(settings, contents, hashes)
    if _is_made_from(settings, replace(last, inputs_hash=now.inputs_hash), now):
        publication = warehouse.read_table(settings.warehouse_url, "publication")
        now = with_results(now, last, value_of(publication, "run_id"))
        write_record(settings, _with_published(settings, now) if last.rollback_sentence else now)


def record_rollback(settings: Settings, sentence: str) -> None:
    """Let the record of the last run name the version that is shown, so that it stays until something is new.

    Args:
        settings: the project's.
        sentence: which version is shown.
    """
    last = read_last_run(settings.data)
    if last is not None:
        write_record(settings, replace(_with_published(settings, last), rollback_sentence=sentence))


def _with_published(settings: Settings, last: LastRun) -> LastRun:
    """The record with the run, the as-at dates and the number of KPIs of what is published."""
    now, counts = published_figures(settings), warehouse.count_kpis(settings.warehouse_url)
    kpis = {slug: counts.get(code, 0) for code, slug in now.slugs.items()}
    results = tuple(
        replace(
            result,
            kpis_published=kpis.get(result.authority, 0),
            as_at=now.as_at.get(result.authority, ""),
            withdrawn_as_at="",
        )
        for result in last.results
    )
    return replace(last, run_id=value_of(now.publication, "run_id"), results=results)


def with_results(now: LastRun, last: LastRun, run_id: str) -> LastRun:
    """The record of this run with what the last one printed."""
    return replace(now, run_id=run_id, results=last.results, refusals=last.refusals, notes=last.notes)


def write_record(settings: Settings, now: LastRun) -> None:
    """Keep the record for the next run, with the state of the warehouse's files."""
    write_last_run(settings.data, replace(now, publication_state=publication_state(settings) or ""))


def run_record(settings: Settings, contents: Mapping[str, str], hashes: Mapping[str, str]) -> LastRun:
    """The record of this run, without what comes of it."""
    choices = settings.settings_that_move_figures()
    return LastRun(
        run_id="",
        inputs_hash=inputs_hash(hashes, choices, settings.code_hashes),
        results=(),
        refusals=(),
        files=tuple(OutputFile(each.file_name, each.title, each.is_restricted) for each in editions()),
        hash_by_authority=hashes,
        content_hash=content_hash(contents, choices),
    )


def says_the_same(settings: Settings, last: LastRun, now: LastRun, publication: pd.DataFrame) -> bool:
    """Whether the last run was made from the same, and is what is published and in the files."""
    if publication.empty or value_of(publication, "run_id") != last.run_id:
        return False
    records = warehouse.read_readable_table(settings.warehouse_url, "publication", RESTRICTED)
    if records.empty:
        return False
    if value_of(records, "run_id") != last.run_id:
        print_line(
            "The figures and the records behind them are of two publications: both are published again."
        )
        return False
    return _is_made_from(settings, last, now)


def _is_made_from(settings: Settings, last: LastRun, now: LastRun) -> bool:
    """Whether the last run was made from the same, and its tables and files are there."""
    is_same = (last.inputs_hash, last.hash_by_authority, last.files) == (
        now.inputs_hash,
        now.hash_by_authority,
        now.files,
    )
    return is_same and are_files_there(settings, last)


def value_of(publication: pd.DataFrame, column: str) -> str:
    """A cell of the only row of `publication`, as text."""
    return str(publication[column].iloc[0])
