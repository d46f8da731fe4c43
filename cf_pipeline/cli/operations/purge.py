"""`cf-pipeline purge`: remove from every store what is past its retention; published figures stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.start_run import start_run
from cf_pipeline.operations.privacy.ended_cases import EndedCases, find_ended_cases
from cf_pipeline.operations.privacy.pending_erasures import unfinished_authorities
from cf_pipeline.operations.privacy.purge import register_purge
from cf_pipeline.project.lake_layout import QUARTERLY
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.runs.temporary_files import temporary_folder
from cf_pipeline.project.settings import Settings

OK, FAILED = 0, 1
NOTHING = "No case ended longer ago than its lists are kept."


def print_what_is_due(settings: Settings) -> int:
    """Say what a purge would remove, in counts, and change nothing; returns the exit status."""
    found = _ended_cases(settings)
    for line in _lines(found, "would go") or [NOTHING]:
        print_line(line)
    return OK


def purge(settings: Settings, *, by: str) -> int:
    """Remove what is past its retention, run what that changes, and say what was done; the exit status.

    Args:
        settings: the project's.
        by: who decided it.

    Raises:
        PlainError: what was not purged until then is still there.
    """
    if unfinished_authorities(settings.data) and start_run(settings) == FAILED:
        return FAILED  # the tables are those of before a purge that is registered already
    lock = RunLock(settings.data / "locks", "_run")
    lock.acquire()
    try:
        with temporary_folder(settings):
            found = _ended_cases(settings)
            for slug, cases in found.items():
                register_purge(settings, slug, cases, by=by)
    finally:
        lock.release()
    for line in _lines(found, "go") or [NOTHING]:
        print_line(line)
    if not found:
        return OK
    status = start_run(settings)
    if waiting := set(found) & set(unfinished_authorities(settings.data)):
        print_line(
            "The purge is registered and not yet carried through every store, because "
            f"{' and '.join(sorted(waiting))} could not be run: put right what the run names, then "
            "`cf-pipeline run` completes it.",
            error=True,
        )
        return FAILED
    print_line("Purged from every table, kept result, report and published record; every figure stays.")
    return status


def today() -> dt.date:
    """The day from which years are counted back."""
    return dt.datetime.now(dt.UTC).date()


def _day(cases: EndedCases, name: str) -> str:
    """The first day that is kept of a list."""
    return f"{cases.purges[name].cut_off:%Y-%m-%d}"


def _ended_cases(settings: Settings) -> dict[str, EndedCases]:
    """What of each authority is past its retention today; without the authorities that have nothing."""
    names, day = LakeReader(settings).authorities_with(QUARTERLY), today()
    found = {slug: find_ended_cases(settings, slug, day) for slug in names}
    return {slug: cases for slug, cases in found.items() if cases}


def _lines(cases_by_authority: Mapping[str, EndedCases], verb: str) -> list[str]:
    """One line for each list of each authority of which records are past their retention."""
    return [
        f"{slug}, {name}: {count:,} records {verb}: cases that ended before {_day(cases, name)}."
        for slug, cases in cases_by_authority.items()
        for name, count in cases.records.items()
    ]
