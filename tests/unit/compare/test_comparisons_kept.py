"""Comparisons of a year that an earlier run kept are used while nothing they look at has changed."""

import pandas as pd
import pytest

from cf_pipeline.compare.comparisons import kpi_comparisons
from cf_pipeline.compare.differences import DEFAULT_WORDING_LIMITS, WordingLimits
from cf_pipeline.compare.figures import figures_by_authority
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from tests.support.kept_results import MemoryStore
from tests.unit.compare.compared_figures import CITY, REGISTRY, SHIPPED, facts

PRO_RATA = CouncilChoices("pro_rata")
COUNTS = {"2016/17": 60, "2017/18": 70, "2018/19": 84}
SHARES = {"2016/17": (30, 60), "2017/18": (40, 70), "2018/19": (80, 84)}
ROWS = [
    *[
        (f"{year} Q{number}", basis, "contacts_count", count + number, None)
        for year, count in COUNTS.items()
        for number in range(1, 5)
        for basis in ("quarter", "ytd")
    ],
    *[(f"{year} Q4", "year", "contacts_count", 4 * count, None) for year, count in COUNTS.items()],
    *[(f"{year} Q4", "year", "cpp_2y_plus_pct", *sides) for year, sides in SHARES.items()],
]


def comparisons(rows=ROWS, published=SHIPPED, limits=DEFAULT_WORDING_LIMITS, store=None, factor=1):
    quarterly = facts(rows)
    forecasts = forecast_year_ends(quarterly, REGISTRY, PRO_RATA)
    for name in ("forecast", "forecast_numerator"):
        forecasts[name] *= factor
    kept = {} if store is None else {"store": store}
    return kpi_comparisons(
        figures_by_authority(quarterly, forecasts, REGISTRY), published, limits, None, **kept
    )


def with_total(key, basis, count):
    """The rows with another count of contacts in one period."""
    return [
        (row[0], row[1], row[2], count, None) if row[:3] == (key, basis, "contacts_count") else row
        for row in ROWS
    ]


def with_england(factor):
    """The published figures, those of England changed."""
    is_england = SHIPPED["authority_code"].eq("E92000001")
    return SHIPPED.assign(value=SHIPPED["value"].mask(is_england, SHIPPED["value"] * factor))


def test_what_was_kept_gives_the_same_rows_and_is_not_worked_out_again():
    store = MemoryStore()
    first = comparisons(store=store)
    assert len(first) > 30
    assert store.kept == len(COUNTS)
    pd.testing.assert_frame_equal(comparisons(store=store), first, check_exact=True)
    assert store.kept == len(COUNTS)
    pd.testing.assert_frame_equal(comparisons(), first, check_exact=True)


@pytest.mark.parametrize(
    ("changed", "years"),
    [
        ({"rows": with_total("2018/19 Q4", "quarter", 7)}, 1),
        ({"rows": with_total("2017/18 Q2", "quarter", 7)}, 2),
        ({"rows": with_total("2016/17 Q4", "quarter", 7)}, 2),
        ({"rows": with_total("2016/17 Q4", "year", 7)}, 2),
        ({"rows": [row for row in ROWS if row[0] != "2016/17 Q4"]}, 3),
        ({"factor": 3}, 3),
        ({"published": with_england(0.5)}, 3),
        ({"limits": WordingLimits(similar_pct=1)}, 3),
    ],
)
def test_a_changed_figure_is_noticed_in_its_year_and_in_the_year_after(changed, years):
    store = MemoryStore()
    before = comparisons(store=store)
    store.kept = 0
    found = comparisons(**changed, store=store)
    assert not found.equals(before)
    pd.testing.assert_frame_equal(found, comparisons(**changed), check_exact=True)
    assert store.kept == years


def test_authorities_do_not_share_what_was_kept():
    store = MemoryStore()
    quarterly = facts(ROWS)
    forecasts = forecast_year_ends(quarterly, REGISTRY, PRO_RATA)
    comparisons(store=store)
    other = figures_by_authority(
        quarterly.assign(authority_code="E09000012"), forecasts.assign(authority_code="E09000012"), REGISTRY
    )
    found = kpi_comparisons(other, SHIPPED, store=store)
    assert set(found["authority_code"]) == {"E09000012"} != {CITY}
