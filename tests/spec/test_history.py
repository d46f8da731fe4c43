"""Merging deliveries, by example (docs/history.md, docs/rulings.md#9)."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.history.pseudonym import pseudonymise
from tests.spec.casebook import (
    AUTHORITY,
    KEY,
    NO_QUARANTINE,
    Delivery,
    clean_frames,
    core,
    figure,
    figures,
    manifest_of,
)

A = {"child_id": "A"}
B = {"child_id": "B"}


def statuses(merged, table: str) -> list[str]:
    rows = merged.tables[table].sort_values(["as_at", "excel_row", "record_key"])
    return rows["status"].tolist()


@pytest.mark.mess(31)
def test_a_record_delivered_twice_is_one_and_the_newest_says_what_it_is() -> None:
    merged = core(
        Delivery("2019-09-30", {"assessments": [A | {"assessment_start_date": "2019-08-01"}]}),
        Delivery(
            "2019-12-31",
            {
                "assessments": [
                    A | {"assessment_start_date": "2019-08-01", "assessment_authorised_date": "2019-10-01"}
                ]
            },
        ),
    )
    rows = merged.tables["assessments"]
    assert len(rows) == 1
    assert rows["assessment_authorised_date"].iloc[0] == pd.Timestamp("2019-10-01")


@pytest.mark.mess(30)
def test_two_contacts_on_one_day_stay_two_and_a_corrected_two_becomes_one() -> None:
    two = [A | {"contact_date": "2019-09-01", "contact_source": code} for code in ("6", "2A")]
    assert len(core(Delivery("2019-09-30", {"contacts": two})).tables["contacts"]) == 2
    merged = core(Delivery("2019-09-30", {"contacts": two}), Delivery("2019-12-31", {"contacts": two[:1]}))
    assert len(merged.tables["contacts"]) == 1


@pytest.mark.mess(29)
def test_rows_alike_in_every_column_are_one_and_the_copy_is_recorded() -> None:
    twice = [A | {"referral_date": "2019-12-01", "gender": "F"}] * 2
    merged = core(Delivery("2019-12-31", {"referrals": twice}))
    assert len(merged.tables["referrals"]) == 1
    assert merged.issues["rule"].tolist() == ["exact_duplicate"]
    assert merged.tables["row_ledger"]["rows_superseded"].tolist() == [1]


def test_a_recoded_source_is_not_a_second_contact() -> None:
    merged = core(
        Delivery("2019-09-30", {"contacts": [A | {"contact_date": "2019-09-01", "contact_source": "6"}]}),
        Delivery("2019-12-31", {"contacts": [A | {"contact_date": "2019-09-01", "contact_source": "8"}]}),
    )
    assert merged.tables["contacts"]["contact_source"].tolist() == ["8"]


def test_a_source_id_keeps_a_record_one_when_its_date_is_corrected() -> None:
    merged = core(
        Delivery("2019-09-30", {"contacts": [A | {"contact_id": "7", "contact_date": "2019-09-01"}]}),
        Delivery("2019-12-31", {"contacts": [A | {"contact_id": "7", "contact_date": "2019-09-02"}]}),
    )
    assert merged.tables["contacts"]["contact_date"].tolist() == [pd.Timestamp("2019-09-02")]


def test_a_visit_due_and_the_visit_made_are_one_record() -> None:
    merged = core(
        Delivery("2019-09-30", {"cla_visits": [A | {"cla_visit_due_date": "2019-09-30"}]}),
        Delivery(
            "2019-12-31",
            {"cla_visits": [A | {"cla_visit_due_date": "2019-09-30", "cla_visit_date": "2019-10-02"}]},
        ),
    )
    assert merged.tables["cla_visits"]["cla_visit_date"].tolist() == [pd.Timestamp("2019-10-02")]


@pytest.mark.mess(31)
def test_a_record_that_aged_out_of_the_window_stays() -> None:
    merged = core(
        Delivery("2019-06-30", {"referrals": [A | {"referral_date": "2019-04-01"}]}),
        Delivery("2019-12-31", {"referrals": [B | {"referral_date": "2019-12-01"}]}),
    )
    assert statuses(merged, "referrals") == ["current", "current"]


def test_an_event_missing_from_a_newer_window_is_withdrawn_and_no_longer_counted() -> None:
    deliveries = (
        Delivery("2019-09-30", {"referrals": [A | {"referral_date": "2019-08-01"}]}),
        Delivery("2019-12-31", {"referrals": [B | {"referral_date": "2019-12-01"}]}),
    )
    merged = core(*deliveries)
    assert statuses(merged, "referrals") == ["withdrawn", "current"]
    assert merged.issues["rule"].tolist() == ["withdrawn"]
    assert figure(figures(*deliveries), "referrals_count", "2019/20 Q2") == (0, None, None)


def test_a_list_that_is_not_delivered_withdraws_nothing() -> None:
    merged = core(
        Delivery("2019-09-30", {"referrals": [A | {"referral_date": "2019-08-01"}]}),
        Delivery("2019-12-31", {"contacts": []}),
    )
    assert statuses(merged, "referrals") == ["current"]


def test_an_open_spell_that_vanishes_counts_up_to_the_last_delivery_that_shows_it() -> None:
    deliveries = (
        Delivery("2019-09-30", {"child_protection_plans": [A | {"cp_plan_start_date": "2019-05-01"}]}),
        Delivery("2019-12-31", {"child_protection_plans": []}),
    )
    merged = core(*deliveries)
    assert statuses(merged, "child_protection_plans") == ["ended_unknown"]
    assert merged.issues[["rule", "severity"]].to_numpy().tolist() == [["vanished_open", "error"]]
    facts = figures(*deliveries)
    assert figure(facts, "cpp_stock", "2019/20 Q2") == (1, None, None)
    assert figure(facts, "cpp_stock", "2019/20 Q3") == (0, None, None)


@pytest.mark.mess(32)
def test_an_older_spell_hidden_by_a_newer_one_is_kept_and_capped_where_the_newer_starts() -> None:
    deliveries = (
        Delivery("2019-09-30", {"children_in_care": [A | {"cla_start_date": "2019-05-01"}]}),
        Delivery("2019-12-31", {"children_in_care": [A | {"cla_start_date": "2019-11-01"}]}),
    )
    merged = core(*deliveries)
    assert statuses(merged, "children_in_care") == ["superseded", "current"]
    assert merged.tables["children_in_care"]["vanished_date"].dropna().tolist() == [
        pd.Timestamp("2019-11-01")
    ]
    assert merged.issues["rule"].tolist() == ["end_date_unknown"]


def test_a_column_that_a_newer_delivery_does_not_supply_keeps_what_was_known() -> None:
    row = A | {"contact_date": "2019-09-01"}
    merged = core(
        Delivery("2019-09-30", {"contacts": [row | {"contact_completed_date": "2019-09-02"}]}),
        Delivery("2019-12-31", {"contacts": [row]}, without={"contacts": ("contact_completed_date",)}),
    )
    assert merged.tables["contacts"]["contact_completed_date"].tolist() == [pd.Timestamp("2019-09-02")]


def test_a_removed_closure_date_reopens_the_case() -> None:
    row = A | {"cla_start_date": "2019-05-01"}
    merged = core(
        Delivery("2019-09-30", {"children_in_care": [row | {"cla_end_date": "2019-09-01"}]}),
        Delivery("2019-12-31", {"children_in_care": [row]}),
    )
    assert merged.tables["children_in_care"]["cla_end_date"].isna().all()


def test_annex_a_covers_six_months_and_a_folder_may_say_more() -> None:
    short = figures(Delivery("2019-12-31", {"contacts": [A | {"contact_date": "2019-12-01"}]}))
    assert figure(short, "contacts_count", "2019/20 Q2") == (0, None, None)
    assert figure(short, "contacts_count", "2019/20 Q3", "ytd") == (None, None, "x")
    stated = figures(
        Delivery("2019-12-31", {"contacts": [A | {"contact_date": "2019-12-01"}]}, covers_from="2019-04-01")
    )
    assert figure(stated, "contacts_count", "2019/20 Q3", "ytd") == (1, None, None)


@pytest.mark.parametrize(("old_rows", "is_long"), [(5, False), (6, True)])
def test_a_long_extract_is_one_whose_contacts_reach_far_behind_the_window(
    old_rows: int, is_long: bool
) -> None:
    old = [{"child_id": f"old {n}", "contact_date": "2018-05-10"} for n in range(old_rows)]
    merged = core(Delivery("2019-12-31", {"contacts": [*old, A | {"contact_date": "2019-12-01"}]}))
    assert merged.tables["deliveries"]["is_long_extract"].tolist() == [is_long]
    start = merged.tables["coverage"]["covers_from"].iloc[0]
    assert start == pd.Timestamp("2018-04-01" if is_long else "2019-06-30")


def test_the_order_of_arrival_does_not_matter() -> None:
    deliveries = [
        Delivery("2019-06-30", {"referrals": [A | {"referral_date": "2019-06-01"}]}),
        Delivery("2019-09-30", {"referrals": [A | {"referral_date": "2019-08-01"}]}),
        Delivery("2019-12-31", {"referrals": [B | {"referral_date": "2019-12-01"}]}),
    ]
    results = [core(*order).tables["referrals"] for order in itertools.permutations(deliveries)]
    for other in results[1:]:
        pd.testing.assert_frame_equal(results[0], other)


def test_every_row_read_is_in_the_core_quarantined_or_superseded() -> None:
    row = A | {"referral_date": "2019-08-01"}
    deliveries = (
        Delivery("2019-09-30", {"referrals": [row, row, B | {"referral_date": "2019-09-01"}]}),
        Delivery("2019-12-31", {"referrals": [row | {"gender": "F"}]}),
    )
    ledger = core(*deliveries).tables["row_ledger"]
    parts = ledger[["rows_core", "rows_quarantined", "rows_superseded"]].sum(axis=1)
    assert (ledger["rows_read"] == parts).all()
    assert ledger["rows_read"].tolist() == [3, 1]


@pytest.mark.mess(57)
def test_lists_that_disagree_about_a_child_are_told_and_the_newest_delivery_counts() -> None:
    merged = core(
        Delivery("2019-09-30", {"children_in_care": [A | {"cla_start_date": "2019-05-01", "gender": "F"}]}),
        Delivery("2019-12-31", {"contacts": [A | {"contact_date": "2019-12-01", "gender": "M"}]}),
    )
    assert merged.tables["person"]["gender"].tolist() == ["M"]


@pytest.mark.mess(57)
def test_in_one_delivery_the_list_that_ranks_first_counts_and_known_beats_unknown() -> None:
    lists = {
        "children_in_care": [A | {"cla_start_date": "2019-05-01", "gender": "F", "ethnicity": "NOBT"}],
        "contacts": [A | {"contact_date": "2019-12-01", "gender": "M", "ethnicity": "WBRI"}],
    }
    merged = core(Delivery("2019-12-31", lists))
    assert merged.tables["person"][["gender", "ethnicity"]].to_numpy().tolist() == [["F", "WBRI"]]
    assert set(merged.issues["rule"]) == {"person_conflict"}


@pytest.mark.mess(61)
def test_an_adult_still_recorded_in_care_is_told_and_one_whose_care_ended_is_not() -> None:
    care = {"cla_start_date": "2015-05-01", "date_of_birth": "2001-10-01"}
    ended = care | {"cla_end_date": "2019-10-01"}
    merged = core(Delivery("2019-12-31", {"children_in_care": [A | care, B | ended]}))
    assert merged.issues[["rule", "excel_row", "column"]].to_numpy().tolist() == [
        ["adult_in_care", 2, "cla_end_date"]
    ]


@pytest.mark.mess(53)
def test_an_end_before_its_start_gives_no_duration() -> None:
    dates = {"assessment_start_date": "2019-11-05", "assessment_authorised_date": "2019-11-04"}
    merged = core(Delivery("2019-12-31", {"assessments": [A | dates]}))
    assert merged.tables["assessments"]["assessment_working_days"].isna().tolist() == [True]


def test_only_the_person_table_holds_the_case_systems_id() -> None:
    child = {"child_id": "CASE-4711"}
    lists = {
        "contacts": [child | {"contact_date": "2019-12-01"}],
        "children_in_need": [child | {"cin_start_date": "2019-12-01"}],
        "care_leavers": [child],
    }
    tables = core(Delivery("2019-12-31", lists)).tables
    assert [name for name, rows in tables.items() if "child_id" in rows.columns] == ["person"]
    assert [name for name, rows in tables.items() if "CASE-4711" in rows.to_csv()] == ["person"]


def test_a_pseudonym_depends_on_key_and_authority_and_a_short_key_is_refused() -> None:
    ids = pd.Series(["00123", "123", None], dtype="str")
    one, other = pseudonymise(ids, "E09000001", KEY), pseudonymise(ids, "E09000002", KEY)
    assert one.iloc[0] != one.iloc[1]
    assert pd.isna(one.iloc[2])
    assert not set(one.dropna()) & set(other.dropna())
    with pytest.raises(ValueError, match="32 bytes"):
        pseudonymise(ids, AUTHORITY, b"short")


def test_a_refused_delivery_is_as_if_it_had_not_arrived() -> None:
    first = Delivery("2019-09-30", {"referrals": [A | {"referral_date": "2019-08-01"}]})
    second = Delivery("2019-12-31", {"referrals": []})
    manifest = manifest_of([first, second])
    manifest["is_delivery_refused"] = manifest["delivery_id"].eq("2019-12-31")
    merged = merge_deliveries(clean_frames([first]), NO_QUARANTINE, manifest, AUTHORITY, KEY)
    assert statuses(merged, "referrals") == ["current"]
    assert merged.tables["deliveries"]["delivery_id"].tolist() == ["2019-09-30"]


def test_as_reported_at_a_date_is_what_the_deliveries_up_to_it_said() -> None:
    first = Delivery("2019-09-30", {"referrals": [A | {"referral_date": "2019-08-01"}]})
    second = Delivery("2019-12-31", {"referrals": [B | {"referral_date": "2019-09-01"}]})
    both = [first, second]
    then = merge_deliveries(
        clean_frames(both), NO_QUARANTINE, manifest_of(both), AUTHORITY, KEY, pd.Timestamp("2019-12-30")
    )
    before = core(first)
    assert then.tables.keys() == before.tables.keys()
    for name, rows in before.tables.items():
        pd.testing.assert_frame_equal(then.tables[name], rows)
    pd.testing.assert_frame_equal(then.issues, before.issues)
    on_the_day = merge_deliveries(
        clean_frames(both), NO_QUARANTINE, manifest_of(both), AUTHORITY, KEY, pd.Timestamp("2019-12-31")
    )
    assert statuses(on_the_day, "referrals") == ["withdrawn", "current"]
