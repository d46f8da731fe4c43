"""The graph as Dagster sees it: a changed key or a missing word shows in review."""

from __future__ import annotations

import dagster as dg
import pytest

from assets.definitions import defs
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.outputs.forms import FORMS

GRAPH = defs.resolve_asset_graph()
KEYS = sorted(GRAPH.get_all_asset_keys())
LISTS = list(list_contracts())
OUTPUTS = {f"outputs/{form.name}" for form in FORMS} | {"outputs/data_dictionary"}
OTHERS = {
    "raw/deliveries",
    "ingested/findings",
    "ingested/unmatched_headers",
    "clean/deliveries",
    "clean/held",
    "clean/issues",
    "clean/quarantine",
    "clean/to_decide",
    "core/child_protection_plans_states",
    "core/children_in_care_states",
    "core/children_in_need_states",
    "core/caseloads",
    "core/changes",
    "core/open_cases",
    "core/coverage",
    "core/deliveries",
    "core/held_lists",
    "core/issue_people",
    "core/issues",
    "core/person",
    "core/row_ledger",
    "core/text_categories",
    "kpi/quarterly",
    "kpi/monthly",
    "kpi/by_team",
    "kpi/forecast",
    "kpi/forecast_record",
    "kpi/control_limits",
    "kpi/comparison",
    "kpi/headlines",
    "kpi/members",
    "kpi/reported",
    "kpi/revisions",
    "kpi/newest_report",
    "worklists/lists",
    "worklists/items",
    "worklists/timeline",
    "reference/comparators",
    "reference/neighbours",
    "reference/population",
    "warehouse/published",
    *OUTPUTS,
}
UNPARTITIONED = {
    "reference/comparators",
    "reference/neighbours",
    "reference/population",
    "warehouse/published",
    *OUTPUTS,
}


def name(key: dg.AssetKey) -> str:
    return key.to_user_string()


def test_the_assets_are_these() -> None:
    expected = OTHERS | {f"{layer}/{lst}" for layer in ("ingested", "clean", "core") for lst in LISTS}
    assert {name(key) for key in KEYS} == expected


@pytest.mark.parametrize("key", KEYS, ids=name)
def test_every_asset_says_what_it_is(key: dg.AssetKey) -> None:
    node = GRAPH.get(key)
    assert node.description
    assert node.owners
    assert node.kinds
    assert node.group_name == key.path[0]
    assert node.metadata["dagster/column_schema"].columns
    assert node.is_partitioned == (name(key) not in UNPARTITIONED)
    assert node.freshness_policy is not None


@pytest.mark.parametrize("lst", LISTS)
def test_each_list_goes_from_raw_to_core(lst: str) -> None:
    def parents(*path: str) -> set[str]:
        return {name(key) for key in GRAPH.get(dg.AssetKey(list(path))).parent_keys}

    assert "raw/deliveries" in parents("ingested", lst)
    assert f"ingested/{lst}" in parents("clean", lst)
    assert f"clean/{lst}" in parents("core", lst)


def test_the_published_tables_rest_on_the_figures_and_the_outputs_on_what_was_published() -> None:
    published = {name(key) for key in GRAPH.get(dg.AssetKey(["warehouse", "published"])).parent_keys}
    assert {
        "kpi/quarterly",
        "kpi/forecast",
        "kpi/forecast_record",
        "kpi/control_limits",
        "kpi/comparison",
        "kpi/headlines",
        "kpi/members",
        "kpi/revisions",
        "reference/comparators",
    } <= published
    assert {"outputs/committee_report", "outputs/data_quality_workbook"} <= OUTPUTS
    for output in OUTPUTS:
        parents = GRAPH.get(dg.AssetKey(output.split("/"))).parent_keys
        assert "warehouse/published" in {name(key) for key in parents}


def test_every_clean_list_and_the_ledger_have_a_blocking_check() -> None:
    checks = {key.asset_key.to_user_string(): GRAPH.get_check_spec(key) for key in GRAPH.asset_check_keys}
    blocking = {asset for asset, spec in checks.items() if spec.blocking}
    assert {f"clean/{lst}" for lst in LISTS} | {"core/row_ledger"} <= blocking


def test_the_nightly_schedule_is_at_two_in_london() -> None:
    schedule = defs.get_schedule_def("nightly")
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.execution_timezone == "Europe/London"
