"""Key words that suggest a code where no rule and no alias settles it: a guess, flagged as one.

`data/code_keywords.csv` holds a few patterns a set, in order; the first that is found decides, and only when
the text denies nothing.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

from cf_pipeline.clean.codes.match_rules import denies
from cf_pipeline.clean.codes.normalise import words_of

INFERRED_ONLY_ON_REQUEST = frozenset({"contact_referral_source", "closure_reason"})
"""Off unless a council asks: their wordings are local, and one guess in five was wrong when measured."""
MOST_PATTERNS = 15


def code_by_keyword(code_set: str, text: str) -> str | None:
    """The code that a key word suggests, None when there is none or the text is a denial."""
    words = words_of(code_set, text)
    if denies(code_set, words):
        return None
    return next((code for pattern, code in keywords().get(code_set, ()) if pattern.search(words)), None)


@cache
def keywords() -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
    """Code set -> (pattern over comparable words, code), in order."""
    path = resources.files("cf_pipeline.clean.codes") / "data" / "code_keywords.csv"
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["code_set"], []).append(
                (re.compile(rf"\b(?:{row['pattern']})"), row["code"])
            )
    return {code_set: tuple(patterns) for code_set, patterns in found.items()}
