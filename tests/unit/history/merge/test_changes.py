"""What the newest delivery changed, by two tiny deliveries."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.history.merge.changes import CHANGES
from tests.spec import casebook
from tests.spec.casebook import Delivery

BEFORE, NOW = "2019-09-30", "2019-12-31"
NORTH, SOUTH = {"allocated_team": "North"}, {"allocated_team": "South"}


def changes(name: str, before: dict[str, Any] | None, now: dict[str, Any] | None) -> pd.DataFrame:
    """What changed of one record of a list; None where a delivery does not show it."""
    rows = [[] if row is None else [{"child_id": "1", **row}] for row in (before, now)]
    return casebook.core(Delivery(BEFORE, {name: rows[0]}), Delivery(NOW, {name: rows[1]})).changes


def kinds(found: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The kind of each change and its texts."""
    return [
        (row["change"], *(row[name] for name in ("from_text", "to_text", "columns_changed") if row[name]))
        for row in found.astype(object).where(found.notna(), None).to_dict("records")
    ]


def case(**others: Any) -> dict[str, Any]:
    return {"cin_start_date": "2019-08-01", "primary_need": "N1", **NORTH, **others}


def test_a_record_that_is_shown_as_before_is_no_change() -> None:
    assert changes("children_in_need", case(), case()).empty


def test_a_record_that_no_earlier_delivery_shows_is_new() -> None:
    found = changes("children_in_need", None, case())
    assert kinds(found) == [("new",)]
    row = found.iloc[0]
    assert (row["team"], row["from_as_at"], row["to_as_at"]) == (
        "North",
        pd.Timestamp(BEFORE),
        pd.Timestamp(NOW),
    )
    assert (row["file"], row["sheet"], row["excel_row"]) == ("book.xlsx", "children_in_need", 2)


def test_a_first_delivery_changes_nothing() -> None:
    assert casebook.core(Delivery(NOW, {"children_in_need": [{"child_id": "1", **case()}]})).changes.empty


def test_a_record_with_an_end_is_closed_and_why_it_closed_is_no_change_of_its_own() -> None:
    closed = case(cin_closure_date="2019-11-01", closure_reason="RC1")
    found = changes("children_in_need", case(), closed)
    assert kinds(found) == [("closed",)]
    assert found.iloc[0]["end_date"] == pd.Timestamp("2019-11-01")
    assert kinds(changes("children_in_need", closed, case()))[0] == ("reopened",)


def test_a_record_moves_from_team_to_team_and_worker_to_worker() -> None:
    found = changes(
        "children_in_need", case(allocated_worker="a" * 16), case(**SOUTH, allocated_worker="b" * 16)
    )
    assert [each[0] for each in kinds(found)] == ["team", "worker"]
    assert kinds(found)[0] == ("team", "North", "South")
    before, now = found.iloc[1][["from_text", "to_text"]]
    assert (before, now) == (before.lower(), found.iloc[1]["worker"])
    assert "a" * 16 not in before  # a pseudonym


def test_a_child_moves_from_placement_to_placement() -> None:
    care = {"cla_start_date": "2019-08-01", "legal_status": "C2", "permanence_plan": "RETURN"}
    before = care | {"placement_start_date": "2019-08-01", "placement_type": "U1"}
    now = care | {"placement_start_date": "2019-11-01", "placement_type": "K1", "legal_status": "C1"}
    assert kinds(changes("children_in_care", before, now)) == [
        ("placement", "U1", "K1"),
        ("updated", "legal_status"),
    ]


def test_another_value_is_corrected_and_a_blank_is_filled_in() -> None:
    before = {"referral_date": "2019-09-02", "referral_source": "1A", **NORTH}
    now = {"referral_date": "2019-09-02", "referral_source": "2A", "referral_nfa": "N", **NORTH}
    assert kinds(changes("referrals", before, now)) == [
        ("filled in", "referral_nfa"),
        ("corrected", "referral_source"),
    ]


def test_what_moves_by_itself_is_no_change() -> None:
    assert changes("children_in_need", case(age_reported=9), case(age_reported=10)).empty


def test_a_record_that_goes_on_under_another_date_is_corrected_and_not_new() -> None:
    before, now = case(), case(cin_start_date="2019-08-15")
    found = changes("children_in_need", before, now)
    assert kinds(found) == [("corrected", "cin_start_date")]


def test_what_a_delivery_lacks_is_withdrawn_or_vanished_while_open() -> None:
    contact = {"contact_date": "2019-09-02"}
    assert kinds(changes("contacts", contact, None)) == [("withdrawn",)]
    assert kinds(changes("children_in_need", case(), None)) == [("vanished while open",)]


def test_what_is_older_than_the_window_is_not_gone() -> None:
    assert changes("contacts", {"contact_date": "2019-05-02"}, None).empty


def test_a_state_is_compared_person_by_person() -> None:
    leaver = {"eligibility": "R", "in_touch": "YES", "accommodation_type": "U", **NORTH}
    found = changes("care_leavers", leaver, leaver | {"in_touch": "NO"} | SOUTH)
    assert kinds(found) == [("team", "North", "South"), ("updated", "in_touch")]


def test_a_list_or_column_that_one_delivery_lacks_shows_no_change() -> None:
    rows = [{"child_id": "1", **case()}]
    lists = {"children_in_need": rows}
    assert casebook.core(Delivery(BEFORE, {"contacts": []}), Delivery(NOW, lists)).changes.empty
    assert casebook.core(Delivery(BEFORE, lists), Delivery(NOW, {"contacts": []})).changes.empty
    without = {"children_in_need": ("primary_need",)}
    empty = [{"child_id": "1", **case(primary_need=None)}]
    one, other = Delivery(BEFORE, {"children_in_need": empty}, without=without), Delivery(NOW, lists)
    assert casebook.core(one, other).changes.empty


def test_a_record_without_a_team_has_that_of_the_childs_case() -> None:
    lists = {"children_in_need": [{"child_id": "1", **case()}], "missing_episodes": []}
    missing = [{"child_id": "1", "missing_start": "2019-12-30"}]
    found = casebook.core(
        Delivery(BEFORE, lists), Delivery(NOW, lists | {"missing_episodes": missing})
    ).changes
    assert found[["list", "change", "team"]].to_numpy().tolist() == [["missing_episodes", "new", "North"]]


def test_two_deliveries_of_one_day_are_the_newest_together() -> None:
    first = Delivery(BEFORE, {"contacts": [], "referrals": []})
    one = Delivery(NOW, {"contacts": [{"child_id": "1", "contact_date": "2019-12-02"}]})
    other = Delivery(NOW, {"referrals": [{"child_id": "1", "referral_date": "2019-12-02"}]}, "2019-07-01")
    found = casebook.core(first, one, other).changes
    assert sorted(found["list"]) == ["contacts", "referrals"]


def test_no_change_has_the_columns_of_the_contract() -> None:
    found = changes("contacts", None, None)
    assert found.dtypes.astype(str).to_dict() == CHANGES.dtypes
