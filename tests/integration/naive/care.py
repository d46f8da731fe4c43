"""Children in care, missing children and care leavers, counted in loops."""

from __future__ import annotations

import datetime as dt

from tests.integration.naive.core import Cell, Core, share
from tests.integration.naive.days import plus_months
from tests.integration.naive.records import Row

IN_EET = ("F1", "P1", "F2", "P2", "F3", "P3", "F4", "P4", "F5", "P5")
DEFAULT_FREQUENCY_DAYS = 56


def in_care_count(core: Core, _: dt.date, end: dt.date) -> Cell:
    return Cell(len(core.in_care(end)))


def moved_often(core: Core, _: dt.date, end: dt.date) -> Cell:
    """Children in care with three or more placements in twelve months, as the delivery near E says."""
    children = set()
    for row in core.in_care_rows(end):
        shown = core.state("children_in_care", row["record_key"], end)
        if shown is not None and (shown["placements_last_12m"] or 0) >= 3:
            children.add(row["person_ref"])
    return Cell(len(children))


def moved_often_share(core: Core, start: dt.date, end: dt.date) -> Cell:
    return share(moved_often(core, start, end).numerator or 0, len(core.in_care(end)))


def visits_in_time(core: Core, start: dt.date, end: dt.date) -> Cell:
    """Visits due in the period; one that was not made is late. The sample gives each its due date."""
    in_time = due = 0
    for row in core.rows["cla_visits"]:
        if row["cla_visit_due_date"] is None or row["visit_type"] != "Statutory":
            raise ValueError("the sample has only statutory visits, each with a due date")
        made, due_date = row["cla_visit_date"], row["cla_visit_due_date"]
        if start <= due_date <= end:
            due += 1
            in_time += made is not None and made <= due_date
    return share(in_time, due)


def missing_at_end(core: Core, _: dt.date, end: dt.date) -> Cell:
    open_rows = core.open_rows("missing_episodes", "missing_start", "missing_end", end)
    missing = {row["person_ref"] for row in open_rows if row["missing_type"] == "M"}
    return Cell(len(missing & core.in_care(end)))


def missing_episodes(core: Core, start: dt.date, end: dt.date) -> list[Row]:
    """Episodes of type missing that started in the period, the child in care that day (ruling 10)."""
    return [
        row
        for row in core.events("missing_episodes", "missing_start", start, end)
        if row["missing_type"] == "M" and row["person_ref"] in core.in_care(row["missing_start"])
    ]


def missing_count(core: Core, start: dt.date, end: dt.date) -> Cell:
    return Cell(len(missing_episodes(core, start, end)))


def interviews_accepted(core: Core, start: dt.date, end: dt.date) -> Cell:
    return Cell(sum(row["rhi_accepted"] == "Y" for row in missing_episodes(core, start, end)))


def leavers(core: Core, end: dt.date) -> dict[str, Row]:
    """Relevant and former relevant, not died, on the list of the delivery near E (rulings 4 and 6)."""
    near = core.deliveries.near("care_leavers", end)
    found: dict[str, Row] = {}
    for row in core.rows["care_leavers"]:
        is_here = near is not None and row["delivery_id"] == near["delivery_id"]
        if is_here and row["eligibility"] in ("R", "FR") and row["in_touch"] != "DIED":
            if row["person_ref"] in found:
                raise ValueError("the sample has one row a care leaver and delivery")
            found[row["person_ref"]] = row
    return found


def plans_known(core: Core, leaver: Row) -> list[Row]:
    """The care leaver's plan reviews up to the delivery's date, oldest first."""
    reviews = [
        row
        for row in core.rows["pathway_plans"]
        if row["person_ref"] == leaver["person_ref"] and row["pathway_plan_review_date"] <= leaver["as_at"]
    ]
    return sorted(reviews, key=lambda row: row["pathway_plan_review_date"])


def has_plan(core: Core, leaver: Row, end: dt.date) -> bool:
    """Ruling 6: the latest review + 6 calendar months >= E."""
    reviews = [row["pathway_plan_review_date"] for row in plans_known(core, leaver)]
    if leaver["pathway_plan_review_date"] is not None:
        reviews.append(leaver["pathway_plan_review_date"])
    return bool(reviews) and plus_months(max(reviews), 6) >= end


def is_in_touch(core: Core, leaver: Row, end: dt.date) -> bool:
    """Ruling 6: in touch, and the latest contact + the plan's frequency >= E."""
    plans = plans_known(core, leaver)
    frequency = (plans[-1]["contact_frequency_days"] if plans else None) or DEFAULT_FREQUENCY_DAYS
    latest = leaver["latest_contact_date"]
    is_recent = latest is not None and latest + dt.timedelta(days=int(frequency)) >= end
    return bool(leaver["in_touch"] == "YES" and is_recent)


def leavers_count(core: Core, _: dt.date, end: dt.date) -> Cell:
    return Cell(len(leavers(core, end)))


def in_eet(core: Core, _: dt.date, end: dt.date) -> Cell:
    return Cell(sum(row["activity_status"] in IN_EET for row in leavers(core, end).values()))


def in_eet_share(core: Core, start: dt.date, end: dt.date) -> Cell:
    return share(in_eet(core, start, end).numerator or 0, len(leavers(core, end)))


def suitably_housed(core: Core, _: dt.date, end: dt.date) -> Cell:
    rows = leavers(core, end).values()
    return share(sum(row["accommodation_suitability"] == "1" for row in rows), len(rows))


def with_plan(core: Core, _: dt.date, end: dt.date) -> Cell:
    rows = leavers(core, end).values()
    return share(sum(has_plan(core, row, end) for row in rows), len(rows))


def in_touch(core: Core, _: dt.date, end: dt.date) -> Cell:
    rows = leavers(core, end).values()
    return share(sum(is_in_touch(core, row, end) for row in rows), len(rows))


def with_plan_and_in_touch(core: Core, _: dt.date, end: dt.date) -> Cell:
    rows = leavers(core, end).values()
    return share(sum(has_plan(core, row, end) and is_in_touch(core, row, end) for row in rows), len(rows))
