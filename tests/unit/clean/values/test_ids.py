"""Ids: the text of the cell, with what spreadsheets do to ids undone; what is no id is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cf_pipeline.clean.values.ids import parse_id


@pytest.mark.mess(36, 37)
@pytest.mark.parametrize(
    ("text", "expected", "rule"),
    [
        ("000123", "000123", None),
        ("12345.0", "12345", "id_reformatted"),
        ("12345,0", "12345", "id_reformatted"),
        (" ch-123 ", "CH-123", None),
        ("\u00a0123", "123", None),
        ("'00123", "00123", "id_reformatted"),
        ("1.234567E+06", "1234567", "id_reformatted"),
        ("‘4", "4", "id_reformatted"),
        ("123_LA", "123_LA", None),
        ('="00100"', "00100", "id_reformatted"),
        ('"00100"', "00100", "id_reformatted"),
        ("100,001", "100001", "id_reformatted"),
        ("1\u00a0100\u00a0001", "1100001", "id_reformatted"),
        ("100\u2009001", "100001", "id_reformatted"),
        ("100\u202f001.00", "100001", "id_reformatted"),
        ("1,100,001", "1100001", "id_reformatted"),
        ("1234567890123456", "1234567890123456", None),
        ("20190501", "20190501", None),
        ("43831", "43831", None),
        ("MAY2019", "MAY2019", None),
        ("10-11-12", "10-11-12", None),
        ("TEST100001", "TEST100001", None),
        ("-100001", "-100001", None),
        ("Z00", "Z00", None),
    ],
)
def test_an_id_is_text_with_its_zeros_and_a_repair_is_told(text, expected, rule):
    assert parse_id(text) == (expected, rule)


@pytest.mark.mess(37)
@pytest.mark.parametrize(
    "text", ["1.2E+07", "1.23457E+15", "1,23457E+15", "1.23456789012346E+15", "1234567890123456.0", "1E+16"]
)
def test_an_id_that_lost_digits_is_an_error_and_no_id(text):
    assert parse_id(text) == (None, "id_digits_lost")


@pytest.mark.mess(33)
@pytest.mark.parametrize(
    "text",
    ["", "N/A", "unknown", "None", "-", "(null)", "<NULL>", "\\N", "NaT", "{null}", '"NULL"', "<NA>", "."],
)
def test_an_id_in_name_only_is_none(text):
    assert parse_id(text) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "0",
        "00",
        "000000",
        "0.0",
        "-1.0",
        "-9",
        "TRUE",
        "false",
        "TEST",
        "Test Child 2",
        "DUMMY",
        "test01",
        "2010-05-01",
        "01/05/2010",
        "1 May 2010",
        "05-MAY-10",
        "01/01/1900",
        "2010-05-01 00:00:00",
        "09:30",
        "****",
    ],
)
def test_what_is_no_identifier_is_none_and_told(text):
    assert parse_id(text) == (None, "id_unusable")


@settings(deadline=None)
@given(st.integers(1, 10**15 - 1))
def test_a_whole_number_is_the_same_id_however_it_is_written(number):
    plain = str(number)
    spellings = [
        f"{number}.0",
        f"{number:,}",
        f"{number:,}".replace(",", "\u00a0"),
        f'="{number}"',
        f"'{number}",
    ]
    assert {parse_id(text)[0] for text in [plain, *spellings]} == {plain}


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 12))
def test_zeros_kept_by_a_formula_stay(number, width):
    padded = str(number + 1).zfill(width)
    assert parse_id(f'="{padded}"')[0] == padded
