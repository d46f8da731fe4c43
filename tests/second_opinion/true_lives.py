"""What truly happened to the children of a council in one year, as rows of every list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random

from cf_pipeline.contracts.lists import list_contracts
from tests.second_opinion.counting.days import plus_days
from tests.second_opinion.counting.deliveries import Row

FIRST_EVENT = dt.date(2019, 1, 14)
Add = Callable[..., None]
"""Adds a row of a list, from its columns."""


def life(draw: Random, number: int) -> Sequence[tuple[str, Row]]:
    """What happened to a child: (list, row) each. Two children of a family share what began it."""
    child: Row = {
        "child_id": f"C{number:03}",
        "gender": draw.choice("MF"),
        "ethnicity": draw.choice(("WBRI", "ABAN", "MWBC")),
        "date_of_birth": dt.date(2004 + number % 14, 1 + number % 12, 1 + number % 28),
        "has_disability": "YN"[number % 4 > 0],
    }
    family = Random(f"family {number // 2}")
    found: list[tuple[str, Row]] = []

    def add(name: str, **row: object) -> None:
        columns = list_contracts()[name].column_names
        found.append((name, {key: value for key, value in (child | row).items() if key in columns}))

    _add_front_door(add, draw, family, number)
    _add_spells(add, draw, number)
    if number % 3 == 0:
        _add_care(add, draw, number)
    if number % 4 == 1:
        _add_leaver(add, draw, number)
    return found


def _add_front_door(add: Add, draw: Random, family: Random, number: int) -> None:
    """Contacts with referral and assessment, and some enquiries with a conference."""
    for step in range(3):
        contacted = plus_days(FIRST_EVENT, family.randrange(140) + 145 * step)
        reference = f"F{number // 2}-{step}"
        add(
            "contacts",
            contact_date=contacted,
            contact_id=f"contact {reference}",
            contact_source=family.choice(("1A", "2A", "4")),
            contact_outcome=draw.choice(("NEW_REFERRAL_FLAG", "ADVICE_FLAG")),
            contact_completed_date=plus_days(contacted, draw.randrange(4)),
            contact_team="Duty",
        )
        referred = plus_days(contacted, draw.randrange(2))
        add(
            "referrals",
            referral_date=referred,
            referral_id=f"referral {reference}",
            referral_source=family.choice(("1A", "2A", "4")),
            referral_nfa=draw.choice("YNN"),
            allocated_team="Duty",
        )
        began = plus_days(referred, draw.randrange(10))
        add(
            "assessments",
            assessment_start_date=began,
            assessment_authorised_date=plus_days(began, draw.randrange(20, 90)),
            child_seen=draw.choice("YYN"),
            requires_social_care_support=draw.choice("YN"),
            allocated_team="Duty",
        )
        if number % 2 == step % 2:
            conference = plus_days(began, draw.randrange(5, 30)) if draw.randrange(2) else None
            add(
                "section_47_enquiries",
                s47_start_date=began,
                icpc_date=conference,
                icpc_unnecessary="N" if conference else "Y",
                icpc_resulted_in_cp_plan=draw.choice("YN") if conference else None,
                allocated_team="Duty",
            )


def _add_spells(add: Add, draw: Random, number: int) -> None:
    """A case in need and a plan; of some children a second, after a delivery that shows the first's end."""
    first = dt.date(2018, 1, 10) + dt.timedelta(days=31 * (number % 17))
    ended = dt.date(2019, 7, 5) + dt.timedelta(days=draw.randrange(60)) if number % 2 else None
    again = dt.date(2019, 10, 24) + dt.timedelta(days=draw.randrange(50))
    for start, end in [(first, ended)] + ([(again, None)] if ended else []):
        need = draw.choice(("N1", "N3", "N4"))
        reason = "RC1" if end else None
        add(
            "children_in_need",
            cin_start_date=start,
            cin_closure_date=end,
            closure_reason=reason,
            primary_need=need,
            allocated_team="Long Term",
        )
        if number % 3 == 1:
            add(
                "child_protection_plans",
                cp_plan_start_date=start,
                cp_plan_end_date=end,
                cp_initial_category="NEG",
                cp_latest_category=draw.choice(("NEG", "EMO")),
                previous_cp_plans=1 if start == again else 0,
                allocated_team="Long Term",
            )
    for step in range(5):
        if number % 3 == 1:
            reviewed = plus_days(FIRST_EVENT, 91 * step + draw.randrange(60))
            add("cp_reviews", cp_review_date=reviewed, cp_review_continues="Y")
            visited = plus_days(FIRST_EVENT, 91 * step + draw.randrange(80))
            add("cp_visits", cp_visit_date=visited, is_seen="Y", is_seen_alone=draw.choice("YN"))


