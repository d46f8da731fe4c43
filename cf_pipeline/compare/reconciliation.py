"""The reconciliation: how far our figures are from those published for the authority itself.

It warns and never blocks: late records and corrections move a figure after its publication, and the published
figure comes from a census taken once.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.compare.references import OWN_PUBLISHED, WITHIN_ROUNDING


def reconcile_with_published(comparison: pd.DataFrame) -> pd.DataFrame:
    """The differences of whole years from the authority's own published figures.

    Args:
        comparison: as `kpi_comparisons` returns it.

    Returns:
        kpi_id, year_ending, difference (ours minus published, unrounded) and is_within_rounding. Those beyond
        rounding come first, the largest difference first.
    """
    rows = comparison[comparison["against"].eq(OWN_PUBLISHED)]
    is_within = rows["note"].str.startswith(WITHIN_ROUNDING).fillna(False).astype(bool)
    ordered = rows.assign(is_within_rounding=is_within, size=rows["difference"].abs()).sort_values(
        ["is_within_rounding", "size", "kpi_id", "year_ending"],
        ascending=[True, False, True, True],
        ignore_index=True,
    )
    return ordered[["kpi_id", "year_ending", "difference", "is_within_rounding"]]
