"""What erased records contributed stays in figures: each rule as a tiny table."""

import pandas as pd
import pytest

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.lineage.erased_amounts import (
    BY_TEAM,
    QUARTERLY,
    CountedParts,
    add_amounts,
    amounts_at,
    find_amounts,
)
from cf_pipeline.kpi.lineage.erased_members import add_erased_members, erased_members
from cf_pipeline.kpi.lineage.records_behind import MEMBERS
from cf_pipeline.kpi.measure.by_team import BY_TEAM as TEAM_ROWS
from cf_pipeline.kpi.measure.quarterly import QUARTERLY as FIGURES

DAY, LATER = pd.Timestamp("2019-12-31"), pd.Timestamp("2020-03-31")
NEWEST, AFTERWARDS = pd.Timestamp("2020-06-30"), pd.Timestamp("2020-09-30")
COUNT, SHARE, MEDIAN, STOCK = "contacts_count", "contacts_1wd_pct", "cla_time_in_care_median", "cla_stock"
REGISTRY = {name: load_registry()[name] for name in (COUNT, SHARE, MEDIAN, STOCK)}
NO_MONTHS, NO_TEAMS = FIGURES.empty().rename(columns={"quarter_key": "month"}), TEAM_ROWS.empty()


def figure(
    kpi, numerator, denominator, value, period="2019/20 Q3", basis="quarter", category="all", symbol=None
):
    return {
        "authority_code": "E09000007",
        "quarter_key": period,
        "basis": basis,
        "kpi_id": kpi,
        "breakdown": "total" if category == "all" else "gender",
        "category": category,
        "numerator": numerator,
        "denominator": denominator,
        "value": value,
        "symbol": symbol,
        "reason": "not covered" if symbol == "x" else None,
        "note": None,
        "as_at": DAY,
    }


def figures(*rows):
    return FIGURES.frame([{name: row.get(name) for name in FIGURES.column_names} for row in rows])


def members(*refs, kpi=COUNT, basis="quarter"):
    rows = [
        ("2019/20 Q3", basis, kpi, "numerator", no, ref, f"r{ref}", "contacts", "T")
        for no, ref in enumerate(refs, 1)
    ]
    names = [
        "quarter_key",
        "basis",
        "kpi_id",
        "role",
        "member_no",
        "person_ref",
        "record_key",
        "list",
        "team",
    ]
    return MEMBERS.frame([dict(zip(names, row, strict=True)) for row in rows])


def parts(quarterly, of_members=None):
    none = MEMBERS.empty() if of_members is None else of_members
    return CountedParts({}, quarterly, NO_MONTHS, NO_TEAMS, none)


def again(before, after, now=None, day=DAY):
    """The figures counted without the child, with what the child contributed."""
    amounts = find_amounts(parts(figures(*before)), parts(figures(*after)))
    return add_amounts(QUARTERLY, figures(*(now or after)), amounts_at(amounts, day, REGISTRY), REGISTRY)


def numbers(rows):
    return [
        tuple(row)
        for row in rows[["numerator", "denominator", "value"]].astype(object).itertuples(index=False)
    ]


def test_a_count_is_as_it_was_published():
    before, after = figure(COUNT, 10, None, 10), figure(COUNT, 9, None, 9)
    pd.testing.assert_frame_equal(again([before], [after]), figures(before))


def test_a_later_record_of_another_child_is_added_to_it():
    found = again([figure(COUNT, 10, None, 10)], [figure(COUNT, 9, None, 9)], [figure(COUNT, 11, None, 11)])
    assert found["value"].tolist() == [12]


def test_a_share_is_worked_out_from_both_sums():
    before, after = figure(SHARE, 2, 3, 200 / 3), figure(SHARE, 1, 2, 50)
    pd.testing.assert_frame_equal(again([before], [after]), figures(before))
    assert again([before], [after], [figure(SHARE, 2, 4, 50)])["value"].tolist() == [60]


def test_a_median_stays_while_the_others_are_the_same():
    before, after = figure(MEDIAN, None, 3, 70), figure(MEDIAN, None, 2, 50)
    found = again([before], [after])
    assert (found["value"].tolist(), found["denominator"].tolist()) == ([70], [3])


