"""Which deliveries supply a list, and which of one day counts."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.kpi.measure.delivery_index import DeliveryIndex

ROWS = [
    ("b", "2019-09-30", "cin", "case_status;gender"),
    ("a", "2019-09-30", "cin", "gender"),
    ("c", "2019-12-31", "cin", "case_status"),
    ("a", "2019-09-30", "cla", "gender"),
]
COVERAGE = pd.DataFrame(ROWS, columns=["delivery_id", "as_at", "list", "columns_supplied"]).assign(
    as_at=lambda rows: pd.to_datetime(rows["as_at"]),
    covers_from=pd.Timestamp("2019-04-01"),
    covers_to=lambda rows: rows["as_at"],
)


def test_deliveries_come_oldest_first_and_by_name_within_a_day() -> None:
    assert DeliveryIndex.from_coverage(COVERAGE).with_lists(("cin",)).ids == ("a", "b", "c")


def test_the_last_of_a_day_replaces_the_others() -> None:
    assert DeliveryIndex.from_coverage(COVERAGE).with_lists(("cin",)).last_of_each_day().ids == ("b", "c")
    assert (
        DeliveryIndex.from_coverage(COVERAGE).with_lists(("missing_episodes",)).last_of_each_day().ids == ()
    )


def test_a_table_of_two_lists_needs_a_delivery_of_both() -> None:
    assert DeliveryIndex.from_coverage(COVERAGE).with_lists(("cin", "cla")).ids == ("a",)


def test_a_table_of_no_list_is_supplied_by_every_delivery() -> None:
    assert DeliveryIndex.from_coverage(COVERAGE).with_lists(()).ids == ("a", "b", "c")


def test_only_deliveries_with_every_column_supply_it() -> None:
    assert DeliveryIndex.from_coverage(COVERAGE).with_lists(("cin",)).with_columns({"case_status"}).ids == (
        "b",
        "c",
    )
