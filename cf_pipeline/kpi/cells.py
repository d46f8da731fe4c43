"""Members counted into cells: one row a category and period, with value, symbol and reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.kpi.periods import Periods

EMPTY_DENOMINATOR = "There was nothing to measure in the period."
Counts = npt.NDArray[Any]


def counts(
    members: pd.DataFrame,
    periods: Periods,
    categories: pd.Series | None = None,
    names: list[str] | None = None,
) -> Counts:
    """How many members fall in each category (rows, in the order of `names`) and period (columns)."""
    names = ["all"] if names is None else names
    period = members["period"].to_numpy(dtype="int64")
    code = 0 if categories is None else pd.Categorical(categories, names).codes.astype("int64")
    flat = np.bincount(code * len(periods) + period, minlength=len(names) * len(periods))
    return flat.reshape(len(names), len(periods)).astype("float64")


@dataclass(frozen=True)
class Cells:
    """The periods of a KPI with the reasons why some lack it and the notes on others."""

    periods: Periods
    reasons: pd.Series
    notes: pd.Series

    def frame(self, breakdown: str, names: list[str], above: Counts, below: Counts | None) -> pd.DataFrame:
        """One row a category and period.

        Args:
            breakdown: its name.
            names: the categories.
            above: numerators, categories by periods.
            below: denominators of the same shape; None for a count.

        Returns:
            quarter_key, breakdown, category, numerator, denominator, value, symbol, reason. Not
            covered: 'x'; a denominator of 0: 'z'; both without a value.
        """
        reasons = pd.Series(np.tile(self.reasons.to_numpy(dtype=object), len(names)), dtype="str")
        notes = pd.Series(np.tile(self.notes.to_numpy(dtype=object), len(names)), dtype="str")
        covered = reasons.isna().to_numpy()
        numerator = np.where(covered, above.ravel(), np.nan)
        if below is None:
            empty = np.zeros(len(covered), dtype=bool)
            denominator, value = np.full(len(covered), np.nan), numerator
        else:
            denominator = np.where(covered, below.ravel(), np.nan)
            empty = covered & (denominator == 0)
            value = numerator * 100 / np.where(empty, np.nan, denominator)
        none = pd.Series(None, index=reasons.index, dtype="str")
        return pd.DataFrame(
            {
                "quarter_key": np.tile(np.array(self.periods.keys, dtype=object), len(names)),
                "breakdown": breakdown,
                "category": np.repeat(np.array(names, dtype=object), len(self.periods)),
                "numerator": pd.array(numerator, dtype="Float64"),
                "denominator": pd.array(denominator, dtype="Float64"),
                "value": pd.array(value, dtype="Float64"),
                "symbol": none.mask(empty, "z").mask(~covered, "x"),
                "reason": notes.mask(empty, EMPTY_DENOMINATOR).mask(~covered, reasons),
            }
        )
