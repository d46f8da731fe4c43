"""Rows that may be a list's headers: one row, or two that say a header between them.

A merged cell holds its text in its first cell only, so the upper of two rows is carried to the right: within
its merged range where the file tells of merges, else over the blank cells after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.ingest.tables.match_headers import NOTHING_OWN, matched

Headers = tuple[str | None, ...]
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""
ENOUGH_TO_GUESS = 2
"""Columns that a row must have for certain before its other headers are guessed."""


@dataclass(frozen=True)
class Fit:
    """Rows read as a list's headers: the last and the first of them (0-based), texts, column -> positions."""

    row: int
    top: int
    headers: Headers
    positions: dict[str, list[int]]


def header_fits(
    contract: ListContract,
    rows: Sequence[Sequence[str | None]],
    merged: Sequence[Range] = (),
    *,
    guess: bool = False,
    own: Mapping[str, str] = NOTHING_OWN,
) -> list[Fit]:
    """Every row, and every two rows that know more columns together than either alone, with a match."""
    width = max((len(cells) for cells in rows), default=0)
    single = [
        _fit(contract, row, (*cells, *[None] * (width - len(cells))), guess=guess, own=own)
        for row, cells in enumerate(rows)
    ]
    fits = [fit for fit in single if fit.positions and sum(cell is not None for cell in fit.headers) > 1]
    for upper, lower in pairwise(single):
        if not (upper.positions or lower.positions) or all(cell is None for cell in upper.headers):
            continue
        both = _joined(contract, upper, lower, merged, guess=guess, own=own)
        if len(both.positions) > max(len(upper.positions), len(lower.positions)):
            fits.append(both)
    return sorted(fits, key=lambda fit: fit.row)


def _fit(contract: ListContract, row: int, headers: Headers, *, guess: bool, own: Mapping[str, str]) -> Fit:
    positions = matched(contract, headers, own=own)
    if guess and len(positions) >= ENOUGH_TO_GUESS:
        positions = matched(contract, headers, guess=True, own=own)
    return Fit(row, row, headers, positions)


def _joined(
    contract: ListContract,
    upper: Fit,
    lower: Fit,
    merged: Sequence[Range],
    *,
    guess: bool,
    own: Mapping[str, str],
) -> Fit:
    """Column by column: both texts together where that is a header, else the lower, else the upper alone."""
    above = _carried(upper.headers, upper.row, merged)
    together = tuple(
        f"{first} {second}" if first and second else None
        for first, second in zip(above, lower.headers, strict=True)
    )
    known = {at for positions in matched(contract, together, own=own).values() for at in positions}
    headers = tuple(
        together[at] if at in known else lower.headers[at] or upper.headers[at]
        for at in range(len(lower.headers))
    )
    return replace(_fit(contract, lower.row, headers, guess=guess, own=own), top=upper.row)


def _carried(headers: Headers, row: int, merged: Sequence[Range]) -> Headers:
    if merged:
        texts = list(headers)
        for first_row, first, last_row, last in merged:
            if first_row <= row <= last_row and first < len(texts):
                width = len(texts[first : last + 1])
                texts[first : last + 1] = [headers[first]] * width
        return tuple(texts)
    carried: list[str | None] = []
    for text in headers:
        carried.append(text if text or not carried else carried[-1])
    return tuple(carried)
