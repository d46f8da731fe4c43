"""The column that a header without one may mean: proposed to the council, never acted on.

A guess must not make anything worse when it is taken over as it is: the column is free, the cells below the
header are of its type, no word of the header speaks against it, and of two headers the nearer one has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from rapidfuzz import fuzz

from cf_pipeline.contracts.codes import codes_of
from cf_pipeline.contracts.list_contract import DATE_TYPES, Column, ListContract
from cf_pipeline.contracts.words.headers import squash
from cf_pipeline.ingest.tables.match_headers import OPPOSITES
from cf_pipeline.ingest.tables.redact import A_DATE

LOWEST_SCORE = 70
"""rapidfuzz ratio from which the nearest column is a guess."""
LEAST_LEAD = 3
"""Points by which a column must be nearer than the next one."""
MOST_TEXTS = 300
"""Different texts of a column that are looked at."""
MOST, FEW = 0.8, 0.2
"""Shares of the texts that make a column one of dates or numbers, and that a column of words may have."""
FEWEST_CODES = 2
"""Different codes, all of one code set, that say which column it is whatever its header."""
SHORT_FORMS = {
    "dt": "date", "dte": "date", "recd": "received", "rcvd": "received", "no": "number", "num": "number",
    "ref": "reference", "cat": "category", "org": "organisation", "assmt": "assessment", "ass": "assessment",
    "plcmt": "placement", "plcmnt": "placement", "wkr": "worker", "stat": "status", "eth": "ethnicity",
    "compl": "completion", "src": "source",
}  # fmt: skip
OTHER_WORDS = (
    *OPPOSITES,
    "birth born dob",
    "death died dead",
    "mother mum",
    "father dad",
    "parent",
    "carer",
    "sibling brother sister",
    "authorised authorisation",
    "outcome",
    "created recorded entered input updated modified",
    "source",
    "status",
    "category",
    "allocated",
    *[
        "contact",
        "referral",
        "assessment",
        "enquiry",
        "conference",
        "plan",
        "placement",
        "episode",
        "visit",
        "review",
    ],
    *["meeting", "hearing", "panel", "court", "school", "health", "dental", "strategy", "offer", "interview"],
)
"""Words of which a header has none that its column's own headers lack."""
YES_NO = frozenset({"y", "n", "yes", "no", "true", "false", "u", "unknown"})
SERIAL_NUMBER = re.compile(r"[2-6]\d{4}(\.\d+)?")
NUMBER = re.compile(r"-?\d+([.,]\d+)?")


def guess_columns(
    contract: ListContract, known_columns: Collection[str], cells: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Header -> column, for each header that has a guess.

    Args:
        contract: the list.
        known_columns: its columns that have a header in the sheet; one that is nearest to them has no guess.
        cells: header -> the different texts below it.
    """
    scores = [
        (_score(header, column, texts), header, column.name)
        for header, texts in cells.items()
        for column in contract.columns
    ]
    guesses: dict[str, str] = {}
    for score, header, column in sorted(scores, reverse=True):
        rivals = [
            other
            for other, of_header, of_column in scores
            if (of_header == header) != (of_column == column)
            and of_header not in guesses
            and of_column not in guesses.values()
        ]
        is_free = header not in guesses and column not in (*guesses.values(), *known_columns)
        if score >= LOWEST_SCORE and is_free and score - max(rivals, default=0) >= LEAST_LEAD:
            guesses[header] = column
    return guesses


def texts_below(texts: Sequence[str], codes: np.ndarray) -> list[str]:
    """The first different texts of a column's cells, from its dictionary of texts and the cells' codes."""
    used = np.unique(codes[codes >= 0])[:MOST_TEXTS]
    return [texts[int(code)].strip() for code in used]


def _score(header: str, column: Column, texts: Sequence[str]) -> float:
    """How near the header is to the column's own headers, 0 to 100; 100 where the cells are its codes."""
    if not _is_of_type(column, texts):
        return 0.0
    if _are_codes(column, texts):
        return 100.0
    words = _words(header)
    best = 0.0
    for alias in (column.header, column.name, *column.aliases):
        alias_words = _words(alias)
        if _has_no_other_word(words, alias_words):
            joined = fuzz.ratio("".join(words), "".join(alias_words))
            best = max(best, joined, fuzz.token_sort_ratio(" ".join(words), " ".join(alias_words)))
    return best


def _words(text: str) -> list[str]:
    """The words of a header in lower case, short forms written out."""
    parts = re.findall("[a-z]+|[0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold())
    return [SHORT_FORMS.get(part, part) for part in parts]


def _has_no_other_word(words: Sequence[str], alias_words: Sequence[str]) -> bool:
    text, alias = "".join(words), "".join(alias_words)
    return all(
        any(word in alias for word in group.split()) or not any(word in text for word in group.split())
        for group in OTHER_WORDS
    )


def _is_of_type(column: Column, texts: Sequence[str]) -> bool:
    """Whether the texts may be values of the column's type; a column without any may be."""
    if not texts:
        return True
    if column.type in DATE_TYPES:
        return _share(texts, lambda text: bool(A_DATE.search(text) or SERIAL_NUMBER.fullmatch(text))) >= MOST
    if column.type in ("integer", "number", "age"):
        return _share(texts, lambda text: bool(NUMBER.fullmatch(text))) >= MOST
    return _share(texts, lambda text: bool(A_DATE.search(text))) <= FEW


def _are_codes(column: Column, texts: Sequence[str]) -> bool:
    """Whether every text is a code or label of the column's set, and several are no yes, no or number."""
    if column.type != "code" or column.code_set is None or column.code_set.startswith("yes_no"):
        return False
    words = {squash(word) for code in codes_of(column.code_set) for word in (code.code, code.label)}
    telling = {squash(text) for text in texts if not text.isdecimal()} - YES_NO
    return len(telling) >= FEWEST_CODES and telling <= words


def _share(texts: Sequence[str], condition: Callable[[str], bool]) -> float:
    return sum(map(condition, texts)) / len(texts)
