"""The record of the last complete run: what a run with nothing new prints again.

A record that cannot be read counts as none: the next run works everything out again.
Does not belong here: anything a figure is made from.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from cf_pipeline.project.private_files import write_private

FILE = "last_run.json"


@dataclass(frozen=True)
class AuthorityResult:
    """One authority in the table at the end of a run; counts are None when its run was refused.

    `withdrawn_as_at` is the later as-at date that its published figures had before, '' when there is none.
    `kpis_missing` is how many KPIs lack a column that the newest deliveries do not have under a header that
    is recognised; `missing_sentence` says so. `accepted_sentence` says what counts because it was accepted.
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
    kpis_missing: int | None = None
    missing_sentence: str = ""
    accepted_sentence: str = ""


@dataclass(frozen=True)
class LastRun:
    """A run that was published: the publication's run, its inputs, the result of each authority, refusals."""

    run_id: str
    inputs_hash: str
    results: tuple[AuthorityResult, ...]
    refusals: tuple[str, ...]


def write_last_run(data: Path, last: LastRun) -> None:
    """Write the record under the data folder, for its owner alone."""
    write_private(data / FILE, json.dumps(asdict(last), indent=1))


def remove_last_run(data: Path) -> None:
    """Remove the record: the next run works everything out again."""
    (data / FILE).unlink(missing_ok=True)


def read_last_run(data: Path) -> LastRun | None:
    """The record under the data folder, or None when there is none that can be read."""
    try:
        record = json.loads((data / FILE).read_text(encoding="utf-8"))
        results = tuple(AuthorityResult(**result) for result in record["results"])
        return LastRun(record["run_id"], record["inputs_hash"], results, tuple(record["refusals"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
