"""The label of each code for readers: a member of a committee, who knows no abbreviation."""

from __future__ import annotations

from functools import cache

from cf_pipeline.contracts.codes import codes_of


@cache
def code_labels(code_set: str) -> dict[str, str]:
    """The label of each code of a set, in its order; KeyError names a set that does not exist."""
    return {code.code: code.reader_label for code in codes_of(code_set)}
