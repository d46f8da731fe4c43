"""What deliveries show fits together: windows, ages, keys, and nothing vanishes."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from dateutil.relativedelta import relativedelta

from cf_pipeline.contracts.codes import codes_of
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.sample import delivered_lists, true_lists
from tests.unit.sample.recount import KEYS, History, is_stock

SEEDS = (2019, 5, 8)


@pytest.fixture(scope="module", params=SEEDS)
def deliveries(request):
    return delivered_lists(seed=request.param)


@pytest.fixture(scope="module")
def history(deliveries) -> History:
    return History(deliveries)


def test_there_are_one_long_extract_and_three_quarterly_deliveries(deliveries):
    assert list(deliveries) == ["2016-04-01_2019-03-31", "2019-06-30", "2019-09-30", "2019-12-31"]
    assert all(set(lists) == set(list_contracts()) for lists in deliveries.values())


def test_every_row_is_keyed_and_no_key_occurs_twice(deliveries):
    for lists in deliveries.values():
        for name, keys in KEYS.items():
            assert not lists[name][keys].isna().any(axis=None), name
            assert not lists[name].duplicated(keys).any(), name
        assert not lists["care_leavers"].duplicated("child_id").any()


def test_lists_6_to_8_show_one_row_a_child_outside_the_long_extract(deliveries):
    for delivery_id, lists in deliveries.items():
        for name in ("children_in_need", "child_protection_plans", "children_in_care"):
            is_long = "_" in delivery_id
            assert is_long or not lists[name].duplicated("child_id").any()


def test_nothing_known_later_than_the_as_at_date_is_shown(deliveries):
    may_lie_ahead = {
        "date_of_birth",
        "cla_visit_due_date",
        "cla_review_due_date",
        "cp_review_due_date",
        "cp_visit_due_date",
    }
    for delivery_id, lists in deliveries.items():
        as_at = dt.datetime.fromisoformat(delivery_id[-10:]) + dt.timedelta(days=1)
        for name, frame in lists.items():
            for column in set(frame.select_dtypes("datetime")) - may_lie_ahead:
                assert not (frame[column] >= as_at).any(), (name, column)


def test_no_record_vanishes_from_a_window_that_should_show_it(history):
    as_ats = sorted(history.by_as_at)
    for before, after in itertools.pairwise(as_ats):
        since = after - relativedelta(months=6)
        for name, keys in KEYS.items():
            contract = list_contracts()[name]
            if contract.kind == "process":
                continue
            later = {tuple(row[key] for key in keys) for row in history.by_as_at[after][name]}
            for row in history.by_as_at[before][name]:
                dates = (
                    (contract.key_date, contract.slot_date)
                    if contract.kind == "event"
                    else (contract.end_date,)
                )
                shown_on = max((row[date] for date in dates if date and row[date]), default=None)
                still_due = shown_on is not None and since <= shown_on
                is_open = contract.kind == "period" and shown_on is None
                if still_due or is_open:
                    assert tuple(row[key] for key in keys) in later, (name, after)


def test_nobody_is_in_need_and_in_care_at_once_and_everybody_is_under_18(history):
    for end in history.by_as_at:
        in_care, in_need = history.in_care(end), history.in_need(end)
        assert not {row["child_id"] for row in in_need} & set(in_care)
        for row in [*in_need, *history.on_plan(end)]:
            assert row["date_of_birth"] + relativedelta(years=18) > end
        open_spells = [
            row
            for row in history.by_as_at[end]["children_in_care"]
            if is_stock(row["cla_start_date"], row["cla_end_date"], end) and row["legal_status"] != "V4"
        ]
        assert len(open_spells) == len(in_care)


def test_care_leavers_are_16_to_25_and_out_of_care(history):
    for end in history.by_as_at:
        leavers = history.care_leavers(end)
        assert not {row["child_id"] for row in leavers} & set(history.in_care(end))
        ages = [relativedelta(end, row["date_of_birth"]).years for row in leavers]
        assert all(16 <= age < 25 for age in ages)


def test_a_childs_demographics_are_the_same_on_every_list(deliveries):
    known: dict[tuple[str, str], object] = {}
    for lists in deliveries.values():
        for name, frame in lists.items():
            for fact in {"gender", "ethnicity", "date_of_birth"} & set(frame) if "child_id" in frame else ():
                for child, value in frame[["child_id", fact]].itertuples(index=False):
                    assert known.setdefault((child, fact), value) == value, name


def test_no_two_ids_become_equal_when_leading_zeros_are_lost(deliveries):
    ids = {
        child
        for lists in deliveries.values()
        for name, f in lists.items()
        if "child_id" in f
        for child in f["child_id"]
    }
    assert any(child.startswith("0") for child in ids)
    assert len({child.lstrip("0") for child in ids}) == len(ids)


def test_every_code_is_of_its_set(deliveries):
    for lists in deliveries.values():
        for name, frame in lists.items():
            for column in list_contracts()[name].columns:
                if column.code_set:
                    allowed = {code.code for code in codes_of(column.code_set)}
                    assert set(frame[column.name].dropna()) <= allowed, (name, column.name)


def test_the_count_of_placements_agrees_with_the_list_of_placements(history):
    for end in history.by_as_at:
        since = end - relativedelta(months=12)
        children = history.in_care(end)
        for row in history.by_as_at[end]["children_in_care"]:
            if row["child_id"] in children and row["legal_status"] != "V4" and row["cla_end_date"] is None:
                placements = [
                    p
                    for p in history.merged["cla_placements"]
                    if p["child_id"] == row["child_id"]
                    and row["cla_start_date"] <= p["placement_start_date"] <= end
                    and (p["placement_end_date"] is None or p["placement_end_date"] > since)
                ]
                assert row["placements_last_12m"] == len(placements)


def test_the_truth_holds_what_the_deliveries_together_show(deliveries, history, request):
    whole = true_lists(seed=request.node.callspec.params["deliveries"])
    for name in (
        "contacts",
        "referrals",
        "assessments",
        "cla_visits",
        "missing_episodes",
        "children_in_need",
    ):
        assert len(whole[name]) == len(history.merged[name]), name


def test_the_long_extract_holds_children_with_two_episodes(deliveries):
    cases = deliveries["2016-04-01_2019-03-31"]["children_in_need"]
    assert cases.duplicated("child_id").any()
