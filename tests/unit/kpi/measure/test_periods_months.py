"""Months of complete quarters, and the KPIs whose months add up to their year."""

from __future__ import annotations

import datetime as dt

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.kpi.measure.periods import MONTH, periods_of


def test_the_months_of_two_quarters_follow_one_another_to_their_last_days() -> None:
    months = periods_of([Quarter(2019, 3), Quarter(2019, 4)], MONTH)
    assert months.keys == ["2019-10", "2019-11", "2019-12", "2020-01", "2020-02", "2020-03"]
    assert months.ends.astype(dt.date).tolist()[-2:] == [dt.date(2020, 2, 29), dt.date(2020, 3, 31)]
    assert [quarter.key for quarter in months.quarters][2:4] == ["2019/20 Q3", "2019/20 Q4"]
