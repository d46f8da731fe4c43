"""Adoptions over several deliveries: decided, ordered, reversed, ended, vanished, corrected."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.spec.casebook import Delivery, core, figure, figures

Q2 = "2019-09-30"
PLAN = {"child_id": "A", "cp_plan_start_date": "2019-05-01"}
DECIDED = {"child_id": "A", "adm_decision_date": "2019-05-01"}


CARE = {"child_id": "A", "cla_start_date": "2018-05-01"}


def test_a_reversed_decision_of_the_year_that_is_no_longer_shown_is_withdrawn() -> None:
    first = Delivery("2019-06-30", {"adoptions": [DECIDED | {"decision_reversed_date": "2019-06-20"}]})
    second, third = Delivery("2020-06-20", {"adoptions": []}), Delivery("2020-06-21", {"adoptions": []})
    assert core(first, second).tables["adoptions"]["status"].tolist() == ["withdrawn"]
    assert core(first, third).tables["adoptions"]["status"].tolist() == ["current"]  # aged out of the year


@pytest.mark.parametrize(
    ("evidence", "kpi_id"),
    [
        ({"children_in_care": [CARE | {"cla_end_date": "2019-06-15", "cla_end_reason": "E11"}]}, None),
        ({"children_in_care": [CARE | {"cla_end_date": "2019-06-15", "cla_end_reason": "E12"}]}, None),
        ({"adoptions": [DECIDED | {"adoption_order_date": "2019-06-15"}]}, "adopt_count"),
        (
            {
                "cla_episodes": [
                    {
                        "child_id": "A",
                        "cla_episode_start_date": "2019-05-01",
                        "cla_episode_end_date": "2019-06-15",
                        "cla_episode_end_reason": "E12",
                    }
                ]
            },
            None,
        ),
    ],
)
def test_what_an_adopted_child_leaves_behind_is_locked_and_kept_in_every_list(
    evidence: dict, kpi_id: str | None
) -> None:
    others = {
        "contacts": [{"child_id": "A", "contact_date": "2019-05-20"}],
        "cla_reviews": [{"child_id": "A", "cla_review_date": "2019-06-01"}],
        "assessments": [
            {
                "child_id": "A",
                "assessment_start_date": "2019-05-01",
                "assessment_authorised_date": "2019-06-01",
            }
        ],
    }
    lists = others | evidence
    deliveries = Delivery("2019-06-30", lists), Delivery(Q2, {name: [] for name in lists})
    merged, facts = core(*deliveries), figures(*deliveries)
    assert {name: merged.tables[name]["status"].tolist() for name in lists} == {
        name: ["locked"] for name in lists
    }
    assert merged.issues[["rule", "severity"]].drop_duplicates().to_numpy().tolist() == [["locked", "info"]]
    assert figure(facts, "contacts_count", "2019/20 Q1") == (1, None, None)
    if kpi_id is not None:
        assert figure(facts, kpi_id, "2019/20 Q1") == (1, None, None)


def test_an_open_record_of_an_adopted_child_counts_up_to_the_last_delivery_that_shows_it() -> None:
    adopted = CARE | {"cla_end_date": "2019-06-15", "cla_end_reason": "E12"}
    lists = {"children_in_care": [adopted], "child_protection_plans": [PLAN]}
    deliveries = Delivery("2019-06-30", lists), Delivery(Q2, {name: [] for name in lists})
    merged, facts = core(*deliveries), figures(*deliveries)
    assert merged.tables["child_protection_plans"]["status"].tolist() == ["locked"]
    assert set(merged.issues["rule"]) == {"locked"}
    assert figure(facts, "cpp_stock", "2019/20 Q1") == (1, None, None)
    assert figure(facts, "cpp_stock", "2019/20 Q2") == (0, None, None)
    assert figure(facts, "cla_ceased_count", "2019/20 Q1") == (1, None, None)


def test_what_began_after_the_adoption_is_not_locked() -> None:
    adopted = CARE | {"cla_end_date": "2019-04-15", "cla_end_reason": "E12"}
    lists = {"children_in_care": [adopted], "contacts": [{"child_id": "A", "contact_date": "2019-05-20"}]}
    merged = core(Delivery("2019-06-30", lists), Delivery(Q2, {name: [] for name in lists}))
    assert merged.tables["contacts"]["status"].tolist() == ["withdrawn"]


def test_an_adoption_that_a_later_delivery_takes_back_locks_nothing() -> None:
    adopted = CARE | {"cla_end_date": "2019-06-15", "cla_end_reason": "E12"}
    returned = CARE | {"cla_end_date": "2019-06-15", "cla_end_reason": "E4A"}
    contact = {"contacts": [{"child_id": "A", "contact_date": "2019-05-20"}]}
    merged = core(
        Delivery("2019-06-30", {"children_in_care": [adopted]} | contact),
        Delivery(Q2, {"children_in_care": [returned], "contacts": []}),
    )
    assert merged.tables["contacts"]["status"].tolist() == ["withdrawn"]


def test_a_child_placed_for_adoption_who_is_gone_before_an_order_is_told_and_no_order_is_invented() -> None:
    placed = DECIDED | {"placed_for_adoption_date": "2019-06-01"}
    lists = {
        "adoptions": [placed],
        "children_in_care": [CARE],
        "cla_reviews": [{"child_id": "A", "cla_review_date": "2019-06-01"}],
    }
    deliveries = Delivery("2019-06-30", lists), Delivery(Q2, {name: [] for name in lists})
    merged, facts = core(*deliveries), figures(*deliveries)
    statuses = {name: merged.tables[name]["status"].tolist() for name in lists}
    assert statuses == {name: ["ended_unknown"] for name in lists}
    assert merged.issues[["rule", "severity"]].drop_duplicates().to_numpy().tolist() == [
        ["probably_adopted", "error"]
    ]
    assert figure(facts, "adopt_count", "2019/20 Q2") == (0, None, None)
    assert figure(facts, "cla_stock", "2019/20 Q1") == (1, None, None)
    assert figure(facts, "cla_stock", "2019/20 Q2") == (0, None, None)


def test_what_a_delivery_leaves_out_of_a_child_it_shows_is_no_adoption() -> None:
    placed = DECIDED | {"placed_for_adoption_date": "2019-06-01"}
    review = {"cla_reviews": [{"child_id": "A", "cla_review_date": "2019-06-01"}]}
    merged = core(
        Delivery("2019-06-30", {"adoptions": [placed]} | review),
        Delivery(Q2, {"adoptions": [placed], "cla_reviews": []}),
    )
    assert merged.tables["cla_reviews"]["status"].tolist() == ["withdrawn"]


def test_the_first_of_the_days_that_finish_an_adoption_says_whether_it_has_aged_out() -> None:
    both = DECIDED | {"adoption_order_date": "2019-06-20", "decision_reversed_date": "2019-05-20"}
    deliveries = Delivery("2019-06-30", {"adoptions": [both]}), Delivery("2020-06-01", {"adoptions": []})
    assert core(*deliveries).tables["adoptions"]["status"].tolist() == ["current"]


def test_an_adoption_order_that_is_no_longer_shown_still_counts_and_one_that_is_emptied_does_not() -> None:
    ordered = Delivery("2019-06-30", {"adoptions": [DECIDED | {"adoption_order_date": "2019-06-20"}]})
    for later, orders in (([], 1), ([DECIDED], 0)):
        facts = figures(ordered, Delivery(Q2, {"adoptions": later}))
        assert figure(facts, "adopt_count", "2019/20 Q1") == (orders, None, None)


def test_an_open_adoption_that_vanishes_waits_up_to_the_last_delivery_that_shows_it() -> None:
    waiting = DECIDED | {"placement_order_date": "2019-05-20"}
    deliveries = Delivery("2019-06-30", {"adoptions": [waiting]}), Delivery(Q2, {"adoptions": []})
    merged, facts = core(*deliveries), figures(*deliveries)
    assert merged.tables["adoptions"].iloc[0][["status", "vanished_date"]].tolist() == [
        "ended_unknown",
        pd.Timestamp("2019-07-01"),
    ]
    assert merged.issues["rule"].tolist() == ["vanished_open"]
    assert figure(facts, "adopt_waiting_stock", "2019/20 Q1") == (1, None, None)
    assert figure(facts, "adopt_waiting_stock", "2019/20 Q2") == (0, None, None)
    assert figure(facts, "adopt_decisions_count", "2019/20 Q1") == (1, None, None)


@pytest.mark.parametrize(("corrected", "decisions"), [("2019-06-01", 1), ("2019-06-02", 2)])
def test_a_decision_whose_date_was_corrected_by_31_days_at_most_is_one_decision(
    corrected: str, decisions: int
) -> None:
    facts = figures(
        Delivery("2019-06-30", {"adoptions": [DECIDED]}),
        Delivery(Q2, {"adoptions": [DECIDED | {"adm_decision_date": corrected}]}),
    )
    assert figure(facts, "adopt_decisions_count", "2019/20 Q1") == (decisions, None, None)


def test_adopters_who_left_in_the_year_and_are_no_longer_shown_are_withdrawn_and_others_end_unknown() -> None:
    enquired = {"enquiry_date": "2019-05-01"}
    merged = core(
        Delivery(
            "2019-06-30",
            {
                "adopters": [
                    enquired | {"adopter_id": "left", "left_process_date": "2019-06-20"},
                    enquired | {"adopter_id": "open"},
                ]
            },
        ),
        Delivery(Q2, {"adopters": []}),
    )
    adopters = merged.tables["adopters"]
    ended = dict(zip(adopters["left_process_date"].notna(), adopters["status"], strict=True))
    assert ended == {True: "withdrawn", False: "ended_unknown"}


def test_a_family_has_one_pseudonym_in_both_lists_of_adoption_and_shares_none_with_a_person() -> None:
    adopters = [
        {"adopter_id": "F7", "family_id": "F7", "enquiry_date": "2019-05-01"},
        {"adopter_id": "F8", "enquiry_date": "2019-05-02"},
    ]
    tables = core(
        Delivery("2019-06-30", {"adoptions": [DECIDED | {"family_id": "F7"}], "adopters": adopters})
    ).tables
    (of_child,) = tables["adoptions"]["family_id"]
    of_adopters = tables["adopters"].sort_values("enquiry_date")
    assert len(of_child) == len(of_adopters["person_ref"].iloc[0]) == 32
    assert of_adopters["family_id"].iloc[0] == of_child
    assert of_adopters["family_id"].isna().tolist() == [False, True]
    assert of_child not in set(of_adopters["person_ref"])
    assert not any("F7" in str(cells) for table in tables.values() for cells in table.to_dict("records"))
