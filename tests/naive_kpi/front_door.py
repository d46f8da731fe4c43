"""Contacts and referrals."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.naive_kpi.days import Period, plus_days, working_days
from tests.naive_kpi.deliveries import Row
from tests.naive_kpi.history import History
from tests.naive_kpi.measures import Covered, Item, Kpi, Select
from tests.naive_kpi.selecting import (
    every,
    flow,
    has,
    having,
    is_yes,
    populated,
    rows_having,
    share_of,
    whole,
)

YEAR_DAYS, ASSESSMENT_WITHIN_DAYS = 365, 45
CONTACTS, REFERRALS = flow("contacts", "contact_date"), flow("referrals", "referral_date")
LATER_ACTIVITY = {
    "section_47_enquiries": "s47_start_date",
    "children_in_need": "cin_start_date",
    "child_protection_plans": "cp_plan_start_date",
    "children_in_care": "cla_start_date",
}
NO_ACTION = ("NFA_FLAG", "ADVICE_FLAG")


def is_within_one_day(row: Row) -> bool:
    taken = working_days(row["contact_date"], row["contact_completed_date"])
    return taken is not None and taken <= 1


def is_due(row: Row) -> bool:
    """Completed, or more than one working day old when last delivered."""
    if row["contact_completed_date"] is not None:
        return True
    waited = working_days(row["contact_date"], row["_as_at"])
    return waited is not None and waited > 1


def has_earlier(history: History, name: str, column: str, item: Item) -> bool:
    """Whether our history holds another event of the child 1 to 365 days before."""
    days = [row[column] for row in history.of_child(name, item.person) if row[column] is not None]
    return any(1 <= (item.day - day).days <= YEAR_DAYS for day in days)


def is_repeat(history: History, item: Item, name: str, column: str, counter: str | None) -> bool:
    """From our history; the list's own count decides only where our history does not reach."""
    if has_earlier(history, name, column, item):
        return True
    if counter is None or history.reaches_a_year_back(name, item.day):
        return False
    return (item.row.get(counter) or 0) >= 1


def repeats(select: Select, name: str, column: str, counter: str | None) -> Select:
    return having(select, lambda history, item, _: is_repeat(history, item, name, column, counter))


def year_before_too(name: str) -> Covered:
    """The period and the 365 days before it are covered."""
    return lambda history, period: history.covers(name, plus_days(period.start, -YEAR_DAYS), period.end)


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


def waiting_days(select: Select, start: str, end: str) -> Select:
    """Working days between two dates of each row that has both in order."""

    def worth(history: History, period: Period) -> list[Item]:
        found = []
        for item in select(history, period):
            taken = working_days(item.row[start], item.row[end])
            if taken is not None:
                found.append(item._replace(worth=Fraction(taken)))
        return found

    return worth


CONTACTED, REFERRED = whole("contacts"), whole("referrals")
DATED = every(CONTACTED, has("contacts", "contact_completed_date"))
OUTCOME = every(CONTACTED, has("contacts", "contact_outcome"))
DUE = rows_having(CONTACTS, is_due)

KPIS = {
    "contacts_count": Kpi("count", CONTACTED, CONTACTS),
    "contacts_children_count": Kpi("children", CONTACTED, CONTACTS),
    "contacts_rate_10k": Kpi("rate", every(CONTACTED, populated), CONTACTS),
    "contacts_1wd_pct": Kpi("share", DATED, rows_having(DUE, is_within_one_day), DUE),
    "contacts_median_days": Kpi(
        "median", DATED, waiting_days(CONTACTS, "contact_date", "contact_completed_date")
    ),
    "contacts_by_source": Kpi(
        "bands", CONTACTED, CONTACTS, CONTACTS, lambda history, item, _: item.row["contact_source"]
    ),
    "contacts_nfa_pct": share_of(CONTACTS, lambda row: row["contact_outcome"] in NO_ACTION, OUTCOME),
    "contacts_repeat_12m_pct": Kpi(
        "share", year_before_too("contacts"), repeats(CONTACTS, "contacts", "contact_date", None), CONTACTS
    ),
    "contact_to_referral_pct": Kpi("share", whole("contacts", "referrals"), REFERRALS, CONTACTS),
    "contact_outcome_referral_pct": share_of(
        CONTACTS, lambda row: row["contact_outcome"] == "NEW_REFERRAL_FLAG", OUTCOME
    ),
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
