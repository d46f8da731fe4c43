"""How a figure was counted: each step in words, with the rule it is from."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from cf_pipeline.cli.explain_text import side_lines
from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.explain import ExplainedSide, explain_figure
from tests.spec.casebook import Delivery, core

REGISTRY = load_registry()
QUARTER = Quarter.parse("2019/20 Q3")


def sides(tables: dict[str, Any], kpi_id: str) -> list[ExplainedSide]:
    return explain_figure(tables, REGISTRY, REGISTRY[kpi_id], QUARTER, "quarter")


@cache
def empty_core() -> Any:
    """The core of a delivery with every list and no rows."""
    return core(Delivery("2019-12-31", {name: [] for name in list_contracts()}, "2017-04-01"))


def test_a_rule_is_told_in_words_and_beside_it_as_the_record_has_it() -> None:
    enquiries = [
        {"s47_start_date": "2019-10-01", "strategy_discussion_date": "2019-10-01", "icpc_date": day}
        for day in ("2019-10-08", "2019-12-20")
    ]
    numerator, _ = sides(
        core(Delivery("2019-12-31", {"section_47_enquiries": enquiries})).tables, "icpc_15wd_pct"
    )
    assert [(step.words, step.rule, step.rows) for step in numerator.steps] == [
        ("in the history", None, 2),
        ("not withdrawn since", None, 2),
        (
            "it is the latest enquiry on or before the child's conference of that date",
            "is_conference == 'Y'",
            2,
        ),
        ("in the period", None, 2),
        (
            "working days from the strategy discussion to the conference: at most 15",
            "icpc_working_days <= 15",
            1,
        ),
    ]
    assert list(side_lines(numerator))[-2:] == [
        "           1 working days from the strategy discussion to the conference: at most 15 (1 left out) "
        "[icpc_working_days <= 15]",
        "  Counted: 1",
    ]


def test_a_value_that_must_be_known_is_told_by_what_it_is() -> None:
    side, *_ = sides(empty_core().tables, "adopt_a2_days")
    assert "days from the placement order to the match is known" in [step.words for step in side.steps]


def test_children_of_another_kpi_are_told_by_its_title() -> None:
    kpi = next(kpi for kpi in REGISTRY.values() if kpi.numerator.within is not None)
    within = str(kpi.numerator.within)
    told = {step.rule: step.words for side in sides(empty_core().tables, kpi.id) for step in side.steps}
    assert told[within] == f'child counted in "{REGISTRY[within].title}"'


@pytest.mark.parametrize("kpi_id", REGISTRY)
def test_every_kpi_can_be_told_and_no_step_is_the_bare_rule(kpi_id: str) -> None:
    explained = sides(empty_core().tables, kpi_id)
    assert [line for side in explained for line in side_lines(side)]
    assert not [step.rule for side in explained for step in side.steps if step.words == step.rule]


def test_a_child_in_two_lists_of_a_union_is_told_to_be_left_out_once() -> None:
    lists = {
        "children_in_need": [{"child_id": child, "cin_start_date": "2019-06-01"} for child in ("A", "B")],
        "child_protection_plans": [{"child_id": "A", "cp_plan_start_date": "2019-06-01"}],
        "children_in_care": [],
        "care_leavers": [],
    }
    (side,) = sides(core(Delivery("2019-12-31", lists, "2019-04-01")).tables, "cin_all_stock")
    assert list(side_lines(side))[-4:] == [
        "  All these lists together",
        "           3 counted in any of the lists",
        "           2 each child once (1 left out)",
        "  Counted: 2",
    ]


def test_a_sum_is_told_by_what_it_adds_up() -> None:
    delivery = Delivery("2019-12-31", {"contacts": [{}, {}, {}]}, set_aside={"contacts": 1})
    said = [list(side_lines(side))[-1] for side in sides(core(delivery).tables, "dq_rejected_rows_pct")]
    assert said == [
        "  Counted: 1 (rows kept out by a rule, added up over 1 row)",
        "  Counted: 4 (rows read, added up over 1 row)",
    ]
