"""Each kind of KPI by a made-up record: what is counted, divided, picked out and left absent."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.contracts.dates.quarters import Quarter, quarters_between
from cf_pipeline.kpi.definitions.registry import POPULATION, build_registry
from cf_pipeline.kpi.measure.grid import Grid
from cf_pipeline.kpi.measure.periods import periods_of
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.spec.casebook import AUTHORITY, Delivery, core

WORDS = {
    "area": "Made up",
    "title": "Made up",
    "measure_class": "output",
    "unit": "things",
    "polarity": "context",
    "forecast_rule": "none",
    "numerator_text": "Made up.",
}
REFERRALS = {"table": "referrals", "date": "referral_date"}
CHILDREN = {"table": "population", "year": "mid_year", "sum": "persons"}
S47 = {"table": "section_47_enquiries", "date": "icpc_date"}
QUARTER = "2019/20 Q3"


def made_up(kind: str, numerator: Any, **more: Any) -> dict[str, Any]:
    return WORDS | {"id": "made_up", "kind": kind, "numerator": numerator} | more


def rows_of(record: dict[str, Any], lists: dict[str, Any], **tables: pd.DataFrame) -> pd.DataFrame:
    """The quarter's rows of a made-up KPI: category, numerator, denominator, value, symbol, reason."""
    delivered = core(Delivery("2019-12-31", lists, covers_from="2016-04-01")).tables | tables
    facts = measure_kpis(delivered, build_registry([record]), AUTHORITY)
    here = facts[facts["quarter_key"].eq(QUARTER) & facts["basis"].eq("quarter")]
    return here.set_index("category")


def population(*years: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame(list(years), columns=["mid_year", "persons"], dtype="Int64")


def test_a_rate_is_the_count_per_ten_thousand_of_the_mid_year_before_the_years_end() -> None:
    two = {"referrals": [{"referral_date": "2019-10-01"}, {"referral_date": "2019-12-31"}]}
    known = population((2018, 5), (2019, 4000), (2020, 6))
    row = rows_of(made_up("rate_10k", REFERRALS), two, **{POPULATION: known}).loc["all"]
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 4000, 5.0)


@pytest.mark.parametrize("known", [{}, {POPULATION: population()}, {POPULATION: population((2020, 4000))}])
def test_a_rate_without_the_population_of_its_year_or_an_earlier_one_is_absent(
    known: dict[str, pd.DataFrame],
) -> None:
    row = rows_of(made_up("rate_10k", REFERRALS), {"referrals": []}, **known).loc["all"]
    assert (row["symbol"], row["reason"]) == (
        "x",
        "No estimate of the population aged 0 to 17 at mid-2019 or before is known; put the file of mid-year "
        "estimates into raw/_reference/.",
    )
    assert pd.isna(row["note"])


@pytest.mark.parametrize(
    ("years", "persons", "note"),
    [
        (((2019, 4000),), 4000, None),
        (((2018, 3000),), 3000, 2018),
        (((2016, 1000), (2018, 3000)), 3000, 2018),
        (((2018, 3000), (2016, 1000)), 3000, 2018),
        (((2017, 2000), (2020, 5000)), 2000, 2017),
    ],
)
def test_until_the_population_of_a_year_is_known_the_newest_earlier_one_is_used_and_named(
    years: tuple[tuple[int, int], ...], persons: int, note: int | None
) -> None:
    known = {POPULATION: population(*years)}
    one = {"referrals": [{"referral_date": "2019-10-01"}]}
    words = f"With the population of mid-{note}: no estimate of mid-2019 is known yet." if note else None
    row = rows_of(made_up("rate_10k", REFERRALS), one, **known).loc["all"]
    assert (row["numerator"], row["denominator"], row["value"]) == (1, persons, 10_000 / persons)
    assert (row["note"] if pd.notna(row["note"]) else None) == words
    children = rows_of(made_up("stock", CHILDREN), one, **known).loc["all"]
    assert (children["value"], children["note"] if pd.notna(children["note"]) else None) == (persons, words)


