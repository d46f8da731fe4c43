"""The record of an authority's last good run: what decided its tables, and the files they are in.

A run of an authority is no news while the record names what would decide it now and every table is the file
that the record names. The record lies beside the tables, one an authority, so that losing one costs one run.

Belongs here: when a run is good, and when it need not be made again. Does not belong here: what decides the
tables (`input_hash`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cf_pipeline.ingest.refusals import may_pass
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import check_slug, lake_folder, table_path
from cf_pipeline.project.parquet_table import DamagedTableError, read_attributes
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.unfinished_runs import OF_THE_FIGURES, OF_THE_HISTORY, RUN_ID

if TYPE_CHECKING:
    from upath import UPath

FOLDER = "good_runs"
FINGERPRINT = "fingerprint"
"""The attribute of the manifest that holds `authority_hash` as it was before its files were read."""
REFUSALS = "refusals"
"""The attribute of a table that holds what was refused, one sentence each."""
NOTES = "notes"
"""The attribute of a table that holds what a person should know of it, one sentence each."""
LAYERS = ("raw", "ingested", "clean", "core", "kpi")
"""The layers whose tables are an authority's own."""
OF_ONE_RUN = (
    lake_layout.RAW_DELIVERIES,
    lake_layout.CLEAN_DELIVERIES,
    lake_layout.CORE_DELIVERIES,
    *OF_THE_HISTORY,
    *OF_THE_FIGURES,
)
"""The first and the last tables of a run: all are its own when every step of it succeeded."""
FOR_ALL = (lake_layout.COMPARATORS, lake_layout.POPULATION, lake_layout.NEIGHBOURS)
"""Tables of all authorities that a run of any authority makes."""


def record_good_run(lake: str, authority: str, run_id: str) -> bool:
    """Record a run if all of its steps succeeded and no refusal of it may pass; returns whether it did."""
    tables = {key: table_path(lake, key, authority) for key in OF_ONE_RUN}
    if not all(path.exists() for path in tables.values()):
        return False
    try:
        attributes = {key: read_attributes(path, key) for key, path in tables.items()}
    except DamagedTableError:
        return False
    if any(each.get(RUN_ID) != run_id for each in attributes.values()):
        return False
    manifest = attributes[lake_layout.CLEAN_DELIVERIES]
    if FINGERPRINT not in manifest or any(map(may_pass, manifest.get(REFUSALS, []))):
        return False
    write_good_run(lake, authority, str(manifest[FINGERPRINT]))
    return True


def write_good_run(lake: str, authority: str, fingerprint: str) -> None:
    """Record that the tables of an authority, as they are now, are those of a good run.

    Args:
        lake: the folder or address of the lake.
        authority: its slug.
        fingerprint: `authority_hash` of what decided the tables.
    """
    files = {name: _file_state(path) for name, path in _tables_of(lake, authority).items()}
    record = json.dumps({FINGERPRINT: fingerprint, "files": files})
    path = _record_path(lake, authority)
    if isinstance(path, Path):
        write_private(path, record)
    else:
        path.write_text(record)


def is_run_news(lake: str, authority: str, fingerprint: str) -> bool:
    """Whether a run of an authority may give anything else than its last good run, or mend a table.

    Args:
        lake: the folder or address of the lake.
        authority: its slug.
        fingerprint: `authority_hash` as it is now.
    """
    record = _read_record(lake, authority)
    if record.get(FINGERPRINT) != fingerprint:
        return True
    if not all(table_path(lake, key).exists() for key in FOR_ALL):
        return True
    folder = lake_folder(lake)
    files = record["files"]
    return any(_file_state(folder / name) != state for name, state in files.items())


def remove_good_run(lake: str, authority: str | None) -> None:
    """Remove the record of an authority, or of all: the next run makes their tables again."""
    paths = [_record_path(lake, authority)] if authority else _records(lake)
    for path in paths:
        path.unlink(missing_ok=True)


def _read_record(lake: str, authority: str) -> dict[str, Any]:
    """The record; empty when there is none that can be read."""
    try:
        record = json.loads(_record_path(lake, authority).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    is_whole = isinstance(record, dict) and isinstance(record.get("files"), dict) and record["files"]
    return record if is_whole else {}


def _record_path(lake: str, authority: str) -> UPath:
    folder = lake_folder(lake)
    return folder / FOLDER / f"{check_slug(authority)}.json"


def _records(lake: str) -> list[UPath]:
    folder = lake_folder(lake) / FOLDER
    return [path for path in folder.iterdir() if path.suffix == ".json"] if folder.exists() else []


def _tables_of(lake: str, authority: str) -> dict[str, UPath]:
    """Every table of an authority that is there, by its path in the lake."""
    folder = lake_folder(lake)
    layers = [folder / layer for layer in LAYERS if (folder / layer).exists()]
    paths = [table / f"{authority}{lake_layout.SUFFIX}" for layer in layers for table in layer.iterdir()]
    return {"/".join(path.parts[-3:]): path for path in paths if path.exists()}


def _file_state(path: UPath) -> list[int] | None:
    """Size in bytes and time of the last change in nanoseconds; None when there is no such file."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return [int(stat.st_size), int(stat.st_mtime_ns)]
