"""Ids, numbers, postcodes and plain text: one text in, its value and the rule it breaks out."""

from __future__ import annotations

import hashlib
import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.values.nulls import is_nothing, is_nothing_or_not_known
from cf_pipeline.clean.values.repair import repaired, tidy

AN_ID = r"[A-Z]{0,3}[0-9]{2,15}"
"""An id as nearly all are: nothing to repair (speed: a list has as many ids as children)."""
PLAIN_ID = re.compile(AN_ID)
INTEGRAL = re.compile(r"(\d+)\.0+")
SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d+)", re.IGNORECASE)
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?", re.IGNORECASE)
YEARS = re.compile(r"(?P<years>-?\d+(?:\.\d+)?) ?(?:y|yr|yrs|year|years)(?: ?old)?(?:[ ,]+\d+ ?m\w*)?", re.I)
MONTHS = re.compile(r"(?P<months>\d+) ?(?:m|mth|mths|month|months)(?: ?old)?", re.I)
UNDER_ONE = re.compile(r"(?:<|under|less than) ?1(?: ?y\w*)?", re.I)
POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
REFORMATTED = "number_reformatted"
NO_WORKER = ("unallocated", "not allocated", "unassigned", "no worker", "duty")
"""Words in place of a worker's name that say there is none."""
UNBORN = -1
OLDEST = 120


def usual_ids(texts: pd.Series[str]) -> tuple[Any, npt.NDArray[np.bool_]]:
    """The ids that need no repair, and which they are; asking pyarrow is far quicker than asking Python."""
    return texts.array, texts.str.fullmatch(AN_ID).to_numpy(dtype=bool)


def parse_id(text: str) -> tuple[str | None, str | None]:
    """An identifier as text: upper case, leading zeros kept, '12345.0' as '12345' (`id_reformatted`).

    '1.2E+07' has lost digits on its way through Excel: None with the rule `id_digits_lost`.
    """
    if PLAIN_ID.fullmatch(text):
        return text, None
    written = tidy(text).upper()
    text = repaired(text).upper()
    if is_nothing_or_not_known(text):
        return None, None
    if match := INTEGRAL.fullmatch(text):
        text = match[1]
    elif match := SCIENTIFIC.fullmatch(text):
        digits, exponent = match[1] + (match[2] or ""), int(match[3])
        if exponent != len(digits) - 1:
            return None, "id_digits_lost"
        text = digits
    return text, None if text == written else "id_reformatted"


def parse_integer(text: str) -> tuple[int | None, str | None]:
    """A whole number ('3,000', `number_reformatted`); anything else is None with `number_unreadable`."""
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text), None
    number, rule = parse_number(text)
    if number is None:
        return None, rule
    if not number.is_integer() or abs(number) > 1e15:
        return None, "number_unreadable"
    return int(number), rule


def parse_age(text: str) -> tuple[int | None, str | None]:
    """An age in whole years, rounded down ('8.5yrs' 8, '18m' 1, '<1' 0); -1 is an unborn child.

    What was not a whole number comes with the rule `number_reformatted`.
    """
    text = repaired(text)
    if is_nothing_or_not_known(text):
        return None, None
    if text.casefold() in ("unborn", "u/b"):
        return UNBORN, REFORMATTED
    if UNDER_ONE.fullmatch(text):
        return 0, REFORMATTED
    if match := MONTHS.fullmatch(text):
        return int(match["months"]) // 12, REFORMATTED
    match = YEARS.fullmatch(text)
    number = match["years"] if match else text
    if not NUMBER.fullmatch(number) or not UNBORN <= math.floor(float(number)) <= OLDEST:
        return None, "number_unreadable"
    is_plain = match is None and float(number).is_integer()
    return math.floor(float(number)), None if is_plain else REFORMATTED


def parse_number(text: str) -> tuple[float | None, str | None]:
    """A number ('3,000', `number_reformatted`); anything else is None with `number_unreadable`."""
    text = repaired(text)
    if is_nothing_or_not_known(text):
        return None, None
    plain = THOUSANDS.sub("", text)
    if not NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        return None, "number_unreadable"
    return float(plain), None if plain == text else REFORMATTED


def parse_postcode(text: str) -> tuple[str | None, str | None]:
    """A postcode as 'AA9A 9AA' whatever its case and spaces; else None with the rule `postcode_unreadable`.

    Other signs in it are left out with the rule `postcode_reformatted`.
    """
    text = repaired(text)
    if is_nothing_or_not_known(text) or text.casefold() in ("confidential", "withheld"):
        return None, None
    written = text.upper().replace(" ", "")
    match = POSTCODE.fullmatch(re.sub(r"[^A-Z\d]", "", written))
    if match is None:
        return None, "postcode_unreadable"
    return f"{match[1]} {match[2]}", None if match[0] == written else "postcode_reformatted"


def parse_string(text: str) -> tuple[str | None, str | None]:
    """The repaired text, None when it says nothing."""
    text = repaired(text)
    return (None if is_nothing(text) else text), None


def parse_worker(text: str) -> tuple[str | None, str | None]:
    """A digest that tells one worker from another whatever the order of the names; None when none is named.

    The name itself goes no further.
    """
    text = repaired(text)
    if is_nothing_or_not_known(text) or text.casefold() in NO_WORKER:
        return None, None
    names = " ".join(sorted(re.findall(r"\w+", text.casefold())))
    return hashlib.sha256(names.encode()).hexdigest()[:16], None


def parse_presence(text: str) -> tuple[bool | None, str | None]:
    """True when anybody is named; the name itself goes no further."""
    return not is_nothing_or_not_known(repaired(text)), None
