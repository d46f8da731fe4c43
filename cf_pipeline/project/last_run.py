"""What the last complete run said, kept so that a run with nothing new can say it again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from cf_pipeline.project.setup import write_private

FILE = "last_run.json"


@dataclass(frozen=True)
class Line:
    """One authority in the table at the end of a run; counts are None when its run was refused.

    `withdrawn_as_at` is the later as-at date that its published figures had before, '' when there is none.
    """

    authority: str
    files_read: int | None = None
    rows_read: int | None = None
    rows_loaded: int | None = None
    rows_quarantined: int | None = None
    rows_superseded: int | None = None
    kpis_published: int = 0
    as_at: str = ""
    withdrawn_as_at: str = ""


@dataclass(frozen=True)
class LastRun:
    """A run that was published: of which publication, on which inputs, its table and its refusals."""

    published_by: str
    inputs_hash: str
    lines: tuple[Line, ...]
    refusals: tuple[str, ...]


def remember(data: Path, last: LastRun) -> None:
    """Write it under the data folder, for its owner alone."""
    write_private(data / FILE, json.dumps(asdict(last), indent=1))


def forget(data: Path) -> None:
    """Remove it: the next run works everything out again."""
    (data / FILE).unlink(missing_ok=True)


def recall(data: Path) -> LastRun | None:
    """The last run, or None when there is none that can be read."""
    try:
        said = json.loads((data / FILE).read_text(encoding="utf-8"))
        lines = tuple(Line(**line) for line in said["lines"])
        return LastRun(said["published_by"], said["inputs_hash"], lines, tuple(said["refusals"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
