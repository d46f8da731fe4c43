"""The files under `raw/<authority>`, and the delivery each belongs to."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from cf_pipeline.contracts.authorities import SLUG, authorities
from cf_pipeline.contracts.mapping import FILE as MAPPING_FILE
from cf_pipeline.contracts.words.near_names import near_name
from cf_pipeline.errors import escape_invisible, is_machine_fault, machine_error
from cf_pipeline.ingest.as_at import name_date
from cf_pipeline.ingest.files.formats.table import has_known_ending
from cf_pipeline.ingest.files.listing import IGNORED_NAMES, Entry, list_folder, walk_folder
from cf_pipeline.ingest.files.read_file import sha256_of
from cf_pipeline.ingest.folder_dates import folder_dates, folder_names
from cf_pipeline.ingest.refusals import refusal_reason, refusal_sentence

REFUSALS = {"link": "not_a_file", "device": "not_a_file", "closed": "closed_folder"}
"""Kind of an entry -> kind of its refusal."""


@dataclass(frozen=True)
class DeliveredFile:
    """One file and the delivery to which its place assigns it.

    Attributes:
        path: where it is.
        name: its path relative to the delivery folder (to the authority's for a loose file).
        location: its path relative to `raw`, for messages.
        delivery_id: the name of the delivery folder, or the as-at date of a loose file; '' while unknown.
        as_at: None when neither folder nor file name has a date: a title row may.
        covers_from: the first day that the folder's name gives; None without one.
        authority: the slug of its folder in `raw`, '' for a file elsewhere.
        folder_names: names to choose from for its folder, where the one it has may be several days.
        refusal: kind of the refusal of what is no file that can be read; '' for a file.
    """

    path: Path
    name: str
    location: str
    delivery_id: str
    as_at: dt.date | None
    covers_from: dt.date | None
    authority: str = ""
    folder_names: tuple[str, ...] = ()
    refusal: str = ""

    @property
    def is_spreadsheet(self) -> bool:
        """Whether it has the ending of a format that is read."""
        return has_known_ending(self.path)


def find_authorities(raw: Path) -> list[str]:
    """The slugs of the authorities with a folder in `raw`, sorted; no folder that starts with _ or a dot.

    A link is none: what it leads to may change, or be another authority's.
    """
    return [
        entry.path.name
        for entry in _entries(raw)
        if entry.kind == "folder" and SLUG.fullmatch(entry.path.name)
    ]


def refusals_in_drop_zone(raw: Path) -> list[str]:
    """One plain sentence for each thing in `raw` that should be an authority's folder and cannot be."""
    sentences = ((entry.path.name, _refusal_in_drop_zone(entry)) for entry in _entries(raw))
    return [f"raw/{escape_invisible(name)}: {reason}" for name, reason in sentences if reason]


def _refusal_in_drop_zone(entry: Entry) -> str:
    """What is wrong with an entry of the drop zone and what to do; '' for an authority's folder."""
    name = entry.path.name
    if entry.kind == "link":
        return refusal_reason("linked_folder")
    if entry.kind == "folder" and not SLUG.fullmatch(name):
        return (
            "not the slug of an authority; "
            f"rename the folder with lower-case letters, digits and -{_slug_meant(name)}"
        )
    if entry.kind != "folder" and (SLUG.fullmatch(name) or has_known_ending(entry.path)):
        return "it is not the folder of an authority; put spreadsheets in raw/<authority>/<as-at date>/"
    return ""


def _slug_meant(name: str) -> str:
    """', as in camden' for a folder that is called nearly like an authority; else ''."""
    meant = near_name(name, authorities())
    return f", as in {meant}" if meant else ""


def delivered_files(raw: Path, authority: str) -> tuple[list[DeliveredFile], list[str]]:
    """Every file under `raw/<authority>` in a stable order, and one sentence for each empty folder.

    A folder that cannot be listed, a link and a device are files that are refused by name. An authority whose
    own folder is a link or cannot be listed has a sentence alone.

    Raises:
        MachineError: the machine kept a folder from being listed.
    """
    home = raw / authority
    entries = [entry for entry in walk_folder(home) if entry.path != home / MAPPING_FILE]
    _raise_fault_of_machine(entries, home.parent)
    if kinds := [entry.kind for entry in entries if entry.path == home]:
        return [], [refusal_sentence(authority, "linked_folder" if "link" in kinds else "closed_folder")]
    files = [_delivered_file(entry, home) for entry in entries if entry.kind != "folder"]
    filled = {_top_name(file.path, home) for file in files if file.is_spreadsheet or file.refusal}
    refusals = [
        refusal_sentence(f"{authority}/{entry.path.name}", "empty_folder")
        for entry in entries
        if entry.kind == "folder" and entry.path.parent == home and entry.path.name not in filled
    ]
    if not files and not refusals:
        refusals.append(refusal_sentence(authority, "no_delivery"))
    return _with_distinct_names(files, authority, home), refusals


def fingerprint(raw: Path, authority: str) -> str:
    """A hash over the names and contents of all that an authority delivered: equal when nothing changed.

    Names are hashed as the bytes they are, in whatever encoding. A folder has no content; that it is there
    counts, because a run refuses an empty one by name.
    """
    home = raw / authority
    digest = hashlib.sha256()
    for entry in walk_folder(home):
        content = sha256_of(entry.path) if entry.kind == "file" else entry.kind
        digest.update(os.fsencode(entry.path.relative_to(home)) + f"\0{content}\n".encode())
    return digest.hexdigest()


def _raise_fault_of_machine(entries: Iterable[Entry], raw: Path) -> None:
    """MachineError where the machine, not a right or a name, keeps a folder from being listed."""
    for entry in entries:
        if entry.fault is not None and is_machine_fault(entry.fault):
            place = escape_invisible(entry.path.relative_to(raw).as_posix())
            raise machine_error(f"{place} could not be listed", entry.fault)


def _delivered_file(entry: Entry, home: Path) -> DeliveredFile:
    """An entry as a file of the delivery to which its place assigns it."""
    path, top = entry.path, home / _top_name(entry.path, home)
    refusal = REFUSALS.get(entry.kind, "")
    is_loose = path == top and (has_known_ending(path) or (entry.kind == "file" and top.suffix))
    dates = None if is_loose else folder_dates(top.name)
    if dates is None:
        file = _loose_file(path, home, refusal)
        return file if path == top else replace(file, folder_names=tuple(folder_names(top.name)))
    return DeliveredFile(
        path=path,
        name=path.relative_to(top if path != top else home).as_posix(),
        location=path.relative_to(home.parent).as_posix(),
        delivery_id=top.name,
        as_at=dates[1],
        covers_from=dates[0],
        authority=home.name,
        refusal=refusal or ("file_for_folder" if path == top else ""),
    )


def _top_name(path: Path, home: Path) -> str:
    """The name of what holds a file directly under the authority's folder: itself, or the delivery folder."""
    return path.relative_to(home).parts[0]


def _loose_file(path: Path, home: Path, refusal: str) -> DeliveredFile:
    """A file that is in no folder with a date: its own name may have one."""
    as_at = name_date(path.name)
    return DeliveredFile(
        path=path,
        name=path.relative_to(home).as_posix(),
        location=path.relative_to(home.parent).as_posix(),
        delivery_id=as_at.isoformat() if as_at else "",
        as_at=as_at,
        covers_from=None,
        authority=home.name,
        refusal=refusal,
    )


def _with_distinct_names(files: list[DeliveredFile], authority: str, home: Path) -> list[DeliveredFile]:
    """The files; a loose one with the name of a file in a folder has the name `./<name>`."""
    in_folders = {file.name for file in files if "/" in file.location.removeprefix(f"{authority}/")}
    return [
        replace(file, name=f"./{file.name}") if file.path.parent == home and file.name in in_folders else file
        for file in files
    ]


def _entries(raw: Path) -> list[Entry]:
    """What is in the drop zone, without the names that start with _ or a dot."""
    entries = list_folder(raw) if raw.is_dir() else []
    return [
        entry
        for entry in entries
        if entry.path.name[0] not in "_." and not IGNORED_NAMES.fullmatch(entry.path.name)
    ]
