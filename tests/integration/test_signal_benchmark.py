"""Councils in which nothing changes are flagged as seldom as chance allows."""

import pandas as pd
import pytest

from benchmarks.signals import BAR, UnchangingCouncils, measure_signals
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.spc.control_limits import control_limits


@pytest.mark.parametrize(("quarters", "seed"), [(12, 1), (20, 2)])
def test_at_most_three_of_a_hundred_kpis_are_flagged_where_nothing_changes(quarters: int, seed: int) -> None:
    table = measure_signals(councils=40, quarters=quarters, seed=seed).set_index("kind")
    assert table.loc["all", "firm"] > 2_000
    assert table.loc["all", "flagged_pct"] <= BAR
    assert table.loc["all", "any_quarter_pct"] <= BAR
    # Each kind by itself: one that is always flagged hides behind the others.
    large = table[table["firm"] >= 100]
    assert large["flagged_pct"].max() <= 2 * BAR, large


@pytest.mark.parametrize("kpi_id", ["contacts_count", "cla_stock", "assess_45wd_pct", "cin_open_stock"])
def test_a_real_change_is_still_flagged(kpi_id: str) -> None:
    registry = load_registry()
    councils = UnchangingCouncils(100, 20, 3)
    rows = councils.figures(registry[kpi_id]).astype({"numerator": "float64", "denominator": "float64"})
    is_large = rows.groupby("authority_code")["denominator" if "pct" in kpi_id else "numerator"].transform(
        "min"
    )
    rows = rows[is_large > 40]
    is_newest = rows["quarter_key"].eq(rows["quarter_key"].max())
    if "pct" in kpi_id:
        part = (rows["denominator"] - rows["numerator"]).where(is_newest, rows["numerator"])
        value = 100 * part / rows["denominator"]
    else:
        part = value = rows["numerator"].where(~is_newest, 3 * rows["numerator"])
    limits = control_limits(rows.assign(numerator=part, value=value), registry)
    newest = limits[limits["quarter_key"].eq(limits["quarter_key"].max()) & limits["status"].eq("firm")]
    flagged = newest["variation"].str.startswith("special")
    assert len(newest) >= 20
    assert pd.Series(flagged).mean() > 0.8
