"""What of a header may be shown: a sheet without headers would show a child's record in its place."""

from __future__ import annotations

import re

NOT_SHOWN = "(not shown)"
LONGEST = 60
MANY_DIGITS = 6
A_DATE = re.compile(
    r"(?<!\d)(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[\s-][a-z]{3,9}[\s-]\d{2,4})(?!\d)", re.IGNORECASE
)


def looks_like_data(text: str) -> bool:
    """Whether a text is rather a cell than a header: a number, a date, or many digits."""
    digits = sum(character.isdigit() for character in text)
    return digits >= MANY_DIGITS or bool(A_DATE.search(text)) or text.strip().isdecimal()


def shown_header(text: str) -> str:
    """A header on one line and without `;`, or `(not shown)` when it is long or looks like data."""
    tidy = " ".join(text.replace(";", ",").split())
    return NOT_SHOWN if len(tidy) > LONGEST or looks_like_data(tidy) else tidy
