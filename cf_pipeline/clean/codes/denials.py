"""Find denials in a wording, so that 'no longer a child in need' is not matched to a child in need."""

from __future__ import annotations

from collections.abc import Iterable

DENIAL_WORDS = frozenset({"not", "no", "non", "never", "without", "neither", "nor", "longer", "semi"}) | {
    *("than", "except", "excluding", "excludes", "excluded", "excl", "apart", "unregistered"),
}
"""With the words of an exception: 'education other than higher' is not higher education."""
ENDING_WORDS = frozenset(
    {"former", "formerly", "previous", "previously", "ex", "ended", "ceased", "closed", "discharged"}
)
SETS_WITH_ENDINGS = frozenset({"case_status", "legal_status", "placement_type", "care_leaver_eligibility"})
"""Code sets in which a word for an ending changes the meaning, as a denial does."""


def contains_denial(code_set: str, words: str) -> bool:
    """Whether normalised words contain a denial, or in some sets a word for an ending ('former')."""
    return not _denial_words(code_set).isdisjoint(words.split())


def misses_denial(code_set: str, words: str, label_words: Iterable[str]) -> bool:
    """Whether the words contain a denial, or a word for an ending, that the label lacks."""
    return not (_denial_words(code_set) & set(words.split())) <= set(label_words)


def _denial_words(code_set: str) -> frozenset[str]:
    return DENIAL_WORDS | ENDING_WORDS if code_set in SETS_WITH_ENDINGS else DENIAL_WORDS
