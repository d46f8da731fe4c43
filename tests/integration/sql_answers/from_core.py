"""Answers counted record by record from the core."""

from __future__ import annotations

import datetime as dt
from typing import Any

import holidays
import numpy as np
import pandas as pd

from cf_pipeline.contracts.code_labels import code_labels
from cf_pipeline.contracts.dates.quarters import Quarter
from tests.integration.sql_answers.from_steps import published_figure
from tests.integration.sql_answers.lake_tables import (
    FIRST,
    NEWEST,
    QUARTERS,
    TARGET_NOW,
    LakeTables,
    Rows,
    month_keys,
    months_of,
    quarter_keys,
    title,
)

AGE_LABELS = {
    "unborn": "Unborn",
    "<1": "Under 1",
    "1-4": "1 to 4",
    "5-9": "5 to 9",
    "10-15": "10 to 15",
    "16-17": "16 to 17",
    "18+": "18 and over",
}
"""In the order in which they are shown."""


def age_band(born: Any, day: dt.date) -> str:
    """The age band on a day; a birthday on 29 February falls on 1 March."""
    if pd.isna(born):
        return "unknown"
    if born.date() > day:
        return "unborn"
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next(
        (
            name
            for oldest, name in ((0, "<1"), (4, "1-4"), (9, "5-9"), (15, "10-15"), (17, "16-17"))
            if age <= oldest
        ),
        "18+",
    )


def working_days(start: dt.date, end: dt.date) -> int:
    """Working days after `start` up to and including `end`."""
    closed = np.array(
        sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2015, 2022))), dtype="datetime64[D]"
    )
    return int(np.busday_count(start + dt.timedelta(1), end + dt.timedelta(1), holidays=closed))


def contacts_in_time(lake: LakeTables) -> pd.DataFrame:
    """The contacts with month, quarter, team, and whether each is counted and in one working day."""
    rows = lake.records("contacts")
    as_at = lake.read("core", "deliveries")["as_at"].max().date()
    days = [
        working_days(start.date(), as_at if pd.isna(end) else end.date())
        for start, end in zip(rows["contact_date"], rows["contact_completed_date"], strict=True)
    ]
    is_done = rows["contact_completed_date"].notna()
    return rows.assign(
        month=month_keys(rows["contact_date"]),
        quarter=quarter_keys(rows["contact_date"]),
        team=rows["contact_team"].astype(object).where(rows["contact_team"].notna(), "unknown"),
        is_counted=is_done | pd.Series(days).gt(1),
        is_in_time=is_done & pd.Series(days).le(1),
    )


def open_children(lake: LakeTables, name: str, start: str, end: str, day: dt.date) -> pd.DataFrame:
    """One row a child with a record open on a day: its earliest."""
    rows = lake.records(name)
    now = pd.Timestamp(day)
    is_open = rows[start].le(now) & ~(rows[end].le(now) | rows["vanished_date"].le(now))
    found = rows[is_open].sort_values([start, "record_key"])
    return found.drop_duplicates("person_ref")


def children_in_care(lake: LakeTables, day: dt.date) -> pd.DataFrame:
    rows = open_children(lake, "children_in_care", "cla_start_date", "cla_end_date", day)
    is_child = rows["birth_date"].isna() | rows["birth_date"].add(pd.DateOffset(years=18)).gt(
        pd.Timestamp(day)
    )
    return rows[is_child & ~rows["legal_status"].isin(["V1", "V3", "V4"])]


def rereferrals(lake: LakeTables) -> Rows:
    """1."""
    rows = lake.records("referrals")
    days_of_child = rows.groupby("person_ref")["referral_date"].agg(list)

    def is_repeat(row: Any) -> bool:
        before = [(row.referral_date - day).days for day in days_of_child[row.person_ref]]
        if any(1 <= days <= 365 for days in before):
            return True
        reaches = (row.referral_date - pd.Timestamp(FIRST.start)).days >= 365
        return not reaches and pd.notna(row.referrals_last_12m) and row.referrals_last_12m >= 1

    rows["repeat"] = [is_repeat(row) for row in rows.itertuples()]
    rows["quarter"] = quarter_keys(rows["referral_date"])
    rows["band"] = [
        age_band(born, day.date())
        for born, day in zip(rows["birth_date"], rows["referral_date"], strict=True)
    ]
    in_use = [band for band in AGE_LABELS if band in set(rows["band"])]

    def share(quarter: Quarter, band: str) -> float | None:
        own = rows[rows["quarter"].eq(quarter.key) & rows["band"].eq(band)]
        return 100 * own["repeat"].sum() / len(own) if quarter >= FIRST and len(own) else None

    return [
        (
            quarter.key,
            AGE_LABELS[band],
            share(quarter, band),
            share(quarter.previous(4), band),
            published_figure(lake, "E12000007", quarter),
            published_figure(lake, "E92000001", quarter),
        )
        for quarter in QUARTERS[-12:]
        for band in in_use
    ]


def contacts_by_team_and_month(lake: LakeTables) -> Rows:
    """6."""
    rows = contacts_in_time(lake)
    found = []
    for month in months_of(QUARTERS[-8:]):
        for team in sorted(set(rows["team"])):
            own = rows[rows["month"].eq(month) & rows["team"].eq(team)]
            counted = own[own["is_counted"]]
            found.append(
                (
                    month,
                    team,
                    len(own),
                    100 * counted["is_in_time"].sum() / len(counted) if len(counted) else None,
                )
            )
    return found


