"""Words that mean an empty cell. Which of them do depends on the column: 'NONE' is a disability code."""

from __future__ import annotations

BLANK_WORDS = frozenset(
    {
        "", "-", "--", "---", "----", "-----", ".", "..", "...", "?",
        "nan", "nat", "null", "none", "n/a", "na", "#n/a", "#n/a n/a",
        "#multivalue", "#value!", "#ref!", "#name?", "#div/0!", "#num!", "#null!", "(blank)", "blank",
    }
)  # fmt: skip
NOT_KNOWN_WORDS = frozenset(
    {
        "not recorded", "not known", "unknown", "not applicable", "not available", "not entered", "n/k", "nk",
        "tbc", "tba", "to be confirmed", "not stated", "no date", "not set", "unk",
    }
)  # fmt: skip
"""Blank in an id, a date or a number. In a coded column such a wording may be a code of its own."""


def is_blank_word(text: str) -> bool:
    """Whether a repaired text means an empty cell in any column."""
    return text.casefold() in BLANK_WORDS


def is_blank_or_not_known(text: str) -> bool:
    """Whether a repaired text means no value in a column where 'not recorded' is no code of its own."""
    folded = text.casefold()
    return folded in BLANK_WORDS or folded in NOT_KNOWN_WORDS
