"""Headers for messages and tables: a sheet without headers has a child's record where they should be."""

from __future__ import annotations

import re

from cf_pipeline.errors import escape_invisible

REDACTED = "(not shown)"
LONGEST_HEADER = 60
MANY_DIGITS = 6
A_DATE = re.compile(
    r"(?<!\d)(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[\s-][a-z]{3,9}[\s-]\d{2,4})(?!\d)", re.IGNORECASE
)


def looks_like_data(text: str) -> bool:
    """Whether a text is rather a record's cell than a header: a number, a date, or many digits."""
    digits = sum(character.isdigit() for character in text)
    return digits >= MANY_DIGITS or bool(A_DATE.search(text)) or text.strip().isdecimal()


def redact_header(text: str) -> str:
    """A visible header on one line, without `;`, or `(not shown)` when it is long or looks like data."""
    header = escape_invisible(" ".join(text.replace(";", ",").split()))
    return REDACTED if len(header) > LONGEST_HEADER or looks_like_data(header) else header
