"""True deliveries of small councils are not held for their as-at date (docs/rulings.md#23).

A thousand simulated councils of 20 to 400 events in the days covered, spread over the lists of events;
brothers and sisters come on one day; nobody works at weekends and over Christmas, August is quiet, and the
newest events are entered some days late.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cf_pipeline.history.holds.event_gap import LATE_RULE, find_gap_doubts
from cf_pipeline.history.long_extract import EVENT_LISTS

DELIVERIES, SEED = 1_000, 20_190_331
SHARES = {
    "contacts": 0.45,
    "referrals": 0.2,
    "section_47_enquiries": 0.08,
    "early_help_referrals": 0.12,
    "missing_episodes": 0.05,
    "cla_visits": 0.1,
}
SIBLINGS = (0.6, 0.25, 0.1, 0.05)
"""How often one, two, three or four children come together."""
AUGUST, QUIET_MONTH = 8, 0.5


def chance_by_day(days: pd.DatetimeIndex) -> np.ndarray:
    """How likely an event is on each day."""
    weights = np.where(days.day_of_week < 5, 1.0, 0.0)
    weights[(days.month == 12) & (days.day > 23)] = 0.0
    weights[days.month == AUGUST] *= QUIET_MONTH
    return np.asarray(weights / weights.sum())


def simulated_doubts(random: np.random.Generator) -> list[str]:
    """The rules of the doubts about one true delivery."""
    as_at = pd.Timestamp("2019-03-31") + pd.DateOffset(months=3 * int(random.integers(0, 4)))
    as_at += pd.offsets.MonthEnd(0)
    first = as_at - pd.DateOffset(months=int(random.choice([6, 12, 21])))
    days = pd.date_range(first, as_at - pd.Timedelta(days=int(random.integers(0, 8))))
    total, dates = int(random.integers(20, 401)), {}
    for name, share in SHARES.items():
        families = random.poisson(total * share / 1.6)
        chosen = random.choice(days.to_numpy(), size=families, p=chance_by_day(days))
        children = np.repeat(chosen, random.choice([1, 2, 3, 4], size=families, p=SIBLINGS))
        dates[name] = children.astype("datetime64[us]")
    spans = dict.fromkeys(dates, (first, as_at))
    return [doubt.rule for doubt in find_gap_doubts(as_at, spans, dates)]


@pytest.mark.slow
def test_at_most_one_of_a_thousand_true_deliveries_is_held() -> None:
    assert set(SHARES) == set(EVENT_LISTS)
    random = np.random.default_rng(SEED)
    held = sum(LATE_RULE in simulated_doubts(random) for _ in range(DELIVERIES))
    assert held <= 1
