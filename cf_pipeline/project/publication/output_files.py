"""The files of an output form: one is written again only where what it is made from is another.

Belongs here: what decides a file, and whether it is there as it was written. Does not belong here: what is in
a file (`cf_pipeline/outputs`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.project.input_hash import product_hash
from cf_pipeline.project.lake_layout import TableKey, table_path
from cf_pipeline.project.parquet_table import DamagedTableError, read_table
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.settings import Settings

FILES = table_contract("outputs/files")
LIBRARIES = ("jinja2", "markupsafe", "xlsxwriter")
"""The libraries that write the files; those that decide figures are a part of the product's hash."""


class OutputFiles:
    """The files of one form: those that a run left, and those of this run."""

    def __init__(self, settings: Settings, key: TableKey) -> None:
        """`key`: the table of the form's files."""
        self._outputs = settings.outputs
        self._rows: list[dict[str, object]] = []
        path = table_path(settings.lake, key)
        found = FILES.empty()
        if path.exists():
            with suppress(DamagedTableError):  # every file is written again, and so is the table
                found = read_table(path, key)
        self._left = dict(
            zip(found["path"], zip(found["sources_hash"], found["sha256"], strict=True), strict=True)
        )

    def write_file(self, slug: str, file_name: str, sources_hash: str, render: Callable[[], bytes]) -> None:
        """The file of an authority: the one that is there if it was made from the same, else a new one.

        Args:
            slug: the authority's.
            file_name: its path below the authority's folder.
            sources_hash: of all that the file is made from, as `hash_sources` gives it.
            render: makes the content; not called where the file stays.
        """
        self._write(
            self._outputs / slug / file_name, (authority(slug).authority_code, slug), sources_hash, render
        )

    def write_common_file(self, file_name: str, sources_hash: str, render: Callable[[], bytes]) -> None:
        """The file that is of no authority; otherwise as `write_file`."""
        self._write(self._outputs / file_name, ("", ""), sources_hash, render)

    def _write(
        self, path: Path, of_whom: tuple[str, str], sources_hash: str, render: Callable[[], bytes]
    ) -> None:
        content = path.read_bytes() if path.is_file() else b""
        if self._left.get(str(path)) != (sources_hash, _sha256(content)):
            content = render()
            write_private(path, content)
        self._rows.append(_row(of_whom, path, content, sources_hash))

    def table(self) -> pd.DataFrame:
        """The files of this run, one row a file."""
        return FILES.frame(self._rows)


def hash_sources(rows: str, wording_limits: Mapping[str, float]) -> str:
    """SHA-256 (hex) of all that decides a file: the rows, the words' limits, the product and its libraries.

    Args:
        rows: the hash of the rows it shows.
        wording_limits: the council's.
    """
    versions = [metadata.version(name) for name in LIBRARIES]
    return _sha256(repr([rows, sorted(wording_limits.items()), versions, product_hash()]).encode())


def hash_tables(tables: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 (hex) of every cell of some small tables."""
    cells = {
        name: [list(frame.columns), frame.astype(object).to_numpy().tolist()]
        for name, frame in sorted(tables.items())
    }
    return _sha256(repr(cells).encode())


def _row(of_whom: tuple[str, str], path: Path, content: bytes, sources_hash: str) -> dict[str, Any]:
    return {
        "authority_code": of_whom[0],
        "slug": of_whom[1],
        "path": str(path),
        "bytes": len(content),
        "sha256": _sha256(content),
        "sources_hash": sources_hash,
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
