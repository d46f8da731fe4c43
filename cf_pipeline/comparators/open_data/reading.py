"""Reads the files of raw/_reference/, recognised by their columns and words, whatever their names.

A file of unknown shape is refused by name in one sentence, and the others are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import NEIGHBOURS as NEIGHBOURS_LAYOUT
from cf_pipeline.comparators.open_data.catalogue import catalogue, normalise_header
from cf_pipeline.comparators.open_data.columns import missing_columns, unknown_columns
from cf_pipeline.comparators.open_data.extract import KEY, VALUES, Extract
from cf_pipeline.comparators.open_data.neighbours import NEIGHBOURS, read_neighbours
from cf_pipeline.comparators.open_data.table import UnknownShapeError, read_table
from cf_pipeline.errors import escape_invisible
from cf_pipeline.ingest.files.listing import walk_folder
from cf_pipeline.ingest.files.unreadable import UnreadableError
from cf_pipeline.ingest.refusals import refusal_sentence

_IGNORED_FILES = re.compile(r"^(?:\.|~\$|thumbs\.db$|readme)", re.IGNORECASE)


@dataclass(frozen=True)
class OpenData:
    """What published files hold.

    rows: published values (VALUES). refusals: a sentence for each file or column refused. notes: one for each
    thing left out. neighbours: of the newest table of statistical neighbours (NEIGHBOURS).
    """

    rows: pd.DataFrame
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    neighbours: pd.DataFrame = field(default_factory=NEIGHBOURS.empty)


def read_folder(folder: Path) -> OpenData:
    """The values of every file below a folder, in the order of their names; none without such a folder."""
    files: list[OpenData] = []
    for entry in walk_folder(folder):
        parts = entry.path.relative_to(folder).parts
        if entry.kind == "folder" or any(_IGNORED_FILES.match(part) for part in parts):
            continue
        name = "/".join(parts)
        shown_path = f"raw/{folder.name}/{name}" if name else f"raw/{folder.name}"
        if entry.kind == "closed" or entry.path == folder:
            kind = "closed_folder" if entry.kind == "closed" else "linked_folder"
            files.append(OpenData(no_values(), [refusal_sentence(shown_path, kind)]))
        else:
            files.append(_read_or_refuse(entry.path, name, shown_path))
    rows = pd.concat([no_values(), *(file.rows for file in files)], ignore_index=True)
    return OpenData(
        rows,
        [sentence for file in files for sentence in file.refusals],
        [*(sentence for file in files for sentence in file.notes), *_disagreements(rows)],
        _newest([file.neighbours for file in files]),
    )


def read_file(path: Path, name: str = "") -> OpenData:
    """The values of one file.

    Args:
        path: of the file.
        name: that is kept with each value; the file's own when empty.

    Returns:
        The values; in `refusals` a sentence on the columns that are missing, in `notes` what is left out.

    Raises:
        UnreadableError: the file cannot be opened.
        UnknownShapeError: the file is no table of the catalogue, or has no usable value; the message says
            what to do.
    """
    table = read_table(path)
    name, data_sets = escape_invisible(name or path.name), catalogue()
    headers = {normalise_header(header): header for header in reversed(table.columns)}
    candidates = [dataset for dataset in data_sets.datasets.values() if not missing_columns(dataset, headers)]
    if not candidates:
        raise UnknownShapeError(unknown_columns(data_sets, headers))
    # Of two tables with these columns the one that is known by more of them: 'cla_group' and a number are
    # also columns of the table of missing children.
    most = max(len(dataset.identifying_columns) for dataset in candidates)
    candidates = [dataset for dataset in candidates if len(dataset.identifying_columns) == most]
    if candidates[0].layout == NEIGHBOURS_LAYOUT:
        return OpenData(no_values(), neighbours=read_neighbours(table, headers, name))
    if not any(dataset.is_used for dataset in candidates):
        title = candidates[0].words_for_people
        return OpenData(no_values(), [], [f"{name}: no figure here is compared with this table ({title})."])
    extracts = [Extract(table, dataset, headers, data_sets) for dataset in candidates]
    best = max(extracts, key=lambda extract: len(extract.series_rows))
    if not best.series_rows:
        tables = " or ".join(dataset.words_for_people for dataset in candidates)
        raise UnknownShapeError(
            f"its columns are known ({tables}) and its categories are not; add their spelling to "
            "datasets.toml as docs/comparators.md says"
        )
    rows, notes = best.values(name)
    return OpenData(rows, best.missing_columns(), notes)


def _read_or_refuse(path: Path, name: str, shown_path: str) -> OpenData:
    sentence = ""
    try:
        read = read_file(path, name)
        refusals = [f"{escape_invisible(shown_path)}: {sentence}" for sentence in read.refusals]
        return replace(read, refusals=refusals)
    except UnreadableError as error:
        sentence = refusal_sentence(shown_path, error.kind)
    except UnknownShapeError as error:
        sentence = f"{escape_invisible(shown_path)}: {error}"
    return OpenData(no_values(), [sentence])


def _newest(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Of several tables of neighbours the one whose file names the newest year; of equals the last."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return NEIGHBOURS.empty()
    return max(enumerate(filled), key=lambda entry: (_year_named(entry[1]["file"].iloc[0]), entry[0]))[1]


def _year_named(file: str) -> int:
    return max(map(int, re.findall(r"(?<!\d)(20\d{2})(?!\d)", file)), default=0)


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
