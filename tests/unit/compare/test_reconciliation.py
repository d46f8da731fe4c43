"""The distance from what was published for the authority itself."""

import pandas as pd

from cf_pipeline.compare.reconciliation import reconcile_with_published
from cf_pipeline.compare.references import BEYOND_ROUNDING, WITHIN_ROUNDING


def test_only_the_authoritys_own_figures_the_furthest_apart_first():
    rows = [
        ("a", "own_published", 2019, 0.04, f"{WITHIN_ROUNDING} The national figure differs a little."),
        ("b", "own_published", 2019, -3.0, BEYOND_ROUNDING),
        ("b", "own_published", 2020, 12.0, BEYOND_ROUNDING),
        ("b", "london", 2020, 50.0, None),
    ]
    comparison = pd.DataFrame(rows, columns=["kpi_id", "against", "year_ending", "difference", "note"])
    found = reconcile_with_published(comparison)
    assert found.to_numpy().tolist() == [
        ["b", 2020, 12.0, False],
        ["b", 2019, -3.0, False],
        ["a", 2019, 0.04, True],
    ]
