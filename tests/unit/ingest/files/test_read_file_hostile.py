"""No file can kill, hang or bloat the run, and none is opened that is not a plain file."""

import datetime as dt
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

import cf_pipeline.ingest.files.read_file as reader
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
from cf_pipeline.ingest.files.read_file import read_file, sha256_of
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support import workbook_formats as formats
from tests.support.workbooks import AUTHORITY, deliver, deliver_text, narrow_table

GOOD = {"List 1": narrow_table("contacts", {"child_id": "A1", "contact_date": dt.date(2019, 11, 5)})}
CELL = "<row r='1'><c r='A1'><v>1</v></c></row>"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = (
    '<!DOCTYPE sst [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + f']><sst xmlns="{SPACE}"><si><t>&j;</t></si></sst>'
)
HOSTILE = {
    "entities that multiply": (formats.xlsx(CELL, shared=LAUGHS), "unsafe_archive"),
    "a million elements deep": (formats.xlsx("<a>" * 10**6 + "</a>" * 10**6), None),
    "a shared text a million elements deep": (
        formats.xlsx(CELL, shared=f'<sst xmlns="{SPACE}"><si>{"<a>" * 10**6}{"</a>" * 10**6}</si></sst>'),
        None,
    ),
    "a formula a million elements deep": (
        formats.xlsx(f"<row r='1'><c r='A1'><f/>{'<a>' * 10**6}{'</a>' * 10**6}</c></row>"),
        None,
    ),
    "a hundred thousand sheets": (formats.xlsx(CELL, sheets=100_000), "too_many_sheets"),
    "a million columns": (b"Child Unique ID" + b"," * 10**6 + b"\n1", "too_many_columns"),
    "a name that climbs out of the archive": (formats.xlsx(CELL, more="../../../../tmp/climbed"), None),
    "a shared text that is not there": (
        formats.xlsx("<row r='1'><c r='A1' t='s'><v>99999999999</v></c></row>"),
        None,
    ),
    "a row that no sheet has": (
        formats.xlsx('<row r="1"><c r="A99999999999"><v>1</v></c></row>'),
        "far_cell",
    ),
    "a far cell": (
        formats.xlsx(f'{CELL}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "far_cell",
    ),
}
QUICK = replace(DEFAULT_LIMITS, cpu_seconds=20, wall_seconds=40)
PLAIN_REFUSALS = {None, "corrupt", "crashed", "memory", "unsafe_archive", "far_cell"}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_read_or_refused_and_nothing_else_happens(tmp_path, kind):
    content, refusal = HOSTILE[kind]
    path = tmp_path / "hostile.xlsx"
    path.write_bytes(content)
    started = time.monotonic()
    read = read_file(path, QUICK)
    assert time.monotonic() - started < 30
    assert read.refusal == refusal if refusal else read.refusal in PLAIN_REFUSALS
    assert list(tmp_path.iterdir()) == [path]
    assert not Path("/tmp/climbed").exists()  # noqa: S108 - the entry's own name


@pytest.mark.parametrize("keep", [0.05, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("make", [formats.xls, formats.xlsb, formats.ods])
def test_a_truncated_workbook_of_any_format_is_refused_or_whole(tmp_path, make, keep):
    rows = [[f"C{number}", f"text {number}"] for number in range(400)]
    path = tmp_path / "cut"
    data = make(rows)
    path.write_bytes(data[: int(len(data) * keep)])
    read = read_file(path, QUICK)
    assert read.refusal or read.sheets[0].rows(1000) == rows


def test_a_pipe_and_a_device_and_a_link_are_never_opened(raw, tmp_path):
    deliver(raw, GOOD)
    folder = raw / AUTHORITY / "2019-12-31"
    os.mkfifo(folder / "pipe.xlsx")
    (folder / "device.xlsx").symlink_to("/dev/zero")
    (folder / "link.xlsx").symlink_to(folder / "annex_a.xlsx")
    started = time.monotonic()
    received = receive_deliveries(raw, AUTHORITY)
    assert time.monotonic() - started < 20
    assert len(received.refusals) == 3
    assert all("a link or a device" in sentence for sentence in received.refusals)
    assert read_file(Path("/dev/zero"), QUICK).refusal == "not_a_file"


def test_a_file_swapped_for_a_link_or_a_pipe_after_it_was_looked_at_is_not_read(tmp_path, monkeypatch):
    secret, path = tmp_path / "secret.csv", tmp_path / "a.csv"
    secret.write_text("a,b\n1,2\n")
    path.symlink_to(secret)
    status = secret.lstat()
    monkeypatch.setattr(Path, "lstat", lambda self: status)
    assert read_file(path, QUICK).refusal == "vanished"
    path.unlink()
    os.mkfifo(path)
    assert read_file(path, QUICK).refusal == "not_a_file"
    assert sha256_of(path) == ""


def test_a_file_that_grows_while_it_is_copied_waits_for_the_next_run(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("Child Unique ID,Date\n")
    open_file = reader._open_plain_file

    class Growing:
        def __init__(self, where):
            self.file = open_file(where)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def fileno(self):
            return self.file.fileno()

        def read(self, size):
            block = self.file.read(size)
            if path.stat().st_size == len(block):
                path.write_text("Child Unique ID,Date\n1,2\n")
            return block

    monkeypatch.setattr(reader, "_open_plain_file", Growing)
    assert read_file(path, QUICK).refusal == "changing"


def test_what_is_parsed_is_what_was_hashed(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("first,1\n")
    hashed = sha256_of(path)
    parse = reader._parse_copy

    def parse_after_swap(*arguments):
        path.write_text("other,2\n")
        return parse(*arguments)

    monkeypatch.setattr(reader, "_parse_copy", parse_after_swap)
    read = read_file(path, QUICK)
    assert (read.sha256, read.sheets[0].rows(1)) == (hashed, [["first", "1"]])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("bad\nname.xlsx", r"bad\nname.xlsx"),
        ("bell\x07.xlsx", r"bell\x07.xlsx"),
        ("report\u202exslx.xlsx", r"report\u202exslx.xlsx"),
        ("\u200bcontacts.csv", r"\u200bcontacts.csv"),
        (os.fsdecode(b"\xff.csv"), r"\udcff.csv"),
    ],
)
def test_a_name_that_cannot_be_seen_is_refused_and_shown_escaped(raw, name, written):
    deliver(raw, GOOD, delivery="2019-09-30")
    deliver_text(raw, b"Child Unique ID,Date of Contact\n1,2019-11-05\n", name=name)
    received = receive_deliveries(raw, AUTHORITY)
    (sentence,) = received.refusals
    assert sentence.startswith(f"city-of-london/2019-12-31/{written}: ")
    assert sentence.isprintable()
    assert all(file.isprintable() for file in received.manifest["file"])
    assert len(received.lists["contacts"]) == 1


def test_names_in_any_script_are_names(raw):
    deliver(raw, GOOD, name="Données – 2019 (café) عقد.xlsx")
    assert receive_deliveries(raw, AUTHORITY).refusals == []
