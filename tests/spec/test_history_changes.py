"""What a later delivery changes: updates, values taken back, late entries, corrected dates, deletions.

Each rule by example; docs/history.md, "What happens to a row".
"""

from __future__ import annotations

import pandas as pd
import pytest

from tests.spec.casebook import Delivery, core, figure, figures

A = {"child_id": "A"}
B = {"child_id": "B"}
Q1, Q2, Q3 = "2019-06-30", "2019-09-30", "2019-12-31"


def row(merged, table: str, position: int = 0) -> pd.Series:
    return merged.tables[table].iloc[position]


def rules(merged) -> list[str]:
    return merged.issues["rule"].tolist()


def test_a_late_loaded_old_delivery_fills_what_is_missing_and_never_overwrites_the_newer() -> None:
    old = Delivery(
        Q2,
        {
            "contacts": [
                A | {"contact_date": "2019-09-01", "contact_source": "6"},
                B | {"contact_date": "2019-04-10"},
            ]
        },
    )
    new = Delivery(Q3, {"contacts": [A | {"contact_date": "2019-09-01", "contact_source": "8"}]})
    contacts = core(new, old).tables["contacts"].set_index("contact_date")
    assert contacts.loc["2019-09-01", "contact_source"] == "8"
    assert contacts.loc["2019-04-10", "status"] == "current"


def test_two_contacts_of_a_day_stay_two_when_a_later_delivery_shows_one_older_than_its_window() -> None:
    two = [A | {"contact_date": "2019-04-10", "contact_source": code} for code in ("6", "2A")]
    merged = core(Delivery(Q2, {"contacts": two}), Delivery(Q3, {"contacts": two[:1]}))
    assert len(merged.tables["contacts"]) == 2
    assert merged.tables["contacts"]["delivery_id"].tolist() == [Q2, Q2]


def test_of_two_contacts_of_a_day_neither_gets_what_an_older_row_said_of_the_other() -> None:
    said = {"contact_date": "2019-09-01", "contact_completed_date": "2019-09-02", "contact_team": "Duty"}
    older = [A | said | {"contact_source": "6"}, A | {"contact_date": "2019-09-01", "contact_source": "7"}]
    newer = [A | {"contact_date": "2019-09-01", "contact_source": code} for code in ("8", "7")]  # 6 became 8
    merged = core(
        Delivery(Q2, {"contacts": older}),
        Delivery(Q3, {"contacts": newer}, without={"contacts": ("contact_team",)}),
    )
    contacts = merged.tables["contacts"]
    assert sorted(contacts["contact_source"]) == ["7", "8"]
    assert contacts[["contact_completed_date", "contact_team"]].isna().all(axis=None)
    assert "value_withdrawn" not in rules(merged)


def test_nor_does_the_one_that_is_left_of_two_contacts_of_a_day_get_what_was_said_of_the_other() -> None:
    said = {"contact_date": "2019-09-01", "contact_completed_date": "2019-09-02", "contact_team": "Duty"}
    left = A | {"contact_date": "2019-09-01", "contact_source": "7"}
    merged = core(
        Delivery(Q2, {"contacts": [A | said | {"contact_source": "6"}, left]}),
        Delivery(Q3, {"contacts": [left]}, without={"contacts": ("contact_team",)}),
    )
    assert merged.tables["contacts"]["contact_source"].tolist() == ["7"]
    assert merged.tables["contacts"][["contact_completed_date", "contact_team"]].isna().all(axis=None)
    assert "value_withdrawn" not in rules(merged)


def test_a_spell_that_a_later_delivery_ends_before_its_window_is_ended() -> None:
    spell = A | {"cin_start_date": "2019-05-01"}
    merged = core(
        Delivery(Q2, {"children_in_need": [spell]}),
        Delivery(Q3, {"children_in_need": [spell | {"cin_closure_date": "2019-06-01"}]}),
    )
    assert merged.tables["children_in_need"]["cin_closure_date"].tolist() == [pd.Timestamp("2019-06-01")]


@pytest.mark.parametrize(
    ("column", "value"), [("gender", "F"), ("ethnicity", "WBRI"), ("date_of_birth", "2010-05-01")]
)
def test_an_emptied_detail_of_the_child_stays_as_it_was_known(column: str, value: str) -> None:
    record = A | {"cin_start_date": "2019-05-01"}
    merged = core(
        Delivery(Q2, {"children_in_need": [record | {column: value}]}),
        Delivery(Q3, {"children_in_need": [record]}),
    )
    assert row(merged, "children_in_need")[column] == (
        pd.Timestamp(value) if column == "date_of_birth" else value
    )
    assert merged.issues[["rule", "column", "delivery_id"]].to_numpy().tolist() == [
        ["known_value_kept", column, Q3]
    ]


