"""A share beside a published one: whether chance alone would explain the difference.

Exact binomial funnels around the place's share, for as many cases as the authority had: inside the 95% limits
it is similar, outside the 99.8% limits chance alone does not explain it. A word of its own beside the phrase.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.spc.charts import funnel

PLACES = {"london": "London", "england": "England", "neighbours": "the statistical neighbours"}
INNER, OUTER = 0.95, 0.998
FEWEST = 5
"""Cases expected at the place's share (and others), under which there are too few to judge."""
OUTSIDE = "outside what chance alone would explain"
EDGE = "at the edge of what chance alone would explain"
TOO_FEW = "too few to judge"
KEY = ["authority_code", "quarter_key", "basis", "kpi_id"]


def with_chance(
    comparisons: pd.DataFrame, kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi]
) -> pd.DataFrame:
    """The comparisons with `chance`: the words for percentages beside another place's, missing elsewhere.

    Args:
        comparisons: columns of fact_kpi_comparison.
        kpi_quarterly: the measured KPIs, whose totals give the number of cases.
        registry: the KPIs by id.
    """
    shares = [kpi.id for kpi in registry.values() if kpi.kind == "percentage"]
    totals = kpi_quarterly.loc[kpi_quarterly["breakdown"].eq("total"), [*KEY, "numerator", "denominator"]]
    sides = (
        comparisons[KEY].merge(totals, on=KEY, how="left", validate="many_to_one").set_axis(comparisons.index)
    )
    judged = (
        comparisons["against"].isin(list(PLACES))
        & comparisons["kpi_id"].isin(shares)
        & comparisons["reference"].between(0, 100)
        & sides["denominator"].gt(0).fillna(False)
    ).astype("bool")
    words = pd.Series(None, index=comparisons.index, dtype="str")
    if judged.any():
        words[judged] = _words(comparisons[judged], sides[judged])
    return comparisons.assign(chance=words)


def _words(rows: pd.DataFrame, sides: pd.DataFrame) -> np.ndarray:
    target = rows["reference"].to_numpy(dtype="float64") / 100
    sizes = sides["denominator"].to_numpy(dtype="float64")
    share = sides["numerator"].to_numpy(dtype="float64") / sizes
    (low, high), (lowest, highest) = (funnel(target, sizes, level) for level in (INNER, OUTER))
    is_few = np.minimum(target, 1 - target) * sizes < FEWEST
    similar = "similar to " + rows["against"].map(PLACES)
    outside, edge = (share < lowest) | (share > highest), (share < low) | (share > high)
    return np.select([is_few, outside, edge], [TOO_FEW, OUTSIDE, EDGE], similar.to_numpy(dtype="object"))
