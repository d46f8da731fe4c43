"""Parsers of numbers, ages, postcodes, names and plain text.

Each takes a text and returns its value (None when there is none) and the code of the rule it breaks, if any.
"""

from __future__ import annotations

import hashlib
import math
import re

from cf_pipeline.clean.values.repair import repair_text
from cf_pipeline.contracts.words.absence import (
    is_blank_or_not_known,
    is_blank_word,
    is_nobody,
    is_spreadsheet_error,
)
from cf_pipeline.errors import escape_invisible

THOUSANDS = re.compile(r"(?<=\d)[, '](?=\d{3}(?:\D|$))")
NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?", re.IGNORECASE)
YEARS = re.compile(r"(?P<years>-?\d+(?:\.\d+)?) ?(?:y|yr|yrs|year|years)(?: ?old)?(?:[ ,]+\d+ ?m\w*)?", re.I)
MONTHS = re.compile(r"(?P<months>\d+) ?(?:m|mth|mths|month|months)(?: ?old)?", re.I)
UNDER_ONE = re.compile(r"(?:<|under|less than) ?1(?: ?y\w*)?", re.I)
POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
NUMBER_REFORMATTED = "number_reformatted"
NOBODY_NAMED, CELL_ERROR = "nobody_named", "cell_error"
UNBORN_AGE = -1
OLDEST_AGE = 120


def parse_integer(text: str) -> tuple[int | None, str | None]:
    """A whole number; '3,000' is 3000 (`number_reformatted`), anything else None (`number_unreadable`)."""
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text), None
    number, rule = parse_number(text)
    if number is None:
        return None, rule
    if not number.is_integer() or abs(number) > 1e15:
        return None, "number_unreadable"
    return int(number), rule


def parse_age(text: str) -> tuple[int | None, str | None]:
    """An age in whole years, rounded down ('8.5yrs' is 8, '18m' is 1, '<1' is 0); -1 for an unborn child.

    A text that is not simply a whole number breaks `number_reformatted`. An age that cannot be read, or is
    over 120, is None (`number_unreadable`).
    """
    text = repair_text(text)
    if is_blank_or_not_known(text):
        return None, None
    if text.casefold() in ("unborn", "u/b"):
        return UNBORN_AGE, NUMBER_REFORMATTED
    if UNDER_ONE.fullmatch(text):
        return 0, NUMBER_REFORMATTED
    if match := MONTHS.fullmatch(text):
        return int(match["months"]) // 12, NUMBER_REFORMATTED
    match = YEARS.fullmatch(text)
    number = match["years"] if match else text
    if not NUMBER.fullmatch(number) or not UNBORN_AGE <= math.floor(float(number)) <= OLDEST_AGE:
        return None, "number_unreadable"
    is_plain = match is None and float(number).is_integer()
    return math.floor(float(number)), None if is_plain else NUMBER_REFORMATTED


def parse_number(text: str) -> tuple[float | None, str | None]:
    """A number; '3,000' is 3000 (`number_reformatted`), anything else None (`number_unreadable`)."""
    text = repair_text(text)
    if is_blank_or_not_known(text):
        return None, None
    plain = THOUSANDS.sub("", text)
    if not NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        return None, "number_unreadable"
    return float(plain), None if plain == text else NUMBER_REFORMATTED


def parse_postcode(text: str) -> tuple[str | None, str | None]:
    """A postcode in the form 'AA9A 9AA'; case and spaces do not matter.

    Other characters in it are left out (`postcode_reformatted`). A text that is no postcode is None
    (`postcode_unreadable`), a confidential one None without a rule.
    """
    text = repair_text(text)
    if is_blank_or_not_known(text) or text.casefold() in ("confidential", "withheld"):
        return None, None
    written = text.upper().replace(" ", "")
    match = POSTCODE.fullmatch(re.sub(r"[^A-Z\d]", "", written))
    if match is None:
        return None, "postcode_unreadable"
    return f"{match[1]} {match[2]}", None if match[0] == written else "postcode_reformatted"


def parse_string(text: str) -> tuple[str | None, str | None]:
    """The repaired text, every character visible; None when it means an empty cell."""
    text = escape_invisible(repair_text(text))
    if is_spreadsheet_error(text):
        return None, CELL_ERROR
    return (None if is_blank_word(text) else text), None


def parse_worker(text: str) -> tuple[str | None, str | None]:
    """A digest (16 hexadecimal characters) of a worker's name; None when no worker is named.

    Order and case of the names do not matter. The name itself is not kept. Words for nobody, such as
    'Unallocated', break `nobody_named`; a blank does not.
    """
    text = repair_text(text)
    if is_blank_or_not_known(text):
        return None, None
    if is_spreadsheet_error(text):
        return None, CELL_ERROR
    if is_nobody(text):
        return None, NOBODY_NAMED
    names = " ".join(sorted(re.findall(r"\w+", text.casefold())))
    return hashlib.sha256(names.encode()).hexdigest()[:16], None


def parse_presence(text: str) -> tuple[bool | None, str | None]:
    """True when a name is given. The name itself is not kept; nobody is as for `parse_worker`."""
    text = repair_text(text)
    if is_blank_or_not_known(text):
        return False, None
    if is_spreadsheet_error(text):
        return False, CELL_ERROR
    return (False, NOBODY_NAMED) if is_nobody(text) else (True, None)
