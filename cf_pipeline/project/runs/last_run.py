"""The record of the last complete run: what a run with nothing new prints again.

A record that cannot be read counts as none: the next run works everything out again.
Does not belong here: anything a figure is made from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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
class OutputFile:
    """A file that a run writes for every authority: its name in the authority's folder, and its title."""

    name: str
    title: str
    is_restricted: bool = False


@dataclass(frozen=True)
class LastRun:
    """A run that was published.

    Attributes:
        run_id: the publication's run.
        inputs_hash: `inputs_hash` of what was published.
        results: one row an authority.
        refusals: one sentence each.
        notes: what of the published files is not used, one sentence each.
        files: what is written for each authority.
        hash_by_authority: authority -> `authority_hash`.
        content_hash: `content_hash`.
        publication_state: size and time of the embedded warehouse, '' for a server.
        rollback_sentence: which version is shown in the place of this run's, '' for its own.
    """

    run_id: str
    inputs_hash: str
    results: tuple[AuthorityResult, ...]
    refusals: tuple[str, ...]
    notes: tuple[str, ...] = ()
    files: tuple[OutputFile, ...] = ()
    hash_by_authority: Mapping[str, str] = field(default_factory=dict)
    content_hash: str = ""
    publication_state: str = ""
    rollback_sentence: str = ""


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
        files = tuple(OutputFile(**file) for file in record["files"])
        lists = {name: tuple(record[name]) for name in ("refusals", "notes")}
        return LastRun(**record | lists | {"results": results, "files": files})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
