"""Parse identifiers: the text of the cell, with what spreadsheets do to ids undone (docs/rulings.md#21)."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cf_pipeline.clean.values.dates import PLACEHOLDER, parse_moment
from cf_pipeline.clean.values.repair import repair_text, tidy_text
from cf_pipeline.contracts.words.absence import is_blank_or_not_known, is_no_id, is_spreadsheet_error

PLAIN_ID_PATTERN = r"[A-Z]{0,3}[0-9]{2,15}"
"""The form of nearly all ids, in which nothing needs repair. Matching it first is faster."""
INTEGRAL = re.compile(r"(\d+)(?:\.0*|,0{1,2})")
GROUPED = re.compile(r"\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+|(?:'\d{3})+)(?:\.0*)?")
SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d+)", re.IGNORECASE)
MOST_DIGITS = 15
"""Digits that a number in a spreadsheet keeps; ids of more digits are whole only as text."""
QUOTED = re.compile(r"\"(.*)\"|'(.*)'")
NUMBER = re.compile(r"[\d.]*")
SHORT_DATE = re.compile(r"\d{1,2}([-.])\d{1,2}\1\d{2}")
"""Not taken for a date in a column of ids: '10-11-12' is as likely an id of three parts."""
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?", re.IGNORECASE)
LATEST_YEAR = 2100
DIGITS_LOST, REFORMATTED, NO_ID = "id_digits_lost", "id_reformatted", "id_unusable"


def parse_plain_ids(texts: pd.Index[str]) -> tuple[Any, npt.NDArray[np.bool_]]:
    """A copy of the texts as values, and which of them need no repair."""
    return texts.array.copy(), find_plain_ids(texts)


def find_plain_ids(texts: pd.Index[str]) -> npt.NDArray[np.bool_]:
    """Which texts have the form of nearly all ids, by pyarrow, for speed."""
    written = pa.array(texts)
    is_plain = pc.match_substring_regex(written, f"^(?:{PLAIN_ID_PATTERN})$")
    is_zero = pc.equal(pc.utf8_trim(written, characters="0"), "")
    found: npt.NDArray[np.bool_] = pc.and_not(is_plain, is_zero).to_numpy(zero_copy_only=False)
    return found


def is_plain_id(text: str) -> bool:
    """Whether a text has the form of nearly all ids."""
    return re.fullmatch(PLAIN_ID_PATTERN, text) is not None and text.strip("0") != ""


def parse_id(text: str) -> tuple[str | None, str | None]:
    """An identifier in upper case with its leading zeros, and the rule that the text breaks.

    What hides the id is undone: '12345.0', '100,001', '="00123"' (`id_reformatted`). '1.2E+07' lost digits in
    Excel: None (`id_digits_lost`). -1, 0, a boolean, a date and a test are no id: None (`id_unusable`). A
    word for an empty cell is None and breaks no rule.
    """
    if is_plain_id(text):
        return text, None
    written = tidy_text(text).upper()
    text = repair_text(text).upper()
    if match := QUOTED.fullmatch(text):
        text = (match[1] or match[2] or "").strip()
    if is_blank_or_not_known(text):
        return None, None
    if GROUPED.fullmatch(text):
        text = re.sub(r"[, ']", "", text)
    if match := INTEGRAL.fullmatch(text):
        text = match[1]
        if len(text.lstrip("0")) > MOST_DIGITS:
            return None, DIGITS_LOST
    elif match := SCIENTIFIC.fullmatch(text):
        digits, exponent = match[1] + (match[2] or ""), int(match[3])
        if exponent != len(digits) - 1 or len(digits) > MOST_DIGITS:
            return None, DIGITS_LOST
        text = digits
    if is_no_id(text) or is_spreadsheet_error(text) or not any(map(str.isalnum, text)) or reads_as_date(text):
        return None, NO_ID
    return text, None if text == written else REFORMATTED


def reads_as_date(text: str) -> bool:
    """Whether a text in a column of ids is a date or a time: digits alone, as in 20190501, are an id."""
    if TIME.fullmatch(text):
        return True
    if (NUMBER.fullmatch(text) and text.count(".") != 2) or SHORT_DATE.fullmatch(text):
        return False
    moment, rule = parse_moment(text, LATEST_YEAR)
    return moment is not None or rule == PLACEHOLDER
