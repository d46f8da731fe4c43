"""What each list is: where its records are placed in time, how they end, what moves by itself.

Read from the sources and written in a form of its own, so that a slip in the product's tables shows:
Ofsted's guidance to Annex A (August 2019) for lists 1 to 11, by their numbers; the sector's dictionary for
the local lists, which have none; docs/rulings.md for coverage and docs/input_mess.md for who is believed.
"""

from __future__ import annotations

from typing import NamedTuple


class ListFacts(NamedTuple):
    """One list: a `spell` lasts until it ends, a `process` until the first of its ends."""

    number: int | None
    kind: str
    placed_by: str | None
    ends: tuple[str, ...]
    source_id: str | None
    due: str | None


# number | list | kind | placed by | ends by | source system's id | date it was due
_TABLE = """
 1 | contacts               | event   | contact_date             |                               | contact_id            |
 2 | early_help_assessments | spell   | eh_assessment_start_date | eh_assessment_completion_date | eh_assessment_id |
 3 | referrals              | event   | referral_date            |                               | referral_id |
 4 | assessments            | spell   | assessment_start_date    | assessment_authorised_date    | assessment_id |
 5 | section_47_enquiries   | event   | s47_start_date           |                               | s47_id |
 6 | children_in_need       | spell   | cin_start_date           | cin_closure_date              | cin_episode_id |
 7 | child_protection_plans | spell   | cp_plan_start_date       | cp_plan_end_date              | cp_plan_id |
 8 | children_in_care       | spell   | cla_start_date           | cla_end_date                  |                       |
 9 | care_leavers           | state   |                          |                               |                       |
10 | adoptions              | process | adm_decision_date        | adoption_order_date decision_reversed_date |          |
11 | adopters               | process | enquiry_date             | left_process_date             |                       |
   | early_help_referrals   | event   | early_help_referral_date |                               | early_help_referral_id |
   | short_breaks           | spell   | short_break_start_date   | short_break_end_date          | short_break_id        |
   | cla_visits             | event   | cla_visit_date           |                               | cla_visit_id          | cla_visit_due_date
   | cla_episodes           | spell   | cla_episode_start_date   | cla_episode_end_date          | cla_episode_id        |
   | cla_placements         | spell   | placement_start_date     | placement_end_date            | cla_placement_id      |
   | missing_episodes       | event   | missing_start            |                               | missing_episode_id    |
   | pathway_plans          | event   | pathway_plan_review_date |                               |                       |
   | cp_visits              | event   | cp_visit_date            |                               | cp_visit_id           |
   | cp_reviews             | event   | cp_review_date           |                               | cp_review_id          | cp_review_due_date
   | cla_reviews            | event   | cla_review_date          |                               | cla_review_id         | cla_review_due_date
"""  # noqa: E501 - a table is read across


def _read(table: str) -> dict[str, ListFacts]:
    found = {}
    for line in table.strip().splitlines():
        number, name, kind, placed_by, ends, source_id, due = (cell.strip() for cell in line.split("|"))
        found[name] = ListFacts(
            int(number) if number else None,
            kind,
            placed_by or None,
            tuple(ends.split()),
            source_id or None,
            due or None,
        )
    return found


LISTS = _read(_TABLE)
KEY_DATES = {name: facts.placed_by for name, facts in LISTS.items() if facts.placed_by}
ENDS = {name: facts.ends[0] for name, facts in LISTS.items() if facts.kind == "spell"}
FINISHES = {name: facts.ends for name, facts in LISTS.items() if facts.kind == "process"}
SOURCE_IDS = {name: facts.source_id for name, facts in LISTS.items() if facts.source_id}
DUE_DATES = {name: facts.due for name, facts in LISTS.items() if facts.due}
"""A visit or review that was due is the same record once it was made: its due date identifies it."""


def annex_a(*numbers: int) -> tuple[str, ...]:
    """The lists of Annex A with these numbers, in this order."""
    by_number = {facts.number: name for name, facts in LISTS.items()}
    return tuple(by_number[number] for number in numbers)


ONE_ROW_A_CHILD = annex_a(6, 7, 8)
"""Each child 'should have only a single entry': the most recent spell (guidance to lists 6 to 8)."""
TWELVE_MONTH_LISTS = annex_a(10, 11)
"""The guidance asks for the twelve months before the date; for all other lists, six."""
REACH_LISTS = (*annex_a(1, 3, 5), "early_help_referrals", "missing_episodes", "cla_visits")
"""The lists whose earliest date says how far a long extract reaches (docs/rulings.md#5)."""
BELIEVED_FIRST = (*annex_a(8, 7, 6, 9, 4, 5, 3, 1, 2, 10), "short_breaks")
"""Which list is believed about a child when one delivery's lists disagree (docs/input_mess.md, 57)."""
UNKNOWN_CODES = {
    "gender": ("U",),  # 'not stated/recorded (or unborn)'
    "ethnicity": ("REFU", "NOBT"),  # 'refused/not obtained'
    "has_disability": ("U",),
    "date_of_birth": (),
}

# What a new delivery shows otherwise without anything having been corrected. The guidance asks for it 'at the
# point of inspection', 'in the last 12 months', of the 'latest' enquiry or at the 'last' visit.
_MOVING = {
    "age at last birthday": "age_reported",
    "who has the case now": "allocated_team allocated_worker allocated_personal_advisor contact_team",
    "before the latest referral or enquiry": "referrals_last_12m s47_last_12m icpc_last_12m",
    "list 6, last seen": "last_seen_date",
    "list 7, at the last visit and review": "cp_last_visit_date cp_seen_alone cp_latest_review_date",
    "list 7, in the last six months": "epo_or_police_protection_6m",
    "list 8, in the last twelve months": "uasc_last_12m second_or_subsequent_period_12m placements_last_12m"
    " missing_episodes_12m absent_episodes_12m",
    "list 8, last visits and checks": "latest_review_date last_visit_date last_iro_contact_date"
    " last_health_assessment_date last_dental_check_date",
    "list 9, last contact": "latest_contact_date",
    # The guidance leaves room: plans that are entered late raise the count of those before this one.
    "list 7, plans before this one": "previous_cp_plans",
}
# The guidance leaves room: an interview after the last missing episode is kept as a fact of the record.
MOVING = frozenset(column for columns in _MOVING.values() for column in columns.split())
