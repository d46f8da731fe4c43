"""Headers that belong to no column of their list, each with a guess, for the council to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.contracts.words.headers import squash
from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.guess_columns import guess_columns, texts_below
from cf_pipeline.ingest.tables.header_rows import Headers
from cf_pipeline.ingest.tables.other_authority import AUTHORITY_HEADER
from cf_pipeline.ingest.tables.redact import REDACTED, redact_header

UNMATCHED = table_contract("ingested/unmatched_headers")


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

    A column that names the authority of each row is read, so its header is none of them.

    `rows` are the first row (0-based) of the list and the first row after it; None: to the end of the sheet.
    """
    used = {position for several in positions.values() for position in several}
    as_at = None if file.as_at is None else pd.Timestamp(file.as_at)
    unmatched = [
        (at, header)
        for at, header in enumerate(headers)
        if header and at not in used and not AUTHORITY_HEADER.fullmatch(squash(header))
    ]
    below = slice(*rows)
    cells = {
        header: texts_below(sheet.texts[at], sheet.codes[at][below])
        for at, header in unmatched
        if redact_header(header) != REDACTED
    }
    guesses = guess_columns(contract, positions, cells)
    return [
        UnmatchedHeader(
            file.delivery_id,
            as_at,
            file.name,
            sheet.shown_name,
            contract.name,
            redact_header(header),
            int(np.count_nonzero(sheet.codes[at][below] >= 0)),
            guesses.get(header, ""),
        )
        for at, header in unmatched
    ]


def unmatched_frame(headers: Iterable[UnmatchedHeader]) -> pd.DataFrame:
    """The unmatched headers as a frame in the columns of `UNMATCHED`."""
    return UNMATCHED.frame(map(vars, headers))
