"""A second lake in the lake: histories and figures made with another key, to take the place of the first's.

Tables up to the cleaned ones hold ids and no pseudonym. They stay, and the second lake has copies of those
that a history is made from: no file of a delivery is read again, and none needs to be there.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.operations.privacy.pseudonym_pairs import replace_pseudonyms
from cf_pipeline.project import id_key, lake_layout
from cf_pipeline.project.lake_layout import SET_ASIDE_SUFFIX, SUFFIX, TableKey, lake_folder, table_path
from cf_pipeline.project.lake_reader import LakeReader
from cf_pipeline.project.private_files import private_folder, write_private
from cf_pipeline.project.settings import Settings

if TYPE_CHECKING:
    from upath import UPath

FOLDER = "new_key"
PSEUDONYMOUS = ("core", "kpi", "worklists")
"""The layers with pseudonyms: the second lake's take the place of the first's."""
SOURCES = ("clean", "reference")
"""The layers from which those are made."""
PAST = (lake_layout.REPORTED, lake_layout.REVISIONS)
"""What was published when, and what became of it: no later run can tell."""
OF_THE_KEY = ("edition", "change_no", "member_no", "item_no")
"""Columns that move with the key: a hash, and numbers of rows that stand in the order of pseudonyms."""


def second_settings(settings: Settings, key: str) -> Settings:
    """The settings of the project with the second lake and another key."""
    return replace(settings, lake=str(lake_folder(settings.lake) / FOLDER), id_key=key.encode())


def prepare_second_lake(settings: Settings, second: Settings, slugs: Collection[str]) -> None:
    """Make the second lake with what histories are made from, and what was published when.

    Raises:
        MachineError: the disk is full or fails.
    """
    remove_second_lake(settings)
    first = lake_folder(settings.lake)
    for layer in SOURCES:
        _copy(first / layer, lake_folder(second.lake) / layer)
    for key in PAST:
        for slug in slugs:
            path = table_path(settings.lake, key, slug)
            if path.exists():
                _copy(path, table_path(second.lake, key, slug))


def find_differences(settings: Settings, second: Settings, slug: str, pairs: Mapping[str, str]) -> list[str]:
    """The tables of an authority that are not the same in both lakes but for their pseudonyms, by name.

    Args:
        settings: with the first lake.
        second: with the second.
        slug: the authority's.
        pairs: as `find_pseudonym_pairs` gives them.
    """
    before, after = LakeReader(settings), LakeReader(second)
    return [
        "/".join(key)
        for key in _tables_of(second.lake, slug)
        if (old := before.find(key, slug)) is not None
        and not _is_same(replace_pseudonyms(old, pairs), replace_pseudonyms(after.read(key, slug), {}))
    ]


def put_second_lake_in_place(settings: Settings) -> None:
    """Replace the layers with pseudonyms; after a kill it may be called again.

    In an object store the second lake stays, because nothing is moved there in one step.
    """
    first = lake_folder(settings.lake)
    for name in (*PSEUDONYMOUS, id_key.FILE):
        source, target = first / FOLDER / name, first / name
        if not source.exists():
            continue
        if isinstance(source, Path):
            _remove(target)
            source.rename(target)
        else:
            _copy(source, target)
            _remove_others(source, target)


def remove_second_lake(settings: Settings) -> None:
    """Remove what is left of the second lake."""
    _remove(lake_folder(settings.lake) / FOLDER)


def _tables_of(lake: str, slug: str) -> Iterator[TableKey]:
    for layer in PSEUDONYMOUS:
        folder = lake_folder(lake) / layer
        for table in sorted(folder.iterdir(), key=str) if folder.exists() else ():
            if (table / f"{slug}{SUFFIX}").exists():
                yield layer, table.name


def _is_same(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether two tables have the same rows, in whatever order."""
    old, new = (frame.drop(columns=list(OF_THE_KEY), errors="ignore") for frame in (old, new))
    if len(old) != len(new) or set(old) != set(new):
        return False
    before, after = (
        np.sort(pd.util.hash_pandas_object(frame[list(old)], index=False).to_numpy()) for frame in (old, new)
    )
    return bool(np.array_equal(before, after))


def _copy(source: UPath, target: UPath) -> None:
    """Copy a file, or a folder with all that is in it but tables that were set aside."""
    if source.is_dir():
        for each in source.iterdir():
            _copy(each, target / each.name)
    elif source.exists() and not source.name.endswith(SET_ASIDE_SUFFIX):
        if isinstance(target, Path):
            private_folder(target.parent)
            write_private(target, source.read_bytes())
        else:
            target.write_bytes(source.read_bytes())


def _remove(path: UPath) -> None:
    if isinstance(path, Path) and path.is_dir():
        shutil.rmtree(path)
    elif path.is_dir():
        path.rmdir(recursive=True)
    else:
        path.unlink(missing_ok=True)


def _remove_others(source: UPath, target: UPath) -> None:
    """Remove the files of a folder that another one does not have."""
    if target.is_dir():
        for each in target.iterdir():
            _remove_others(source / each.name, each)
    elif not source.exists():
        target.unlink(missing_ok=True)
