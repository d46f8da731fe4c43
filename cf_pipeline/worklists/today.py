"""All that the lists of a day are, in one pass over what the KPIs have counted."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.worklists.day import Day
from cf_pipeline.worklists.list_items import list_items
from cf_pipeline.worklists.timeline import list_events


@dataclass(frozen=True)
class Today:
    """`lists`: what each list is (LISTS). `items`: their rows (ITEMS). `timeline`: every event (TIMELINE)."""

    lists: pd.DataFrame
    items: pd.DataFrame
    timeline: pd.DataFrame


def list_today(day: Day, issues: pd.DataFrame) -> Today:
    """The lists of a day and the timeline of every child; arguments as for `list_items`."""
    lists, items = list_items(day, issues)
    return Today(lists, items, list_events(day))
