"""The paper's figures counted again, naively: row by row from what the deliveries show.

Knows nothing of how the sample was drawn: only lists, dates and the rulings.
"""

from __future__ import annotations

import datetime as dt
import functools

import holidays
import pandas as pd
from dateutil.relativedelta import relativedelta

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(2010, 2022))
KEYS = {
    "contacts": ["contact_id"],
    "early_help_assessments": ["child_id", "eh_assessment_start_date"],
    "referrals": ["child_id", "referral_date"],
    "assessments": ["child_id", "assessment_start_date"],
    "section_47_enquiries": ["child_id", "s47_start_date"],
    "children_in_need": ["child_id", "cin_start_date"],
    "child_protection_plans": ["child_id", "cp_plan_start_date"],
    "children_in_care": ["child_id", "cla_start_date"],
    "adoptions": ["child_id", "adm_decision_date"],
    "adopters": ["adopter_id", "enquiry_date"],
    "early_help_referrals": ["early_help_referral_id"],
    "short_breaks": ["short_break_id"],
    "cla_visits": ["cla_visit_id"],
    "cla_episodes": ["cla_episode_id"],
    "cla_placements": ["cla_placement_id"],
    "missing_episodes": ["missing_episode_id"],
    "pathway_plans": ["child_id", "pathway_plan_review_date"],
    "cp_visits": ["cp_visit_id"],
    "cp_reviews": ["cp_review_id"],
    "cla_reviews": ["cla_review_id"],
}
Rows = list[dict[str, object]]
Period = tuple[dt.date, dt.date]


