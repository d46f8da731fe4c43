"""The log of what people and the nightly run did with the data: who, when, what, why, how many.

Belongs here: the actions that are logged and how an entry looks. Does not belong here: how a log shows that
somebody changed it (`project/logs`).
"""

from __future__ import annotations

import datetime as dt
import os
import pwd
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cf_pipeline.project.logs.chained_log import ChainedLog, End

Action = Literal[
    "accept", "erase", "export", "publish", "purge", "release", "roll back", "rotate key", "subject access"
]
FOLDER, NAME, ACCESS_NAME = "logs", "audit", "access"
NO_COUNTS: Mapping[str, int] = {}
COUNT = "count: "
"""Prefix of the name of a count in an entry."""


@dataclass(frozen=True)
class AuditEntry:
    """One action.

    `subject` is a delivery, an authority or a version, never a child; `counts` say how many of what.
    """

    time: dt.datetime
    action: str
    subject: str
    by: str
    because: str
    counts: Mapping[str, int]


def record_action(
    data: Path,
    action: Action,
    subject: str,
    *,
    by: str = "",
    because: str = "",
    counts: Mapping[str, int] = NO_COUNTS,
) -> None:
    """Add an action to the audit log, and wait until it is on the disk.

    Args:
        data: the data folder.
        action: what was done.
        subject: to what; no child.
        by: who did it; the user of the system when nobody is named.
        because: why, in the words of who did it.
        counts: how many of what.

    Raises:
        LogError: the log is not as it was left.
        MachineError: the disk is full or fails.
    """
    entry = {"action": action, "subject": subject, "by": by or _system_user(), "because": because}
    numbers = {f"{COUNT}{name}": int(count) for name, count in counts.items()}
    audit_log(data).add({**entry, **numbers}, dt.datetime.now(dt.UTC))


def read_actions(data: Path) -> Iterator[AuditEntry]:
    """Every action in the log, oldest first; the log is not verified.

    Raises:
        LogError: there is no log, or a line is none of it.
    """
    for line in audit_log(data).entries():
        counts = {
            name.removeprefix(COUNT): int(value or 0)
            for name, value in line.items()
            if name.startswith(COUNT)
        }
        action, subject, by, because = (
            str(line.get(name, "")) for name in ("action", "subject", "by", "because")
        )
        yield AuditEntry(dt.datetime.fromisoformat(str(line["time"])), action, subject, by, because, counts)


def verify_actions(data: Path) -> End:
    """Where the log ends, when every line is as it was written; errors as of `ChainedLog.verify`."""
    return audit_log(data).verify()


def audit_log(data: Path) -> ChainedLog:
    """The log of a data folder."""
    return ChainedLog(data / FOLDER, NAME)


def access_log(data: Path) -> ChainedLog:
    """The log of who read which records in the dashboard."""
    return ChainedLog(data / FOLDER, ACCESS_NAME)


def _system_user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # as in a container, where a user may have a number alone
        return f"user {os.getuid()}"
