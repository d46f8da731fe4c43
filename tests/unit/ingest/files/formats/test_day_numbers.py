"""Day numbers just below a whole one: found in XML and binary, and put right where a day would change."""

import datetime as dt
import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.contracts.dates.clock import EXCEL_EPOCH
from cf_pipeline.ingest.files.formats.day_numbers import (
    IN_BINARY,
    IN_XML,
    NINES,
    correct_cell,
    is_before_midnight,
)

A_DAY = dt.timedelta(days=1)
MIDNIGHT = dt.datetime.fromisoformat("2019-10-01")
LAST_MOMENTS = st.builds(
    lambda day, microseconds: EXCEL_EPOCH + dt.timedelta(days=day + 1, microseconds=-microseconds),
    st.integers(1_000, 73_050),
    st.integers(1, 500),
)
WRITERS = {"shortest": "{!r}", "16 digits": "{:.16G}", "17 digits": "{:.17g}"}


def to_milliseconds(number):
    """A date cell as a first reader gives it."""
    return EXCEL_EPOCH + dt.timedelta(days=int(number), milliseconds=round(number % 1 * 86_400_000))


@given(LAST_MOMENTS)
def test_a_moment_that_a_reader_rounds_into_the_next_day_is_found_and_stays_on_its_day(moment):
    number = (moment - EXCEL_EPOCH) / A_DAY
    for writer in WRITERS.values():
        text = writer.format(number)
        in_file = Decimal(text)
        assert is_before_midnight(float(in_file))
        assert NINES.search(text.encode())
        assert IN_XML.search(f"<c><v>{text}</v></c>".encode())
        assert correct_cell(to_milliseconds(number), in_file).date() == moment.date()
    assert IN_BINARY.search(struct.pack("<d", number))
    assert correct_cell(to_milliseconds(number), Decimal(number)).date() == moment.date()


@given(st.integers(32_768, 65_535))
def test_one_step_of_a_float_below_midnight_is_midnight(day):
    number = day - 2.0**-37
    assert IN_BINARY.search(struct.pack("<d", number))
    for in_file in (Decimal(number), Decimal(f"{number:.17g}")):
        assert correct_cell(to_milliseconds(number), in_file) == EXCEL_EPOCH + dt.timedelta(days=day)
        assert correct_cell(number, in_file) == day


@pytest.mark.parametrize(
    "cell",
    [
        43738.99999999999,  # a plain number: its digits are read as they are
        MIDNIGHT - dt.timedelta(milliseconds=1),  # rounded, and still of its day
        MIDNIGHT.date(),
        dt.timedelta(days=43_739),
        "a text",
        None,
    ],
)
def test_only_a_moment_at_midnight_is_put_right(cell):
    assert correct_cell(cell, Decimal("43738.99999999999")) == cell


@pytest.mark.parametrize(
    "xml",
    [
        b"<v>43739</v>",
        b"<v>43738.99999</v>",
        b"<v>0.9999999999999999</v>",
        b"<v>999999999</v>",
        b"<v>99999999.5</v>",
        b"<v>12.99999999999</v>",
    ],
)
def test_other_numbers_ask_for_no_second_reading(xml):
    assert IN_XML.search(xml) is None


@pytest.mark.parametrize("number", [0.0, 0.999999999999, 43_739.0, 43_738.5, 43_738.99999998, 4_567_890.0])
def test_other_numbers_are_not_just_before_midnight(number):
    assert not is_before_midnight(number)
