"""Today's lists by tiny deliveries: who is on a list, when it is due, and whose it is."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cf_pipeline.history.issues_by_child import ISSUE_PEOPLE
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import prepare_counter
from cf_pipeline.worklists.day import Day
from cf_pipeline.worklists.list_items import ITEMS, LISTS, list_items
from tests.spec import casebook
from tests.spec.casebook import Delivery

AS_AT = "2019-12-31"


def lists_of(*deliveries: Delivery, **day: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lists and their rows after some deliveries."""
    counter = prepare_counter(casebook.core(*deliveries).tables, load_registry())
    return list_items(Day.newest(counter, **day), ISSUE_PEOPLE.empty())


def rows_of(name: str, *deliveries: Delivery, **day: Any) -> list[dict[str, Any]]:
    """The rows of one list in order, missing cells left out and dates as text."""
    items = lists_of(*deliveries, **day)[1]
    found = items[items["worklist"].eq(name)]
    return [
        {
            column: f"{cell:%Y-%m-%d}" if isinstance(cell, pd.Timestamp) else cell
            for column, cell in row.items()
            if not pd.isna(cell)
        }
        for row in found.to_dict("records")
    ]


def issues_of(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    """Issues, each with its rule, severity, delivery and person_ref."""
    return ISSUE_PEOPLE.frame(
        {
            **dict.fromkeys(("column", "suggestion", "kpis"), ""),
            **{"list": "contacts", "rule": rule, "severity": severity, "message": f"what {rule} says"},
            **{"delivery_id": as_at, "as_at": as_at, "file": "f.csv", "excel_row": 2},
            **{"rows": 1, "person_ref": person},
        }
        for rule, severity, as_at, person in rows
    )


def plan(child: str, start: str, **others: Any) -> dict[str, Any]:
    return {"child_id": child, "cp_plan_start_date": start, **others}


def test_a_contact_without_a_decision_is_due_on_the_next_working_day() -> None:
    """Friday 27 December: the weekend belongs to the last day in time, as in the KPI."""
    contacts = [
        {"child_id": "1", "contact_date": "2019-12-27", "contact_source": "1A"},
        {"child_id": "2", "contact_date": "2019-12-20", "contact_completed_date": "2019-12-23"},
        {"child_id": "3", "contact_date": "2019-12-16"},
    ]
    rows = rows_of("contacts_undecided", Delivery(AS_AT, {"contacts": contacts}))
    assert [(row["item_no"], row["start_date"], row["due_date"], row["days_left"]) for row in rows] == [
        (1, "2019-12-16", "2019-12-17", -14),
        (2, "2019-12-27", "2019-12-30", -1),
    ]
    assert rows[0]["working_days_since"] == 9


def test_the_last_visit_is_told_without_an_interval_and_the_next_is_due_with_one() -> None:
    delivery = Delivery(
        AS_AT,
        {
            "child_protection_plans": [
                plan("1", "2019-11-01", cp_last_visit_date="2019-12-13"),
                plan("2", "2019-12-20"),
            ]
        },
    )
    unset = rows_of("protection_visits", delivery)
    assert [(row.get("days_since"), row.get("due_date")) for row in unset] == [(18, None), (11, None)]
    ten = rows_of("protection_visits", delivery, intervals={"protection_visit": "10 working days"})
    assert [(row["due_date"], row["days_left"], row["is_counted"]) for row in ten] == [
        ("2020-01-01", 1, True),
        ("2020-01-08", 8, False),
    ]
    weeks = rows_of("protection_visits", delivery, intervals={"protection_visit": "28 days"})
    assert [row["due_date"] for row in weeks] == ["2020-01-10", "2020-01-17"]


def test_a_conference_answers_every_enquiry_of_the_child_before_it() -> None:
    enquiries = [
        {"child_id": "1", "s47_start_date": "2019-11-04"},
        {"child_id": "1", "s47_start_date": "2019-11-18", "icpc_date": "2019-12-02"},
        {"child_id": "2", "s47_start_date": "2019-12-02", "icpc_unnecessary": "Y"},
        {"child_id": "3", "s47_start_date": "2019-12-02"},
        {"child_id": "4", "s47_start_date": "2019-12-02", "icpc_date": "2020-01-20"},
        {"child_id": "5", "s47_start_date": "2019-12-10", "icpc_date": "2019-12-09"},
    ]
    rows = rows_of("enquiries_awaiting_conference", Delivery(AS_AT, {"section_47_enquiries": enquiries}))
    assert [(row["start_date"], row["due_date"]) for row in rows] == [
        ("2019-12-02", "2019-12-23"),
        ("2019-12-02", "2019-12-23"),
    ]


def test_a_rereferral_stands_beside_the_last_closure_before_it() -> None:
    history = {
        "referrals": [
            {"child_id": "1", "referral_date": "2019-08-05"},
            {"child_id": "1", "referral_date": "2019-12-02"},
            {"child_id": "2", "referral_date": "2019-12-03"},
        ],
        "children_in_need": [
            {
                "child_id": "1",
                "cin_start_date": "2019-08-06",
                "cin_closure_date": "2019-10-01",
                "closure_reason": "RC7",
            },
            {
                "child_id": "1",
                "cin_start_date": "2019-12-03",
                "cin_closure_date": "2019-12-20",
                "closure_reason": "RC1",
            },
        ],
    }
    (row,) = rows_of("rereferrals", Delivery(AS_AT, history, covers_from="2018-04-01"))
    assert (row["start_date"], row["last_date"], row["category"]) == ("2019-12-02", "2019-10-01", "RC7")


def test_a_referral_waits_until_it_is_decided_or_assessed() -> None:
    lists = {
        "referrals": [
            {"child_id": "1", "referral_date": "2019-12-02"},
            {"child_id": "2", "referral_date": "2019-12-02", "referral_nfa": "Y"},
            {"child_id": "3", "referral_date": "2019-12-02", "referral_nfa": "N"},
            {"child_id": "4", "referral_date": "2019-12-02"},
        ],
        "assessments": [{"child_id": "4", "assessment_start_date": "2019-12-09"}],
    }
    rows = rows_of("referrals_undecided", Delivery(AS_AT, lists))
    assert [(row["due_date"], row["days_left"]) for row in rows] == [("2019-12-03", -28)]


CASES: dict[str, list[dict[str, Any]]] = {
    "assessments": [],
    "children_in_need": [
        {"child_id": "1", "cin_start_date": "2019-10-01", "case_status": "CPP", "allocated_team": "North"},
        {"child_id": "2", "cin_start_date": "2019-11-04", "case_status": "CIN"},
    ],
    "child_protection_plans": [
        {
            "child_id": "1",
            "cp_plan_start_date": "2019-10-15",
            "allocated_worker": "w" * 16,
            "allocated_team": "South",
        }
    ],
    "children_in_care": [],
    "care_leavers": [],
}


def test_a_child_with_a_case_and_no_worker_waits_since_the_case_began() -> None:
    rows = rows_of("unallocated", Delivery(AS_AT, CASES))
    assert [(row["list"], row["start_date"], row.get("worker")) for row in rows] == [
        ("children_in_need", "2019-10-01", None),
        ("children_in_need", "2019-11-04", None),
    ]
    assert "team" not in rows[1]


def test_every_case_of_a_caseload_says_what_the_child_is() -> None:
    rows = rows_of("caseload", Delivery(AS_AT, CASES))
    assert sorted((row["list"], row["category"]) for row in rows) == [
        ("child_protection_plans", "child_protection_plans"),
        ("children_in_need", "child_protection_plans"),
        ("children_in_need", "children_in_need"),
    ]


def test_a_record_of_a_list_without_teams_has_the_team_and_worker_of_the_childs_case() -> None:
    missing = [{"child_id": "1", "missing_start": "2019-12-30"}, {"child_id": "9", "missing_start": AS_AT}]
    rows = rows_of("missing_now", Delivery(AS_AT, CASES | {"missing_episodes": missing}))
    assert [(row["start_date"], row.get("team"), "worker" in row) for row in rows] == [
        ("2019-12-30", "South", True),
        ("2019-12-31", None, False),
    ]
    assert [row["is_counted"] for row in rows] == [False, False]


def test_an_interview_is_due_three_days_after_the_return_unless_refused() -> None:
    missing = [
        {"child_id": "1", "missing_start": "2019-12-20", "missing_end": "2019-12-24"},
        {
            "child_id": "2",
            "missing_start": "2019-12-20",
            "missing_end": "2019-12-24",
            "rhi_accepted": "N",
            "rhi_offered": "Y",
        },
        {
            "child_id": "3",
            "missing_start": "2019-12-20",
            "missing_end": "2019-12-24",
            "rhi_date": "2019-12-27",
        },
    ]
    rows = rows_of("return_interviews_due", Delivery(AS_AT, {"missing_episodes": missing}))
    assert [(row["due_date"], row["days_left"]) for row in rows] == [("2019-12-27", -4)]


def test_a_list_that_the_newest_delivery_does_not_have_is_unknown_and_says_why() -> None:
    """It has no rows, which is not the same as an empty list."""
    deliveries = (
        Delivery("2019-09-30", {"contacts": [{"contact_date": "2019-09-30"}], "child_protection_plans": []}),
        Delivery(AS_AT, {"contacts": [{"contact_date": "2019-09-30"}], "referrals": []}),
    )
    lists, items = lists_of(*deliveries)
    lists = lists.set_index("worklist")
    assert pd.isna(lists.loc["protection_visits", "item_count"])
    assert lists.loc["protection_visits", "reason"] == (
        "The deliveries of Child protection plans do not cover the whole period."
    )
    assert pd.isna(lists.loc["contacts_undecided", "reason"])
    assert lists.loc["contacts_undecided", "item_count"] == 1
    assert set(items["worklist"]) == {"contacts_undecided"}


def test_a_kpi_that_is_not_known_leaves_is_counted_empty_and_says_why() -> None:
    delivery = Delivery(
        AS_AT,
        {"child_protection_plans": [plan("1", "2019-11-01")]},
        without={"child_protection_plans": ("cp_last_visit_date",)},
    )
    lists, items = lists_of(delivery)
    row = lists.set_index("worklist").loc["protection_visits"]
    assert row["item_count"] == 1
    assert "Date of the Last Statutory Visit" in row["counted_reason"]
    assert items.loc[items["worklist"].eq("protection_visits"), "is_counted"].isna().all()


def test_a_name_of_a_worker_is_shown_only_where_the_mapping_gives_it() -> None:
    (pseudonym,) = [row for row in rows_of("caseload", Delivery(AS_AT, CASES)) if "worker" in row]
    rows = rows_of("caseload", Delivery(AS_AT, CASES), worker_names={pseudonym["worker"]: "A Worker"})
    assert [row.get("worker_name") for row in rows if "worker" in row] == ["A Worker"]
    assert "worker_name" not in pseudonym


def test_the_issues_of_the_newest_delivery_about_a_child_stand_worst_first() -> None:
    counter = prepare_counter(casebook.core(Delivery(AS_AT, CASES)).tables, load_registry())
    day = Day.newest(counter)
    child = day.children.dropna().index[0]
    issues = issues_of(
        ("b", "info", AS_AT, child),
        ("a", "error", AS_AT, "nobody known"),
        ("c", "error", "2019-09-30", child),
        ("d", "error", AS_AT, None),
    )
    items = list_items(day, issues)[1]
    errors = items[items["worklist"].eq("data_errors")]
    assert errors["category"].tolist() == ["a", "b"]
    assert errors["message"].tolist() == ["what a says", "what b says"]
    assert errors["team"].isna().tolist() == [True, False]


def test_data_errors_are_listed_where_no_other_list_is_known() -> None:
    counter = prepare_counter(casebook.core(Delivery(AS_AT, {"adopters": []})).tables, load_registry())
    lists, items = list_items(Day.newest(counter), issues_of(("a", "error", AS_AT, "someone")))
    assert lists.set_index("worklist")["item_count"].dropna().to_dict() == {"data_errors": 1}
    assert items[["worklist", "item_no", "category"]].to_numpy().tolist() == [["data_errors", 1, "a"]]
    assert items[["start_date", "due_date", "days_since", "days_left", "worker"]].isna().all(axis=None)


def test_nothing_delivered_but_an_empty_list_gives_tables_of_the_contract() -> None:
    lists, items = lists_of(Delivery(AS_AT, {"contacts": []}))
    assert lists.dtypes.astype(str).to_dict() == LISTS.dtypes
    assert items.dtypes.astype(str).to_dict() == ITEMS.dtypes
    assert items.empty


@pytest.mark.parametrize("as_at", ["2019-12-31", "2020-01-15"])
def test_a_day_that_is_no_quarters_end_has_its_own_lists(as_at: str) -> None:
    """Counted for the quarter or for the day alone, the same rules hold."""
    plans = [
        plan("1", "2019-10-01"),
        plan("2", "2019-10-02", cp_plan_end_date="2020-01-10"),
        plan("3", as_at),
    ]
    rows = rows_of("protection_visits", Delivery(as_at, {"child_protection_plans": plans}))
    expected = {"2019-12-31": 3, "2020-01-15": 2}
    assert len(rows) == expected[as_at]
