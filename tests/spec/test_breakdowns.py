"""A breakdown adds to its total, unless the registry says that its categories overlap."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.spec.casebook import AUTHORITY, Delivery, core
from tests.spec.example_figures import ALL, example_tables

REGISTRY = load_registry()
FIRST = {example.kpi_id: position for position, example in reversed(list(enumerate(ALL)))}
SPLIT = [kpi.id for kpi in REGISTRY.values() if set(kpi.breakdowns) - {"band"}]


@pytest.mark.slow  # a second pass over the examples, with every breakdown
@pytest.mark.parametrize("kpi_id", SPLIT)
def test_categories_add_to_the_total_where_they_do_not_overlap(kpi_id: str) -> None:
    kpi = REGISTRY[kpi_id]
    facts = measure_kpis(example_tables(FIRST[kpi_id]), REGISTRY, AUTHORITY, [kpi_id])
    place = ["basis", "quarter_key"]
    sides = ["denominator"] if kpi.kind == "median_days" else ["numerator", "denominator"]
    known = facts[facts["symbol"].ne("x") | facts["symbol"].isna()]
    total = known[known["breakdown"].eq("total")].set_index(place)[sides].fillna(0)
    assert len(total)
    for breakdown in sorted(set(kpi.breakdowns) - set(kpi.overlapping) - {"band"}):
        rows = known[known["breakdown"].eq(breakdown)]
        if len(rows):
            added = rows.groupby(place)[sides].sum().reindex(total.index)
            pd.testing.assert_frame_equal(added.fillna(0), total, check_dtype=False, obj=breakdown)


def test_a_child_with_breaks_of_two_providers_is_in_both_and_once_in_the_total() -> None:
    breaks = [
        {"child_id": "A", "short_break_start_date": "2019-10-01", "provider": provider}
        for provider in ("Riverside", "Hillside")
    ]
    tables = core(Delivery("2019-12-31", {"short_breaks": breaks}, covers_from="2019-04-01")).tables
    facts = measure_kpis(tables, REGISTRY, AUTHORITY, ["short_breaks_children_count"], ["quarter"])
    rows = facts[facts["quarter_key"].eq("2019/20 Q3")].set_index(["breakdown", "category"])["value"]
    assert rows["total", "all"] == 1
    assert rows["provider", "Riverside"] == rows["provider", "Hillside"] == 1
    assert "provider" in REGISTRY["short_breaks_children_count"].overlapping


def by_category(kpi_id: str, breakdown: str, **lists: list[dict[str, object]]) -> dict[str, tuple]:
    """What is counted of each category in the third quarter, and of how many where it is a share."""
    tables = core(Delivery("2019-12-31", lists, covers_from="2019-04-01")).tables
    facts = measure_kpis(tables, REGISTRY, AUTHORITY, [kpi_id], ["quarter"])
    rows = facts[facts["quarter_key"].eq("2019/20 Q3") & facts["breakdown"].eq(breakdown)]
    rows = rows[rows["numerator"].gt(0) | rows["denominator"].gt(0)]
    return {
        row["category"]: (row["numerator"], None if pd.isna(row["denominator"]) else row["denominator"])
        for row in rows.to_dict("records")
    }


def test_each_side_of_a_share_is_split_by_the_team_of_its_own_list() -> None:
    ratio = REGISTRY["contact_to_referral_pct"]
    registry = REGISTRY | {ratio.id: replace(ratio, breakdowns=("team",))}
    lists = {
        "contacts": [
            {"child_id": f"C{number}", "contact_date": "2019-10-01", "contact_team": "Duty"}
            for number in range(4)
        ],
        "referrals": [{"child_id": "C0", "referral_date": "2019-10-02", "allocated_team": "Duty"}],
    }
    tables = core(Delivery("2019-12-31", lists, covers_from="2019-04-01")).tables
    facts = measure_kpis(tables, registry, AUTHORITY, [ratio.id, "contacts_count"], ["quarter"])
    rows = facts[facts["quarter_key"].eq("2019/20 Q3") & facts["breakdown"].eq("team")]
    assert rows["kpi_id"].tolist() == [ratio.id, "contacts_count"]
    assert rows["category"].tolist() == ["Duty", "Duty"]
    assert rows["numerator"].tolist() == [1, 4]
    assert rows["denominator"].iloc[0] == 4


def test_a_child_whose_birthday_is_between_two_episodes_is_of_the_age_at_the_first_on_both_sides() -> None:
    born = {"child_id": "A", "date_of_birth": "2009-11-15"}
    found = by_category(
        "missing_repeat_pct",
        "age_band",
        children_in_care=[born | {"cla_start_date": "2019-05-01", "legal_status": "C2"}],
        missing_episodes=[
            born | {"missing_start": f"2019-{day}", "missing_type": "M"} for day in ("11-14", "11-15")
        ],
    )
    assert found == {"5-9": (1, 1)}


@pytest.mark.parametrize("kpi_id", ["wf_unallocated_count", "dq_unknown_ethnicity_pct"])
def test_a_child_with_cases_in_several_lists_is_told_by_the_first_of_the_lists(kpi_id: str) -> None:
    lists: dict[str, list[dict[str, object]]] = {
        "assessments": [],
        "children_in_need": [{"child_id": "A", "cin_start_date": "2019-06-01"}],
        "child_protection_plans": [
            {"child_id": child, "cp_plan_start_date": "2019-06-01"} for child in ("A", "B")
        ],
        "children_in_care": [
            {"child_id": child, "cla_start_date": "2019-06-01", "legal_status": "C2"}
            for child in ("A", "B", "C")
        ],
        "care_leavers": [{"child_id": child, "eligibility": "Q"} for child in ("A", "B", "C", "D")],
    }
    found = by_category(kpi_id, "list", **lists)
    assert {name: numerator for name, (numerator, _) in found.items()} == dict.fromkeys([*lists][1:], 1)
