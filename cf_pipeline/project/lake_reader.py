"""Read the lake's tables: the one way to them for the command line, and for the steps of Dagster.

Belongs here: whether a table is there, and what it means when it is missing or damaged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from cf_pipeline.errors import PlainError
from cf_pipeline.project.lake_layout import TableKey, authorities_with, table_path
from cf_pipeline.project.parquet_table import DamagedTableError, read_attributes, read_table
from cf_pipeline.project.runs.good_run import remove_good_run
from cf_pipeline.project.runs.last_run import remove_last_run
from cf_pipeline.project.settings import Settings

if TYPE_CHECKING:
    from upath import UPath

T = TypeVar("T")


class MissingTableError(PlainError):
    """A table that no run has written yet."""

    def __init__(self, key: TableKey, authority: str | None) -> None:
        owner = f" of {authority}" if authority else ""
        super().__init__(f"{'/'.join(key)}{owner} has not been made yet; `cf-pipeline run` makes it.")


class LakeReader:
    """The tables of one project's lake."""

    def __init__(self, settings: Settings) -> None:
        """`settings` name the lake, and the data folder that holds the state of the last run."""
        self._settings = settings

    def has(self, key: TableKey, authority: str | None = None) -> bool:
        """Whether the table has been written."""
        return bool(table_path(self._settings.lake, key, authority).exists())

    def authorities_with(self, key: TableKey) -> list[str]:
        """Every authority that has a table of this key, sorted by name."""
        return authorities_with(self._settings.lake, key)

    def read(self, key: TableKey, authority: str | None = None) -> pd.DataFrame:
        """The table, with its contract's types.

        A damaged table also removes the record of the last good run of its authority (of all, where it is a
        table of all): the next `cf-pipeline run` then makes its tables again, delivered anew or not.

        Args:
            key: which table.
            authority: whose part of it; None for a table of all authorities.

        Raises:
            AuthorityNameError: the name cannot be an authority's.
            DamagedTableError: the file is no Parquet any more.
            MissingTableError: no run has written it.
        """
        return self._read(read_table, key, authority)

    def read_categories(self, key: TableKey, authority: str | None = None) -> pd.DataFrame:
        """The table as `read` gives it, its columns of text as categories: a tenth of the time."""
        return self._read(partial(read_table, has_categories=True), key, authority)

    def read_attributes(self, key: TableKey, authority: str | None = None) -> dict[str, Any]:
        """The attributes of the table, without its rows; errors as of `read`."""
        return self._read(read_attributes, key, authority)

    def hash_files(self, keys: Iterable[TableKey], authority: str | None = None) -> str:
        """SHA-256 (hex) over the files of the tables, byte for byte; a table that is not there counts too."""
        digest = hashlib.sha256()
        for key in keys:
            path = table_path(self._settings.lake, key, authority)
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
            digest.update(f"{key}{content}\n".encode())
        return digest.hexdigest()

    def find(self, key: TableKey, authority: str | None = None) -> pd.DataFrame | None:
        """The table as `read` gives it, or None when no run has written it."""
        return self.read(key, authority) if self.has(key, authority) else None

    def _read(self, read: Callable[[UPath, TableKey], T], key: TableKey, authority: str | None) -> T:
        path = table_path(self._settings.lake, key, authority)
        if not path.exists():
            raise MissingTableError(key, authority)
        try:
            return read(path, key)
        except DamagedTableError:
            with suppress(OSError):  # whoever may read alone learns of the damage too
                remove_good_run(self._settings.lake, authority)
                remove_last_run(self._settings.data)
            raise
