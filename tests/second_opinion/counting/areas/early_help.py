"""Early help and short breaks."""

from __future__ import annotations

from tests.second_opinion.counting.days import Period, plus_days
from tests.second_opinion.counting.deliveries import Row
from tests.second_opinion.counting.durations import waiting_days
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi
from tests.second_opinion.counting.selecting import at_end, flow, share_of, whole

STEP_DOWN_DAYS = 28
STARTED = flow("early_help_assessments", "eh_assessment_start_date")
COMPLETED = flow("early_help_assessments", "eh_assessment_completion_date")
EH_REFERRALS = flow("early_help_referrals", "early_help_referral_date")
EPISODES_STARTED = flow("early_help_referrals", "early_help_start_date")
EH_ENDED = flow("early_help_referrals", "early_help_end_date")
SESSIONS = flow("short_breaks", "short_break_start_date", lambda row: row["is_delivered"] != "N")
HELPED, EPISODES = whole("early_help_assessments"), whole("early_help_referrals")


def breaks(history: History, period: Period) -> list[Item]:
    """Delivered short breaks of disabled children that overlap the period, on their first day in it."""
    found = []
    for row in history.rows("short_breaks"):
        if row["is_delivered"] == "N" or history.own_or_persons(row, "has_disability") == "N":
            continue
        start, end, gone = row["short_break_start_date"], row["short_break_end_date"], row["_gone"]
        is_over = (end is not None and end < period.start) or (gone is not None and gone <= period.start)
        if start <= period.end and not is_over:
            found.append(Item(row, max(start, period.start)))
    return found


def stepped_down(history: History, period: Period) -> list[Item]:
    """Early help that starts within 28 days after the child's case in need closed."""
    has_list = history.covers("early_help_referrals", period.start, period.end)
    return [
        item
        for item in (EPISODES_STARTED if has_list else STARTED)(history, period)
        if any(
            row["cin_closure_date"] is not None
            and 0 <= (item.day - row["cin_closure_date"]).days <= STEP_DOWN_DAYS
            for row in history.of_child("children_in_need", item.person)
        )
    ]


def eh_referrals(history: History, period: Period) -> list[Item]:
    """The local list of referrals; where there is none, the assessments started."""
    has_list = bool(history.received.of("early_help_referrals"))
    return (EH_REFERRALS if has_list else STARTED)(history, period)


def eh_covered(history: History, period: Period) -> bool:
    has_list = bool(history.received.of("early_help_referrals"))
    name = "early_help_referrals" if has_list else "early_help_assessments"
    return history.covers(name, period.start, period.end)


def open_episodes(history: History, period: Period) -> list[Item]:
    """Children with an episode of early help open at the period's end, by the one that started first."""
    found: dict[str, Item] = {}
    rows = [row for row in history.rows("early_help_referrals") if row["early_help_start_date"] is not None]
    for row in sorted(rows, key=lambda row: (row["early_help_start_date"], row["early_help_referral_date"])):
        start, end = row["early_help_start_date"], row["early_help_end_date"]
        if start <= period.end and (end is None or end > period.end):
            found.setdefault(row["child_id"], Item(row, period.end))
    return list(found.values())


def is_step_up(row: Row) -> bool:
    """Whether the reason for the end says that social care took over."""
    reason = (row["early_help_end_reason"] or "").lower()
    return any(words in reason for words in ("step up", "stepped up", "social care"))


def down_covered(history: History, period: Period) -> bool:
    """A case that closed in the 28 days before the period counts, so those days are needed too."""
    names = ("early_help_referrals", "early_help_assessments")
    helped = any(history.covers(name, period.start, period.end) for name in names)
    return helped and history.covers("children_in_need", plus_days(period.start, -STEP_DOWN_DAYS), period.end)


KPIS = {
    "eh_referrals_count": Kpi("count", eh_covered, eh_referrals),
    "eh_assessments_started_count": Kpi("count", HELPED, STARTED),
    "eh_assessments_completed_count": Kpi("count", HELPED, COMPLETED),
    "eh_assessment_median_days": Kpi(
        "median",
        HELPED,
        waiting_days(COMPLETED, "eh_assessment_start_date", "eh_assessment_completion_date"),
    ),
    "eh_by_organisation": Kpi(
        "bands", HELPED, STARTED, STARTED, lambda history, item, _: item.row["eh_organisation"]
    ),
    "eh_ended_count": Kpi("count", whole("early_help_referrals"), EH_ENDED),
    "eh_step_down_count": Kpi("children", down_covered, stepped_down),
    "short_breaks_children_count": Kpi("children", whole("short_breaks"), breaks),
    "short_breaks_sessions_count": Kpi("count", whole("short_breaks"), SESSIONS),
    "eh_open_stock": Kpi("children", at_end("early_help_referrals"), open_episodes),
    "eh_step_up_pct": share_of(EH_ENDED, is_step_up, EPISODES),
}
