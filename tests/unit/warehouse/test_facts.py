"""Facts that are made of what the lake has in another shape."""

import datetime as dt

import pandas as pd

from cf_pipeline.forecast.targets import Target
from cf_pipeline.warehouse.facts import fact_kpi_monthly, fact_target
from tests.support import publication_example as example
from tests.support.registry_example import make_kpi

FIRST_DAY = dt.date(2018, 4, 1)
CITY, CAMDEN = "E09000001", "E09000007"


def test_months_have_no_personal_breakdown_and_no_rate():
    months = example.kpi_monthly()
    rates = months.assign(kpi_id="contacts_rate_10k")
    registry = example.REGISTRY | {
        "contacts_rate_10k": make_kpi("contacts_rate_10k", "Contacts", "A rate", "rate_10k")
    }
    rows = fact_kpi_monthly(pd.concat([months, rates], ignore_index=True), registry)
    assert set(rows["breakdown"]) == {"total", "team"}
    assert set(rows["kpi_id"]) == {"contacts_count"}
    assert rows["month_start"].min() == pd.Timestamp("2019-10-01")


def test_a_target_of_all_is_that_of_each_authority_and_an_own_one_of_its_authority():
    targets = [
        Target("contacts_1wd_pct", 80),
        Target("contacts_1wd_pct", 90, dt.date(2019, 4, 1), None, CAMDEN, "head", dt.date(2019, 3, 1)),
        Target("no_such_kpi", 1),
    ]
    rows = fact_target(targets, [CITY, CAMDEN], ["contacts_1wd_pct"], FIRST_DAY)
    cells = rows[["authority_code", "value", "is_own"]].to_numpy().tolist()
    days = [[str(day)[:10] for day in row] for row in rows[["valid_from", "valid_until"]].to_numpy()]
    assert cells == [
        [CITY, 80, False],
        [CAMDEN, 80, False],
        [CAMDEN, 90, True],
    ]
    assert days == [["2018-04-01", "NaT"], ["2018-04-01", "2019-03-31"], ["2019-04-01", "NaT"]]


def test_what_ended_before_the_first_quarter_without_ever_a_start_is_left_out():
    own = Target("contacts_1wd_pct", 90, dt.date(2010, 4, 1), None, CITY)
    rows = fact_target([Target("contacts_1wd_pct", 80), own], [CITY], ["contacts_1wd_pct"], FIRST_DAY)
    assert rows["value"].tolist() == [90]


def test_no_target_makes_an_empty_table():
    assert fact_target([], [CITY], ["contacts_1wd_pct"], FIRST_DAY).empty
