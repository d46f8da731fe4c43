"""Every list of a day, recounted."""

from __future__ import annotations

from tests.second_opinion.counting.areas import workforce
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.today import care, front_door
from tests.second_opinion.counting.today.recount import Entry, Recount


def every_list(history: History) -> dict[str, list[Entry]]:
    """Each list by name, its rows in no order."""
    today = Recount(history)
    return {
        "contacts_undecided": front_door.contacts_undecided(today),
        "contacts_recent": front_door.contacts_recent(today),
        "referrals_undecided": front_door.referrals_undecided(today),
        "rereferrals": front_door.rereferrals(today),
        "assessments_open": front_door.assessments_open(today),
        "enquiries_awaiting_conference": front_door.enquiries_awaiting_conference(today),
        "protection_visits": care.protection_visits(today),
        "protection_reviews": care.protection_reviews(today),
        "care_visits": care.care_visits(today),
        "care_reviews": care.care_reviews(today),
        "care_placements": care.care_placements(today),
        "missing_now": front_door.missing_now(today),
        "return_interviews_due": front_door.return_interviews_due(today),
        **care.leavers(today),
        "caseload": front_door.cases(today, today.cases),
        "unallocated": front_door.cases(today, workforce.unallocated(history, today.period)),
    }
