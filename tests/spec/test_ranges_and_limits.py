"""Ranges of year ends and control limits that can be true, each as a tiny table (docs/rulings.md#36)."""

import pandas as pd
import pytest

from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.forecast.backtest import backtest
from cf_pipeline.forecast.explain import add_explanations
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.spc.control_limits import control_limits
from tests.support.forecast_series import quarterly

REGISTRY = load_registry()
YEARS = 4

RANGES = [
    # KPI, quarters of each of four years before, quarters of this year, out of how many a quarter,
    # model's 80% range, what is said of the pro rata forecast
    ("adopt_count", [3, 2, 1, 0], [3, 2, 1], None, (6, 7), "of 8 (pro rata) lies above the range of 6 to 7"),
    ("adopt_count", [0, 0, 0, 0], [0, 0, 0], None, (0, 1), ""),
    ("adopt_count", [0, 0, 0, 0], [1, 0], None, (1, 2), ""),
    ("missing_episodes_count", [0, 1, 0, 0], [0, 1, 0], None, (1, 2), ""),
    ("contacts_count", [50, 50, 50, 50], [50, 50, 50], None, (191, 211), ""),
    ("contacts_1wd_pct", [0, 0, 0, 0], [0, 0, 0], 10, (0, 2.5), ""),
    ("contacts_1wd_pct", [10, 10, 10, 10], [10, 10, 10], 10, (97.5, 100), ""),
    ("icpc_15wd_pct", [1, 1, 1, 1], [1, 1, 1], 1, (75, 100), ""),
    ("cl_suitable_accom_pct", [26, 26, 26, 26], [26, 26, 26], 26, (100 * 25 / 26, 100), ""),
    ("cla_stock", [0, 0, 0, 0], [0, 0, 0], None, (0, 1), ""),
]


@pytest.mark.parametrize(("kpi_id", "year", "so_far", "whole", "expected", "said"), RANGES)
def test_a_range_before_the_year_is_complete(kpi_id, year, so_far, whole, expected, said):
    tops = year * YEARS + so_far
    bottoms = None if whole is None else [whole] * len(tops)
    is_stock = REGISTRY[kpi_id].forecast_rule.startswith("last_")
    last = f"2019/20 Q{len(so_far)}"
    figures = quarterly(kpi_id, tops, bottoms, stock=is_stock, last=last)
    table = forecast_year_ends(figures, REGISTRY, CouncilChoices("pro_rata"))
    rows = add_explanations(table, backtest(table), REGISTRY)
    newest = rows[rows["fiscal_year"].eq("2019/20") & rows["quarters_used"].eq(len(so_far))]
    by_method = newest.set_index("method")
    model = by_method.loc["model"]
    assert (model["lower_80"], model["upper_80"]) == pytest.approx(expected)
    sentence = by_method.loc["pro_rata", "outside_range"]
    assert said in sentence if said else pd.isna(sentence)


STEADY = [50, 54, 47, 52, 49, 53, 48, 51, 50, 55, 46, 52]
LIMITS = [
    # KPI, quarters, out of how many a quarter, status, whether the newest quarter is flagged
    ("contacts_count", STEADY, None, "firm", False),
    ("contacts_count", [*STEADY, 120], None, "firm", True),
    ("contacts_count", [*STEADY[:10], 120], None, "trial", False),  # eleven quarters
    ("contacts_count", [50, 52, 54] * 4 + [120], None, "firm", True),  # 120 is the fourth value
    ("contacts_count", [50, 52, 54] * 5, None, "trial", False),
    ("contacts_count", [50] * 15, None, "trial", False),
    ("cla_stock", [*range(20, 32), 34], None, "firm", False),  # a stock that grows
    ("cla_stock", [20, 22, 21, 23, 22, 24, 23, 22, 24, 23, 25, 24, 45], None, "firm", True),
    ("assess_45wd_pct", [8, 7, 9, 8, 8, 7, 9, 8, 6, 8, 9, 8, 1], [10] * 13, "too_few", False),
    ("assess_45wd_pct", [80, 75, 82, 79, 81, 77, 83, 80, 78, 82, 79, 80, 55], [100] * 13, "firm", True),
    ("pop_0_17", [655, 668, 640, 655, 690, 668, 640, 655, 690, 668, 640, 655, 900], None, "none", False),
    ("dq_rejected_rows_pct", STEADY, [1000] * 12, "none", False),
    ("contacts_median_days", [655.27] * 15, [1] * 15, "none", False),
]


@pytest.mark.parametrize(("kpi_id", "tops", "bottoms", "status", "is_flagged"), LIMITS)
def test_which_limits_are_firm_and_what_they_flag(kpi_id, tops, bottoms, status, is_flagged):
    is_median = kpi_id.endswith("_days")
    table = control_limits(
        quarterly(kpi_id, tops, bottoms, stock=True, scale=1 if is_median else 100), REGISTRY
    )
    row = table.iloc[-1]
    assert row["status"] == status
    assert str(row["variation"]).startswith("special") == is_flagged
    assert pd.isna(row["lower"]) or row["lower"] < row["upper"]
