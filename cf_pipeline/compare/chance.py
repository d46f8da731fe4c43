"""Whether chance alone explains the difference between a percentage and a published one.

Exact binomial funnels around the place's percentage, for as many cases as the authority had: inside the 95%
limits the percentage is similar, outside the 99.8% limits chance alone does not explain it. The words stand
in a column of their own (`chance`) and never change the phrase.

Source: Spiegelhalter 2005 (funnel plots); `docs/forecasts.md`, "Control limits".
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cf_pipeline.contracts.authorities import PLACE_NAMES
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.spc.charts import funnel

JUDGED_PLACES = ("london", "region", "england", "neighbours")
INNER_LEVEL, OUTER_LEVEL = 0.95, 0.998
FEWEST_CASES = 5
"""With fewer cases (or other cases) expected at the place's percentage there are too few to judge."""
OUTSIDE = "outside what chance alone would explain"
EDGE = "at the edge of what chance alone would explain"
TOO_FEW = "too few to judge"
KEY = ["authority_code", "quarter_key", "basis", "kpi_id"]


def add_chance(
    comparisons: pd.DataFrame, kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi]
) -> pd.DataFrame:
    """The comparisons with `chance`: words for percentages compared with another place, missing elsewhere.

    Args:
        comparisons: as `kpi_comparisons` returns them.
        kpi_quarterly: the measured KPIs, whose totals give the number of cases.
        registry: the KPIs by id.
    """
    percentages = [kpi.id for kpi in registry.values() if kpi.kind == "percentage"]
    totals = kpi_quarterly.loc[kpi_quarterly["breakdown"].eq("total"), [*KEY, "numerator", "denominator"]]
    sides = (
        comparisons[KEY].merge(totals, on=KEY, how="left", validate="many_to_one").set_axis(comparisons.index)
    )
    is_judged = (
        comparisons["against"].isin(JUDGED_PLACES)
        & comparisons["kpi_id"].isin(percentages)
        & comparisons["reference"].between(0, 100)
        & sides["denominator"].gt(0).fillna(False)
    ).astype("bool")
    chance = pd.Series(None, index=comparisons.index, dtype="str")
    if is_judged.any():
        chance[is_judged] = _chance_wording(comparisons[is_judged], sides[is_judged])
    return comparisons.assign(chance=chance)


def _chance_wording(rows: pd.DataFrame, sides: pd.DataFrame) -> np.ndarray:
    target = rows["reference"].to_numpy(dtype="float64") / 100
    sizes = sides["denominator"].to_numpy(dtype="float64")
    share = sides["numerator"].to_numpy(dtype="float64") / sizes
    inner, outer = (funnel(target, sizes, level) for level in (INNER_LEVEL, OUTER_LEVEL))
    is_few = np.minimum(target, 1 - target) * sizes < FEWEST_CASES
    similar = "similar to " + rows["against"].map(PLACE_NAMES)
    is_outside, is_at_edge = ((share < lower) | (share > upper) for lower, upper in (outer, inner))
    conditions, texts = [is_few, is_outside, is_at_edge], [TOO_FEW, OUTSIDE, EDGE]
    return np.select(conditions, texts, similar.to_numpy(dtype="object"))
