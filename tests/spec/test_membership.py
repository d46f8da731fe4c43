"""The records behind the totals: which there are, and how they are numbered."""

from __future__ import annotations

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.records_behind import MEMBERS, find_records_behind
from tests.spec.casebook import Delivery, core

REGISTRY = {name: load_registry()[name] for name in ("referrals_count", "assess_45wd_pct")}
LISTS = {
    "referrals": [
        {"child_id": child, "referral_date": day}
        for child, day in (("A", "2019-07-01"), ("B", "2019-08-01"), ("A", "2019-09-01"), ("C", "2019-10-01"))
    ],
    "assessments": [
        {"child_id": "A", "assessment_start_date": "2019-07-02", "assessment_authorised_date": day}
        for day in ("2019-07-20", "2019-09-30")
    ],
}
MEMBER_ROWS = find_records_behind(core(Delivery("2019-12-31", LISTS, "2019-04-01")).tables, REGISTRY)


def numbers(kpi_id: str, quarter: str, basis: str, role: str) -> list[int]:
    rows = MEMBER_ROWS.query(
        "kpi_id == @kpi_id and quarter_key == @quarter and basis == @basis and role == @role"
    )
    return rows["member_no"].tolist()


def test_members_are_numbered_from_one_within_each_figure_and_in_that_order() -> None:
    assert numbers("referrals_count", "2019/20 Q2", "quarter", "numerator") == [1, 2, 3]
    assert numbers("referrals_count", "2019/20 Q3", "quarter", "numerator") == [1]
    assert numbers("referrals_count", "2019/20 Q3", "ytd", "numerator") == [1, 2, 3, 4]
    assert numbers("assess_45wd_pct", "2019/20 Q2", "quarter", "numerator") == [1]
    assert numbers("assess_45wd_pct", "2019/20 Q2", "quarter", "denominator") == [1, 2]


def test_within_a_figure_members_come_in_the_order_of_child_and_record() -> None:
    rows = MEMBER_ROWS[MEMBER_ROWS["basis"].eq("ytd") & MEMBER_ROWS["kpi_id"].eq("referrals_count")]
    for _, figure in rows.groupby("quarter_key"):
        keys = figure[["person_ref", "record_key"]].to_numpy().tolist()
        assert keys == sorted(keys)


def test_each_member_is_a_record_of_the_list_that_its_kpi_counts() -> None:
    found = MEMBER_ROWS.groupby("kpi_id")["list"].unique().map(list).to_dict()
    assert found == {"referrals_count": ["referrals"], "assess_45wd_pct": ["assessments"]}
    children = MEMBER_ROWS.groupby("kpi_id")["person_ref"].nunique().to_dict()
    assert children == {"referrals_count": 3, "assess_45wd_pct": 1}


def test_the_columns_are_those_declared_with_members_and_without() -> None:
    nothing = find_records_behind(
        core(Delivery("2019-12-31", {"contacts": []}, "2019-04-01")).tables, REGISTRY
    )
    for rows in (MEMBER_ROWS, nothing):
        assert {name: str(dtype) for name, dtype in rows.dtypes.items()} == MEMBERS.dtypes
        assert list(rows.columns) == MEMBERS.column_names
    assert nothing.empty
