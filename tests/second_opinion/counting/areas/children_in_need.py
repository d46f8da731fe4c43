"""Children in need."""

from __future__ import annotations

from tests.second_opinion.counting.days import Period, plus_months
from tests.second_opinion.counting.durations import duration_band, months_open, seen_near
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Covered, Item, Kpi, first_of_each
from tests.second_opinion.counting.selecting import at_end, every, flow, having, near, populated, whole

SEEN_DAYS = 20
CLOSED = flow("children_in_need", "cin_closure_date")


def in_need(history: History, period: Period) -> list[Item]:
    return first_of_each([Item(row, period.end) for row in history.in_need_rows(period.end)])


def all_in_need(history: History, period: Period) -> list[Item]:
    """Open in list 6, 7 or 8, or a care leaver (qualifying ones too) on list 9; by the first of them."""
    parts = (
        history.open_rows("children_in_need", period.end),
        history.open_rows("child_protection_plans", period.end),
        history.in_care_rows(period.end),
        [row | {"_among_children": True} for row in history.leavers(period.end, ("R", "FR", "Q"))],
    )
    found: dict[str, Item] = {}
    for part in parts:
        for item in first_of_each([Item(row, period.end) for row in part]):
            found.setdefault(item.person, item)
    return list(found.values())


def is_disabled(history: History, item: Item, _: Period) -> bool:
    return bool(history.own_or_persons(item.row, "has_disability") == "Y")


def is_short(_: History, item: Item, period: Period) -> bool:
    return period.end <= plus_months(item.row["cin_start_date"], 6)


KNOWN: Covered = every(at_end("children_in_need"), near("children_in_need"))
ANY_NEED: Covered = every(
    at_end("children_in_need", "child_protection_plans", "children_in_care"), near("care_leavers")
)
CIN = whole("children_in_need")

KPIS = {
    "cin_open_stock": Kpi("children", KNOWN, in_need),
    "cin_all_stock": Kpi("children", ANY_NEED, all_in_need),
    "cin_rate_10k": Kpi("rate_of_children", every(ANY_NEED, populated), all_in_need),
    "cin_started_count": Kpi("count", CIN, flow("children_in_need", "cin_start_date")),
    "cin_ended_count": Kpi("count", CIN, CLOSED),
    "cin_duration_bands": Kpi(
        "bands_of_children",
        KNOWN,
        in_need,
        in_need,
        lambda _, item, period: duration_band(item.row["cin_start_date"], period.end),
    ),
    "cin_6m_or_less_pct": Kpi("share_of_children", KNOWN, having(in_need, is_short), in_need),
    "cin_2y_plus_pct": Kpi("share_of_children", KNOWN, months_open(24, "cin_start_date", in_need), in_need),
    "cin_ceased_duration_bands": Kpi(
        "bands",
        CIN,
        CLOSED,
        CLOSED,
        lambda _, item, __: duration_band(item.row["cin_start_date"], item.row["cin_closure_date"]),
    ),
    "cin_primary_need": Kpi(
        "bands_of_children", KNOWN, in_need, in_need, lambda _, item, __: item.row["primary_need"]
    ),
    "cin_seen_in_time_pct": Kpi(
        "share_of_children",
        KNOWN,
        having(in_need, seen_near("children_in_need", "last_seen_date", SEEN_DAYS)),
        in_need,
    ),
    "cin_disability_pct": Kpi("share_of_children", ANY_NEED, having(all_in_need, is_disabled), all_in_need),
}
