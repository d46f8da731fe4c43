"""Adoptions over several deliveries: decided, ordered, reversed, ended, vanished, corrected."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.spec.casebook import Delivery, core, figure, figures

Q2 = "2019-09-30"
DECIDED = {"child_id": "A", "adm_decision_date": "2019-05-01"}


@pytest.mark.parametrize("finish", ["adoption_order_date", "decision_reversed_date"])
def test_an_adoption_that_was_finished_in_the_year_and_is_no_longer_shown_is_withdrawn(finish: str) -> None:
    first = Delivery("2019-06-30", {"adoptions": [DECIDED | {finish: "2019-06-20"}]})
    second, third = Delivery("2020-06-20", {"adoptions": []}), Delivery("2020-06-21", {"adoptions": []})
    assert core(first, second).tables["adoptions"]["status"].tolist() == ["withdrawn"]
    assert core(first, third).tables["adoptions"]["status"].tolist() == ["current"]  # aged out of the year


def test_the_first_of_the_days_that_finish_an_adoption_says_whether_it_has_aged_out() -> None:
    both = DECIDED | {"adoption_order_date": "2019-06-20", "decision_reversed_date": "2019-05-20"}
    deliveries = Delivery("2019-06-30", {"adoptions": [both]}), Delivery("2020-06-01", {"adoptions": []})
    assert core(*deliveries).tables["adoptions"]["status"].tolist() == ["current"]


def test_an_adoption_order_that_a_later_delivery_takes_out_is_no_longer_counted() -> None:
    ordered = Delivery("2019-06-30", {"adoptions": [DECIDED | {"adoption_order_date": "2019-06-20"}]})
    assert figure(figures(ordered), "adopt_count", "2019/20 Q1") == (1, None, None)
    facts = figures(ordered, Delivery(Q2, {"adoptions": []}))
    assert figure(facts, "adopt_count", "2019/20 Q1") == (0, None, None)


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
