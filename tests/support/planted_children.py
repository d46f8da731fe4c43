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


def deliver_planted(raw: Path, name: str, count: int = PLANTED) -> None:
    """One delivery of the council: its planted children and the others, in seven lists."""
    last = dt.date.fromisoformat(name[-10:])
    children = [*_planted(count), *_others()]
    lists = {list_name: list(_rows(list_contracts()[list_name], children, last)) for list_name in LISTS}
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
        }
        for number, child_id in enumerate(planted_ids(count))
    ]


def _others() -> list[Row]:
    return [
        {
            "child_id": f"90{number:04}",
            "date_of_birth": "01/05/2012",
            "gender": "M" if number % 2 else "F",
            "ethnicity": "ABAN" if number % 4 else "WBRI",
            "allocated_worker": f"Worker {number % 5}",
            "number": str(number * 3 + 1),
        }
        for number in range(OTHERS)
    ]


def _rows(contract: ListContract, children: list[Row], last: dt.date) -> Iterator[Row]:
    """The rows of a list on an as-at date: what began in the six months before it, and what is open."""
    is_open = contract.kind == "period"
    shown = {"child_id", "date_of_birth", "gender", "ethnicity", *filter(None, [contract.worker])}
    for child in children:
        number = int(child["number"])
        if number % 4 and contract.name in ("child_protection_plans", "children_in_care"):
            continue
        first = dt.date(2018, 7, 2) + dt.timedelta(days=(number * 13 + len(contract.name)) % 178)
        second = dt.date(2019, 1, 3) + dt.timedelta(days=(number * 7 + len(contract.name)) % 176)
        for day in [first] if is_open else [first, second]:
            if day <= last and (is_open or day > last - dt.timedelta(days=183)):
                own = {name: text for name, text in child.items() if name in shown}
                yield own | {str(contract.key_date): f"{day:%d/%m/%Y}"}
