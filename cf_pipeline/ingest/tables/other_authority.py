"""A file of several councils: a column that names authorities tells whose row each is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.authority_names import find_authorities
from cf_pipeline.contracts.words.absence import is_blank_or_not_known
from cf_pipeline.contracts.words.headers import squash
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.recognise import ListTable

_WHO = "la|lea|localauthority|localeducationauthority|authority|council|lad|utla|ons|gss|dfe"
AUTHORITY_HEADER = re.compile(
    rf"({_WHO})(name|code|number|no|id|gsscode|onscode)?"
    r"|(new|old|ons|gss|dfe)(la|lea|localauthority)(code|number|no|name)?"
    r"|nameof(la|localauthority|council)|responsible(la|localauthority|authority)(name|code|number)?"
)
"""Headers of a column that names the authority of a row; `LA of Placement` is a column of a list."""


@dataclass(frozen=True)
class AuthorityRows:
    """The rows (0-based) of a list that a column of authorities does not give to the authority of the file.

    `others` name another authority. `unknown` have a wording that is no authority's, or that joins this one
    with another: the first row of each wording, whose rows are taken for this authority's.
    """

    others: list[int]
    unknown: list[int]


def check_authorities(sheet: Sheet, table: ListTable, slug: str) -> AuthorityRows:
    """The rows of a list that are not, or not for certain, those of the authority `slug`.

    No rows when no column names authorities, or when `slug` is no authority's. A row with a blank cell is
    this authority's.
    """
    first, end = table.header_row + 1, table.end_row
    is_other = np.zeros(max((sheet.height if end is None else end) - first, 0), dtype=bool)
    unknown: set[int] = set()
    used = {position for positions in table.positions.values() for position in positions}
    for position, header in enumerate(table.headers if slug in _local_authority_slugs() else ()):
        if header and position not in used and AUTHORITY_HEADER.fullmatch(squash(header)):
            texts, codes = sheet.texts[position], sheet.codes[position][first:end]
            named = [find_authorities(text) for text in texts]
            names_other = np.array([who.is_known and slug not in who.slugs for who in named] + [False])
            is_other |= names_other[codes]  # an empty cell is -1: the last, False
            distinct, first_rows = np.unique(codes, return_index=True)
            unknown |= {
                int(row)
                for code, row in zip(distinct.tolist(), first_rows, strict=True)
                if code >= 0
                and (not named[code].is_known or named[code].slugs > {slug})
                and not is_blank_or_not_known(texts[code].strip())
            }
    return AuthorityRows(
        (np.flatnonzero(is_other) + first).tolist(), [row + first for row in sorted(unknown)]
    )


@cache
def _local_authority_slugs() -> frozenset[str]:
    return frozenset(slug for slug, authority in authorities().items() if authority.kind == "local_authority")