def test_a_median_of_other_values_is_that_of_the_others():
    found = again([figure(MEDIAN, None, 3, 70)], [figure(MEDIAN, None, 2, 50)], [figure(MEDIAN, None, 2, 55)])
    assert found["value"].tolist() == [55]


def test_a_category_that_only_the_child_had_keeps_its_rows():
    before = [figure(COUNT, 1, None, 1), figure(COUNT, 1, None, 1, category="F")]
    found = again(before, [figure(COUNT, 0, None, 0)])
    assert sorted(found["category"]) == ["F", "all"]
    assert found["value"].tolist() == [1, 1]


def test_a_share_of_nothing_but_the_child_is_there_again():
    found = again([figure(SHARE, 1, 1, 100)], [figure(SHARE, 0, 0, None, symbol="z")])
    assert found["value"].tolist() == [100]
    assert found["symbol"].isna().all()


def test_a_period_that_is_not_covered_any_more_is_absent():
    after = figure(COUNT, 9, None, 9)
    absent = figure(COUNT, None, None, None, symbol="x")
    found = again([figure(COUNT, 10, None, 10)], [after], [absent])
    assert found["value"].isna().all()
    assert found["symbol"].tolist() == ["x"]


def test_a_period_that_only_the_erased_records_covered_stays_as_it_was_published():
    before = figure(COUNT, 10, None, 10)
    found = again([before], [figure(COUNT, None, None, None, symbol="x")])
    assert found["value"].tolist() == [10]


@pytest.mark.parametrize(("kpi", "expected"), [(COUNT, [21]), (STOCK, [20])])
def test_of_a_year_so_far_the_rest_of_the_year_keeps_what_adds_up(kpi, expected):
    before = figure(kpi, 10, None, 10, basis="ytd")
    after = figure(kpi, 9, None, 9, basis="ytd")
    rest = figure(kpi, 20, None, 20, "2019/20 Q4", "year")
    found = again([before], [after], [after, rest], LATER)
    assert found.loc[found["basis"].eq("year"), "value"].tolist() == expected


def test_what_was_not_known_yet_is_in_no_earlier_report():
    amounts = find_amounts(
        parts(figures(figure(COUNT, 10, None, 10))), parts(figures(figure(COUNT, 9, None, 9)))
    )
    assert amounts_at(amounts, DAY - pd.Timedelta(days=1), REGISTRY).empty


@pytest.mark.parametrize(("day", "expected"), [(DAY, 10), (LATER, 9), (NEWEST, 9), (AFTERWARDS, 9)])
def test_a_child_who_was_withdrawn_before_the_erasure_is_added_to_earlier_reports_alone(day, expected):
    """The deliveries after the first have the child no more: 9 of 9 remain in their figures."""
    first, others = figures(figure(COUNT, 10, None, 10)), figures(figure(COUNT, 9, None, 9))
    newest = others.assign(as_at=NEWEST)
    before = CountedParts({DAY: first, LATER: others}, newest, NO_MONTHS, NO_TEAMS, MEMBERS.empty())
    after = CountedParts({DAY: others, LATER: others}, newest, NO_MONTHS, NO_TEAMS, MEMBERS.empty())
    amounts = amounts_at(find_amounts(before, after), day, REGISTRY)
    assert add_amounts(QUARTERLY, others, amounts, REGISTRY)["value"].tolist() == [expected]


def test_a_second_erasure_keeps_the_first():
    first = find_amounts(
        parts(figures(figure(COUNT, 10, None, 10))), parts(figures(figure(COUNT, 9, None, 9)))
    )
    shown = add_amounts(
        QUARTERLY, figures(figure(COUNT, 9, None, 9)), amounts_at(first, DAY, REGISTRY), REGISTRY
    )
    both = find_amounts(parts(shown), parts(figures(figure(COUNT, 8, None, 8))))
    found = add_amounts(QUARTERLY, figures(figure(COUNT, 8, None, 8)), both, REGISTRY)
    assert found["value"].tolist() == [10]


