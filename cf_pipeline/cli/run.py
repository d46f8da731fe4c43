"""`cf-pipeline run` and `publish`: the Dagster graph in this process, authority by authority.

The one module on the domain's side that may import `assets`, and only inside a command.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.cli.console import Progress, print_line, print_run
from cf_pipeline.history.holds.hold import acceptance_sentences
from cf_pipeline.ingest.receive import find_authorities, misnamed_folders
from cf_pipeline.ingest.refusals import may_pass
from cf_pipeline.ingest.tables.unmatched_headers import UNMATCHED
from cf_pipeline.kpi.lineage.missing_figures import find_missing_figures
from cf_pipeline.outputs.forms import editions
from cf_pipeline.project import lake_layout
from cf_pipeline.project.acceptances import find_acceptances
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.input_hash import inputs_hash, received_hash
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.last_run import (
    AuthorityResult,
    LastRun,
    read_last_run,
    remove_last_run,
    write_last_run,
)
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.setup import prepare_project

if TYPE_CHECKING:
    from assets.support.in_process import Session

OK, FAILED, REFUSED = 0, 1, 2
TABLES_OF_A_RUN = (
    lake_layout.RAW_DELIVERIES,
    lake_layout.CLEAN_DELIVERIES,
    lake_layout.ROW_LEDGER,
    lake_layout.QUARTERLY,
    lake_layout.HEADLINES,
)
"""Tables without which the result of a run cannot be printed again, or published again."""


@dataclass
class RunOutcome:
    """What happened in a run, in plain sentences, and the authorities that have no new figures."""

    refusals: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    without_new_figures: set[str] = field(default_factory=set)


def run(settings: Settings) -> int:
    """Run everything found in the drop zone; returns the exit status."""
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
        return _run_unless_nothing_new(settings, authorities, refused_folders)
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
        ended = graph.publish(progress.step)
    if not ended.succeeded:
        print_line(ended.sentence, error=True)
        return FAILED
    print_line(f"Published again from the lake: {settings.warehouse_shown}")
    refusals = _refusals(LakeReader(settings), lake_layout.PUBLISHED, None)
    for sentence in refusals:
        print_line(f"Refused: {sentence}")
    return REFUSED if refusals else OK


def _run_unless_nothing_new(settings: Settings, authorities: list[str], refused_folders: list[str]) -> int:
    received = {
        name: received_hash(settings.raw, name, find_acceptances(settings.data, name)) for name in authorities
    }
    inputs = inputs_hash(received, settings.settings_that_move_figures())
    before = warehouse.read_table(settings.warehouse_url, "publication")
    last = read_last_run(settings.data)
    if last is not None and last.inputs_hash == inputs and _is_all_there(settings, before, last):
        print_line("Nothing new since the last publication: nothing was loaded, every figure stays as it is.")
        print_run(settings, last, refused_folders)
        _print_reference_notes(settings)
        return REFUSED if last.refusals or refused_folders else OK
    outcome = RunOutcome()
    results = _run_and_publish(settings, authorities, outcome)
    after = warehouse.read_table(settings.warehouse_url, "publication")
    for sentence in outcome.failures:
        print_line(f"Failed: {sentence}", error=True)
    if not outcome.failures and _is_identical(before, after):
        print_line("Worked out again: every figure is identical to the last digit.")
    run_id = "" if after.empty else _value(after, "run_id")
    now = LastRun(run_id, inputs, results, tuple(outcome.refusals))
    print_run(settings, now, refused_folders)
    _print_reference_notes(settings)
    if outcome.failures:
        remove_last_run(settings.data)  # tables may be half new: the next run makes them all again
        return FAILED
    if now.run_id and not any(map(may_pass, now.refusals)):
        write_last_run(settings.data, now)
    return REFUSED if now.refusals or refused_folders else OK


def _is_all_there(settings: Settings, publication: pd.DataFrame, last: LastRun) -> bool:
    """Whether that run's publication is the one in the warehouse, and its tables and files still exist."""
    if publication.empty or _value(publication, "run_id") != last.run_id:
        return False
    reader = LakeReader(settings)
    authorities = [result.authority for result in last.results if result.files_read is not None]
    files = [settings.outputs / name / edition.file_name for name in authorities for edition in editions()]
    return all(reader.has(key, name) for name in authorities for key in TABLES_OF_A_RUN) and all(
        path.is_file() for path in files
    )


