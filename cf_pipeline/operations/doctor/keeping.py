"""Checks what is kept for later: the newest backup, and the logs that show when somebody changed them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding, or_ok
from cf_pipeline.operations.doctor.work import age
from cf_pipeline.project.logs.chained_log import ChainedLog, LogError
from cf_pipeline.project.operations.backup_settings import BackupSettings

BACKUP, LOGS = "backup", "logs"
LOG_FOLDER = "logs"
BACK_UP = "Back up each night (docs/monitoring.md)."


def check_backup(settings: BackupSettings, now: dt.datetime) -> Finding:
    """One finding about the newest backup, from the file that it leaves its time in."""
    if not settings.marker.is_file():
        return Finding(BACKUP, ATTENTION, f"No backup is known: {settings.marker} is not there.", BACK_UP)
    time = _read_time(settings.marker)
    if time is None:
        what = f"{settings.marker} holds no time, as in 2026-03-01T04:00:00Z."
        return Finding(BACKUP, ATTENTION, what, "Let the last line of the backup write it: date -u +%FT%TZ")
    if now - time > dt.timedelta(days=settings.most_days):
        what = f"The newest backup is {age(now - time)} old."
        return Finding(BACKUP, ATTENTION, what, f"{BACK_UP} Its own log says why it stopped.")
    return or_ok(BACKUP, [], f"The newest backup is {age(now - time)} old.")[0]


def check_logs(data: Path) -> list[Finding]:
    """A finding for each log that is not as it was written."""
    findings, count = [], 0
    for end in sorted((data / LOG_FOLDER).glob("*.end")):
        count += 1
        try:
            ChainedLog(end.parent, end.stem).verify()
        except LogError as error:
            fix = "Keep it, and a backup of it, for whoever looks into that; a new log then begins."
            findings.append(Finding(LOGS, FAULT, str(error), fix))
    return or_ok(LOGS, findings, "Every log is as it was written." if count else "There are no logs yet.")


def _read_time(marker: Path) -> dt.datetime | None:
    """The time in a marker (ISO, with its zone; UTC without one); None where there is none."""
    try:
        time = dt.datetime.fromisoformat(marker.read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
