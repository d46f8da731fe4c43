"""Which deliveries are held until someone confirms them (docs/rulings.md#9), by example."""

from __future__ import annotations

import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.holds.doubt import Acceptance, Doubt
from cf_pipeline.history.holds.find import content_hash, find_doubts
from cf_pipeline.history.holds.hold import (
    acceptance_sentences,
    hold_reasons,
    hold_sentences,
    mark_accepted,
    mark_held,
)
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from cf_pipeline.warehouse.delivery_tables import deliveries
from tests.spec.casebook import (
    AUTHORITY,
    KEY,
    NO_QUARANTINE,
    Delivery,
    clean_frames,
    cleaned_lists,
    figure,
    manifest_of,
)

NO_HISTORY = table_contract("core/deliveries").empty()
NO_LEDGER = table_contract("core/row_ledger").empty()
Q2, Q3 = "2019-09-30", "2019-12-31"


def referrals(count: int, day: str = "2019-08-01", prefix: str = "") -> list[dict[str, str]]:
    return [{"child_id": f"{prefix}{number}", "referral_date": day} for number in range(1, count + 1)]


def holds(*deliveries: Delivery, accepted: tuple[Acceptance, ...] = ()) -> dict[str, str]:
    """What is held (a delivery, or 'delivery/list') -> why."""
    found = find_doubts(cleaned_lists(deliveries), manifest_of(deliveries), accepted)
    held = found[found["status"].eq("held")]
    place = held["delivery_id"].where(held["is_delivery_held"], held["delivery_id"] + "/" + held["list"])
    return dict(held["reason"].groupby(place).agg("; ".join))


def accept(found: dict[str, str], doubt: Doubt) -> Acceptance:
    assert found
    return Acceptance("camden", Q3, "A. Analyst", "it is right", "2020-01-06T09:00:00+00:00", (doubt,))


@pytest.mark.parametrize(
    ("before", "after", "is_held"),
    [(30, 23, True), (30, 24, False), (6, 0, True), (5, 0, False)],
    ids=["7 of 30", "6 of 30 is a fifth", "6 of 6", "5 of 5 are few"],
)
def test_more_than_a_fifth_and_more_than_five_of_a_lists_records_may_not_vanish(
    before: int, after: int, is_held: bool
) -> None:
    found = holds(
        Delivery(Q2, {"referrals": referrals(before)}), Delivery(Q3, {"referrals": referrals(after)})
    )
    assert list(found) == ([f"{Q3}/referrals"] if is_held else [])
    if is_held:
        said = f"Referrals lacks {before - after} of the {before} records that it should still hold"
        assert found[f"{Q3}/referrals"] == said


def test_records_that_aged_out_or_that_a_newer_spell_hides_have_not_vanished() -> None:
    care = [{"child_id": str(n), "cla_start_date": "2019-05-01"} for n in range(10)]
    again = [row | {"cla_start_date": "2019-11-01"} for row in care]
    old = referrals(10, "2019-05-01")
    assert not holds(
        Delivery(Q2, {"referrals": old, "children_in_care": care}),
        Delivery(Q3, {"referrals": [], "children_in_care": again}),
    )


@pytest.mark.parametrize(
    "evidence",
    [
        {"children_in_care": {"cla_end_date": "2019-07-15", "cla_end_reason": "E11"}},
        {"children_in_care": {"cla_end_date": "2019-07-15", "cla_end_reason": "E12"}},
        {"adoptions": {"adm_decision_date": "2019-01-01", "adoption_order_date": "2019-07-15"}},
    ],
)
def test_the_locked_records_of_adopted_children_are_no_doubt(evidence: dict[str, dict[str, str]]) -> None:
    children = [{"child_id": str(n)} for n in range(10)]
    care = [child | {"cla_start_date": "2018-05-01", "cla_end_date": "2019-07-15"} for child in children]
    contacts = [child | {"contact_date": "2019-07-10"} for child in children]
    lists = {"children_in_care": care, "contacts": contacts}
    gone = {name: [] for name in ("children_in_care", "contacts", "adoptions")}
    assert len(holds(Delivery(Q2, lists), Delivery(Q3, gone))) > 0
    for name, words in evidence.items():
        said = {name: [child | {"cla_start_date": "2018-05-01"} | words for child in children]}
        assert not holds(Delivery(Q2, lists | said), Delivery(Q3, gone))


def test_an_export_that_begins_to_show_numbers_is_no_doubt() -> None:
    contacts = [{"child_id": str(n), "contact_date": "2019-08-01"} for n in range(10)]
    numbered = [row | {"contact_id": f"C{n}"} for n, row in enumerate(contacts)]
    assert not holds(Delivery(Q2, {"contacts": contacts}), Delivery(Q3, {"contacts": numbered}))


def test_records_gone_once_are_not_held_against_the_next_delivery() -> None:
    first = Delivery(Q2, {"referrals": referrals(30)})
    second = Delivery("2019-10-31", {"referrals": referrals(25)})
    third = Delivery(Q3, {"referrals": referrals(20)})
    assert not holds(first, second, third)
    assert list(holds(first, third)) == [f"{Q3}/referrals"]


