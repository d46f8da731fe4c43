"""A file of several councils: rows of another authority are told apart by a column that names it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.header_words import squash
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.recognise import Found

HEADER = re.compile(
    r"(la|localauthority|authority|council|lad|utla|ons|gss|dfe)(name|code|number|no|id|gsscode|onscode)?"
    r"|(new|old)lacode|nameof(la|localauthority|council)|responsible(la|localauthority|authority)"
)
"""Headers of a column that says whose row it is. `LA of Placement` is another thing, and a column of ours."""
STYLE = r"the|council|corporation|mbc|cc|bc|lb|rb"
MORE_STYLE = rf"{STYLE}|of|city|county|london borough|royal borough|metropolitan|borough|unitary|district"
"""Words around a council's name; the fewer are taken away the better: the City of London is not London."""
TOO_WIDE = frozenset({"", "london"})


SAYS_NOTHING = frozenset({"", "na", "nan", "none", "null", "blank", "unknown", "notknown", "notrecorded"})
"""Words for an empty cell, squashed."""


@dataclass(frozen=True)
class WhoseRows:
    """What a list's authority columns say of its rows (0-based).

    `others` name another English authority. `unknown` hold a wording that is no authority's: the first row
    of each wording, whose rows are taken for this authority's.
    """

    others: list[int]
    unknown: list[int]


def whose_rows(sheet: Sheet, found: Found, slug: str) -> WhoseRows:
    """The rows of a list that are not, or not for certain, those of the authority `slug`.

    None when no column names authorities, or when `slug` is no authority's. A blank cell says nothing: the
    row is this authority's.
    """
    first, end = found.header_row + 1, found.end_row
    others = np.zeros(max((sheet.height if end is None else end) - first, 0), dtype=bool)
    unknown: set[int] = set()
    taken = {at for positions in found.positions.values() for at in positions}
    for at, header in enumerate(found.headers if slug in _by_slug() else ()):
        if header and at not in taken and HEADER.fullmatch(squash(header)):
            codes = sheet.codes[at][first:end]
            named = [authority_of(text) for text in sheet.texts[at]]
            is_other = np.array([name not in (None, slug) for name in named] + [False])
            others |= is_other[codes]  # an empty cell is -1: the last, False
            said, rows = np.unique(codes, return_index=True)
            unknown |= {
                int(row)
                for code, row in zip(said.tolist(), rows, strict=True)
                if code >= 0 and named[code] is None and squash(sheet.texts[at][code]) not in SAYS_NOTHING
            }
    return WhoseRows((np.flatnonzero(others) + first).tolist(), [row + first for row in sorted(unknown)])


@lru_cache(maxsize=4096)
def authority_of(text: str) -> str | None:
    """The slug of the authority that a text names: by name, slug, GSS code or DfE's number; else None."""
    known = _known()
    spellings = (squash(text), _without(STYLE, text), _without(MORE_STYLE, text))
    return next((known[spelling] for spelling in spellings if spelling in known), None)


@cache
def _by_slug() -> frozenset[str]:
    return frozenset(slug for slug, one in authorities().items() if one.kind == "local_authority")


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    ours = [one for one in authorities().values() if one.kind == "local_authority"]
    for one in ours:
        for text in (one.slug, one.name, one.authority_code, one.dfe_code):
            known.setdefault(squash(text), one.slug)
    for one in ours:
        known.setdefault(_without(MORE_STYLE, one.name), one.slug)
    return {spelling: slug for spelling, slug in known.items() if spelling not in TOO_WIDE}


def _without(words: str, text: str) -> str:
    spaced = re.sub(r"[^a-z0-9]+", " ", text.casefold().replace("&", " and "))
    return squash(re.sub(rf"\b(?:{words})\b", " ", spaced))
