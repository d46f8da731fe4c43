"""A council of the smallest size: its project, what it has published, and what a command leaves behind."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.compare_publications import compare_publications
from tests.faults.command import Command, Ended, Fault, start_command

KEY = "a-key-for-tests-only-of-32-characters-or-more"
RUN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""What Dagster calls a run; it is in the names of its files."""
VERSION = re.compile(r"versions/[0-9]+/")
"""A version of the warehouse that is kept: a command that was killed may have made one more."""
OF_THE_RUN = frozenset({"published_v1.authority_source", "restricted.authority_source"})
"""Tables whose hashes name the runs that made the rows."""


@dataclass(frozen=True)
class Council:
    """A project folder of its own: `data` is its `CF_DATA`, `temporary` its `TMPDIR`."""

    root: Path
    data: Path
    temporary: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, root: Path, **settings: str) -> Council:
        """A council without deliveries, in a folder that is made."""
        for folder in (root, root / "data", root / "temporary", root / "raw"):
            folder.mkdir(parents=True, exist_ok=True)
        return cls(root, root / "data", root / "temporary", settings)

    @property
    def raw(self) -> Path:
        """The drop zone."""
        return self.root / "raw"

    def start(
        self, *words: str, fault: Fault | None = None, clock: str = "", screen: str = "screen.txt"
    ) -> Command:
        """Start a command of `cf-pipeline`; `run` without words."""
        (self.root / "pipeline.toml").touch()
        settings = {
            "CF_RAW": str(self.raw), "CF_DATA": str(self.data), "TMPDIR": str(self.temporary),
            "CF_ID_KEY": KEY, "CF_JOBS": "1", "DAGSTER_DISABLE_TELEMETRY": "1",
        }  # fmt: skip
        return start_command(
            words or ("run",),
            self.root,
            settings | dict(self.settings),
            self.root / screen,
            fault=fault,
            clock=clock,
        )

    def run(self, *words: str, fault: Fault | None = None, clock: str = "") -> Ended:
        """Run a command to its end."""
        return self.start(*words, fault=fault, clock=clock).end()

    def copy_to(self, root: Path) -> Council:
        """The same project in another folder, which is made anew."""
        if root.exists():
            shutil.rmtree(root)
        shutil.copytree(self.root, root)
        return replace(self, root=root, data=root / "data", temporary=root / "temporary")

    def files(self) -> set[str]:
        """Every file of the project but what is dropped, said and asked; a run of Dagster's is `<run>`."""
        folders = (self.data, self.temporary)
        paths = [path for folder in folders for path in folder.rglob("*") if not path.is_dir()]
        names = (RUN.sub("<run>", str(path.relative_to(self.root))) for path in paths)
        return {VERSION.sub("versions/<number>/", name) for name in names}


def differences(truth: Council, council: Council) -> list[str]:
    """What a council has published that an undisturbed one has not, one line a table."""
    try:
        comparisons = compare_publications(truth.data, council.data)
    except FileNotFoundError as error:
        return [str(error)]
    return [
        f"{each.name}: {each.rows_missing} rows gone, {each.rows_added} new of {each.rows_before}"
        for each in comparisons
        if not each.is_equal and not (each.name in OF_THE_RUN and each.rows_before == each.rows_after)
    ]


def leftovers(truth: Council, council: Council) -> list[str]:
    """What is there beside what an undisturbed council has: files, locks, runs that never ended."""
    before, after = truth.files(), council.files()
    return [
        *(f"left over: {name}" for name in sorted(after - before)),
        *(f"not there: {name}" for name in sorted(before - after)),
        *(f"still locked: {path.name}" for path in _locked(council.data)),
        *(f"a run under way for ever: {run}" for run in _unfinished_runs(council.data)),
    ]


def _locked(data: Path) -> Iterator[Path]:
    for path in [*data.rglob("*.lock"), *data.glob("warehouse")]:
        handle = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield path
        finally:
            os.close(handle)


def _unfinished_runs(data: Path) -> list[str]:
    with closing(sqlite3.connect(next(data.rglob("runs.db")))) as store:
        rows = store.execute(
            "select run_id, status from runs where status not in ('SUCCESS', 'FAILURE', 'CANCELED')"
        )
        return [f"{run} {status}" for run, status in rows]
