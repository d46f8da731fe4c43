"""From when a long extract covers (docs/rulings.md#24), by example."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cf_pipeline.history.coverage import coverage, list_deliveries
from cf_pipeline.history.holds.doubt_issues import find_far_dates
from cf_pipeline.history.long_extract import first_day_after_silence
from tests.spec.casebook import Delivery, clean_frames, manifest_of

AS_AT = "2019-12-31"


def events(name: str, column: str, first: str, last: str, count: int) -> dict[str, list[dict[str, str]]]:
    days = pd.date_range(first, last, periods=count).strftime("%Y-%m-%d")
    return {name: [{"child_id": str(number), column: day} for number, day in enumerate(days)]}


def covers_from(delivery: Delivery) -> dict[str, str]:
    manifest, lists = manifest_of([delivery]), clean_frames([delivery])
    covers = coverage(manifest, list_deliveries(manifest, lists))
    return {row.list: f"{row.covers_from:%Y-%m-%d}" for row in covers.itertuples()}


def count_far_rows(delivery: Delivery) -> int:
    return int(find_far_dates(clean_frames([delivery]), manifest_of([delivery]))["rows"].sum())


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("referrals", "referral_date"),
        ("contacts", "contact_date"),
        ("section_47_enquiries", "s47_start_date"),
        ("cla_visits", "cla_visit_date"),
    ],
)
def test_one_event_years_before_the_others_covers_nothing_and_is_told(name: str, column: str) -> None:
    lists = events("referrals", "referral_date", "2018-01-02", "2019-12-20", 60)
    child = {"child_id": "early", column: "2002-05-07"}
    lists = lists | {name: [*lists.get(name, []), child]}
    delivery = Delivery(AS_AT, lists)
    assert covers_from(delivery)["referrals"] == "2018-01-01"
    assert count_far_rows(delivery) == 1


def test_what_the_folder_states_is_not_doubted() -> None:
    lists = events("referrals", "referral_date", "2018-01-02", "2019-12-20", 60)
    lists["referrals"].append({"child_id": "early", "referral_date": "2002-05-07"})
    delivery = Delivery(AS_AT, lists, covers_from="2002-04-01")
    assert covers_from(delivery) == {"referrals": "2002-04-01"}
    assert count_far_rows(delivery) == 0


def test_early_events_alone_make_no_long_extract() -> None:
    lists = events("contacts", "contact_date", "2019-07-02", "2019-12-20", 40)
    lists["contacts"] += [{"child_id": f"early {n}", "contact_date": "2002-05-07"} for n in range(8)]
    delivery = Delivery(AS_AT, lists)
    assert covers_from(delivery) == {"contacts": "2019-06-30"}
    assert count_far_rows(delivery) == 8


def test_a_quiet_year_of_a_small_council_is_covered() -> None:
    lists = events("referrals", "referral_date", "2017-01-02", "2017-12-20", 6)
    lists["referrals"] += events("referrals", "referral_date", "2019-01-02", "2019-12-20", 8)["referrals"]
    delivery = Delivery(AS_AT, lists)
    assert covers_from(delivery) == {"referrals": "2017-01-01"}
    assert count_far_rows(delivery) == 0


@pytest.mark.parametrize(("count", "first"), [(35, None), (36, "2019-01-01")], ids=["8.8", "9.1"])
def test_a_silence_is_too_long_when_more_than_nine_events_were_expected(
    count: int, first: str | None
) -> None:
    """The 92 days from October 2018 are silent; the 365 days after them hold the events."""
    year = ["2019-01-01", "2019-05-01", "2019-08-01", *["2019-11-01"] * (count - 3)]
    days = np.array(["2018-09-30", *year], dtype="datetime64[us]")
    found = first_day_after_silence({"contacts": days}, pd.Timestamp(AS_AT))
    assert found == (None if first is None else pd.Timestamp(first))


def test_of_several_silences_the_last_decides() -> None:
    year = ["2019-01-01", "2019-05-01", "2019-08-01", *["2019-11-01"] * 99]
    days = np.array(["2010-01-01", "2014-01-01", *year], dtype="datetime64[us]")
    found = first_day_after_silence({"contacts": days}, pd.Timestamp(AS_AT))
    assert found == pd.Timestamp("2019-01-01")
