"""Infer a code from key words where no rule and no alias matches; the rule `code_inferred` flags the guess.

`data/code_keywords.csv` holds a few patterns for each code set, in order. The first pattern found decides,
unless the text contains a denial.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

from cf_pipeline.clean.codes.denials import contains_denial
from cf_pipeline.clean.codes.normalise import normalise_words

INFERRED_ONLY_ON_REQUEST = frozenset({"contact_referral_source", "closure_reason"})
"""Code sets without key words unless a council's mapping asks for them (`infer_codes`).

Their wordings are local, and one guess in five was wrong when measured.
"""
MOST_PATTERNS = 15
Patterns = tuple[tuple[re.Pattern[str], str], ...]


def code_by_keyword(code_set: str, text: str) -> str | None:
    """The code that a key word suggests; None when there is none or the text contains a denial."""
    words = normalise_words(code_set, text)
    if contains_denial(code_set, words):
        return None
    return next((code for pattern, code in keywords().get(code_set, ()) if pattern.search(words)), None)


@cache
def keywords() -> dict[str, Patterns]:
    """Code set -> (pattern over normalised words, code), in the order of the table."""
    return _read_patterns("code_keywords.csv")


@cache
def deciding_words() -> dict[str, Patterns]:
    """Code set -> (pattern over normalised words, code): words that decide whatever else a wording says."""
    return _read_patterns("code_deciding_words.csv")


def _read_patterns(table: str) -> dict[str, Patterns]:
    path = resources.files("cf_pipeline.clean.codes") / "data" / table
    by_set: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            pattern = re.compile(rf"\b(?:{row['pattern']})")
            by_set.setdefault(row["code_set"], []).append((pattern, row["code"]))
    return {code_set: tuple(patterns) for code_set, patterns in by_set.items()}
