"""Children in care who go missing."""

from __future__ import annotations

from fractions import Fraction

from tests.second_opinion.counting.children_in_care import CARE, is_of_a_child
from tests.second_opinion.counting.days import Period, birthday, plus_days
from tests.second_opinion.counting.deliveries import Row, as_day
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi, Select
from tests.second_opinion.counting.selecting import at_end, flow, is_yes, rows_having, share_of, whole

RHI_DAYS = 3
OF_ALL = flow("missing_episodes", "missing_start")


def missing_of(*kinds: str | None) -> Select:
    """Episodes of these types that started in the period, of children in care that day."""

    def select(history: History, period: Period) -> list[Item]:
        return [
            item
            for item in OF_ALL(history, period)
            if item.row["missing_type"] in kinds and item.person in history.in_care(item.day)
        ]

    return select


MISSING, AWAY = missing_of("M", None), missing_of("A")


def missing_now(history: History, period: Period) -> list[Item]:
    """Missing episodes open at the period's end of children in care that day."""
    found = []
    for row in history.rows("missing_episodes"):
        start, end = as_day(row["missing_start"]), as_day(row["missing_end"])
        is_open = start is not None and start <= period.end and (end is None or end > period.end)
        if is_open and row["missing_type"] in ("M", None) and row["child_id"] in history.in_care(period.end):
            found.append(Item(row, period.end))
    return found


def ever_in_care(history: History, period: Period) -> list[Item]:
    """Children looked after on any day of the period, on their first day of it."""
    found = []
    for row in history.rows(CARE):
        start, born = row["cla_start_date"], history.own_or_persons(row, "date_of_birth")
        adult = None if born is None else birthday(born, 18)
        ends = [day for day in (row["cla_end_date"], row["_gone"], adult) if day is not None]
        in_period = start <= period.end and all(day > period.start for day in ends)
        if is_of_a_child(history, row) and in_period:
            found.append(Item(row, max(start, period.start)))
    return found


def returned_then_interviewed(history: History, period: Period) -> list[Item]:
    """Missing episodes of children in care that ended in the period and whose interview was accepted."""
    return [
        item
        for item in flow("missing_episodes", "missing_end")(history, period)
        if item.row["missing_type"] in ("M", None)
        and item.row["rhi_accepted"] == "Y"
        and item.person in history.in_care(as_day(item.row["missing_start"]) or item.day)
    ]


def hours_missing(history: History, period: Period) -> list[Item]:
    """Missing episodes of children in care that ended in the period, with their hours."""
    found = []
    for item in flow("missing_episodes", "missing_end")(history, period):
        start, end = item.row["missing_start"], item.row["missing_end"]
        is_missing = item.row["missing_type"] in ("M", None)
        if is_missing and end >= start and item.person in history.in_care(start.date()):
            hours = Fraction(int((end - start).total_seconds()), 3600)
            found.append(item._replace(worth=hours))
    return found


def within_three_days(row: Row) -> bool:
    held, back = row["rhi_date"], as_day(row["missing_end"])
    return held is not None and back is not None and held <= plus_days(back, RHI_DAYS)


def more_than_once(history: History, period: Period) -> list[Item]:
    items = MISSING(history, period)
    times: dict[str, int] = {}
    for item in items:
        times[item.person] = times.get(item.person, 0) + 1
    return [item for item in items if times[item.person] > 1]


AWOL = whole("missing_episodes", CARE)
RETURNED = rows_having(MISSING, lambda row: row["missing_end"] is not None)
OFFERED = rows_having(MISSING, is_yes("rhi_offered"))

KPIS = {
    "missing_cla_open_stock": Kpi("children", at_end("missing_episodes", CARE), missing_now),
    "missing_episodes_count": Kpi("count", AWOL, MISSING),
    "missing_children_count": Kpi("children", AWOL, MISSING),
    "missing_cla_pct": Kpi("share_of_children", AWOL, MISSING, ever_in_care),
    "missing_repeat_pct": Kpi("share_of_children", AWOL, more_than_once, MISSING),
    "missing_rhi_offered_pct": Kpi("share", AWOL, rows_having(RETURNED, is_yes("rhi_offered")), RETURNED),
    "missing_rhi_accepted_count": Kpi("count", AWOL, rows_having(MISSING, is_yes("rhi_accepted"))),
    "missing_rhi_accepted_pct": share_of(OFFERED, is_yes("rhi_accepted"), AWOL),
    "missing_rhi_72h_pct": share_of(returned_then_interviewed, within_three_days, AWOL),
    "missing_median_hours": Kpi("median", AWOL, hours_missing),
    "away_episodes_count": Kpi("count", AWOL, AWAY),
}
