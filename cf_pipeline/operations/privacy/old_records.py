"""What is kept beside the lists and is past its retention: lines of logs, papers, delivered files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cf_pipeline.ingest.deliveries import delivered_files
from cf_pipeline.ingest.receive import find_authorities
from cf_pipeline.operations.audit import access_log, audit_log, record_action
from cf_pipeline.project.logs.chained_log import ChainedLog
from cf_pipeline.project.settings import Settings

AS_AT_OF_A_PAPER = re.compile(r"^report_\w+_(\d{4}-\d{2}-\d{2})\.\w+$")
"""The name of a paper: its edition and the as-at date of its figures."""


@dataclass(frozen=True)
class OldRecords:
    """`lines`: log -> how many lines are past their retention. `papers` and `raw_files`: those that are."""

    lines: Mapping[str, int]
    papers: list[Path]
    raw_files: list[Path]

    @property
    def counts(self) -> dict[str, int]:
        """What is removed, by name; without what there is none of."""
        found = {**self.lines, "papers": len(self.papers)}
        return {name: count for name, count in found.items() if count}


def find_old_records(settings: Settings, today: dt.date) -> OldRecords:
    """What is past its retention on a day; a file without an as-at date in its place or name is none."""
    first_paper, first_file = (
        settings.retention.other_cut_off(name, today) for name in ("papers", "raw_files")
    )
    lines = {name: log.count_before(time) for name, log, time in _logs(settings, today)}
    papers = [path for path, day in _papers(settings) if first_paper is not None and day < first_paper]
    files = [
        file.path
        for slug in find_authorities(settings.raw)
        for file in delivered_files(settings.raw, slug)[0]
        if first_file is not None and file.as_at is not None and pd.Timestamp(file.as_at) < first_file
    ]
    return OldRecords(lines, papers, files)


def remove_old_records(settings: Settings, old: OldRecords, today: dt.date, *, by: str) -> None:
    """Remove lines of logs and papers, and note it in the audit log; delivered files stay.

    Raises:
        LogError: a log is not as it was left.
        MachineError: the disk is full or fails.
    """
    if not old.counts:
        return
    for _, log, time in _logs(settings, today):
        log.remove_before(time)
    for path in old.papers:
        path.unlink(missing_ok=True)
    record_action(
        settings.data, "purge", "logs and papers", by=by, because="past the retention", counts=old.counts
    )


def _logs(settings: Settings, today: dt.date) -> Iterator[tuple[str, ChainedLog, dt.datetime]]:
    """Each log that is not kept for good: what its lines are called, and from when on they are kept."""
    logs = {"access_log": access_log(settings.data), "audit_log": audit_log(settings.data)}
    for name, log in logs.items():
        first = settings.retention.other_cut_off(name, today)
        if first is not None:
            yield f"lines of the {name.replace('_', ' ')}", log, first.to_pydatetime().replace(tzinfo=dt.UTC)


def _papers(settings: Settings) -> Iterator[tuple[Path, pd.Timestamp]]:
    """Every paper in the authorities' folders, with the as-at date of its figures."""
    for path in sorted(settings.outputs.glob("*/papers/*")):
        named = AS_AT_OF_A_PAPER.match(path.name)
        if named:
            yield path, pd.Timestamp(named[1])
