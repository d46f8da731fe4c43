"""Every release that was made: what anybody may have read, and the figures that it was made from.

What was released once is known for good, so the next release has to hide what both together would tell. The
archive is no cache: it cannot be made again, and a backup has to hold it. It lies in
`data/releases/<audience>/<authority>/<number>/`, for its owner alone.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from cf_pipeline.contracts.tables import TableContract
from cf_pipeline.disclosure.policy import DisclosureError
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.project.lake_layout import check_slug
from cf_pipeline.project.private_files import private_folder, write_private
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

FOLDER = "releases"
RECORD = "release.json"
FACTS: TableContract = PUBLISHED.contracts["fact_kpi_quarterly"]


@dataclass(frozen=True)
class ReleaseArchive:
    """The releases under the data folder of a project."""

    data: Path

    def numbers(self, audience: str, slug: str) -> list[int]:
        """The numbers of the releases of an authority to an audience, from the first on."""
        folder = self._folder(audience, slug)
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted(int(path.name) for path in found if path.name.isdigit() and (path / RECORD).is_file())

    def read_record(self, audience: str, slug: str, number: int) -> dict[str, Any]:
        """What a release was made under: threshold, policy_hash, figures_version, released_at.

        Raises:
            DisclosureError: it cannot be read.
        """
        path = self._folder(audience, slug) / str(number) / RECORD
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict):
            raise _unreadable(path)
        return found

    def releases(self, audience: str, slug: str) -> list[Release]:
        """What everybody knows from the releases of an authority to an audience, the oldest first.

        Raises:
            DisclosureError: one cannot be read: without it nobody knows what was said.
        """
        found = []
        for number in self.numbers(audience, slug):
            folder = self._folder(audience, slug) / str(number)
            published, figures = (_read(folder / f"{name}.parquet") for name in ("published", "figures"))
            found.append(Release(f"{audience} {number}", published, figures, audience))
        return found

    def add(self, audience: str, slug: str, release: Release, record: Mapping[str, object]) -> int:
        """Keep a release; returns its number. It counts as made as soon as its record is there."""
        number = max(self.numbers(audience, slug), default=0) + 1
        folder = self._folder(audience, slug) / str(number)
        if folder.exists():  # left by a process that was killed before it wrote the record
            shutil.rmtree(folder)
        private_folder(folder)
        for name, frame in (("published", release.published), ("figures", release.figures)):
            content = io.BytesIO()
            frame[FACTS.column_names].to_parquet(content, index=False)
            write_private(folder / f"{name}.parquet", content.getvalue())
        write_private(folder / RECORD, json.dumps(dict(record), indent=1, sort_keys=True) + "\n")
        return number

    def _folder(self, audience: str, slug: str) -> Path:
        return self.data / FOLDER / audience / check_slug(slug)


def _read(path: Path) -> pd.DataFrame:
    try:
        frame = FACTS.cast(pd.read_parquet(path))
        return frame.astype(dict.fromkeys(frame.select_dtypes("Float64"), "float64"))
    except (OSError, ValueError, KeyError, pa.ArrowException):
        pass
    raise _unreadable(path)


def _unreadable(path: Path) -> DisclosureError:
    return DisclosureError(
        f"{path} cannot be read: an earlier release is not known, and what both would tell cannot be "
        "hidden; bring it back from a backup and release again; nothing was released."
    )
