"""Unread is not none (docs/rulings.md#22): which lists are held for what could not be read, by example."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.holds.doubt_issues import find_unread_column_issues
from cf_pipeline.history.holds.find import find_doubts
from cf_pipeline.history.holds.hold import mark_unread_columns
from cf_pipeline.history.holds.unread import find_unread_columns
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.spec.casebook import (
    AUTHORITY,
    KEY,
    NO_QUARANTINE,
    Delivery,
    cleaned_lists,
    figure,
    manifest_of,
)

AS_AT = "2019-12-31"
DATED = [
    (name, column)
    for name, contract in list_contracts().items()
    for column in (contract.key_date, *contract.ends)
    if column
]


def held(delivery: Delivery) -> dict[str, str]:
    found = find_doubts(cleaned_lists([delivery]), manifest_of([delivery]))
    return dict(found.loc[found["status"].eq("held"), ["list", "reason"]].itertuples(index=False))


def rows(name: str, column: str, read: int, unread: int = 0) -> list[dict[str, str | None]]:
    """Rows with an unread date in a column, then rows with one that was read."""
    person = list_contracts()[name].person
    dates = [None] * unread + ["2019-12-02"] * read
    return [{person: f"{position}", column: day} for position, day in enumerate(dates)]


@pytest.mark.parametrize(("name", "column"), DATED)
def test_every_key_date_and_every_end_of_every_list_is_guarded(name: str, column: str) -> None:
    delivery = Delivery(AS_AT, {name: rows(name, column, 8, 2)}, unread={(name, column): 2})
    header = list_contracts()[name].column(column).header
    title = list_contracts()[name].title
    assert held(delivery)[name] == f"{title}: 2 of the 10 dates in '{header}' cannot be read"


@pytest.mark.parametrize(
    ("read", "unread", "is_held"),
    [(0, 1, False), (0, 2, True), (38, 2, False), (37, 2, True), (95, 5, False), (94, 5, True)],
    ids=["1 of 1", "2 of 2", "2 of 40", "2 of 39", "5 of 100", "5 of 99"],
)
@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("contacts", "contact_date"),
        ("children_in_care", "cla_end_date"),
        ("adoptions", "decision_reversed_date"),
    ],
)
def test_more_than_one_in_twenty_and_at_least_two_of_the_dates_may_not_be_unread(
    name: str, column: str, read: int, unread: int, is_held: bool
) -> None:
    listed = rows(name, column, read, unread)
    assert bool(held(Delivery(AS_AT, {name: listed}, unread={(name, column): unread}))) is is_held


def test_a_blank_end_is_not_unread() -> None:
    assert not held(Delivery(AS_AT, {"children_in_care": rows("children_in_care", "cla_start_date", 20)}))


@pytest.mark.parametrize(
    ("read", "aside", "said"),
    [
        (38, 2, None),
        (37, 2, "2 of the 39 rows have no usable identifier"),
        (3, 1, None),
        (0, 1, "its only row was set aside"),
    ],
    ids=["2 of 40", "2 of 39", "1 of 4", "1 of 1"],
)
@pytest.mark.parametrize("name", ["contacts", "care_leavers", "adopters"])
def test_rows_without_an_id_hold_a_list_and_a_list_emptied_is_no_true_zero(
    name: str, read: int, aside: int, said: str | None
) -> None:
    person = list_contracts()[name].person
    listed = [{person: str(number)} for number in range(read)]
    found = held(Delivery(AS_AT, {name: listed}, set_aside={name: aside}))
    assert found == ({} if said is None else {name: f"{list_contracts()[name].title}: {said}"})


@settings(max_examples=25, deadline=None)
@given(read=st.integers(0, 60), unread=st.integers(0, 8))
def test_the_guard_is_the_rule(read: int, unread: int) -> None:
    listed = rows("referrals", "referral_date", read, unread)
    delivery = Delivery(AS_AT, {"referrals": listed}, unread={("referrals", "referral_date"): unread})
    assert bool(held(delivery)) is (unread >= 2 and unread / (read + unread) > 0.05)


@pytest.mark.parametrize(
    ("name", "column", "kpi_id", "kept"),
    [
        ("contacts", "contact_completed_date", "contacts_1wd_pct", "contacts_count"),
        ("section_47_enquiries", "icpc_date", "icpc_count", "s47_count"),
        ("children_in_care", "last_visit_date", "cla_visit_uptodate_pct", "cla_stock"),
        ("care_leavers", "latest_contact_date", "cl_in_touch_plan_pct", "cl_stock"),
    ],
)
def test_another_dated_column_that_cannot_be_read_counts_as_not_delivered(
    name: str, column: str, kpi_id: str, kept: str
) -> None:
    contract = list_contracts()[name]
    listed = [row | {str(contract.key_date or "gender"): "2019-11-01"} for row in rows(name, column, 2, 2)]
    listed = [row | ({"gender": "F"} if contract.key_date is None else {}) for row in listed]
    delivery = Delivery(AS_AT, {name: listed}, covers_from="2018-04-01", unread={(name, column): 2})
    content, manifest = cleaned_lists([delivery]), manifest_of([delivery])
    assert not held(delivery)
    unread = find_unread_columns(content)
    assert unread["column"].tolist() == [column]
    marked = mark_unread_columns(manifest, unread)
    assert find_unread_column_issues(unread, marked)["rule"].tolist() == ["column_unread"]
    merged = merge_deliveries(content.lists, NO_QUARANTINE, marked, AUTHORITY, KEY)
    facts = measure_kpis(merged.tables, load_registry(), AUTHORITY, only=[kpi_id, kept])
    assert figure(facts, kept, "2019/20 Q3")[2] is None
    assert figure(facts, kpi_id, "2019/20 Q3") == (None, None, "x")
    is_absent = facts["kpi_id"].eq(kpi_id) & facts["quarter_key"].eq("2019/20 Q3")
    header = contract.column(column).header
    said = f"Too many dates in the column {header} of {contract.title} cannot be read."
    assert set(facts.loc[is_absent, "reason"]) == {said}