def test_members_are_kept_without_a_person():
    count = figures(figure(COUNT, 2, None, 2))
    amounts = find_amounts(parts(count, members("a", "b", "c")), parts(count, members("a")))
    found = add_erased_members(members("a"), amounts)
    assert found["member_no"].tolist() == [1, 2, 3]
    assert found["person_ref"].isna().tolist() == [False, True, True]
    assert found["record_key"].isna().tolist() == [False, True, True]
    assert found["list"].tolist() == ["contacts"] * 3
    assert erased_members(amounts, COUNT, "2019/20 Q3") == 2


def test_a_team_that_only_the_child_had_keeps_its_row():
    row = dict.fromkeys(TEAM_ROWS.column_names) | {
        "authority_code": "E09000007",
        "quarter_key": "2019/20 Q3",
        "kpi_id": STOCK,
        "team": "T",
        "breakdown": "gender",
        "category": "F",
        "numerator": 1,
    }
    other = row | {"category": "M"}
    quarterly = figures(figure(STOCK, 2, None, 2))
    before = CountedParts({}, quarterly, NO_MONTHS, TEAM_ROWS.frame([row, other]), MEMBERS.empty())
    after = CountedParts({}, quarterly, NO_MONTHS, TEAM_ROWS.frame([other]), MEMBERS.empty())
    found = add_amounts(BY_TEAM, after.by_team, find_amounts(before, after), REGISTRY)
    assert sorted(found["category"]) == ["F", "M"]


def test_nothing_of_a_person_is_in_the_amounts():
    amounts = find_amounts(
        parts(figures(figure(COUNT, 2, None, 2)), members("a", "b")),
        parts(figures(figure(COUNT, 1, None, 1)), members("a")),
    )
    assert len(amounts)
    assert not {"person_ref", "record_key"} & set(amounts.columns)
    assert "rb" not in amounts.to_csv()


def in_list(frame, name):
    return frame.assign(list=pd.Categorical([name] * len(frame)))


def members_again(before, after):
    count = figures(figure(COUNT, len(before), None, len(before)))
    return add_erased_members(after, find_amounts(parts(count, before), parts(count, after)))


def test_a_member_who_counts_by_another_list_now_is_no_new_one():
    before = MEMBERS.concat([members("a", "b")])
    after = in_list(members("a", "b"), "referrals")
    pd.testing.assert_frame_equal(members_again(before, after), after)


def test_of_two_members_one_goes_and_one_counts_by_another_list():
    found = members_again(members("a", "b"), in_list(members("b"), "referrals"))
    assert found["person_ref"].astype("str").fillna("").tolist() == ["b", ""]
    assert found["list"].tolist() == ["referrals", "contacts"]


def test_where_a_record_that_did_not_count_would_stand_for_another_no_member_has_a_person():
    found = members_again(members("a", "b"), members("b", "c"))
    assert len(found) == 2
    assert found[["person_ref", "record_key", "team"]].isna().all(axis=None)


def test_where_more_records_would_count_than_were_published_there_are_as_many_members():
    found = members_again(members("a"), members("a", "b", "c"))
    assert len(found) == 1
    assert found["person_ref"].isna().all()
    assert len(members_again(MEMBERS.empty(), members("b"))) == 0


def test_a_later_record_of_another_child_is_one_member_more_of_such_a_figure():
    count = figures(figure(COUNT, 1, None, 1))
    amounts = find_amounts(parts(count, members("a")), parts(count, members("a", "b", "c")))
    assert len(add_erased_members(members("a", "b", "c", "d"), amounts)) == 2


def test_members_of_such_a_figure_stay_so_when_more_records_go():
    count = figures(figure(COUNT, 2, None, 2))
    first = find_amounts(parts(count, members("a", "b")), parts(count, members("b", "c")))
    published = add_erased_members(members("b", "c"), first)
    second = find_amounts(parts(count, published), parts(count, members("b")))
    found = add_erased_members(members("b"), second)
    assert len(found) == 2
    assert found["person_ref"].isna().all()


def test_a_category_of_an_absent_figure_that_only_the_child_had_stays_absent():
    before = [
        figure(COUNT, None, None, None, symbol="x"),
        figure(COUNT, None, None, None, category="F", symbol="x"),
    ]
    pd.testing.assert_frame_equal(again(before, before[:1]), figures(*before))
    covered = figure(COUNT, 3, None, 3)
    pd.testing.assert_frame_equal(again(before, before[:1], [covered]), figures(covered))
