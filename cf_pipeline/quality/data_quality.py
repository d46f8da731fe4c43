"""What was found wrong: the frames of one authority, or of files checked before they are delivered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class DataQuality:
    """The frames behind a data-quality workbook, of one authority or of the files that are checked.

    `issues`: one row an issue, with person_ref and child_id where children are known
    (`history.issues_by_child`). `row_ledger`: rows read, loaded, quarantined and superseded of every file and
    list. `manifest`: every file received, refused and ignored ones included. `quarantine`: rows set aside.
    `proposals`: headers and wordings that fit nothing, each with the line of the council's mapping that
    settles it (`quality.mapping_proposals`).
    """

    issues: pd.DataFrame
    row_ledger: pd.DataFrame
    manifest: pd.DataFrame
    quarantine: pd.DataFrame
    proposals: pd.DataFrame

    @property
    def knows_children(self) -> bool:
        """Whether the issues have the child they are about."""
        return "person_ref" in self.issues.columns


def combine_files(files: Mapping[str, DataQuality]) -> DataQuality:
    """The findings of several checked files as one.

    Where two files have the same name, each is named by its whole path.

    Args:
        files: path as it was given to `check` -> its findings; at least one.
    """
    names_differ = len({Path(path).name for path in files}) == len(files)
    parts = [quality if names_differ else _set_columns(quality, file=path) for path, quality in files.items()]
    frames = {
        part.name: pd.concat([getattr(quality, part.name) for quality in parts], ignore_index=True)
        for part in fields(DataQuality)
    }
    return DataQuality(**frames)


def without_date(quality: DataQuality) -> DataQuality:
    """The same findings of no delivery and no as-at date, for a file whose date is not known yet."""
    return _set_columns(quality, delivery_id="", as_at=_no_dates)


def _no_dates(rows: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    return pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")


def _set_columns(
    quality: DataQuality, **columns: str | Callable[[pd.DataFrame], pd.Series[Any]]
) -> DataQuality:
    return replace(
        quality,
        issues=quality.issues.assign(**columns),
        row_ledger=quality.row_ledger.assign(**columns),
        manifest=quality.manifest.assign(**columns),
        quarantine=quality.quarantine.assign(**columns),
    )
