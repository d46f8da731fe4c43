"""Rows that may be a list's headers: one row, or two rows whose cells make a header together.

A merged cell holds its text in its first cell only, so the texts of the upper of two rows are repeated to the
right: within its merged ranges where the file has them, else over the blank cells after a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.ingest.tables.match_headers import NO_COUNCIL_HEADERS, match_headers

Headers = tuple[str | None, ...]
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""
FEWEST_BEFORE_GUESSING = 2
"""Columns that a row must have for certain before its other headers are guessed."""


@dataclass(frozen=True)
class HeaderFit:
    """One or two rows read as a list's headers.

    `row` is the last and `top` the first of them (0-based), `headers` their texts, `positions` the columns of
    the list with the positions of their headers.
    """

    row: int
    top: int
    headers: Headers
    positions: dict[str, list[int]]


def header_fits(
    contract: ListContract,
    rows: Sequence[Sequence[str | None]],
    merged_ranges: Sequence[Range] = (),
    *,
    guess: bool = False,
    council_headers: Mapping[str, str] = NO_COUNCIL_HEADERS,
) -> list[HeaderFit]:
    """Every row with a header of the list, and every two rows that have more together than either alone.

    `merged_ranges` are the sheet's merged ranges; `guess` and `council_headers` are those of `match_headers`.
    """
    width = max((len(cells) for cells in rows), default=0)
    single = [
        _fit_row(
            contract,
            row,
            (*cells, *[None] * (width - len(cells))),
            guess=guess,
            council_headers=council_headers,
        )
        for row, cells in enumerate(rows)
    ]
    fits = [fit for fit in single if fit.positions and sum(cell is not None for cell in fit.headers) > 1]
    for upper, lower in pairwise(single):
        if not (upper.positions or lower.positions) or all(cell is None for cell in upper.headers):
            continue
        both = _fit_two_rows(
            contract, upper, lower, merged_ranges, guess=guess, council_headers=council_headers
        )
        if len(both.positions) > max(len(upper.positions), len(lower.positions)):
            fits.append(both)
    return sorted(fits, key=lambda fit: fit.row)


def _fit_row(
    contract: ListContract, row: int, headers: Headers, *, guess: bool, council_headers: Mapping[str, str]
) -> HeaderFit:
    positions = match_headers(contract, headers, council_headers=council_headers)
    if guess and len(positions) >= FEWEST_BEFORE_GUESSING:
        positions = match_headers(contract, headers, guess=True, council_headers=council_headers)
    return HeaderFit(row, row, headers, positions)


def _fit_two_rows(
    contract: ListContract,
    upper: HeaderFit,
    lower: HeaderFit,
    merged_ranges: Sequence[Range],
    *,
    guess: bool,
    council_headers: Mapping[str, str],
) -> HeaderFit:
    """Column by column: both texts together where that is a header, else the lower, else the upper alone."""
    above = _repeat_to_the_right(upper.headers, upper.row, merged_ranges)
    together = tuple(
        f"{first} {second}" if first and second else None
        for first, second in zip(above, lower.headers, strict=True)
    )
    matches = match_headers(contract, together, council_headers=council_headers)
    known = {position for positions in matches.values() for position in positions}
    headers = tuple(
        together[position] if position in known else lower.headers[position] or upper.headers[position]
        for position in range(len(lower.headers))
    )
    fit = _fit_row(contract, lower.row, headers, guess=guess, council_headers=council_headers)
    return replace(fit, top=upper.row)


def _repeat_to_the_right(headers: Headers, row: int, merged_ranges: Sequence[Range]) -> Headers:
    if merged_ranges:
        texts = list(headers)
        for first_row, first, last_row, last in merged_ranges:
            if first_row <= row <= last_row and first < len(texts):
                width = len(texts[first : last + 1])
                texts[first : last + 1] = [headers[first]] * width
        return tuple(texts)
    repeated: list[str | None] = []
    for text in headers:
        repeated.append(text if text or not repeated else repeated[-1])
    return tuple(repeated)
