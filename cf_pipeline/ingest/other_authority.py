"""A file of several councils: rows of another authority are told apart by a column that names it."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.ingest.find_lists import Found
from cf_pipeline.ingest.headers import squash
from cf_pipeline.ingest.reading import Sheet

HEADER = re.compile(
    r"(la|localauthority|authority|council|lad|utla|ons|gss|dfe)(name|code|number|no|id|gsscode|onscode)?"
    r"|(new|old)lacode|nameof(la|localauthority|council)|responsible(la|localauthority|authority)"
)
"""Headers of a column that says whose row it is. `LA of Placement` is another thing, and a column of ours."""
STYLE = r"the|council|corporation|mbc|cc|bc|lb|rb"
MORE_STYLE = rf"{STYLE}|of|city|county|london borough|royal borough|metropolitan|borough|unitary|district"
"""Words around a council's name; the fewer are taken away the better: the City of London is not London."""
TOO_WIDE = frozenset({"", "london"})


def rows_of_others(sheet: Sheet, found: Found, slug: str) -> npt.NDArray[np.int_]:
    """The rows (0-based) of a list whose authority column names another English authority than `slug`.

    No row when no column names authorities, or when `slug` is no authority's. A blank cell, and a wording
    that is no authority's, says nothing: the row is this authority's.
    """
    first, end = found.header_row + 1, found.end_row
    others = np.zeros(max((sheet.height if end is None else end) - first, 0), dtype=bool)
    taken = {at for positions in found.positions.values() for at in positions}
    for at, header in enumerate(found.headers if slug in _by_slug() else ()):
        if header and at not in taken and HEADER.fullmatch(squash(header)):
            named = [authority_of(text) for text in sheet.texts[at]]
            is_other = np.array([name not in (None, slug) for name in named] + [False])
            others |= is_other[sheet.codes[at][first:end]]  # an empty cell is -1: the last, False
    return np.flatnonzero(others) + first


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
