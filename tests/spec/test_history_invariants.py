"""What never changes a figure of a year: rows that a join doubled."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.second_opinion.comparison import differences, product_cells, product_facts
from tests.second_opinion.counting.deliveries import Delivery
from tests.second_opinion.counting.lists import SOURCE_IDS
from tests.second_opinion.true_year import QUARTER_ENDS, TrueYear, Way

KPIS = (
    "contacts_count",
    "referrals_count",
    "assess_started_count",
    "s47_count",
    "icpc_count",
    "cin_started_count",
    "cpp_stock",
    "cla_stock",
    "cla_visits_in_time_pct",
    "missing_episodes_count",
)
DELIVERIES = TrueYear(Way(QUARTER_ENDS)).deliveries
NUMBERED = sorted(name for name in SOURCE_IDS if name in DELIVERIES[0].lists)
SLOWLY = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def cells(deliveries: list[Delivery]) -> dict:
    return product_cells(product_facts(deliveries, KPIS))


@SLOWLY
@given(draw=st.randoms(use_true_random=False))
def test_a_row_that_a_join_doubled_changes_no_figure(draw) -> None:
    """One number, child and date with another worker, in any list of any delivery (docs/rulings.md#29)."""
    doubled = []
    for delivery in DELIVERIES:
        lists = dict(delivery.lists)
        for name in NUMBERED:
            rows = lists[name]
            again = [row | _other_worker(row) for row in draw.sample(rows, min(4, len(rows)))]
            lists[name] = [*rows, *again]
        doubled.append(replace(delivery, lists=lists))
    assert differences(cells(doubled), cells(DELIVERIES)) == []


def _other_worker(row: dict) -> dict:
    return {"allocated_worker": "another"} if "allocated_worker" in row else {}
