"""The cells of rows about children: the child, dates, how long there is left, the team and the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Cell
from cf_pipeline.dashboard.pages.records.rows.labels import NO_TEAM, NO_WORKER, team_text, worker_text
from cf_pipeline.dashboard.visit import Visit

SOON_DAYS = 7
"""So many days before the last day in time, a row is marked."""
NOT_KNOWN = Cell("–", value="", unseen="not known")
NONE_DUE = Cell("–", value="", unseen="nothing due")


def child_cell(visit: Visit, person_ref: Any, child_ids: Mapping[str, str]) -> Cell:
    """The case id of a child, which leads to the timeline; the address holds the pseudonym alone."""
    name = str(person_ref)
    return Cell(child_ids.get(name, "id not known"), href=visit.href("child", person_ref=name))


def date_cell(date: Any) -> Cell:
    """'24 Nov 2019', which is sorted and saved as 2019-11-24; a dash for none."""
    if pd.isna(date):
        return NOT_KNOWN
    return Cell(f"{date.day} {date:%b %Y}", value=f"{date:%Y-%m-%d}")


def left_cell(days_left: Any) -> Cell:
    """How long there is left: '3 days left', 'due today', '3 days over'; a dash where nothing is due."""
    if pd.isna(days_left):
        return NONE_DUE
    days = int(days_left)
    if days < 0:
        return Cell(f"{_days_text(-days)} over", days, mark="bad")
    text = f"{_days_text(days)} left" if days else "due today"
    return Cell(text, days, mark="notice" if days <= SOON_DAYS else "")


def number_cell(number: Any, href: str | None = None) -> Cell:
    """A whole number; a dash where it is not known."""
    return NOT_KNOWN if pd.isna(number) else Cell(f"{int(number):,}", int(number), href)


def yes_no_cell(value: Any) -> Cell:
    """'yes' or 'no'; a dash where it is not known."""
    return NOT_KNOWN if pd.isna(value) else Cell("yes" if value else "no")


def team_cell(team: Any) -> Cell:
    """A team; 'no team' in words, and nothing in files."""
    text = team_text(team)
    return Cell(text, value="" if text == NO_TEAM else None)


def worker_cell(worker: Any, name: Any) -> Cell:
    """A worker; 'no worker' in words, and nothing in files."""
    text = worker_text(worker, name)
    return Cell(text, value="" if text == NO_WORKER else None)


def place_text(row: Any) -> str:
    """Where a record stands: 'Annex A.xlsx, List 8, row 16'."""
    parts = [str(part) for part in (row.file, row.sheet) if not pd.isna(part)]
    return ", ".join([*parts, f"row {int(row.excel_row)}"] if not pd.isna(row.excel_row) else parts)


def _days_text(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"