def _add_care(add: Add, draw: Random, number: int) -> None:
    """A period of care with placements, episodes, visits, reviews and missing episodes; some come back."""
    first = dt.date(2018, 1, 10) + dt.timedelta(days=41 * (number % 13))
    ended = dt.date(2019, 7, 5) + dt.timedelta(days=draw.randrange(60)) if number % 2 else None
    again = dt.date(2019, 10, 24) + dt.timedelta(days=draw.randrange(50))
    for start, end in [(first, ended)] + ([(again, None)] if ended else []):
        placed = draw.choice(("U1", "U4", "H5"))
        add(
            "children_in_care",
            cla_start_date=start,
            cla_end_date=end,
            cla_end_reason="E4A" if end else None,
            category_of_need=draw.choice(("N1", "N5")),
            legal_status=draw.choice(("C2", "V2")),
            legal_status_start_date=start,
            permanence_plan=draw.choice(("LTFOST", "RETURN")),
            placement_start_date=start,
            placement_type=placed,
            placement_provider="PR1",
            placement_location=draw.choice(("IN", "OUT")),
            allocated_team="Looked After",
        )
        add(
            "cla_episodes",
            cla_episode_start_date=start,
            cla_episode_start_reason="S",
            cla_episode_end_date=end,
            cla_episode_end_reason="E4A" if end else None,
            cla_start_date=start,
        )
        add(
            "cla_placements",
            placement_start_date=start,
            placement_end_date=end,
            placement_type=placed,
            placement_provider="PR1",
            placement_distance_miles=draw.choice((5.0, 25.0)),
            placement_change_reason="PLACE" if end else None,
        )
    _add_care_events(add, draw, number)


def _add_care_events(add: Add, draw: Random, number: int) -> None:
    """Reviews and visits, and for some children missing episodes."""
    for step in range(5):
        day = plus_days(FIRST_EVENT, 91 * step)
        add(
            "cla_reviews",
            cla_review_date=plus_days(day, draw.randrange(80)),
            is_cancelled="N",
            participation=draw.choice(("PN1", "PN3", "PN7")),
        )
    for step in range(10):
        day = plus_days(FIRST_EVENT, 44 * step + draw.randrange(30))
        add("cla_visits", cla_visit_date=day, is_seen="Y", is_seen_alone=draw.choice("YN"))
    for step in range(4 if number % 2 else 0):
        start = dt.datetime.combine(
            plus_days(FIRST_EVENT, 100 * step + draw.randrange(90)), dt.time(draw.randrange(24))
        )
        back = start + dt.timedelta(hours=draw.randrange(2, 100))
        add(
            "missing_episodes",
            missing_start=start,
            missing_end=back,
            missing_type=draw.choice("MA"),
            rhi_offered="Y",
            rhi_accepted=draw.choice("YN"),
            rhi_date=plus_days(back.date(), draw.randrange(6)),
        )


def _add_leaver(add: Add, draw: Random, number: int) -> None:
    """A care leaver with reviews of the pathway plan."""
    add(
        "care_leavers",
        eligibility=draw.choice(("R", "FR")),
        in_touch=draw.choice(("YES", "YES", "NO")),
        accommodation_type=draw.choice("UV"),
        accommodation_suitability=draw.choice("12"),
        activity_status=draw.choice(("F2", "G4")),
        allocated_personal_advisor=draw.choice((True, None)),
        allocated_team="Leaving Care",
    )
    for step in range(4):
        add(
            "pathway_plans",
            pathway_plan_review_date=plus_days(FIRST_EVENT, 100 * step + draw.randrange(90)),
            contact_frequency_days=draw.choice((28, 56)),
        )
