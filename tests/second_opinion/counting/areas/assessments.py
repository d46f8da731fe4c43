"""Assessments."""

from __future__ import annotations

from tests.second_opinion.counting.areas.referrals import assessment_of
from tests.second_opinion.counting.days import Period, working_days
from tests.second_opinion.counting.durations import days_band, waiting_days, within
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi
from tests.second_opinion.counting.selecting import (
    at_end,
    every,
    flow,
    having,
    is_yes,
    populated,
    share_of,
    stock,
    whole,
)

ASSESSMENT_DAYS = 45

STARTED = flow("assessments", "assessment_start_date")
AUTHORISED = flow("assessments", "assessment_authorised_date")
OPEN_ASSESSMENTS = stock("assessments")
ASSESSED = whole("assessments")


def from_referral(history: History, period: Period) -> list[Item]:
    """Assessments authorised in the period that a referral led to."""
    found = []
    for item in AUTHORISED(history, period):
        days = [
            row["referral_date"]
            for row in history.of_child("referrals", item.person)
            if (linked := assessment_of(history, row)) is not None
            and linked["assessment_start_date"] == item.row["assessment_start_date"]
        ]
        if days:
            found.append(item._replace(row=item.row | {"linked_referral_date": max(days)}))
    return found


def overdue(_: History, item: Item, period: Period) -> bool:
    return (working_days(item.row["assessment_start_date"], period.end) or 0) > ASSESSMENT_DAYS


KPIS = {
    "assess_started_count": Kpi("count", ASSESSED, STARTED),
    "assess_completed_count": Kpi("count", ASSESSED, AUTHORISED),
    "assess_completed_rate_10k": Kpi("rate", every(ASSESSED, populated), AUTHORISED),
    "assess_45wd_pct": Kpi(
        "share",
        ASSESSED,
        within("assessment_start_date", "assessment_authorised_date", ASSESSMENT_DAYS, AUTHORISED),
        AUTHORISED,
    ),
    "assess_45wd_from_referral_pct": Kpi(
        "share",
        whole("assessments", "referrals"),
        within("linked_referral_date", "assessment_authorised_date", ASSESSMENT_DAYS, from_referral),
        from_referral,
    ),
    "assess_median_wd": Kpi(
        "median", ASSESSED, waiting_days(AUTHORISED, "assessment_start_date", "assessment_authorised_date")
    ),
    "assess_duration_bands": Kpi(
        "bands",
        ASSESSED,
        AUTHORISED,
        AUTHORISED,
        lambda history, item, _: days_band(
            (10, 20, 30, 40, 45, 50, 60), "assessment_start_date", "assessment_authorised_date", history, item
        ),
    ),
    "assess_open_stock": Kpi("count", at_end("assessments"), OPEN_ASSESSMENTS),
    "assess_open_over_45wd_count": Kpi("count", at_end("assessments"), having(OPEN_ASSESSMENTS, overdue)),
    "assess_child_seen_pct": share_of(AUTHORISED, is_yes("child_seen"), ASSESSED),
    "assess_support_needed_pct": share_of(AUTHORISED, is_yes("requires_social_care_support"), ASSESSED),
}
