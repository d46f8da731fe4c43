"""Reads the files of raw/_reference/, recognised by their columns and words, whatever their names.

A file of unknown shape is refused by name in one sentence, and the others are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import OPEN_DATA, Dataset, catalogue, normalise_header
from cf_pipeline.comparators.open_data.extract import KEY, VALUES, Extract
from cf_pipeline.comparators.open_data.places import MANDATORY_COLUMNS
from cf_pipeline.comparators.open_data.table import UnknownShapeError, read_table
from cf_pipeline.ingest.files.unreadable import UnreadableError
from cf_pipeline.ingest.refusals import escape_invisible, refusal_sentence

_IGNORED_FILES = re.compile(r"^(?:\.|~\$|thumbs\.db$|readme)", re.IGNORECASE)


@dataclass(frozen=True)
class OpenData:
    """Published values (VALUES), a sentence for each file refused, and one for each series left out."""

    rows: pd.DataFrame
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_folder(folder: Path) -> OpenData:
    """The values of every file below a folder, in the order of their names; none without such a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    files: list[OpenData] = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if not any(_IGNORED_FILES.match(part) for part in path.relative_to(folder).parts):
            files.append(_read_or_refuse(path, name, f"raw/{folder.name}/{name}"))
    rows = pd.concat([no_values(), *(file.rows for file in files)], ignore_index=True)
    return OpenData(
        rows,
        [sentence for file in files for sentence in file.refusals],
        [*(sentence for file in files for sentence in file.notes), *_disagreements(rows)],
    )


def read_file(path: Path, name: str = "") -> OpenData:
    """The values of one file.

    Args:
        path: of the file.
        name: that is kept with each value; the file's own when empty.

    Raises:
        UnreadableError: the file cannot be opened.
        UnknownShapeError: the file is no table of the catalogue, or has no usable value; the message says
            what to do.
    """
    table = read_table(path)
    data_sets = catalogue()
    headers = {normalise_header(header): header for header in reversed(table.columns)}
    candidates = [dataset for dataset in data_sets.datasets.values() if _has_columns(dataset, headers)]
    if not candidates:
        raise UnknownShapeError(
            "its columns are of no published table that is known here; take it out, or add the spelling of "
            "its columns to datasets.toml as docs/comparators.md says"
        )
    extracts = [Extract(table, dataset, headers, data_sets) for dataset in candidates]
    best = max(extracts, key=lambda extract: len(extract.series_rows))
    if not best.series_rows:
        raise UnknownShapeError(
            "its columns are known and its categories are not; add their spelling to datasets.toml as "
            "docs/comparators.md says"
        )
    rows, notes = best.values(escape_invisible(name or path.name))
    return OpenData(rows, [], notes)


def _read_or_refuse(path: Path, name: str, shown_path: str) -> OpenData:
    sentence = ""
    try:
        return read_file(path, name)
    except UnreadableError as error:
        sentence = refusal_sentence(shown_path, error.kind)
    except UnknownShapeError as error:
        sentence = f"{escape_invisible(shown_path)}: {error}"
    return OpenData(no_values(), [sentence])


def _has_columns(dataset: Dataset, headers: Mapping[str, str]) -> bool:
    """Whether a file with these headers may be the data set."""
    needed = [*dataset.identifying_columns, *(MANDATORY_COLUMNS if dataset.layout == OPEN_DATA else ())]
    return all(dataset.find_header(role, headers) is not None for role in needed)


def _disagreements(rows: pd.DataFrame) -> list[str]:
    """A sentence for each file that differs from another of the same data set and release, which is used."""
    keys = [*KEY, "dataset", "released"]
    first = rows.drop_duplicates(keys)
    pairs = rows.merge(first, on=keys, suffixes=("", "_first"))
    is_same_value = pairs["value"].eq(pairs["value_first"]).fillna(False).astype(bool)
    is_same_symbol = pairs["symbol"].eq(pairs["symbol_first"]).fillna(False).astype(bool)
    different = pairs[~is_same_value & ~is_same_symbol]
    counts = different.groupby(["file", "file_first"], as_index=False).agg(figures=("kpi_id", "size"))
    return [
        f"{row.file}: {row.figures} figures are not those of {row.file_first}, of the same release; "
        f"{row.file_first} is used. Take one out."
        for row in counts.itertuples()
    ]


def no_values() -> pd.DataFrame:
    """A table of values (VALUES) without rows."""
    return VALUES.empty()
