"""Symbols in the place of figures that are not shown, as the Government Statistical Service writes them.

Source: Analysis Function, "Symbols in tables: definitions and help" ([c] confidential, [x] not available,
[z] not applicable, [low] rounds to 0, [u] low reliability).
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.outputs.report.places import COUNTS
from cf_pipeline.outputs.report.published_facts import HIDDEN

SYMBOLS = {"c": "[c]", "x": "[x]", "z": "[z]", "k": "[low]", "u": "[u]"}
"""By the symbol that is published."""
NOT_AVAILABLE, NOT_APPLICABLE = SYMBOLS["x"], SYMBOLS["z"]
FIGURES = ("value", "numerator", "denominator")


def figures_or_symbols(figures: pd.DataFrame, kinds: pd.Series) -> pd.DataFrame:
    """The rows with a number or a symbol in each cell of `FIGURES`; of a hidden figure no part is a number.

    A count has no denominator; some figures, such as medians, have no numerator either: both are not
    applicable.

    Args:
        figures: rows of `fact_kpi_quarterly`.
        kinds: the kind of the KPI of each.
    """
    symbols = figures["symbol"].astype(object).map(SYMBOLS)
    is_hidden = figures["symbol"].eq(HIDDEN).fillna(False).astype(bool)
    is_count = kinds.isin(COUNTS)
    value = number_or_symbol(figures["value"].mask(symbols.notna()), symbols.fillna(NOT_AVAILABLE))
    parts = {
        name: number_or_symbol(figures[name].mask(is_hidden), symbols.fillna(NOT_APPLICABLE))
        for name in ("numerator", "denominator")
    }
    parts["denominator"] = parts["denominator"].mask(is_count, NOT_APPLICABLE)
    return figures.assign(value=value, **parts)


def number_or_symbol(numbers: pd.Series, symbol: pd.Series | str) -> pd.Series:
    """The numbers, and where one is missing the symbol."""
    return numbers.astype(object).where(numbers.notna(), symbol)
