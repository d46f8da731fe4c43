"""Rows of a delimited text file. Standard library only: the reading child imports this."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from cf_pipeline.ingest.files.file_kind import UnreadableError

DELIMITERS = ",;\t|"
LOOK_AHEAD = 25
HINT = re.compile(r"sep=([,;\t|])\r?(?:\n|\Z)", re.IGNORECASE)
LONGEST_FIELD = 2**31 - 1
"""A long note is not an error; memory is bounded by the process."""
END = "\x1eend of file\x1e"
"""A record of our own after the last: when it does not come back alone, a quote is still open."""


def decoded(data: bytes) -> str:
    """The text, by byte-order mark first, then strict UTF-8, then cp1252.

    cp1252 last: it decodes a UTF-8 mark or UTF-16 to nonsense without an error.

    Raises:
        UnreadableError: none of them fits, or the bytes are not text.
    """
    if data.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableError("not_text")


def delimiter_of(text: str) -> str:
    """The delimiter that splits the first rows into most fields; a comma when none does."""
    hint = HINT.match(text)
    if hint:
        return hint[1]
    fields = {}
    for delimiter in DELIMITERS:
        widths = [len(row) for row in islice(_reader(text, delimiter), LOOK_AHEAD) if row]
        fields[delimiter] = sum(widths) - len(widths)
    return max(fields, key=lambda delimiter: fields[delimiter]) if any(fields.values()) else ","


def text_rows(path: Path) -> Iterator[list[str]]:
    """The records of the file in order, blank lines as empty records: record n is Excel's row n.

    Excel's own hint of the delimiter ('sep=;') is a line that it does not show.

    Raises:
        UnreadableError: not text, or a quote opened and never closed: it would swallow the rows after it.
    """
    csv.field_size_limit(LONGEST_FIELD)
    text = decoded(path.read_bytes())
    delimiter = delimiter_of(text)
    end = "" if text.endswith(("\n", "\r")) else "\n"
    last: list[str] | None = None
    for record in _reader(f"{HINT.sub('', text)}{end}{END}", delimiter):
        if last is not None:
            yield last
        last = record
    if last != [END]:
        raise UnreadableError("open_quote")


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
