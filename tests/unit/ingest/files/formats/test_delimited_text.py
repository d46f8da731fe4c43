"""Delimited text: byte-order mark first, cp1252 last, the delimiter between the headers of a list."""

import csv
import io

import pytest

from cf_pipeline.ingest.files.formats.delimited_text import decode_text, find_wide_rows, guess_delimiter
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


HEADERS = ["Child Unique ID", "Gender", "Date of Contact", "Contact Source", "Notes"]


def written(delimiter, *rows, above=""):
    """A file with these rows below the headers, every cell in quotes, and lines above as they are."""
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([HEADERS, *rows])
    return above + file.getvalue()


@pytest.mark.mess(5)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("other", [",", ";", "\t", "|"])
def test_what_stands_in_a_quoted_cell_does_not_decide(delimiter, other):
    note = f"seen{other} " * 40
    rows = [
        ["1", "F", "2019-10-01", "1A", note],
        ["2", "M", "2019-10-02", "1A", f'he said "no{other} {other}"'],
    ]
    assert guess_delimiter(written(delimiter, *rows)) == delimiter


@pytest.mark.mess(5)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("other", [",", ";", "\t", "|"])
def test_a_title_does_not_decide(delimiter, other):
    title = other.join(["Contacts", "open", "closed", "all teams", "North", "South", "East", "West"])
    text = written(delimiter, ["1", "F", "2019-10-01", "1A", ""], above=f"{title}\n{title}\n\n")
    assert guess_delimiter(text) == delimiter


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_decimal_comma_does_not_decide_between_headers_of_no_list(delimiter):
    rows = [["Ref", "Score", "Weight"], *[["r", "2,5", "3,5"]] * 5]
    assert guess_delimiter("\n".join(delimiter.join(row) for row in rows)) == delimiter


def test_semicolons_in_every_note_do_not_decide_between_headers_of_no_list():
    rows = ["Ref,Day,What", *['1,2019-10-01,"a; b; c; d"'] * 5]
    assert guess_delimiter("\n".join(rows)) == ","


def test_a_note_that_quotes_headers_does_not_decide():
    rows = ["Child Unique ID,Date of Contact,Gender", "1,2019-10-01,F", '"Filter: Gender;Date of Contact",,']
    assert guess_delimiter("\n".join(rows)) == ","


HEADER = "Child Unique ID,Gender,Date of Contact"


@pytest.mark.parametrize(
    ("rows", "wide"),
    [
        ("1,C1,F,02/10/2019\n2,C2,F,03/10/2019\n", [1, 2]),  # R's write.table: no header for the row names
        ("C1,F,02/10/2019\nC2,F, the second,03/10/2019\n", [2]),  # a comma without quotes
        ('C1,F,02/10/2019\n"C2, x",F,03/10/2019\n', []),
        ("C1,F,02/10/2019,,\nC2,F,03/10/2019, ,\n", []),  # delimiters at the end
        ("C1,F\n(1 row)\n", []),
        ("C1,F,02/10/2019\n\nChild Unique ID,Gender,Ethnicity,Date of referral\nC1,F,WBRI,02/10/2019\n", []),
    ],
)
def test_rows_wider_than_the_headers_above_them_are_found(tmp_path, rows, wide):
    file = tmp_path / "contacts.csv"
    file.write_text(f"Contacts\n{HEADER}\n{rows}")
    marks = find_wide_rows(file)[""].places
    assert marks == ({("cells_beyond_header", -1): [row + 1 for row in wide]} if wide else {})


def test_a_wide_table_far_below_has_its_own_headers(tmp_path):
    file = tmp_path / "contacts.csv"
    rows = "".join(f"C{n},F,02/10/2019\n" for n in range(100))
    second = "Child Unique ID,Gender,Ethnicity,Date of referral\nC1,F,WBRI,02/10/2019\n"
    file.write_text(f"{HEADER}\n{rows}{second}")
    assert find_wide_rows(file)[""].places == {}
