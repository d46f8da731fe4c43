"""A file of several councils: a column that names authorities tells whose row each is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.header_words import squash
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.recognise import ListTable

AUTHORITY_HEADER = re.compile(
    r"(la|localauthority|authority|council|lad|utla|ons|gss|dfe)(name|code|number|no|id|gsscode|onscode)?"
    r"|(new|old)lacode|nameof(la|localauthority|council)|responsible(la|localauthority|authority)"
)
"""Headers of a column that names the authority of a row; `LA of Placement` is a column of a list."""
STYLE_WORDS = r"the|council|corporation|mbc|cc|bc|lb|rb"
MORE_STYLE_WORDS = (
    rf"{STYLE_WORDS}|of|city|county|london borough|royal borough|metropolitan|borough|unitary|district"
)
"""Words around a council's name. As few as possible are removed: the City of London is not London."""
TOO_WIDE = frozenset({"", "london"})
"""What is left of a name and fits no single authority."""
EMPTY_CELL_WORDS = frozenset({"", "na", "nan", "none", "null", "blank", "unknown", "notknown", "notrecorded"})
"""Wordings of an empty cell, squashed."""


@dataclass(frozen=True)
class AuthorityRows:
    """The rows (0-based) of a list that a column of authorities does not give to the authority of the file.

    `others` name another English authority. `unknown` have a wording that is no authority's: the first row of
    each wording, whose rows are taken for this authority's.
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
            slugs = [find_authority(text) for text in texts]
            names_other = np.array([name not in (None, slug) for name in slugs] + [False])
            is_other |= names_other[codes]  # an empty cell is -1: the last, False
            distinct, first_rows = np.unique(codes, return_index=True)
            unknown |= {
                int(row)
                for code, row in zip(distinct.tolist(), first_rows, strict=True)
                if code >= 0 and slugs[code] is None and squash(texts[code]) not in EMPTY_CELL_WORDS
            }
    return AuthorityRows(
        (np.flatnonzero(is_other) + first).tolist(), [row + first for row in sorted(unknown)]
    )


@lru_cache(maxsize=4096)
def find_authority(text: str) -> str | None:
    """The slug of the authority that a text names: by name, slug, GSS code or DfE's number; else None."""
    slugs = _slug_by_spelling()
    spellings = (squash(text), _remove_words(STYLE_WORDS, text), _remove_words(MORE_STYLE_WORDS, text))
    return next((slugs[spelling] for spelling in spellings if spelling in slugs), None)


@cache
def _local_authority_slugs() -> frozenset[str]:
    return frozenset(slug for slug, authority in authorities().items() if authority.kind == "local_authority")


@cache
def _slug_by_spelling() -> dict[str, str]:
    """Each spelling of a local authority, squashed -> its slug; a whole name wins over a shortened one."""
    slugs: dict[str, str] = {}
    local = [authority for authority in authorities().values() if authority.kind == "local_authority"]
    for authority in local:
        for text in (authority.slug, authority.name, authority.authority_code, authority.dfe_code):
            slugs.setdefault(squash(text), authority.slug)
    for authority in local:
        slugs.setdefault(_remove_words(MORE_STYLE_WORDS, authority.name), authority.slug)
    return {spelling: slug for spelling, slug in slugs.items() if spelling not in TOO_WIDE}


def _remove_words(words: str, text: str) -> str:
    spaced = re.sub(r"[^a-z0-9]+", " ", text.casefold().replace("&", " and "))
    return squash(re.sub(rf"\b(?:{words})\b", " ", spaced))