def by_team(rows: pd.DataFrame, categories: list[str], labels: dict[str, str]) -> Rows:
    """Team, label and number, in the order of teams and labels; nothing where there is no child."""
    team = rows["allocated_team"].astype(object).where(rows["allocated_team"].notna(), "unknown")
    counts = pd.Series(list(zip(team, categories, strict=True))).value_counts()
    return [
        (name, label, counts[name, code])
        for name in sorted(set(team))
        for code, label in labels.items()
        if (name, code) in counts
    ]


def plans_by_team_and_age(lake: LakeTables) -> Rows:
    """7."""
    day = NEWEST.end
    rows = open_children(lake, "child_protection_plans", "cp_plan_start_date", "cp_plan_end_date", day)
    return by_team(rows, [age_band(born, day) for born in rows["birth_date"]], AGE_LABELS)


def funnel(lake: LakeTables) -> Rows:
    """10."""
    lists = {
        "referrals": "referral_date",
        "assessments": "assessment_start_date",
        "child_protection_plans": "cp_plan_start_date",
    }
    months = [month_keys(lake.records(name)[date].dropna()) for name, date in lists.items()]
    return [(month, *(each.count(month) for each in months)) for month in months_of(QUARTERS)]


def counts_of_the_year(lake: LakeTables) -> Rows:
    """11."""
    lists = {
        "contacts_count": ("contacts", "contact_date"),
        "referrals_count": ("referrals", "referral_date"),
    }
    found = []
    for kpi_id, (name, date) in lists.items():
        keys = quarter_keys(lake.records(name)[date])
        so_far = [quarter.key for quarter in NEWEST.year_quarters()]
        last_year = [quarter.key for quarter in Quarter(2018, 4).year_quarters()]
        found.append(
            (
                title(kpi_id),
                keys.count(NEWEST.key),
                sum(map(so_far.count, keys)),
                sum(map(last_year.count, keys)),
            )
        )
    return sorted(found)


def care_by_ethnicity(lake: LakeTables) -> Rows:
    """12."""
    rows = children_in_care(lake, NEWEST.end)
    people = lake.read("core", "person").set_index("person_ref")["ethnicity"]
    own = rows["ethnicity"].astype(object)
    codes = own.where(own.notna(), rows["person_ref"].map(people)).fillna("unknown").value_counts()
    labels = code_labels("ethnicity") | {"unknown": "Not known"}
    return [
        (label, codes[code], 100 * codes[code] / len(rows)) for code, label in labels.items() if code in codes
    ]


def referral_sources(lake: LakeTables) -> Rows:
    """13."""
    rows = lake.records("referrals")
    last_four = [quarter.key for quarter in QUARTERS[-4:]]
    rows = rows[[key in last_four for key in quarter_keys(rows["referral_date"])]]
    own = rows["referral_source"].astype(object)
    codes = own.where(own.notna(), "unknown").value_counts()
    labels = code_labels("contact_referral_source") | {"unknown": "Not known"}
    found = [(label, codes[code]) for code, label in labels.items() if code in codes]
    return sorted(found, key=lambda row: -row[1])  # of equal ones the first by position stays first


def care_by_team_and_gender(lake: LakeTables) -> Rows:
    """14."""
    people = lake.read("core", "person").set_index("person_ref")["gender"]
    labels = code_labels("gender") | {"unknown": "Not known"}
    found: Rows = []
    for quarter in QUARTERS[-4:]:
        rows = children_in_care(lake, quarter.end)
        own = rows["gender"].astype(object)
        genders = own.where(own.notna(), rows["person_ref"].map(people)).fillna("unknown")
        found += [(quarter.key, *row) for row in by_team(rows, list(genders), labels)]
    return found


def teams_below_target(lake: LakeTables) -> Rows:
    """16."""
    rows = contacts_in_time(lake)
    rows = rows[rows["quarter"].eq(NEWEST.key) & rows["is_counted"]]
    found = []
    for team, own in rows.groupby("team"):
        share = 100 * own["is_in_time"].sum() / len(own)
        if share < TARGET_NOW["contacts_1wd_pct"]:
            found.append((team, own["is_in_time"].sum(), len(own), share, TARGET_NOW["contacts_1wd_pct"]))
    return sorted(found, key=lambda row: (row[3], row[0]))


def contacts_a_working_day(lake: LakeTables) -> Rows:
    """19."""
    months = month_keys(lake.records("contacts")["contact_date"])
    found = []
    for month in months_of(QUARTERS):
        first = dt.date.fromisoformat(f"{month}-01")
        last = (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)
        days = working_days(first - dt.timedelta(1), last)
        found.append((month, months.count(month), days, months.count(month) / days))
    return found


def enquiries_by_quarter(lake: LakeTables) -> Rows:
    """20."""
    keys = quarter_keys(lake.records("section_47_enquiries")["s47_start_date"])
    found = []
    for year in range(FIRST.year, NEWEST.year + 1):
        quarters = [Quarter(year, number) for number in range(1, 5)]
        counts = [keys.count(quarter.key) if quarter <= NEWEST else None for quarter in quarters]
        whole = sum(count or 0 for count in counts) if quarters[-1] <= NEWEST else None
        found.append((quarters[0].fiscal_year, *counts, whole))
    return found
