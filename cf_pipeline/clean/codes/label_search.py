"""Search the labels of a code book: within a text, by its words in any order, or by similar spelling."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from cf_pipeline.clean.codes.code_book import STOP_WORDS, CodeBook, Label
from cf_pipeline.clean.codes.denials import DENIAL_WORDS, ENDING_WORDS, contains_denial, misses_denial

CLOSE_SCORE, CLEAR_LEAD = 86, 4
"""Similarity (0 to 100) from which a spelling is close, and by how much it has to lead the next code."""
SHORTEST_GUESS = 5
"""Letters from which a word is corrected or a wording compared by similarity."""
SHORTEST_LABEL = 4
"""Letters from which a label is looked for within a text."""


def code_of_longest_label(book: CodeBook, labels: Iterable[Label], words: str) -> str | None:
    """The code of the longest label within the words; None when two of that length have different codes."""
    padded = f" {words} "
    within = [
        label
        for label in labels
        if len(label.text) >= SHORTEST_LABEL
        and f" {label.text} " in padded
        and not label.is_generic
        and not misses_denial(book.code_set, words, label.text.split())
    ]
    longest = max((len(label.text) for label in within), default=0)
    codes = {label.code for label in within if len(label.text) == longest}
    return next(iter(codes)) if len(codes) == 1 else None


def code_by_words(book: CodeBook, labels: Iterable[Label], text: str) -> str | None:
    """The code of the label with most words, all of them in the text.

    If there is no such label: the code with a label that holds all words of the text. None when several codes
    qualify. Stop words do not count, and a single word is not enough.
    """
    words = set(text.split()) - STOP_WORDS
    codes_in_text: dict[int, set[str]] = {}
    codes_around_text: set[str] = set()
    for label in labels:
        if (
            len(label.words) > 1
            and label.words <= words
            and (not contains_denial(book.code_set, label.text) or _is_in_order(label.text, text))
            and not label.is_generic
            and not misses_denial(book.code_set, text, label.text.split())
        ):
            codes_in_text.setdefault(len(label.words), set()).add(label.code)
        if len(words) > 1 and words <= label.words and not contains_denial(book.code_set, text):
            codes_around_text.add(label.code)
    codes = codes_in_text[max(codes_in_text)] if codes_in_text else codes_around_text
    return next(iter(codes)) if len(codes) == 1 else None


def _is_in_order(label: str, text: str) -> bool:
    """Whether the text has the label's words in its order, which says what a denial denies."""
    words = iter(text.split())
    return all(word in words for word in label.split() if word not in STOP_WORDS)


def code_of_closest_label(book: CodeBook, words: str) -> str | None:
    """The code of the most similar label, at `CLOSE_SCORE` or more and `CLEAR_LEAD` ahead of other codes."""
    if len(words) < SHORTEST_GUESS:
        return None
    labels = [label for label in book.phrases if len(label.text) >= SHORTEST_GUESS]
    ranked = process.extract(
        words,
        [label.text for label in labels],
        scorer=fuzz.ratio,
        score_cutoff=CLOSE_SCORE - CLEAR_LEAD,
        limit=None,
    )
    best: dict[str, float] = {}
    for _, score, place in ranked:
        if not misses_denial(book.code_set, words, labels[place].text.split()):
            best.setdefault(labels[place].code, score)
    first, second, *_ = [*best.items(), ("", 0.0), ("", 0.0)]
    return first[0] if first[1] >= CLOSE_SCORE and first[1] - second[1] >= CLEAR_LEAD else None


def correct_spelling(book: CodeBook, words: str) -> str:
    """The words, each unknown one replaced by the known word it resembles, where only one does."""
    return _correct_words(book.vocabulary, words)


@lru_cache(maxsize=20_000)
def _correct_words(vocabulary: frozenset[str], words: str) -> str:
    return " ".join(_correct_word(vocabulary, word) for word in words.split())


@lru_cache(maxsize=100_000)
def _correct_word(vocabulary: frozenset[str], word: str) -> str:
    if (
        len(word) < SHORTEST_GUESS
        or not word.isalpha()
        or word in vocabulary
        or word in DENIAL_WORDS | ENDING_WORDS
    ):
        return word
    same_start = [known for known in vocabulary if known[0] == word[0] and len(known) >= SHORTEST_GUESS]
    close = process.extract(word, same_start, scorer=fuzz.ratio, score_cutoff=CLOSE_SCORE, limit=2)
    swapped = [known for known in same_start if OSA.distance(word, known, score_cutoff=1) == 1]
    found = {known for known, *_ in close} or set(swapped)
    return found.pop() if len(found) == 1 else word
