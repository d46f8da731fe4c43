"""The log of who read which records: the dashboard writes it, `cf-pipeline access log` shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict

from cf_pipeline.cli.console import print_line
from cf_pipeline.dashboard.source import Access
from cf_pipeline.operations import audit
from cf_pipeline.project.logs.chained_log import ChainedLog
from cf_pipeline.project.settings import Settings

OK = 0
Clock = Callable[[], dt.datetime]


def access_log(settings: Settings) -> ChainedLog:
    """The file of the log, under the data folder."""
    return audit.access_log(settings.data)


class WrittenAccessLog:
    """Writes each access down as a line of a log."""

    def __init__(self, log: ChainedLog, clock: Clock = lambda: dt.datetime.now(dt.UTC)) -> None:
        """`clock`: says what time it is."""
        self._log, self._clock = log, clock

    def add(self, access: Access) -> None:
        """Write an access down and wait until it is on the disk; errors as of `ChainedLog.add`."""
        self._log.add(asdict(access), self._clock())


def print_access_log(settings: Settings, *, verifies: bool) -> int:
    """Print the log line by line, or whether every line is as it was written.

    Raises:
        LogError: there is no log, or the first line that is not as it was written.
    """
    log = access_log(settings)
    if verifies:
        end = log.verify()
        print_line(
            f"{log.path}: {end.lines:,} lines, each as it was written. The hash of the last is {end.hash}."
        )
        return OK
    for entry in log.entries():
        count = entry["row_count"]
        records = "refused" if count is None else "1 record" if count == 1 else f"{count:,} records"
        print_line(
            f"{entry['time']}  {entry['user']} ({entry['role']}, {entry['address']})  {entry['authority']}  "
            f"{entry['subject']}  {records}  {entry['path']}"
        )
    return OK
