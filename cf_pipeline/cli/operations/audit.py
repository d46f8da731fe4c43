"""`cf-pipeline audit`: who did what with the data, and whether the log of it is as it was written."""

from __future__ import annotations

from cf_pipeline.cli.console import print_line
from cf_pipeline.operations.audit import AuditEntry, audit_log, read_actions, verify_actions
from cf_pipeline.project.settings import Settings

OK = 0


def print_audit(settings: Settings, *, is_verified: bool = False) -> int:
    """Print every action, or whether the log is whole; returns the exit status.

    Raises:
        LogError: there is no log, or with `is_verified` somebody changed it.
    """
    if is_verified:
        end = verify_actions(settings.data)
        print_line(f"{audit_log(settings.data).path}: {end.lines:,} lines, each as it was written.")
        print_line(f"Keep the last hash elsewhere, to show later that nothing was rewritten: {end.hash}")
        return OK
    for entry in read_actions(settings.data):
        print_line(_line(entry))
    return OK


def _line(entry: AuditEntry) -> str:
    counts = "; ".join(f"{name} {count:,}" for name, count in entry.counts.items())
    because = f": {entry.because}" if entry.because else ""
    return (
        f"{entry.time:%Y-%m-%d %H:%M:%S} {entry.action} {entry.subject} by {entry.by}{because}"
        f"{f' ({counts})' if counts else ''}"
    )
