"""Lists that show each child's newest row alone, by example (docs/rulings.md#26)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.casebook import Delivery, core, figure, figures
from tests.spec.test_held_deliveries import holds

CHILDREN = [{"child_id": str(number)} for number in range(12)]
Q1, Q2, Q3 = "2019-06-30", "2019-09-30", "2019-12-31"
DATES = {
    "pathway_plans": "pathway_plan_review_date",
    "cla_visits": "cla_visit_date",
    "cp_visits": "cp_visit_date",
    "cla_reviews": "cla_review_date",
    "cp_reviews": "cp_review_date",
}


def newest(name: str, day: str, children: list[dict[str, str]] = CHILDREN) -> list[dict[str, str]]:
    return [child | {DATES[name]: day} for child in children]


def rolling(name: str, children: list[dict[str, str]] = CHILDREN) -> list[Delivery]:
    days = {Q1: "2019-05-10", Q2: "2019-08-10", Q3: "2019-11-10"}
    return [Delivery(as_at, {name: newest(name, day, children)}) for as_at, day in days.items()]


@pytest.mark.parametrize("name", DATES)
def test_a_row_that_a_newer_one_of_the_child_hides_is_superseded_and_raises_no_doubt(name: str) -> None:
    merged = core(*rolling(name))
    assert merged.tables[name]["status"].value_counts().to_dict() == {"superseded": 24, "current": 12}
    assert merged.issues.empty
    assert not holds(*rolling(name))


@pytest.mark.parametrize("name", DATES)
def test_a_child_with_two_rows_in_one_delivery_shows_that_the_list_is_whole(name: str) -> None:
    first, second, third = rolling(name)
    two = [*second.lists[name], CHILDREN[0] | {DATES[name]: "2019-07-10"}]
    whole = (first, Delivery(Q2, {name: two}), third)
    assert "withdrawn" in set(core(*whole).tables[name]["status"])
    assert list(holds(*whole)) == [f"{Q2}/{name}"]


@pytest.mark.parametrize("name", DATES)
def test_nine_children_may_have_one_row_each_by_chance(name: str) -> None:
    few = rolling(name, CHILDREN[:9])
    assert set(core(*few).tables[name]["status"]) == {"withdrawn", "current"}
    assert holds(*few)


def test_another_list_with_one_row_a_child_is_whole() -> None:
    days = {Q1: "2019-05-10", Q2: "2019-08-10"}
    contacts = [
        Delivery(as_at, {"contacts": [child | {"contact_date": day} for child in CHILDREN]})
        for as_at, day in days.items()
    ]
    assert list(holds(*contacts)) == [f"{Q2}/contacts"]


def test_a_row_without_a_newer_one_of_the_child_is_withdrawn() -> None:
    first, second, _ = rolling("pathway_plans")
    merged = core(first, Delivery(Q2, {"pathway_plans": second.lists["pathway_plans"][1:]}))
    assert merged.tables["pathway_plans"]["status"].value_counts()["withdrawn"] == 1


def test_a_newer_row_within_a_month_is_no_corrected_date() -> None:
    first, _, _ = rolling("cla_reviews")
    merged = core(first, Delivery(Q2, {"cla_reviews": newest("cla_reviews", "2019-06-05")}))
    assert merged.tables["cla_reviews"]["rekeyed_to"].isna().all()


def leavers(as_at: str) -> dict[str, Any]:
    leaver = {"eligibility": "FR", "in_touch": "YES", "latest_contact_date": as_at}
    return {"care_leavers": [child | leaver for child in CHILDREN]}


def test_plans_at_a_quarters_end_are_those_of_the_delivery_near_it() -> None:
    facts = figures(
        *(Delivery(each.as_at, dict(each.lists) | leavers(each.as_at)) for each in rolling("pathway_plans")),
    )
    for quarter in ("2019/20 Q1", "2019/20 Q2", "2019/20 Q3"):
        assert figure(facts, "cl_pathway_plan_uptodate_pct", quarter) == (12, 12, None)


def test_a_delivery_some_days_after_the_quarter_shows_the_state_of_the_quarters_end() -> None:
    facts = figures(
        Delivery("2019-09-30", leavers("2019-09-30")),
        Delivery("2019-10-21", {"pathway_plans": newest("pathway_plans", "2019-10-15")}),
    )
    assert figure(facts, "cl_pathway_plan_uptodate_pct", "2019/20 Q2") == (12, 12, None)


def test_without_a_delivery_near_the_end_the_dates_known_before_count_and_the_figure_says_so() -> None:
    first, _, third = rolling("pathway_plans")
    lists = {Q1: first.lists, Q2: {}, Q3: third.lists}
    without = {"care_leavers": ("pathway_plan_review_date",)}
    facts = figures(
        *(Delivery(as_at, dict(plans) | leavers(as_at), without=without) for as_at, plans in lists.items())
    )
    assert figure(facts, "cl_pathway_plan_uptodate_pct", "2019/20 Q2") == (12, 12, None)
    row = facts[facts["kpi_id"].eq("cl_pathway_plan_uptodate_pct") & facts["basis"].eq("quarter")]
    reasons = row[row["breakdown"].eq("total")].set_index("quarter_key")["reason"].dropna()
    assert reasons[reasons.index >= "2019/20"].to_dict() == {
        "2019/20 Q2": "No delivery of Pathway plan reviews is dated within 31 days of the period's end:"
        " what was known before counts.",
    }


@pytest.mark.parametrize("kpi_id", ["cla_visits_in_time_pct", "cla_seen_alone_pct"])
def test_visits_of_a_period_are_not_known_where_newest_ones_alone_are_shown(kpi_id: str) -> None:
    facts = figures(*rolling("cla_visits"))
    assert figure(facts, kpi_id, "2019/20 Q2") == (None, None, "x")
    row = facts[facts["kpi_id"].eq(kpi_id) & facts["quarter_key"].eq("2019/20 Q2")]
    said = "The deliveries of Visits to children in care show each child's newest row alone"
    assert row["reason"].str.startswith(said).all()


@pytest.mark.parametrize(
    ("table", "reviews", "start", "kpi_id"),
    [
        ("children_in_care", "cla_reviews", {"cla_start_date": "2018-05-01"}, "cla_review_in_time_pct"),
        (
            "child_protection_plans",
            "cp_reviews",
            {"cp_plan_start_date": "2018-05-01"},
            "cpp_review_in_time_pct",
        ),
    ],
)
def test_reviews_at_a_quarters_end_are_in_time_when_the_newest_known_then_is_at_most_six_months_old(
    table: str, reviews: str, start: dict[str, str], kpi_id: str
) -> None:
    spells = {table: [child | start for child in CHILDREN]}
    shown = {"2019-03-31": "2019-02-10", Q1: "2019-02-10", Q2: "2019-02-10", Q3: "2019-12-10"}
    facts = figures(
        *(Delivery(as_at, spells | {reviews: newest(reviews, day)}) for as_at, day in shown.items())
    )
    in_time = [figure(facts, kpi_id, f"2019/20 {quarter}") for quarter in ("Q1", "Q2", "Q3")]
    assert in_time == [(12, 12, None), (0, 12, None), (12, 12, None)]


REVIEWED = [
    ("children_in_care", "cla_reviews", {"cla_start_date": "2018-05-01"}, "cla_review_in_time_pct"),
    ("child_protection_plans", "cp_reviews", {"cp_plan_start_date": "2018-05-01"}, "cpp_review_in_time_pct"),
]


@pytest.mark.parametrize(("table", "reviews", "start", "kpi_id"), REVIEWED)
def test_reviews_before_the_first_delivery_of_newest_ones_are_not_known_and_never_none(
    table: str, reviews: str, start: dict[str, str], kpi_id: str
) -> None:
    lists = {table: [child | start for child in CHILDREN], reviews: newest(reviews, "2019-12-10")}
    facts = figures(Delivery(Q3, lists, covers_from="2019-04-01"))
    in_time = [figure(facts, kpi_id, f"2019/20 {quarter}") for quarter in ("Q1", "Q2", "Q3")]
    assert in_time == [(None, None, "x"), (None, None, "x"), (12, 12, None)]
    row = facts[facts["kpi_id"].eq(kpi_id) & facts["quarter_key"].eq("2019/20 Q2")]
    assert row["reason"].str.endswith("is dated within 31 days of the period's end.").all()


@pytest.mark.parametrize(("table", "reviews", "start", "kpi_id"), REVIEWED)
def test_a_review_some_days_after_the_quarter_hides_the_one_that_was_in_time(
    table: str, reviews: str, start: dict[str, str], kpi_id: str
) -> None:
    spells = {table: [child | start for child in CHILDREN]}
    shown = {"2019-04-20": "2019-03-10", "2019-10-21": "2019-10-15"}
    facts = figures(
        *(Delivery(as_at, spells | {reviews: newest(reviews, day)}) for as_at, day in shown.items())
    )
    assert figure(facts, kpi_id, "2019/20 Q2") == (12, 12, None)


@pytest.mark.parametrize(("table", "reviews", "start", "kpi_id"), REVIEWED)
def test_reviews_without_a_delivery_near_the_end_are_those_known_before_and_the_figure_says_so(
    table: str, reviews: str, start: dict[str, str], kpi_id: str
) -> None:
    spells = {table: [child | start for child in CHILDREN]}
    shown = {Q1: "2019-05-10", Q3: "2019-12-10"}
    facts = figures(
        *(Delivery(as_at, spells | {reviews: newest(reviews, day)}) for as_at, day in shown.items())
    )
    assert figure(facts, kpi_id, "2019/20 Q2") == (12, 12, None)
    row = facts[facts["kpi_id"].eq(kpi_id) & facts["quarter_key"].eq("2019/20 Q2")]
    assert row["reason"].str.endswith("what was known before counts.").all()
