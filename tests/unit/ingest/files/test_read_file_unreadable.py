"""No file can stop the run: an unreadable one refuses its delivery by name, in one sentence."""

import datetime as dt
import zipfile
from dataclasses import replace

import pytest

from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support.workbooks import (
    AUTHORITY,
    deliver,
    deliver_text,
    encrypted_workbook,
    full_table,
    ole2_rubbish,
    truncated,
    uncompressed,
    unpacking_bomb,
    with_far_cell,
)

CANARY = "SECRET-CHILD-77"
GOOD = {"List 1": full_table("contacts", {"child_id": CANARY, "contact_date": dt.date(2019, 11, 5)})}

UNREADABLE = {
    "empty": (b"", "empty"),
    "encrypted": (encrypted_workbook(), "password"),
    "a web page": (b"<html><table><tr><td>Child Unique ID</td></tr></table></html>", "web page"),
    "XML": (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "XML"),
    "half a zip": (b"PK\x03\x04" + bytes(50), "damaged"),
    "old rubbish": (ole2_rubbish(), "damaged"),
    "noise": (bytes(range(256)) * 8, "neither a workbook nor text"),
    "a sentence": (b"this is not a workbook", "damaged"),
    "a bomb": (unpacking_bomb(), "unpacks"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_unreadable_file_refuses_its_whole_delivery_and_no_other(raw, kind):
    content, word = UNREADABLE[kind]
    deliver(raw, GOOD, delivery="2019-09-30")
    deliver(raw, GOOD)
    deliver_text(raw, content, name="broken.xlsx")
    received = receive_deliveries(raw, AUTHORITY)
    assert len(received.refusals) == 1
    assert received.refusals[0].startswith("city-of-london/2019-12-31/broken.xlsx: ")
    assert word in received.refusals[0]
    assert "the whole delivery 2019-12-31 is left out" in received.refusals[0]
    assert received.lists["contacts"]["delivery_id"].tolist() == ["2019-09-30"]
    refused = received.manifest.set_index(["delivery_id", "file"])["is_delivery_refused"].to_dict()
    assert refused == {
        ("2019-09-30", "annex_a.xlsx"): False,
        ("2019-12-31", "annex_a.xlsx"): True,
        ("2019-12-31", "broken.xlsx"): True,
    }


def test_a_cell_far_outside_the_table_cannot_end_the_run(raw):
    with_far_cell(deliver(raw, GOOD))
    (sentence,) = receive_deliveries(raw, AUTHORITY).refusals
    assert "XFD1048576" in sentence


def test_a_half_copied_workbook_is_named(raw):
    truncated(deliver(raw, GOOD))
    (sentence,) = receive_deliveries(raw, AUTHORITY).refusals
    assert "damaged or only half copied" in sentence


def test_a_file_that_takes_too_long_or_too_much_is_named(raw):
    many = [{"child_id": f"C{number}", "contact_date": dt.date(2019, 11, 5)} for number in range(9000)]
    deliver(raw, {"List 1": full_table("contacts", *many)})
    slow = receive_deliveries(raw, AUTHORITY, replace(DEFAULT_LIMITS, cpu_seconds=0)).refusals
    small = receive_deliveries(raw, AUTHORITY, replace(DEFAULT_LIMITS, memory_mb=16)).refusals
    large = receive_deliveries(raw, AUTHORITY, replace(DEFAULT_LIMITS, file_mb=0)).refusals
    assert "longer than the limit" in slow[0]
    assert "more memory than the limit" in small[0]
    assert "larger than the limit" in large[0]


def test_a_link_is_not_followed(raw, tmp_path):
    target = tmp_path / "elsewhere.xlsx"
    target.write_bytes(b"anything")
    deliver(raw, GOOD)
    (raw / AUTHORITY / "2019-12-31" / "link.xlsx").symlink_to(target)
    (sentence,) = receive_deliveries(raw, AUTHORITY).refusals
    assert "link" in sentence


def test_no_sentence_holds_a_cell(raw):
    truncated(deliver(raw, GOOD, name="a.xlsx"))
    with_far_cell(deliver(raw, GOOD, name="b.xlsx"))
    deliver(raw, {"x": [[CANARY, CANARY]]}, name="c.xlsx")
    received = receive_deliveries(raw, AUTHORITY)
    assert len(received.refusals) == 3
    assert CANARY not in " ".join(received.refusals) + received.manifest.to_csv()


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
def test_one_flipped_bit_is_never_a_silent_change(raw, part):
    path = uncompressed(deliver(raw, GOOD))
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(part)
    data = bytearray(path.read_bytes())
    data[entry.header_offset + 30 + len(part) + entry.file_size // 2] ^= 1
    path.write_bytes(data)
    (sentence,) = receive_deliveries(raw, AUTHORITY).refusals
    assert "damaged" in sentence
