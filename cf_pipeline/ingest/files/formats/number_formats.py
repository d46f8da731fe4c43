"""Number formats that display an id with leading zeros ('00000000'), in one way for every workbook format.

Standard library only: the parser process imports this.
"""

from __future__ import annotations

import re
from functools import lru_cache

SECTIONS = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;.*)?', re.DOTALL)
PREFIX = re.compile(r"\[[^\]<>=]*\]")
"""A colour, a locale or a currency: '[Red]', '[$-809]'. One with '<', '>' or '=' is a condition."""
PART = re.compile(r'"([^"]*)"|\\(.)|([-/ ])|_.|\*.|(0)')
FEWEST_ZEROS, FEWEST_BESIDE_WORDS = 2, 4
"""Zeros from which a format is taken for that of an id: alone, and with letters or signs between them."""
MOST_DIGITS = 15
"""Digits that a number in a spreadsheet keeps."""


def pad_number(value: object, number_format: str) -> str | None:
    """The number as its format displays it, '000123' or 'C000123'; None when the format adds nothing."""
    parts = _parts(number_format)
    if parts is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if value != int(value) or value < 0 or value >= 10**MOST_DIGITS:
        return None
    digits = str(int(value))
    zeros = parts.count("0")
    padded = digits.zfill(zeros)
    if len(parts) == zeros:
        return padded if padded != digits else None
    shown, at = "", len(padded) - zeros + 1
    for part in parts:
        if part != "0":
            shown += part[1:]
        elif at:
            shown, padded, at = shown + padded[:at], padded[at:], 0
        else:
            shown, padded = shown + padded[:1], padded[1:]
    return shown


def pads_numbers(number_format: str) -> bool:
    """Whether the format displays zeros before a number."""
    return _parts(number_format) is not None


@lru_cache(maxsize=1024)
def _parts(number_format: str) -> tuple[str, ...] | None:
    """The zeros of the format's first section and the words between them, each word after a '"'.

    None for any other format: the first section is for positive numbers; only prefixes, zeros, words and
    blank space may stand in it.
    """
    match = SECTIONS.fullmatch(number_format)
    section = PREFIX.sub("", match[1]) if match else ""
    found, at = [], 0
    while at < len(section):
        part = PART.match(section, at)
        if part is None:
            return None
        word = part[1] or part[2] or part[3]
        if part[4] or word:
            found.append("0" if part[4] else f'"{word}')
        at = part.end()
    fewest = FEWEST_ZEROS if len(found) == found.count("0") else FEWEST_BESIDE_WORDS
    return tuple(found) if found.count("0") >= fewest else None
