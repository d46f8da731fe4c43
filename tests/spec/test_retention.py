"""What a purge takes and what it leaves, by example: years count from the end of a person's case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd
import pytest

from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING
from cf_pipeline.history.case_days import PERSON, read_case_days
from cf_pipeline.history.erased_people import ErasedPeople, find_purged_rows
from cf_pipeline.operations.privacy.ended_cases import EndedCases, choose_ended_cases
from cf_pipeline.project.privacy.retention_settings import RetentionSettings

TODAY = dt.date(2026, 11, 29)
NEWEST = "2026-09-30"
Records = Sequence[Mapping[str, str]]
Deliveries = Mapping[str, Mapping[str, Records]]


def contact(child: str, day: str) -> dict[str, str]:
    return {"child_id": child, "contact_date": day}


def plan(child: str, start: str, end: str = "") -> dict[str, str]:
    return {"child_id": child, "cp_plan_start_date": start, "cp_plan_end_date": end}


def text_rows(name: str, deliveries: Deliveries) -> pd.DataFrame:
    """The rows of a list in all deliveries, as they are read."""
    parts = []
    for as_at, lists in deliveries.items():
        rows = pd.DataFrame(
            list(lists.get(name, ())), columns=list_contracts()[name].column_names, dtype="str"
        )
        place = {"delivery_id": as_at, "as_at": as_at, "file": "a.xlsx", "sheet": name, "excel_row": 2}
        parts.append(rows.replace("", None).assign(**place).astype(PROVENANCE))
    return pd.concat(parts, ignore_index=True)


def ended(deliveries: Deliveries, today: dt.date = TODAY, **years: int) -> EndedCases:
    """What is past its retention: 4 years of a list, 6 of child protection plans, or as `years` says."""
    names = {name for lists in deliveries.values() for name in lists}
    days = {
        name: read_case_days(list_contracts()[name], text_rows(name, deliveries), NO_MAPPING)
        for name in names
    }
    entries = [{"list": name, "as_at": as_at} for as_at, lists in deliveries.items() for name in lists]
    manifest = pd.DataFrame(entries).astype({"as_at": "datetime64[us]"})
    own = {day: rows for day, rows in days.items() if len(rows)}
    return choose_ended_cases(own, manifest, RetentionSettings(years), today)


def going(deliveries: Deliveries, **years: int) -> dict[str, list[str]]:
    """List -> whose rows of it go."""
    return dict(ended(deliveries, **years).ids_by_list)


@pytest.mark.parametrize(
    ("end", "years", "is_kept"),
    [
        ("2022-11-28", 4, False),
        ("2022-11-29", 4, True),  # today 4 years ago is the first day that is kept
        ("2020-11-28", 6, False),
        ("2020-11-29", 6, True),
        ("2022-11-28", 6, True),
        ("1999-01-01", 0, True),  # 0 years: for good
        ("2026-11-30", 1, True),  # a date to come
    ],
)
def test_a_case_goes_when_it_ended_longer_ago_than_its_list_is_kept(
    end: str, years: int, is_kept: bool
) -> None:
    deliveries = {NEWEST: {"contacts": [contact("A1", end)]}}
    assert going(deliveries, contacts=years) == ({} if is_kept else {"contacts": ["A1"]})


def test_four_years_before_a_29_february_that_is_none_are_28_february() -> None:
    of_day = {day: {NEWEST: {"contacts": [contact("A1", day)]}} for day in ("2023-02-27", "2023-02-28")}
    leap_day = dt.date(2024, 2, 29)
    assert ended(of_day["2023-02-27"], leap_day, contacts=1)
    assert not ended(of_day["2023-02-28"], leap_day, contacts=1)


def test_each_list_has_years_of_its_own() -> None:
    deliveries = {
        NEWEST: {
            "contacts": [contact("A1", "2021-01-01")],
            "child_protection_plans": [plan("A1", "2020-05-01", "2021-01-05")],
        }
    }
    assert going(deliveries) == {"contacts": ["A1"]}


def test_a_case_ends_with_its_last_record_in_any_list() -> None:
    deliveries = {
        NEWEST: {
            "contacts": [contact("A1", "2010-01-01"), contact("B2", "2010-01-01")],
            "child_protection_plans": [plan("A1", "2020-05-01", "2024-01-05")],
        }
    }
    assert going(deliveries) == {"contacts": ["B2"]}


@pytest.mark.parametrize("year", ["2012", "2025"])
def test_an_open_case_stays_however_long_ago_it_began(year: str) -> None:
    deliveries = {
        NEWEST: {
            "child_protection_plans": [plan("A1", f"{year}-01-01")],
            "contacts": [contact("A1", "2011-01-01")],
        }
    }
    assert going(deliveries) == {}


def test_a_case_that_only_older_deliveries_show_open_ended_as_the_newest_says() -> None:
    deliveries = {
        "2015-06-30": {"child_protection_plans": [plan("A1", "2015-01-01")]},
        "2015-12-31": {"child_protection_plans": [plan("A1", "2015-01-01", "2015-06-28")]},
        NEWEST: {"child_protection_plans": []},
    }
    assert going(deliveries) == {"child_protection_plans": ["A1"]}


@pytest.mark.parametrize(("last_seen", "is_kept"), [("2019-06-30", False), ("2021-06-30", True)])
def test_a_case_that_vanished_while_open_ended_with_the_last_delivery_that_shows_it(
    last_seen: str, is_kept: bool
) -> None:
    deliveries = {
        last_seen: {"child_protection_plans": [plan("A1", "2015-01-01")]},
        NEWEST: {"child_protection_plans": [plan("B2", "2026-01-01")]},
    }
    assert going(deliveries) == ({} if is_kept else {"child_protection_plans": ["A1"]})


def test_a_list_that_is_delivered_no_more_keeps_what_it_shows_open() -> None:
    deliveries = {
        "2015-06-30": {"child_protection_plans": [plan("A1", "2015-01-01")]},
        NEWEST: {"contacts": [contact("B2", "2026-09-01")]},
    }
    assert going(deliveries) == {}


def test_a_care_leaver_counts_from_the_last_delivery_that_shows_them() -> None:
    old, new = [{"child_id": "A1"}], [{"child_id": "B2"}]
    assert going({"2015-06-30": {"care_leavers": old}, NEWEST: {"care_leavers": new}}) == {
        "care_leavers": ["A1"]
    }
    assert going({"2015-06-30": {"care_leavers": old}, NEWEST: {"care_leavers": old}}) == {}


def test_a_row_without_a_date_counts_as_of_its_delivery() -> None:
    of_year = {
        year: {f"{year}-06-30": {"contacts": [contact("A1", "soon")]}, NEWEST: {"contacts": []}}
        for year in (2015, 2024)
    }
    assert going(of_year[2015]) == {"contacts": ["A1"]}
    assert going(of_year[2024]) == {}


def test_adopters_have_cases_of_their_own() -> None:
    adopter = {"adopter_id": "A1", "enquiry_date": "2012-01-01", "left_process_date": "2013-01-01"}
    deliveries = {NEWEST: {"adopters": [adopter], "contacts": [contact("A1", "2026-01-01")]}}
    assert going(deliveries) == {"adopters": ["A1"]}


def test_records_and_children_of_whom_nothing_is_left_are_counted() -> None:
    contacts = [contact("A1", "2015-01-01"), contact("A1", "2015-02-01"), contact("B2", "2015-01-01")]
    deliveries = {
        "2015-06-30": {"contacts": contacts},
        NEWEST: {"contacts": contacts, "child_protection_plans": [plan("B2", "2015-01-01", "2021-01-01")]},
    }
    found = ended(deliveries)
    assert found.records == {"contacts": 3}
    assert found.children == ["A1"]


LATER = "2026-12-31"


@pytest.mark.parametrize(
    ("delivery", "start", "end", "is_loaded"),
    [
        ("2015-06-30", "2015-01-01", "", False),  # what was delivered before the purge
        ("2015-12-31", "2015-01-01", "2015-06-28", False),
        (NEWEST, "2015-01-01", "2015-06-28", False),
        (LATER, "2015-01-01", "2015-06-28", False),  # delivered again
        (LATER, "2014-03-01", "2014-05-01", False),  # and one that was not known
        (LATER, "2026-10-15", "", True),  # a new case of the same child
        (LATER, "2015-01-01", "", True),  # a case that is open again is not hidden
        (LATER, "2015-01-01", "2026-11-01", True),
    ],
)
def test_whether_a_row_is_loaded_after_the_purge_of_a_case(
    delivery: str, start: str, end: str, is_loaded: bool
) -> None:
    deliveries = {
        "2015-06-30": {"child_protection_plans": [plan("A1", "2015-01-01")]},
        NEWEST: {"child_protection_plans": [plan("A1", "2015-01-01", "2015-06-28")]},
    }
    assert loaded(deliveries, {delivery: {"child_protection_plans": [plan("A1", start, end)]}}) == is_loaded


def test_a_row_that_shows_a_case_open_after_it_ended_is_not_loaded() -> None:
    """Its end was recorded late: a delivery from after the cut-off date shows it as open."""
    open_still = {"2020-12-31": {"child_protection_plans": [plan("A1", "2015-01-01")]}}
    closed = {NEWEST: {"child_protection_plans": [plan("A1", "2015-01-01", "2020-11-01")]}}
    assert not loaded(open_still | closed, open_still)


def test_the_rows_of_another_child_and_of_another_list_are_loaded() -> None:
    deliveries = {NEWEST: {"child_protection_plans": [plan("A1", "2015-01-01", "2015-06-28")]}}
    assert loaded(deliveries, {NEWEST: {"child_protection_plans": [plan("B2", "2015-01-01", "2015-06-28")]}})
    assert loaded(deliveries, {NEWEST: {"contacts": [contact("A1", "2015-01-01")]}})


def loaded(purged: Deliveries, one_row: Deliveries) -> bool:
    """Whether a row is loaded after what is past its retention in some deliveries was purged."""
    cases = ended(purged)
    assert cases
    people = ErasedPeople("E09000007", keys=(bytes(32),))
    for name, ids in cases.ids_by_list.items():
        people = people.with_purge(name, ids, cases.purges[name])
    ((_, lists),) = one_row.items()
    (name,) = lists
    rows = text_rows(name, one_row)
    assert read_case_days(list_contracts()[name], rows, NO_MAPPING)[PERSON].notna().all()
    under_one_more_key = people.with_key(bytes(range(32)))
    found = [
        find_purged_rows(list_contracts()[name], rows, each, NO_MAPPING)
        for each in (people, under_one_more_key)
    ]
    assert found[0].tolist() == found[1].tolist()
    return not found[0].any()
