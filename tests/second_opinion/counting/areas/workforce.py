"""Workers and their caseloads, and what is not known of the children with an open case."""

from __future__ import annotations

from fractions import Fraction

from tests.second_opinion.counting.days import Period, birthday
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.lists import ENDS, KEY_DATES
from tests.second_opinion.counting.measures import Item, Kpi
from tests.second_opinion.counting.merging import unlike_rows
from tests.second_opinion.counting.selecting import near

CASE_LISTS = (
    "assessments",
    "children_in_need",
    "child_protection_plans",
    "children_in_care",
    "care_leavers",
)
SUPPORTED = ("R", "FR", "Q")
CASELOADS = ((10, "1-10"), (15, "11-15"), (20, "16-20"))
LARGEST = "21+"


def open_cases(history: History, period: Period) -> list[Item]:
    """Cases open at the period's end, as the delivery near it shows them."""
    rows = []
    for name in CASE_LISTS:
        delivery = history.received.near(name, period.end)
        shown = unlike_rows(delivery.lists[name]) if delivery else []
        for row in sorted(shown, key=lambda row: row.get(KEY_DATES.get(name, "")) or period.end):
            case = row | {"_list": name, "_gone": None, "list": name}
            if _is_open(history, case, period):
                rows.append(Item(case, period.end))
    return rows


def _is_open(history: History, row: dict, period: Period) -> bool:
    name = row["_list"]
    if name == "care_leavers":
        return row["eligibility"] in SUPPORTED and row["in_touch"] != "DIED"
    start, end = row[KEY_DATES[name]], row[ENDS[name]]
    if start is None or start > period.end or (end is not None and end <= period.end):
        return False
    if name != "children_in_care":
        return True
    born = history.own_or_persons(row, "date_of_birth")
    return history.is_care(row) and (born is None or birthday(born, 18) > period.end)


def workers(history: History, period: Period) -> list[Item]:
    """Each worker with a case, and how many different children; in the team of most of the cases."""
    children: dict[str, set[str]] = {}
    teams: dict[str, list[str]] = {}
    for item in open_cases(history, period):
        worker = item.row["allocated_worker"]
        if worker is not None:
            children.setdefault(worker, set()).add(item.person)
            if item.row["allocated_team"] is not None:
                teams.setdefault(worker, []).append(item.row["allocated_team"])
    found = []
    for worker, held in children.items():
        named = sorted(teams.get(worker, []))
        team = max(sorted(set(named)), key=named.count) if named else None
        row = {"_list": "workers", "child_id": worker, "allocated_team": team}
        found.append(Item(row, period.end, Fraction(len(held))))
    return found


def caseload(_: History, item: Item, __: Period) -> str:
    return next((band for most, band in CASELOADS if item.worth <= most), LARGEST)


def children(history: History, period: Period) -> list[Item]:
    """The children with an open case, each by the first in the order of the lists."""
    return one_a_child(open_cases(history, period))


def unallocated(history: History, period: Period) -> list[Item]:
    """The children with an open case for which no worker is named, each by the first of those."""
    cases = open_cases(history, period)
    return one_a_child([item for item in cases if item.row["allocated_worker"] is None])


def one_a_child(items: list[Item]) -> list[Item]:
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.person, item)
    return list(found.values())


NEAR = near(*CASE_LISTS)

KPIS = {
    "wf_caseload_avg": Kpi("mean", NEAR, workers),
    "wf_caseload_bands": Kpi("bands", NEAR, workers, workers, caseload),
    "wf_unallocated_count": Kpi("children", NEAR, unallocated),
}
