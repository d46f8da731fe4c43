"""Checks the disks: that a run has room for what it writes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding, or_ok
from cf_pipeline.operations.doctor.folders import project_folders
from cf_pipeline.operations.doctor.scan import size_of
from cf_pipeline.project.settings import Settings

CHECK = "disk"
AT_LEAST = 256 * 1024**2
"""Bytes that a run of small councils writes for a moment: copies of workbooks, half-built tables."""
SHARE_OF_LAKE = 0.25
"""Of the lake, what a night in which every council is run writes beside what is there."""
COMFORT = 3
"""With room for fewer runs than that a person should look."""


@dataclass(frozen=True)
class Room:
    """A place on a disk: the bytes free there, and those that a run needs."""

    place: str
    free: int
    needed: int


def measure_room(settings: Settings) -> list[Room]:
    """The room of each disk that a run writes to, and of the system's temporary folder.

    A publication is built beside the one that is shown, so it needs as much again; see docs/monitoring.md.
    """
    folders = project_folders(settings)
    figures = settings.embedded_warehouse
    warehouse = sum(file.stat().st_size for file in figures.parent.glob("*.duckdb")) if figures else 0
    lake = size_of(folders["lake"]) if "lake" in folders else 0
    needed = {"data folder": AT_LEAST, "lake": int(lake * SHARE_OF_LAKE), "warehouse's folder": warehouse}
    rooms: dict[int, Room] = {}
    for name, bytes_needed in needed.items():
        if name in folders:
            place = _existing(folders[name])
            device = place.stat().st_dev
            before = rooms.get(device, Room(str(place), shutil.disk_usage(place).free, 0))
            rooms[device] = Room(before.place, before.free, before.needed + bytes_needed)
    temporary = Path(tempfile.gettempdir())
    free = shutil.disk_usage(temporary).free
    return [*rooms.values(), Room(f"the temporary folder {temporary}", free, AT_LEAST)]


def check_disk(rooms: Iterable[Room]) -> list[Finding]:
    """A finding for each place with room for few runs or none."""
    findings = []
    for room in rooms:
        level = FAULT if room.free < room.needed else ATTENTION
        if room.free < COMFORT * room.needed:
            what = f"{room.place} has {_size(room.free)} free; a run may write {_size(room.needed)}."
            fix = "Free some space, or move the data folder to a larger disk (setting data)."
            findings.append(Finding(CHECK, level, what, fix))
    free = min((room.free for room in rooms), default=0)
    return or_ok(CHECK, findings, f"There is room for several runs: {_size(free)} free where it is least.")


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())


def _size(count: int) -> str:
    return f"{count / 1024**3:,.1f} GB" if count >= 1024**3 else f"{count / 1024**2:,.0f} MB"
