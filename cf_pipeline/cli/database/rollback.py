"""`cf-pipeline publish --rollback`: the version before the one that is shown, with its reports."""

from __future__ import annotations

import pandas as pd

from cf_pipeline import warehouse
from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.run_record import record_rollback, value_of
from cf_pipeline.errors import PlainError
from cf_pipeline.operations.audit import record_action
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.runs.temporary_files import temporary_folder
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse.earlier_figures import with_figures

OK, FAILED = 0, 1


class RunUnderWayError(PlainError):
    """A run may publish while the version before is put in place."""

    may_pass = True


def roll_back(settings: Settings) -> int:
    """Show the version before, write its reports, and say what is shown now; returns the exit status.

    Raises:
        RunUnderWayError: a run is under way.
        WarehouseError: no earlier version is kept; nothing was changed.
    """
    lock = RunLock(settings.data / "locks", "_run")
    if settings.data.is_dir() and not lock.try_acquire():
        raise RunUnderWayError("A run is under way: try again when it has ended; nothing was changed.")
    try:
        with temporary_folder(settings):
            return _roll_back(settings)
    finally:
        lock.release()


def _roll_back(settings: Settings) -> int:
    url = settings.warehouse_url
    before = warehouse.read_readable_table(url, "publication")
    warehouse.roll_back(url)
    tables = warehouse.read_readable_tables(url, ["publication", "dim_authority"])
    sentence = _shown_sentence(before, tables["publication"])
    print_line(sentence)
    record_action(settings.data, "roll back", f"version {value_of(tables['publication'], 'version')}")
    authorities = with_figures(tables["dim_authority"])
    for slug, as_at in zip(authorities["slug"], authorities["latest_as_at"], strict=True):
        print_line(f"  {slug}: {'no figures' if pd.isna(as_at) else f'as at {as_at:%Y-%m-%d}'}")
    status = OK
    if settings.dagster_home.is_dir():
        from cf_pipeline.cli.run import write_outputs

        status = write_outputs(settings)
        record_rollback(settings, sentence)
    print_line(
        "It is shown until the next publication, which has a number of its own: `cf-pipeline run` publishes "
        "when a delivery or a setting is new, `cf-pipeline publish` at once, from the lake as it is."
    )
    return status


def _shown_sentence(before: pd.DataFrame, publication: pd.DataFrame) -> str:
    """Which version is shown now, and which one was before."""
    published_at = publication["published_at"].iloc[0]
    number = value_of(publication, "version")
    left = "" if before.empty or value_of(before, "version") == number else (
        f" in the place of version {value_of(before, 'version')}"
    )  # fmt: skip
    return (
        f"Version {number} is shown{left}: published {published_at:%Y-%m-%d %H:%M} UTC by run "
        f"{value_of(publication, 'run_id')}, figures and the records behind them."
    )
