"""A record whose end cannot be read is neither open nor ended (docs/rulings.md#22), by example."""

from __future__ import annotations

import pytest

from tests.spec.casebook import Delivery, figure, figures

AS_AT, Q3, EARLIER = "2019-12-31", "2019/20 Q3", "2019-09-30"
CASES = {
    "children_in_care": ("cla_start_date", "cla_end_date", "cla_stock", "cla_ceased_count"),
    "child_protection_plans": ("cp_plan_start_date", "cp_plan_end_date", "cpp_stock", "cpp_ended_count"),
    "assessments": (
        "assessment_start_date",
        "assessment_authorised_date",
        "assess_open_stock",
        "assess_completed_count",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_unread_end_is_in_no_stock_and_no_flow_of_ends(name: str) -> None:
    start, end, stock, ceased = CASES[name]
    rows = [
        {"child_id": "open", start: "2019-11-01"},
        {"child_id": "ended", start: "2019-11-01", end: "2019-12-02"},
        {"child_id": "unread", start: "2019-11-01", "unread_dates": end},
    ]
    facts = figures(Delivery(AS_AT, {name: rows}, covers_from="2018-04-01"))
    assert figure(facts, stock, Q3)[0] == 1
    assert figure(facts, ceased, Q3)[0] == 1


def test_a_flow_that_does_not_need_the_end_counts_the_record() -> None:
    rows = [{"child_id": "unread", "cla_start_date": "2019-11-01", "unread_dates": "cla_end_date"}]
    facts = figures(Delivery(AS_AT, {"children_in_care": rows}, covers_from="2018-04-01"))
    assert figure(facts, "cla_started_count", Q3)[0] == 1


def test_a_share_leaves_out_on_both_sides_what_one_of_them_cannot_read() -> None:
    rows = [
        {"enquiry_date": "2019-04-01", "stage1_end_date": "2019-11-20", **more}
        for more in (
            {"adopter_id": "quick", "stage1_start_date": "2019-10-01"},
            {"adopter_id": "slow", "stage1_start_date": "2019-05-01"},
            {"adopter_id": "unread", "unread_dates": "stage1_start_date"},
        )
    ]
    facts = figures(Delivery(AS_AT, {"adopters": rows}, covers_from="2018-04-01"))
    assert figure(facts, "adopters_stage1_2m_pct", Q3)[:2] == (1, 2)


def test_a_record_with_an_unread_end_that_is_gone_later_is_not_missed() -> None:
    row = {"child_id": "unread", "cla_start_date": "2018-05-01", "unread_dates": "cla_end_date"}
    earlier = Delivery(EARLIER, {"children_in_care": [row]}, covers_from="2018-04-01")
    facts = figures(earlier, Delivery(AS_AT, {"children_in_care": []}))
    assert figure(facts, "cla_stock", "2019/20 Q2")[0] == 0
    assert figure(facts, "cla_stock", Q3)[0] == 0


def test_an_end_that_a_later_delivery_writes_so_that_it_can_be_read_counts() -> None:
    row = {"child_id": "a", "cla_start_date": "2019-05-01"}
    earlier = Delivery(EARLIER, {"children_in_care": [row | {"unread_dates": "cla_end_date"}]}, "2018-04-01")
    later = Delivery(AS_AT, {"children_in_care": [row | {"cla_end_date": "2019-10-15"}]})
    facts = figures(earlier, later)
    assert figure(facts, "cla_stock", "2019/20 Q2")[0] == 1
    assert figure(facts, "cla_ceased_count", Q3)[0] == 1
