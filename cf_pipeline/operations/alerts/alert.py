"""An alert: what is wrong, of which authority, and from which source it is known."""

from __future__ import annotations

from dataclasses import dataclass

from cf_pipeline.operations.project_state import LAKE, RAW, RECORDS, WAREHOUSE

RUN_FAILED, CHECK_FAILED, HELD, REFUSED, NOTHING_NEW, PUBLISH_OLD, COMMAND_FAILED, UNREAD = (
    "run_failed",
    "check_failed",
    "held",
    "refused",
    "nothing_new",
    "publish_old",
    "command_failed",
    "unread",
)
COMMAND = "the command"
"""The source of what only the end of `cf-pipeline run` tells."""
SOURCE = {
    RUN_FAILED: RECORDS,
    CHECK_FAILED: RECORDS,
    HELD: LAKE,
    REFUSED: LAKE,
    NOTHING_NEW: RAW,
    PUBLISH_OLD: WAREHOUSE,
    COMMAND_FAILED: COMMAND,
    UNREAD: "",
}
"""Kind of an alert -> the source that tells whether it is over; '' where every look tells."""


@dataclass(frozen=True, order=True)
class Alert:
    """One thing that is wrong.

    `authority` is '' where it is of all. `item` tells alerts of a kind apart: it is a hash or a name of our
    own, never one of a file.
    """

    kind: str
    authority: str = ""
    item: str = ""
