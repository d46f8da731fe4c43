"""Text as it was meant: mojibake undone, one kind of space, quote and dash. No meaning is read here."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
ONE_KIND = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u0096": "-", "\u0097": "-", "\u0091": "'", "\u0092": "'",
    }
)  # fmt: skip
MOJIBAKE = re.compile("[\u00c2\u00c3\u00e2][\u0080-\u00ff\u0152-\u02dc\u2013-\u2122]")
SPACES = re.compile(r"\s+")


def repaired(text: str) -> str:
    """The text with spaces collapsed and one leading apostrophe (Excel's sign for text) removed.

    What a wrong encoding did to it is undone, at most twice.
    """
    if not text.isascii():
        for _ in range(2):
            text = _decoded_again(text)
        text = unicodedata.normalize("NFKC", text).translate(INVISIBLE).translate(ONE_KIND)
    text = SPACES.sub(" ", text).strip()
    if text.startswith("'") and text.count("'") == 1:
        text = text[1:].strip()
    return text


def tidy(text: str) -> str:
    """The text in one kind of letter with single spaces and nothing invisible: what no one would miss."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
    return SPACES.sub(" ", text).strip()


def garbled(text: str) -> str | None:
    """The rule `text_repaired` when a wrong encoding had garbled letters that `repaired` puts right."""
    return None if text.isascii() or _decoded_again(text) == text else "text_repaired"


def _decoded_again(text: str) -> str:
    if not MOJIBAKE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
