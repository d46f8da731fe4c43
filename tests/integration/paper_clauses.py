"""The 36 clauses of the committee's paper: the figures behind each, the area it stands in, and its words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tests.integration.published_paper import Q1, Q2, Q3, Published

LAST_YEAR = "2018/19 Q4"


def near(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


CLAUSES: dict[str, tuple[Callable[[Published], bool], str, str]] = {
    "1a": (lambda p: p.value("contacts_count") == 77, "Contacts and Referrals", "77 contacts in Q3"),
    "1b": (
        lambda p: (p.value("contacts_count", Q1), p.value("contacts_count", Q2)) == (80, 90),
        "Contacts and Referrals",
        "a slightly lower level than the previous two quarters (80 and 90)",
    ),
    "1c": (
        lambda p: (
            near(p.forecast("contacts_count"), 247 * 4 / 3)
            and p.value("contacts_count", LAST_YEAR, "year") == 324
        ),
        "Contacts and Referrals",
        "The year-end forecast mirrors that of last year",
    ),
    "1d": (
        lambda p: p.shown("contacts_1wd_pct") == 91,
        "Contacts and Referrals",
        "91% of contacts were completed in one day in Q3",
    ),
    "1e": (
        lambda p: round(p.forecast("contacts_1wd_pct")) == 93,
        "Contacts and Referrals",
        "The year-end forecast is 93%",
    ),
    "1f": (lambda p: p.value("referrals_count") == 33, "Contacts and Referrals", "33 referrals in Q3"),
    "1g": (
        lambda p: p.value("referrals_count", Q1) < p.value("referrals_count", Q2) < 33,
        "Contacts and Referrals",
        "referrals have been rising over the quarters",
    ),
    "1h": (
        lambda p: (
            97 <= p.forecast("referrals_count") <= 100 and p.value("referrals_count", LAST_YEAR, "year") == 81
        ),
        "Contacts and Referrals",
        "the year-end forecast is predicting more referrals than last year",
    ),
    "1i": (
        lambda p: p.shown("contact_to_referral_pct") == 43,
        "Contacts and Referrals",
        "The conversion rate of contacts to referrals is 43% for Q3",
    ),
    "1j": (
        lambda p: (
            round(p.forecast("contact_to_referral_pct")) == 30
            and p.shown("contact_to_referral_pct", LAST_YEAR, "year") == 25
        ),
        "Contacts and Referrals",
        "higher than last year at 30% (compared to 25% previously)",
    ),
    "2a": (
        lambda p: p.value("eh_referrals_count", basis="ytd") == 15,
        "Early Help",
        "15 referrals to Early Help year to date",
    ),
    "2b": (
        lambda p: (
            p.forecast("eh_referrals_count") == 20 and p.value("eh_referrals_count", LAST_YEAR, "year") == 27
        ),
        "Early Help",
        "with a year-end forecast of 20, lower than last year's figure of 27",
    ),
    "2c": (
        lambda p: (
            p.value("short_breaks_children_count", basis="ytd") == 5
            and p.forecast("short_breaks_children_count") == 5
            and p.value("short_breaks_children_count", LAST_YEAR, "year") == 6
        ),
        "Early Help",
        "The total number of disabled children who received a short break (5)"
        " is forecast to be similar to last year (6)",
    ),
    "3a": (
        lambda p: p.value("assess_started_count") == 20,
        "Assessments",
        "20 Child and Family Assessments started in Q3",
    ),
    "3b": (
        lambda p: max(p.value("assess_started_count", Q1), p.value("assess_started_count", Q2)) < 20,
        "Assessments",
        "the highest number across the first three quarters",
    ),
    "3c": (
        lambda p: all(
            1.05 < p.forecast(kpi) / p.value(kpi, LAST_YEAR, "year") <= 1.15
            for kpi in ("assess_started_count", "assess_completed_count")
        ),
        "Assessments",
        "The year-end forecast for assessments started and completed"
        " is predicted to be slightly higher than last year",
    ),
    "3d": (
        lambda p: p.shown("assess_45wd_pct", basis="ytd") == 80,
        "Assessments",
        "Year to date figure for assessments authorised within 45 days at end of Q3 was 80%",
    ),
    "3e": (
        lambda p: p.shown("assess_45wd_pct", LAST_YEAR, "year") == 81,
        "Assessments",
        "This compares to the similar figure of 81% at end of 2018/19",
    ),
    "4a": (
        lambda p: p.value("cin_open_stock") == 28,
        "Children in Need",
        "28 children in need cases at the end of Q3",
    ),
    "4b": (
        lambda p: (
            max(p.value("cin_open_stock", q) for q in (Q1, Q2, Q3))
            - min(p.value("cin_open_stock", q) for q in (Q1, Q2, Q3))
            <= 4
        ),
        "Children in Need",
        "This reflects a fairly consistent pattern over the three quarters",
    ),
    "4c": (
        lambda p: p.value("cin_open_stock", LAST_YEAR) <= 24,
        "Children in Need",
        "but higher than the number at the end of 2018/19",
    ),
    "4d": (
        lambda p: 50 < p.value("cin_6m_or_less_pct") < 75,
        "Children in Need",
        "The majority of Children in Need cases at the end of Q3 had been open for 6 months or less",
    ),
    "5a": (
        lambda p: p.value("cpp_stock") == 4,
        "Child Protection",
        "4 children on Child Protection Plans at the end of Q3",
    ),
    "5b": (
        lambda p: p.value("cpp_12_24m_count") == 3,
        "Child Protection",
        "3 of these cases had been open for between 12 and 24 months",
    ),
    "5c": (
        lambda p: p.value("icpc_15wd_pct") == 100,
        "Child Protection",
        "100% of Initial Child Protection Conferences were held within 15 days of the S47 enquiry during Q3",
    ),
    "6a": (
        lambda p: p.value("cla_stock") == 27 and p.value("cla_stock", LAST_YEAR) == 20,
        "Children in Care",
        "27 Children in Care at the end of Q3. This is higher than at the end of 2018/19 (20)",
    ),
    "6b": (
        lambda p: p.value("cla_3plus_placements_count") == 4,
        "Children in Care",
        "4 of these young people have had 3 or more placements",
    ),
    "6c": (
        lambda p: p.shown("cla_visits_in_time_pct", places="0.1") == Decimal("97.4"),
        "Children in Care",
        "97.4% of visits during the Quarter were in time in accordance with the care / pathway plan",
    ),
    "7a": (
        lambda p: p.value("missing_cla_open_stock") == 1,
        "Children Missing",
        "One Child in Care missing at the end of Q3",
    ),
    "7b": (
        lambda p: p.value("missing_episodes_count") == 4,
        "Children Missing",
        "There were a total of 4 missing episodes in the period",
    ),
    "7c": (
        lambda p: p.value("missing_rhi_accepted_count") == 2,
        "Children Missing",
        "2 Return Home Interviews were accepted",
    ),
    "8a": (lambda p: p.value("cl_stock") == 26, "Care Leavers", "26 Care Leavers at end of Q3"),
    "8b": (
        lambda p: max(p.value("cl_stock", Q1), p.value("cl_stock", Q2)) < 26,
        "Care Leavers",
        "an increase on previous quarters",
    ),
    "8c": (
        lambda p: p.value("cl_eet_count") == 22,
        "Care Leavers",
        "22 of these were in education, employment or training",
    ),
    "8d": (
        lambda p: p.value("cl_suitable_accom_pct") == 100,
        "Care Leavers",
        "100% were living in suitable accommodation",
    ),
    "8e": (
        lambda p: p.value("cl_plan_and_touch_pct") == 100,
        "Care Leavers",
        "100% have an up to date Pathway Plan and are in touch in accordance with the plan",
    ),
}