def test_a_held_delivery_is_no_measure_for_the_next() -> None:
    first = Delivery(Q2, {"referrals": referrals(30)})
    second = Delivery("2019-10-31", {"referrals": referrals(10)})
    third = Delivery(Q3, {"referrals": referrals(30)})
    assert list(holds(first, second, third)) == ["2019-10-31/referrals"]


def test_a_list_of_states_that_had_more_than_five_children_may_not_be_empty() -> None:
    six = [{"child_id": str(number)} for number in range(6)]
    empty = Delivery(Q3, {"care_leavers": []})
    found = holds(Delivery(Q2, {"care_leavers": six}), empty)
    assert found == {f"{Q3}/care_leavers": "Care leavers is empty, and held 6 records in the delivery before"}
    assert not holds(Delivery(Q2, {"care_leavers": six[:5]}), empty)


def test_a_list_that_is_not_delivered_holds_nothing() -> None:
    assert not holds(Delivery(Q2, {"referrals": referrals(30)}), Delivery(Q3, {"contacts": []}))


@pytest.mark.mess(37)
@pytest.mark.parametrize(("changed", "is_held"), [(2, False), (3, True)])
def test_more_than_half_of_the_ids_may_not_be_old_ones_with_other_zeros(changed: int, is_held: bool) -> None:
    then = [{"child_id": f"00{n}", "contact_date": "2019-08-01"} for n in range(1, 5)]
    now = [
        {"child_id": f"{n}" if n <= changed else f"00{n}", "contact_date": "2019-12-01"} for n in range(1, 5)
    ]
    found = holds(Delivery(Q2, {"contacts": then}), Delivery(Q3, {"contacts": now}))
    assert list(found) == ([Q3] if is_held else [])
    if is_held:
        assert found[Q3].startswith("3 of its 4 child ids differ from known ones in leading zeros only")


@pytest.mark.mess(54)
@pytest.mark.parametrize(
    ("late", "rows", "is_held"), [(2, 40, False), (3, 40, True), (1, 10, False), (2, 10, True)]
)
def test_more_than_one_row_in_twenty_may_not_be_after_the_as_at_date(
    late: int, rows: int, is_held: bool
) -> None:
    dated = [*referrals(rows - late), *referrals(late, "2020-01-01", "late ")]
    assert bool(holds(Delivery(Q3, {"referrals": dated}))) is is_held


@pytest.mark.parametrize(("left", "is_held"), [(10, False), (8, False), (7, True)], ids=["20", "22", "23"])
def test_an_accepted_doubt_holds_again_when_it_grew_by_over_a_tenth(left: int, is_held: bool) -> None:
    first = Delivery(Q2, {"referrals": referrals(30)})
    doubt = Doubt("records_vanished", "referrals", "", 20, "Referrals lacks 20 of the 30 records")
    accepted = accept(holds(first, Delivery(Q3, {"referrals": referrals(10)})), doubt)
    changed = Delivery(Q3, {"referrals": referrals(left)})
    assert bool(holds(first, changed, accepted=(accepted,))) is is_held


def test_an_accepted_doubt_covers_no_other_doubt_list_or_delivery() -> None:
    first = Delivery(Q2, {"referrals": referrals(30)})
    second = Delivery(Q3, {"referrals": referrals(10)})
    held = holds(first, second)
    for doubt in (
        Doubt("ids_unusable", "referrals", "", 20, ""),
        Doubt("records_vanished", "contacts", "", 20, ""),
        Doubt("records_vanished", "referrals", "referral_date", 20, ""),
    ):
        assert holds(first, second, accepted=(accept(held, doubt),)) == held
    other = Acceptance("camden", Q2, "A", "b", "c", (Doubt("records_vanished", "referrals", "", 20, ""),))
    assert holds(first, second, accepted=(other,)) == held


def test_what_was_accepted_by_the_hash_of_its_files_still_counts_until_they_change() -> None:
    first = Delivery(Q2, {"referrals": referrals(30)})
    second = Delivery(Q3, {"referrals": referrals(10)})
    content = content_hash(manifest_of([first, second]), Q3)
    accepted = Acceptance("camden", Q3, "A", "b", "c", content_hash=content)
    assert not holds(first, second, accepted=(accepted,))
    manifest = manifest_of([first, second])
    manifest["sha256"] = manifest["sha256"].mask(manifest["delivery_id"].eq(Q3), "other")
    found = find_doubts(cleaned_lists([first, second]), manifest, (accepted,))
    assert list(found["status"]) == ["held"]


def test_a_content_is_the_same_under_other_names_and_twice() -> None:
    delivery = Delivery(Q3, {"referrals": referrals(3), "contacts": []})
    manifest = manifest_of([delivery])
    renamed = manifest.assign(file="other.xlsx", sha256=manifest["sha256"])
    assert content_hash(renamed, Q3) == content_hash(manifest, Q3)
    assert content_hash(manifest.assign(sha256=["1", "2"]), Q3) == content_hash(
        manifest.assign(sha256=["2", "1"]), Q3
    )


