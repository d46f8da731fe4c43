"""Ids, numbers, postcodes and plain text: one text in, its value and the rule it breaks out."""

from __future__ import annotations

import math
import re

from cf_pipeline.clean.nulls import is_nothing, is_nothing_or_not_known
from cf_pipeline.clean.repair import repaired

UNCHANGED_ID = r"[A-Z]{0,3}[0-9]{2,15}"
"""An id as nearly all are: nothing to repair (speed: a list has as many ids as children)."""
PLAIN_ID = re.compile(UNCHANGED_ID)
INTEGRAL = re.compile(r"(\d+)\.0+")
SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d+)", re.IGNORECASE)
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?", re.IGNORECASE)
YEARS = re.compile(r"(?P<years>-?\d+(?:\.\d+)?) ?(?:y|yr|yrs|year|years)(?: ?old)?(?:[ ,]+\d+ ?m\w*)?", re.I)
MONTHS = re.compile(r"(?P<months>\d+) ?(?:m|mth|mths|month|months)(?: ?old)?", re.I)
UNDER_ONE = re.compile(r"(?:<|under|less than) ?1(?: ?y\w*)?", re.I)
POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
UNBORN = -1
OLDEST = 120


def parse_id(text: str) -> tuple[str | None, str | None]:
    """An identifier as text: upper case, leading zeros kept, '12345.0' as '12345'.

    '1.2E+07' has lost digits on its way through Excel: None with the rule `id_digits_lost`.
    """
    if PLAIN_ID.fullmatch(text):
        return text, None
    text = repaired(text).upper()
    if is_nothing_or_not_known(text):
        return None, None
    if match := INTEGRAL.fullmatch(text):
        return match[1], None
    if match := SCIENTIFIC.fullmatch(text):
        digits, exponent = match[1] + (match[2] or ""), int(match[3])
        return (digits, None) if exponent == len(digits) - 1 else (None, "id_digits_lost")
    return text, None


def parse_integer(text: str) -> tuple[int | None, str | None]:
    """A whole number ('3,000', '1.0'); anything else is None with the rule `number_unreadable`."""
    text = THOUSANDS.sub("", repaired(text))
    if is_nothing_or_not_known(text):
        return None, None
    if not NUMBER.fullmatch(text) or not float(text).is_integer() or abs(float(text)) > 1e15:
        return None, "number_unreadable"
    return int(float(text)), None


def parse_age(text: str) -> tuple[int | None, str | None]:
    """An age in whole years, rounded down ('8.5yrs' 8, '18m' 1, '<1' 0); -1 is an unborn child."""
    text = repaired(text)
    if is_nothing_or_not_known(text):
        return None, None
    if text.casefold() in ("unborn", "u/b"):
        return UNBORN, None
    if UNDER_ONE.fullmatch(text):
        return 0, None
    if match := MONTHS.fullmatch(text):
        return int(match["months"]) // 12, None
    match = YEARS.fullmatch(text)
    number = match["years"] if match else text
    if not NUMBER.fullmatch(number) or not UNBORN <= math.floor(float(number)) <= OLDEST:
        return None, "number_unreadable"
    return math.floor(float(number)), None


def parse_number(text: str) -> tuple[float | None, str | None]:
    """A number; anything else is None with the rule `number_unreadable`."""
    text = THOUSANDS.sub("", repaired(text))
    if is_nothing_or_not_known(text):
        return None, None
    if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        return None, "number_unreadable"
    return float(text), None


def parse_postcode(text: str) -> tuple[str | None, str | None]:
    """A postcode as 'AA9A 9AA'; anything else is None with the rule `postcode_unreadable`."""
    text = repaired(text)
    if is_nothing_or_not_known(text) or text.casefold() in ("confidential", "withheld"):
        return None, None
    match = POSTCODE.fullmatch(re.sub(r"[^A-Z\d]", "", text.upper()))
    return (f"{match[1]} {match[2]}", None) if match else (None, "postcode_unreadable")


def parse_string(text: str) -> tuple[str | None, str | None]:
    """The repaired text, None when it says nothing."""
    text = repaired(text)
    return (None if is_nothing(text) else text), None


def parse_presence(text: str) -> tuple[bool | None, str | None]:
    """True when anybody is named; the name itself goes no further."""
    return not is_nothing_or_not_known(repaired(text)), None
