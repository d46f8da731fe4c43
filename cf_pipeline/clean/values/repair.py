"""Repair text: undo mojibake, and use one kind of space, quote and dash. Meaning is not interpreted here."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
PLAIN_PUNCTUATION = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u0096": "-", "\u0097": "-", "\u0091": "'", "\u0092": "'",
    }
)  # fmt: skip
MOJIBAKE = re.compile("[\u00c2\u00c3\u00e2][\u0080-\u00ff\u0152-\u02dc\u2013-\u2122]")
SPACES = re.compile(r"\s+")
FORMULA_TEXT = re.compile(r'= ?(?:T ?\( ?)?"((?:[^"]|"")*)"(?: ?\))?(?: ?& ?"")?', re.IGNORECASE)
"""A formula whose result is a text, as exports write to keep an id's zeros in Excel: ="00123"."""


def repair_text(text: str) -> str:
    """The text with mojibake undone, plain punctuation, single spaces and no leading apostrophe.

    A leading apostrophe is Excel's sign for a cell of text; it stays when the text holds another one. A
    formula around a text (`="00123"`) is the text.
    """
    if not text.isascii():
        for _ in range(2):  # some exports were decoded wrongly twice
            text = _undo_mojibake(text)
        text = unicodedata.normalize("NFKC", text).translate(INVISIBLE).translate(PLAIN_PUNCTUATION)
    text = _remove_apostrophe(SPACES.sub(" ", text).strip())
    if text.startswith("=") and (match := FORMULA_TEXT.fullmatch(text)):
        text = _remove_apostrophe(match[1].replace('""', '"').strip())
    return text


def _remove_apostrophe(text: str) -> str:
    return text[1:].strip() if text.startswith("'") and text.count("'") == 1 else text


def tidy_text(text: str) -> str:
    """The text with single spaces, without invisible characters, in Unicode's compatibility form (NFKC)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
    return SPACES.sub(" ", text).strip()


def garbled_text_rule(text: str) -> str | None:
    """The rule `text_repaired` when the text holds mojibake that `repair_text` undoes, else None."""
    return None if text.isascii() or _undo_mojibake(text) == text else "text_repaired"


def _undo_mojibake(text: str) -> str:
    """The text decoded as UTF-8 where it had been decoded as Windows-1252; unchanged where it had not."""
    if not MOJIBAKE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