CONFERENCES = [
    {"s47_start_date": "2019-10-01", "icpc_date": "2019-10-03", "gender": "M"},  # 2 working days
    {"s47_start_date": "2019-10-01", "icpc_date": "2019-10-04", "gender": "M"},  # 3
    {"s47_start_date": "2019-10-01", "icpc_date": "2019-10-15", "gender": "F"},  # 10
    {"s47_start_date": "2019-10-01", "icpc_date": "2019-10-08", "gender": "F"},  # 5
    {"s47_start_date": "2019-10-01", "icpc_date": None, "gender": "F"},
]


def test_a_median_is_the_middle_value_or_the_mean_of_the_middle_two_and_says_of_how_many() -> None:
    record = made_up("median_days", S47 | {"value": "icpc_working_days"}, breakdowns=["gender"])
    rows = rows_of(record, {"section_47_enquiries": CONFERENCES})
    assert rows["value"].to_dict() == {"all": 4.0, "M": 2.5, "F": 7.5}
    assert rows["denominator"].to_dict() == {"all": 4, "M": 2, "F": 2}
    assert rows["numerator"].isna().all()


def test_an_average_divides_the_sum_by_the_number() -> None:
    record = made_up("average", S47 | {"value": "icpc_working_days"})
    row = rows_of(record, {"section_47_enquiries": CONFERENCES}).loc["all"]
    assert (row["numerator"], row["denominator"], row["value"]) == (20, 4, 5.0)


@pytest.mark.parametrize("kind", ["median_days", "average"])
def test_a_median_or_average_of_nothing_is_no_figure(kind: str) -> None:
    record = made_up(kind, S47 | {"value": "icpc_working_days"})
    row = rows_of(record, {"section_47_enquiries": []}).loc["all"]
    assert (row["symbol"], row["denominator"]) == ("z", 0)
    assert pd.isna(row["value"])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60)), max_size=30))
def test_medians_of_every_cell_are_those_pandas_finds_one_by_one(rows: list[tuple[int, int]]) -> None:
    periods = periods_of(quarters_between(Quarter(2019, 1).start, Quarter(2019, 4).end), "quarter")
    frame = pd.DataFrame(rows, columns=["period", "days"], dtype="int64")
    found = Grid.from_records(frame, periods).medians(frame["days"])[0]
    expected = frame.groupby("period")["days"].median().reindex(range(4)).fillna(0)
    assert found.tolist() == expected.tolist()


def test_a_distribution_by_code_lists_every_code_and_what_is_not_recorded() -> None:
    plans = {"table": "child_protection_plans", "open": ["cp_plan_start_date", "cp_plan_end_date"]}
    record = made_up(
        "distribution", {"of": "denominator"}, denominator=plans, band={"codes": "cp_latest_category"}
    )
    lists = {
        "child_protection_plans": [
            {"cp_plan_start_date": "2019-10-01", "cp_latest_category": category}
            for category in ("NEG", "NEG", "EMO", None)
        ]
    }
    rows = rows_of(record, lists)
    assert rows["numerator"].to_dict() == {"NEG": 2, "PHY": 0, "SAB": 0, "EMO": 1, "MUL": 0, "unknown": 1}
    assert set(rows["denominator"]) == {4}
    assert rows.loc["NEG", "value"] == 50.0
    assert set(rows["breakdown"]) == {"band"}


def test_a_distribution_by_number_ends_each_band_with_its_upper_value() -> None:
    record = made_up(
        "distribution",
        {"of": "denominator"},
        denominator=S47,
        band={"number": "icpc_working_days", "upper": [2, 5]},
    )
    rows = rows_of(record, {"section_47_enquiries": CONFERENCES})
    assert rows["numerator"].to_dict() == {"0-2": 1, "3-5": 2, "6+": 1}


