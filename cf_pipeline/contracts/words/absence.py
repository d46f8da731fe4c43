"""Which texts mean an empty cell, no identifier, or nobody, by the words of `data/absence_words.toml`.

Which of them mean an empty cell depends on the column: 'NONE' is a disability code. Every function takes a
text without spaces around it (`clean/values/repair.py` repairs it).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

BRACKETS = {"(": ")", "<": ">", "[": "]", "{": "}", '"': '"', "'": "'", "`": "`", "_": "_"}
"""What tools put around a word for a missing value."""
MARKS = re.compile(r"[-._/=~ ]*|\?")
"""Signs without a letter or digit: a line, an empty mask of a date ('__/__/____'), a question mark."""
TOO_NARROW = re.compile(r"#{2,}")
"""What Excel displays for a column that is too narrow."""
SAS_MISSING = re.compile(r"\.[a-z]")
NO_NUMBER = re.compile(r"[+-]?0+(?:\.0*)?|-0*[0-9]{1,3}(?:\.0*)?")
"""0, -1 and their like: the unknown member of a data warehouse."""
TEST_NUMBER = re.compile(r"\D*\d{0,3}\D*")
"""A test with at most one number of up to three digits: 'TEST 12'; TEST100001 may be an id."""
WORDS = re.compile(r"[^\W\d_]+")
NUMBERS = re.compile(r"[\W\d_]+")


def is_database_null(text: str) -> bool:
    """Whether a text is how a database or a tool writes a missing value: blank in every column."""
    folded = text.casefold()
    inner = _unwrap(folded)
    sections = _words()["database_null"]
    return inner in sections["words"] or folded in sections["whole"] or bool(SAS_MISSING.fullmatch(inner))


def is_spreadsheet_error(text: str) -> bool:
    """Whether a text is an Excel error or a row of '#': something stands there and cannot be read."""
    return text.casefold() in _words()["spreadsheet_error"]["words"] or bool(TOO_NARROW.fullmatch(text))


def is_blank_word(text: str) -> bool:
    """Whether a text means an empty cell in any column, unless the column has it as a code of its own."""
    inner = _unwrap(text.casefold())
    return inner in _words()["blank"]["words"] or bool(MARKS.fullmatch(inner)) or is_database_null(text)


def is_blank_or_not_known(text: str) -> bool:
    """Whether a text means no value in a column where 'not recorded' is no code of its own."""
    return is_blank_word(text) or is_not_known(text)


def is_not_known(text: str) -> bool:
    """Whether a text says that the value is not known ('not recorded', 'TBC')."""
    return _unwrap(text.casefold()) in _words()["not_known"]["words"]


def is_no_id(text: str) -> bool:
    """Whether a filled text is no identifier: -1, 0, a boolean, the word for a test (docs/rulings.md#21)."""
    folded = text.casefold()
    if NO_NUMBER.fullmatch(folded) or folded in _words()["no_id"]["words"]:
        return True
    words = " ".join(NUMBERS.sub(" ", folded).split())
    return words in _test_words() and TEST_NUMBER.fullmatch(folded) is not None


@lru_cache(maxsize=8192)
def is_nobody(text: str) -> bool:
    """Whether a text in place of a worker's name means that there is none ('Unallocated', 'Duty Team', 'No').

    The whole text has to be of that kind: a name with such a word in it stays a name.
    """
    if is_blank_or_not_known(text) or NO_NUMBER.fullmatch(text):
        return True
    words = WORDS.findall(text.casefold().replace("'", ""))
    written, nobody = " ".join(words), _words()["nobody"]
    if written in nobody["phrases"]:
        return True
    is_of_kind = not nobody["words"].isdisjoint(words) or any(
        f" {phrase} " in f" {written} " for phrase in nobody["phrases"] if " " in phrase
    )
    return is_of_kind and _words_of_nobody().issuperset(words)


def _unwrap(text: str) -> str:
    """The text without the brackets and quotes around it."""
    while len(text) > 1 and BRACKETS.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return text


@cache
def _words_of_nobody() -> frozenset[str]:
    """Every word that may stand in a text for nobody."""
    nobody = _words()["nobody"]
    return nobody["words"] | nobody["beside"] | {word for text in nobody["phrases"] for word in text.split()}


@cache
def _test_words() -> frozenset[str]:
    no_id = _words()["no_id"]
    return frozenset(
        f"{test} {thing}".strip() for test in no_id["tests"] for thing in no_id["test_objects"]
    ) | (frozenset(f"{test}{thing}" for test in no_id["tests"] for thing in no_id["test_objects"]))


@cache
def _words() -> dict[str, dict[str, frozenset[str]]]:
    """Section -> key -> its words."""
    path = resources.files("cf_pipeline.contracts") / "data" / "absence_words.toml"
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        section: {key: frozenset(words) for key, words in keys.items()} for section, keys in sections.items()
    }