def _run_and_publish(
    settings: Settings, authorities: list[str], outcome: RunOutcome
) -> tuple[AuthorityResult, ...]:
    """Run every authority, then publish once; returns the rows of the table, one an authority."""
    _silence_libraries()
    from assets.support.in_process import session

    as_at_before, reader = _as_at(_published_figures(settings)), LakeReader(settings)
    with session(settings) as graph:
        graph.register_authorities(authorities)
        steps = graph.count_steps("authority_job") * len(authorities) + graph.count_steps("publish_job")
        with Progress(steps) as progress:
            for name in authorities:
                progress.start(name)
                _run_authority(graph, reader, name, progress, outcome)
            outcome.refusals += _refusals(reader, lake_layout.COMPARATORS, None)
            if any(reader.has(lake_layout.HEADLINES, name) for name in graph.registered_authorities()):
                progress.start("publishing")
                ended = graph.publish(progress.step)
                if ended.succeeded:
                    outcome.refusals += _refusals(reader, lake_layout.PUBLISHED, None)
                else:
                    outcome.failures.append(f"publishing: {ended.sentence}")
        figures = _published_figures(settings)
    results = (_result(reader, name, figures, outcome) for name in authorities)
    return tuple(_mark_withdrawn(result, as_at_before.get(result.authority, "")) for result in results)


def _mark_withdrawn(result: AuthorityResult, as_at_before: str) -> AuthorityResult:
    """The result; with the as-at date published before, where that was later (ISO dates, '' for none)."""
    is_withdrawn = result.as_at and as_at_before > result.as_at
    return replace(result, withdrawn_as_at=as_at_before) if is_withdrawn else result


def _run_authority(
    graph: Session, reader: LakeReader, name: str, progress: Progress, outcome: RunOutcome
) -> None:
    """Run one authority; whatever happens to it goes into the outcome and stops no other."""
    ended = graph.run_authority(name, progress.step)
    key = lake_layout.CLEAN_DELIVERIES if ended.succeeded else lake_layout.RAW_DELIVERIES
    refusals = _refusals(reader, key, name)
    if ended.succeeded:
        outcome.refusals += refusals
        return
    outcome.without_new_figures.add(name)
    if ended.is_refusal:
        is_of_this_run = refusals and " ".join(refusals) == ended.sentence
        outcome.refusals += refusals if is_of_this_run else [ended.sentence]
    else:
        outcome.refusals += refusals
        outcome.failures.append(f"{name}: {ended.sentence}")


def _refusals(reader: LakeReader, key: lake_layout.TableKey, authority: str | None) -> list[str]:
    """The refusals in the attributes of a table of the lake, one sentence each."""
    rows = reader.find(key, authority)
    return [] if rows is None else [str(sentence) for sentence in rows.attrs.get("refusals", [])]


def _print_reference_notes(settings: Settings) -> None:
    """Print what of the published files is not used, one sentence each."""
    rows = LakeReader(settings).find(lake_layout.COMPARATORS, None)
    for sentence in [] if rows is None else rows.attrs.get("notes", []):
        print_line(f"Published figures: {sentence}")


def _result(reader: LakeReader, name: str, figures: pd.DataFrame, outcome: RunOutcome) -> AuthorityResult:
    row = figures[figures["slug"].eq(name)]
    as_at = _as_at(figures).get(name, "")
    kpis = 0 if row.empty else int(row["kpis"].iloc[0])
    manifest = reader.find(lake_layout.CLEAN_DELIVERIES, name)
    ledger = reader.find(lake_layout.ROW_LEDGER, name)
    if name in outcome.without_new_figures or manifest is None or ledger is None:
        return AuthorityResult(name, kpis_published=kpis, as_at=as_at)
    files = usable_rows(manifest)[["delivery_id", "file"]].drop_duplicates()
    headers = reader.find(lake_layout.UNMATCHED_HEADERS, name)
    doubts = reader.read(lake_layout.HELD_DELIVERIES, name)
    missing = find_missing_figures(manifest, UNMATCHED.empty() if headers is None else headers)
    return AuthorityResult(
        name,
        files_read=len(files),
        rows_read=int(ledger["rows_read"].sum()),
        rows_loaded=int(ledger["rows_core"].sum()),
        rows_quarantined=int(ledger["rows_quarantined"].sum()),
        rows_superseded=int(ledger["rows_superseded"].sum()),
        kpis_published=kpis,
        as_at=as_at,
        kpis_missing=len(missing.figures),
        missing_sentence=missing.sentence,
        accepted_sentence=" ".join(acceptance_sentences(name, doubts)),
    )


def _published_figures(settings: Settings) -> pd.DataFrame:
    """slug, latest_as_at and the number of KPIs with a value, of every published authority."""
    authorities = warehouse.read_table(settings.warehouse_url, "dim_authority")
    facts = warehouse.read_table(settings.warehouse_url, "fact_kpi_quarterly")
    counts = facts[facts["value"].notna()].groupby("authority_code")["kpi_id"].nunique()
    return authorities.assign(kpis=authorities["authority_code"].map(counts).fillna(0))


def _as_at(figures: pd.DataFrame) -> dict[str, str]:
    """Authority's folder -> the as-at date of its published figures (ISO)."""
    return dict(zip(figures["slug"], figures["latest_as_at"].map("{:%Y-%m-%d}".format), strict=True))


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
