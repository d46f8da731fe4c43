"""The start of `cf-pipeline run`: whether the last run says all that this one could; no table is opened.

Belongs here: what comes before any work. Does not belong here: anything that needs a database or Dagster,
because a run with nothing new should cost next to nothing; the work itself is in `run`.
"""

from __future__ import annotations

from collections.abc import Mapping

from cf_pipeline.cli.console import print_line, print_run
from cf_pipeline.ingest.receive import find_authorities, refusals_in_drop_zone
from cf_pipeline.operations.privacy.pending_erasures import unfinished_authorities
from cf_pipeline.outputs import data_dictionary
from cf_pipeline.project.id_key import verified_id_key
from cf_pipeline.project.input_hash import content_hash, decided_hash
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.publication.warehouse_address import RECORDS_FILE
from cf_pipeline.project.runs.good_run import is_run_news
from cf_pipeline.project.runs.last_run import LastRun, read_last_run
from cf_pipeline.project.runs.sessions import killed_sessions
from cf_pipeline.project.runs.temporary_files import remove_leftovers, temporary_folder
from cf_pipeline.project.settings import Settings
from cf_pipeline.project.setup import prepare_project

OK, FAILED, REFUSED = 0, 1, 2


def start_run(settings: Settings, *, insists: bool = False, jobs: int | None = None) -> int:
    """Run what is new in the drop zone; returns the exit status.

    Args:
        settings: the project's.
        insists: run every authority, new or not.
        jobs: how many authorities are worked on at once; None for one a core.
    """
    verified_id_key(settings)
    authorities, refused_folders = find_authorities(settings.raw), refusals_in_drop_zone(settings.raw)
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
    with temporary_folder(settings):
        return _run_alone(settings, authorities, refused_folders, insists=insists, jobs=jobs)


def _run_alone(
    settings: Settings, authorities: list[str], refused_folders: list[str], *, insists: bool, jobs: int | None
) -> int:
    """Run what is new once no other run is under way; returns the exit status."""
    lock = RunLock(settings.data / "locks", "_run")
    if not lock.try_acquire():
        print_line("Another run is under way; waiting for it to end.")
        lock.acquire()
        remove_leftovers(settings)  # the other run may have been killed
    try:
        if killed_sessions(settings.data):
            from cf_pipeline.cli.run import end_killed_runs

            end_killed_runs(settings)
        contents = {name: decided_hash(settings, name) for name in authorities}
        is_pending = bool(unfinished_authorities(settings.data))
        last = None if insists or is_pending else find_same_run(settings, contents)
        if last is not None:
            print_line(
                "Nothing new since the last publication: nothing was loaded, every figure stays as it is."
            )
            print_run(settings, last, refused_folders)
            return REFUSED if last.refusals or refused_folders else OK
        from cf_pipeline.cli.run import run

        status = run(settings, contents, refused_folders, insists=insists, jobs=jobs)
        return _complete_erasures(settings, status, refused_folders) if is_pending else status
    finally:
        lock.release()


def _complete_erasures(settings: Settings, status: int, refused_folders: list[str]) -> int:
    """Complete the erasures and purges of which a run was the first part; returns the exit status of the run.

    What is held for want of the rows that went is accepted, and the run made again.
    """
    from cf_pipeline.cli.run import run
    from cf_pipeline.operations.privacy.new_holds import accept_new_holds
    from cf_pipeline.operations.privacy.pending_erasures import complete

    if status != FAILED and accept_new_holds(settings):
        print_line("What is held for want of the rows that went is accepted.")
        contents = {name: decided_hash(settings, name) for name in find_authorities(settings.raw)}
        status = run(settings, contents, refused_folders)
    if status != FAILED:
        complete(settings)
    return status


def find_same_run(settings: Settings, contents: Mapping[str, str]) -> LastRun | None:
    """The last run, when nothing moved since and all that it made is there; else None.

    Args:
        settings: the project's.
        contents: authority -> `received_hash` as it is now.
    """
    last = read_last_run(settings.data)
    if last is None or last.content_hash != content_hash(contents, settings.settings_that_move_figures()):
        return None
    state = publication_state(settings)
    is_there = state is not None and state == last.publication_state
    return last if is_there and are_files_there(settings, last) else None


def are_files_there(settings: Settings, last: LastRun) -> bool:
    """Whether the tables of the authorities are those of the last run, and every file it wrote is there."""
    names = [result.authority for result in last.results if result.files_read is not None]
    if any(is_run_news(settings.lake, name, last.hash_by_authority.get(name, "")) for name in names):
        return False
    if not (settings.outputs / data_dictionary.FILE_NAME).is_file():
        return False
    return all((settings.outputs / name / file.name).is_file() for name in names for file in last.files)


def publication_state(settings: Settings) -> str | None:
    """Size and time of the last change of each file of an embedded warehouse.

    None for a server, or when one of the files is not there. Figures and records are replaced one after the
    other: a publication that was killed between has changed one of them.
    """
    figures = settings.embedded_warehouse
    if figures is None:
        return None
    files = (figures, figures.with_name(RECORDS_FILE))
    if not all(file.is_file() for file in files):
        return None
    return " ".join(f"{file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
