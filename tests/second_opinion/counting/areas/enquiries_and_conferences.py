"""Section 47 enquiries and initial child protection conferences."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.second_opinion.counting.areas.child_protection_plans import CONFERENCE_DAYS, ENQUIRED
from tests.second_opinion.counting.days import Period
from tests.second_opinion.counting.deliveries import Row
from tests.second_opinion.counting.durations import days_band, waiting_days, within
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi
from tests.second_opinion.counting.repeats import repeats
from tests.second_opinion.counting.selecting import every, flow, having, is_yes, populated, share_of

S47 = flow("section_47_enquiries", "s47_start_date")
NAMED = flow("section_47_enquiries", "icpc_date")


def conferences(history: History, period: Period) -> list[Item]:
    """Each pair of a child and a conference's date once, by the latest enquiry that began by then."""
    pairs: dict[tuple[str, dt.date], list[Item]] = {}
    for item in NAMED(history, period):
        pairs.setdefault((item.person, item.day), []).append(item)
    return [_speaks_for(items) for items in pairs.values()]


def _speaks_for(items: list[Item]) -> Item:
    """Of the enquiries of a conference the latest before it; of two of one day the first by their columns."""
    begun = [item for item in items if (day := item.row["s47_start_date"]) and day <= item.day]
    known = begun or [item for item in items if item.row["s47_start_date"] is not None] or items
    newest = max((item.row["s47_start_date"] for item in known if item.row["s47_start_date"]), default=None)
    alike = [item for item in known if item.row["s47_start_date"] == newest]
    return min(alike, key=lambda item: [(value is None, value) for value in _columns(item.row)])


def _columns(row: Row) -> list[Any]:
    return [value for name, value in row.items() if not name.startswith("_")]


def led_to_plan(history: History, item: Item, period: Period) -> bool:
    """Whether one of the enquiries that name the conference says that a plan came of it."""
    return any(
        row["icpc_resulted_in_cp_plan"] == "Y"
        for row in history.of_child("section_47_enquiries", item.person)
        if row["icpc_date"] == item.day
    )


KPIS = {
    "s47_count": Kpi("count", ENQUIRED, S47),
    "s47_rate_10k": Kpi("rate", every(ENQUIRED, populated), S47),
    "s47_to_icpc_pct": share_of(S47, lambda row: row["icpc_date"] is not None, ENQUIRED),
    "s47_icpc_unnecessary_pct": share_of(S47, is_yes("icpc_unnecessary"), ENQUIRED),
    "s47_repeat_12m_pct": Kpi(
        "share", ENQUIRED, repeats(S47, "section_47_enquiries", "s47_start_date", "s47_last_12m"), S47
    ),
    "icpc_count": Kpi("count", ENQUIRED, conferences),
    "icpc_rate_10k": Kpi("rate", every(ENQUIRED, populated), conferences),
    "icpc_15wd_pct": Kpi(
        "share", ENQUIRED, within("s47_start_date", "icpc_date", CONFERENCE_DAYS, conferences), conferences
    ),
    "icpc_median_wd": Kpi("median", ENQUIRED, waiting_days(conferences, "s47_start_date", "icpc_date")),
    "icpc_duration_bands": Kpi(
        "bands",
        ENQUIRED,
        conferences,
        conferences,
        lambda history, item, _: days_band((10, 15, 20), "s47_start_date", "icpc_date", history, item),
    ),
    "icpc_to_cpp_pct": Kpi("share", ENQUIRED, having(conferences, led_to_plan), conferences),
}