def plain(frame: pd.DataFrame) -> Rows:
    """Rows as dicts of plain values: dates, text, None."""
    return [{name: _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: object) -> object:
    if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


class History:
    """Deliveries of one council, the newest version of each record winning."""

    def __init__(self, delivered: dict[str, dict[str, pd.DataFrame]]) -> None:
        self.by_as_at = {
            dt.date.fromisoformat(name[-10:]): {key: plain(frame) for key, frame in lists.items()}
            for name, lists in delivered.items()
        }
        self.merged: dict[str, Rows] = {}
        for name, keys in KEYS.items():
            newest: dict[tuple[object, ...], dict[str, object]] = {}
            for as_at in sorted(self.by_as_at):
                for row in self.by_as_at[as_at][name]:
                    newest[tuple(row[key] for key in keys)] = row
            self.merged[name] = list(newest.values())

    def count(self, name: str, column: str, period: Period) -> int:
        return sum(is_in(row[column], period) for row in self.merged[name])

    def contacts_in_time(self, period: Period) -> tuple[int, int]:
        rows = [row for row in self.merged["contacts"] if is_in(row["contact_date"], period)]
        newest = max(self.by_as_at)
        made = [r for r in rows if r["contact_completed_date"] is not None]
        unmade = [r for r in rows if r["contact_completed_date"] is None]
        late = [r for r in unmade if working_days(r["contact_date"], newest) > 1]
        in_time = sum(working_days(r["contact_date"], r["contact_completed_date"]) <= 1 for r in made)
        return in_time, len(made) + len(late)

    def assessments_in_time(self, period: Period) -> tuple[int, int]:
        rows = [r for r in self.merged["assessments"] if is_in(r["assessment_authorised_date"], period)]
        days = [working_days(r["assessment_start_date"], r["assessment_authorised_date"]) for r in rows]
        return sum(day <= 45 for day in days), len(days)

    def conferences_in_time(self, period: Period) -> tuple[int, int]:
        rows = [r for r in self.merged["section_47_enquiries"] if is_in(r["icpc_date"], period)]
        return sum(working_days(r["s47_start_date"], r["icpc_date"]) <= 15 for r in rows), len(rows)

    def in_need(self, end: dt.date) -> Rows:
        is_open = [r for r in self.by_as_at[end]["children_in_need"] if r["case_status"] == "CIN"]
        return [r for r in is_open if is_stock(r["cin_start_date"], r["cin_closure_date"], end)]

    def in_need_recently(self, end: dt.date) -> int:
        return sum(r["cin_start_date"] + relativedelta(months=6) >= end for r in self.in_need(end))

    def on_plan(self, end: dt.date) -> Rows:
        rows = self.merged["child_protection_plans"]
        return [r for r in rows if is_stock(r["cp_plan_start_date"], r["cp_plan_end_date"], end)]

    def on_plan_12_to_24_months(self, end: dt.date) -> int:
        starts = [r["cp_plan_start_date"] for r in self.on_plan(end)]
        return sum(s + relativedelta(months=12) <= end < s + relativedelta(months=24) for s in starts)

    def in_care(self, end: dt.date) -> dict[str, dict[str, object]]:
        rows = [r for r in self.merged["children_in_care"] if r["legal_status"] not in ("V1", "V3", "V4")]
        rows = [r for r in rows if is_stock(r["cla_start_date"], r["cla_end_date"], end)]
        return {r["child_id"]: r for r in rows if r["date_of_birth"] + relativedelta(years=18) > end}

    def with_three_placements(self, end: dt.date) -> int:
        children = self.in_care(end)
        rows = [r for r in self.by_as_at[end]["children_in_care"] if r["child_id"] in children]
        return sum(r["placements_last_12m"] >= 3 for r in rows if r["cla_end_date"] is None)

    def visits_in_time(self, period: Period) -> tuple[int, int]:
        rows = [r for r in self.merged["cla_visits"] if is_in(r["cla_visit_due_date"], period)]
        made = [r for r in rows if r["cla_visit_date"] is not None]
        return sum(r["cla_visit_date"] <= r["cla_visit_due_date"] for r in made), len(rows)

    def missing(self, period: Period) -> Rows:
        rows = [r for r in self.merged["missing_episodes"] if r["missing_type"] == "M"]
        rows = [r for r in rows if is_in(r["missing_start"], period)]
        return [r for r in rows if r["child_id"] in self.in_care(r["missing_start"])]

    def missing_now(self, end: dt.date) -> int:
        rows = [r for r in self.merged["missing_episodes"] if r["missing_type"] == "M"]
        away = {r["child_id"] for r in rows if is_stock(r["missing_start"], r["missing_end"], end)}
        return len(away & set(self.in_care(end)))

    def care_leavers(self, end: dt.date) -> Rows:
        rows = self.by_as_at[end]["care_leavers"]
        return [r for r in rows if r["eligibility"] in ("R", "FR") and r["in_touch"] != "DIED"]

    def in_education_or_work(self, end: dt.date) -> int:
        return sum(r["activity_status"][0] in "FP" for r in self.care_leavers(end))

    def suitably_housed(self, end: dt.date) -> int:
        return sum(r["accommodation_suitability"] == "1" for r in self.care_leavers(end))

    def with_plan_up_to_date(self, end: dt.date) -> set[str]:
        rows = [r for r in self.care_leavers(end) if r["pathway_plan_review_date"] is not None]
        return {r["child_id"] for r in rows if r["pathway_plan_review_date"] + relativedelta(months=6) >= end}

    def in_touch(self, end: dt.date) -> set[str]:
        reviews: dict[str, dict[str, object]] = {}
        for row in sorted(self.merged["pathway_plans"], key=lambda r: r["pathway_plan_review_date"]):
            if row["pathway_plan_review_date"] <= end:
                reviews[row["child_id"]] = row
        found = set()
        for row in self.care_leavers(end):
            frequency = reviews.get(row["child_id"], {}).get("contact_frequency_days") or 56
            if row["in_touch"] == "YES" and row["latest_contact_date"] + dt.timedelta(int(frequency)) >= end:
                found.add(row["child_id"])
        return found

    def short_break_children(self, period: Period) -> set[str]:
        rows = [
            r for r in self.merged["short_breaks"] if r["is_delivered"] == "Y" and r["has_disability"] == "Y"
        ]
        first, last = period
        overlapping = [
            r
            for r in rows
            if r["short_break_start_date"] <= last
            and (r["short_break_end_date"] is None or r["short_break_end_date"] >= first)
        ]
        return {r["child_id"] for r in overlapping}


def is_in(day: object, period: Period) -> bool:
    return day is not None and period[0] <= day <= period[1]


def is_stock(start: object, end: object, on: dt.date) -> bool:
    return start is not None and start <= on and (end is None or end > on)


@functools.cache
def working_days(start: dt.date, end: dt.date) -> int:
    """Working days after `start` up to and including `end`."""
    days = (start + dt.timedelta(step) for step in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 and day not in BANK_HOLIDAYS for day in days)
