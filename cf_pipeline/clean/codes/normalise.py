"""Normalise wordings so that they can be compared: case, punctuation, plurals, abbreviations, inflections.

`data/code_word_forms.csv` gives one form to words that mean the same ('s20' and 'sec 20' are 'section 20',
'transferred' is 'transfer'). A row without a code set applies to every set.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib import resources

from cf_pipeline.clean.values.repair import repair_text

APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
NOT_WORD = re.compile(r"[^a-z0-9]+")
SPELT_OUT = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?")
JOINED = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")
SHORTEST_PLURAL = 4
NO_PLURAL = ("ss", "us", "is", "ous")


def fold(text: str) -> str:
    """Lower-case words and digits with single spaces; '&' becomes 'and', apostrophes in words are removed."""
    text = APOSTROPHE.sub("", repair_text(text).casefold().replace("&", " and "))
    return NOT_WORD.sub(" ", text).strip()


@lru_cache(maxsize=20_000)
def normalise_words(code_set: str, text: str) -> str:
    """The words of the folded text, singular and in the form of `data/code_word_forms.csv`."""
    text = SPELT_OUT.sub(lambda match: match[0].replace(".", ""), text)
    padded = f" {fold(JOINED.sub(' ', text))} "
    phrases, single = _word_forms(code_set)
    for phrase, meaning in phrases:
        if phrase in padded:
            padded = padded.replace(phrase, meaning)
    words = [single.get(word) or single.get(singular := _singular(word), singular) for word in padded.split()]
    return " ".join(" ".join(words).split())


def _singular(word: str) -> str:
    if len(word) < SHORTEST_PLURAL or not word.endswith("s") or word.endswith(NO_PLURAL):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > SHORTEST_PLURAL else word[:-1]


@cache
def _word_forms(code_set: str) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    """The forms of a set: (phrase, meaning) of several words, longest first, and word -> meaning."""
    owners = ("", code_set, code_set.partition("/")[0])
    rows = [(words, meaning) for owner, words, meaning in _rows_of_word_forms() if owner in owners]
    phrases = [(f" {words} ", f" {meaning} ") for words, meaning in rows if " " in words]
    phrases.sort(key=lambda phrase: -len(phrase[0]))
    return tuple(phrases), {words: meaning for words, meaning in rows if " " not in words}


@cache
def _rows_of_word_forms() -> tuple[tuple[str, str, str], ...]:
    """The rows of `data/code_word_forms.csv`: (code set, words, meaning)."""
    path = resources.files("cf_pipeline.clean.codes") / "data" / "code_word_forms.csv"
    with path.open(encoding="utf-8") as lines:
        return tuple((row["code_set"], row["words"], row["means"]) for row in csv.DictReader(lines))
