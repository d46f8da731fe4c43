"""A child's events in order."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import prepare_counter
from cf_pipeline.worklists.day import Day
from cf_pipeline.worklists.timeline import TIMELINE, list_events
from tests.spec import casebook
from tests.spec.casebook import Delivery


def timeline(*deliveries: Delivery) -> pd.DataFrame:
    return list_events(Day.newest(prepare_counter(casebook.core(*deliveries).tables, load_registry())))


def test_events_stand_in_the_order_of_their_days_then_of_the_case() -> None:
    lists = {
        "assessments": [{"child_id": "1", "assessment_start_date": "2019-10-02"}],
        "contacts": [
            {"child_id": "1", "contact_date": "2019-10-01", "contact_completed_date": "2019-10-02"},
            {"child_id": "1", "contact_date": "2019-10-01", "contact_source": "1A"},
        ],
        "referrals": [{"child_id": "1", "referral_date": "2019-10-02", "referral_source": "1A"}],
        "children_in_need": [{"child_id": "1", "cin_start_date": "2019-10-20", "allocated_team": "North"}],
        "child_protection_plans": [],
        "children_in_care": [],
        "care_leavers": [],
    }
    found = timeline(Delivery("2019-12-31", lists))
    assert found["event"].tolist() == [
        *("contact", "contact", "contact decided", "referral"),
        *("assessment started", "child in need started"),
    ]
    assert found["event_no"].tolist() == [1, 2, 3, 4, 5, 6]
    assert set(found["team"]) == {"North"}
    assert found["category"].dropna().tolist() == ["1A", "1A"]


def test_a_state_that_every_delivery_says_again_is_one_event() -> None:
    leaver = {"child_id": "1", "eligibility": "R", "in_touch": "YES", "latest_contact_date": "2019-08-01"}
    deliveries = [Delivery(day, {"care_leavers": [leaver]}) for day in ("2019-09-30", "2019-12-31")]
    assert timeline(*deliveries)["event"].tolist() == ["care leaver contact"]


def test_what_a_later_delivery_withdrew_is_no_event() -> None:
    first = Delivery("2019-09-30", {"contacts": [{"child_id": "1", "contact_date": "2019-09-02"}]})
    assert timeline(first, Delivery("2019-12-31", {"contacts": []})).empty


def test_no_rows_have_the_columns_of_the_contract() -> None:
    found = timeline(Delivery("2019-12-31", {"contacts": []}))
    assert found.dtypes.astype(str).to_dict() == TIMELINE.dtypes
