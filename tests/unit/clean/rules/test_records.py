"""Contradicting facts of a record, by tiny example: the row is flagged and stays."""

import pytest

from cf_pipeline.clean.rules.catalogue import RULES
from tests.support.ingested_rows import clean_list, issue_places

CHILD = {"child_id": "A1", "date_of_birth": "2010-01-01"}
CARE = CHILD | {"cla_start_date": "2019-08-01", "legal_status": "C2"}
NEED = CHILD | {"cin_start_date": "2019-08-01"}
PLAN = CHILD | {"cp_plan_start_date": "2019-08-01"}
ENQUIRY = CHILD | {"s47_start_date": "2019-08-01"}
MISSING = {"child_id": "A1", "missing_start": "2019-08-01T21:30:00"}

RECORDS = [
    pytest.param(
        "closed_without_date", "children_in_need", NEED | {"case_status": "CLO"}, "cin_closure_date",
        id="closed without a closure date",
    ),
    pytest.param(
        "closure_date_without_status", "children_in_need",
        NEED | {"case_status": "CIN", "cin_closure_date": "2019-10-01"}, "case_status",
        id="a closure date and a status that is open",
    ),
    pytest.param(
        "interview_accepted_not_offered", "missing_episodes",
        MISSING | {"rhi_offered": "N", "rhi_accepted": "Y"}, "rhi_accepted",
        id="an interview accepted that was not offered",
    ),
    pytest.param(
        "short_break_status", "children_in_care", CARE | {"legal_status": "V4"}, "legal_status",
        id="a short break among children in care",
    ),
    pytest.param(
        "ceased_new_episode", "children_in_care",
        CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": "X1"}, "cla_end_reason",
        id="care that ended with a new episode",
    ),
    pytest.param(
        "care_leaver_age", "care_leavers", {"child_id": "A1", "date_of_birth": "2004-01-01"},
        "date_of_birth", id="a care leaver of 15",
    ),
    pytest.param(
        "care_leaver_age", "care_leavers", {"child_id": "A1", "date_of_birth": "1993-12-31"},
        "date_of_birth", id="a care leaver of 26",
    ),
    pytest.param(
        "conference_without_enquiry", "section_47_enquiries", CHILD | {"icpc_date": "2019-08-10"},
        "icpc_date", id="a conference without an enquiry",
    ),
    pytest.param(
        "conference_unnecessary_and_held", "section_47_enquiries",
        ENQUIRY | {"icpc_unnecessary": "Y", "icpc_date": "2019-08-10"}, "icpc_unnecessary",
        id="an unnecessary conference with a date",
    ),
]  # fmt: skip


@pytest.mark.mess(59, 60, 62, 63, 64, 65)
@pytest.mark.parametrize(("rule", "list_name", "record", "column"), RECORDS)
def test_a_record_that_contradicts_itself_is_flagged_and_kept(rule, list_name, record, column):
    result = clean_list(list_name, record)
    assert issue_places(result, rule) == [(rule, 2, column)]
    assert len(result.lists[list_name]) == 1


SOUND = [
    pytest.param("children_in_need", NEED | {"case_status": "CLO", "cin_closure_date": "2019-10-01"}),
    pytest.param("children_in_need", NEED | {"case_status": "CIN"}),
    pytest.param("children_in_need", NEED | {"cin_closure_date": "2019-10-01"}),
    pytest.param("missing_episodes", MISSING | {"rhi_offered": "Y", "rhi_accepted": "Y"}),
    pytest.param("missing_episodes", MISSING | {"rhi_offered": "N", "rhi_accepted": "N"}),
    pytest.param("missing_episodes", MISSING | {"rhi_accepted": "Y"}),
    pytest.param("children_in_care", CARE | {"legal_status": "V2"}),
    pytest.param("children_in_care", CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": "E8"}),
    pytest.param("cla_episodes", {"child_id": "A1", "cla_episode_start_date": "2019-08-01",
                                  "cla_episode_end_date": "2019-09-01", "cla_episode_end_reason": "X1"}),
    pytest.param("care_leavers", {"child_id": "A1", "date_of_birth": "2003-12-31"}),
    pytest.param("care_leavers", {"child_id": "A1", "date_of_birth": "1994-01-01"}),
    pytest.param("section_47_enquiries", ENQUIRY | {"icpc_unnecessary": "N", "icpc_date": "2019-08-10"}),
    pytest.param("section_47_enquiries", ENQUIRY | {"icpc_unnecessary": "Y"}),
]  # fmt: skip


@pytest.mark.parametrize(("list_name", "record"), SOUND)
def test_a_record_that_agrees_with_itself_breaks_no_rule(list_name, record):
    assert issue_places(clean_list(list_name, record)) == []


@pytest.mark.mess(58)
@pytest.mark.parametrize(
    ("list_name", "start", "end"),
    [
        ("child_protection_plans", "cp_plan_start_date", "cp_plan_end_date"),
        ("children_in_care", "cla_start_date", "cla_end_date"),
        ("cla_episodes", "cla_episode_start_date", "cla_episode_end_date"),
        ("cla_placements", "placement_start_date", "placement_end_date"),
    ],
)
def test_a_child_has_one_open_plan_or_spell_at_a_time(list_name, start, end):
    spell = {"child_id": "A1", start: "2019-08-01"}
    closed = {"child_id": "A1", start: "2019-07-01", end: "2019-07-31"}
    second = {"child_id": "A1", start: "2019-09-01"}
    another = {"child_id": "B2", start: "2019-09-01"}
    assert issue_places(clean_list(list_name, spell, closed, another), "open_twice") == []
    result = clean_list(list_name, spell, closed, second, another)
    assert issue_places(result, "open_twice") == [("open_twice", 2, end), ("open_twice", 4, end)]
    assert len(result.lists[list_name]) == 4


@pytest.mark.mess(30)
def test_rows_of_one_child_and_day_that_differ_are_all_kept_with_a_note():
    contact = {"child_id": "A1", "contact_date": "2019-11-05", "contact_source": "6"}
    other = contact | {"contact_source": "2A"}
    next_day = contact | {"contact_date": "2019-11-06"}
    result = clean_list("contacts", contact, other, next_day)
    assert issue_places(result) == [
        ("key_collision", 2, "contact_date"),
        ("key_collision", 3, "contact_date"),
    ]
    assert len(result.lists["contacts"]) == 3
    assert RULES["key_collision"].severity == "info"


@pytest.mark.mess(29, 30)
def test_rows_alike_in_every_column_collide_with_nothing():
    contact = {"child_id": "A1", "contact_date": "2019-11-05", "contact_source": "6"}
    assert issue_places(clean_list("contacts", contact, contact)) == []


@pytest.mark.mess(30)
def test_two_identifiers_of_the_case_system_are_two_records_and_rows_of_one_are_one_record():
    contact = {"child_id": "A1", "contact_date": "2019-11-05", "contact_id": "1"}
    for other in (contact | {"contact_id": "2"}, contact | {"contact_outcome": "NFA"}):
        assert issue_places(clean_list("contacts", contact, other), "key_collision") == []


def test_rows_of_one_plan_are_one_record_and_two_ends_of_it_are_noted():
    plan = {"child_id": "A1", "cp_plan_start_date": "2019-08-01", "cp_latest_category": "NEG"}
    other = plan | {"cp_latest_category": "EML"}
    ended = other | {"cp_plan_end_date": "2019-09-01"}
    assert issue_places(clean_list("child_protection_plans", plan, other), "key_collision") == []
    assert len(issue_places(clean_list("child_protection_plans", plan, ended), "key_collision")) == 2
