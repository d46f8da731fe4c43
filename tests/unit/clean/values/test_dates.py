"""Dates: explicit formats, day first, the whole text; a placeholder or an ambiguous text is no date."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.clean.columns import parse_column
from cf_pipeline.clean.values.dates import parse_date, parse_moment
from cf_pipeline.contracts.lists import list_contracts

FIFTH_OF_MARCH = dt.datetime.fromisoformat("2019-03-05")
LATEST = 2020


@pytest.mark.mess(39)
@pytest.mark.parametrize(
    "text",
    [
        "2019-03-05",
        "05/03/2019",
        "5/3/2019",
        "05.03.2019",
        "05-03-2019",
        "05 03 2019",
        "2019/03/05",
        "20190305",
        "5 Mar 2019",
        "05-Mar-2019",
        "5th March 2019",
        "March 5, 2019",
        "Mar 5 2019 12:00AM",
        "Tuesday, 5 March 2019",
        "05/03/19",
        "05-Mar-19",
        "2019-03-05T00:00:00",
        "2019-03-05 00:00:00.000",
        "05/03/2019 00:00",
        "43529",
        "43529.0",
        "'05/03/2019",
        " 05/03/2019\u00a0",
    ],
)
def test_the_fifth_of_march_however_it_is_written(text):
    assert parse_date(text, LATEST)[0] == FIFTH_OF_MARCH


@pytest.mark.mess(39, 41, 44)
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("05/03/19", "date_two_digit_year"),
        ("5 Mar 19", "date_two_digit_year"),
        ("43529", "date_from_serial"),
        ("43529.5", "date_from_serial"),
        ("05/03/2019 10:30", "date_time_dropped"),
        ("05/03/2019 00:00", None),
        ("Tuesday, 5 March 2019", None),
        (" 2019-03-05 ", None),
    ],
)
def test_a_date_read_from_something_else_than_a_whole_date_says_how(text, rule):
    assert parse_date(text, LATEST) == (FIFTH_OF_MARCH, rule)


@pytest.mark.mess(39, 40)
@pytest.mark.parametrize(
    "text", ["03/25/2019", "31/02/2019", "2019", "03/2019", "soon", "5/3", "0219-05-01", "1234", "3099-01-01"]
)
def test_what_is_no_date_is_blank_with_an_issue(text):
    assert parse_date(text, LATEST) == (None, "date_unreadable")


@pytest.mark.mess(42)
@pytest.mark.parametrize(
    "text",
    ["01/01/1900", "1900-01-01", "30/12/1899", "1753-01-01", "31/12/9999", "99991231", "0", "00/01/1900"],
)
def test_a_placeholder_is_blank_with_a_note(text):
    assert parse_date(text, LATEST) == (None, "date_placeholder")


@pytest.mark.mess(33)
@pytest.mark.parametrize("text", ["-", "N/A", "#N/A", "Not Recorded", "unknown", "NULL", "tbc"])
def test_nothing_in_words_is_blank_without_an_issue(text):
    assert parse_date(text, LATEST) == (None, None)


@pytest.mark.mess(41)
@pytest.mark.parametrize(
    ("text", "year"), [("1/1/20", 2020), ("1/1/21", 1921), ("1/1/05", 2005), ("1/1/68", 1968)]
)
def test_a_two_digit_year_is_never_later_than_the_as_at_year_and_one(text, year):
    assert parse_date(text, LATEST)[0].year == year


def test_a_two_digit_year_hangs_on_its_own_row_s_as_at_date():
    column = list_contracts()["contacts"].column("contact_date")
    texts = pd.Series(["1/2/20", "1/2/20", "2019-01-01"], dtype="str")
    as_at = pd.Series(pd.to_datetime(["2019-12-31", "2018-12-31", "2018-12-31"]))
    values = pd.Series(parse_column(column, texts, as_at).values)
    assert values.dt.year.tolist() == [2020, 1920, 2019]


@pytest.mark.mess(44)
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("05/03/2019 23:15", dt.datetime.fromisoformat("2019-03-05T23:15:00")),
        ("2019-03-05T23:15:10", dt.datetime.fromisoformat("2019-03-05T23:15:10")),
        ("5 Mar 2019 11:15pm", dt.datetime.fromisoformat("2019-03-05T23:15:00")),
        ("43529.5", dt.datetime.fromisoformat("2019-03-05T12:00:00")),
        ("05/03/2019", FIFTH_OF_MARCH),
    ],
)
def test_a_missing_episode_keeps_its_time_and_a_date_does_not(text, moment):
    assert parse_moment(text, LATEST)[0] == moment
    assert parse_date(text, LATEST)[0] == FIFTH_OF_MARCH


WRITTEN = (
    "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d-%b-%Y", "%d %b %Y", "%Y%m%d",
    "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%A %d %B %Y",
)  # fmt: skip


@given(
    date=st.dates(dt.date(1927, 6, 1), dt.date(2099, 12, 31)),
    written=st.sampled_from(WRITTEN),
)
def test_a_date_written_in_any_accepted_way_reads_back_as_itself(date, written):
    midnight = dt.datetime.combine(date, dt.time())
    assert parse_date(midnight.strftime(written), LATEST) == (midnight, None)
    serial = str((date - dt.date(1899, 12, 30)).days)
    assert parse_date(serial, LATEST) == (midnight, "date_from_serial")


@given(date=st.dates(dt.date(1921, 1, 1), dt.date(2020, 12, 31)))
def test_a_two_digit_year_of_the_last_hundred_years_reads_back_as_itself(date):
    assert parse_date(date.strftime("%d/%m/%y"), LATEST)[0].date() == date
