"""The quarters and the days of the warehouse: without a gap, with their place in the year."""

import pandas as pd

from cf_pipeline.warehouse.dimensions.periods import dim_date, dim_quarter


def test_quarters_have_no_gap_and_a_number_that_rises_by_one():
    rows = dim_quarter(["2019/20 Q1", "2018/19 Q3"], "2019/20 Q1")
    assert rows["quarter_key"].tolist() == ["2018/19 Q3", "2018/19 Q4", "2019/20 Q1"]
    assert rows["sequence"].diff().dropna().tolist() == [1, 1]
    assert rows["year_ending"].tolist() == [2019, 2019, 2020]
    assert rows["is_latest"].tolist() == [False, False, True]
    assert rows["year_end_date"].astype(str).tolist() == ["2019-03-31", "2019-03-31", "2020-03-31"]


def test_the_number_of_a_quarter_does_not_depend_on_what_is_published():
    one, other = dim_quarter(["2019/20 Q3"], None), dim_quarter(["2010/11 Q1", "2019/20 Q3"], None)
    assert one["sequence"].iloc[0] == other["sequence"].iloc[-1]
    assert not one["is_latest"].any()


def test_every_day_of_the_quarters_has_one_row():
    rows = dim_date(["2019/20 Q3", "2019/20 Q4"]).set_index("date")
    assert (len(rows), rows.index[0], rows.index[-1]) == (
        183,
        pd.Timestamp("2019-10-01"),
        pd.Timestamp("2020-03-31"),
    )
    assert rows.index.is_unique
    day = rows.loc["2020-02-29"]
    assert day["quarter_key"] == "2019/20 Q4"
    assert (day["month"], day["month_name"], day["month_no"]) == ("2020-02", "February", 11)
    assert (day["month_start"], day["week_start"]) == (pd.Timestamp("2020-02-01"), pd.Timestamp("2020-02-24"))
    assert day["weekday"] == 6


def test_working_days_are_without_weekends_and_the_bank_holidays_of_england():
    rows = dim_date(["2019/20 Q3"]).set_index("date")["is_working_day"]
    assert rows.loc["2019-12-24":"2019-12-28"].tolist() == [True, False, False, True, False]


def test_no_quarter_at_all():
    assert dim_quarter([], None).empty
    assert dim_date([]).empty
