"""Measures what releases of a project cost: the sample's deliveries in turn, and one council of several.

    .venv/bin/python -m benchmarks.releases [--councils 4] [--folder FOLDER]

The sample's deliveries arrive one at a time; each is run and released, so that every release revises figures
of the earlier ones and is attacked beside them. Then some councils are released, one of them gets a delivery
more, and the next release makes and attacks that one alone. The approved list is that of the sample's
`pipeline.toml`. Each `cf-pipeline release` is printed with its CPU seconds (of the command and its children:
suppression, attack, loading, imports); one that is refused ends the command. The gate alone, beside the
releases that a data folder keeps:

    .venv/bin/python benchmarks/disclosure.py DATA/warehouse/published.duckdb --releases DATA

Bars: those of the gate (`benchmarks/disclosure.py`).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.cost import Cost, measure_command
from benchmarks.project import Project, entry_point, write_councils

SIZE = {"years": 4, "plan": 6}
DELIVERIES = 4


def by_last_day(raw: Path) -> list[Path]:
    """The delivery folders of a drop zone, in the order of the last day that each covers."""
    folders = [folder for council in raw.iterdir() for folder in council.iterdir()]
    return sorted(folders, key=lambda folder: (folder.name.split("_")[-1], folder))


def release_sample(project: Project) -> Iterator[tuple[str, Cost]]:
    """Deliver the sample piece by piece; what each release is of, and what it costs."""
    environment = {"CF_RAW": str(project.raw), "CF_DATA": str(project.data)}
    measure_command([*entry_point(), "sample"], environment=environment)
    waiting = project.raw.rename(project.folder / "waiting")
    for number, folder in enumerate(by_last_day(waiting), start=1):
        place = project.raw / folder.relative_to(waiting)
        place.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(place)
        project.measure("run")
        yield f"the sample, release {number}, with {folder.name}", project.measure("release", allowed=(0,))


def release_councils(project: Project, count: int) -> Iterator[tuple[str, Cost]]:
    """Release some councils; then one of them with a new delivery; then nothing new."""
    write_councils(project.raw, councils=count, deliveries=DELIVERIES, **SIZE)
    project.measure("run")
    yield f"{count} councils", project.measure("release", allowed=(0,))
    changed = sorted(folder.name for folder in project.raw.iterdir())[0]
    write_councils(project.raw, only=changed, deliveries=DELIVERIES + 1, skip=1 + DELIVERIES, **SIZE)
    project.measure("run")
    yield f"{changed} changed, one of {count}", project.measure("release", allowed=(0,))
    yield f"nothing new in {count}", project.measure("release", allowed=(0,))


def main(arguments: Sequence[str]) -> int:
    """Print one line a release."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--councils", type=int, default=4)
    parser.add_argument("--folder", type=Path, help="an empty folder that keeps the projects")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        for name in ("sample", "councils"):
            (folder / name).mkdir(parents=True)
        for name, releases in (
            ("sample", release_sample(Project(folder / "sample"))),
            ("councils", release_councils(Project(folder / "councils"), given.councils)),
        ):
            for words, cost in releases:
                print(f"{name}: {words}: {cost.cpu_seconds:.1f} s of CPU, {cost.peak_mb:.0f} MB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
