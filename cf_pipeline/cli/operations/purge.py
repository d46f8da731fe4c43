"""`cf-pipeline purge`: remove from every store what is past its retention; published figures stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.operations.between_runs import complete_registered, no_run_under_way
from cf_pipeline.cli.start_run import start_run
from cf_pipeline.operations.privacy.ended_cases import EndedCases, find_ended_cases
from cf_pipeline.operations.privacy.old_records import OldRecords, find_old_records, remove_old_records
from cf_pipeline.operations.privacy.pending_erasures import unfinished_authorities
from cf_pipeline.operations.privacy.purge import register_purge
from cf_pipeline.operations.privacy.raw_files import remove_from_files
from cf_pipeline.project.lake_layout import QUARTERLY
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.privacy.erasures import read_erasures
from cf_pipeline.project.privacy.register_files import authorities_with_erasures
from cf_pipeline.project.settings import Settings

OK, FAILED, REFUSED = 0, 1, 2
NOTHING = "Nothing is past its retention."


def print_what_is_due(settings: Settings) -> int:
    """Say what a purge would remove, in counts, and change nothing; returns the exit status."""
    cases, old = _ended_cases(settings), find_old_records(settings, today())
    for line in [*_lines(cases, old, "would go"), *_file_lines(settings, old)] or [NOTHING]:
        print_line(line)
    return OK


def purge(settings: Settings, *, by: str, from_raw: bool = False) -> int:
    """Remove what is past its retention, run what that changes, and say what was done; the exit status.

    Args:
        settings: the project's.
        by: who decided it.
        from_raw: remove the rows of purged cases from the delivered files too.

    Raises:
        PlainError: what was not purged until then is still there.
    """
    if not complete_registered(settings):
        return FAILED
    with no_run_under_way(settings):
        found, old = _ended_cases(settings), find_old_records(settings, today())
        for slug, cases in found.items():
            register_purge(settings, slug, cases, by=by)
        remove_old_records(settings, old, today(), by=by)
        is_removed_by_line = _remove_from_files(settings) if from_raw else {}
    for line in [*_lines(found, old, "go"), *is_removed_by_line, *_file_lines(settings, old)] or [NOTHING]:
        print_line(line)
    is_refused = not all(is_removed_by_line.values())
    if not found and not any(is_removed_by_line.values()):
        return REFUSED if is_refused else OK
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
    return REFUSED if is_refused else status


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


def _remove_from_files(settings: Settings) -> dict[str, bool]:
    """A line for each delivered file that held rows of purged cases -> whether they were removed."""
    lines = dict[str, bool]()
    for slug in authorities_with_erasures(settings.data):
        people = replace(read_erasures(settings.data, slug).people, hashes=frozenset())
        changed, left = remove_from_files(settings, slug, people)
        lines |= {f"Removed from {path}": True for path in changed}
        lines |= {f"Left: {path}: {sentence}.": False for path, sentence in left.items()}
    return lines


def _file_lines(settings: Settings, old: OldRecords) -> list[str]:
    """What to do with delivered files that are past their retention."""
    if not old.raw_files:
        return []
    paths = ", ".join(str(path.relative_to(settings.raw)) for path in old.raw_files)
    return [
        f"{len(old.raw_files):,} delivered files are older than they are kept, and yours to remove: {paths}. "
        "Figures of periods that they alone cover are not available then."
    ]


def _lines(cases_by_authority: Mapping[str, EndedCases], old: OldRecords, verb: str) -> list[str]:
    """One line for each list of each authority, each log and the papers, of which something goes."""
    lines = [
        f"{slug}, {name}: {count:,} records {verb}: cases that ended before {_day(cases, name)}."
        for slug, cases in cases_by_authority.items()
        for name, count in cases.records.items()
    ]
    return lines + [f"{count:,} {name} {verb}." for name, count in old.counts.items()]