def test_an_emptied_detail_of_the_child_stays_as_it_was_known_last() -> None:
    record = A | {"cin_start_date": "2019-05-01"}
    versions = [record | {"ethnicity": "WBRI"}, record | {"ethnicity": "WIRI"}, record]
    merged = core(
        *(
            Delivery(day, {"children_in_need": [version]})
            for day, version in zip((Q1, Q2, Q3), versions, strict=True)
        )
    )
    assert row(merged, "children_in_need")["ethnicity"] == "WIRI"


def test_an_emptied_date_or_status_is_taken_back_and_told() -> None:
    record = A | {"cin_start_date": "2019-05-01"}
    closed = {"cin_closure_date": "2019-09-01", "closure_reason": "RC7"}
    merged = core(
        Delivery(Q2, {"children_in_need": [record | closed]}),
        Delivery(Q3, {"children_in_need": [record]}),
    )
    assert row(merged, "children_in_need")[[*closed]].isna().all()
    assert merged.issues[["rule", "column"]].to_numpy().tolist() == [
        ["value_withdrawn", "cin_closure_date"],
        ["value_withdrawn", "closure_reason"],
    ]
    assert merged.issues["message"].str.startswith("'CIN Closure Date' was filled").tolist() == [True, False]


def test_a_value_that_only_moves_with_the_date_is_not_taken_back() -> None:
    record = A | {"cin_start_date": "2019-05-01"}
    merged = core(
        Delivery(Q2, {"children_in_need": [record | {"last_seen_date": "2019-09-01", "age_reported": 9}]}),
        Delivery(Q3, {"children_in_need": [record]}),
    )
    assert rules(merged) == []


def test_a_record_first_seen_after_a_delivery_that_should_have_held_it_is_late_by_the_days_between() -> None:
    late, in_time = (
        A | {"referral_date": "2019-08-01"},
        B | {"referral_date": "2019-11-01"},
    )
    merged = core(Delivery(Q2, {"referrals": []}), Delivery(Q3, {"referrals": [late, in_time]}))
    days = merged.tables["referrals"].set_index("referral_date")["late_entry_days"]
    assert days.loc["2019-08-01"] == 92
    assert pd.isna(days.loc["2019-11-01"])
    assert rules(merged) == ["late_entry"]


def test_a_late_entry_counts_in_what_is_known_now_and_not_in_what_was_reported_then() -> None:
    first = Delivery(Q2, {"referrals": []})
    second = Delivery(Q3, {"referrals": [A | {"referral_date": "2019-08-01"}]})
    assert figure(figures(first), "referrals_count", "2019/20 Q2") == (0, None, None)
    assert figure(figures(first, second), "referrals_count", "2019/20 Q2") == (1, None, None)


def test_an_older_spell_that_a_newer_one_hid_is_not_late() -> None:
    old, new = (
        {"cla_start_date": "2018-05-01", "cla_end_date": "2019-08-01"},
        {"cla_start_date": "2019-09-01"},
    )
    merged = core(
        Delivery(Q2, {"children_in_care": [A | new]}),
        Delivery(Q3, {"children_in_care": [A | old, A | new]}, covers_from="2018-01-01"),
    )
    assert merged.tables["children_in_care"]["late_entry_days"].isna().all()


def referrals_moved(day: str, **changes: str):
    before = A | {"referral_date": "2019-08-01", "referral_source": "5A"}
    return core(
        Delivery(Q2, {"referrals": [before]}),
        Delivery(Q3, {"referrals": [before | {"referral_date": day} | changes]}),
    )


@pytest.mark.parametrize(("day", "is_correction"), [("2019-09-01", True), ("2019-09-02", False)])
def test_a_record_whose_date_alone_moved_by_31_days_at_most_was_corrected(
    day: str, is_correction: bool
) -> None:
    merged = referrals_moved(day)
    old, new = row(merged, "referrals"), row(merged, "referrals", 1)
    assert (old["status"], new["status"]) == ("withdrawn", "current")
    assert (old["rekeyed_to"] == new["record_key"]) is is_correction
    assert rules(merged) == (["key_corrected"] if is_correction else ["withdrawn", "late_entry"])


def test_a_record_that_changed_besides_its_date_was_deleted_and_another_entered() -> None:
    merged = referrals_moved("2019-08-02", referral_source="6")
    assert merged.tables["referrals"]["rekeyed_to"].isna().all()


def test_a_changed_age_or_team_does_not_hinder_a_correction() -> None:
    merged = referrals_moved("2019-08-02", allocated_team="East", referrals_last_12m="3")
    assert rules(merged) == ["key_corrected"]


def test_with_two_new_records_of_the_child_nobody_knows_which_is_the_corrected_one() -> None:
    merged = core(
        Delivery(Q2, {"referrals": [A | {"referral_date": "2019-08-01"}]}),
        Delivery(Q3, {"referrals": [A | {"referral_date": day} for day in ("2019-08-02", "2019-08-03")]}),
    )
    assert merged.tables["referrals"]["rekeyed_to"].isna().all()


