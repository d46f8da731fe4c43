"""Every format is known by its bytes; the name of the file does not matter."""

import csv
import datetime as dt
import io

import pytest

from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
from cf_pipeline.ingest.files.read_file import read_file
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support import workbook_formats as formats
from tests.support.workbooks import AUTHORITY, deliver, deliver_text, narrow_table, write_workbook

DAY = dt.date(2019, 11, 5)
ROWS = narrow_table("contacts", {"child_id": "A1", "contact_date": DAY, "contact_source": "Police – “999”"})
AS_TEXT = [[cell.isoformat() if cell == DAY else cell for cell in row] for row in ROWS]


def as_text(delimiter=",", encoding="utf-8", first=""):
    written = io.StringIO(first, newline="")
    written.seek(len(first))
    csv.writer(written, delimiter=delimiter).writerows(AS_TEXT)
    return written.getvalue().encode(encoding)


def xlsx(tmp_path):
    return write_workbook(tmp_path / "made.xlsx", {"List 1": ROWS}).read_bytes()


CONTENTS = {
    "xlsx": xlsx,
    "xlsb": lambda _: formats.xlsb(AS_TEXT),
    "xls": lambda _: formats.xls(ROWS),
    "ods": lambda _: formats.ods(ROWS),
    "csv": lambda _: as_text(),
    "tsv": lambda _: as_text("\t"),
}


@pytest.mark.mess(1)
@pytest.mark.parametrize("named", ["xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "tsv"])
@pytest.mark.parametrize("written_as", CONTENTS)
def test_any_format_reads_alike_under_any_name(raw, tmp_path, written_as, named):
    deliver_text(raw, CONTENTS[written_as](tmp_path), name=f"contacts.{named}")
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    contacts = received.lists["contacts"]
    assert contacts[["child_id", "contact_date", "contact_source", "excel_row"]].to_numpy().tolist() == [
        ["A1", "2019-11-05", "Police – “999”", 2]
    ]


ENCRYPTED = {
    "xlsx": formats.ole2("EncryptedPackage", bytes(range(256)) * 20),
    "xls": formats.xls_with_password(ROWS),
    "ods": formats.ods(ROWS, manifest="<manifest:encryption-data/>"),
}


@pytest.mark.mess(2)
@pytest.mark.parametrize("kind", ENCRYPTED)
def test_a_password_is_named(raw, kind):
    deliver_text(raw, ENCRYPTED[kind], name="locked.xlsx")
    (sentence,) = receive_deliveries(raw, AUTHORITY).refusals
    assert "protected by a password" in sentence


def test_the_words_of_a_password_protected_file_inside_a_cell_lock_nothing(raw):
    deliver_text(raw, formats.xls([*ROWS, ["EncryptedPackage", DAY, "x"]]), name="old.xls")
    assert receive_deliveries(raw, AUTHORITY).lists["contacts"]["child_id"].tolist() == [
        "A1",
        "EncryptedPackage",
    ]


MARKUP = {
    "a web page": b"<html><table><tr><td>Child Unique ID</td></tr></table></html>",
    "a web page in UTF-16": "<html><table>".encode("utf-16"),
    "SpreadsheetML": b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>',
    "a web archive": b"MIME-Version: 1.0\r\nContent-Type: multipart/related",
}


@pytest.mark.mess(3)
@pytest.mark.parametrize("kind", MARKUP)
def test_markup_under_a_spreadsheet_s_name_says_how_to_save_it(raw, kind):
    deliver_text(raw, MARKUP[kind], name="report.xls")
    (sentence,) = receive_deliveries(raw, AUTHORITY).refusals
    assert "open it in Excel and save it as .xlsx" in sentence


@pytest.mark.mess(4)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_every_encoding_gives_the_same_words(raw, encoding):
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    deliver_text(raw, (mark + as_text().decode()).encode(encoding), name="contacts.csv")
    assert receive_deliveries(raw, AUTHORITY).lists["contacts"]["contact_source"].tolist() == [
        "Police – “999”"
    ]


@pytest.mark.mess(5)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_gives_the_same_cells(raw, delimiter):
    deliver_text(raw, as_text(delimiter), name="contacts.csv")
    assert receive_deliveries(raw, AUTHORITY).lists["contacts"]["contact_date"].tolist() == ["2019-11-05"]


def rows_of(tmp_path, content):
    path = tmp_path / "some.csv"
    path.write_bytes(content)
    reading = read_file(path, DEFAULT_LIMITS)
    return reading.refusal or reading.sheets[0].rows(10)


@pytest.mark.mess(5)
def test_excel_s_hint_of_the_delimiter_is_no_row(tmp_path):
    assert rows_of(tmp_path, b"sep=;\r\na;b,c\r\n") == [["a", "b,c"]]


@pytest.mark.mess(5)
def test_a_quoted_line_break_ends_no_record(tmp_path):
    assert rows_of(tmp_path, b'a,"b\r\nc"\r\n1,2') == [["a", "b\r\nc"], ["1", "2"]]


def test_a_very_long_field_is_a_field(tmp_path):
    rows = rows_of(tmp_path, b"a,b\n1," + b"x" * 300_000)
    assert [len(cell) for cell in rows[1]] == [1, 300_000]


def test_a_quote_that_never_closes_is_refused_for_it_hides_the_rows_after_it(tmp_path):
    assert rows_of(tmp_path, b'a,b\n1,"2\n3,4\n') == "open_quote"


@pytest.mark.mess(7)
def test_lock_files_and_dot_files_are_nobody_s(raw):
    deliver(raw, {"List 1": ROWS})
    for name in ("~$annex_a.xlsx", ".hidden.xlsx", "Thumbs.db"):
        deliver_text(raw, b"", name=name)
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    assert received.manifest["file"].tolist() == ["annex_a.xlsx"]


@pytest.mark.mess(7)
def test_an_empty_file_is_named(raw):
    deliver_text(raw, b"", name="contacts.xlsx")
    (sentence,) = receive_deliveries(raw, AUTHORITY).refusals
    assert "0 bytes" in sentence


@pytest.mark.mess(8)
def test_the_same_content_twice_counts_once(raw):
    deliver(raw, {"List 1": ROWS}, name="a.xlsx")
    deliver_text(raw, (raw / AUTHORITY / "2019-12-31" / "a.xlsx").read_bytes(), name="b.xlsx")
    assert receive_deliveries(raw, AUTHORITY).lists["contacts"]["file"].tolist() == ["a.xlsx"]


@pytest.mark.mess(12)
def test_a_sheet_says_whether_it_is_hidden(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", {"seen": ROWS, "old": ROWS}, hidden=["old"])
    assert [(sheet.name, sheet.visible) for sheet in read_file(path, DEFAULT_LIMITS).sheets] == [
        ("seen", True),
        ("old", False),
    ]
