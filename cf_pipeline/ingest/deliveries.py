"""The files under `raw/<authority>`, and the delivery each belongs to."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cf_pipeline.contracts.authorities import SLUG, authorities
from cf_pipeline.contracts.mapping import FILE as MAPPING_FILE
from cf_pipeline.contracts.words.near_names import near_name
from cf_pipeline.ingest.as_at import name_date
from cf_pipeline.ingest.files.formats.table import has_known_ending
from cf_pipeline.ingest.files.read_file import sha256_of
from cf_pipeline.ingest.folder_dates import folder_dates, folder_names
from cf_pipeline.ingest.refusals import escape_invisible, refusal_sentence

IGNORED_NAMES = re.compile(r"~\$.*|\..*|thumbs\.db|desktop\.ini", re.IGNORECASE)
"""Files that programs leave behind: nobody delivered them, and they are not mentioned."""


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
    """

    path: Path
    name: str
    location: str
    delivery_id: str
    as_at: dt.date | None
    covers_from: dt.date | None
    authority: str = ""
    folder_names: tuple[str, ...] = ()

    @property
    def is_spreadsheet(self) -> bool:
        """Whether it has the ending of a format that is read."""
        return has_known_ending(self.path)


def find_authorities(raw: Path) -> list[str]:
    """The slugs of the authorities with a folder in `raw`, sorted; no folder that starts with _ or a dot."""
    return [folder.name for folder in _folders(raw) if SLUG.fullmatch(folder.name)]


def misnamed_folders(raw: Path) -> list[str]:
    """One plain sentence for each folder in `raw` whose name cannot be an authority's slug."""
    return [
        f"raw/{escape_invisible(folder.name)}: not the slug of an authority; "
        f"rename the folder with lower-case letters, digits and -{_slug_meant(folder.name)}"
        for folder in _folders(raw)
        if not SLUG.fullmatch(folder.name)
    ]


def _slug_meant(name: str) -> str:
    """', as in camden' for a folder that is called nearly like an authority; else ''."""
    meant = near_name(name, authorities())
    return f", as in {meant}" if meant else ""


def delivered_files(raw: Path, authority: str) -> tuple[list[DeliveredFile], list[str]]:
    """Every file under `raw/<authority>` in a stable order, and one sentence for each empty folder."""
    home = raw / authority
    files: list[DeliveredFile] = []
    refusals: list[str] = []
    for entry in sorted(home.iterdir()) if home.is_dir() else []:
        if IGNORED_NAMES.fullmatch(entry.name) or entry.name == MAPPING_FILE:
            continue
        if entry.is_symlink() or not entry.is_dir():
            files.append(_loose_file(entry, home))
            continue
        paths = sorted(_files_below(entry))
        dates = folder_dates(entry.name)
        if not any(has_known_ending(path) for path in paths):
            refusals.append(refusal_sentence(f"{authority}/{entry.name}", "empty_folder"))
        for path in paths:
            if dates is None:
                loose = _loose_file(path, home)
                files.append(replace(loose, folder_names=tuple(folder_names(entry.name))))
            else:
                name = path.relative_to(entry).as_posix()
                location = path.relative_to(raw).as_posix()
                files.append(DeliveredFile(path, name, location, entry.name, dates[1], dates[0], authority))
    if not files and not refusals:
        refusals.append(refusal_sentence(authority, "no_delivery"))
    return _with_distinct_names(files, authority, home), refusals


def fingerprint(raw: Path, authority: str) -> str:
    """A hash over the names and contents of every file of an authority: equal when nothing changed."""
    home = raw / authority
    digest = hashlib.sha256()
    for path in sorted(_files_below(home)) if home.is_dir() else []:
        content = "link" if path.is_symlink() or not path.is_file() else sha256_of(path)
        digest.update(f"{path.relative_to(home).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def _loose_file(path: Path, home: Path) -> DeliveredFile:
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
    )


def _with_distinct_names(files: list[DeliveredFile], authority: str, home: Path) -> list[DeliveredFile]:
    """The files; a loose one with the name of a file in a folder has the name `./<name>`."""
    in_folders = {file.name for file in files if "/" in file.location.removeprefix(f"{authority}/")}
    return [
        replace(file, name=f"./{file.name}") if file.path.parent == home and file.name in in_folders else file
        for file in files
    ]


def _folders(raw: Path) -> list[Path]:
    paths = sorted(raw.iterdir()) if raw.is_dir() else []
    return [path for path in paths if path.is_dir() and path.name[0] not in "_."]


def _files_below(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if IGNORED_NAMES.fullmatch(entry.name):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_below(entry)
        else:
            yield entry
