"""Headers that belong to no column of their list, each with our best guess, for the council to decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from cf_pipeline.contracts.header_words import header_words, squash
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.header_rows import Headers
from cf_pipeline.ingest.tables.redact import NOT_SHOWN, shown_header

UNMATCHED = table_contract("ingested/unmatched_headers")
WORTH_SAYING = 60
"""rapidfuzz ratio from which the nearest column is worth a guess; a guess is shown and never acted on."""


@dataclass(frozen=True)
class UnmatchedHeader:
    """One header that is no column of its list: `rows` filled below it, `guess` the nearest free column."""

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
    """The headers at none of `positions`, with the rows of `rows` (first, end) that are filled below them."""
    taken = {at for found in positions.values() for at in found}
    free = [name for name in contract.column_names if name not in positions]
    as_at = None if file.as_at is None else pd.Timestamp(file.as_at)
    unmatched = []
    for at, header in enumerate(headers):
        if header and at not in taken:
            shown = shown_header(header)
            unmatched.append(
                UnmatchedHeader(
                    file.delivery_id,
                    as_at,
                    file.name,
                    sheet.name,
                    contract.name,
                    shown,
                    int(np.count_nonzero(sheet.codes[at][rows[0] : rows[1]] >= 0)),
                    "" if shown == NOT_SHOWN else _nearest(contract, header, free),
                )
            )
    return unmatched


def unmatched_frame(found: Iterable[UnmatchedHeader]) -> pd.DataFrame:
    """The unmatched headers as a frame in the columns of `UNMATCHED`."""
    return UNMATCHED.frame(asdict(header) for header in found)


def _nearest(contract: ListContract, header: str, free: Collection[str]) -> str:
    _, _, spellings = header_words(contract.name)
    written = {alias: column for column in free for alias in spellings[column]}
    best = process.extractOne(squash(header), written.keys(), scorer=fuzz.ratio, score_cutoff=WORTH_SAYING)
    return written[best[0]] if best else ""
