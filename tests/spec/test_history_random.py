"""Random small histories: the order in which deliveries arrive never changes the result."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cf_pipeline.history.holds.find import find_doubts
from cf_pipeline.history.merge.core import Core, find_issues, merge_deliveries
from tests.spec.casebook import (
    AUTHORITY,
    KEY,
    NO_QUARANTINE,
    Delivery,
    clean_frames,
    cleaned_lists,
    core,
    manifest_of,
)

LATEST = pd.Timestamp("2019-12-31")
DATES = ("2019-03-31", "2019-06-30", "2019-09-30", "2019-12-31")
DAYS = st.sampled_from(("2019-01-15", "2019-05-01", "2019-05-20", "2019-08-01", "2019-09-30", None))
CHILD = st.sampled_from(("A", "B", "0B"))
ROWS = {
    "contacts": st.fixed_dictionaries(
        {
            "child_id": CHILD,
            "contact_date": DAYS,
            "contact_source": st.sampled_from(("6", "8", None)),
            "contact_id": st.sampled_from(("7", None)),
            "gender": st.sampled_from(("F", None)),
        }
    ),
    "children_in_care": st.fixed_dictionaries(
        {
            "child_id": CHILD,
            "cla_start_date": DAYS,
            "cla_end_date": DAYS,
            "gender": st.sampled_from(("M", None)),
        }
    ),
    "care_leavers": st.fixed_dictionaries({"child_id": CHILD, "in_touch": st.sampled_from(("YES", "NO"))}),
}
LISTS = st.fixed_dictionaries({}, optional={name: st.lists(rows, max_size=6) for name, rows in ROWS.items()})
DELIVERY = st.builds(
    Delivery,
    as_at=st.sampled_from(DATES),
    lists=LISTS,
    covers_from=st.sampled_from((None, "2018-10-01", "2019-02-01")),
)


def is_something(deliveries: list[Delivery]) -> bool:
    return any(delivery.lists for delivery in deliveries)


HISTORIES = st.lists(DELIVERY, min_size=1, max_size=4, unique_by=lambda delivery: delivery.name).filter(
    is_something
)


def same(one: Core, other: Core) -> None:
    assert one.tables.keys() == other.tables.keys()
    for name, rows in one.tables.items():
        pd.testing.assert_frame_equal(other.tables[name], rows)
    pd.testing.assert_frame_equal(other.issues, one.issues)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries=HISTORIES, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_deliveries_and_of_their_rows_decides_nothing(deliveries, shuffled) -> None:
    once = core(*deliveries)
    order = shuffled.sample(deliveries, len(deliveries))
    seed = shuffled.randint(0, 2**31)
    frames = {name: rows.sample(frac=1, random_state=seed) for name, rows in clean_frames(order).items()}
    manifest = manifest_of(order).sample(frac=1, random_state=seed)
    same(once, merge_deliveries(frames, NO_QUARANTINE, manifest, AUTHORITY, KEY))
    pd.testing.assert_frame_equal(
        find_doubts(replace(cleaned_lists(deliveries), lists=frames), manifest),
        find_doubts(cleaned_lists(deliveries), manifest_of(deliveries)),
    )


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries=HISTORIES)
def test_every_row_is_accounted_for_and_a_later_delivery_changes_nothing_reported_before(deliveries) -> None:
    everything = core(*deliveries)
    ledger = everything.tables["row_ledger"]
    parts = ledger[["rows_core", "rows_quarantined", "rows_superseded"]].sum(axis=1)
    assert (ledger["rows_read"] == parts).all()
    earlier = [delivery for delivery in deliveries if pd.Timestamp(delivery.as_at) < LATEST]
    if is_something(earlier):
        until = LATEST - pd.Timedelta(days=1)
        frames, manifest = clean_frames(deliveries), manifest_of(deliveries)
        same(core(*earlier), merge_deliveries(frames, NO_QUARANTINE, manifest, AUTHORITY, KEY, until))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries=HISTORIES)
def test_the_issues_found_without_the_tables_are_those_of_the_merge(deliveries) -> None:
    frames, manifest = clean_frames(deliveries), manifest_of(deliveries)
    alone = find_issues(frames, NO_QUARANTINE, manifest, AUTHORITY, KEY)
    pd.testing.assert_frame_equal(alone, core(*deliveries).issues)
