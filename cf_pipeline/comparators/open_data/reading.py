"""Files of raw/_reference/ read: recognised by their columns and words, whatever they are called.

A file of unknown shape is refused by name in one sentence and the rest is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import OPEN_DATA, Dataset, catalogue, plain
from cf_pipeline.comparators.open_data.extract import KEY, VALUES, Extract
from cf_pipeline.comparators.open_data.places import MANDATORY
from cf_pipeline.comparators.open_data.table import UnknownShapeError, read_table
from cf_pipeline.ingest.files.unreadable import UnreadableError
from cf_pipeline.ingest.refusals import escape_invisible, refusal_sentence

_NOBODYS = re.compile(r"^(?:\.|~\$|thumbs\.db$|readme)", re.IGNORECASE)


@dataclass(frozen=True)
class OpenData:
    """What was read: `rows` (VALUES), `refusals` (a sentence each file not used), `notes` (what was left)."""

    rows: pd.DataFrame
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_folder(folder: Path) -> OpenData:
    """Every file below a folder, in the order of their names; nothing when there is no such folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    read: list[OpenData] = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if not any(_NOBODYS.match(part) for part in path.relative_to(folder).parts):
            read.append(_read_or_refused(path, name, f"raw/{folder.name}/{name}"))
    rows = pd.concat([no_values(), *(each.rows for each in read)], ignore_index=True)
    return OpenData(
        rows,
        [sentence for each in read for sentence in each.refusals],
        [*(sentence for each in read for sentence in each.notes), *_disagreements(rows)],
    )


def read_file(path: Path, name: str = "") -> OpenData:
    """The values of one file, `name` kept with each.

    Raises:
        UnreadableError: it cannot be opened.
        UnknownShapeError: it is no table we know, or yields nothing; the message says what to do.
    """
    table = read_table(path)
    known = catalogue()
    headers = {plain(header): header for header in reversed(table.columns)}
    candidates = [dataset for dataset in known.datasets.values() if _fits(dataset, headers)]
    if not candidates:
        raise UnknownShapeError(
            "its columns are of no published table that is known here; take it out, or add the spelling of "
            "its columns to datasets.toml as docs/comparators.md says"
        )
    extracts = [Extract(table, dataset, headers, known) for dataset in candidates]
    best = max(extracts, key=lambda extract: len(extract.found))
    if not best.found:
        raise UnknownShapeError(
            "its columns are known and its categories are not; add their spelling to datasets.toml as "
            "docs/comparators.md says"
        )
    rows, notes = best.values(escape_invisible(name or path.name))
    return OpenData(rows, [], notes)


def _read_or_refused(path: Path, name: str, where: str) -> OpenData:
    sentence = ""
    try:
        return read_file(path, name)
    except UnreadableError as error:
        sentence = refusal_sentence(where, error.kind)
    except UnknownShapeError as error:
        sentence = f"{escape_invisible(where)}: {error}"
    return OpenData(no_values(), [sentence])


def _fits(dataset: Dataset, headers: Mapping[str, str]) -> bool:
    needed = [*dataset.known_by, *(MANDATORY if dataset.layout == OPEN_DATA else ())]
    return all(dataset.column(role, headers) is not None for role in needed)


def _disagreements(rows: pd.DataFrame) -> list[str]:
    """Files of one data set and release that do not say the same: the one first by name is used."""
    keys = [*KEY, "dataset", "released"]
    first = rows.drop_duplicates(keys)
    pairs = rows.merge(first, on=keys, suffixes=("", "_first"))
    is_same_value = pairs["value"].eq(pairs["value_first"]).fillna(False).astype(bool)
    is_same_symbol = pairs["symbol"].eq(pairs["symbol_first"]).fillna(False).astype(bool)
    apart = pairs[~is_same_value & ~is_same_symbol]
    counts = apart.groupby(["file", "file_first"], as_index=False).agg(figures=("kpi_id", "size"))
    return [
        f"{row.file}: {row.figures} figures are not those of {row.file_first}, of the same release; "
        f"{row.file_first} is used. Take one out."
        for row in counts.itertuples()
    ]


def no_values() -> pd.DataFrame:
    """An empty table of values."""
    return pd.DataFrame(columns=list(VALUES)).astype(VALUES)
