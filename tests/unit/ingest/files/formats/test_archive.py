"""A zip archive is unpacked once: everything that reads it afterwards reads its unpacked parts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from cf_pipeline.ingest.files.formats import archive
from cf_pipeline.ingest.files.formats.archive import unpack_archive

PARTS = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"<row/>" * 100_000, "été.xml": b""}


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "packed.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in PARTS.items():
            made.writestr(name, content)
    return path


def test_the_unpacked_archive_has_the_same_parts_in_their_order(packed, tmp_path):
    parts = tmp_path / "parts"
    assert unpack_archive(packed, parts) == parts
    with zipfile.ZipFile(parts) as unpacked:
        assert {name: unpacked.read(name) for name in unpacked.namelist()} == PARTS
        assert unpacked.namelist() == list(PARTS)
        assert {entry.compress_type for entry in unpacked.infolist()} == {zipfile.ZIP_STORED}


def test_a_damaged_archive_is_read_as_it_is(packed, tmp_path):
    content = bytearray(packed.read_bytes())
    content[60] ^= 0xFF
    packed.write_bytes(content)
    assert unpack_archive(packed, tmp_path / "parts") == packed


def test_an_archive_is_read_as_it_is_where_its_parts_are_too_large(packed, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_UNPACKED", 600_000)
    assert unpack_archive(packed, tmp_path / "parts") == packed


def test_an_archive_is_read_as_it_is_where_the_disk_has_no_room(packed):
    assert unpack_archive(packed, Path("/dev/full")) == packed
