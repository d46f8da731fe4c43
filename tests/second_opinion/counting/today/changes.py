"""What became of each record since the delivery before, and every dated event."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from tests.second_opinion.counting.deliveries import as_day
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.lists import KEY_DATES
from tests.second_opinion.counting.merging import end_of
from tests.second_opinion.counting.today.recount import TEAMS

EVENTS_THAT_END = {"early_help_referrals": "early_help_end_date", "missing_episodes": "missing_end"}
"""An early help episode ends, and a missing child returns."""


class Change(NamedTuple):
    """What became of one record since the delivery before."""

    list: str
    child: str
    day: dt.date | None
    kind: str
    before: str | None = None
    after: str | None = None


def changes(history: History) -> list[Change]:
    """The records that are new, closed or open again in the newest delivery, and those of another team."""
    found = []
    for name, key_date in KEY_DATES.items():
        received = history.received.of(name)
        if name == "adopters" or len(received) < 2 or received[-1].as_at != history.received.newest:
            continue
        for row in history.rows(name):
            states = history.merged(name).states(row["_key"])
            (newest, now), earlier = states[-1], states[:-1]
            if newest.as_at != history.received.newest:
                continue
            child, day = row["child_id"], as_day(now[key_date])
            if not earlier:
                found.append(Change(name, child, day, "new"))
                continue
            before = earlier[-1][1]
            ended, ends = (
                end_of(name, each) or each.get(EVENTS_THAT_END.get(name, "")) for each in (before, now)
            )
            if ended is None and ends is not None:
                found.append(Change(name, child, day, "closed"))
            if ended is not None and ends is None:
                found.append(Change(name, child, day, "reopened"))
            found += [
                Change(name, child, day, "team", before[column], now[column])
                for column in TEAMS
                if column in now and before[column] != now[column]
            ]
    return found


EVENTS = {
    "contacts": ("contact_date", "contact_completed_date"),
    "referrals": ("referral_date",),
    "assessments": ("assessment_start_date", "assessment_authorised_date"),
    "section_47_enquiries": ("s47_start_date",),
    "children_in_need": ("cin_start_date", "cin_closure_date"),
    "child_protection_plans": ("cp_plan_start_date", "cp_plan_end_date"),
    "cp_visits": ("cp_visit_date",),
    "cp_reviews": ("cp_review_date",),
    "children_in_care": ("cla_start_date", "cla_end_date"),
    "cla_episodes": ("cla_episode_start_date", "cla_episode_end_date"),
    "cla_placements": ("placement_start_date", "placement_end_date"),
    "cla_visits": ("cla_visit_date",),
    "missing_episodes": ("missing_start", "missing_end", "rhi_date"),
    "early_help_referrals": ("early_help_referral_date", "early_help_start_date", "early_help_end_date"),
    "early_help_assessments": ("eh_assessment_start_date", "eh_assessment_completion_date"),
    "short_breaks": ("short_break_start_date", "short_break_end_date"),
    "pathway_plans": ("pathway_plan_review_date",),
}
"""The dates of each list that are an event of every row."""


def events(history: History) -> list[tuple[str, dt.date, str]]:
    """The child, the day and the list of each event."""
    return [
        (row["child_id"], day, name)
        for name, columns in EVENTS.items()
        for row in history.rows(name)
        for column in columns
        if (day := as_day(row[column])) is not None
    ]
