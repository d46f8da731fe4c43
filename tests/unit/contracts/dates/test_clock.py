"""The clock: rounding stays on its day, London's time, Excel's day numbers, zones by their names."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.contracts.dates.clock import (
    EXCEL_EPOCH,
    london_time,
    moment_of_serial,
    round_clock,
    zone_of,
)

MIDSUMMER = dt.datetime.fromisoformat("2019-06-30T23:00:00")


@given(st.datetimes())
def test_rounding_a_clock_never_moves_its_date_and_moves_it_by_less_than_a_second(moment):
    rounded = round_clock(moment)
    assert rounded.date() == moment.date()
    assert rounded.microsecond == 0
    assert abs(rounded - moment) < dt.timedelta(seconds=1)


@given(day=st.integers(10_000, 73_050), microseconds=st.integers(0, 86_400_000_000 - 1))
def test_a_day_number_as_precise_as_a_float_stays_on_its_day(day, microseconds):
    serial = day + microseconds / 86_400_000_000
    assert moment_of_serial(Decimal(serial)).date() == (EXCEL_EPOCH + dt.timedelta(days=day)).date()


@given(st.integers(32_768, 65_535))
def test_one_step_of_a_float_below_a_whole_day_number_is_that_day(day):
    midnight = EXCEL_EPOCH + dt.timedelta(days=day)
    assert moment_of_serial(Decimal(day) - Decimal(2) ** -37) == midnight
    assert moment_of_serial(Decimal(day) + Decimal(2) ** -37) == midnight


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("Z", 0),
        ("utc", 0),
        ("GMT", 0),
        ("BST", 23),
        ("+01", 23),
        ("+0100", 23),
        ("+01:00:00", 23),
        ("-5:30", 5),
    ],
)
def test_a_zone_by_its_name_or_offset_gives_london_s_time(zone, hour):
    assert london_time(MIDSUMMER, zone_of(zone)).hour == hour


def test_london_kept_summer_time_all_year_from_1968_to_1971():
    christmas = dt.datetime.fromisoformat("1970-12-24T23:00:00")
    assert london_time(christmas, dt.UTC).isoformat() == "1970-12-25T00:00:00"


@pytest.mark.parametrize(("zone", "error"), [("IST", KeyError), ("+25:00", ValueError)])
def test_an_unknown_zone_is_an_error(zone, error):
    with pytest.raises(error):
        zone_of(zone)
