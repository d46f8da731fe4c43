"""A broken rule names the KPIs that read the column it is about."""

import pandas as pd

from cf_pipeline.clean.issues import ISSUES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.core_tables import lists_of
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.affected_kpis import add_kpis, drop_unneeded_codes, kpis_that_read


def test_a_column_touches_the_kpis_that_read_it() -> None:
    assert kpis_that_read("section_47_enquiries", "icpc_unnecessary") == ("s47_icpc_unnecessary_pct",)
    assert "icpc_15wd_pct" in kpis_that_read("section_47_enquiries", "icpc_date")
    assert "contacts_1wd_pct" in kpis_that_read("contacts", "contact_completed_date")
    assert "contacts_count" not in kpis_that_read("contacts", "contact_completed_date")


def test_a_column_that_no_kpi_reads_touches_none() -> None:
    assert kpis_that_read("children_in_care", "last_iro_contact_date") == ()


def test_a_whole_list_and_its_identifier_touch_every_kpi_that_reads_the_list() -> None:
    whole = kpis_that_read("contacts")
    assert whole == kpis_that_read("contacts", "") == kpis_that_read("contacts", "child_id")
    assert {"contacts_count", "contacts_1wd_pct"} <= set(whole)


def test_a_table_of_several_lists_stands_for_each_of_them() -> None:
    for name in ("assessments", "children_in_care", "care_leavers"):
        assert {"wf_caseload_avg", "wf_unallocated_count"} <= set(kpis_that_read(name, "allocated_worker"))


def test_a_derived_column_stands_for_what_it_is_derived_from() -> None:
    assert "cl_pathway_plan_uptodate_pct" in kpis_that_read("pathway_plans", "pathway_plan_review_date")


def test_every_list_that_says_a_birth_date_touches_the_lists_that_lack_it() -> None:
    assert "missing_episodes_count" in kpis_that_read("referrals", "date_of_birth")


def test_every_kpi_is_touched_by_something() -> None:
    touched = {kpi for name in list_contracts() for kpi in kpis_that_read(name)}
    registry = load_registry()
    assert touched == {name for name, kpi in registry.items() if lists_of(kpi.numerator.parts[0].table)}


def test_issues_get_the_kpis_of_their_list_and_column_and_keep_their_order() -> None:
    places = [("contacts", "contact_completed_date"), ("", ""), ("adopters", "enquiry_date")]
    issues = (
        pd.DataFrame(places, columns=["list", "column"])
        .reindex(columns=ISSUES.column_names)
        .astype(ISSUES.dtypes)
    )
    issues.index = [7, 3, 5]
    filled = add_kpis(issues)
    assert filled["list"].tolist() == ["contacts", "", "adopters"]
    assert filled["kpis"].tolist() == [
        ";".join(kpis_that_read("contacts", "contact_completed_date")),
        "",
        ";".join(kpis_that_read("adopters", "enquiry_date")),
    ]
    assert filled.dtypes.to_dict() == issues.dtypes.to_dict()


def test_an_unread_coded_column_is_an_error_only_where_a_figure_is_lost() -> None:
    places = [
        ("codes_unread", "cla_placements", "placement_change_reason"),
        ("codes_unread", "adopters", "left_process_reason"),
        ("codes_unread", "children_in_care", "rhi_offered"),
        ("codes_unread", "children_in_need", "case_status"),
        ("code_unmatched", "cla_placements", "placement_change_reason"),
    ]
    issues = pd.DataFrame(places, columns=["rule", "list", "column"])
    issues = issues.reindex(columns=ISSUES.column_names).astype(ISSUES.dtypes)
    kept = drop_unneeded_codes(add_kpis(issues))
    assert list(zip(kept["rule"], kept["column"], strict=True)) == [
        ("codes_unread", "case_status"),
        ("code_unmatched", "placement_change_reason"),
    ]


def test_no_issues_stay_no_issues() -> None:
    none = ISSUES.empty()
    assert add_kpis(none).dtypes.to_dict() == none.dtypes.to_dict()
