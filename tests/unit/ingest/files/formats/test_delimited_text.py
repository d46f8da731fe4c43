"""Delimited text: byte-order mark first, cp1252 last, the delimiter that splits most."""

import pytest

from cf_pipeline.ingest.files.formats.delimited_text import decode_text, guess_delimiter
from cf_pipeline.ingest.files.unreadable import UnreadableError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(encoding):
    assert decode_text("naïve – café’s".encode(encoding)) == "naïve – café’s"


@pytest.mark.parametrize("data", [b"\x81\x8d\x8f", b"a\0b"])
def test_what_is_not_text_is_refused(data):
    with pytest.raises(UnreadableError):
        decode_text(data)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_splits_most(delimiter):
    rows = [["Child ID", "Date, of contact", "Source"], ["1", "a;b", "c"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert guess_delimiter(text) == delimiter


def test_excel_s_own_hint_wins():
    assert guess_delimiter("sep=;\na,b;c,d") == ";"
