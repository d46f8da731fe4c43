"""Headers that belong to no column of their list, each with a guess, for the council to decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from cf_pipeline.contracts.header_words import header_words
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.contracts.words.headers import squash
from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.header_rows import Headers
from cf_pipeline.ingest.tables.redact import REDACTED, redact_header

UNMATCHED = table_contract("ingested/unmatched_headers")
LOWEST_GUESS_SCORE = 60
"""rapidfuzz ratio from which the nearest column is given as a guess: proposed, never acted on."""


@dataclass(frozen=True)
class UnmatchedHeader:
    """One header that is no column of its list, with the filled rows below it and the nearest free column."""

    delivery_id: str
    as_at: pd.Timestamp | None
    file: str
    sheet: str
    list: str
    header: str
    rows: int
    guess: str


def unmatched_headers(
    file: DeliveredFile,
    sheet: Sheet,
    contract: ListContract,
    headers: Headers,
    positions: Mapping[str, Sequence[int]],
    rows: tuple[int, int | None],
) -> list[UnmatchedHeader]:
    """The headers that are at none of `positions` (column -> positions of its headers).

    `rows` are the first row (0-based) of the list and the first row after it; None: to the end of the sheet.
    """
    used = {position for several in positions.values() for position in several}
    free_columns = [name for name in contract.column_names if name not in positions]
    as_at = None if file.as_at is None else pd.Timestamp(file.as_at)
    unmatched = []
    for position, header in enumerate(headers):
        if header and position not in used:
            redacted = redact_header(header)
            unmatched.append(
                UnmatchedHeader(
                    file.delivery_id,
                    as_at,
                    file.name,
                    sheet.name,
                    contract.name,
                    redacted,
                    int(np.count_nonzero(sheet.codes[position][rows[0] : rows[1]] >= 0)),
                    "" if redacted == REDACTED else _nearest_column(contract, header, free_columns),
                )
            )
    return unmatched


def unmatched_frame(headers: Iterable[UnmatchedHeader]) -> pd.DataFrame:
    """The unmatched headers as a frame in the columns of `UNMATCHED`."""
    return UNMATCHED.frame(asdict(header) for header in headers)


def _nearest_column(contract: ListContract, header: str, columns: Collection[str]) -> str:
    spellings = header_words(contract.name).spellings
    column_of = {alias: column for column in columns for alias in spellings[column]}
    best = process.extractOne(
        squash(header), column_of.keys(), scorer=fuzz.ratio, score_cutoff=LOWEST_GUESS_SCORE
    )
    return column_of[best[0]] if best else ""