def test_a_distribution_by_duration_may_run_to_another_date_than_the_periods_end() -> None:
    ended = {"table": "child_protection_plans", "date": "cp_plan_end_date"}
    record = made_up(
        "distribution",
        {"of": "denominator"},
        denominator=ended,
        band={"start": "cp_plan_start_date", "until": "cp_plan_end_date"},
    )
    plans = [
        {"cp_plan_start_date": "2019-07-10", "cp_plan_end_date": "2019-10-10"},  # three months to the day
        {"cp_plan_start_date": "2019-07-09", "cp_plan_end_date": "2019-10-10"},
        {"cp_plan_start_date": "2019-10-11", "cp_plan_end_date": None},
    ]
    rows = rows_of(record, {"child_protection_plans": plans})
    assert rows["numerator"].to_dict() == {"<=3m": 1, ">3-6m": 1, ">6m-<1y": 0, "1-<2y": 0, "2y+": 0}


def test_a_union_counts_a_child_of_two_lists_once_and_needs_both_lists() -> None:
    parts = [
        {"table": "children_in_need", "open": ["cin_start_date", "cin_closure_date"]},
        {"table": "child_protection_plans", "open": ["cp_plan_start_date", "cp_plan_end_date"]},
    ]
    record = made_up("stock", {"union": parts}, breakdowns=["primary_need"])
    lists: dict[str, Any] = {
        "children_in_need": [
            {"child_id": "A", "cin_start_date": "2019-01-01", "primary_need": "N1"},
            {"child_id": "B", "cin_start_date": "2019-01-01", "primary_need": "N2"},
        ],
        "child_protection_plans": [
            {"child_id": "A", "cp_plan_start_date": "2019-02-01"},
            {"child_id": "C", "cp_plan_start_date": "2019-02-01"},
        ],
    }
    rows = rows_of(record, lists)
    assert rows["value"].to_dict() == {"all": 3, "N1": 1, "N2": 1, "unknown": 1}
    without = rows_of(record, {"children_in_need": lists["children_in_need"]}).loc["all"]
    assert (without["symbol"], without["reason"]) == (
        "x",
        "The list Child protection plans was not delivered.",
    )


def test_months_to_the_periods_end_begin_the_day_after_the_same_day_so_many_months_before() -> None:
    record = made_up("flow_count", REFERRALS | {"months": 36})
    days = ["2016-12-31", "2017-01-01", "2019-12-31"]
    rows = rows_of(record, {"referrals": [{"referral_date": day} for day in days]})
    assert rows.loc["all", "value"] == 2


def test_months_need_deliveries_that_reach_back_so_far() -> None:
    record = made_up("flow_count", REFERRALS | {"months": 60})
    row = rows_of(record, {"referrals": []}).loc["all"]
    assert (row["symbol"], row["reason"]) == (
        "x",
        "The deliveries of Referrals do not cover the whole period.",
    )


def test_working_days_to_the_periods_end_pass_over_weekends_and_bank_holidays() -> None:
    condition = "referral_date + 3 working days >= period_end"
    record = made_up("flow_count", REFERRALS | {"where": [condition]})
    days = ["2019-12-23", "2019-12-24", "2019-12-26"]  # 4, 3 and 3 working days before 31 December
    rows = rows_of(record, {"referrals": [{"referral_date": day} for day in days]})
    assert rows.loc["all", "value"] == 2


def test_what_a_row_does_not_say_of_the_child_another_list_may_say() -> None:
    record = made_up("flow_count", REFERRALS | {"where": ["person.has_disability in (Y)"]})
    lists = {
        "referrals": [{"child_id": name, "referral_date": "2019-10-01"} for name in ("A", "B", "C")],
        "assessments": [
            {"child_id": "A", "assessment_start_date": "2019-10-02", "has_disability": "Y"},
            {"child_id": "B", "assessment_start_date": "2019-10-02", "has_disability": "N"},
        ],
    }
    assert rows_of(record, lists).loc["all", "value"] == 1
