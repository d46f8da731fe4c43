"""Delimited text (.csv, .tsv): recognised last, its encoding and delimiter found. Standard library only."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from cf_pipeline.contracts.words.headers import known_headers, squash_without_extras
from cf_pipeline.ingest.files.formats.archive import START_BYTES
from cf_pipeline.ingest.files.formats.file_format import FileContent, SheetMarks, SheetRows
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.files.unreadable import UnreadableError

REASONS = {
    "not_text": "the file is neither a workbook nor text; export it again as .xlsx or .csv",
    "open_quote": "a quotation mark is opened and never closed, so that rows would be lost; export it again",
}
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<(?:!doctype\s+html|html|head|body|table|meta|\?xml|!--)|mime-version:)", re.I
)
DELIMITERS = ",;\t|"
GUESS_ROWS, GUESS_LENGTH = 25, 100_000
"""Rows, and characters, by which the delimiter is guessed."""
FEWEST_HEADERS = 2
"""Known headers in one row from which they decide the delimiter."""
QUOTED = re.compile(r'"(?:[^"]|"")*"')
DELIMITER_HINT = re.compile(r"sep=([,;\t|])\r?(?:\n|\Z)", re.IGNORECASE)
LONGEST_FIELD = 2**31 - 1
"""A long note is not an error; memory is bounded by the process."""
LAST_RECORD = "\x1eend of file\x1e"
"""A record of our own after the last: when it does not come back alone, a quote is still open."""


def is_any_content(content: FileContent) -> bool:
    """True: a content that no other format recognises may be text."""
    return True


def check_not_markup(path: Path, limits: Limits) -> None:
    """Refuse a web page or XML under a spreadsheet's name, and what begins like a zip archive and is none.

    Raises:
        UnreadableError: `markup` or `corrupt`.
    """
    with path.open("rb") as file:
        start = file.read(START_BYTES)
    if start.startswith(b"PK"):
        raise UnreadableError("corrupt")
    if start.startswith(UTF_16_MARKS):
        start = start.decode("utf-16", "ignore").encode()
    if MARKUP.match(start):
        raise UnreadableError("markup")


def read_sheet(path: Path, limits: Limits) -> Iterator[SheetRows]:
    """The file as one sheet without a name.

    Raises:
        UnreadableError: as `read_rows`, when the rows are read.
    """
    yield SheetRows("", read_rows(path))


def read_rows(path: Path) -> Iterator[list[str]]:
    """The records of the file in order, blank lines as empty records: record n is Excel's row n.

    Excel's own hint of the delimiter ('sep=;') is a line that Excel does not display: it is no record.

    Raises:
        UnreadableError: `not_text`, or `open_quote`: it would swallow the rows after it.
    """
    csv.field_size_limit(LONGEST_FIELD)
    text = decode_text(path.read_bytes())
    delimiter = guess_delimiter(text)
    line_end = "" if text.endswith(("\n", "\r")) else "\n"
    previous: list[str] | None = None
    for record in _records(f"{DELIMITER_HINT.sub('', text)}{line_end}{LAST_RECORD}", delimiter):
        if previous is not None:
            yield previous
        previous = record
    if previous != [LAST_RECORD]:
        raise UnreadableError("open_quote")


def find_wide_rows(path: Path) -> dict[str, SheetMarks]:
    """The rows with a filled field to the right of the last header, as marks of the whole sheet.

    In them a delimiter stands in a cell without quotes, or the header row lacks the name of a column, as R
    writes it for its row names: their values may stand under the headers of others. Of a file that cannot be
    read nothing is said: `read_rows` refuses it.
    """
    marks, width = SheetMarks(), 0
    try:
        for number, row in enumerate(read_rows(path)):
            is_near_top = number < GUESS_ROWS
            if (is_near_top or len(row) > width > 0) and _count_headers(row) >= FEWEST_HEADERS:
                width = len(row)
            elif width and len(row) > width and any(cell.strip() for cell in row[width:]):
                marks.add("cells_beyond_header", number, -1)
    except UnreadableError:
        return {}
    return {"": marks}


def decode_text(data: bytes) -> str:
    """The text, by byte-order mark first, then strict UTF-8, then cp1252.

    cp1252 is last: it decodes a UTF-8 mark or UTF-16 to nonsense without an error.

    Raises:
        UnreadableError: `not_text`: none of them fits.
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


def guess_delimiter(text: str) -> str:
    """The delimiter by which the first rows hold most headers that a list has; a comma when none splits them.

    Rows are parsed with their quotes, so what stands in a quoted cell decides nothing, and neither does a
    title. Without two known headers it is the delimiter that splits most lines alike.
    """
    hint = DELIMITER_HINT.match(text)
    if hint:
        return hint[1]
    start = text[:GUESS_LENGTH]
    rows = {delimiter: list(islice(_records(start, delimiter), GUESS_ROWS)) for delimiter in DELIMITERS}
    splitting = [delimiter for delimiter in DELIMITERS if any(len(row) > 1 for row in rows[delimiter])]
    if len(splitting) < 2:
        return splitting[0] if splitting else ","
    headers = {delimiter: max(map(_count_headers, rows[delimiter])) for delimiter in splitting}
    most = max(headers.values())
    if most >= FEWEST_HEADERS:
        splitting = [delimiter for delimiter in splitting if headers[delimiter] == most]
    lines = [line for line in QUOTED.sub("", start).splitlines() if line.strip()][:GUESS_ROWS]
    return max(splitting, key=lambda delimiter: _alike(lines, delimiter))


def _count_headers(row: list[str]) -> int:
    """How many different headers that a list has are among the cells of a row."""
    return len({squash_without_extras(cell) for cell in row if cell} & known_headers())


def _alike(lines: list[str], delimiter: str) -> tuple[int, int]:
    """The delimiters of the lines that hold the most usual number of them, and those lines."""
    usual = Counter(count for line in lines if (count := line.count(delimiter))).most_common(1)
    return (usual[0][0] * usual[0][1], usual[0][1]) if usual else (0, 0)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