def test_a_held_list_is_told_with_its_place_the_reason_and_how_to_confirm_it() -> None:
    deliveries = [Delivery(Q2, {"referrals": referrals(30)}), Delivery(Q3, {"referrals": referrals(10)})]
    found = find_doubts(cleaned_lists(deliveries), manifest_of(deliveries))
    (said,) = hold_sentences("camden", found)
    assert said.startswith("camden/2019-12-31: Referrals lacks 20 of the 30 records")
    assert "`cf-pipeline accept camden/2019-12-31/referrals --by NAME --because TEXT`" in said
    assert "the rest of the delivery counts" in said


@pytest.mark.parametrize(
    ("doubtful", "others", "is_delivery_held"),
    [(3, 1, True), (2, 0, False), (3, 6, False), (3, 5, True)],
    ids=["3 of 4", "2 of 2 are few", "3 of 9 are no more than a third", "3 of 8"],
)
def test_a_delivery_is_held_when_over_a_third_and_at_least_three_of_its_lists_are(
    doubtful: int, others: int, is_delivery_held: bool
) -> None:
    names = list(list_contracts())
    lists: dict[str, list[dict[str, str]]] = {name: [] for name in names[doubtful : doubtful + others]}
    lists |= {name: [{list_contracts()[name].person: "1"}] for name in names[:doubtful]}
    aside = dict.fromkeys(names[:doubtful], 2)
    found = holds(Delivery(Q3, lists, set_aside=aside))
    assert list(found) == (
        [Q3] if is_delivery_held else [f"{Q3}/{name}" for name in sorted(names[:doubtful])]
    )


def test_what_someone_accepted_is_told_with_who_when_and_why() -> None:
    first, second = (
        Delivery(Q2, {"referrals": referrals(30)}),
        Delivery(Q3, {"referrals": referrals(10), "contacts": []}),
    )
    doubt = Doubt("records_vanished", "referrals", "", 20, "")
    accepted = accept(holds(first, second), doubt)
    manifest = manifest_of([first, second])
    found = find_doubts(cleaned_lists([first, second]), manifest, (accepted,))
    told = (
        "Referrals lacks 20 of the 30 records that it should still hold; it counts because A. Analyst"
        " accepted it on 2020-01-06: It is right."
    )
    assert acceptance_sentences("camden", found) == [f"camden/{Q3}/referrals: {told}"]
    marked = mark_accepted(manifest, found).set_index(["delivery_id", "list"])["accepted"]
    assert marked.dropna().to_dict() == {(Q3, "referrals"): told}
    published = deliveries("E09000007", mark_accepted(manifest, found), NO_HISTORY, NO_LEDGER)
    assert published.set_index("delivery_id")["accepted"].dropna().to_dict() == {Q3: told}


def test_a_delivery_of_which_some_lists_are_held_is_read_and_names_them() -> None:
    first, second = (
        Delivery(Q2, {"referrals": referrals(30)}),
        Delivery(Q3, {"referrals": referrals(10), "contacts": []}),
    )
    manifest = manifest_of([first, second])
    found = find_doubts(cleaned_lists([first, second]), manifest)
    marked = mark_held(manifest, hold_reasons(found, manifest))
    published = deliveries("E09000007", marked, NO_HISTORY, NO_LEDGER).set_index("delivery_id")
    assert published.loc[Q3, ["status", "lists_held"]].tolist() == ["read", "referrals"]
    assert str(published.loc[Q3, "reason"]).startswith("Referrals lacks 20 of the 30 records")


def test_figures_that_need_a_held_list_say_so_in_its_periods_and_others_count() -> None:
    first = Delivery(Q2, {"referrals": referrals(30), "contacts": []}, covers_from="2018-04-01")
    second = Delivery(Q3, {"referrals": referrals(10), "contacts": []})
    manifest = manifest_of([first, second])
    reasons = hold_reasons(find_doubts(cleaned_lists([first, second]), manifest), manifest)
    lists = clean_frames([first, second])
    lists["referrals"] = lists["referrals"].query("delivery_id != @Q3")
    merged = merge_deliveries(lists, NO_QUARANTINE, mark_held(manifest, reasons), AUTHORITY, KEY)
    facts = measure_kpis(
        merged.tables, load_registry(), AUTHORITY, only=["referrals_count", "contacts_count"]
    )
    assert figure(facts, "contacts_count", "2019/20 Q3") == (0, None, None)
    assert figure(facts, "referrals_count", "2019/20 Q2") == (30, None, None)
    assert figure(facts, "referrals_count", "2019/20 Q3") == (None, None, "x")
    is_absent = facts["kpi_id"].eq("referrals_count") & facts["quarter_key"].eq("2019/20 Q3")
    assert set(facts.loc[is_absent, "reason"]) == {
        "Referrals of the delivery 2019-12-31 is held until someone accepts it or it is delivered again:"
        " Referrals lacks 20 of the 30 records that it should still hold."
    }
