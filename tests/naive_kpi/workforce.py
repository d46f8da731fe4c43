"""Workers and their caseloads, and what is not known of the children with an open case."""

from __future__ import annotations

from fractions import Fraction

from tests.naive_kpi.days import Period, plus_months
from tests.naive_kpi.history import STARTS, History
from tests.naive_kpi.measures import Item, Kpi
from tests.naive_kpi.merging import ENDS, unlike_rows
from tests.naive_kpi.selecting import having, near, populated

CASE_LISTS = (
    "assessments",
    "children_in_need",
    "child_protection_plans",
    "children_in_care",
    "care_leavers",
)
SUPPORTED = ("R", "FR", "Q")
NOT_KNOWN = ("REFU", "NOBT", None)
CASELOADS = ((10, "1-10"), (15, "11-15"), (20, "16-20"))
LARGEST = "21+"


def open_cases(history: History, period: Period) -> list[Item]:
    """Cases open at the period's end, as the delivery near it shows them."""
    rows = []
    for name in CASE_LISTS:
        delivery = history.received.near(name, period.end)
        shown = unlike_rows(delivery.lists[name]) if delivery else []
        for row in sorted(shown, key=lambda row: row.get(STARTS.get(name, "")) or period.end):
            case = row | {"_list": name, "_gone": None, "list": name}
            if _is_open(history, case, period):
                rows.append(Item(case, period.end))
    return rows


def _is_open(history: History, row: dict, period: Period) -> bool:
    name = row["_list"]
    if name == "care_leavers":
        return row["eligibility"] in SUPPORTED and row["in_touch"] != "DIED"
    start, end = row[STARTS[name]], row[ENDS[name]]
    if start is None or start > period.end or (end is not None and end <= period.end):
        return False
    if name != "children_in_care":
        return True
    born = history.own_or_persons(row, "date_of_birth")
    return history.is_care(row) and (born is None or plus_months(born, 18 * 12) > period.end)


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


def is_unknown(history: History, item: Item, _: Period) -> bool:
    return history.person(item.person, "ethnicity") in NOT_KNOWN


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


def persons(history: History, period: Period) -> list[Item]:
    """Everybody under 18 at the middle of the year before the reporting year."""
    number = history.population.get(period.quarter.year, 0)
    return [Item({"_list": "population", "child_id": ""}, period.end)] * number


def rows_set_aside(history: History, period: Period) -> list[Item]:
    """The rows of the delivery near the period's end that could not be used."""
    delivery = history.received.near_any(period.end)
    aside = delivery.set_aside if delivery else {}
    return [row for name, number in aside.items() for row in _rows(name, number, period)]


def rows_read(history: History, period: Period) -> list[Item]:
    """Every row of that delivery."""
    delivery = history.received.near_any(period.end)
    used = {name: len(rows) for name, rows in delivery.lists.items()} if delivery else {}
    read = [row for name, number in used.items() for row in _rows(name, number, period)]
    return read + rows_set_aside(history, period)


def _rows(name: str, number: int, period: Period) -> list[Item]:
    return [Item({"_list": name, "child_id": "", "adopter_id": "", "list": name}, period.end)] * number


def delivered_near(history: History, period: Period) -> bool:
    return history.received.near_any(period.end) is not None


NEAR = near(*CASE_LISTS)

KPIS = {
    "pop_0_17": Kpi("count", populated, persons),
    "dq_rejected_rows_pct": Kpi("share", delivered_near, rows_set_aside, rows_read),
    "wf_caseload_avg": Kpi("mean", NEAR, workers),
    "wf_caseload_bands": Kpi("bands", NEAR, workers, workers, caseload),
    "wf_unallocated_count": Kpi("children", NEAR, unallocated),
    "dq_unknown_ethnicity_pct": Kpi("share_of_children", NEAR, having(children, is_unknown), children),
}