def test_a_corrected_start_of_an_open_spell_is_no_second_spell() -> None:
    deliveries = (
        Delivery(Q2, {"child_protection_plans": [A | {"cp_plan_start_date": "2019-08-01"}]}),
        Delivery(Q3, {"child_protection_plans": [A | {"cp_plan_start_date": "2019-08-08"}]}),
    )
    merged = core(*deliveries)
    assert merged.tables["child_protection_plans"]["status"].tolist() == ["withdrawn", "current"]
    assert figure(figures(*deliveries), "cpp_stock", "2019/20 Q2") == (1, None, None)
    assert figure(figures(deliveries[0]), "cpp_stock", "2019/20 Q2") == (1, None, None)


def test_an_ended_spell_that_a_newer_one_hides_stays_as_it_ended() -> None:
    merged = core(
        Delivery(
            Q2, {"children_in_care": [A | {"cla_start_date": "2018-05-01", "cla_end_date": "2019-08-01"}]}
        ),
        Delivery(Q3, {"children_in_care": [A | {"cla_start_date": "2019-11-01"}]}),
    )
    old = row(merged, "children_in_care")
    assert (old["status"], old["cla_end_date"]) == ("superseded", pd.Timestamp("2019-08-01"))
    assert pd.isna(old["vanished_date"])
    assert rules(merged) == []


def test_a_record_that_comes_back_counts_again() -> None:
    referral = A | {"referral_date": "2019-08-01"}
    merged = core(
        Delivery(Q2, {"referrals": [referral]}),
        Delivery("2019-10-31", {"referrals": []}),
        Delivery(Q3, {"referrals": [referral]}),
    )
    assert merged.tables["referrals"]["status"].tolist() == ["current"]
    assert rules(merged) == []


def test_of_two_deliveries_of_one_day_the_later_by_name_replaces_the_lists_it_holds() -> None:
    long = Delivery(
        Q3,
        {
            "care_leavers": [A | {"in_touch": "YES"}, B | {"in_touch": "NO"}],
            "referrals": [A | {"referral_date": "2019-12-01"}, B | {"referral_date": "2019-05-01"}],
            "contacts": [A | {"contact_date": "2019-12-01"}],
        },
        covers_from="2019-04-01",
    )
    again = Delivery(
        Q3,
        {"care_leavers": [A | {"in_touch": "NO"}], "referrals": []},
    )
    merged, other = core(long, again), core(again, long)
    assert merged.tables["care_leavers"]["in_touch"].tolist() == ["NO"]
    assert set(merged.tables["coverage"].query("list == 'care_leavers'")["delivery_id"]) == {again.name}
    assert merged.tables["referrals"].set_index("referral_date")["status"].to_dict() == {
        pd.Timestamp("2019-12-01"): "withdrawn",
        pd.Timestamp("2019-05-01"): "current",
    }
    assert merged.tables["contacts"]["status"].tolist() == ["current"]
    for name, table in merged.tables.items():
        pd.testing.assert_frame_equal(other.tables[name], table)


def test_a_status_at_the_end_of_a_period_comes_from_the_delivery_that_replaced_another_of_its_day() -> None:
    case = A | {"cin_start_date": "2019-05-01"}
    first = Delivery(Q3, {"children_in_need": [case | {"case_status": "CPP"}]}, covers_from="2019-04-01")
    again = Delivery(Q3, {"children_in_need": [case | {"case_status": "CIN"}]})
    states = figures(first, again)
    assert figure(states, "cin_open_stock", "2019/20 Q3") == (1, None, None)
    assert figure(figures(first), "cin_open_stock", "2019/20 Q3") == (0, None, None)


@pytest.mark.parametrize("corrected", ["2019-05-28", "2019-05-31", "2019-06-03"])
def test_what_was_shown_of_a_record_counts_under_its_corrected_date(corrected: str) -> None:
    care = {"child_id": "A", "placement_type": "U1", "placements_last_12m": 3}
    facts = figures(
        Delivery("2019-06-30", {"children_in_care": [care | {"cla_start_date": "2019-06-01"}]}),
        Delivery("2019-09-30", {"children_in_care": [care | {"cla_start_date": corrected}]}),
    )
    for quarter in ("2019/20 Q1", "2019/20 Q2"):
        assert figure(facts, "cla_3plus_placements_pct", quarter) == (1, 1, None)
        assert figure(facts, "cla_placement_type", quarter, "quarter", "band", "U1") == (1, 1, None)


def test_what_was_shown_of_a_record_corrected_twice_counts_under_its_newest_date() -> None:
    care = {"child_id": "A", "placements_last_12m": 3}
    days = {"2019-06-30": "2019-06-01", "2019-09-30": "2019-06-03", "2019-12-31": "2019-06-02"}
    shown = [
        Delivery(as_at, {"children_in_care": [care | {"cla_start_date": day}]}) for as_at, day in days.items()
    ]
    assert figure(figures(*shown), "cla_3plus_placements_pct", "2019/20 Q1") == (1, 1, None)
