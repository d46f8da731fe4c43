"""The data-quality workbook of files that are checked before they are delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd

from cf_pipeline.outputs.workbook.data_quality import DataQuality, write_data_quality_workbook


def write_check_workbook(path: Path, files: Mapping[str, DataQuality]) -> None:
    """Write one workbook about all the files; without children, whose pseudonyms need the key.

    Args:
        path: where to.
        files: the file as it was named to `check` -> what was found in it. Where two files have one name, the
            workbook calls them by the whole of it.
    """
    is_one = len({Path(name).name for name in files}) == len(files)
    found = [each if is_one else _named(name, each) for name, each in files.items()]
    if found:
        together = {
            one.name: pd.concat([getattr(each, one.name) for each in found], ignore_index=True)
            for one in fields(DataQuality)
        }
        write_data_quality_workbook(path, DataQuality(**together))


def without_date(found: DataQuality) -> DataQuality:
    """The same, belonging to no delivery yet: the date it was checked on is not its as-at date."""
    return _with(found, delivery_id="", as_at=pd.Series(pd.NaT, dtype="datetime64[us]"))


def _named(name: str, found: DataQuality) -> DataQuality:
    return _with(found, file=name)


def _with(found: DataQuality, **columns: str | pd.Series[pd.Timestamp]) -> DataQuality:
    return replace(
        found,
        issues=found.issues.assign(**columns),
        row_ledger=found.row_ledger.assign(**columns),
        manifest=found.manifest.assign(**columns),
        quarantine=found.quarantine.assign(**columns),
    )
