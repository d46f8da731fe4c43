"""Contacts, referrals, early help, short breaks and assessments, counted in loops."""

from __future__ import annotations

import datetime as dt

from tests.integration.naive.core import Cell, Core, share
from tests.integration.naive.days import working_days


def contacts(core: Core, start: dt.date, end: dt.date) -> Cell:
    return Cell(len(core.events("contacts", "contact_date", start, end)))


def contacts_in_one_day(core: Core, start: dt.date, end: dt.date) -> Cell:
    in_time = due = 0
    for row in core.events("contacts", "contact_date", start, end):
        if row["contact_completed_date"] is not None:
            taken = working_days(row["contact_date"], row["contact_completed_date"])
            due += 1
            in_time += taken is not None and taken <= 1
        elif (working_days(row["contact_date"], row["as_at"]) or 0) > 1:  # ruling 11
            due += 1
    return share(in_time, due)


def referrals(core: Core, start: dt.date, end: dt.date) -> Cell:
    return Cell(len(core.events("referrals", "referral_date", start, end)))


def conversion(core: Core, start: dt.date, end: dt.date) -> Cell:
    return share(
        len(core.events("referrals", "referral_date", start, end)),
        len(core.events("contacts", "contact_date", start, end)),
    )


def early_help(core: Core, start: dt.date, end: dt.date) -> Cell:
    return Cell(len(core.events("early_help_referrals", "early_help_referral_date", start, end)))


def short_breaks(core: Core, start: dt.date, end: dt.date) -> Cell:
    """Different disabled children with a delivered break that overlaps the period (ruling 7)."""
    children = set()
    for row in core.rows["short_breaks"]:
        if row["is_delivered"] == "N" or core.own_or_persons(row, "has_disability") == "N":
            continue
        last, gone = row["short_break_end_date"], row["vanished_date"]
        is_over = (last is not None and last < start) or (gone is not None and gone <= start)
        if row["short_break_start_date"] <= end and not is_over:
            children.add(row["person_ref"])
    return Cell(len(children))


def assessments_started(core: Core, start: dt.date, end: dt.date) -> Cell:
    return Cell(len(core.events("assessments", "assessment_start_date", start, end)))


def assessments_completed(core: Core, start: dt.date, end: dt.date) -> Cell:
    return Cell(len(core.events("assessments", "assessment_authorised_date", start, end)))


def assessments_in_45_days(core: Core, start: dt.date, end: dt.date) -> Cell:
    in_time = authorised = 0
    for row in core.events("assessments", "assessment_authorised_date", start, end):
        taken = working_days(row["assessment_start_date"], row["assessment_authorised_date"])
        authorised += 1
        in_time += taken is not None and taken <= 45
    return share(in_time, authorised)
