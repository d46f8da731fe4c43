"""How far our figures are from what was published for the authority itself: the reconciliation.

A warning, never a block: late records and corrections move a figure after it was published, and the published
one is of a census taken once.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.compare.references import OWN, WITHIN


def reconciliation(comparison: pd.DataFrame) -> pd.DataFrame:
    """Our figures of whole years beside the authority's own published ones.

    Args:
        comparison: the rows of `comparisons`.

    Returns:
        kpi_id, year_ending, difference (ours minus published, unrounded) and is_within_rounding, the furthest
        apart first within each of the two.
    """
    rows = comparison[comparison["against"].eq(OWN)]
    is_within = rows["note"].str.startswith(WITHIN).fillna(False).astype(bool)
    found = rows.assign(is_within_rounding=is_within, size=rows["difference"].abs()).sort_values(
        ["is_within_rounding", "size", "kpi_id", "year_ending"],
        ascending=[True, False, True, True],
        ignore_index=True,
    )
    return found[["kpi_id", "year_ending", "difference", "is_within_rounding"]]
