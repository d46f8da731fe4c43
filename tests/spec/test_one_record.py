"""One record, one count: rows of one number, person or conference, by example (docs/rulings.md#29)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cf_pipeline.contracts.lists import list_contracts
from tests.spec.casebook import Delivery, core, figure, figures

A, B = {"child_id": "A"}, {"child_id": "B"}
Q3 = "2019-12-31"
NUMBERED = {
    "contacts": ("contact_id", "contact_date", "contact_outcome", ("NFA_FLAG", "ADVICE_FLAG")),
    "referrals": ("referral_id", "referral_date", "referral_nfa", ("Y", "N")),
    "assessments": ("assessment_id", "assessment_start_date", "child_seen", ("Y", "N")),
    "section_47_enquiries": ("s47_id", "s47_start_date", "icpc_unnecessary", ("Y", "N")),
    "children_in_need": ("cin_episode_id", "cin_start_date", "case_status", ("CIN", "CPP")),
    "child_protection_plans": ("cp_plan_id", "cp_plan_start_date", "cp_latest_category", ("NEG", "EML")),
    "early_help_assessments": (
        "eh_assessment_id",
        "eh_assessment_start_date",
        "eh_organisation",
        ("School", "Health"),
    ),
    "early_help_referrals": (
        "early_help_referral_id",
        "early_help_referral_date",
        "early_help_end_reason",
        ("Needs met", "Moved"),
    ),
    "missing_episodes": ("missing_episode_id", "missing_start", "rhi_offered", ("Y", "N")),
    "cla_visits": ("cla_visit_id", "cla_visit_date", "is_seen_alone", ("Y", "N")),
    "cp_visits": ("cp_visit_id", "cp_visit_date", "is_seen_alone", ("Y", "N")),
    "cla_reviews": ("cla_review_id", "cla_review_date", "is_cancelled", ("Y", "N")),
    "cla_placements": ("cla_placement_id", "placement_start_date", "placement_type", ("U1", "U6")),
    "short_breaks": ("short_break_id", "short_break_start_date", "is_delivered", ("Y", "N")),
}
"""List -> its number, its date, and a column with two values that a join of the export may double."""


def rules(merged: Any) -> list[str]:
    return merged.issues["rule"].tolist()


@pytest.mark.parametrize("name", NUMBERED)
def test_rows_with_one_number_child_and_date_are_one_record_and_the_last_counts(name: str) -> None:
    number, date, column, (first, last) = NUMBERED[name]
    row = A | {number: "7", date: "2019-10-02"}
    merged = core(Delivery(Q3, {name: [row | {column: first}, row | {column: last}]}))
    assert merged.tables[name][column].tolist() == [last]
    assert merged.issues[["rule", "excel_row"]].to_numpy().tolist() == [["record_twice", 2]]
    assert merged.tables["row_ledger"][["rows_core", "rows_superseded"]].to_numpy().tolist() == [[1, 1]]


def test_of_the_rows_of_a_record_the_one_with_most_filled_cells_counts() -> None:
    row = A | {"contact_id": "7", "contact_date": "2019-10-02"}
    full = row | {"contact_outcome": "NFA_FLAG", "contact_source": "6"}
    merged = core(Delivery(Q3, {"contacts": [full, row | {"contact_outcome": "ADVICE_FLAG"}]}))
    assert merged.tables["contacts"]["contact_outcome"].tolist() == ["NFA_FLAG"]


@pytest.mark.parametrize("name", NUMBERED)
def test_one_number_with_two_dates_of_a_child_is_a_cases_so_there_are_two_records(name: str) -> None:
    number, date, *_ = NUMBERED[name]
    rows = [A | {number: "7", date: day} for day in ("2019-10-02", "2019-11-02")]
    merged = core(Delivery(Q3, {name: rows}))
    assert len(merged.tables[name]) == 2
    assert (
        merged.issues[["rule", "severity", "column"]].to_numpy().tolist()
        == [["number_of_case", "error", number]] * 2
    )


def test_the_records_of_a_cases_number_keep_their_dates_in_every_delivery() -> None:
    of_case = [A | {"contact_id": "7", "contact_date": day} for day in ("2019-08-02", "2019-10-02")]
    deliveries = (Delivery("2019-09-30", {"contacts": of_case[:1]}), Delivery(Q3, {"contacts": of_case}))
    merged, facts = core(*deliveries), figures(*deliveries)
    assert merged.tables["contacts"]["status"].tolist() == ["current", "current"]
    assert figure(facts, "contacts_count", "2019/20 Q2") == (1, None, None)
    assert figure(facts, "contacts_count", "2019/20 Q3") == (1, None, None)


@pytest.mark.parametrize("name", NUMBERED)
def test_siblings_of_one_number_are_a_record_each_and_one_who_leaves_it_is_withdrawn(name: str) -> None:
    number, date, *_ = NUMBERED[name]
    contract = list_contracts()[name]
    ended = {str(contract.end_date): "2019-09-10"} if contract.kind == "period" else {}
    siblings = [child | ended | {number: "7", date: "2019-09-02"} for child in (A, B)]
    before, after = Delivery("2019-09-30", {name: siblings}), Delivery(Q3, {name: siblings[:1]})
    assert core(before).tables[name]["status"].tolist() == ["current", "current"]
    merged = core(before, after)
    assert sorted(merged.tables[name]["status"]) == ["current", "withdrawn"]
    assert rules(merged) == ["withdrawn"]


def test_a_number_keeps_a_childs_record_one_when_its_date_is_corrected_beside_a_siblings() -> None:
    siblings = [child | {"contact_id": "7", "contact_date": "2019-09-02"} for child in (A, B)]
    corrected = [siblings[0], siblings[1] | {"contact_date": "2019-09-03"}]
    merged = core(Delivery("2019-09-30", {"contacts": siblings}), Delivery(Q3, {"contacts": corrected}))
    days = merged.tables["contacts"]["contact_date"]
    assert sorted(days) == [pd.Timestamp("2019-09-02"), pd.Timestamp("2019-09-03")]
    assert merged.tables["contacts"]["status"].tolist() == ["current", "current"]


def test_an_export_that_begins_to_show_numbers_holds_the_records_it_held_before() -> None:
    contacts = [A | {"contact_date": "2019-09-02"}, B | {"contact_date": "2019-09-03"}]
    numbered = [row | {"contact_id": str(number)} for number, row in enumerate(contacts)]
    merged = core(Delivery("2019-09-30", {"contacts": contacts}), Delivery(Q3, {"contacts": numbered}))
    assert merged.tables["contacts"]["status"].tolist() == ["current", "current"]
    assert rules(merged) == []


@pytest.mark.parametrize("is_newest_first", [True, False])
def test_a_care_leaver_twice_in_a_delivery_is_the_row_with_the_newest_contact(is_newest_first: bool) -> None:
    leaver = A | {"eligibility": "FR", "in_touch": "YES"}
    rows = [
        leaver | {"latest_contact_date": "2019-12-20", "activity_status": "F1"},
        leaver | {"latest_contact_date": "2019-06-01", "activity_status": "G5", "accommodation_type": "U"},
    ]
    delivery = Delivery(Q3, {"care_leavers": rows if is_newest_first else rows[::-1]})
    merged, facts = core(delivery), figures(delivery)
    assert merged.tables["care_leavers"]["activity_status"].tolist() == ["F1"]
    assert rules(merged) == ["record_twice"]
    assert figure(facts, "cl_stock", "2019/20 Q3") == (1, None, None)
    assert figure(facts, "cl_eet_pct", "2019/20 Q3") == (1, 1, None)


@pytest.mark.parametrize(
    ("name", "start", "end", "kpi_id"),
    [
        ("child_protection_plans", "cp_plan_start_date", "cp_plan_end_date", "cpp_started_count"),
        ("children_in_care", "cla_start_date", "cla_end_date", "cla_started_count"),
        ("children_in_need", "cin_start_date", "cin_closure_date", "cin_started_count"),
    ],
)
def test_rows_of_a_child_with_one_start_and_one_end_are_one_plan_or_period(
    name: str, start: str, end: str, kpi_id: str
) -> None:
    row = A | {start: "2019-10-02"}
    doubled = [row | {"allocated_team": "North"}, row | {"allocated_team": "South"}]
    assert figure(figures(Delivery(Q3, {name: doubled})), kpi_id, "2019/20 Q3") == (1, None, None)
    both = core(Delivery(Q3, {name: [row, row | {end: "2019-10-02"}]}))
    assert len(both.tables[name]) == 2  # which of them is true is not known, so neither is left out
