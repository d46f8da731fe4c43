"""Words made comparable: case, punctuation, plurals, and one form for what is written in several ways.

`data/code_word_forms.csv` lists abbreviations and inflections ('s20', 'sec 20' and 'section 20' are one
thing; 'transferred' is 'transfer'). It says nothing of codes: a row without a set holds everywhere.
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
    """Lower-case words and digits with single spaces: '&' is 'and', an apostrophe in a word is nothing."""
    text = APOSTROPHE.sub("", repair_text(text).casefold().replace("&", " and "))
    return NOT_WORD.sub(" ", text).strip()


@lru_cache(maxsize=20_000)
def words_of(code_set: str, text: str) -> str:
    """The text's words as `fold`, each singular and in the form that `data/code_word_forms.csv` gives."""
    text = SPELT_OUT.sub(lambda match: match[0].replace(".", ""), text)
    padded = f" {fold(JOINED.sub(' ', text))} "
    phrases, single = _forms(code_set)
    for phrase, means in phrases:
        if phrase in padded:
            padded = padded.replace(phrase, means)
    words = [single.get(word) or single.get(singular := _singular(word), singular) for word in padded.split()]
    return " ".join(" ".join(words).split())


def _singular(word: str) -> str:
    if len(word) < SHORTEST_PLURAL or not word.endswith("s") or word.endswith(NO_PLURAL):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > SHORTEST_PLURAL else word[:-1]


@cache
def _forms(code_set: str) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    path = resources.files("cf_pipeline.clean.codes") / "data" / "code_word_forms.csv"
    with path.open(encoding="utf-8") as lines:
        rows = [
            (row["words"], row["means"])
            for row in csv.DictReader(lines)
            if row["code_set"] in ("", code_set, code_set.partition("/")[0])
        ]
    phrases = sorted(((f" {words} ", f" {means} ") for words, means in rows if " " in words), key=_longest)
    return tuple(phrases), {words: means for words, means in rows if " " not in words}


def _longest(phrase: tuple[str, str]) -> int:
    return -len(phrase[0])
