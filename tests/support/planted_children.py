"""A council of invented children, some planted: nobody shares their ids, birthdays or workers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from tests.support.arrivals import write_delivery

SLUG, CODE = "camden", "E09000007"
PLANTED, OTHERS = 200, 150
FIRST, SECOND, THIRD = "2018-07-01_2018-12-31", "2019-06-30", "2019-09-30"
LISTS = (
    "contacts",
    "referrals",
    "assessments",
    "section_47_enquiries",
    "children_in_need",
    "child_protection_plans",
    "children_in_care",
)
FIRST_END = dt.date(2019, 3, 1)
FIRST_BIRTHDAY = dt.date(2006, 1, 1)
Row = Mapping[str, str]


def planted_ids(count: int = PLANTED) -> list[str]:
    """The ids of the planted children in the case system."""
    return [f"QZX{number:04}" for number in range(count)]


def birthday(number: int) -> dt.date:
    """That of a planted child; no two have the same."""
    return FIRST_BIRTHDAY + dt.timedelta(days=7 * number)


def planted_texts(count: int = PLANTED) -> list[str]:
    """What is unique to the planted children: ids, birthdays as text, workers."""
    days = [birthday(number) for number in range(count)]
    written = [f"{day:%d/%m/%Y}" for day in days] + [f"{day:%Y-%m-%d}" for day in days]
    return [*planted_ids(count), *written, *(f"Quaggaworker{number:04}" for number in range(count))]


def deliver_planted(
    raw: Path, name: str, count: int = PLANTED, others: int = OTHERS, *, has_ends: bool = False
) -> None:
    """One delivery of the council: its planted children and the others, in seven lists.

    With `has_ends` the case of each planted child ended in spring 2019, that of each fifth other child in
    August 2019, and the others have events until the end of 2019; else every case is open.
    """
    last = dt.date.fromisoformat(name[-10:])
    first = dt.date.fromisoformat(name[:10]) if "_" in name else last - dt.timedelta(days=184)
    children = [*_planted(count), *_others(others)]
    if not has_ends:
        children = [{**child, "end": "", "has_later_events": ""} for child in children]
    lists = {each: list(_rows(list_contracts()[each], children, first, last)) for each in LISTS}
    write_delivery(raw / SLUG / name, lists)


def _planted(count: int) -> list[Row]:
    return [
        {
            "child_id": child_id,
            "date_of_birth": f"{birthday(number):%d/%m/%Y}",
            "gender": "F" if number % 3 else "M",
            "ethnicity": "WBRI",
            "allocated_worker": f"Quaggaworker{number:04}",
            "number": str(number),
            "end": f"{FIRST_END + dt.timedelta(days=number % 60):%Y-%m-%d}",
            "has_later_events": "",
        }
        for number, child_id in enumerate(planted_ids(count))
    ]


def _others(count: int) -> list[Row]:
    return [
        {
            "child_id": f"90{number:04}",
            "date_of_birth": "01/05/2012",
            "gender": "M" if number % 2 else "F",
            "ethnicity": "ABAN" if number % 4 else "WBRI",
            "allocated_worker": f"Worker {number % 5}",
            "number": str(number * 3 + 1),
            "end": "" if number % 5 else "2019-08-15",
            "has_later_events": "yes",
        }
        for number in range(count)
    ]


def _rows(contract: ListContract, children: list[Row], start: dt.date, last: dt.date) -> Iterator[Row]:
    """The rows of a list on an as-at date: what began or ended from a day on, and what is open."""
    is_period = contract.kind == "period"
    shown = {"child_id", "date_of_birth", "gender", "ethnicity", *filter(None, [contract.worker])}
    for child in children:
        number = int(child["number"])
        if number % 4 and contract.name in ("child_protection_plans", "children_in_care"):
            continue
        first = dt.date(2018, 7, 2) + dt.timedelta(days=(number * 13 + len(contract.name)) % 178)
        second = dt.date(2019, 1, 3) + dt.timedelta(days=(number * 7 + len(contract.name)) % 176)
        later = dt.date(2019, 7, 2) + dt.timedelta(days=(number * 17 + len(contract.name)) % 180)
        events = [first, second, later] if child["has_later_events"] else [first, second]
        for day in [first] if is_period else events:
            end = dt.date.fromisoformat(child["end"]) if is_period and child["end"] else None
            if day <= last and (end or last if is_period else day) >= start:
                own = {name: text for name, text in child.items() if name in shown}
                if end is not None and end <= last:
                    own[str(contract.end_date)] = f"{end:%d/%m/%Y}"
                yield own | {str(contract.key_date): f"{day:%d/%m/%Y}"}
