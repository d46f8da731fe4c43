"""The as-at date: a full date in the folder, the name or a title, or none."""

import datetime as dt

import pytest

from cf_pipeline.ingest.as_at import name_date, title_date
from cf_pipeline.ingest.folder_dates import folder_dates, folder_names

YEAR_END = dt.date(2019, 12, 31)


@pytest.mark.parametrize(
    ("name", "dates"),
    [
        ("2019-12-31", (None, YEAR_END)),
        ("2016-04-01_2019-12-31", (dt.date(2016, 4, 1), YEAR_END)),
        ("2019-12", None),
        ("2019-02-30", None),
        ("2020-01-01_2019-12-31", None),
        ("Q3 2019-12-31", None),
    ],
)
def test_a_delivery_folder_is_its_as_at_date_with_or_without_a_start(name, dates):
    assert folder_dates(name) == dates
    assert folder_names(name) == []


@pytest.mark.parametrize(
    "name",
    [
        "31-12-2019",
        "2019.12.31",
        "20191231",
        "31 December 2019",
        "31_Dec_2019",
        "31.12.2019",
        "31st dec 2019",
        "2019_12_31",
        "31122019",
        "31-Dec-2019",
        "12-31-2019",
        " 2019-12-31 ",
    ],
)
def test_a_day_that_can_be_read_in_one_way_only_is_understood(name):
    assert folder_dates(name) == (None, YEAR_END)


@pytest.mark.parametrize(
    "name",
    [
        "30.04.2016_31.12.2019",
        "1 April 2016 to 31 December 2019",
        "20160401_20191231",
        "2016-04-01 - 2019-12-31",
    ],
)
def test_a_stated_start_is_read_in_the_same_ways(name):
    start, as_at = folder_dates(name) or (None, None)
    assert as_at == YEAR_END
    assert start is not None


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("05-09-2025", ["2025-05-09", "2025-09-05"]),
        ("5.9.2025", ["2025-05-09", "2025-09-05"]),
        ("05092025", ["2025-05-09", "2025-09-05"]),
        ("01-04-2019_30-09-2019", ["2019-01-04_2019-09-30", "2019-04-01_2019-09-30"]),
    ],
)
def test_a_name_that_may_be_several_days_is_none_and_the_right_names_are_told(name, names):
    assert folder_dates(name) is None
    assert folder_names(name) == names


@pytest.mark.parametrize("name", ["2019", "2019-12", "December 2019", "Q3", "v2", "99999999", "31-12-19"])
def test_what_is_no_day_is_no_date(name):
    assert folder_dates(name) is None


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("annex_a 2019-12-31.xlsx", YEAR_END),
        ("AnnexA_31-12-2019_final.xlsx", YEAR_END),
        ("31.12.2019.csv", YEAR_END),
        ("annex 2019-12.xlsx", None),
        ("annex 2019.xlsx", None),
        ("ofsted_layout_2015-01-sample.xlsx", None),
        ("2019-09-30 to 2019-12-31.xlsx", None),
        ("13-13-2019.xlsx", None),
        ("annex_a_2019-12-30T23-30-00+0000.csv", dt.date(2019, 12, 30)),
        ("annex_a_2019-06-30T23-00-00Z.csv", dt.date(2019, 7, 1)),
        ("annex_a_2019-06-30T230000Z.csv", dt.date(2019, 7, 1)),
        ("annex_a_2019-06-30T23-00-00.csv", dt.date(2019, 6, 30)),
    ],
)
def test_a_file_name_says_a_date_in_full_or_nothing(name, date):
    assert name_date(name) == date


@pytest.mark.parametrize(
    ("rows", "date"),
    [
        ([["Contacts as at 31/12/2019"]], YEAR_END),
        ([["List 1"], ["As at:", None, "2019-12-31"]], YEAR_END),
        ([["Data as at 31st December 2019 (provisional)"]], YEAR_END),
        ([["As at:", "2019-06-30T23:00:00Z"]], dt.date(2019, 7, 1)),
        ([["As at 30/06/2019 23:15 GMT"]], dt.date(2019, 7, 1)),
        ([["Printed 31/12/2019"]], None),
        ([["as at December 2019"]], None),
        ([["as at 31/12/2019"], ["as at 30/09/2019"]], None),
    ],
)
def test_a_title_says_as_at_and_a_full_date_or_nothing(rows, date):
    assert title_date(rows) == date
