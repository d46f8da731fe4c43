"""The rows of a list by delivery: sorted once for all deliveries, not searched for each."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

Positions = npt.NDArray[np.intp]


def rows_by_delivery(rows: pd.DataFrame) -> dict[str, Positions]:
    """Delivery -> the positions of its rows, in their order; a delivery without a row is not in it.

    Args:
        rows: any rows with a delivery_id.
    """
    if rows.empty:
        return {}
    numbers, deliveries = pd.factorize(rows["delivery_id"])
    order = np.argsort(numbers, kind="stable")
    bounds = np.searchsorted(numbers[order], np.arange(len(deliveries) + 1))
    spans = zip(deliveries, pairwise(bounds), strict=True)
    return {str(delivery_id): order[start:end] for delivery_id, (start, end) in spans}
