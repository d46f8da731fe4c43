"""Contacts."""

from __future__ import annotations

from tests.second_opinion.counting.areas.referrals import CONTACTED, CONTACTS, REFERRALS
from tests.second_opinion.counting.days import plus_days, working_days
from tests.second_opinion.counting.deliveries import Row
from tests.second_opinion.counting.durations import waiting_days
from tests.second_opinion.counting.measures import Covered, Kpi
from tests.second_opinion.counting.repeats import YEAR_DAYS, repeats
from tests.second_opinion.counting.selecting import every, has, populated, rows_having, share_of, whole

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


def year_before_too(name: str) -> Covered:
    """The period and the 365 days before it are covered."""
    return lambda history, period: history.covers(name, plus_days(period.start, -YEAR_DAYS), period.end)


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
}
