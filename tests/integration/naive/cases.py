"""Children in need and on protection plans, with their durations, and initial conferences."""

from __future__ import annotations

import datetime as dt

from tests.integration.naive.core import Cell, Core, share
from tests.integration.naive.days import plus_months, working_days

DURATION_BANDS = ("<=3m", ">3-6m", ">6m-<1y", "1-<2y", "2y+")


def duration_band(since: dt.date, end: dt.date) -> str:
    """Rulings 2 and 16: calendar months from the start to the period's end."""
    if plus_months(since, 3) >= end:
        return "<=3m"
    if plus_months(since, 6) >= end:
        return ">3-6m"
    if plus_months(since, 12) > end:
        return ">6m-<1y"
    return "1-<2y" if plus_months(since, 24) > end else "2y+"


def in_need(core: Core, end: dt.date) -> dict[str, dt.date]:
    """Each child with an open case whose status is child in need plan, and since when."""
    since: dict[str, dt.date] = {}
    for row in core.open_rows("children_in_need", "cin_start_date", "cin_closure_date", end):
        if core.case_status(row["record_key"], end) == "CIN":
            child, begun = row["person_ref"], row["cin_start_date"]
            since[child] = min(since.get(child, begun), begun)
    return since


def on_plans(core: Core, end: dt.date) -> dict[str, dt.date]:
    """Each child on a protection plan, and since when."""
    since: dict[str, dt.date] = {}
    for row in core.open_rows("child_protection_plans", "cp_plan_start_date", "cp_plan_end_date", end):
        child, begun = row["person_ref"], row["cp_plan_start_date"]
        since[child] = min(since.get(child, begun), begun)
    return since


def in_need_count(core: Core, _: dt.date, end: dt.date) -> Cell:
    return Cell(len(in_need(core, end)))


def in_need_six_months(core: Core, _: dt.date, end: dt.date) -> Cell:
    since = in_need(core, end).values()
    return share(sum(end <= plus_months(day, 6) for day in since), len(since))


def in_need_of_duration(core: Core, end: dt.date, band: str) -> Cell:
    since = in_need(core, end).values()
    return share(sum(duration_band(day, end) == band for day in since), len(since))


def on_plans_count(core: Core, _: dt.date, end: dt.date) -> Cell:
    return Cell(len(on_plans(core, end)))


def on_plans_12_to_24_months(core: Core, _: dt.date, end: dt.date) -> Cell:
    since = on_plans(core, end).values()
    return Cell(sum(plus_months(day, 12) <= end < plus_months(day, 24) for day in since))


def on_plans_of_duration(core: Core, end: dt.date, band: str) -> Cell:
    since = on_plans(core, end).values()
    return share(sum(duration_band(day, end) == band for day in since), len(since))


def conferences_in_15_days(core: Core, start: dt.date, end: dt.date) -> Cell:
    in_time = held = 0
    for row in core.events("section_47_enquiries", "icpc_date", start, end):
        taken = working_days(row["s47_start_date"], row["icpc_date"])
        held += 1
        in_time += taken is not None and taken <= 15
    return share(in_time, held)
