"""The name that was meant: the one that comes nearest to what was typed."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from cf_pipeline.contracts.words.headers import squash

LOWEST_SCORE = 65
"""rapidfuzz ratio from which a name may be the one that was meant."""


def near_name(text: str, names: Iterable[str]) -> str | None:
    """The name that comes nearest to a text, None where none comes near.

    Case, spaces and punctuation do not matter: "City of London" is near to city-of-london.
    """
    by_letters = {squash(name): name for name in names}
    found = process.extractOne(squash(text), list(by_letters), scorer=fuzz.ratio, score_cutoff=LOWEST_SCORE)
    return by_letters[found[0]] if found else None


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """' Did you mean contacts_count?' for the end of a message, '' where no name comes near."""
    name = near_name(text, names)
    return f" Did you mean {name}?" if name else ""
