"""What stands for nothing, by column type: 'NONE' is a disability code, never a date."""

from __future__ import annotations

NOTHING = frozenset(
    {
        "", "-", "--", "---", "----", "-----", ".", "..", "...", "?",
        "nan", "nat", "null", "none", "n/a", "na", "#n/a", "#n/a n/a",
        "#multivalue", "#value!", "#ref!", "#name?", "#div/0!", "#num!", "#null!", "(blank)", "blank",
    }
)  # fmt: skip
NOT_KNOWN = frozenset(
    {
        "not recorded", "not known", "unknown", "not applicable", "not available", "not entered", "n/k", "nk",
        "tbc", "tba", "to be confirmed", "not stated", "no date", "not set", "unk",
    }
)  # fmt: skip
"""Nothing in an id, a date or a number; in a coded column it may be a code of its own."""


def is_nothing(text: str) -> bool:
    """Whether a repaired text is an empty cell in words, in any column."""
    return text.casefold() in NOTHING


def is_nothing_or_not_known(text: str) -> bool:
    """Whether a repaired text says there is no value, where 'not recorded' cannot be a value itself."""
    folded = text.casefold()
    return folded in NOTHING or folded in NOT_KNOWN
