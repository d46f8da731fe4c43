"""An as-at date too long after the newest event (docs/rulings.md#23), by example."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cf_pipeline.history.holds.event_gap import event_gap
from cf_pipeline.history.holds.find import find_doubts
from tests.spec.casebook import Delivery, cleaned_lists, manifest_of

AS_AT = "2019-12-31"
DATES = {
    "contacts": "contact_date",
    "referrals": "referral_date",
    "section_47_enquiries": "s47_start_date",
    "missing_episodes": "missing_start",
    "cla_visits": "cla_visit_date",
    "early_help_referrals": "early_help_referral_date",
}


def daily(name: str, first: str, last: str) -> list[dict[str, str]]:
    """An event on each day from the first to the last."""
    days = pd.date_range(first, last).strftime("%Y-%m-%d")
    return [{"child_id": str(number), DATES[name]: day} for number, day in enumerate(days)]


def found(delivery: Delivery) -> list[tuple[str, str, str]]:
    """(list, rule, status) of each doubt; the list of one about the whole delivery is ''."""
    doubts = find_doubts(cleaned_lists([delivery]), manifest_of([delivery]))
    return list(doubts[["list", "rule", "status"]].itertuples(index=False, name=None))


def test_september_in_the_folder_of_december_holds_the_delivery_and_names_the_newest_event() -> None:
    lists = {name: daily(name, "2019-07-01", "2019-09-28") for name in ("contacts", "referrals")}
    delivery = Delivery(AS_AT, lists)
    assert found(delivery) == [("", "as_at_too_late", "held")]
    (said,) = find_doubts(cleaned_lists([delivery]), manifest_of([delivery]))["reason"]
    assert said.startswith("the newest event is of 2019-09-28, 94 days before the as-at date; about 46 days")


@pytest.mark.parametrize("name", DATES)
def test_one_list_of_another_date_is_held_alone(name: str) -> None:
    lists = {other: daily(other, "2019-07-01", "2019-12-30") for other in DATES}
    lists[name] = daily(name, "2019-07-01", "2019-09-28")
    assert found(Delivery(AS_AT, lists)) == [(name, "as_at_too_late", "held")]


def test_a_list_whose_events_are_all_older_than_the_days_covered_is_held_too() -> None:
    lists = {"contacts": daily("contacts", "2019-07-01", "2019-12-30")}
    lists["missing_episodes"] = daily("missing_episodes", "2019-01-01", "2019-05-31")
    assert found(Delivery(AS_AT, lists)) == [("missing_episodes", "as_at_too_late", "held")]


def test_an_empty_list_and_a_month_without_events_are_no_doubt() -> None:
    quiet = daily("missing_episodes", "2019-07-01", "2019-11-30")
    lists = {"contacts": daily("contacts", "2019-07-01", "2019-12-30"), "missing_episodes": quiet}
    assert not found(Delivery(AS_AT, lists | {"referrals": []}))


def test_brothers_and_sisters_of_one_day_weigh_as_one() -> None:
    family = [{"child_id": str(n), "contact_date": "2019-09-02"} for n in range(50)]
    assert not found(Delivery(AS_AT, {"contacts": family}))


@pytest.mark.parametrize(
    ("days", "rule"),
    [(9, None), (10, "as_at_perhaps_late"), (18, "as_at_perhaps_late"), (19, "as_at_too_late")],
    ids=["4.5", "5.0", "8.9", "9.4"],
)
def test_more_than_nine_days_with_an_event_may_not_be_lacking(days: int, rule: str | None) -> None:
    """The window is of 185 days, and the newest event 92 days before its end."""
    events = daily("contacts", "2019-07-01", "2019-09-30")
    chosen = [*events[: days - 1], events[-1]]
    assert [rule_ for _, rule_, _ in found(Delivery(AS_AT, {"contacts": chosen}))] == ([rule] if rule else [])
    first = pd.Timestamp("2019-06-30")
    dates = np.array([row["contact_date"] for row in chosen], dtype="datetime64[us]")
    gap = event_gap(dates, first, pd.Timestamp(AS_AT))
    assert gap is not None
    assert gap.expected == pytest.approx(days * 92 / 185)
