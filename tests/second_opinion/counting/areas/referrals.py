"""Referrals."""

from __future__ import annotations

import datetime as dt

from tests.second_opinion.counting.days import Period, working_days
from tests.second_opinion.counting.deliveries import Row
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi
from tests.second_opinion.counting.repeats import repeats
from tests.second_opinion.counting.selecting import every, flow, having, is_yes, populated, share_of, whole

YEAR_DAYS, ASSESSMENT_WITHIN_DAYS = 365, 45
CONTACTS, REFERRALS = flow("contacts", "contact_date"), flow("referrals", "referral_date")
LATER_ACTIVITY = {
    "section_47_enquiries": "s47_start_date",
    "children_in_need": "cin_start_date",
    "child_protection_plans": "cp_plan_start_date",
    "children_in_care": "cla_start_date",
}


def assessment_of(history: History, referral: Row) -> Row | None:
    """The child's first assessment from the referral to 45 working days on, before the next referral."""
    child, day = referral["child_id"], referral["referral_date"]
    before = next_referral(history, referral)
    starts = []
    for row in history.of_child("assessments", child):
        start: dt.date | None = row["assessment_start_date"]
        if start is None or start < day:
            continue
        taken = working_days(day, start)
        if taken is not None and taken <= ASSESSMENT_WITHIN_DAYS and (before is None or start < before):
            starts.append(row)
    return min(starts, key=lambda row: row["assessment_start_date"]) if starts else None


def next_referral(history: History, referral: Row) -> dt.date | None:
    """The date of the child's next referral."""
    later = [
        row["referral_date"]
        for row in history.of_child("referrals", referral["child_id"])
        if row["referral_date"] is not None and row["referral_date"] > referral["referral_date"]
    ]
    return min(later) if later else None


def is_not_in_need(history: History, item: Item, _: Period) -> bool:
    """The assessment said no support is required and nothing of the case starts before the next referral."""
    assessment, before = assessment_of(history, item.row), next_referral(history, item.row)
    if assessment is None or assessment["requires_social_care_support"] != "N":
        return False
    done = assessment["assessment_authorised_date"]
    if done is None:
        return False
    for name, column in LATER_ACTIVITY.items():
        for row in history.of_child(name, item.person):
            day = row[column]
            if day is not None and day > done and (before is None or day < before):
                return False
    return True


def goes_to_assessment(history: History, item: Item, _: Period) -> bool:
    return assessment_of(history, item.row) is not None


CONTACTED, REFERRED = whole("contacts"), whole("referrals")
KPIS = {
    "referrals_count": Kpi("count", REFERRED, REFERRALS),
    "referrals_children_count": Kpi("children", REFERRED, REFERRALS),
    "referrals_rate_10k": Kpi("rate", every(REFERRED, populated), REFERRALS),
    "rereferrals_12m_pct": Kpi(
        "share",
        REFERRED,
        repeats(REFERRALS, "referrals", "referral_date", "referrals_last_12m"),
        REFERRALS,
    ),
    "referrals_nfa_pct": share_of(REFERRALS, is_yes("referral_nfa"), REFERRED),
    "referrals_by_source": Kpi(
        "bands", REFERRED, REFERRALS, REFERRALS, lambda history, item, _: item.row["referral_source"]
    ),
    "referrals_to_assessment_pct": Kpi(
        "share", whole("referrals", "assessments"), having(REFERRALS, goes_to_assessment), REFERRALS
    ),
    "referrals_not_in_need_pct": Kpi(
        "share",
        whole("referrals", "assessments", *LATER_ACTIVITY),
        having(REFERRALS, is_not_in_need),
        REFERRALS,
    ),
}
