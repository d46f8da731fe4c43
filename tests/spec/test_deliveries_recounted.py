"""Four ways of delivering the same year: nothing is held, and every figure is a plain count of what happened.

The truth is a table of events; each way shows it otherwise (rolling windows or one long extract, whole lists
or newest rows alone), with late entries and corrected dates. The recount reads the truth in plain loops.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.spec.casebook import Delivery, figure, figures
from tests.spec.test_held_deliveries import holds

ENDS = {
    "2019/20 Q1": dt.date(2019, 6, 30),
    "2019/20 Q2": dt.date(2019, 9, 30),
    "2019/20 Q3": dt.date(2019, 12, 31),
}
STARTS = {
    "2019/20 Q1": dt.date(2019, 4, 1),
    "2019/20 Q2": dt.date(2019, 7, 1),
    "2019/20 Q3": dt.date(2019, 10, 1),
}
CHILDREN = range(30)
CORRECTED, LATE = 7, 11
"""Every seventh referral had another date at first; every eleventh was entered after the next delivery."""


def day(number: int, step: int) -> dt.date:
    """Days spread over the year, another for each child and event."""
    return dt.date(2019, 4, 1) + dt.timedelta(days=(number * 37 + step * 91) % 270)


REFERRALS = [(child, day(child, step)) for child in CHILDREN for step in range(2)]
REVIEWS = [(child, day(child, step)) for child in CHILDREN for step in range(3)]
PLANS = [
    (child, dt.date(2019, 2, 1) + dt.timedelta(days=child + 91 * step))
    for child in CHILDREN
    for step in range(4)
]


def referrals_shown(first: dt.date, as_at: dt.date) -> list[dict[str, Any]]:
    """The referrals that a delivery shows: entered by its date, some with the date they had at first."""
    shown = []
    for number, (child, date) in enumerate(REFERRALS):
        known = date + dt.timedelta(days=40 if number % LATE == 0 else 0)
        is_corrected = (as_at - date).days > 60
        told = date if is_corrected or number % CORRECTED else date - dt.timedelta(days=1)
        if first <= told and known <= as_at:
            shown.append({"child_id": str(child), "referral_date": f"{told}", "referral_source": "1A"})
    return shown


def dated(
    name: str, rows: list[tuple[int, dt.date]], first: dt.date, as_at: dt.date, newest: bool
) -> list[Any]:
    """The rows of a window, or each child's newest alone."""
    known = [(child, date) for child, date in rows if (newest or first <= date) and date <= as_at]
    if newest:
        known = list({child: (child, date) for child, date in sorted(known, key=lambda row: row[1])}.values())
    return [{"child_id": str(child), name: f"{date}"} for child, date in known]


def deliveries(is_rolling: bool, newest: bool) -> list[Delivery]:
    as_ats = list(ENDS.values()) if is_rolling else [ENDS["2019/20 Q3"]]
    found = []
    for as_at in as_ats:
        first = dt.date(2019, as_at.month - 5, 1) if is_rolling else dt.date(2018, 10, 1)
        leaver = {"eligibility": "FR", "in_touch": "YES", "latest_contact_date": f"{as_at}"}
        lists = {
            "referrals": referrals_shown(first, as_at),
            "cla_reviews": dated("cla_review_date", REVIEWS, first, as_at, newest),
            "pathway_plans": dated("pathway_plan_review_date", PLANS, first, as_at, newest),
            "care_leavers": [{"child_id": str(child)} | leaver for child in CHILDREN],
        }
        found.append(Delivery(f"{as_at}", lists, f"{first}"))
    return found


@pytest.mark.parametrize("newest", [False, True], ids=["whole lists", "newest rows alone"])
@pytest.mark.parametrize("is_rolling", [True, False], ids=["rolling", "one-off"])
def test_nothing_is_held_and_every_figure_is_a_plain_count(is_rolling: bool, newest: bool) -> None:
    delivered = deliveries(is_rolling, newest)
    assert not holds(*delivered)
    facts = figures(*delivered)
    newest_end = ENDS["2019/20 Q3"]
    for quarter, end in ENDS.items():
        referrals = [date for _, date in entered(newest_end) if STARTS[quarter] <= date <= end]
        assert figure(facts, "referrals_count", quarter) == (len(referrals), None, None)
        children = {child for child, date in entered(newest_end) if STARTS[quarter] <= date <= end}
        assert figure(facts, "referrals_children_count", quarter) == (len(children), None, None)
        if not is_rolling and end != newest_end:
            assert figure(facts, "cl_pathway_plan_uptodate_pct", quarter) == (None, None, "x")
            continue
        newest_plans = {
            child: max(date for other, date in PLANS if other == child and date <= end) for child in CHILDREN
        }
        in_time = sum((end - date).days <= 181 for date in newest_plans.values())
        assert figure(facts, "cl_pathway_plan_uptodate_pct", quarter) == (in_time, len(CHILDREN), None)
        if newest:
            assert figure(facts, "cla_review_participation_pct", quarter)[2] == "x"


def entered(as_at: dt.date) -> list[tuple[int, dt.date]]:
    """The referrals entered by a date, with the date that the newest delivery gives them."""
    found = []
    for number, (child, date) in enumerate(REFERRALS):
        if date + dt.timedelta(days=40 if number % LATE == 0 else 0) <= as_at:
            was_corrected = (as_at - date).days > 60 or number % CORRECTED
            found.append((child, date if was_corrected else date - dt.timedelta(days=1)))
    return found
